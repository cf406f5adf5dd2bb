//! From the text of a credential file to the kind of credential that it holds.
//!
//! google-wire 8.1: the six values of `type`, and no other. A file inside a file (the source of an
//! impersonated account) is read in the same way, and may not be of that kind itself.

use std::path::Path;
use std::sync::Arc;

use crate::adc::authorized_user::AuthorizedUser;
use crate::adc::external_account::ExternalAccount;
use crate::adc::external_user::ExternalUser;
use crate::adc::gdch::GdchAccount;
use crate::adc::impersonated::Impersonated;
use crate::adc::members::Members;
use crate::adc::service_account::KeyAccount;
use crate::adc::source::CredentialKind;
use crate::adc::source::Source;
use crate::error::Error;

/// Reads a file, which is at a path or came as a text.
pub(crate) fn source(bytes: &[u8], path: Option<&Path>) -> Result<Arc<dyn Source>, Error> {
    let file = Members::parse(bytes)?;
    if file.needed("type")? == CredentialKind::ImpersonatedServiceAccount.as_str() {
        return Ok(Arc::new(Impersonated::read(&file, |inner| {
            simple(inner, None)
        })?));
    }
    simple(&file, path)
}

/// The kinds that stand for themselves.
fn simple(file: &Members, path: Option<&Path>) -> Result<Arc<dyn Source>, Error> {
    let kind = file.needed("type")?;
    Ok(match kind.as_str() {
        "service_account" => Arc::new(KeyAccount::read(file)?),
        "authorized_user" => Arc::new(AuthorizedUser::read(file, path)?),
        "external_account" => match ExternalAccount::read(file)? {
            (account, None) => Arc::new(account),
            (account, Some(target)) => Arc::new(Impersonated::new(
                Arc::new(account),
                target,
                CredentialKind::ExternalAccount,
            )),
        },
        "external_account_authorized_user" => Arc::new(ExternalUser::read(file)?),
        "gdch_service_account" => Arc::new(GdchAccount::read(file)?),
        "impersonated_service_account" => {
            let because = "an impersonated account cannot be the source of another: name the \
                           accounts between in delegates";
            return Err(file.fault("type", because));
        }
        _ => {
            let because = "it is none of service_account, authorized_user, external_account, \
                           external_account_authorized_user, impersonated_service_account and \
                           gdch_service_account";
            return Err(file.fault("type", because));
        }
    })
}

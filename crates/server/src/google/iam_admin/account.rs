//! One service account: found by the name that Google's methods give it, and called by it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use carnet_core::record::Project;
use carnet_core::record::ServiceAccount;
use carnet_core::rule::admin::service_account as rule;
use carnet_core::rule::iam::Permission;
use carnet_core::value::Version;

use super::call::ANY;
use super::call::Call;
use super::halt::Halt;

/// The account that is named; one that is deleted is not there.
pub(super) async fn there(
    call: &Call<'_>,
    named: (&str, &str),
    permission: Permission,
) -> Result<(ServiceAccount, Project), Halt> {
    let (account, project) = call.account(named, permission).await?;
    if rule::is_deleted(&account) {
        if named.0 == ANY {
            return Err(super::call::denied(permission.name()).into());
        }
        let name = format!("projects/{}/serviceAccounts/{}", named.0, named.1);
        return Err(super::halt::unknown(format!(
            "Service account {name} does not exist."
        )));
    }
    Ok((account, project))
}

/// Its name.
pub(super) fn name(account: &ServiceAccount) -> String {
    account.resource_name()
}

/// A version as an opaque text.
pub(super) fn etag(version: Version) -> String {
    STANDARD.encode(version.0.to_be_bytes())
}

//! A key file as one of the kinds of Application Default Credentials.
//!
//! google-wire 1.4 and 3.2. In Google's own universe the token endpoint is asked, as
//! [`ServiceAccount`] does. In another universe, or where that is wished, the account signs its tokens
//! itself; an ID token then comes from the IAM Credentials API, which takes such a token.

use std::sync::Arc;

use carnet_wire::google::KeyFile;
use carnet_wire::google::UNIVERSE_DOMAIN;

use crate::adc::iam_credentials::Impersonation;
use crate::adc::members::Members;
use crate::adc::source::Answer;
use crate::adc::source::Asking;
use crate::adc::source::CLOUD_PLATFORM;
use crate::adc::source::Change;
use crate::adc::source::CredentialKind;
use crate::adc::source::Facts;
use crate::adc::source::Source;
use crate::error::Error;
use crate::error::Kind;
use crate::service_account::ServiceAccount;
use crate::token::Token;

/// A service account.
#[derive(Clone, Debug)]
pub(crate) struct KeyAccount {
    account: ServiceAccount,
    facts: Facts,
    self_signed: bool,
    delegated: bool,
}

impl KeyAccount {
    /// Reads the file.
    pub(crate) fn read(members: &Members) -> Result<Self, Error> {
        let file = KeyFile::parse(&members.to_bytes())
            .map_err(|fault| Error::new(Kind::KeyFile(fault)))?;
        let account = ServiceAccount::of(file)?;
        let facts = Facts {
            email: Some(account.email().to_owned()),
            endpoint: Some(account.token_uri().to_owned()),
            ..Facts::of(members)?
        };
        Ok(Self {
            self_signed: facts.universe != UNIVERSE_DOMAIN,
            account,
            facts,
            delegated: false,
        })
    }

    fn here(&self, asking: Asking<'_>) -> ServiceAccount {
        self.account
            .with_transport(asking.outside.transport.clone())
            .with_clock(asking.outside.clock.clone())
    }

    fn scoped(&self, asking: Asking<'_>) -> Result<ServiceAccount, Error> {
        let scopes: Vec<_> = asking.scope.split_whitespace().collect();
        let account = self.here(asking).scoped(&scopes)?;
        if !self.self_signed {
            return Ok(account);
        }
        if self.delegated && self.facts.universe != UNIVERSE_DOMAIN {
            return Err(Error::argument(format!(
                "an account of the universe {} cannot act for users",
                self.facts.universe
            )));
        }
        Ok(account.self_signed_scoped())
    }
}

impl Source for KeyAccount {
    fn kind(&self) -> CredentialKind {
        CredentialKind::ServiceAccount
    }

    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn access<'a>(&'a self, asking: Asking<'a>) -> Answer<'a, Token> {
        Box::pin(async move { self.scoped(asking)?.fetch(asking.tries).await })
    }

    fn identity<'a>(&'a self, audience: &'a str, asking: Asking<'a>) -> Answer<'a, Token> {
        Box::pin(async move {
            if self.facts.universe == UNIVERSE_DOMAIN {
                let account = self.here(asking).id_token(audience);
                return account.fetch(asking.tries).await;
            }
            let own = self.access(asking.scoped(CLOUD_PLATFORM)).await?;
            let target = Impersonation::of(self.account.email())
                .target(&self.facts.service("iamcredentials"))?;
            let request = target.identity_request(audience, &own)?;
            let judge = |response: &_| target.identity(response, asking.now());
            asking.outside.ask(&request, asking.tries, judge).await
        })
    }

    fn changed(&self, change: &Change) -> Option<Arc<dyn Source>> {
        let mut changed = self.clone();
        match change {
            Change::SelfSigned => changed.self_signed = true,
            Change::Subject(email) => {
                changed.account = self.account.with_subject(email);
                changed.delegated = true;
            }
            Change::Audience(_) => return None,
        }
        Some(Arc::new(changed))
    }
}

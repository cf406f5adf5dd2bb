//! A service account that another credential stands in for.
//!
//! google-wire 5.1 and 8.3. First the other credential's own token, for everything (a person's for what they
//! allowed: more cannot be asked for); with it the IAM
//! Credentials API is asked for the account's. The same holds for an external account whose file names
//! a `service_account_impersonation_url`; it is then still called what its file calls it.

use std::sync::Arc;

use crate::adc::iam_credentials::LIFETIME;
use crate::adc::iam_credentials::Target;
use crate::adc::members::Members;
use crate::adc::source::Answer;
use crate::adc::source::Asking;
use crate::adc::source::CLOUD_PLATFORM;
use crate::adc::source::CredentialKind;
use crate::adc::source::Fact;
use crate::adc::source::Facts;
use crate::adc::source::Source;
use crate::error::Error;
use crate::token::Token;

/// The member of the file that names the method of the API.
pub(crate) const URL: &str = "service_account_impersonation_url";

/// A service account.
#[derive(Debug)]
pub(crate) struct Impersonated {
    source: Arc<dyn Source>,
    target: Target,
    /// What the file asks for where the program asks for nothing.
    scope: String,
    kind: CredentialKind,
    facts: Facts,
}

impl Impersonated {
    /// A credential standing in for an account.
    pub(crate) fn new(source: Arc<dyn Source>, target: Target, kind: CredentialKind) -> Self {
        let facts = Facts {
            email: Some(target.email().to_owned()),
            endpoint: Some(target.url().to_owned()),
            ..source.facts().clone()
        };
        Self {
            source,
            target,
            scope: String::new(),
            kind,
            facts,
        }
    }

    /// Reads a file; `source` reads the credential that is in it.
    pub(crate) fn read(
        file: &Members,
        source: impl FnOnce(&Members) -> Result<Arc<dyn Source>, Error>,
    ) -> Result<Self, Error> {
        let inner = file
            .object("source_credentials")?
            .ok_or_else(|| file.fault("source_credentials", "it is missing"))?;
        let target = target(file, file.texts("delegates")?, LIFETIME)?
            .ok_or_else(|| file.fault(URL, "it is missing"))?;
        let kind = CredentialKind::ImpersonatedServiceAccount;
        let mut read = Self::new(source(&inner)?, target, kind);
        read.scope = file.texts("scopes")?.join(" ");
        let said = Facts::of(file)?;
        read.facts.quota_project = said.quota_project;
        if file.has("universe_domain") {
            read.facts.universe = said.universe;
        }
        Ok(read)
    }
}

impl Impersonated {
    /// The other credential's own token.
    fn own<'a>(&'a self, asking: Asking<'a>) -> Answer<'a, Token> {
        let scope = match self.source.kind() {
            CredentialKind::AuthorizedUser => "",
            _ => CLOUD_PLATFORM,
        };
        self.source.access(asking.scoped(scope))
    }
}

/// The account that a file names, if it does.
pub(crate) fn target(
    file: &Members,
    delegates: Vec<String>,
    lifetime: u64,
) -> Result<Option<Target>, Error> {
    let Some(url) = file.url(URL)? else {
        return Ok(None);
    };
    let target = Target::new(url, delegates, lifetime);
    let because = "it does not end in /ACCOUNT:generateAccessToken";
    target.map(Some).ok_or_else(|| file.fault(URL, because))
}

impl Source for Impersonated {
    fn kind(&self) -> CredentialKind {
        self.kind
    }

    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn access<'a>(&'a self, asking: Asking<'a>) -> Answer<'a, Token> {
        Box::pin(async move {
            let own = self.own(asking).await?;
            let scope = match asking.scope {
                "" if !self.scope.is_empty() => &self.scope,
                _ => asking.scope_or_all(),
            };
            let request = self.target.access_request(scope, &own)?;
            let mut outside = asking.outside.clone();
            outside.transport = self.source.transport(asking).await?;
            let judge = |response: &_| self.target.access(response);
            outside.ask(&request, asking.tries, judge).await
        })
    }

    fn identity<'a>(&'a self, audience: &'a str, asking: Asking<'a>) -> Answer<'a, Token> {
        Box::pin(async move {
            let own = self.own(asking).await?;
            let request = self.target.identity_request(audience, &own)?;
            let mut outside = asking.outside.clone();
            outside.transport = self.source.transport(asking).await?;
            let judge = |response: &_| self.target.identity(response, asking.now());
            outside.ask(&request, asking.tries, judge).await
        })
    }

    fn look_up<'a>(&'a self, what: Fact, asking: Asking<'a>) -> Answer<'a, Option<String>> {
        let email = self.facts.email.clone();
        match what {
            Fact::Email => Box::pin(async move { Ok(email) }),
            Fact::Project | Fact::Universe => self.source.look_up(what, asking),
        }
    }
}

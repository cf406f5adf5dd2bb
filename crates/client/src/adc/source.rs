//! What every kind of credential can be asked, and what it needs to answer.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use carnet_wire::google::UNIVERSE_DOMAIN;

use crate::adc::environment::Environment;
use crate::adc::members::Members;
use crate::error::Error;
use crate::retry::Outside;
use crate::retry::Tries;
use crate::token::Token;
use crate::transport::Transport;

/// The scope that opens every Google API, as far as roles allow.
pub(crate) const CLOUD_PLATFORM: &str = "https://www.googleapis.com/auth/cloud-platform";

/// Which kind of credential it is: the member `type` of its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CredentialKind {
    /// A private key of a service account.
    ServiceAccount,
    /// What a person allowed an app: a refresh token.
    AuthorizedUser,
    /// Somebody whom another issuer knows (workload or workforce identity federation).
    ExternalAccount,
    /// A person whom another issuer knows, who signed in with a browser.
    ExternalAccountAuthorizedUser,
    /// A service account that another credential stands in for.
    ImpersonatedServiceAccount,
    /// A service identity of Google Distributed Cloud.
    GdchServiceAccount,
    /// The service account of the machine.
    Metadata,
    /// Another credential with less power.
    Downscoped,
}

impl CredentialKind {
    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ServiceAccount => "service_account",
            Self::AuthorizedUser => "authorized_user",
            Self::ExternalAccount => "external_account",
            Self::ExternalAccountAuthorizedUser => "external_account_authorized_user",
            Self::ImpersonatedServiceAccount => "impersonated_service_account",
            Self::GdchServiceAccount => "gdch_service_account",
            Self::Metadata => "metadata",
            Self::Downscoped => "downscoped",
        }
    }
}

impl fmt::Display for CredentialKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What is known of a credential without asking anybody.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    pub(crate) email: Option<String>,
    pub(crate) project: Option<String>,
    /// The number of the project that a pool is in; its id has to be looked up.
    pub(crate) project_number: Option<String>,
    pub(crate) quota_project: Option<String>,
    pub(crate) universe: String,
    /// Where tokens are asked for.
    pub(crate) endpoint: Option<String>,
}

impl Facts {
    /// What each kind of file may say.
    pub(crate) fn of(file: &Members) -> Result<Self, Error> {
        let universe = file.text("universe_domain")?;
        let universe = universe.unwrap_or_else(|| UNIVERSE_DOMAIN.to_owned());
        // It becomes part of host names.
        let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-');
        if !universe.chars().all(plain) {
            return Err(file.fault("universe_domain", "it is not a domain"));
        }
        Ok(Self {
            email: None,
            project: file.text("project_id")?,
            project_number: None,
            quota_project: file.text("quota_project_id")?,
            universe,
            endpoint: None,
        })
    }

    /// Nothing.
    pub(crate) fn none() -> Self {
        Self {
            email: None,
            project: None,
            project_number: None,
            quota_project: None,
            universe: UNIVERSE_DOMAIN.to_owned(),
            endpoint: None,
        }
    }

    /// The address of one of Google's services in this universe.
    pub(crate) fn service(&self, name: &str) -> String {
        format!("https://{name}.{}", self.universe)
    }
}

/// What a credential works with while it answers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asking<'a> {
    pub(crate) outside: &'a Outside,
    pub(crate) environment: &'a Environment,
    /// Scopes with spaces between, or nothing.
    pub(crate) scope: &'a str,
    pub(crate) tries: Tries,
}

impl<'a> Asking<'a> {
    /// The same for other scopes.
    pub(crate) fn scoped(self, scope: &'a str) -> Self {
        Self { scope, ..self }
    }

    /// The scopes, or the one that opens everything.
    pub(crate) fn scope_or_all(self) -> &'a str {
        match self.scope {
            "" => CLOUD_PLATFORM,
            scope => scope,
        }
    }

    pub(crate) fn now(self) -> i64 {
        self.outside.clock.now()
    }
}

/// What comes, later.
pub(crate) type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// What can be changed about a credential of some kinds.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// It signs its tokens itself.
    SelfSigned,
    /// It acts for this user.
    Subject(String),
    /// It asks for this audience.
    Audience(String),
}

/// A kind of credential.
pub(crate) trait Source: fmt::Debug + Send + Sync {
    /// Which.
    fn kind(&self) -> CredentialKind;

    /// What is known without asking.
    fn facts(&self) -> &Facts;

    /// An access token.
    fn access<'a>(&'a self, asking: Asking<'a>) -> Answer<'a, Token>;

    /// An ID token for an audience. Most kinds cannot.
    fn identity<'a>(&'a self, audience: &'a str, asking: Asking<'a>) -> Answer<'a, Token> {
        let _ = (audience, asking);
        let kind = self.kind();
        Box::pin(async move {
            Err(Error::argument(format!(
                "a credential of the kind {kind} gets no ID token: let it impersonate a service \
                 account, which does"
            )))
        })
    }

    /// The only audience of its ID tokens, where there is but one.
    fn audience(&self) -> Option<&str> {
        None
    }

    /// The same, changed; nothing where this kind cannot.
    fn changed(&self, change: &Change) -> Option<Arc<dyn Source>> {
        let _ = change;
        None
    }

    /// Something about itself that has to be asked for.
    fn look_up<'a>(&'a self, what: Fact, asking: Asking<'a>) -> Answer<'a, Option<String>> {
        let _ = asking;
        let facts = self.facts();
        let known = match what {
            Fact::Email => facts.email.clone(),
            Fact::Project => facts.project.clone(),
            Fact::Universe => Some(facts.universe.clone()),
        };
        Box::pin(async move { Ok(known) })
    }

    /// How its requests leave, where they leave in a way of their own.
    fn transport<'a>(&'a self, asking: Asking<'a>) -> Answer<'a, Transport> {
        Box::pin(async move { Ok(asking.outside.transport.clone()) })
    }
}

/// What can be looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fact {
    Email,
    Project,
    Universe,
}

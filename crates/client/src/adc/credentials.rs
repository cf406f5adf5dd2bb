//! Whatever the machine, the file or the environment offers to sign in with, as one type.
//!
//! google-wire 8. [`Credentials::find`] looks where Google's libraries look. What was found is told what it
//! is wanted for (`scoped`, `id_token`, `with_subject`, …); each such value has a token of its own, kept
//! and renewed as [`crate::ServiceAccount`]'s is, and clones share it.
//!
//! ```no_run
//! use carnet_client::Credentials;
//!
//! # async fn example() -> Result<(), carnet_client::Error> {
//! let credentials = Credentials::find().await?.scoped(&["invoices.read"])?;
//! let mut request = http::Request::new(());
//! request.headers_mut().extend(credentials.headers().await?);
//! # Ok(())
//! # }
//! ```

use std::fmt;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use carnet_wire::scope::Scope;
use http::HeaderMap;
use http::HeaderName;
use http::HeaderValue;
use http::header::AUTHORIZATION;

use crate::adc;
use crate::adc::boundary::AccessBoundary;
use crate::adc::boundary::Downscoped;
use crate::adc::environment::Environment;
use crate::adc::iam_credentials::Impersonation;
use crate::adc::impersonated::Impersonated;
use crate::adc::metadata_server::MetadataServer;
use crate::adc::project;
use crate::adc::reading;
use crate::adc::source::Asking;
use crate::adc::source::Change;
use crate::adc::source::CredentialKind;
use crate::adc::source::Fact;
use crate::adc::source::Source;
use crate::clock::Clock;
use crate::error::Error;
use crate::error::Kind;
use crate::retry::Outside;
use crate::retry::Tries;
use crate::token::Token;
use crate::token_cache::TokenCache;
use crate::transport::Transport;

/// The header that says which project pays (google-wire 8.5).
const USER_PROJECT: HeaderName = HeaderName::from_static("x-goog-user-project");

/// A credential of any kind, and what is asked of it.
#[derive(Clone)]
pub struct Credentials {
    source: Arc<dyn Source>,
    origin: Origin,
    wanted: Arc<Wanted>,
    quota_project: Option<String>,
    environment: Environment,
    outside: Outside,
    cache: Arc<TokenCache>,
}

/// Where a credential was found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// The program gave the text.
    Given,
    /// The program named the file.
    File(PathBuf),
    /// `GOOGLE_APPLICATION_CREDENTIALS` names the file.
    Environment(PathBuf),
    /// It is the file at gcloud's well-known place.
    WellKnown(PathBuf),
    /// The metadata server at this address has it.
    Metadata(String),
}

/// What the token shall be.
#[derive(Clone, Debug, Default)]
struct Wanted {
    scope: Scope,
    /// The audience, where an ID token is wanted.
    identity: Option<String>,
}

impl Credentials {
    /// Looks where Google's libraries look, in their order: the file that `GOOGLE_APPLICATION_CREDENTIALS`
    /// names, the file at gcloud's place, the metadata server of the machine. Where there is no
    /// metadata server this takes at most a second and a half.
    pub async fn find() -> Result<Self, Error> {
        Self::find_in(Environment::process(), Outside::new()?).await
    }

    pub(crate) async fn find_in(environment: Environment, outside: Outside) -> Result<Self, Error> {
        let variable = |name: &str| environment.variable(name);
        if let Some(path) = adc::named_by(variable) {
            let source = read(&path)?;
            return Ok(Self::of(
                source,
                Origin::Environment(path),
                environment,
                outside,
            ));
        }
        let places = adc::well_known_by(variable);
        if let Some(path) = places.iter().find(|path| path.is_file()) {
            let origin = Origin::WellKnown(path.clone());
            return Ok(Self::of(read(path)?, origin, environment, outside));
        }
        match MetadataServer::find(&environment, &outside.transport).await? {
            Some(server) => Ok(Self::of_server(server, environment, outside)),
            None => Err(adc::nothing(&places, "no metadata server answers")),
        }
    }

    /// Reads a credential file of any kind.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let origin = Origin::File(path.to_owned());
        let (environment, outside) = (Environment::process(), Outside::new()?);
        Ok(Self::of(read(path)?, origin, environment, outside))
    }

    /// Reads the text of a credential file of any kind. Whoever wrote it decides where requests go, so take
    /// it from nobody whom you do not trust.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let source = reading::source(text.as_bytes(), None)?;
        let (environment, outside) = (Environment::process(), Outside::new()?);
        Ok(Self::of(source, Origin::Given, environment, outside))
    }

    /// The service account of a machine, from the metadata server at a host such as
    /// `metadata.google.internal` or `127.0.0.1:8091`.
    pub fn from_metadata_server(host: &str) -> Result<Self, Error> {
        let server = MetadataServer::at(host)?;
        Ok(Self::of_server(
            server,
            Environment::process(),
            Outside::new()?,
        ))
    }

    fn of_server(server: MetadataServer, environment: Environment, outside: Outside) -> Self {
        let origin = Origin::Metadata(server.host().to_owned());
        Self::of(Arc::new(server), origin, environment, outside)
    }

    pub(crate) fn of(
        source: Arc<dyn Source>,
        origin: Origin,
        environment: Environment,
        outside: Outside,
    ) -> Self {
        let named = environment.text("GOOGLE_CLOUD_QUOTA_PROJECT");
        Self {
            quota_project: named.or_else(|| source.facts().quota_project.clone()),
            source,
            origin,
            wanted: Arc::default(),
            environment,
            outside,
            cache: Arc::new(TokenCache::new()),
        }
    }

    /// The same credential asking for an access token with these scopes. Where none are asked for, a
    /// service account's key file gives no token, a person's what they allowed, a machine's what it was
    /// given, and the other kinds ask for `https://www.googleapis.com/auth/cloud-platform`.
    pub fn scoped(&self, scopes: &[&str]) -> Result<Self, Error> {
        let scope = Scope::parse(&scopes.join(" "))
            .map_err(|fault| Error::argument(format!("the scopes cannot be sent: {fault}")))?;
        let identity = None;
        Ok(self.wanting(Wanted { scope, identity }))
    }

    /// The same credential asking for an ID token for an audience. A person's is for their app alone;
    /// an external account gets one where its file names a service account to impersonate.
    #[must_use]
    pub fn id_token(&self, audience: &str) -> Self {
        self.wanting(Wanted {
            scope: self.wanted.scope.clone(),
            identity: Some(audience.to_owned()),
        })
    }

    /// The same service account acting for a user, who (or whose administrator) delegated it.
    pub fn with_subject(&self, email: &str) -> Result<Self, Error> {
        self.changed(&Change::Subject(email.to_owned()), "acts for a user")
    }

    /// The same service account signing its access tokens itself, without a token endpoint.
    pub fn self_signed(&self) -> Result<Self, Error> {
        self.changed(&Change::SelfSigned, "signs its tokens itself")
    }

    /// The same service identity of Google Distributed Cloud asking for this audience.
    pub fn for_audience(&self, audience: &str) -> Result<Self, Error> {
        let change = Change::Audience(audience.to_owned());
        self.changed(&change, "asks for access tokens for an audience")
    }

    fn changed(&self, change: &Change, what: &str) -> Result<Self, Error> {
        let kind = self.kind();
        let changed = self.source.changed(change);
        let source = changed
            .ok_or_else(|| Error::argument(format!("no credential of the kind {kind} {what}")))?;
        Ok(self.sourced(source))
    }

    /// A service account that this credential stands in for (it needs the right to create tokens for it).
    pub fn impersonating(&self, impersonation: &Impersonation) -> Result<Self, Error> {
        let google = self.source.facts().service("iamcredentials");
        let target = impersonation.target(&google)?;
        let kind = CredentialKind::ImpersonatedServiceAccount;
        let source = Impersonated::new(Arc::clone(&self.source), target, kind);
        Ok(self.sourced(Arc::new(source)))
    }

    /// The same credential with less power.
    pub fn downscoped(&self, boundary: &AccessBoundary) -> Result<Self, Error> {
        let source = Downscoped::new(Arc::clone(&self.source), boundary)?;
        Ok(self.sourced(Arc::new(source)))
    }

    /// The same credential with another project that pays. By default it is what
    /// `GOOGLE_CLOUD_QUOTA_PROJECT` or the file says.
    #[must_use]
    pub fn with_quota_project(&self, project: &str) -> Self {
        Self {
            quota_project: Some(project.to_owned()),
            ..self.clone()
        }
    }

    /// The same credential sending through another transport. What needs a connection of its own (a client
    /// certificate, another authority, no proxy) is then left to that transport.
    #[must_use]
    pub fn with_transport(&self, transport: Transport) -> Self {
        let clock = self.outside.clock.clone();
        self.living(Outside { transport, clock })
    }

    /// The same credential living by another clock.
    #[must_use]
    pub fn with_clock(&self, clock: Clock) -> Self {
        let transport = self.outside.transport.clone();
        self.living(Outside { transport, clock })
    }

    fn wanting(&self, wanted: Wanted) -> Self {
        Self {
            wanted: Arc::new(wanted),
            cache: Arc::new(TokenCache::new()),
            ..self.clone()
        }
    }

    fn sourced(&self, source: Arc<dyn Source>) -> Self {
        Self {
            source,
            cache: Arc::new(TokenCache::new()),
            ..self.clone()
        }
    }

    fn living(&self, outside: Outside) -> Self {
        Self {
            outside,
            cache: Arc::new(TokenCache::new()),
            ..self.clone()
        }
    }

    /// Which kind it is.
    pub fn kind(&self) -> CredentialKind {
        self.source.kind()
    }

    /// Where it was found.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Where tokens are asked for.
    pub fn endpoint(&self) -> Option<&str> {
        self.source.facts().endpoint.as_deref()
    }

    /// The only audience of its ID tokens, where there is but one: a person's app.
    pub fn audience(&self) -> Option<&str> {
        self.source.audience()
    }

    /// The project that pays, where one is named.
    pub fn quota_project(&self) -> Option<&str> {
        self.quota_project.as_deref()
    }

    /// The address of the service account or person, where it is known. A machine's is asked for.
    pub async fn email(&self) -> Result<Option<String>, Error> {
        self.look_up(Fact::Email).await
    }

    /// The domain under which the cloud's services are: `googleapis.com` is Google's own.
    pub async fn universe_domain(&self) -> Result<String, Error> {
        let found = self.look_up(Fact::Universe).await?;
        Ok(found.unwrap_or_else(|| self.source.facts().universe.clone()))
    }

    /// The project that the program works in: what `GOOGLE_CLOUD_PROJECT` or `GCLOUD_PROJECT` says, else
    /// what the file or the machine says. That of an external account is looked up by its number, at
    /// Google's Resource Manager; where that says no, the project is not known.
    pub async fn project_id(&self) -> Result<Option<String>, Error> {
        let variables = ["GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT"];
        let named = variables
            .iter()
            .find_map(|name| self.environment.text(name));
        if named.is_some() {
            return Ok(named);
        }
        let facts = self.source.facts();
        match (self.look_up(Fact::Project).await?, &facts.project_number) {
            (Some(project), _) => Ok(Some(project)),
            (None, None) => Ok(None),
            (None, Some(number)) => {
                let token = self.source.access(self.asking(Tries::Three)).await?;
                project::look_up(
                    &facts.service("cloudresourcemanager"),
                    number,
                    &token,
                    &self.outside,
                )
                .await
            }
        }
    }

    async fn look_up(&self, what: Fact) -> Result<Option<String>, Error> {
        self.source.look_up(what, self.asking(Tries::Three)).await
    }

    fn asking(&self, tries: Tries) -> Asking<'_> {
        Asking {
            outside: &self.outside,
            environment: &self.environment,
            scope: self.wanted.scope.as_str(),
            tries,
        }
    }

    /// The token: the one that is kept, or a new one.
    pub async fn token(&self) -> Result<Token, Error> {
        let fetch = |tries| {
            let asking = self.asking(tries);
            match &self.wanted.identity {
                Some(audience) => self.source.identity(audience, asking),
                None => self.source.access(asking),
            }
        };
        self.cache.token(&self.outside.clock, fetch).await
    }

    /// The headers of a request to an API: `Authorization`, and `x-goog-user-project` where a project
    /// pays.
    pub async fn headers(&self) -> Result<HeaderMap, Error> {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, self.token().await?.authorization());
        if let Some(project) = &self.quota_project {
            let project = HeaderValue::try_from(project)
                .map_err(|_| Error::argument("the quota project cannot be sent in a header"))?;
            headers.insert(USER_PROJECT, project);
        }
        Ok(headers)
    }

    /// Tells that an API refused a token before its time. The next [`Credentials::token`] gets another,
    /// unless somebody fetched one meanwhile.
    pub fn forget(&self, refused: &Token) {
        self.cache.forget(refused);
    }
}

fn read(path: &Path) -> Result<Arc<dyn Source>, Error> {
    reading::source(&adc::read(path)?, Some(path)).map_err(|error| {
        let path = path.to_owned();
        Error::new(Kind::In { path, error })
    })
}

/// Without secrets.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("source", &self.source)
            .field("origin", &self.origin)
            .field("wanted", &self.wanted)
            .field("quota_project", &self.quota_project)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

//! A service account: a key file, and what is wanted of it.
//!
//! google-wire 1.1 (the file), 2 (the grant), 3 (self-signed), 8 (where files are). An account is
//! read once; `scoped`, `with_subject`, `id_token`, `self_signed_for` and `self_signed_scoped` give
//! values that share its key and its connections, each with a token of its own. Clones share the
//! token too.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use carnet_wire::google::KeyFile;
use carnet_wire::scope::Scope;
use http::Request;
use zeroize::Zeroizing;

use crate::adc;
use crate::clock::Clock;
use crate::error::Error;
use crate::error::Kind;
use crate::jwt_bearer;
use crate::jwt_bearer::Ask;
use crate::jwt_bearer::Assertion;
use crate::retry::Outside;
use crate::retry::Tries;
use crate::self_signed;
use crate::self_signed::Opens;
use crate::signing_key::SigningKey;
use crate::token::Token;
use crate::token_cache::TokenCache;
use crate::transport::Transport;

/// A service account, and what is asked of it.
#[derive(Clone)]
pub struct ServiceAccount {
    account: Arc<Account>,
    wanted: Arc<Wanted>,
    outside: Outside,
    cache: Arc<TokenCache>,
}

/// What the key file says.
struct Account {
    email: String,
    client_id: String,
    project_id: String,
    token_uri: String,
    key: SigningKey,
}

/// What the token shall be.
#[derive(Clone, Debug, Default)]
struct Wanted {
    scope: Scope,
    subject: Option<String>,
    form: Form,
}

#[derive(Clone, Debug, Default)]
enum Form {
    #[default]
    Access,
    Id(String),
    SelfSignedFor(String),
    SelfSignedScoped,
}

impl ServiceAccount {
    /// Reads a key file.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        Self::from_bytes(&adc::read(path)?).map_err(|error| {
            let path = path.to_owned();
            Error::new(Kind::In { path, error })
        })
    }

    /// Reads the text of a key file.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        Self::from_bytes(text.as_bytes())
    }

    /// Reads the key file that the environment variable `GOOGLE_APPLICATION_CREDENTIALS` names.
    /// This and [`ServiceAccount::application_default`] are the only ways in which this crate looks
    /// at the environment by itself.
    pub fn from_env() -> Result<Self, Error> {
        match adc::named_by_environment() {
            Some(path) => Self::from_file(path),
            None => Err(Error::new(Kind::NoCredential(format!(
                "the environment variable {} is not set",
                adc::CREDENTIALS
            )))),
        }
    }

    /// Reads the key file at gcloud's well-known place, [`adc::well_known`].
    pub fn well_known() -> Result<Self, Error> {
        Self::from_file(adc::first_there(&adc::well_known())?)
    }

    /// Reads the key file that the environment names, else the one at the well-known place.
    pub fn application_default() -> Result<Self, Error> {
        match adc::named_by_environment() {
            Some(path) => Self::from_file(path),
            None => Self::well_known(),
        }
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        Self::of(KeyFile::parse(bytes).map_err(|fault| Error::new(Kind::KeyFile(fault)))?)
    }

    /// The account of a key file that was read.
    pub(crate) fn of(file: KeyFile) -> Result<Self, Error> {
        let private_key = Zeroizing::new(file.private_key);
        let key = SigningKey::from_pem(&private_key, &file.private_key_id)?;
        jwt_bearer::endpoint(&file.token_uri)?;
        Ok(Self {
            account: Arc::new(Account {
                email: file.client_email,
                client_id: file.client_id,
                project_id: file.project_id,
                token_uri: file.token_uri,
                key,
            }),
            wanted: Arc::default(),
            outside: Outside::new()?,
            cache: Arc::new(TokenCache::new()),
        })
    }

    /// The same account asking for an access token with these scopes.
    pub fn scoped(&self, scopes: &[&str]) -> Result<Self, Error> {
        let scope = Scope::parse(&scopes.join(" "))
            .map_err(|fault| Error::argument(format!("the scopes cannot be sent: {fault}")))?;
        Ok(self.wanting(|wanted| {
            wanted.scope = scope;
            wanted.form = Form::Access;
        }))
    }

    /// The same account asking on behalf of a user, who (or whose administrator) delegated it.
    #[must_use]
    pub fn with_subject(&self, email: &str) -> Self {
        self.wanting(|wanted| wanted.subject = Some(email.to_owned()))
    }

    /// The same account asking for an ID token for an audience.
    #[must_use]
    pub fn id_token(&self, audience: &str) -> Self {
        self.wanting(|wanted| wanted.form = Form::Id(audience.to_owned()))
    }

    /// The same account signing tokens for an API itself; the audience is the API's root address,
    /// such as `https://api.example/`.
    #[must_use]
    pub fn self_signed_for(&self, audience: &str) -> Self {
        self.wanting(|wanted| wanted.form = Form::SelfSignedFor(audience.to_owned()))
    }

    /// The same account signing tokens for its scopes itself; call [`ServiceAccount::scoped`]
    /// before.
    #[must_use]
    pub fn self_signed_scoped(&self) -> Self {
        self.wanting(|wanted| wanted.form = Form::SelfSignedScoped)
    }

    /// The same account sending through another transport.
    #[must_use]
    pub fn with_transport(&self, transport: Transport) -> Self {
        let clock = self.outside.clock.clone();
        self.living(Outside { transport, clock })
    }

    /// The same account living by another clock.
    #[must_use]
    pub fn with_clock(&self, clock: Clock) -> Self {
        let transport = self.outside.transport.clone();
        self.living(Outside { transport, clock })
    }

    fn wanting(&self, change: impl FnOnce(&mut Wanted)) -> Self {
        let mut wanted = (*self.wanted).clone();
        change(&mut wanted);
        Self {
            wanted: Arc::new(wanted),
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

    /// The edges, for others in this crate that act as this account.
    pub(crate) fn outside(&self) -> Outside {
        self.outside.clone()
    }

    /// The account's address.
    pub fn email(&self) -> &str {
        &self.account.email
    }

    /// The account's number, which delegations name.
    pub fn client_id(&self) -> &str {
        &self.account.client_id
    }

    /// The project's id.
    pub fn project_id(&self) -> &str {
        &self.account.project_id
    }

    /// The key's id.
    pub fn key_id(&self) -> &str {
        self.account.key.key_id()
    }

    /// Where tokens are asked for.
    pub fn token_uri(&self) -> &str {
        &self.account.token_uri
    }

    /// The token: the one that is kept, or a new one.
    pub async fn token(&self) -> Result<Token, Error> {
        let fetch = |tries| self.fetch(tries);
        self.cache.token(&self.outside.clock, fetch).await
    }

    /// Tells that an API refused a token before its time. The next [`ServiceAccount::token`] gets
    /// another, unless somebody fetched one meanwhile.
    pub fn forget(&self, refused: &Token) {
        self.cache.forget(refused);
    }

    /// A new token, which is not kept.
    pub(crate) async fn fetch(&self, tries: Tries) -> Result<Token, Error> {
        let now = self.outside.clock.now();
        let account = &*self.account;
        let opens = match &self.wanted.form {
            Form::Access => {
                let request = self.request(Ask::Scope(self.scope()?), now)?;
                return self.exchange(&request, tries).await;
            }
            Form::Id(audience) => {
                let request = self.request(Ask::TargetAudience(audience), now)?;
                return self.exchange(&request, tries).await;
            }
            Form::SelfSignedFor(audience) => Opens::Audience(audience),
            Form::SelfSignedScoped => Opens::Scope(self.scope()?),
        };
        if self.wanted.subject.is_some() {
            return Err(Error::argument(
                "an account cannot sign for a user by itself: drop the subject, or ask for an \
                 access token",
            ));
        }
        self_signed::token(&account.email, opens, &account.key, now)
    }

    fn request(&self, ask: Ask<'_>, now: i64) -> Result<Request<Vec<u8>>, Error> {
        let Account {
            email,
            token_uri,
            key,
            ..
        } = &*self.account;
        let assertion = Assertion {
            issuer: email,
            audience: token_uri,
            subject: self.wanted.subject.as_deref(),
            ask,
            now,
        };
        jwt_bearer::request(token_uri, &assertion, key)
    }

    async fn exchange(&self, request: &Request<Vec<u8>>, tries: Tries) -> Result<Token, Error> {
        let Outside { clock, .. } = &self.outside;
        let judge =
            |response: &_| jwt_bearer::process(response, &self.account.token_uri, clock.now());
        self.outside.ask(request, tries, judge).await
    }

    fn scope(&self) -> Result<&str, Error> {
        match self.wanted.scope.as_str() {
            "" => Err(Error::argument(
                "no scope was asked for: call scoped with at least one",
            )),
            scope => Ok(scope),
        }
    }
}

/// Without the key.
impl fmt::Debug for ServiceAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceAccount")
            .field("email", &self.account.email)
            .field("key_id", &self.key_id())
            .field("wanted", &self.wanted)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

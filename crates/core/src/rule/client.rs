//! Whether a client is who it says it is (RFC 6749 section 2.3).
//!
//! 1. Only the method that is registered works: a secret in the form is worth nothing to a client
//!    that registered the header.
//! 2. What was presented is compared with every secret of the client, in constant time; where there
//!    is no such client it is compared all the same.
//! 3. Unknown client, wrong method, wrong secret, expired secret, a client or project out of service:
//!    one text (CRN-1401). Which of them it was stands in the story, for the owner.
//! 4. An assertion is held against the client's keys (`client/assertion.rs`) and spent with the authentication:
//!    that is a change, which must be committed before anything is told.
//! 5. A certificate came before the request did; it is held against the name or the keys of the client
//!    (`client/certificate.rs`).
//! 6. A public client says its `client_id` and proves nothing. Whoever needs more asks
//!    [`Authenticated::is_confidential`].
//! 7. What it may do then, its record says: [`Authenticated::may`].
//! 8. It goes on with the key that the request showed ([`crate::rule::possession`]): what it gets is bound
//!    to that key.

mod assertion;

pub(in crate::rule) use assertion::signed;
mod certificate;

use std::sync::Arc;

use carnet_jose::JwkSet;
use carnet_wire::crn::Crn;

use crate::record::Api;
use crate::record::Binding;
use crate::record::ClientAuthentication;
use crate::record::ClientKeys;
use crate::record::ClientSecret;
use crate::record::ClientState;
use crate::record::GrantType;
use crate::record::ProjectState;
use crate::rule::Refusal;
use crate::rule::Verdict;
use crate::rule::token::AccessClaims;
use crate::store::Catalog;
use crate::store::Change;
use crate::store::ClientSnapshot;
use crate::store::Fault;
use crate::store::ProjectSnapshot;
use crate::store::Snapshots;
use crate::value::ClientId;
use crate::value::Secret;
use crate::value::SecretDigest;
use crate::value::SecretId;
use crate::value::UnixTime;
use crate::value::WebPage;

use assertion::Against;
pub use assertion::subject;
pub use certificate::Shown;

/// What a request says of the client that sent it.
#[derive(Clone, Debug)]
pub struct Presented {
    /// The `client_id`, as it came.
    pub id: String,
    /// How it means to prove that.
    pub proof: Proof,
    /// The certificate with which it came, if any.
    pub certificate: Option<Shown>,
}

/// How a client means to prove itself.
#[derive(Clone, Debug)]
pub enum Proof {
    /// Not at all (`none`).
    Nothing,
    /// A secret in the header (`client_secret_basic`).
    Basic(Secret),
    /// A secret in the form (`client_secret_post`).
    Post(Secret),
    /// A JWT under a key (`private_key_jwt`) or under a secret (`client_secret_jwt`), as is registered.
    Assertion(String),
}

impl Proof {
    /// Which method it is, of a client that registered this one.
    const fn method(&self, registered: ClientAuthentication) -> ClientAuthentication {
        match (self, registered) {
            // The proof came before HTTP did (RFC 8705 section 2).
            (Self::Nothing, _) if registered.takes_a_certificate() => registered,
            (Self::Nothing, _) => ClientAuthentication::None,
            (Self::Basic(_), _) => ClientAuthentication::SecretBasic,
            (Self::Post(_), _) => ClientAuthentication::SecretPost,
            (Self::Assertion(_), ClientAuthentication::SecretJwt) => registered,
            (Self::Assertion(_), _) => ClientAuthentication::PrivateKeyJwt,
        }
    }

    fn digest(&self) -> SecretDigest {
        match self {
            Self::Nothing | Self::Assertion(_) => Secret::new(String::new()).digest(),
            Self::Basic(secret) | Self::Post(secret) => secret.digest(),
        }
    }
}

/// When and where a client proves itself.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    /// When.
    pub now: UnixTime,
    /// At whose endpoint: the issuer, by which an assertion names us.
    pub issuer: &'a str,
}

/// All that the decision rests on.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    client: Option<(Arc<ClientSnapshot>, Arc<ProjectSnapshot>)>,
    opened: Vec<Opened>,
    fetched: Option<Fetched>,
}

/// The keys of a client that has them elsewhere.
#[derive(Clone, Debug, Default)]
pub struct Fetched {
    /// The keys, as many as are known.
    pub keys: Arc<JwkSet>,
    /// Why there are not more or newer ones, for the owner to read.
    pub fault: Option<String>,
}

/// A secret whose text was unsealed, for an assertion under it.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Which one.
    pub id: SecretId,
    /// Its text.
    pub text: Secret,
}

impl Facts {
    /// The secrets whose texts are needed. Whoever can unseals them, and adds them
    /// ([`Facts::with_opened`]).
    #[must_use]
    pub fn sealed(&self) -> &[ClientSecret] {
        match &self.client {
            Some((client, _)) if client.client.authentication.needs_the_text() => &client.secrets,
            _ => &[],
        }
    }

    /// Where the keys are by which the client proves itself, if they must be fetched. Whoever can fetches
    /// them, and adds them ([`Facts::with_fetched`]).
    #[must_use]
    pub fn keys_elsewhere(&self) -> Option<&WebPage> {
        let (client, _) = self.client.as_ref()?;
        let record = &client.client;
        let keys = record.credentials.keys.as_ref();
        keys.filter(|_| record.authentication.takes_keys())?
            .elsewhere()
    }

    /// With keys that were fetched.
    #[must_use]
    pub fn with_fetched(self, fetched: Fetched) -> Self {
        Self {
            fetched: Some(fetched),
            ..self
        }
    }

    /// With the texts of secrets.
    #[must_use]
    pub fn with_opened(self, opened: Vec<Opened>) -> Self {
        Self { opened, ..self }
    }
}

/// A client that authenticated by the method that it registered, and is in service. Nothing else
/// makes one.
#[derive(Clone, Debug)]
pub struct Authenticated {
    client: Arc<ClientSnapshot>,
    project: Arc<ProjectSnapshot>,
    secret: Option<SecretId>,
    binding: Option<Binding>,
}

impl Authenticated {
    /// The client.
    #[must_use]
    pub fn client(&self) -> &crate::record::Client {
        &self.client.client
    }

    /// Its project, with the policies of its organization.
    #[must_use]
    pub fn project(&self) -> &ProjectSnapshot {
        &self.project
    }

    /// The copies that it was held against.
    pub(crate) const fn snapshots(&self) -> (&Arc<ClientSnapshot>, &Arc<ProjectSnapshot>) {
        (&self.client, &self.project)
    }

    /// The secret by which it proved itself, if by one.
    #[must_use]
    pub const fn secret(&self) -> Option<SecretId> {
        self.secret
    }

    /// The same with the key that the request showed.
    #[must_use]
    pub fn holding(mut self, binding: Option<Binding>) -> Self {
        self.binding = binding;
        self
    }

    /// The key that the request showed: access tokens are bound to it.
    #[must_use]
    pub const fn binding(&self) -> Option<&Binding> {
        self.binding.as_ref()
    }

    /// Whether it is registered for this grant (RFC 6749 section 5.2, `unauthorized_client`).
    pub fn may(&self, grant: GrantType) -> Result<(), Refusal> {
        if self.client().grants.contains(&grant) {
            return Ok(());
        }
        let detail = format!("this client is not registered for {}.", grant.as_str());
        Err(self.tell(Refusal::new(Crn::CLIENT_GRANT_NOT_ALLOWED, detail)))
    }

    /// Whether it may revoke what was issued to this client (RFC 7009 section 2.1).
    pub fn may_revoke_of(&self, issued_to: &str) -> Result<(), Refusal> {
        if self.client().id.as_str() == issued_to {
            return Ok(());
        }
        let detail = "the token was issued to another client.";
        Err(self.tell(Refusal::new(Crn::TOKEN_OF_ANOTHER_CLIENT, detail)))
    }

    /// Whether it may know what a token says (RFC 7662 section 2.1): one of its own, or one for an API
    /// of its own project. A public client may know nothing.
    #[must_use]
    pub fn may_know(&self, claims: &AccessClaims<'_>, catalog: &Catalog) -> bool {
        let client = self.client();
        let own_api = |api: &Api| api.project == client.project;
        let apis = catalog.apis().iter().filter(|api| own_api(api));
        self.is_confidential()
            && (claims.client_id == client.id.as_str()
                || apis
                    .into_iter()
                    .any(|api| claims.aud.has(api.identifier.as_str())))
    }

    /// Adds what an owner wants to know of every refusal of a client of theirs.
    #[must_use]
    pub fn tell(&self, refusal: Refusal) -> Refusal {
        refusal.because("client_id", self.client().id.to_string())
    }

    /// Whether it proved itself (RFC 6749 section 2.1: confidential), or only said its name.
    #[must_use]
    pub fn is_confidential(&self) -> bool {
        self.client().authentication != ClientAuthentication::None
    }
}

impl Facts {
    /// A client that was found elsewhere than in the store, and the project that it belongs to.
    #[must_use]
    pub const fn found(client: Arc<ClientSnapshot>, project: Arc<ProjectSnapshot>) -> Self {
        Self {
            client: Some((client, project)),
            opened: Vec::new(),
            fetched: None,
        }
    }
}

/// Reads the facts. A text that cannot be a client's id is nobody's.
pub async fn load(presented: &Presented, snapshots: &dyn Snapshots) -> Result<Facts, Fault> {
    let Ok(id) = presented.id.parse::<ClientId>() else {
        return Ok(Facts::default());
    };
    let Some(client) = snapshots.client(&id).await? else {
        return Ok(Facts::default());
    };
    let project = snapshots.project_facts(&client.client.project).await?;
    let project = project.ok_or_else(|| Fault::lasting("a client without a project"))?;
    Ok(Facts {
        client: Some((client, project)),
        opened: Vec::new(),
        fetched: None,
    })
}

/// Decides on them. An assertion is spent by a change: where that is [`crate::store::Why::Taken`], it was used
/// before ([`replayed`]).
#[must_use]
pub fn authenticate(presented: &Presented, facts: Facts, at: At<'_>) -> Verdict<Authenticated> {
    match proved(presented, facts, at) {
        Ok((client, spent)) => Verdict::allow(client, spent.into_iter().collect()),
        Err(refusal) => Verdict::refuse(refusal),
    }
}

/// What whoever uses an assertion a second time is told.
#[must_use]
pub fn replayed(client: &Authenticated) -> Refusal {
    let refusal = client.tell(failed(assertion::REPLAYED));
    refusal.because("cause", Crn::CLIENT_ASSERTION_REPLAYED.to_string())
}

/// How a client was found to be who it says: the secret, and what must be written.
type Found = (Option<SecretId>, Option<Change>);

fn proved(
    presented: &Presented,
    facts: Facts,
    at: At<'_>,
) -> Result<(Authenticated, Option<Change>), Refusal> {
    let digest = presented.proof.digest();
    let Some((client, project)) = facts.client else {
        // As much work as for a client with two secrets.
        let nobody = SecretDigest::from_bytes([0; 32]);
        let _ = std::hint::black_box([nobody == digest, nobody == digest]);
        return Err(failed("unknown client"));
    };
    let method = client.client.authentication;
    let held = held(&client, digest, at.now);
    let tell = |refusal: Refusal| refusal.because("client_id", client.client.id.to_string());
    let used = presented.proof.method(method);
    if used != method {
        return Err(tell(failed("another method"))
            .because("cause", Crn::CLIENT_AUTHENTICATION_METHOD.to_string())
            .because("sent", used.as_str())
            .because("registered", method.as_str()));
    }
    let found = match &presented.proof {
        Proof::Nothing => by_certificate(
            presented.certificate.as_ref(),
            &client,
            facts.fetched.as_ref(),
        ),
        Proof::Basic(_) | Proof::Post(_) => by_secret(held),
        Proof::Assertion(text) => {
            let held = (&*client, facts.opened.as_slice(), facts.fetched.as_ref());
            by_assertion(text, held, at)
        }
    };
    let (secret, spent) = found.map_err(tell)?;
    if !stands(&client, &project) {
        return Err(tell(failed("out of service")));
    }
    let authenticated = Authenticated {
        client,
        project,
        secret,
        binding: None,
    };
    Ok((authenticated, spent))
}

/// Looks at every secret, whichever it is.
fn held(client: &ClientSnapshot, digest: SecretDigest, now: UnixTime) -> Held {
    let mut held = Held::Wrong;
    for secret in &client.secrets {
        if secret.digest == digest && !matches!(held, Held::Lives(_)) {
            held = if secret.lives(now) {
                Held::Lives(secret.id)
            } else {
                Held::Expired
            };
        }
    }
    held
}

fn by_secret(held: Held) -> Result<Found, Refusal> {
    match held {
        Held::Lives(secret) => Ok((Some(secret), None)),
        Held::Expired => {
            let cause = Crn::CLIENT_SECRET_ROLLED.to_string();
            Err(failed("expired secret").because("cause", cause))
        }
        Held::Wrong => Err(failed("wrong secret")),
    }
}

/// The certificate, for those who registered one. Who proves nothing needs none.
fn by_certificate(
    shown: Option<&Shown>,
    client: &ClientSnapshot,
    fetched: Option<&Fetched>,
) -> Result<Found, Refusal> {
    let record = &client.client;
    let held = match record.authentication {
        ClientAuthentication::TlsClientAuth => {
            certificate::has_name(shown, record.credentials.certificate.as_ref())
        }
        ClientAuthentication::SelfSignedTls => {
            let keys = keys(client, fetched);
            let held = certificate::has_key(shown, keys.unwrap_or(&JwkSet::default()));
            held.map_err(|why| with_fault(why, fetched))
        }
        _ => return Ok((None, None)),
    };
    let cause = Crn::CLIENT_CERTIFICATE_REFUSED.to_string();
    held.map_err(|why| failed(why).because("cause", cause))?;
    Ok((None, None))
}

fn by_assertion(
    text: &str,
    (client, opened, fetched): (&ClientSnapshot, &[Opened], Option<&Fetched>),
    at: At<'_>,
) -> Result<Found, Refusal> {
    let record = &client.client;
    let lives = |opened: &&Opened| {
        let mut secrets = client.secrets.iter();
        secrets.any(|secret| secret.id == opened.id && secret.lives(at.now))
    };
    let living: Vec<&Opened> = opened.iter().filter(lives).collect();
    let none = JwkSet::default();
    let against = if record.authentication.takes_secrets() {
        Against::Secrets(&living)
    } else {
        Against::Keys(keys(client, fetched).unwrap_or(&none))
    };
    match assertion::prove(text, record, &against, at) {
        Ok((spent, secret)) => Ok((secret, Some(Change::AssertionSpent(spent)))),
        Err(why) => {
            let cause = Crn::CLIENT_ASSERTION_REFUSED.to_string();
            Err(failed(with_fault(why, fetched)).because("cause", cause))
        }
    }
}

/// The keys of a client, wherever they are.
fn keys<'a>(client: &'a ClientSnapshot, fetched: Option<&'a Fetched>) -> Option<&'a JwkSet> {
    match client.client.credentials.keys.as_ref()? {
        ClientKeys::Inline(keys) => Some(keys),
        ClientKeys::At(_) => fetched.map(|fetched| &*fetched.keys),
    }
}

fn with_fault(why: String, fetched: Option<&Fetched>) -> String {
    match fetched.and_then(|fetched| fetched.fault.as_ref()) {
        Some(fault) => format!("{why}; its jwks_uri: {fault}"),
        None => why,
    }
}

/// Whether one of these keys is the one by which a request proves its client. Where none is, there may be newer
/// ones to fetch.
#[must_use]
pub fn is_proved_with(presented: &Presented, keys: &JwkSet) -> bool {
    match &presented.proof {
        Proof::Assertion(text) => assertion::is_signed_with(text, keys),
        _ => certificate::has_key(presented.certificate.as_ref(), keys).is_ok(),
    }
}

/// Whether the client and its project are in service.
#[must_use]
pub fn stands(client: &ClientSnapshot, project: &ProjectSnapshot) -> bool {
    client.client.state == ClientState::Active && project.project.state == ProjectState::Active
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Held {
    Lives(SecretId),
    Expired,
    Wrong,
}

/// The no to whoever names a client that is none.
#[must_use]
pub fn unknown() -> Refusal {
    failed("unknown client")
}

fn failed(why: impl Into<String>) -> Refusal {
    let detail = "client authentication failed.";
    Refusal::new(Crn::CLIENT_AUTHENTICATION_FAILED, detail).because("why", why)
}

#[cfg(test)]
mod tests;

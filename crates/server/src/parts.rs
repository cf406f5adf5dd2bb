//! What a handler may reach. Small on purpose: if a handler wants more, ask why.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use arc_swap::ArcSwap;
use axum::body::Body;
use axum::http::Response;
use carnet_core::rule::assertion::OwnAudiences;
use carnet_core::rule::possession::Nonces;
use carnet_core::rule::sign_in::SessionLength;
use carnet_core::store::Fault;
use carnet_core::store::Snapshots;
use carnet_core::store::Store;
use carnet_core::value::UnixTime;
use carnet_jose::digest::MacKey;
use tokio::sync::Mutex;

use crate::answer;
use crate::answer::Told;
use crate::attempts::Attempts;
use crate::aws::Witness;
use crate::bearer::TokenReader;
use crate::client_document::kept::ClientDocuments;
use crate::client_keys::ClientKeySets;
use crate::config::http::ClientCertificates;
use crate::config::par::Par;
use crate::config::registration::Registration;
use crate::counted::Counted;
use crate::documents::Documents;
use crate::documents::Offered;
use crate::expressions::Expressions;
use crate::issuer_endpoints::IssuerEndpoints;
use crate::issuer_keys::IssuerKeys;
use crate::journal::Journal;
use crate::key_pair::Workshop;
use crate::keyring::KeyEncryptionKey;
use crate::keyring::Keyring;
use crate::limits::Limits;
use crate::limits::TurnedAway;
use crate::outbound::Outbound;
use crate::password::Passwords;
use crate::revoked::Revoked;

/// The clock: the system's, or one that a test moves.
pub type Clock = Arc<dyn Fn() -> UnixTime + Send + Sync>;

/// The parts of a running server that endpoints share.
pub struct Parts {
    /// The public URL, without a slash at its end. Tokens carry it; it never comes from a request.
    pub issuer: String,
    /// How pages call this server.
    pub name: String,
    /// Whether this is `carnet dev`.
    pub sandbox: bool,
    /// The names under which an assertion may address us.
    pub audiences: OwnAudiences,
    /// The addresses, beside ours, under which APIs are asked for that take a JWT that an account signed itself.
    pub cloud_roots: Vec<String>,
    /// Remembers.
    pub store: Arc<dyn Store>,
    /// The facts on the hot path.
    pub snapshots: Arc<dyn Snapshots>,
    /// Seals what is at rest.
    pub encryption: KeyEncryptionKey,
    /// Our own keys.
    pub keyring: ArcSwap<Keyring>,
    /// What the world may fetch: discovery and keys.
    pub documents: ArcSwap<Documents>,
    /// Held while the keyring and the documents are made anew.
    pub refreshing: Mutex<()>,
    /// Reads tokens of ours.
    pub tokens: TokenReader,
    /// The tokens that were revoked.
    pub revoked: Arc<Revoked>,
    /// What is written soon.
    pub journal: Journal,
    /// How much of what one client may do.
    pub limits: Limits,
    /// Whether clients may show certificates.
    pub client_certificates: ClientCertificates,
    /// Fetches what strangers name.
    pub outbound: Outbound,
    /// Who is asked whose signatures of AWS are.
    pub aws: Witness,
    /// Apps that no administrator made.
    pub registration: Registration,
    /// The documents of apps that are documents.
    pub client_documents: ClientDocuments,
    /// The keys of clients that were fetched.
    pub client_keys: ClientKeySets,
    /// Compiles the expressions of providers.
    pub expressions: Expressions,
    /// Makes key pairs, a few at a time.
    pub workshop: Workshop,
    /// The keys of issuers elsewhere that were fetched.
    pub issuer_keys: IssuerKeys,
    /// Where issuers elsewhere sign people in.
    pub(crate) issuer_endpoints: IssuerEndpoints,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// Counts wrong ones.
    pub attempts: Attempts,
    /// How long people stay signed in.
    pub session: SessionLength,
    /// How pushed requests are kept, and whether each must be pushed.
    pub par: Par,
    /// The nonces of proofs of possession.
    pub nonces: Nonces,
    /// Makes the tokens of forms.
    pub forms: MacKey,
    /// What is counted.
    pub counted: Counted,
    /// What time it is. A request asks once.
    pub clock: Clock,
}

impl Parts {
    /// Where the facts come from: as they are now, and copies.
    #[must_use]
    pub fn facts(&self) -> (&dyn Store, &dyn Snapshots) {
        (self.store.as_ref(), self.snapshots.as_ref())
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> UnixTime {
        (self.clock)()
    }

    /// Notes that a request was turned away, and says it.
    #[must_use]
    pub fn turn_away(
        &self,
        turned: TurnedAway,
        address: Option<IpAddr>,
        told: Told<'_>,
    ) -> Response<Body> {
        self.note_turned_away(turned, address, told.now);
        answer::turned_away(turned, told)
    }

    /// Notes that a request was turned away.
    pub fn note_turned_away(&self, turned: TurnedAway, address: Option<IpAddr>, now: UnixTime) {
        let limit = turned.limit();
        self.counted.turned_away(limit);
        self.journal
            .turned_away(address, turned.refusal().crn, limit, now);
    }

    /// Reads our own keys anew, and with them what the world may fetch. Called when the feed says
    /// that they, or the scopes that discovery lists, have changed.
    pub async fn refresh(&self) -> Result<(), Fault> {
        // Who read earlier must not write later.
        let _alone = self.refreshing.lock().await;
        let records = self.store.signing_keys().await?;
        let keyring = Keyring::open(&records, &self.encryption).map_err(Fault::lasting)?;
        let catalog = self.snapshots.catalog().await?;
        let offered = Offered {
            par: self.par,
            certificates: &self.client_certificates,
            registration: &self.registration,
        };
        let documents = Documents::new(&self.issuer, &keyring, &catalog, offered);
        self.keyring.store(Arc::new(keyring));
        self.documents.store(Arc::new(documents));
        self.tokens.forget();
        Ok(())
    }
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts")
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

//! From a store and a secret to a running set of [`Parts`], and the tasks that keep it true.

use std::sync::Arc;
use std::sync::Weak;
use std::time::Duration;

use arc_swap::ArcSwap;
use carnet_core::rule::assertion::OwnAudiences;
use carnet_core::rule::possession::Nonces;
use carnet_core::rule::sign_in::SessionLength;
use carnet_core::rule::signing;
use carnet_core::store::Catalog;
use carnet_core::store::Fault;
use carnet_core::store::Snapshots;
use carnet_core::store::Store;
use carnet_core::store::Topic;
use carnet_core::store::Watcher;
use carnet_jose::digest::MacKey;
use tokio::sync::Mutex;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::attempts::Attempts;
use crate::aws::Witness;
use crate::bearer::TokenReader;
use crate::captive::names;
use crate::captive::names::Universe;
use crate::client_document::kept::ClientDocuments;
use crate::client_keys::ClientKeySets;
use crate::config::dpop::Dpop;
use crate::config::http::ClientCertificates;
use crate::config::par::Par;
use crate::config::rate::Rate;
use crate::config::registration::Registration;
use crate::counted::Counted;
use crate::documents::Documents;
use crate::documents::Offered;
use crate::entropy::SystemEntropy;
use crate::expressions::Expressions;
use crate::http::metrics::Registry;
use crate::issuer_endpoints::IssuerEndpoints;
use crate::issuer_keys::IssuerKeys;
use crate::journal::Journal;
use crate::key_pair::Workshop;
use crate::keyring::KeyEncryptionKey;
use crate::keyring::Keyring;
use crate::limits::Limits;
use crate::outbound::Outbound;
use crate::parts::Clock;
use crate::parts::Parts;
use crate::password::Hashing;
use crate::password::Passwords;
use crate::purge::MOST as PURGED;
use crate::purge::forget_unused;
use crate::purge::purge;
use crate::purge::purge_pools;
use crate::revoked::Revoked;
use crate::system;

/// How long a refusal or a use of a key waits before it is written.
const JOURNAL: Duration = Duration::from_millis(200);

/// How often expired rows are taken away, and how many at a time.
const SWEEP: Duration = Duration::from_mins(1);
const SWEPT: u16 = 1_000;

/// What a server is made of.
pub struct Ingredients {
    /// The public URL.
    pub issuer: String,
    /// The domain beside Google's below which Google's libraries find this server.
    pub universe: Option<Universe>,
    /// How pages call this server.
    pub name: String,
    /// Whether this is `carnet dev`.
    pub sandbox: bool,
    /// Remembers.
    pub store: Arc<dyn Store>,
    /// The facts on the hot path, kept by whoever watches the store.
    pub snapshots: Arc<dyn Snapshots>,
    /// Seals what is at rest.
    pub encryption: KeyEncryptionKey,
    /// How much of what one client may do.
    pub rate: Rate,
    /// Whether clients may show certificates.
    pub client_certificates: ClientCertificates,
    /// Fetches what strangers name.
    pub outbound: Outbound,
    /// Who is asked whose signatures of AWS are.
    pub aws: Witness,
    /// Apps that no administrator made.
    pub registration: Registration,
    /// What hashing passwords costs.
    pub hashing: Hashing,
    /// How long people stay signed in.
    pub session: SessionLength,
    /// How pushed requests are kept, and whether each must be pushed.
    pub par: Par,
    /// What proofs of possession must carry.
    pub dpop: Dpop,
    /// Where it counts.
    pub registry: Arc<Registry>,
    /// What time it is.
    pub clock: Clock,
}

/// The parts, and the tasks behind them. Dropping it stops the tasks.
pub struct Started {
    /// What endpoints reach.
    pub parts: Arc<Parts>,
    tasks: Vec<JoinHandle<()>>,
}

impl Started {
    /// Writes what still waits. The last thing that a server does.
    pub async fn finish(self) -> Result<(), Fault> {
        self.parts
            .journal
            .flush(self.parts.store.as_ref(), self.parts.now())
            .await
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// Makes what is missing in the store, reads what is needed from it, and starts the tasks.
pub async fn start(with: Ingredients) -> Result<Started, Fault> {
    let Ingredients {
        store, encryption, ..
    } = with;
    let issuer = with.issuer.trim_end_matches('/').to_owned();
    let now = (with.clock)();
    system::ensure(store.as_ref(), now, &mut SystemEntropy, &encryption).await?;
    let revoked = Arc::new(Revoked::default());
    let stale = Arc::new(Stale::default());
    store.watch(Arc::clone(&revoked) as Arc<dyn Watcher>);
    store.watch(Arc::clone(&stale) as Arc<dyn Watcher>);
    revoked.load(store.as_ref(), now).await?;
    let records = store.signing_keys().await?;
    let keyring = Keyring::open(&records, &encryption).map_err(Fault::lasting)?;
    let offered = Offered::new(with.par, &with.client_certificates, &with.registration);
    let documents = Documents::new(&issuer, &keyring, &Catalog::default(), offered);
    let forms = encryption
        .derive("carnet forms 1")
        .map_err(Fault::lasting)?;
    let nonces = nonces(&encryption, with.dpop)?;
    let parts = Arc::new(Parts {
        audiences: OwnAudiences::of(&issuer),
        cloud_roots: names::cloud_roots(with.universe.as_ref()),
        tokens: TokenReader::new(issuer.clone()),
        issuer,
        name: with.name,
        sandbox: with.sandbox,
        store,
        snapshots: with.snapshots,
        encryption,
        keyring: ArcSwap::from_pointee(keyring),
        documents: ArcSwap::from_pointee(documents),
        refreshing: Mutex::default(),
        revoked,
        journal: Journal::default(),
        limits: Limits::new(with.rate, with.registration.often, Instant::now()),
        client_certificates: with.client_certificates,
        outbound: with.outbound,
        aws: with.aws,
        registration: with.registration,
        client_documents: ClientDocuments::default(),
        client_keys: ClientKeySets::default(),
        expressions: Expressions::default(),
        workshop: Workshop::default(),
        issuer_keys: IssuerKeys::default(),
        issuer_endpoints: IssuerEndpoints::default(),
        passwords: Passwords::start(with.hashing),
        attempts: Attempts::default(),
        session: with.session,
        par: with.par,
        nonces,
        forms: MacKey::new(forms.as_slice()),
        counted: Counted::into(&with.registry),
        clock: with.clock,
    });
    parts.refresh().await?;
    let tasks = tasks(&parts, stale);
    Ok(Started { parts, tasks })
}

fn tasks(parts: &Arc<Parts>, stale: Arc<Stale>) -> Vec<JoinHandle<()>> {
    let weak = Arc::downgrade(parts);
    vec![
        tokio::spawn(keep_fresh(weak.clone(), stale)),
        tokio::spawn(keep_journal(weak.clone())),
        tokio::spawn(sweep(weak)),
    ]
}

/// The nonces of proofs of possession: the same at every node.
fn nonces(encryption: &KeyEncryptionKey, dpop: Dpop) -> Result<Nonces, Fault> {
    let key = encryption.derive("carnet dpop nonces 1");
    let key = key.map_err(Fault::lasting)?;
    Ok(Nonces::new(key.as_slice(), dpop.nonce_required))
}

/// Hears that keys, scopes, or everything changed.
#[derive(Debug, Default)]
struct Stale(Notify);

impl Watcher for Stale {
    fn changed(&self, topic: &Topic) {
        if matches!(topic, Topic::SigningKeys | Topic::Apis | Topic::Everything) {
            self.0.notify_one();
        }
    }
}

async fn keep_fresh(parts: Weak<Parts>, stale: Arc<Stale>) {
    loop {
        stale.0.notified().await;
        let Some(parts) = parts.upgrade() else { return };
        let loaded = parts.revoked.load(parts.store.as_ref(), parts.now()).await;
        if let Err(fault) = loaded.and(parts.refresh().await) {
            tracing::error!(fault = %fault, "keys could not be read anew; the old ones stay in use");
            tokio::time::sleep(JOURNAL).await;
            stale.0.notify_one();
        }
    }
}

async fn keep_journal(parts: Weak<Parts>) {
    loop {
        tokio::time::sleep(JOURNAL).await;
        let Some(parts) = parts.upgrade() else { return };
        if let Err(fault) = parts.journal.tick(parts.store.as_ref(), parts.now()).await {
            tracing::error!(fault = %fault, "the audit log could not be written; its entries wait");
        }
    }
}

async fn sweep(parts: Weak<Parts>) {
    loop {
        tokio::time::sleep(SWEEP).await;
        let Some(parts) = parts.upgrade() else { return };
        if let Err(fault) = swept(&parts).await {
            tracing::error!(fault = %fault, "expired rows could not be taken away");
        }
    }
}

/// One round of taking away what has expired, whose time is over, or what nobody needs any more.
pub(crate) async fn swept(parts: &Parts) -> Result<(), Fault> {
    let now = parts.now();
    while parts.store.forget_expired(now, SWEPT).await? == u64::from(SWEPT) {}
    let forgotten = signing::forgotten(&parts.store.signing_keys().await?, now);
    if !forgotten.is_empty() {
        parts.store.commit(&forgotten).await?;
    }
    while purge(parts.store.as_ref(), now).await? == PURGED {}
    purge_pools(parts.store.as_ref(), now).await?;
    let unused = parts.registration.unused;
    while forget_unused(parts.store.as_ref(), unused, now).await? == PURGED {}
    parts.revoked.load(parts.store.as_ref(), now).await
}

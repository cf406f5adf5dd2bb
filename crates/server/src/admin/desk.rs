//! What the admin API works with. Small on purpose: it is filled by whoever runs the server, and by
//! tests.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use carnet_core::record::{AuditDraft, SigningKey, SigningUse};
use carnet_core::store::{Fault, Snapshots, Store};
use carnet_core::value::{Entropy, UnixTime};

use super::caller::Tokens;
use super::key_pair::Workshop;
use super::paging::Cursors;

/// Takes an audit entry of a refusal, to be written soon.
pub type Note = Arc<dyn Fn(AuditDraft) + Send + Sync>;

/// Makes a key of ours, sealed and published but not yet signing. It costs CPU time, and is called
/// where that does no harm.
pub type SigningKeyMaker =
    Arc<dyn Fn(SigningUse, UnixTime) -> Result<SigningKey, Fault> + Send + Sync>;

/// What the admin API works with.
pub struct Desk {
    /// The public URL of the server, without a slash at its end.
    pub issuer: String,
    /// Remembers.
    pub store: Arc<dyn Store>,
    /// All scopes, as issuing tokens sees them.
    pub snapshots: Arc<dyn Snapshots>,
    /// What time it is. A request asks once.
    pub clock: Arc<dyn Fn() -> UnixTime + Send + Sync>,
    /// Fresh chance for one decision.
    pub entropy: fn() -> Box<dyn Entropy>,
    /// Reads access tokens of ours.
    pub tokens: Arc<dyn Tokens>,
    /// Makes keys of ours.
    pub signing_keys: SigningKeyMaker,
    /// Takes the audit entries of refusals.
    pub note: Note,
    /// Makes and checks cursors, with a key that is the same on every node.
    pub cursors: Cursors,
    /// Makes key pairs, a few at a time.
    pub workshop: Workshop,
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk")
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

/// Where a request came from; put into its extensions by the listener.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The trace id. Empty: the admin API makes one.
    pub trace: String,
    /// The address, if known.
    pub address: Option<IpAddr>,
}

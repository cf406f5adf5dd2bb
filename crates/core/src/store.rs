//! The port to whatever remembers: narrow reads, one write, a feed of what changed.
//!
//! * [`Store`] is what an engine implements; [`Memory`] is the reference in this crate.
//! * [`Change`] is a row-sized write. A commit takes all its changes or none; each change says what
//!   it expects to find, and a lost race comes back as a value ([`Committed`]).
//! * [`Topic`] names what a commit touched, so that snapshots elsewhere can be dropped.
//! * [`Snapshots`] are the immutable facts that issuing a token rests on.

mod change;
mod fault;
mod memory;
mod page;
mod port;
mod snapshot;
mod topic;

pub use change::{Change, Committed, Record, RecordKey, Refreshed, Why};
pub use fault::Fault;
pub use memory::Memory;
pub use page::{Listing, Page};
pub use port::{
    Accounts, AuditFilter, Clients, Grants, Ledger, People, Pools, Reading, Sessions, Store,
    Tenants, Trusts, Watcher,
};
pub use snapshot::{
    AccountSnapshot, Bound, Catalog, CatalogScope, ClientSnapshot, Direct, Held, HeldKey, Known,
    Owner, Person, PoolSnapshot, ProjectSnapshot, Snapshots, assemble,
};
pub use topic::Topic;

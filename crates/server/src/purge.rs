//! Accounts whose 30 days are over go for good, with their keys, the uses of those, delegations and roles; pools of
//! workload identity with their providers, too.
//!
//! google-wire 5.3, 6.4.
//!
//! 1. A bounded number is read, the earliest first. Nothing can bring them back any more, so what is
//!    read stays true.
//! 2. Each goes in a commit of its own, with its entry in the audit log. Where two nodes do the same at
//!    once, the store lets one of them, and the log has one entry.
//! 3. One that cannot go keeps no other from going; it is tried again at the next round.

use carnet_core::rule::admin::Context;
use carnet_core::rule::admin::service_account;
use carnet_core::rule::admin::service_account::RESTORABLE;
use carnet_core::rule::admin::workload_pool;
use carnet_core::rule::admin::workload_provider;
use carnet_core::rule::registration;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::store::Store;
use carnet_core::store::Why;
use carnet_core::value::Seconds;
use carnet_core::value::UnixTime;

/// How many accounts go in one round.
pub const MOST: u16 = 200;

/// One round: purges at most [`MOST`] accounts, and returns how many.
pub async fn purge(store: &dyn Store, now: UnixTime) -> Result<u16, Fault> {
    let context = Context {
        now,
        actor: "carnet",
        address: "",
        trace: "",
    };
    let mut gone = 0;
    let due = store.service_accounts_deleted_until(now - RESTORABLE, MOST);
    for account in due.await? {
        let id = account.unique_id.clone();
        let Ok(done) = service_account::purge(account, &context) else {
            continue;
        };
        match store.commit(&done.changes).await? {
            Committed::Yes => gone += 1,
            // Another node was faster.
            Committed::No(_, Why::Stale) => {}
            Committed::No(_, why) => {
                tracing::error!(account = %id, ?why, "a deleted account could not be purged");
            }
        }
    }
    Ok(gone)
}

/// One round: purges at most [`MOST`] pools of workload identity and as many providers whose 30 days are over,
/// and returns how many.
pub async fn purge_pools(store: &dyn Store, now: UnixTime) -> Result<u16, Fault> {
    let context = Context {
        now,
        actor: "carnet",
        address: "",
        trace: "",
    };
    let until = now - workload_pool::RESTORABLE;
    let mut due = Vec::new();
    for provider in store.workload_providers_deleted_until(until, MOST).await? {
        due.extend(workload_provider::purge(provider, &context).map(|done| done.changes));
    }
    // What goes with its pool may be gone already, and then is stale.
    for pool in store.workload_pools_deleted_until(until, MOST).await? {
        due.extend(workload_pool::purge(pool, &context).map(|done| done.changes));
    }
    let mut gone = 0;
    for changes in due {
        match store.commit(&changes).await? {
            Committed::Yes => gone += 1,
            // Another node was faster.
            Committed::No(_, Why::Stale) => {}
            Committed::No(_, why) => {
                tracing::error!(?why, "a deleted pool or provider could not be purged");
            }
        }
    }
    Ok(gone)
}

/// One round: takes away at most [`MOST`] apps that no administrator made and that nobody has let in or used
/// since then, and returns how many.
pub async fn forget_unused(
    store: &dyn Store,
    unused: Seconds,
    now: UnixTime,
) -> Result<u16, Fault> {
    let context = Context {
        now,
        actor: "carnet",
        address: "",
        trace: "",
    };
    let mut gone = 0;
    for client in store.unused_clients(now - unused, MOST).await? {
        let changes = registration::forget(client, &context);
        // Where somebody was faster, it is looked at again at the next round.
        if store.commit(&changes).await? == Committed::Yes {
            gone += 1;
        }
    }
    Ok(gone)
}

#[cfg(test)]
mod tests;

//! Setup links.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a contract fails by panicking"
)]

use std::sync::Arc;

use carnet_core::record::SetupLink;
use carnet_core::store::Change;
use carnet_core::store::Record;
use carnet_core::store::Store;
use carnet_core::store::Why;
use carnet_core::value::Seconds;
use carnet_core::value::SecretDigest;
use carnet_core::value::UnixTime;

use super::sample::NOW;
use super::sample::Sample;
use super::sample::no;
use super::sample::sixteen;
use super::sample::winners;
use super::sample::yes;

fn link(sample: &mut Sample, expires: UnixTime) -> SetupLink {
    SetupLink {
        digest: SecretDigest::from_bytes(sample.bytes()),
        expires,
    }
}

fn insert(link: &SetupLink) -> Change {
    Change::Insert(Record::SetupLink(link.clone()))
}

/// Then it is gone.
pub async fn a_link_is_used_once(store: &Arc<dyn Store>) {
    let link = link(&mut Sample::new(), NOW + Seconds(60));
    let used = [Change::SetupUsed(link.digest, NOW)];
    assert_eq!(no(store, &used).await, (0, Why::Stale));
    yes(store, &[insert(&link)]).await;
    assert_eq!(no(store, &[insert(&link)]).await, (0, Why::Taken));
    let replace = [Change::Replace(Record::SetupLink(link.clone()))];
    assert_eq!(no(store, &replace).await, (0, Why::Stale));
    let found = store.setup_link(link.digest).await.expect("a read");
    assert_eq!(found.as_ref(), Some(&link));
    yes(store, &used).await;
    assert_eq!(store.setup_link(link.digest).await.expect("a read"), None);
    assert_eq!(no(store, &used).await, (0, Why::Stale));
}

/// There is one first administrator.
pub async fn one_of_sixteen_uses_wins(store: &Arc<dyn Store>) {
    let link = link(&mut Sample::new(), NOW + Seconds(60));
    yes(store, &[insert(&link)]).await;
    let ends = sixteen(store, |_| vec![Change::SetupUsed(link.digest, NOW)]).await;
    assert_eq!(winners(&ends, Why::Stale), 1);
}

/// It is there to be read, so that the page can say so, but not to be used.
pub async fn a_link_that_expired_is_worth_nothing(store: &Arc<dyn Store>) {
    let link = link(&mut Sample::new(), NOW);
    yes(store, &[insert(&link)]).await;
    let used = [Change::SetupUsed(link.digest, NOW)];
    assert_eq!(no(store, &used).await, (0, Why::Stale));
    assert_eq!(
        store.setup_link(link.digest).await.expect("a read"),
        Some(link)
    );
}

/// One administrator is enough.
pub async fn a_used_link_takes_all_others_along(store: &Arc<dyn Store>) {
    let mut sample = Sample::new();
    let (first, second) = (
        link(&mut sample, NOW + Seconds(60)),
        link(&mut sample, NOW + Seconds(60)),
    );
    yes(store, &[insert(&first), insert(&second)]).await;
    yes(store, &[Change::SetupUsed(first.digest, NOW)]).await;
    assert_eq!(store.setup_link(second.digest).await.expect("a read"), None);
}

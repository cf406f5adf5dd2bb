//! No table grows for ever.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a contract fails by panicking"
)]

use std::sync::Arc;

use carnet_core::record::RevokedToken;
use carnet_core::record::SetupLink;
use carnet_core::store::Change;
use carnet_core::store::Page;
use carnet_core::store::Record;
use carnet_core::store::Store;
use carnet_core::store::Why;
use carnet_core::value::Counting;
use carnet_core::value::Seconds;
use carnet_core::value::SecretDigest;
use carnet_core::value::TokenId;
use carnet_core::value::UnixTime;

use super::sample::NOW;
use super::sample::Sample;
use super::sample::no;
use super::sample::yes;

/// Five of each kind, all until then.
fn fifteen(sample: &mut Sample, until: UnixTime) -> Vec<Change> {
    let mut entropy = Counting(u64::try_from(until.0).unwrap_or(0));
    let mut changes = Vec::new();
    for _ in 0..5 {
        changes.push(Change::AssertionSpent(sample.spent(until)));
        let id = TokenId::mint(NOW, &mut entropy);
        changes.push(Change::TokenRevoked(RevokedToken { id, until }));
        changes.push(Change::Insert(Record::SetupLink(SetupLink {
            digest: SecretDigest::from_bytes(sample.bytes()),
            expires: until,
        })));
    }
    changes
}

/// Each step takes as many as it may, and the last one fewer.
pub async fn what_has_expired_goes_in_bounded_steps(store: &Arc<dyn Store>) {
    yes(store, &fifteen(&mut Sample::new(), NOW)).await;
    for gone in [4, 4, 4, 3, 0] {
        assert_eq!(
            store
                .forget_expired(NOW, 4)
                .await
                .expect("a store that works"),
            gone
        );
    }
    assert_eq!(
        store
            .forget_expired(NOW, 0)
            .await
            .expect("a store that works"),
        0
    );
}

/// Not by a second; and what went was what had expired.
pub async fn what_has_not_expired_stays(store: &Arc<dyn Store>) {
    let mut sample = Sample::new();
    let (past, future) = (
        fifteen(&mut sample, NOW),
        fifteen(&mut sample, NOW + Seconds(1)),
    );
    yes(store, &past).await;
    yes(store, &future).await;
    assert_eq!(
        store
            .forget_expired(NOW, 1_000)
            .await
            .expect("a store that works"),
        15
    );
    for change in &future {
        if let Change::AssertionSpent(_) = change {
            let again = [change.clone()];
            assert_eq!(no(store, &again).await, (0, Why::Taken));
        }
    }
    let listed = store
        .revoked_tokens(NOW, &Page::first(10))
        .await
        .expect("a read");
    assert_eq!(listed.items.len(), 5);
    assert_eq!(
        store
            .forget_expired(NOW, 1_000)
            .await
            .expect("a store that works"),
        0
    );
}

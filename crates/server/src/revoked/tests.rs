//! What is known of revoked tokens, in whatever order it is heard.

use std::sync::Arc;

use carnet_core::record::RevokedToken;
use carnet_core::store::Change;
use carnet_core::store::Memory;
use carnet_core::store::Store as _;
use carnet_core::store::Topic;
use carnet_core::store::Watcher as _;
use carnet_core::value::TokenId;
use carnet_core::value::UnixTime;

use super::Revoked;

const ONE: TokenId = TokenId::from_bytes([1; 16]);
const TWO: TokenId = TokenId::from_bytes([2; 16]);
const NOW: UnixTime = UnixTime(1_000);
const LATER: UnixTime = UnixTime(2_000);

#[tokio::test]
async fn what_is_read_anew_takes_the_place_of_what_was_known() {
    let store = Arc::new(Memory::new());
    let revoked = Revoked::default();
    revoked.changed(&Topic::Revoked(ONE, LATER));
    revoked.changed(&Topic::Revoked(TWO, LATER));
    assert!(revoked.has(&ONE) && revoked.has(&TWO));
    revoked.changed(&Topic::Restored(TWO));
    assert!(revoked.has(&ONE) && !revoked.has(&TWO));
    let token = RevokedToken {
        id: TWO,
        until: LATER,
    };
    let changes = [Change::TokenRevoked(token)];
    store.commit(&changes).await.unwrap();
    revoked.load(store.as_ref(), NOW).await.unwrap();
    assert!(
        !revoked.has(&ONE),
        "restored elsewhere, and the feed was down"
    );
    assert!(revoked.has(&TWO));
    revoked.load(store.as_ref(), LATER).await.unwrap();
    assert!(!revoked.has(&TWO), "it has expired");
}

#[test]
fn what_the_feed_brings_while_the_store_is_read_is_newer() {
    let revoked = Revoked::default();
    revoked.write().meanwhile = Some(Vec::new());
    revoked.changed(&Topic::Revoked(ONE, LATER));
    revoked.changed(&Topic::Revoked(TWO, LATER));
    revoked.changed(&Topic::Restored(TWO));
    revoked.changed(&Topic::People);
    let heard = revoked.write().meanwhile.take();
    assert_eq!(
        heard,
        Some(vec![(ONE, Some(LATER)), (TWO, Some(LATER)), (TWO, None)])
    );
}

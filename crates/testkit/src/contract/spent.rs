//! What was used or revoked stays so.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a contract fails by panicking"
)]

use std::sync::Arc;

use carnet_core::record::RevokedToken;
use carnet_core::record::SpentAssertion;
use carnet_core::store::Change;
use carnet_core::store::Page;
use carnet_core::store::Store;
use carnet_core::store::Why;
use carnet_core::value::Counting;
use carnet_core::value::Seconds;
use carnet_core::value::TokenId;

use super::sample::NOW;
use super::sample::Sample;
use super::sample::no;
use super::sample::sixteen;
use super::sample::winners;
use super::sample::yes;

/// And another one is another one.
pub async fn an_assertion_is_redeemed_once(store: &Arc<dyn Store>) {
    let mut sample = Sample::new();
    let (first, second) = (sample.spent(NOW), sample.spent(NOW));
    let seen = async |spent: &SpentAssertion| store.is_spent(spent.digest).await.expect("a read");
    assert!(!seen(&first).await);
    yes(store, &[Change::AssertionSpent(first.clone())]).await;
    assert!(seen(&first).await && !seen(&second).await);
    assert_eq!(
        no(store, &[Change::AssertionSpent(first.clone())]).await,
        (0, Why::Taken)
    );
    let both = [
        Change::AssertionSpent(second.clone()),
        Change::AssertionSpent(first),
    ];
    assert_eq!(no(store, &both).await, (1, Why::Taken));
    yes(store, &[Change::AssertionSpent(second)]).await;
}

/// D3 of `security.md`: exactly one.
pub async fn one_of_sixteen_redemptions_wins(store: &Arc<dyn Store>) {
    let mut sample = Sample::new();
    for _ in 0..4 {
        let spent = sample.spent(NOW);
        let ends = sixteen(store, |_| vec![Change::AssertionSpent(spent.clone())]).await;
        assert_eq!(winners(&ends, Why::Taken), 1);
    }
}

/// RFC 7009 2.2: revoking what is revoked is no error.
pub async fn a_token_may_be_revoked_again(store: &Arc<dyn Store>) {
    let token = RevokedToken {
        id: TokenId::mint(NOW, &mut Counting(0)),
        until: NOW + Seconds(60),
    };
    let revoke = [
        Change::TokenRevoked(token.clone()),
        Change::TokenRevoked(token.clone()),
    ];
    yes(store, &revoke).await;
    let ends = sixteen(store, |_| revoke.to_vec()).await;
    assert_eq!(winners(&ends, Why::Stale), 16);
    let listed = store
        .revoked_tokens(NOW, &Page::first(10))
        .await
        .expect("a read");
    assert_eq!(listed.items, [token]);
}

/// By pages, in the order of their ids.
pub async fn revoked_tokens_are_listed_while_they_would_live(store: &Arc<dyn Store>) {
    let mut entropy = Counting(0);
    let tokens: Vec<_> = (0..7)
        .map(|age| RevokedToken {
            id: TokenId::mint(NOW, &mut entropy),
            until: NOW + Seconds(age),
        })
        .collect();
    let changes: Vec<_> = tokens.iter().cloned().map(Change::TokenRevoked).collect();
    yes(store, &changes).await;
    let mut page = Page::first(2);
    let mut found = Vec::new();
    loop {
        let listing = store
            .revoked_tokens(NOW + Seconds(1), &page)
            .await
            .expect("a read");
        found.extend(listing.items);
        match listing.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    let mut living: Vec<_> = tokens
        .into_iter()
        .filter(|token| token.until > NOW + Seconds(1))
        .collect();
    living.sort_by_key(|token| token.id);
    assert_eq!(found, living);
}

//! Where the scripts of apps are, and where browsers should not have been sent back to.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a contract fails by panicking"
)]

use std::sync::Arc;

use carnet_core::record::Near;
use carnet_core::record::RefusedRedirect;
use carnet_core::store::Change;
use carnet_core::store::RecordKey;
use carnet_core::store::Store;
use carnet_core::value::UnixTime;
use carnet_wire::origin::Origin;
use carnet_wire::redirect_uri::Difference;

use super::client::insert;
use super::client::replace;
use super::sample::World;
use super::sample::parsed;
use super::sample::yes;

/// Of any client, from the moment on that one has it, until the last one has it no more.
pub async fn an_origin_is_known_while_a_client_has_it(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        project,
        ..
    } = World::of(store).await;
    let origin = |text: &str| -> Origin { parsed(text) };
    let (a, b) = (origin("https://a.example"), origin("https://b.example"));
    let known = async |origin: &Origin| store.is_origin_of_any(origin).await.expect("a read");
    let mut first = sample.client(&project);
    let mut second = sample.client(&project);
    first.origins = vec![a.clone(), b.clone(), a.clone()];
    second.origins = vec![a.clone()];
    assert!(!known(&a).await);
    yes(store, &[insert(&first), insert(&second)]).await;
    assert!(known(&a).await && known(&b).await);
    for similar in [
        "https://a.example:8443",
        "http://localhost",
        "https://a.exampl",
    ] {
        let similar = origin(similar);
        assert!(!known(&similar).await);
    }
    first.origins = Vec::new();
    first.version = first.version.next();
    yes(store, &[replace(&first)]).await;
    assert!(known(&a).await && !known(&b).await);
    let gone = Change::Remove(RecordKey::Client(second.id), second.version);
    yes(store, &[gone]).await;
    assert!(!known(&a).await);
}

/// Whatever order the batches come in. What is near to a registered one stays longest.
pub async fn the_last_redirects_that_were_refused_are_kept(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        project,
        ..
    } = World::of(store).await;
    let client = sample.client(&project);
    let other = sample.client(&project);
    let refused = |uri: String, at: i64, near: bool| RefusedRedirect {
        client: client.id.clone(),
        uri,
        near: near.then(|| Near {
            registered: "https://a.example/cb".to_owned(),
            difference: Difference::TrailingSlash,
        }),
        first: UnixTime(at),
        last: UnixTime(at),
        count: 2,
    };
    let change = |refused: &RefusedRedirect| Change::RedirectRefused(refused.clone());
    let listed = async || store.refused_redirects(&client.id).await.expect("a read");
    let near = refused("https://a.example/cb/".to_owned(), 50, true);
    yes(store, &[change(&near)]).await;
    assert_eq!(listed().await, [], "there is no such client yet");
    yes(store, &[insert(&client), insert(&other)]).await;
    let earlier = RefusedRedirect {
        near: None,
        ..refused(near.uri.clone(), 40, false)
    };
    yes(store, &[change(&near), change(&earlier), change(&near)]).await;
    let sum = RefusedRedirect { count: 6, ..near };
    assert_eq!(listed().await, std::slice::from_ref(&sum));

    let flood: Vec<_> = (0..50)
        .map(|place| refused(format!("https://evil.test/{place:02}"), 100 + place, false))
        .collect();
    let batch: Vec<_> = flood.iter().map(change).collect();
    yes(store, &batch).await;
    let mut wanted: Vec<_> = flood.into_iter().rev().take(19).collect();
    wanted.push(sum);
    assert_eq!(listed().await, wanted);
    let foreign = store.refused_redirects(&other.id).await.expect("a read");
    assert_eq!(foreign, []);
    let gone = Change::Remove(RecordKey::Client(client.id.clone()), client.version);
    yes(store, &[gone]).await;
    assert_eq!(listed().await, []);
}

//! What was exchanged ends with what it came from.

use carnet_core::record::ClientState;
use carnet_core::value::UnixTime;
use carnet_testkit::world::ALICE;
use carnet_testkit::world::NOW;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::WEB;

use super::house::BOOKS;
use super::house::House;
use crate::code::actor::member;

async fn revoke(house: &House, token: &str, id: &str) {
    let provider = &house.actor.provider;
    let form = [("token", token)];
    let answer = provider.post_basic("/revoke", &form, (id, SECRET)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

/// A token of the app, and what was made of it.
async fn both(house: &House) -> (String, String) {
    let subject = house.of_person().await;
    let new = house.exchange(BOOKS, &subject, &[]).await;
    let new = member(&new, "access_token");
    assert!(house.is_active(BOOKS, &new).await);
    (subject, new)
}

#[tokio::test]
async fn rfc7009_2_1_with_the_authorization_ends_what_was_exchanged() {
    let house = House::new().await;
    let tokens = house.tokens().await;
    let subject = member(&tokens, "access_token");
    let new = house.exchange(BOOKS, &subject, &[]).await;
    let new = member(&new, "access_token");
    let again = house.exchange(BOOKS, &new, &[]).await;
    let again = member(&again, "access_token");
    revoke(&house, &member(&tokens, "refresh_token"), WEB).await;
    for token in [&new, &again] {
        assert!(!house.is_active(BOOKS, token).await);
        let answer = house.exchange(BOOKS, token, &[]).await;
        assert_eq!(answer.json()["error"], "invalid_request");
    }
    let answer = house.exchange(BOOKS, &subject, &[]).await;
    assert_eq!(answer.json()["error"], "invalid_request");
}

#[tokio::test]
async fn rfc7009_2_1_with_a_token_ends_what_was_made_of_it_and_not_the_other_way_round() {
    let house = House::new().await;
    let (subject, new) = both(&house).await;
    let again = house.exchange(BOOKS, &new, &[]).await;
    let again = member(&again, "access_token");
    revoke(&house, &new, BOOKS).await;
    assert!(!house.is_active(BOOKS, &new).await);
    assert!(!house.is_active(BOOKS, &again).await, "made of it");
    assert!(house.is_active(WEB, &subject).await, "it was made of this");
    let (subject, new) = both(&house).await;
    revoke(&house, &subject, WEB).await;
    assert!(!house.is_active(BOOKS, &new).await);
}

#[tokio::test]
async fn rfc7009_2_1_a_client_revokes_what_it_got_and_no_other() {
    let house = House::new().await;
    let (subject, new) = both(&house).await;
    let provider = &house.actor.provider;
    for (token, id) in [(&new, WEB), (&subject, BOOKS)] {
        let form = [("token", token.as_str())];
        let answer = provider.post_basic("/revoke", &form, (id, SECRET)).await;
        assert_eq!(answer.json()["error"], "unauthorized_client");
    }
    assert!(house.is_active(BOOKS, &new).await);
}

/// ZITADEL CVE-2024-47000: every path stops.
#[tokio::test]
async fn lesson_22_a_client_on_the_way_or_a_person_that_is_switched_off_stops_it() {
    let house = House::new().await;
    let (subject, new) = both(&house).await;
    let off = ClientState::Disabled {
        since: UnixTime(NOW),
        reason: "test".parse().unwrap(),
    };
    house.change(WEB, |app| app.state = off).await;
    assert!(!house.is_active(BOOKS, &new).await);
    let answer = house.exchange(BOOKS, &subject, &[]).await;
    assert_eq!(answer.json()["error"], "invalid_request");
    house
        .change(WEB, |app| app.state = ClientState::Active)
        .await;
    assert!(house.is_active(BOOKS, &new).await);
    house.actor.provider.suspend(ALICE, true).await;
    assert!(!house.is_active(BOOKS, &new).await);
    house.actor.provider.suspend(ALICE, false).await;
    assert!(house.is_active(BOOKS, &new).await);
}

/// An access token lives on for minutes where a password was changed; nothing more is made of it.
#[tokio::test]
async fn lesson_39_what_a_refresh_would_be_refused_an_exchange_is_refused() {
    let house = House::new().await;
    let subject = house.of_person().await;
    house.actor.provider.wait(1);
    house
        .actor
        .provider
        .give_password(ALICE, "another horse staple")
        .await;
    let answer = house.exchange(BOOKS, &subject, &[]).await;
    assert_eq!(answer.json()["error"], "invalid_request", "{}", answer.body);
}

#[tokio::test]
async fn rfc9068_4_what_was_exchanged_opens_nothing_of_this_server() {
    let house = House::new().await;
    let (_, new) = both(&house).await;
    let answer = house.actor.userinfo(&new).await;
    assert_eq!(answer.status, 403, "{}", answer.body);
}

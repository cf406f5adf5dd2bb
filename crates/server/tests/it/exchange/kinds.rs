//! Which kinds of tokens are taken and given (RFC 8693 section 2.1 and 3).

use carnet_core::record::GrantType;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::RecordKey;
use carnet_testkit::world::ALICE;
use carnet_testkit::world::READ;
use carnet_testkit::world::WEB;
use serde_json::json;

use super::house::ACCESS_TOKEN;
use super::house::ARCHIVE_API;
use super::house::BOOKS;
use super::house::House;
use super::house::ID_TOKEN;
use super::house::JWT;
use super::house::LEDGER_API;
use super::house::POSTINGS;
use crate::code::actor::claims;
use crate::code::actor::member;

const FROM_ID_TOKEN: (&str, &str) = ("subject_token_type", ID_TOKEN);

/// The app may exchange too.
async fn app_exchanges(house: &House) {
    house
        .change(WEB, |app| {
            app.grants.insert(GrantType::TokenExchange);
            app.exchange.audiences = vec![LEDGER_API.parse().unwrap()];
            app.exchange.impersonate = true;
        })
        .await;
}

#[tokio::test]
async fn rfc8693_3_an_id_token_is_exchanged_by_the_client_that_it_is_for() {
    let house = House::new().await;
    app_exchanges(&house).await;
    let tokens = house.tokens().await;
    let id_token = member(&tokens, "id_token");
    let answer = house.exchange(WEB, &id_token, &[FROM_ID_TOKEN]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let new = member(&answer, "access_token");
    let (said, old) = (claims(&new), claims(&id_token));
    assert_eq!(
        (&said["sub"], &said["scope"]),
        (&old["sub"], &json!(POSTINGS))
    );
    assert_eq!(said["via"], json!([{"client_id": WEB}]));
    assert!(house.is_active(WEB, &new).await);
    let answer = house.exchange(BOOKS, &id_token, &[FROM_ID_TOKEN]).await;
    assert!(answer.body.contains("CRN-1323"), "it is for the app alone");
    let refresh = member(&tokens, "refresh_token");
    let form = [("token", refresh.as_str())];
    let secret = carnet_testkit::world::SECRET;
    house
        .actor
        .provider
        .post_basic("/revoke", &form, (WEB, secret))
        .await;
    assert!(!house.is_active(WEB, &new).await);
    let answer = house.exchange(WEB, &id_token, &[FROM_ID_TOKEN]).await;
    assert!(answer.body.contains("CRN-1323"), "{}", answer.body);
}

#[tokio::test]
async fn rfc8693_3_a_jwt_is_any_of_ours() {
    let house = House::new().await;
    app_exchanges(&house).await;
    let tokens = house.tokens().await;
    for name in ["access_token", "id_token"] {
        let token = member(&tokens, name);
        let more = [("subject_token_type", JWT), ("requested_token_type", JWT)];
        let answer = house.exchange(WEB, &token, &more).await;
        assert_eq!(answer.json()["issued_token_type"], JWT, "{}", answer.body);
        assert_eq!(claims(&member(&answer, "access_token"))["aud"], LEDGER_API);
    }
}

#[tokio::test]
async fn rfc8693_3_opaque_tokens_are_exchanged_and_given_but_are_no_jwts() {
    let house = House::new().await;
    house.archive_is_opaque().await;
    let subject = house.of_person().await;
    assert!(subject.starts_with("crn_at_"), "for the archive too");
    let archive = ("audience", ARCHIVE_API);
    let answer = house.exchange(BOOKS, &subject, &[archive]).await;
    let new = member(&answer, "access_token");
    assert!(new.starts_with("crn_at_") && house.is_active(BOOKS, &new).await);
    let wish = [archive, ("requested_token_type", JWT)];
    let answer = house.exchange(BOOKS, &subject, &wish).await;
    assert!(answer.body.contains("CRN-1332"), "{}", answer.body);
    let no_jwt = [("subject_token_type", JWT)];
    let answer = house.exchange(BOOKS, &subject, &no_jwt).await;
    assert!(answer.body.contains("CRN-1323"), "{}", answer.body);
}

#[tokio::test]
async fn rfc8693_2_1_an_id_token_is_given_to_the_client_that_holds_the_authorization() {
    let house = House::new().await;
    app_exchanges(&house).await;
    let subject = house.of_person().await;
    let wish = ("requested_token_type", ID_TOKEN);
    let none = [wish, ("audience", "")];
    let answer = house.exchange(WEB, &subject, &none).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let body = answer.json();
    assert_eq!(
        (&body["issued_token_type"], &body["token_type"]),
        (&json!(ID_TOKEN), &json!("N_A"))
    );
    let said = claims(&member(&answer, "access_token"));
    assert_eq!((&said["aud"], &said["azp"]), (&json!(WEB), &json!(WEB)));
    assert!(said["exp"].as_i64() <= claims(&subject)["exp"].as_i64());
    for (id, more) in [(BOOKS, &none[..]), (WEB, &[wish, ("audience", LEDGER_API)])] {
        let answer = house.exchange(id, &subject, more).await;
        assert!(answer.body.contains("CRN-1332"), "{}", answer.body);
    }
    let kind = "urn:ietf:params:oauth:token-type:refresh_token";
    let answer = house
        .exchange(BOOKS, &subject, &[("requested_token_type", kind)])
        .await;
    assert_eq!(answer.json()["error"], "invalid_request");
    assert!(answer.body.contains("CRN-1332"), "{}", answer.body);
}

#[tokio::test]
async fn rfc8693_4_1_an_account_that_acts_for_a_person_stays_in_the_chain() {
    let house = House::new().await;
    house
        .change(BOOKS, |books| {
            books.exchange.audiences = vec!["https://billing.example".parse().unwrap()];
        })
        .await;
    let provider = &house.actor.provider;
    let acting = provider
        .token(&provider.world.with(json!({"sub": ALICE})))
        .await;
    let own = provider.token(&provider.world.claims()).await;
    let number = provider.world.client_id();
    let target = ("audience", "https://billing.example");
    let books = house.own(BOOKS).await;
    let actor = [
        target,
        ("actor_token", &books),
        ("actor_token_type", ACCESS_TOKEN),
    ];
    let answer = house.exchange(BOOKS, &acting, &actor).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let new = member(&answer, "access_token");
    let said = claims(&new);
    assert_eq!(said["act"]["sub"], BOOKS);
    assert_eq!(said["act"]["act"]["sub"], number.as_str());
    assert_eq!(said["email"], ALICE);
    assert_eq!(said["scope"], READ);
    assert!(house.is_active(BOOKS, &new).await);
    let answer = house.exchange(BOOKS, &own, &actor).await;
    let of_account = member(&answer, "access_token");
    assert_eq!(claims(&of_account)["sub"], number.as_str());
    assert!(house.is_active(BOOKS, &of_account).await);
    // Without its delegation the account acts for nobody, and nobody acts through it.
    let store = provider.world.store();
    let number = number.parse().unwrap();
    let delegation = store.delegations_of(&number).await.unwrap().remove(0);
    let key = RecordKey::Delegation(delegation.id, number);
    let gone = Change::Remove(key, delegation.version);
    assert_eq!(store.commit(&[gone]).await.unwrap(), Committed::Yes);
    assert!(!house.is_active(BOOKS, &new).await);
    assert!(house.is_active(BOOKS, &of_account).await);
}

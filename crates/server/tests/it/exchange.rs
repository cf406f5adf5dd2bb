//! Token exchange (RFC 8693): endpoints in process, over a store in memory, with a clock that stands still.

mod chain;
mod ends;
mod house;
mod kinds;
mod refusals;

use carnet_testkit::world::ALICE;
use carnet_testkit::world::NOW;
use carnet_testkit::world::READ;
use serde_json::json;

use self::house::ACCESS_TOKEN;
use self::house::BOOKS;
use self::house::House;
use self::house::LEDGER_API;
use self::house::POSTINGS;
use crate::code::actor::claims;
use crate::code::actor::member;

#[tokio::test]
async fn rfc8693_2_2_1_a_service_gets_a_token_for_the_next_one_in_the_persons_name() {
    let house = House::new().await;
    let subject = house.of_person().await;
    let answer = house.exchange(BOOKS, &subject, &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let body = answer.json();
    assert_eq!(body["issued_token_type"], ACCESS_TOKEN);
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["scope"], POSTINGS, "what the target knows of");
    assert_eq!(body["expires_in"], 600, "the client's own limit");
    assert!(body.get("refresh_token").is_none());
    let cached = answer.headers["cache-control"].to_str().unwrap();
    assert!(cached.contains("no-store"), "{cached}");
    let (old, new) = (claims(&subject), claims(&member(&answer, "access_token")));
    assert_eq!(new["sub"], old["sub"]);
    assert_eq!(new["client_id"], BOOKS, "section 4.3");
    assert_eq!(new["aud"], LEDGER_API);
    assert_eq!(new["azn"], old["azn"]);
    assert_eq!(new["auth_time"], old["auth_time"]);
    let via = json!([{"jti": old["jti"], "client_id": old["client_id"]}]);
    assert_eq!(new["via"], via);
    assert!(new.get("act").is_none(), "impersonation, section 1.1");
    assert!(new.get("email").is_none());
    assert_ne!(new["jti"], old["jti"]);
}

#[tokio::test]
async fn rfc8693_2_1_the_scope_is_told_or_becomes_what_is_left() {
    let house = House::new().await;
    let subject = house.of_person().await;
    let both = [("audience", LEDGER_API), ("resource", house::ARCHIVE_API)];
    let answer = house.exchange(BOOKS, &subject, &both).await;
    assert_eq!(
        answer.json()["scope"],
        format!("{} {POSTINGS}", house::FILES)
    );
    let asked = [both[0], both[1], ("scope", POSTINGS)];
    let answer = house.exchange(BOOKS, &subject, &asked).await;
    assert_eq!(
        answer.json()["error"],
        "invalid_target",
        "nothing at one of them"
    );
    let asked = [both[0], ("scope", POSTINGS)];
    let answer = house.exchange(BOOKS, &subject, &asked).await;
    assert_eq!(answer.json()["scope"], POSTINGS);
    let old = claims(&subject);
    assert!(old["scope"].as_str().unwrap().contains(READ));
}

#[tokio::test]
async fn rfc8693_2_2_1_the_new_token_ends_no_later_than_the_old_one() {
    let house = House::new().await;
    let subject = house.of_person().await;
    house.actor.provider.wait(500);
    let answer = house.exchange(BOOKS, &subject, &[]).await;
    assert_eq!(answer.json()["expires_in"], 100);
    assert_eq!(claims(&member(&answer, "access_token"))["exp"], NOW + 600);
    house.actor.provider.wait(100);
    let answer = house.exchange(BOOKS, &subject, &[]).await;
    assert_eq!(answer.json()["error"], "invalid_request", "it is over");
}

#[tokio::test]
async fn rfc8693_2_2_each_exchange_stands_in_the_audit_log() {
    let house = House::new().await;
    let subject = house.of_person().await;
    let answer = house.exchange(BOOKS, &subject, &[]).await;
    let (entry, detail) = house.audited().await;
    let old = claims(&subject);
    assert_eq!(entry.action, "token.exchange");
    assert_eq!(entry.actor, format!("client:{BOOKS}"));
    assert_eq!(entry.target, old["sub"].as_str().unwrap());
    assert_eq!(detail["audience"], LEDGER_API);
    assert_eq!(detail["scope"], POSTINGS);
    assert_eq!(detail["of_token"], old["jti"]);
    let new = claims(&member(&answer, "access_token"));
    assert_eq!(detail["token"], new["jti"]);
    assert!(!entry.detail.contains(ALICE), "a number, no address");
}

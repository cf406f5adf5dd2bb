//! Who acts, and who acted before (RFC 8693 section 4.1 and 4.4).

use carnet_testkit::world::WEB;
use serde_json::json;

use super::house::ACCESS_TOKEN;
use super::house::ARCHIVE_API;
use super::house::BOOKS;
use super::house::FILES;
use super::house::House;
use super::house::KEEPER;
use super::house::LEDGER_API;
use crate::code::actor::claims;
use crate::code::actor::member;

/// For the ledger and the archive, so that the ledger can go on.
const BOTH: [(&str, &str); 2] = [("audience", LEDGER_API), ("audience", ARCHIVE_API)];

fn acting(token: &str) -> [(&str, &str); 2] {
    [("actor_token", token), ("actor_token_type", ACCESS_TOKEN)]
}

#[tokio::test]
async fn rfc8693_4_1_the_chain_says_who_acts_and_within_it_who_acted_before() {
    let house = House::new().await;
    let subject = house.of_person().await;
    let (books, keeper) = (house.own(BOOKS).await, house.own(KEEPER).await);
    let more = [&BOTH[..], &acting(&books)].concat();
    let first = house.exchange(BOOKS, &subject, &more).await;
    let first = member(&first, "access_token");
    assert_eq!(claims(&first)["act"], json!({"sub": BOOKS}));
    let more = [&[("audience", ARCHIVE_API)][..], &acting(&keeper)].concat();
    let second = house.exchange(KEEPER, &first, &more).await;
    assert_eq!(second.status, 200, "{}", second.body);
    let second = member(&second, "access_token");
    let act = json!({"sub": KEEPER, "act": {"sub": BOOKS}});
    let said = claims(&second);
    assert_eq!(said["act"], act);
    assert_eq!(said["sub"], claims(&subject)["sub"]);
    assert_eq!(
        (&said["aud"], &said["scope"]),
        (&json!(ARCHIVE_API), &json!(FILES))
    );
    let via: Vec<_> = said["via"].as_array().unwrap().iter().collect();
    assert_eq!(
        (&via[0]["client_id"], &via[1]["client_id"]),
        (&json!(WEB), &json!(BOOKS))
    );
    let told = house.said(KEEPER, &second).await;
    assert_eq!((&told["active"], &told["act"]), (&json!(true), &act));
}

#[tokio::test]
async fn rfc8693_4_1_to_impersonate_takes_nobody_out_of_the_chain() {
    let house = House::new().await;
    let subject = house.of_person().await;
    let own = house.own(BOOKS).await;
    let more = [&BOTH[..], &acting(&own)].concat();
    let first = house.exchange(BOOKS, &subject, &more).await;
    let again = house
        .exchange(BOOKS, &member(&first, "access_token"), &[])
        .await;
    let said = claims(&member(&again, "access_token"));
    assert_eq!(said["act"], json!({"sub": BOOKS}), "it stays");
}

#[tokio::test]
async fn rfc8693_4_1_a_chain_has_five_members_at_most() {
    let house = House::new().await;
    let own = house.own(BOOKS).await;
    for more in [&[][..], &acting(&own)] {
        let mut token = house.of_person().await;
        for _ in 0..5 {
            let answer = house.exchange(BOOKS, &token, more).await;
            assert_eq!(answer.status, 200, "{}", answer.body);
            token = member(&answer, "access_token");
        }
        assert!(house.is_active(BOOKS, &token).await);
        let answer = house.exchange(BOOKS, &token, more).await;
        assert_eq!(answer.json()["error"], "invalid_request");
        assert!(answer.body.contains("CRN-1328"), "{}", answer.body);
    }
}

#[tokio::test]
async fn rfc8693_2_2_2_who_may_only_delegate_says_who_acts() {
    let house = House::new().await;
    house
        .change(BOOKS, |books| books.exchange.impersonate = false)
        .await;
    let subject = house.of_person().await;
    let answer = house.exchange(BOOKS, &subject, &[]).await;
    assert_eq!(answer.json()["error"], "invalid_request");
    assert!(answer.body.contains("CRN-1330"), "{}", answer.body);
    let own = house.own(BOOKS).await;
    let answer = house.exchange(BOOKS, &subject, &acting(&own)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

#[tokio::test]
async fn rfc8693_2_1_the_actors_token_is_the_clients_own_and_of_nobody_elses_deputy() {
    let house = House::new().await;
    let subject = house.of_person().await;
    let of_another = house.own(KEEPER).await;
    let exchanged = house.exchange(BOOKS, &subject, &[]).await;
    let exchanged = member(&exchanged, "access_token");
    for bad in [of_another.as_str(), &exchanged, &subject, "x"] {
        let answer = house.exchange(BOOKS, &subject, &acting(bad)).await;
        assert_eq!(answer.json()["error"], "invalid_request", "{}", answer.body);
        assert!(answer.body.contains("CRN-1326"), "{}", answer.body);
    }
    let alone = [("actor_token_type", ACCESS_TOKEN)];
    let answer = house.exchange(BOOKS, &subject, &alone).await;
    assert!(answer.body.contains("CRN-1322"), "{}", answer.body);
    let untyped = [("actor_token", of_another.as_str())];
    let answer = house.exchange(BOOKS, &subject, &untyped).await;
    assert_eq!(answer.json()["error"], "invalid_request");
}

#[tokio::test]
async fn rfc8693_4_4_may_act_is_stricter_than_any_setting() {
    let house = House::new().await;
    let named = |app: &mut carnet_core::record::Client, id: &str| {
        app.exchange.may_act = Some(id.parse().unwrap());
    };
    house.change(WEB, |app| named(app, KEEPER)).await;
    let subject = house.of_person().await;
    assert_eq!(claims(&subject)["may_act"], json!({"sub": KEEPER}));
    let own = house.own(BOOKS).await;
    for more in [&[][..], &acting(&own)] {
        let answer = house.exchange(BOOKS, &subject, more).await;
        assert_eq!(answer.json()["error"], "invalid_request");
        assert!(answer.body.contains("CRN-1327"), "{}", answer.body);
    }
    house.change(WEB, |app| named(app, BOOKS)).await;
    let subject = house.of_person().await;
    for more in [&[][..], &acting(&own)] {
        let answer = house.exchange(BOOKS, &subject, more).await;
        let token = member(&answer, "access_token");
        assert_eq!(
            claims(&token)["may_act"],
            json!({"sub": BOOKS}),
            "it is repeated"
        );
    }
}

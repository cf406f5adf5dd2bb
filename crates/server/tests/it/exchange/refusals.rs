//! What is not exchanged, and why (RFC 8693 section 2.2.2).

use carnet_core::record::ClientAuthentication;
use carnet_core::record::GrantType;
use carnet_testkit::prover;
use carnet_testkit::prover::Prover;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::world::DAEMON;
use carnet_testkit::world::NOW;
use carnet_testkit::world::READ;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::WEB;
use carnet_testkit::world::WRITE;

use super::house::ARCHIVE_API;
use super::house::BOOKS;
use super::house::FILES;
use super::house::GRANT;
use super::house::House;
use super::house::ID_TOKEN;
use super::house::KEEPER;
use super::house::LEDGER_API;
use super::house::POSTINGS;
use crate::code::actor::claims;
use crate::code::actor::member;
use crate::downscoping::boundary;
use crate::downscoping::weaker;
use crate::federation::scene::Shows;

const TYPE: &str = "subject_token_type";

/// It is this error, for this cause.
async fn refused(
    house: &House,
    (id, subject): (&str, &str),
    more: &[(&str, &str)],
    (error, crn): (&str, &str),
) {
    let answer = house.exchange(id, subject, more).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    assert_eq!(answer.json()["error"], error, "{}", answer.body);
    assert!(answer.body.contains(crn), "{}", answer.body);
}

/// Keycloak CVE-2026-9704: who sends no subject's token asks for nobody, and not for itself.
#[tokio::test]
async fn lesson_4_without_a_subject_token_nothing_is_given() {
    let house = House::new().await;
    let typed = ("subject_token_type", super::ACCESS_TOKEN);
    for sent in [None, Some(""), Some("  ")] {
        let mut form = vec![("grant_type", GRANT), typed, ("audience", LEDGER_API)];
        form.extend(sent.map(|sent| ("subject_token", sent)));
        let answer = house.ask(BOOKS, &form).await;
        assert_eq!(answer.status, 400);
        assert_eq!(answer.json()["error"], "invalid_request", "{sent:?}");
    }
    let own = house.own(BOOKS).await;
    let form = [("grant_type", GRANT), ("subject_token", own.as_str())];
    let answer = house.ask(BOOKS, &form).await;
    assert_eq!(answer.json()["error"], "invalid_request", "no type");
}

#[tokio::test]
async fn rfc8693_2_1_a_token_is_of_the_type_that_is_said() {
    let house = House::new().await;
    let tokens = house.tokens().await;
    let access = member(&tokens, "access_token");
    let refresh = member(&tokens, "refresh_token");
    let of = |name: &str| format!("urn:ietf:params:oauth:token-type:{name}");
    let invalid = ("invalid_request", "CRN-1323");
    for text in ["x", "crn_at_AAAA", &refresh, &member(&tokens, "id_token")] {
        refused(&house, (BOOKS, text), &[], invalid).await;
    }
    refused(&house, (BOOKS, &access), &[(TYPE, ID_TOKEN)], invalid).await;
    for kind in ["refresh_token", "saml1", "saml2"].map(of) {
        let cause = ("invalid_request", "CRN-1324");
        for text in [&access, &refresh] {
            refused(&house, (BOOKS, text), &[(TYPE, kind.as_str())], cause).await;
        }
    }
    let unknown = ("invalid_request", "CRN-1321");
    refused(&house, (BOOKS, &access), &[(TYPE, "access_token")], unknown).await;
}

/// A token that was stolen elsewhere is worth nothing here, and whether it is good is not told.
#[tokio::test]
async fn rfc8693_5_no_confused_deputy_a_token_is_exchanged_by_whom_it_was_for() {
    let house = House::new().await;
    let code = house.actor.code(&format!("openid {READ}")).await;
    let of_billing = member(&house.actor.redeem(&code).await, "access_token");
    let own = house.own(BOOKS).await;
    house
        .change(KEEPER, |keeper| {
            keeper.exchange.audiences = vec![LEDGER_API.parse().unwrap()];
            keeper.exchange.impersonate = true;
        })
        .await;
    let dead = house.exchange(KEEPER, "x", &[]).await.json()["error_description"].clone();
    for subject in [of_billing.as_str(), &house.account().await] {
        let answer = house.exchange(KEEPER, subject, &[]).await;
        assert_eq!(answer.json()["error"], "invalid_request");
        assert_eq!(answer.json()["error_description"], dead);
    }
    let of_ledger = house.exchange(KEEPER, &own, &[]).await;
    assert_eq!(of_ledger.status, 200, "it is for an API of its project");
}

#[tokio::test]
async fn rfc8693_2_1_the_scope_never_grows() {
    let house = House::new().await;
    let subject = house.of_person().await;
    let beyond = ("invalid_scope", "CRN-1331");
    let all = format!("{POSTINGS} {FILES}");
    for scope in [
        READ,
        WRITE,
        &all,
        "nothing.known",
        "openid",
        "offline_access",
    ] {
        refused(&house, (BOOKS, &subject), &[("scope", scope)], beyond).await;
    }
    let code = house.actor.code(&format!("openid {READ} {FILES}")).await;
    let less = member(&house.actor.redeem(&code).await, "access_token");
    refused(&house, (BOOKS, &less), &[], beyond).await;
    refused(&house, (BOOKS, &less), &[("scope", POSTINGS)], beyond).await;
    house
        .change(BOOKS, |books| books.scopes = books.default_scopes.clone())
        .await;
    let archive = [("audience", ARCHIVE_API)];
    refused(&house, (BOOKS, &subject), &archive, beyond).await;
}

#[tokio::test]
async fn rfc8693_2_2_2_only_for_the_apis_that_the_settings_name() {
    let house = House::new().await;
    let subject = house.of_person().await;
    let target = ("invalid_target", "CRN-1329");
    let billing = "https://billing.example";
    for name in ["audience", "resource"] {
        for api in [billing, "https://nobody.example", "urn:carnet:admin"] {
            refused(&house, (BOOKS, &subject), &[(name, api)], target).await;
        }
    }
    let mixed = [("audience", LEDGER_API), ("audience", billing)];
    refused(&house, (BOOKS, &subject), &mixed, target).await;
    let unnamed = [("resource", ""), ("audience", "")];
    refused(&house, (BOOKS, &subject), &unnamed, target).await;
    let odd = [("resource", "not a uri")];
    let answer = house.exchange(BOOKS, &subject, &odd).await;
    assert_eq!(
        answer.json()["error"],
        "invalid_target",
        "RFC 8707 section 2"
    );
    house
        .change(BOOKS, |books| books.exchange.audiences.clear())
        .await;
    refused(&house, (BOOKS, &subject), &[], target).await;
    refused(&house, (BOOKS, &subject), &unnamed, target).await;
}

#[tokio::test]
async fn rfc8693_2_1_only_a_client_that_proves_itself_and_is_registered_for_it() {
    let house = House::new().await;
    let subject = house.of_person().await;
    for id in [DAEMON, WEB] {
        refused(
            &house,
            (id, &subject),
            &[],
            ("unauthorized_client", "CRN-1409"),
        )
        .await;
    }
    house
        .change(BOOKS, |books| {
            books.authentication = ClientAuthentication::None;
        })
        .await;
    let form = [
        ("grant_type", GRANT),
        ("client_id", BOOKS),
        ("subject_token", subject.as_str()),
        ("subject_token_type", super::ACCESS_TOKEN),
    ];
    let answer = house.actor.provider.post("/token", &form).await;
    assert_eq!(answer.json()["error"], "unauthorized_client");
    house
        .change(KEEPER, |keeper| {
            keeper.grants.remove(&GrantType::TokenExchange);
        })
        .await;
    refused(
        &house,
        (KEEPER, &subject),
        &[],
        ("unauthorized_client", "CRN-1409"),
    )
    .await;
}

/// What is made of a token that was made weaker would be whole again.
#[tokio::test]
async fn google_wire_6_5_a_token_with_a_boundary_is_not_exchanged_for_one_without() {
    let house = House::new().await;
    let subject = house.of_person().await;
    let options = serde_json::json!({ "accessBoundary": boundary() });
    let answer = weaker(&house.actor.provider, &subject, &options).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let bounded = member(&answer, "access_token");
    let error = ("invalid_request", "CRN-1323");
    refused(&house, (BOOKS, &bounded), &[], error).await;
}

/// Nobody makes a bearer token of a bound one that they found; whoever holds the key gets one that is bound to it.
#[tokio::test]
async fn rfc9449_7_2_a_bound_token_is_exchanged_with_its_key_alone() {
    let house = House::new().await;
    let provider = &house.actor.provider;
    let (mine, others) = (Prover::new(), Prover::new());
    let url = format!("{ISSUER}/token");
    let proof = |key: &Prover, name: &str| key.prove(&prover::claims(name, ("POST", &url), NOW));
    let by = Some((BOOKS, SECRET));
    let shown = proof(&mine, "a");
    let own = [("grant_type", "client_credentials")];
    let first = Shows {
        by,
        ..Shows::proof(&shown)
    };
    let subject = member(&first.post(provider, "/token", &own).await, "access_token");
    let form = [
        ("grant_type", GRANT),
        ("subject_token", subject.as_str()),
        ("subject_token_type", super::ACCESS_TOKEN),
        ("audience", LEDGER_API),
    ];
    let wrong = proof(&others, "b");
    for shows in [Shows::nothing(), Shows::proof(&wrong)] {
        let answer = Shows { by, ..shows }.post(provider, "/token", &form).await;
        assert_eq!(answer.status, 400, "{}", answer.body);
        assert!(answer.body.contains("CRN-1334"), "{}", answer.body);
    }
    let right = proof(&mine, "c");
    let last = Shows {
        by,
        ..Shows::proof(&right)
    };
    let answer = last.post(provider, "/token", &form).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.json()["token_type"], "DPoP");
    let claims = claims(&member(&answer, "access_token"));
    assert_eq!(claims["cnf"]["jkt"], mine.thumbprint());
}

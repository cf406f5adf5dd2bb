//! Tokens of service identities that somebody made who should not, or sent where they do not belong.

use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_jose::LocalSigner;
use carnet_jose::base64url;
use carnet_testkit::world::READ;
use serde_json::json;

use super::scene::API;
use super::scene::GRANT;
use super::scene::IDENTITY;
use super::scene::KIND;
use super::scene::Scene;
use super::scene::refused;
use super::scene::signed;

#[tokio::test]
async fn google_wire_8_4_an_identity_speaks_of_itself() {
    let scene = Scene::new().await;
    for sub in [
        json!("alice@acme.example"),
        json!("system:serviceaccount:billing:other"),
        json!(scene.provider.world.email()),
        json!(""),
        json!(null),
        json!(5),
        json!([IDENTITY]),
    ] {
        let answer = scene
            .ask(&scene.with(json!({ "sub": sub })), json!({}))
            .await;
        refused(&answer, 400, "invalid_grant", "CRN-2020");
    }
    for prn in [json!("alice@acme.example"), json!(5)] {
        let answer = scene
            .ask(&scene.with(json!({ "prn": prn })), json!({}))
            .await;
        refused(&answer, 400, "invalid_grant", "CRN-2020");
    }
}

#[tokio::test]
async fn google_wire_8_4_a_key_signs_for_its_own_account_of_its_own_project() {
    let scene = Scene::new().await;
    for other in [
        "system:serviceaccount:elsewhere:invoice-sync",
        "system:serviceaccount:billing:invoice-synk",
    ] {
        let claims = scene.with(json!({ "iss": other, "sub": other }));
        let answer = scene.ask(&claims, json!({})).await;
        refused(&answer, 400, "invalid_grant", "CRN-2005");
    }
}

#[tokio::test]
async fn google_wire_8_4_only_the_name_of_an_identity_is_one() {
    let scene = Scene::new().await;
    let world = &scene.provider.world;
    for name in [
        world.email().as_str(),
        world.client_id().as_str(),
        "system:serviceaccount:billing",
        "system:serviceaccount:billing:invoice-sync:x",
        "https://issuer.example",
        "invoice-sync",
    ] {
        let claims = scene.with(json!({ "iss": name, "sub": name }));
        let answer = scene.ask(&claims, json!({})).await;
        refused(&answer, 401, "invalid_client", "CRN-2019");
    }
    for nobody in [json!(null), json!(""), json!(7)] {
        let answer = scene
            .ask(&scene.with(json!({ "iss": nobody })), json!({}))
            .await;
        refused(&answer, 400, "invalid_grant", "CRN-2003");
    }
}

/// The world's first key is one of RSA, and a good one of the same account.
#[tokio::test]
async fn google_wire_8_4_an_identity_signs_with_es256() {
    let scene = Scene::new().await;
    let world = &scene.provider.world;
    let answer = scene.bring(&world.sign(&scene.claims()), json!({})).await;
    refused(&answer, 400, "invalid_grant", "CRN-2002");
    let other = LocalSigner::new(KeyPair::generate(KeyType::Ed25519).unwrap(), "x");
    let answer = scene
        .bring(&signed(&scene.claims(), &other), json!({}))
        .await;
    refused(&answer, 400, "invalid_grant", "CRN-2002");
    let good = scene.sign(&scene.claims());
    let (_, rest) = good.split_once('.').unwrap();
    let (payload, signature) = rest.split_once('.').unwrap();
    for header in [
        r#"{"alg":"none"}"#,
        r#"{"alg":"None","typ":"JWT"}"#,
        r#"{"alg":"HS256"}"#,
    ] {
        let header = base64url::encode(header);
        for signature in ["", signature] {
            let token = format!("{header}.{payload}.{signature}");
            let answer = scene.bring(&token, json!({})).await;
            refused(&answer, 400, "invalid_grant", "CRN-2002");
        }
    }
}

#[tokio::test]
async fn google_wire_8_4_what_was_changed_on_the_way_is_nothing() {
    let scene = Scene::new().await;
    let good = scene.sign(&scene.claims());
    let (signing, signature) = good.rsplit_once('.').unwrap();
    let (header, _) = signing.split_once('.').unwrap();
    let other = base64url::encode(scene.with(json!({ "exp": 2_000_000_000 })).to_string());
    let zeros = base64url::encode([0_u8; 64]);
    for token in [
        format!("{header}.{other}.{signature}"),
        format!("{signing}."),
        format!("{signing}.{zeros}"),
    ] {
        let answer = scene.bring(&token, json!({})).await;
        refused(&answer, 400, "invalid_grant", "CRN-2005");
    }
    for token in ["", "x", "a.b", "a.b.c.d"] {
        let answer = scene.bring(token, json!({})).await;
        assert_eq!(answer.status, 400, "{}", answer.body);
        assert_eq!(answer.json()["error"], "invalid_request", "{}", answer.body);
    }
}

#[tokio::test]
async fn google_wire_8_4_times_are_those_of_every_assertion() {
    let scene = Scene::new().await;
    let now = carnet_testkit::world::NOW;
    for (times, code) in [
        (json!({ "exp": now - 301, "iat": now - 3_600 }), "CRN-2105"),
        (json!({ "iat": now + 301 }), "CRN-2104"),
        (json!({ "exp": now + 43_200 }), "CRN-2106"),
        (json!({ "exp": null }), "CRN-2109"),
        (json!({ "iat": null }), "CRN-2109"),
    ] {
        let answer = scene.ask(&scene.with(times), json!({})).await;
        refused(&answer, 400, "invalid_grant", code);
    }
    scene.provider.wait(3_600 + 301);
    let answer = scene.ask(&scene.claims(), json!({})).await;
    refused(&answer, 400, "invalid_grant", "CRN-2105");
}

/// The odd name goes with the one type, and the type with the one name.
#[tokio::test]
async fn google_wire_8_4_the_name_and_the_type_go_together() {
    let scene = Scene::new().await;
    for kind in [
        json!("urn:ietf:params:oauth:token-type:jwt"),
        json!("urn:ietf:params:oauth:token-type:access_token"),
        json!("urn:k8s:params:oauth:token-type:ServiceAccount"),
        json!(null),
    ] {
        let answer = scene
            .ask(&scene.claims(), json!({ "subject_token_type": kind }))
            .await;
        refused(&answer, 400, "unsupported_grant_type", "CRN-1006");
        let said = answer.json()["error_description"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(said.contains("grant-type:token-exchange"), "{said}");
    }
    // RFC 8693 by its own name wants a client, and knows no such type even then.
    let rfc = json!({ "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange" });
    let answer = scene.ask(&scene.claims(), rfc).await;
    refused(&answer, 400, "invalid_request", "CRN-1321");
}

/// Each kind of assertion buys what it is for, by its own spelling alone.
#[tokio::test]
async fn google_wire_8_4_no_assertion_is_of_both_kinds() {
    let scene = Scene::new().await;
    let world = &scene.provider.world;
    // An identity's, as an assertion of an account, also with what those have.
    for claims in [scene.claims(), scene.with(json!({ "scope": READ }))] {
        let answer = scene.provider.redeem_text(&scene.sign(&claims)).await;
        refused(&answer, 401, "invalid_client", "CRN-2019");
    }
    // An account's, signed with the same key, as an identity's.
    let answer = scene.ask(&world.claims(), json!({})).await;
    refused(&answer, 401, "invalid_client", "CRN-2019");
    // And as its own it is good, as any key of the account is.
    let answer = scene
        .provider
        .redeem_text(&scene.sign(&world.claims()))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

#[tokio::test]
async fn rfc6749_3_2_a_parameter_comes_once() {
    let scene = Scene::new().await;
    let token = scene.sign(&scene.claims());
    for twice in [
        ("subject_token", token.as_str()),
        ("subject_token_type", KIND),
        (
            "requested_token_type",
            "urn:ietf:params:oauth:token-type:access_token",
        ),
        ("grant_type", GRANT),
    ] {
        let form = [
            ("grant_type", GRANT),
            ("audience", API),
            (
                "requested_token_type",
                "urn:ietf:params:oauth:token-type:access_token",
            ),
            ("subject_token", token.as_str()),
            ("subject_token_type", KIND),
            twice,
        ];
        let answer = scene.provider.post("/token", &form).await;
        refused(&answer, 400, "invalid_request", "CRN-");
    }
}

#[tokio::test]
async fn google_wire_8_4_bodies_of_another_kind_are_refused() {
    let scene = Scene::new().await;
    for body in ["[]", "{", "null", "\"x\"", r#"{"grant_type":{"a":1}}"#] {
        let request = axum::http::Request::post("/token")
            .header("content-type", "application/json")
            .body(axum::body::Body::from(body))
            .unwrap();
        let answer = scene.provider.send(request).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.body);
    }
}

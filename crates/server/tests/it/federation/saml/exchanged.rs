//! Assertions that are exchanged, and those that are not.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use carnet_core::value::UnixTime;
use carnet_testkit::saml::IdentityProvider;
use carnet_testkit::saml::Said;
use serde_json::json;

use super::SAML;
use super::Saml;
use crate::federation::scene::payload;

#[tokio::test]
async fn google_wire_6_4_an_assertion_buys_a_token_of_a_principal() {
    let saml = Saml::new().await;
    let token = saml.identity.sign(&saml.said());
    // As a file has it, and again an hour later as long as it lives: nothing is spent.
    for token in [token.clone(), format!("{token}\n")] {
        let answer = saml.exchange(SAML, &token).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let body = answer.json();
        assert_eq!(body["expires_in"], 600, "no longer than the assertion");
        let claims = payload(body["access_token"].as_str().unwrap());
        let pool = &saml.scene.pool.name;
        let sub = format!("principal://iam.googleapis.com/{pool}/subject/build-7");
        assert_eq!(claims["sub"], sub.as_str());
        assert_eq!(claims["client_id"], saml.scene.provider.name.as_str());
        assert_eq!(
            claims["federated"],
            json!({ "attributes": { "team": "payments" } })
        );
    }
}

#[tokio::test]
async fn google_wire_6_4_an_assertion_is_for_the_provider_in_time_and_of_its_issuer() {
    let saml = Saml::new().await;
    let said = saml.said();
    let at = |seconds| UnixTime(saml.scene.now + seconds);
    let elsewhere = "https://elsewhere.example".to_owned();
    let cases = [
        (
            2512,
            Said {
                audience: elsewhere.clone(),
                ..said.clone()
            },
        ),
        (
            2512,
            Said {
                recipient: elsewhere,
                ..said.clone()
            },
        ),
        (
            2513,
            Said {
                expires: at(0),
                ..said.clone()
            },
        ),
        (
            2514,
            Said {
                issued: at(61),
                ..said.clone()
            },
        ),
        (
            2514,
            Said {
                expires: at(24 * 3_600),
                ..said.clone()
            },
        ),
        (
            2510,
            Said {
                subject: String::new(),
                ..said.clone()
            },
        ),
    ];
    for (code, said) in cases {
        let answer = saml.exchange(SAML, &saml.identity.sign(&said)).await;
        let told = saml.scene.refused(&answer, "invalid_grant", code).await;
        assert!(told.contains("https://idp.example/saml"), "{told}");
    }
    let google = Said {
        recipient: "https://sts.googleapis.com/v1/token".to_owned(),
        audience: saml.scene.provider.name.audience(),
        ..said
    };
    let answer = saml.exchange(SAML, &saml.identity.sign(&google)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

#[tokio::test]
async fn lesson_18_an_assertion_that_another_signed_or_somebody_changed_is_refused() {
    let saml = Saml::new().await;
    let (said, now) = (saml.said(), UnixTime(saml.scene.now));
    let stranger = IdentityProvider::new(&saml.identity.entity, now).sign(&said);
    let token = saml.identity.sign(&said);
    let text = String::from_utf8(STANDARD.decode(&token).unwrap()).unwrap();
    let encoded = |text: String| STANDARD.encode(text);
    let changed = encoded(text.replace("build-7", "admin"));
    let unsigned = text.find("<Signature").unwrap()..text.find("<Subject>").unwrap();
    let mut bare = text.clone();
    bare.replace_range(unsigned, "");
    for token in [stranger, changed, encoded(bare)] {
        let answer = saml.exchange(SAML, &token).await;
        saml.scene.refused(&answer, "invalid_grant", 2516).await;
    }
    let cut = text.replace("build-7", "build<!---->-7");
    let entity = format!("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>{text}");
    for token in [
        encoded(cut),
        encoded(entity),
        text.clone(),
        "%%%".to_owned(),
    ] {
        let answer = saml.exchange(SAML, &token).await;
        saml.scene.refused(&answer, "invalid_grant", 2510).await;
    }
}

#[tokio::test]
async fn google_wire_6_4_the_condition_reads_lists_of_attributes() {
    let saml = Saml::new().await;
    let mut said = saml.said();
    said.attributes[1].1 = "read".to_owned();
    let answer = saml.exchange(SAML, &saml.identity.sign(&said)).await;
    saml.scene
        .refused(&answer, "unauthorized_client", 2520)
        .await;
}

#[tokio::test]
async fn the_keys_of_an_expired_certificate_sign_nothing_any_more() {
    let mut saml = Saml::new().await;
    saml.scene.wait(10 * 86_400);
    let answer = saml.exchange(SAML, &saml.identity.sign(&saml.said())).await;
    saml.scene.refused(&answer, "invalid_grant", 2516).await;
}

//! What is signed in the name of an account: by which key, where that is published, and what it opens. And who
//! calls with a JWT that it signed itself.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use carnet_core::rule::iam::system_key;
use carnet_jose::Limits;
use carnet_jose::PublicKey;
use carnet_jose::Unverified;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::world::ALICE;
use carnet_testkit::world::NOW;
use carnet_testkit::world::READ;
use serde_json::Value;
use serde_json::json;

use super::house::CLOUD;
use super::house::House;
use super::house::TARGET;
use super::house::claims;
use super::house::told;

/// The account's published keys, by `kid`.
async fn published(house: &House, email: &str) -> serde_json::Map<String, Value> {
    let path = format!("/service_accounts/v1/metadata/raw/{email}");
    let answer = house.provider.get(&path).await;
    answer.json().as_object().unwrap().clone()
}

async fn sign_jwt(house: &House, named: &str, payload: &Value) -> (String, String) {
    let body = json!({"payload": payload.to_string()});
    let answer = house.ask(&format!("{named}:signJwt"), body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let text = |name: &str| answer.json()[name].as_str().unwrap().to_owned();
    (text("keyId"), text("signedJwt"))
}

#[tokio::test]
async fn google_wire_5_1_bytes_are_signed_by_a_key_that_is_published_then() {
    let house = House::new().await;
    assert!(
        published(&house, TARGET).await.is_empty(),
        "made when needed"
    );
    let body = json!({"payload": STANDARD.encode(b"hello")});
    let answer = house.ask(&format!("{TARGET}:signBlob"), body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let given = answer.json();
    let signature = STANDARD
        .decode(given["signedBlob"].as_str().unwrap())
        .unwrap();
    let keys = published(&house, TARGET).await;
    let pem = keys[given["keyId"].as_str().unwrap()].as_str().unwrap();
    let key = PublicKey::from_pem(pem).unwrap();
    assert!(key.verify(b"hello", &signature).is_ok());
    assert!(key.verify(b"hellO", &signature).is_err());
    let path = format!("/service_accounts/v1/metadata/x509/{TARGET}");
    let certificates = house.provider.get(&path).await.json();
    let pem = certificates[given["keyId"].as_str().unwrap()]
        .as_str()
        .unwrap();
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----"));
}

#[tokio::test]
async fn google_wire_5_1_a_jwt_is_signed_as_it_was_written() {
    let house = House::new().await;
    let payload = json!({"sub": "x", "aud": "y", "exp": NOW + 43_200, "nested": {"a": [1]}});
    let (kid, token) = sign_jwt(&house, TARGET, &payload).await;
    assert_eq!(claims(&token), payload);
    let unverified = Unverified::parse(&token, Limits::STRICT).unwrap();
    assert_eq!(unverified.header().key_id.as_deref(), Some(kid.as_str()));
    let again = sign_jwt(&house, TARGET, &payload).await;
    assert_eq!(again.0, kid, "one key signs");
    for payload in ["[]", "", r#"{"exp":1}"#] {
        let answer = house
            .ask(&format!("{TARGET}:signJwt"), json!({"payload": payload}))
            .await;
        assert_eq!(told(&answer).2, "CRN-2405", "{payload}");
    }
    let object = house
        .ask(&format!("{TARGET}:signJwt"), json!({"payload": {}}))
        .await;
    assert_eq!(told(&object).2, "CRN-2404");
}

#[tokio::test]
async fn google_wire_9_2_a_signed_jwt_is_redeemed_for_a_token_of_a_person() {
    let house = House::new().await;
    // The world's own account is the one that may act for people; it is bound on itself here.
    let caller = house.caller().await;
    let own = carnet_core::value::Member::ServiceAccount(caller.unique_id.clone());
    let role = carnet_core::record::AccountRole::TokenCreator;
    house.bind(caller.email.as_str(), &[(role, own)]).await;
    let payload = json!({
        "iss": caller.email, "sub": ALICE, "scope": READ, "iat": NOW, "exp": NOW + 3_600,
        "aud": "https://oauth2.googleapis.com/token",
    });
    let (_, assertion) = sign_jwt(&house, caller.email.as_str(), &payload).await;
    let answer = house.provider.redeem_text(&assertion).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let said = claims(answer.json()["access_token"].as_str().unwrap());
    assert_eq!(said["email"], ALICE);
    assert_eq!(said["act"]["email"], caller.email.as_str());
}

#[tokio::test]
async fn google_wire_3_3_a_key_is_followed_by_one_that_was_published_before() {
    let house = House::new().await;
    let (first, _) = sign_jwt(&house, TARGET, &json!({})).await;
    house
        .provider
        .wait(system_key::FRESH.0 - system_key::PREPARED.0);
    let (still, _) = sign_jwt(&house, TARGET, &json!({})).await;
    assert_eq!(still, first);
    assert_eq!(
        published(&house, TARGET).await.len(),
        2,
        "the next one is there"
    );
    house.provider.wait(system_key::PREPARED.0);
    let (second, _) = sign_jwt(&house, TARGET, &json!({})).await;
    assert_ne!(second, first);
    assert!(
        published(&house, TARGET).await.contains_key(&first),
        "past its last use"
    );
    house
        .provider
        .wait(system_key::LONGEST.0 - system_key::FRESH.0 + system_key::AFTER.0);
    assert!(!published(&house, TARGET).await.contains_key(&first));
}

#[tokio::test]
async fn one_of_sixteen_first_keys_is_kept() {
    let house = House::new().await;
    let token = house.token(CLOUD).await;
    let named = format!("{TARGET}:signJwt");
    let calls = (0..16).map(|_| house.call(&token, &named, json!({"payload": "{}"})));
    let mut kids: Vec<_> = Vec::new();
    for answer in futures_util::future::join_all(calls).await {
        kids.push(answer.json()["keyId"].as_str().unwrap().to_owned());
    }
    kids.dedup();
    assert_eq!(kids.len(), 1);
    assert_eq!(published(&house, TARGET).await.len(), 1);
}

#[tokio::test]
async fn google_wire_3_3_an_account_calls_with_a_jwt_that_it_signed_itself() {
    let house = House::new().await;
    let email = house.caller().await.email;
    let named = format!("{TARGET}:generateAccessToken");
    let body = json!({"scope": [READ]});
    let own = |more: Value| {
        let mut claims = json!({"iss": email, "sub": email, "iat": NOW - 10, "exp": NOW + 3_610});
        for (name, value) in more.as_object().unwrap() {
            claims[name] = value.clone();
        }
        house.provider.world.sign(&claims)
    };
    for good in [
        json!({"aud": "https://iamcredentials.googleapis.com/"}),
        json!({"aud": format!("{ISSUER}/")}),
        json!({"aud": null, "scope": CLOUD}),
        json!({"aud": null, "scope": CLOUD, "sub": null}),
    ] {
        let answer = house.call(&own(good.clone()), &named, body.clone()).await;
        assert_eq!(answer.status, 200, "{good}: {}", answer.body);
    }
    for (bad, status, code) in [
        (
            json!({"aud": "https://oauth2.googleapis.com/token", "scope": CLOUD}),
            401,
            "CRN-4009",
        ),
        (
            json!({"aud": "https://storage.googleapis.com/"}),
            401,
            "CRN-4002",
        ),
        (json!({"aud": null}), 401, "CRN-4005"),
        (json!({"scope": READ}), 403, "CRN-4006"),
        (json!({"scope": CLOUD, "sub": ALICE}), 401, "CRN-4009"),
        (json!({"scope": CLOUD, "exp": NOW + 7_200}), 401, "CRN-4011"),
        (
            json!({"scope": CLOUD, "iat": NOW - 3_600, "exp": NOW}),
            401,
            "CRN-4001",
        ),
    ] {
        let answer = house.call(&own(bad.clone()), &named, body.clone()).await;
        assert_eq!(
            (told(&answer).0, told(&answer).2.as_str()),
            (status, code),
            "{bad}"
        );
    }
    let forged = house.provider.world.forge(&json!({
        "iss": email, "sub": email, "iat": NOW, "exp": NOW + 3_600, "scope": CLOUD,
    }));
    let answer = house.call(&forged, &named, body).await;
    assert_eq!(answer.status, 401);
}

#[tokio::test]
async fn architecture_4_with_an_uploaded_key_a_token_has_to_name_this_server() {
    let mut house = House::new().await;
    house.provider.world.key_was_uploaded().await;
    let email = house.caller().await.email;
    let named = format!("{TARGET}:generateAccessToken");
    let ask = async |house: &House, aud: Value, scope: Value| {
        let claims = json!({
            "iss": email, "sub": email, "iat": NOW, "exp": NOW + 3_600, "aud": aud, "scope": scope,
        });
        let token = house.provider.world.sign(&claims);
        let answer = house.call(&token, &named, json!({"scope": [READ]})).await;
        let code = match answer.status.as_u16() {
            200 => String::new(),
            _ => told(&answer).2,
        };
        (answer.status.as_u16(), code)
    };
    let refused = (401, "CRN-4002".to_owned());
    let at_google = json!("https://iamcredentials.googleapis.com/");
    assert_eq!(ask(&house, at_google.clone(), Value::Null).await, refused);
    assert_eq!(ask(&house, Value::Null, json!(CLOUD)).await, refused);
    let here = json!(format!("{ISSUER}/"));
    assert_eq!(ask(&house, here, Value::Null).await.0, 200);
    house.provider.world.project_accepts_googles_names().await;
    assert_eq!(ask(&house, at_google, Value::Null).await.0, 200);
    assert_eq!(ask(&house, Value::Null, json!(CLOUD)).await.0, 200);
}

#[tokio::test]
async fn google_wire_3_4_a_bad_token_has_googles_challenge() {
    let house = House::new().await;
    let named = format!("{TARGET}:generateAccessToken");
    let answer = house.call("ya29.nothing", &named, json!({})).await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.json()["error"]["status"], "UNAUTHENTICATED");
    assert_eq!(
        answer.headers["www-authenticate"],
        r#"Bearer realm="https://accounts.google.com/", error="invalid_token""#
    );
    let small = house.token(READ).await;
    let answer = house.call(&small, &named, json!({"scope": [READ]})).await;
    assert_eq!(told(&answer).2, "CRN-4006");
    assert_eq!(
        answer.headers["www-authenticate"],
        format!(
            r#"Bearer realm="https://accounts.google.com/", error="insufficient_scope", scope="{CLOUD}""#
        )
    );
    let path = format!("/v1/projects/-/serviceAccounts/{named}");
    let answer = house.provider.post(&path, &[]).await;
    assert_eq!(
        (answer.status.as_u16(), told(&answer).2.as_str()),
        (401, "CRN-4007")
    );
}

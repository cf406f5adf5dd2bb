//! What somebody may administer who became an account with roles: by a key of an account that is bound on it, and by
//! something that was signed in its name.

use axum::body::Body;
use axum::http::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use carnet_core::record::Role;
use carnet_core::record::Territory;
use carnet_jose::Algorithm;
use carnet_jose::KeyPair;
use carnet_jose::LocalSigner;
use carnet_jose::SigningHeader;
use carnet_jose::sign_compact;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::provider::UNIVERSE;
use carnet_testkit::world::NOW;
use serde_json::Value;
use serde_json::json;

use super::house::CLOUD;
use super::house::House;
use super::house::MIDDLE;
use super::house::TARGET;
use super::house::claims;
use super::house::told;

const ADMIN: &str = "carnet.admin";
const GOOGLE: &str = "https://oauth2.googleapis.com/token";
const ANY: &str = "/v1/projects/-/serviceAccounts";
const BILLING: &str = "/v1/projects/billing/serviceAccounts";

impl House {
    /// The caller administers the project; the target owns everything.
    async fn with_a_boss() -> Self {
        let house = Self::administered(Role::Admin).await;
        house
            .grant(TARGET, Role::Owner, Territory::Installation)
            .await;
        house
    }

    /// Asks as whoever holds this token.
    async fn as_holder(&self, token: &str, method: &str, path: &str, body: Value) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json");
        let body = if body.is_null() {
            Body::empty()
        } else {
            Body::from(body.to_string())
        };
        self.provider.send(request.body(body).unwrap()).await
    }

    async fn reads(&self, token: &str, path: &str) -> u16 {
        let answer = self.as_holder(token, "GET", path, Value::Null).await;
        answer.status.as_u16()
    }

    /// Makes a key file of an account, and signs these claims with it.
    async fn sign_with_a_new_key(&self, email: &str, more: &Value) -> String {
        let made = self
            .iam("POST", &format!("{ANY}/{email}/keys"), json!({}))
            .await;
        assert_eq!(made.status, 200, "{}", made.body);
        let file = STANDARD.decode(made.json()["privateKeyData"].as_str().unwrap());
        let file: Value = serde_json::from_slice(&file.unwrap()).unwrap();
        let pair = KeyPair::from_pem(file["private_key"].as_str().unwrap()).unwrap();
        let kid = file["private_key_id"].as_str();
        let header = SigningHeader::new(Algorithm::RS256, kid, Some("JWT"));
        let mut all = json!({"iss": email, "iat": NOW, "exp": NOW + 3_600});
        for (name, value) in more.as_object().unwrap() {
            all[name] = value.clone();
        }
        let signer = LocalSigner::new(pair, "");
        sign_compact(&header, all.to_string().as_bytes(), &signer).unwrap()
    }

    async fn redeemed(&self, assertion: &str) -> String {
        let answer = self.provider.redeem_text(assertion).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    async fn boss(&self, token: &str, scope: &str) -> String {
        let body = json!({"scope": [scope]});
        let answer = self
            .call(token, &format!("{TARGET}:generateAccessToken"), body)
            .await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()["accessToken"].as_str().unwrap().to_owned()
    }

    /// A JWT of the target's, signed for the caller.
    async fn signed_as_boss(&self, more: &Value) -> Answer {
        let mut payload = json!({"iss": TARGET, "iat": NOW, "exp": NOW + 3_600});
        for (name, value) in more.as_object().unwrap() {
            payload[name] = value.clone();
        }
        let body = json!({"payload": payload.to_string()});
        self.ask(&format!("{TARGET}:signJwt"), body).await
    }
}

fn signed(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["signedJwt"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn lesson_19_no_admin_of_a_project_becomes_an_owner_by_a_key_of_an_account_that_is_bound() {
    let house = House::with_a_boss().await;
    let keys = format!("{ANY}/{TARGET}/keys");
    let refused = house.iam("POST", &keys, json!({})).await;
    assert_eq!(told(&refused).2, "CRN-6003", "nobody's key, who has more");
    let more = json!({"aud": GOOGLE, "scope": CLOUD});
    let assertion = house.sign_with_a_new_key(MIDDLE, &more).await;
    let middle = house.redeemed(&assertion).await;

    let boss = house.boss(&middle, ADMIN).await;
    let body = json!({"holder": MIDDLE, "role": "owner", "territory": "installation"});
    let path = "/admin/v1/role-bindings";
    let granted = house.as_holder(&boss, "POST", path, body).await;
    assert_eq!(granted.status, 404, "{}", granted.body);
    assert_eq!(house.reads(&boss, "/admin/v1/organizations").await, 200);
    let organizations = house
        .as_holder(&boss, "GET", "/admin/v1/organizations", Value::Null)
        .await;
    assert_eq!(organizations.json()["items"], json!([]));
    assert_eq!(house.reads(&boss, "/admin/v1/signing-keys").await, 404);
    assert_eq!(house.reads(&boss, "/admin/v1/projects/billing").await, 200);

    // The same at Google's surface: an admin of the project, and no owner of it.
    let boss = house.boss(&middle, CLOUD).await;
    assert_eq!(house.reads(&boss, BILLING).await, 200);
    let policy = json!({"policy": {"bindings": []}});
    let path = format!("{ANY}/{MIDDLE}:setIamPolicy");
    let set = house.as_holder(&boss, "POST", &path, policy).await;
    assert_eq!(
        told(&set),
        (403, "PERMISSION_DENIED".to_owned(), "CRN-2401".to_owned())
    );
}

#[tokio::test]
async fn lesson_19_what_sign_jwt_gives_buys_a_token_that_administers_nothing() {
    let house = House::with_a_boss().await;
    let assertion = signed(
        &house
            .signed_as_boss(&json!({"aud": GOOGLE, "scope": ADMIN}))
            .await,
    );
    let token = house.redeemed(&assertion).await;
    let target = house.account(TARGET).await;
    let mark = json!({"sub": target.unique_id, "provider": "system-key"});
    assert_eq!(claims(&token)["act"], mark, "it says how it was got");
    assert_eq!(house.reads(&token, "/admin/v1/whoami").await, 200);
    for path in ["/admin/v1/projects/billing", "/admin/v1/signing-keys"] {
        assert_eq!(house.reads(&token, path).await, 404, "{path}");
    }
    let assertion = signed(
        &house
            .signed_as_boss(&json!({"aud": GOOGLE, "scope": CLOUD}))
            .await,
    );
    let cloud = house.redeemed(&assertion).await;
    assert_eq!(house.reads(&cloud, BILLING).await, 403);
    // Nor does the JWT itself, where an API takes it.
    let own = signed(
        &house
            .signed_as_boss(&json!({"aud": format!("{ISSUER}/")}))
            .await,
    );
    assert_eq!(house.reads(&own, BILLING).await, 403);
    // Nor whom it becomes from there.
    let itself = carnet_core::value::Member::ServiceAccount(target.unique_id.clone());
    let creator = carnet_core::record::AccountRole::TokenCreator;
    house.bind(MIDDLE, &[(creator, itself)]).await;
    house
        .grant(MIDDLE, Role::Viewer, Territory::Installation)
        .await;
    for token in [&cloud, &own] {
        let named = format!("{MIDDLE}:generateAccessToken");
        let answer = house.call(token, &named, json!({"scope": [CLOUD]})).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let next = answer.json()["accessToken"].as_str().unwrap().to_owned();
        assert!(house.stands(&next).await);
        assert_eq!(house.reads(&next, BILLING).await, 403);
    }
    // With the account everything ends.
    assert!(house.stands(&token).await && house.stands(&cloud).await);
    house.disable(TARGET).await;
    assert!(!house.stands(&token).await && !house.stands(&cloud).await);
}

#[tokio::test]
async fn lesson_19_nothing_is_signed_to_be_redeemed_when_the_binding_is_gone() {
    let house = House::with_a_boss().await;
    for aud in [
        GOOGLE.to_owned(),
        format!("{ISSUER}/token"),
        format!("{ISSUER}/"),
        "https://iam.googleapis.com/".to_owned(),
        format!("https://iam.{UNIVERSE}/"),
    ] {
        let later = json!({"aud": aud, "iat": NOW + 30_000, "exp": NOW + 33_600});
        assert_eq!(
            told(&house.signed_as_boss(&later).await).2,
            "CRN-2405",
            "{aud}"
        );
        let long = json!({"aud": aud, "exp": NOW + 40_000});
        assert_eq!(
            told(&house.signed_as_boss(&long).await).2,
            "CRN-2405",
            "{aud}"
        );
        signed(&house.signed_as_boss(&json!({ "aud": aud })).await);
    }
    let long = json!({"aud": "https://api.example", "exp": NOW + 40_000});
    signed(&house.signed_as_boss(&long).await);
    // By signBlob neither.
    let part = |value: Value| carnet_jose::base64url::encode(value.to_string());
    let header = part(json!({"alg": "RS256", "typ": "JWT"}));
    let later = json!({"iss": TARGET, "aud": GOOGLE, "iat": NOW + 30_000, "exp": NOW + 33_600});
    let bytes = format!("{header}.{}", part(later));
    let body = json!({"payload": STANDARD.encode(bytes)});
    let answer = house.ask(&format!("{TARGET}:signBlob"), body).await;
    assert_eq!(told(&answer).2, "CRN-2405");
}

#[tokio::test]
async fn google_wire_1_4_an_account_calls_in_a_universe_with_what_it_signed_itself() {
    let house = House::administered(Role::Viewer).await;
    let email = house.caller().await.email;
    for (host, status) in [
        (format!("iam.{UNIVERSE}"), 200),
        (format!("cloudresourcemanager.{UNIVERSE}"), 200),
        ("iam.googleapis.com".to_owned(), 200),
        ("iam.other.test".to_owned(), 401),
        (format!("storage.{UNIVERSE}"), 401),
    ] {
        let claims = json!({
            "iss": email, "sub": email, "iat": NOW, "exp": NOW + 3_600, "aud": format!("https://{host}/"),
        });
        let own = house.provider.world.sign(&claims);
        assert_eq!(house.reads(&own, BILLING).await, status, "{host}");
    }
}

//! What is found, and what each kind of file makes the crate send.

use std::sync::Arc;

use http::Request;
use serde_json::Value;
use serde_json::json;

use super::Credentials;
use super::Origin;
use crate::adc::AccessBoundary;
use crate::adc::BoundaryRule;
use crate::adc::CredentialKind;
use crate::adc::Impersonation;
use crate::adc::environment::Environment;
use crate::adc::reading;
use crate::error::Error;
use crate::rehearsal::EMAIL;
use crate::rehearsal::Hand;
use crate::rehearsal::NOW;
use crate::rehearsal::Script;
use crate::rehearsal::TOKEN_URI;
use crate::rehearsal::key_file;
use crate::rehearsal::pair;
use crate::rehearsal::pairs;
use crate::retry::Outside;
use crate::token::TokenKind;

mod external;
mod found;
mod metadata;

const TARGET: &str = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/\
                      robot@p.iam.gserviceaccount.com:generateAccessToken";

/// A credential file's text as a credential, asking the script, in an environment.
fn given_in(file: &Value, script: &Script, variables: &[(&str, &str)]) -> Credentials {
    let source = reading::source(file.to_string().as_bytes(), None).unwrap();
    Credentials::of(
        source,
        Origin::Given,
        Environment::of(variables),
        outside(script),
    )
}

fn given(file: &Value, script: &Script) -> Credentials {
    given_in(file, script, &[])
}

fn refused(file: &Value) -> String {
    let error = reading::source(file.to_string().as_bytes(), None).unwrap_err();
    assert_eq!(error.crn(), Some("CRN-7003"), "{error}");
    error.to_string()
}

fn outside(script: &Script) -> Outside {
    Outside {
        transport: script.transport(),
        clock: Hand::new().clock(),
    }
}

fn user() -> Value {
    json!({
        "type": "authorized_user",
        "client_id": "app.example",
        "client_secret": "d-FL95Q19q7MQmFpd7hHD0Ty",
        "refresh_token": "1//refresh",
        "account": "",
        "quota_project_id": "payer",
        "universe_domain": "googleapis.com",
    })
}

fn impersonating(source: &Value) -> Value {
    json!({
        "type": "impersonated_service_account",
        "service_account_impersonation_url": TARGET,
        "delegates": ["first@p.iam.gserviceaccount.com"],
        "source_credentials": source,
    })
}

/// What the API for impersonation answers, with a token of an hour.
fn impersonated(token: &str) -> String {
    json!({"accessToken": token, "expireTime": "2027-01-15T09:00:00Z"}).to_string()
}

fn body(request: &Request<Vec<u8>>) -> Value {
    serde_json::from_slice(request.body()).unwrap()
}

fn header<'a>(request: &'a Request<Vec<u8>>, name: &str) -> &'a str {
    request
        .headers()
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn google_wire_8_2_a_person_who_let_an_app_in() {
    let script = Script::default().then_token("ya29.a");
    let credentials = given(&user(), &script);
    assert_eq!(credentials.kind(), CredentialKind::AuthorizedUser);
    let token = credentials.token().await.unwrap();
    assert_eq!(token.value().reveal(), "ya29.a");
    assert_eq!(token.expires(), NOW + 3600);
    let asked = script.asked(0);
    assert_eq!(asked.uri(), "https://oauth2.googleapis.com/token");
    let expected = [
        ("grant_type", "refresh_token"),
        ("client_id", "app.example"),
        ("client_secret", "d-FL95Q19q7MQmFpd7hHD0Ty"),
        ("refresh_token", "1//refresh"),
    ];
    assert_eq!(
        pairs(asked.body()),
        expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
    assert_eq!(credentials.project_id().await.unwrap(), None);
    // google-wire 8.5.
    let headers = credentials.headers().await.unwrap();
    assert_eq!(headers["authorization"], "Bearer ya29.a");
    assert_eq!(headers["x-goog-user-project"], "payer");
    assert_eq!(script.count(), 1);
    let printed = format!("{credentials:?}");
    assert!(
        !printed.contains("1//refresh") && !printed.contains("d-FL95"),
        "{printed}"
    );
}

#[tokio::test]
async fn google_wire_8_2_the_endpoint_of_the_file_and_a_refresh_token_that_changes() {
    let answer = |next: &str| {
        json!({"access_token": "a", "token_type": "Bearer", "expires_in": 100, "refresh_token": next})
            .to_string()
    };
    let script =
        Script::default()
            .then(200, &[], &answer("second"))
            .then(200, &[], &answer("third"));
    let mut file = user();
    file["token_uri"] = json!("http://127.0.0.1:8080/token");
    let credentials = given(&file, &script);
    for asked in ["1//refresh", "second"] {
        let scoped = credentials.scoped(&["openid", "email"]).unwrap();
        scoped.token().await.unwrap();
        let last = script.asked(script.count() - 1);
        assert_eq!(last.uri(), "http://127.0.0.1:8080/token");
        assert_eq!(pair(last.body(), "refresh_token").as_deref(), Some(asked));
        assert_eq!(pair(last.body(), "scope").as_deref(), Some("email openid"));
    }
}

#[tokio::test]
async fn a_persons_id_token_is_for_their_app_alone() {
    let script = Script::default().then_token("without");
    let credentials = given(&user(), &script);
    let error = credentials
        .id_token("https://api.example")
        .token()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("app.example"), "{error}");
    assert_eq!(script.count(), 0);
    let own = credentials.id_token(credentials.audience().unwrap());
    let error = own.token().await.unwrap_err();
    assert!(error.to_string().contains("openid"), "{error}");
}

#[tokio::test]
async fn google_wire_8_3_an_account_that_is_impersonated() {
    let script = Script::default()
        .then_token("source")
        .then(200, &[], &impersonated("target"));
    let credentials = given(&impersonating(&user()), &script)
        .scoped(&["a", "b"])
        .unwrap();
    let email = credentials.email().await.unwrap();
    assert_eq!(email.as_deref(), Some("robot@p.iam.gserviceaccount.com"));
    let token = credentials.token().await.unwrap();
    assert_eq!(token.value().reveal(), "target");
    assert_eq!(token.expires(), 1_800_003_600);
    let source = script.asked(0);
    // Of a person no more can be asked for than they allowed.
    assert_eq!(pair(source.body(), "scope"), None);
    let asked = script.asked(1);
    assert_eq!(asked.uri(), TARGET);
    assert_eq!(header(&asked, "authorization"), "Bearer source");
    assert_eq!(
        body(&asked),
        json!({
            "delegates": ["projects/-/serviceAccounts/first@p.iam.gserviceaccount.com"],
            "scope": ["a", "b"],
            "lifetime": "3600s",
        })
    );
}

#[tokio::test]
async fn google_wire_5_1_an_id_token_of_an_impersonated_account() {
    let script = Script::default().then_token("source").then(
        200,
        &[],
        &json!({"token": "a.b.c"}).to_string(),
    );
    let credentials = given(&impersonating(&user()), &script).id_token("https://api.example");
    let token = credentials.token().await.unwrap();
    assert_eq!(
        (token.value().reveal(), token.kind()),
        ("a.b.c", TokenKind::Id)
    );
    let asked = script.asked(1);
    assert_eq!(
        asked.uri(),
        TARGET.replace("AccessToken", "IdToken").as_str()
    );
    assert_eq!(body(&asked)["audience"], "https://api.example");
    assert_eq!(body(&asked)["includeEmail"], true);
}

#[tokio::test]
async fn google_wire_5_4_what_the_api_for_impersonation_refuses() {
    let denied = json!({"error": {
        "code": 403,
        "message": "Permission 'iam.serviceAccounts.getAccessToken' denied",
        "status": "PERMISSION_DENIED",
        "details": [{"metadata": {"crn": "CRN-5201"}}],
    }});
    let script = Script::default()
        .then_token("source")
        .then(403, &[], &denied.to_string());
    let error = given(&impersonating(&user()), &script)
        .token()
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("PERMISSION_DENIED"));
    assert_eq!(error.crn(), Some("CRN-5201"));
    assert_eq!(error.status(), Some(403));
    assert!(error.is_refused() && !error.is_temporary());
    assert!(error.description().unwrap().contains("getAccessToken"));
}

#[tokio::test]
async fn google_wire_11_what_passes_is_tried_three_times() {
    let script = Script::default()
        .then_token("source")
        .then(503, &[], "")
        .then_silence()
        .then(200, &[], &impersonated("target"));
    let credentials = given(&impersonating(&user()), &script);
    assert_eq!(
        credentials.token().await.unwrap().value().reveal(),
        "target"
    );
    assert_eq!(script.count(), 4);
}

#[tokio::test]
async fn many_callers_make_one_request() {
    let script = Script::default().then_token("one");
    let credentials = given(&user(), &script);
    let callers: Vec<_> = (0..20)
        .map(|_| {
            let credentials = credentials.clone();
            tokio::spawn(async move { credentials.token().await.unwrap() })
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.await.unwrap().value().reveal(), "one");
    }
    assert_eq!(script.count(), 1);
}

#[tokio::test]
async fn a_credential_may_impersonate_at_another_address() {
    let script = Script::default()
        .then_token("source")
        .then(200, &[], &impersonated("target"));
    let impersonation = Impersonation::of("robot@x.sa.example")
        .by_way_of(&["a@x.sa.example"])
        .living(1200)
        .at("https://auth.example/");
    let credentials = given(&user(), &script)
        .impersonating(&impersonation)
        .unwrap();
    assert_eq!(
        credentials.kind(),
        CredentialKind::ImpersonatedServiceAccount
    );
    credentials.token().await.unwrap();
    let asked = script.asked(1);
    assert_eq!(
        asked.uri(),
        "https://auth.example/v1/projects/-/serviceAccounts/robot@x.sa.example:generateAccessToken"
    );
    assert_eq!(body(&asked)["lifetime"], "1200s");
    let wrong = Impersonation::of("robot").at("http://auth.example");
    assert!(given(&user(), &script).impersonating(&wrong).is_err());
}

#[tokio::test]
async fn google_wire_1_4_a_key_file_of_another_universe_signs_for_itself() {
    let mut file = key_file();
    file["universe_domain"] = json!("cloud.example");
    let script = Script::default().then(200, &[], &json!({"token": "a.b.c"}).to_string());
    let credentials = given(&file, &script).scoped(&["invoices.read"]).unwrap();
    assert_eq!(
        credentials.universe_domain().await.unwrap(),
        "cloud.example"
    );
    let token = credentials.token().await.unwrap();
    assert_eq!(token.kind(), TokenKind::SelfSigned);
    assert_eq!(script.count(), 0);
    // Nobody is acted for there.
    let subject = credentials.with_subject("dana@acme.example").unwrap();
    assert!(
        subject
            .token()
            .await
            .unwrap_err()
            .to_string()
            .contains("cloud.example")
    );
    // And ID tokens come from elsewhere.
    credentials
        .id_token("https://api.example")
        .token()
        .await
        .unwrap();
    let asked = script.asked(0);
    assert_eq!(
        asked.uri().to_string(),
        format!(
            "https://iamcredentials.cloud.example/v1/projects/-/serviceAccounts/{EMAIL}:generateIdToken"
        )
    );
    assert!(header(&asked, "authorization").starts_with("Bearer ey"));
}

#[tokio::test]
async fn google_wire_2_a_key_file_asks_its_endpoint_or_signs_where_that_is_wished() {
    let script = Script::default().then_token("access");
    let credentials = given(&key_file(), &script)
        .scoped(&["invoices.read"])
        .unwrap();
    let delegated = credentials.with_subject("dana@acme.example").unwrap();
    assert_eq!(delegated.token().await.unwrap().value().reveal(), "access");
    assert_eq!(script.asked(0).uri(), TOKEN_URI);
    let own = credentials.self_signed().unwrap().token().await.unwrap();
    assert_eq!(own.kind(), TokenKind::SelfSigned);
    assert_eq!(script.count(), 1);
    assert_eq!(
        credentials.project_id().await.unwrap().as_deref(),
        Some("billing")
    );
    assert_eq!(credentials.email().await.unwrap().as_deref(), Some(EMAIL));
    for other in [
        given(&user(), &script).self_signed(),
        credentials.for_audience("x"),
    ] {
        let error: Error = other.unwrap_err();
        assert!(
            error.to_string().starts_with("no credential of the kind"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn google_wire_6_5_a_weaker_token() {
    let rule = BoundaryRule::for_resource("//storage.googleapis.com/projects/_/buckets/b")
        .allowing(&["inRole:roles/storage.objectViewer"])
        .while_true("resource.name.startsWith('x')");
    let boundary = AccessBoundary::new(vec![rule]).unwrap();
    let silent = json!({"access_token": "weak", "token_type": "Bearer"}).to_string();
    let script = Script::default()
        .then_token("strong")
        .then(200, &[], &silent);
    let weak = given(&user(), &script).downscoped(&boundary).unwrap();
    let token = weak.token().await.unwrap();
    assert_eq!(token.value().reveal(), "weak");
    // The answer does not say how long it lives, so it lives as long as the strong one.
    assert_eq!(token.expires(), NOW + 3600);
    let asked = script.asked(1);
    assert_eq!(asked.uri(), "https://sts.googleapis.com/v1/token");
    let of = |name| pair(asked.body(), name);
    assert_eq!(of("subject_token").as_deref(), Some("strong"));
    assert_eq!(of("audience"), None);
    assert_eq!(of("scope"), None);
    let options: Value = serde_json::from_str(&of("options").unwrap()).unwrap();
    assert_eq!(
        options,
        json!({"accessBoundary": {"accessBoundaryRules": [{
            "availableResource": "//storage.googleapis.com/projects/_/buckets/b",
            "availablePermissions": ["inRole:roles/storage.objectViewer"],
            "availabilityCondition": {"expression": "resource.name.startsWith('x')"},
        }]}})
    );
    assert!(AccessBoundary::new(vec![]).is_err());
    assert!(AccessBoundary::new(vec![BoundaryRule::for_resource("//x")]).is_err());
    let local = boundary.at("https://auth.example/v1/token");
    let weak = given(&user(), &script).downscoped(&local).unwrap();
    assert_eq!(weak.endpoint(), Some("https://auth.example/v1/token"));
}

#[tokio::test]
async fn google_wire_6_2_a_person_of_a_workforce() {
    let script = Script::default().then_token("a");
    let file = json!({
        "type": "external_account_authorized_user",
        "audience": "//iam.googleapis.com/locations/global/workforcePools/p/providers/q",
        "client_id": "client",
        "client_secret": "secret",
        "refresh_token": "refresh",
        "token_url": "https://sts.googleapis.com/v1/oauthtoken",
    });
    let credentials = given(&file, &script);
    credentials.token().await.unwrap();
    let asked = script.asked(0);
    assert_eq!(asked.uri(), "https://sts.googleapis.com/v1/oauthtoken");
    assert_eq!(
        header(&asked, "authorization"),
        "Basic Y2xpZW50OnNlY3JldA=="
    );
    assert_eq!(
        asked.body(),
        b"grant_type=refresh_token&refresh_token=refresh"
    );
    let error = credentials.id_token("x").token().await.unwrap_err();
    assert!(error.to_string().contains("gets no ID token"), "{error}");
}

#[tokio::test]
async fn google_wire_8_4_a_service_identity_of_a_distributed_cloud() {
    use carnet_jose::Limits;
    use carnet_jose::Unverified;

    let key = carnet_jose::KeyPair::generate(carnet_jose::KeyType::P256).unwrap();
    let file = json!({
        "type": "gdch_service_account",
        "format_version": "1",
        "project": "p",
        "name": "robot",
        "private_key_id": "k1",
        "private_key": key.to_pkcs8_pem().unwrap().as_str(),
        "token_uri": "https://service-identity.example/authenticate",
    });
    let script = Script::default().then_token("a");
    let credentials = given(&file, &script);
    assert!(
        credentials
            .token()
            .await
            .unwrap_err()
            .to_string()
            .contains("audience")
    );
    let credentials = credentials.for_audience("https://api.example").unwrap();
    credentials.token().await.unwrap();
    let asked = body(&script.asked(0));
    assert_eq!(
        asked["grant_type"],
        "urn:ietf:params:oauth:token-type:token-exchange"
    );
    assert_eq!(asked["audience"], "https://api.example");
    let subject = asked["subject_token"].as_str().unwrap();
    let verified = Unverified::parse(subject, Limits::STRICT).unwrap();
    assert_eq!(verified.header().key_id.as_deref(), Some("k1"));
    let claims = verified
        .verify(key.public_key())
        .unwrap()
        .claims_object()
        .unwrap();
    assert_eq!(claims["iss"], "system:serviceaccount:p:robot");
    assert_eq!(
        claims["aud"],
        "https://service-identity.example/authenticate"
    );
}

#[test]
fn an_error_names_the_member() {
    let with = |name: &str, value: Value| {
        let mut file = user();
        file[name] = value;
        refused(&file)
    };
    let without = |name: &str| with(name, Value::Null);
    assert!(without("refresh_token").contains("refresh_token: it is missing"));
    assert!(without("client_id").contains("client_id: it is missing"));
    assert!(with("client_secret", json!(3)).contains("client_secret: it is not a string"));
    assert!(
        with("token_uri", json!("http://x.example/t")).contains("token_uri: it is not an https")
    );
    assert!(with("token_uri", json!("https://a:b@x.example/t")).contains("token_uri: "));
    assert!(with("universe_domain", json!("a/b")).contains("universe_domain: "));
    assert!(with("type", json!("other")).contains("type: it is none of"));
    let nested = refused(&impersonating(&impersonating(&user())));
    assert!(nested.contains("source_credentials.type: "), "{nested}");
    let mut wrong = impersonating(&user());
    wrong["service_account_impersonation_url"] = json!("https://x.example/");
    assert!(refused(&wrong).contains("service_account_impersonation_url: "));
    for secret in ["1//refresh", "d-FL95"] {
        assert!(!with("type", json!("other")).contains(secret));
    }
    let large = format!("{{\"type\":\"{}\"}}", "x".repeat(70_000));
    let error = reading::source(large.as_bytes(), None).unwrap_err();
    assert!(error.to_string().contains("larger"), "{error}");
    let deep = format!(
        "{}{}",
        "{\"a\":".repeat(40),
        "1".to_owned() + &"}".repeat(40)
    );
    assert!(reading::source(deep.as_bytes(), None).is_err());
}

#[test]
fn sources_are_shared_by_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    let source = reading::source(user().to_string().as_bytes(), None).unwrap();
    shared(&Arc::clone(&source));
}

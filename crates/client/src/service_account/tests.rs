//! Key files are found and read, and each kind of token is asked for as it should be.

use carnet_jose::Limits;
use carnet_jose::Unverified;
use serde_json::Value;
use serde_json::json;

use crate::rehearsal::EMAIL;
use crate::rehearsal::Hand;
use crate::rehearsal::KEY;
use crate::rehearsal::NOW;
use crate::rehearsal::Script;
use crate::rehearsal::TOKEN_URI;
use crate::rehearsal::account;
use crate::rehearsal::key_file;
use crate::service_account::ServiceAccount;
use crate::token::TokenKind;

fn claims(jws: &str) -> Value {
    let unverified = Unverified::parse(jws, Limits::STRICT).unwrap();
    let verified = unverified.verify(KEY.public_key()).unwrap();
    Value::Object(verified.claims_object().unwrap())
}

fn assertion(script: &Script, at: usize) -> Value {
    let request = script.asked(at);
    let form = url::form_urlencoded::parse(request.body());
    claims(
        &form
            .into_owned()
            .find(|(name, _)| name == "assertion")
            .unwrap()
            .1,
    )
}

#[test]
fn google_wire_1_1_a_key_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("key.json");
    std::fs::write(&path, key_file().to_string()).unwrap();
    let account = ServiceAccount::from_file(&path).unwrap();
    assert_eq!(account.email(), EMAIL);
    assert_eq!(account.client_id(), "104857291830027466113");
    assert_eq!(account.project_id(), "billing");
    assert_eq!(account.key_id(), "7f3c0a5e91");
    assert_eq!(account.token_uri(), TOKEN_URI);
    let printed = format!("{account:?}");
    assert!(
        printed.contains(EMAIL) && !printed.contains("PRIVATE"),
        "{printed}"
    );
}

#[test]
fn an_error_names_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("key.json");
    let error = ServiceAccount::from_file(&path).unwrap_err();
    assert_eq!(error.crn(), Some("CRN-7005"));
    std::fs::write(&path, "{}").unwrap();
    let error = ServiceAccount::from_file(&path).unwrap_err();
    assert_eq!(error.crn(), Some("CRN-7003"));
    assert!(
        error.to_string().starts_with(&path.display().to_string()),
        "{error}"
    );
    std::fs::write(&path, vec![b' '; 70_000]).unwrap();
    let error = ServiceAccount::from_file(&path).unwrap_err();
    assert!(error.to_string().contains("too large"), "{error}");
}

#[test]
fn google_wire_1_1_a_key_in_pkcs1_is_taken_too() {
    // The PKCS#1 key is what the PKCS#8 wrapper holds behind its 26 bytes.
    let pkcs8 = KEY.to_pkcs8_der().unwrap();
    let mut file = key_file();
    file["private_key"] = carnet_jose::pem::encode("RSA PRIVATE KEY", &pkcs8[26..])
        .as_str()
        .into();
    ServiceAccount::from_json(&file.to_string()).unwrap();
}

#[tokio::test]
async fn google_wire_2_2_scopes_subject_and_target_audience() {
    let id = json!({"id_token": "a.b.c"}).to_string();
    let script = Script::default()
        .then_token("one")
        .then_token("two")
        .then(200, &[], &id);
    let account = account(&script, &Hand::new());
    let scoped = account.scoped(&["b", "a"]).unwrap();
    scoped.token().await.unwrap();
    scoped
        .with_subject("dana@example.com")
        .token()
        .await
        .unwrap();
    let token = scoped
        .id_token("https://reports.example")
        .token()
        .await
        .unwrap();

    assert_eq!(assertion(&script, 0)["scope"], "a b");
    assert_eq!(assertion(&script, 0).get("sub"), None);
    assert_eq!(assertion(&script, 1)["sub"], "dana@example.com");
    assert_eq!(
        assertion(&script, 2)["target_audience"],
        "https://reports.example"
    );
    assert_eq!(token.kind(), TokenKind::Id);
}

#[tokio::test]
async fn google_wire_3_1_self_signed_tokens_need_no_endpoint() {
    let (script, hand) = (Script::default(), Hand::new());
    let account = account(&script, &hand);
    let token = account
        .self_signed_for("https://api.example/")
        .token()
        .await
        .unwrap();
    let expected = json!({
        "iss": EMAIL, "sub": EMAIL, "aud": "https://api.example/", "iat": NOW, "exp": NOW + 3600,
    });
    assert_eq!(claims(token.value().reveal()), expected);
    assert_eq!(
        (token.kind(), token.expires()),
        (TokenKind::SelfSigned, NOW + 3600)
    );

    let scoped = account.self_signed_scoped();
    let token = scoped.token().await.unwrap();
    let expected = json!({
        "iss": EMAIL, "sub": EMAIL, "scope": "invoices.read", "iat": NOW, "exp": NOW + 3600,
    });
    assert_eq!(claims(token.value().reveal()), expected);
    assert_eq!(scoped.token().await.unwrap(), token);
    hand.forward(3600);
    assert_ne!(scoped.token().await.unwrap(), token);
    assert_eq!(script.count(), 0);
}

#[tokio::test]
async fn what_cannot_work_is_said_before_anything_is_sent() {
    let (script, hand) = (Script::default(), Hand::new());
    let account = account(&script, &hand);
    let unscoped = account.scoped(&[]).unwrap();
    assert!(
        unscoped
            .token()
            .await
            .unwrap_err()
            .to_string()
            .contains("call scoped")
    );
    assert!(unscoped.self_signed_scoped().token().await.is_err());
    let delegated = account
        .with_subject("dana@example.com")
        .self_signed_scoped();
    assert!(
        delegated
            .token()
            .await
            .unwrap_err()
            .to_string()
            .contains("drop the subject")
    );
    assert!(account.scoped(&["a\"b"]).is_err());
    assert_eq!(script.count(), 0);
}

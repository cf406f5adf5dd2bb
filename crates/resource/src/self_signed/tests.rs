//! Tokens that service accounts sign themselves.

use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_jose::LocalSigner;
use serde_json::Value;
use serde_json::json;

use super::SelfSigned;
use super::is_account;
use crate::rehearsal::ACCOUNT_JWKS;
use crate::rehearsal::ACCOUNT_KEY;
use crate::rehearsal::EMAIL;
use crate::rehearsal::NOW;
use crate::rehearsal::World;
use crate::rehearsal::key_set;
use crate::rehearsal::self_claims;
use crate::rehearsal::self_signed;
use crate::rehearsal::sign;
use crate::verified::TokenKind;

async fn judged_with(changes: Value) -> String {
    let world = World::new();
    let outcome = world.verifier().await.verify(&self_signed(&changes)).await;
    outcome.map_or_else(|refusal| refusal.crn(), |_| "good".to_owned())
}

#[tokio::test]
async fn google_wire_3_3_a_good_token_with_an_audience() {
    let caller = World::new()
        .verifier()
        .await
        .verify(&self_signed(&json!({})))
        .await
        .unwrap();
    assert_eq!(
        (caller.kind(), caller.expires()),
        (TokenKind::SelfSigned, NOW + 3600)
    );
    assert_eq!(
        (caller.subject(), caller.email(), caller.client_id()),
        (EMAIL, Some(EMAIL), None)
    );
    assert_eq!(
        caller.scopes().collect::<Vec<_>>(),
        ["invoices.read", "invoices.write"]
    );
}

#[tokio::test]
async fn google_wire_3_3_with_scopes_it_has_those_that_accounts_may_have() {
    let world = World::new();
    let verifier = world.verifier().await;
    // The official Rust client writes null, the Go client an empty text.
    for aud in [Some(Value::Null), Some(json!("")), None] {
        let mut claims = self_claims(&json!({"scope": "invoices.read admin"}));
        match aud {
            Some(aud) => claims["aud"] = aud,
            None => drop(claims.as_object_mut().unwrap().remove("aud")),
        }
        let caller = verifier
            .verify(&sign(&claims, "JWT", &ACCOUNT_KEY))
            .await
            .unwrap();
        assert_eq!(caller.scopes().collect::<Vec<_>>(), ["invoices.read"]);
    }
}

#[tokio::test]
async fn google_wire_3_3_the_root_with_or_without_slash_and_port_or_beneath_it() {
    for (audience, verdict) in [
        ("https://api.example/", "good"),
        ("https://api.example", "good"),
        ("https://api.example:8443/", "good"),
        ("https://api.example:8443", "good"),
        ("https://API.example:8443/", "good"),
        ("https://api.example:9443/", "CRN-4002"),
        ("https://api.example:443/", "good"),
        ("http://api.example:8443/", "CRN-4002"),
        ("https://api.example.evil/", "CRN-4002"),
        ("https://api.example@evil.example/", "CRN-4002"),
        ("https://evil.example/?https://api.example/", "CRN-4002"),
        ("https://api.example:8443/v1/invoices", "good"),
        ("https://api.example/v1/invoices?alt=json", "good"),
        ("https://api.example:9443/v1/invoices", "CRN-4002"),
        ("https://other.example/v1/invoices", "CRN-4002"),
        ("https://auth.example/token", "CRN-4002"),
        ("api.example", "CRN-4002"),
        ("", "CRN-4005"),
    ] {
        assert_eq!(
            judged_with(json!({"aud": audience})).await,
            verdict,
            "{audience}"
        );
    }
    assert_eq!(
        judged_with(json!({"aud": ["https://api.example/"]})).await,
        "good"
    );
    let several = json!({"aud": ["https://api.example/", "https://other.example/"]});
    assert_eq!(judged_with(several).await, "CRN-4002");
}

#[tokio::test]
async fn google_wire_3_3_the_subject_is_the_account() {
    let mut null = self_claims(&json!({}));
    null["sub"] = Value::Null;
    let world = World::new();
    assert!(
        world
            .verifier()
            .await
            .verify(&sign(&null, "JWT", &ACCOUNT_KEY))
            .await
            .is_ok()
    );
    assert_eq!(judged_with(json!({"sub": Value::Null})).await, "good");
    assert_eq!(judged_with(json!({"sub": ""})).await, "good");
    assert_eq!(
        judged_with(json!({"sub": "dana@example.com"})).await,
        "CRN-4009"
    );
}

#[tokio::test]
async fn google_wire_3_3_an_assertion_is_not_a_token() {
    assert_eq!(
        judged_with(json!({"scope": "invoices.read"})).await,
        "CRN-4009"
    );
    assert_eq!(
        judged_with(json!({"target_audience": "https://x.example"})).await,
        "CRN-4009"
    );
    assert_eq!(judged_with(json!({"aud": Value::Null})).await, "CRN-4005");
}

#[tokio::test]
async fn google_wire_3_3_times() {
    for (iat, exp, verdict) in [
        (json!(NOW - 10), json!(NOW + 3610), "good"),
        (json!(NOW), json!(NOW + 3621), "CRN-4011"),
        (json!(NOW + 600), json!(NOW + 4000), "good"),
        (json!(NOW + 601), json!(NOW + 4000), "CRN-4010"),
        (json!(NOW - 3600), json!(NOW - 59), "good"),
        (json!(NOW - 3600), json!(NOW - 60), "CRN-4001"),
        (json!(NOW), json!(NOW), "CRN-4005"),
        (
            json!(NOW.to_string()),
            json!((NOW + 3600).to_string()),
            "good",
        ),
        (json!("soon"), json!(NOW + 3600), "CRN-4005"),
    ] {
        let changes = json!({"iat": iat, "exp": exp});
        assert_eq!(judged_with(changes.clone()).await, verdict, "{changes}");
    }
}

#[tokio::test]
async fn accounts_that_were_not_named_are_not_asked_for() {
    let world = World::new();
    let verifier = world.verifier().await;
    for email in ["spy@other.sa.example", "spy@sub.billing.sa.example", "a@b"] {
        let token = self_signed(&json!({"iss": email, "sub": email}));
        assert_eq!(
            verifier.verify(&token).await.unwrap_err().crn(),
            "CRN-4012",
            "{email}"
        );
    }
    for odd in [
        "../x@billing.sa.example",
        "a@billing.sa.example/..",
        "a%2f@billing.sa.example",
        "A@b",
    ] {
        let token = self_signed(&json!({"iss": odd, "sub": odd}));
        assert_eq!(
            verifier.verify(&token).await.unwrap_err().crn(),
            "CRN-4012",
            "{odd}"
        );
    }
    assert_eq!(world.asked(ACCOUNT_JWKS), 0);
    assert!(is_account("7-abc@developer.gserviceaccount.com"));
    for odd in [
        "", "@", "a@", "@b", "a@b@c", ".a@b", "a b@c", "a@b?c", "a@b#c", "a:b@c",
    ] {
        assert!(!is_account(odd), "{odd}");
    }
}

#[test]
fn nothing_is_allowed_until_it_is_said() {
    let nothing = SelfSigned::at("https://api.example/").unwrap();
    assert!(!nothing.trusts(EMAIL));
    assert!(nothing.clone().from(EMAIL).trusts(EMAIL));
    assert!(
        !nothing
            .clone()
            .from("other@billing.sa.example")
            .trusts(EMAIL)
    );
    assert!(nothing.from_every_account().trusts(EMAIL));
    for odd in [
        "api.example",
        "https://api.example/v1",
        "https://u@api.example/",
        "ftp://a/",
    ] {
        assert!(SelfSigned::at(odd).is_err(), "{odd}");
    }
}

#[tokio::test]
async fn google_wire_3_3_keys_are_the_accounts_own() {
    let world = World::new();
    let verifier = world.verifier().await;
    let stranger = LocalSigner::new(KeyPair::generate(KeyType::P256).unwrap(), "a1");
    let token = sign(&self_claims(&json!({})), "JWT", &stranger);
    assert_eq!(verifier.verify(&token).await.unwrap_err().crn(), "CRN-4013");
    // The issuer's key does not speak for an account.
    let token = sign(
        &self_claims(&json!({})),
        "JWT",
        &crate::rehearsal::ISSUER_KEY,
    );
    assert_eq!(verifier.verify(&token).await.unwrap_err().crn(), "CRN-4003");
}

#[tokio::test]
async fn a_key_that_was_disabled_stops_within_five_minutes() {
    let world = World::new();
    let verifier = world.verifier().await;
    let token = |number: i64| self_signed(&json!({"jti": number}));
    verifier.verify(&token(0)).await.unwrap();
    world.set(ACCOUNT_JWKS, 200, &key_set(&[]));
    world.forward(299);
    verifier.verify(&token(1)).await.unwrap();
    world.forward(1);
    assert_eq!(
        verifier.verify(&token(2)).await.unwrap_err().crn(),
        "CRN-4003"
    );
    assert_eq!(world.asked(ACCOUNT_JWKS), 2);
}

#[tokio::test]
async fn an_account_that_is_not_there_is_remembered_too() {
    let world = World::new();
    let verifier = world.verifier().await;
    let email = "ghost@billing.sa.example";
    let token = |number: i64| self_signed(&json!({"iss": email, "sub": email, "jti": number}));
    for number in 0..50 {
        assert_eq!(
            verifier.verify(&token(number)).await.unwrap_err().crn(),
            "CRN-4003"
        );
    }
    assert_eq!(
        world.asked("https://auth.example/service_accounts/v1/jwk/ghost@billing.sa.example"),
        1
    );
}

#[tokio::test]
async fn keys_of_an_account_that_cannot_be_had_are_not_its_fault() {
    let world = World::new();
    world.set(ACCOUNT_JWKS, 503, "");
    let refusal = world
        .verifier()
        .await
        .verify(&self_signed(&json!({})))
        .await
        .unwrap_err();
    assert_eq!(refusal.status(), 503);
}

//! Tokens, good and bad, of every kind.

use carnet_jose::Algorithm;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_jose::LocalSigner;
use carnet_jose::Signer as _;
use carnet_jose::base64url;
use carnet_jose::digest::hmac_sha256;
use serde_json::Value;
use serde_json::json;

use crate::rehearsal::ACCOUNT_KEY;
use crate::rehearsal::AUDIENCE;
use crate::rehearsal::EMAIL;
use crate::rehearsal::ISSUER;
use crate::rehearsal::ISSUER_KEY;
use crate::rehearsal::JWKS;
use crate::rehearsal::NEXT_KEY;
use crate::rehearsal::NOW;
use crate::rehearsal::World;
use crate::rehearsal::access_token;
use crate::rehearsal::claims;
use crate::rehearsal::key_set;
use crate::rehearsal::self_signed;
use crate::rehearsal::sign;
use crate::verified::TokenKind;

/// The code of the refusal, and "good" if there is none.
async fn judged(token: &str) -> String {
    let world = World::new();
    let verifier = world.verifier().await;
    verifier
        .verify(token)
        .await
        .map_or_else(|refusal| refusal.crn(), |_| "good".to_owned())
}

async fn judged_with(changes: Value) -> String {
    judged(&access_token(&changes)).await
}

#[tokio::test]
async fn rfc9068_4_a_good_token() {
    let world = World::new();
    let token =
        access_token(&json!({"scope": "b invoices.read", "act": {"sub": "7", "email": "a@b"}}));
    let caller = world.verifier().await.verify(&token).await.unwrap();
    assert_eq!(caller.subject(), "104857291830027466113");
    assert_eq!(caller.client_id(), Some("104857291830027466113"));
    assert_eq!(caller.email(), Some(EMAIL));
    assert_eq!(caller.scopes().collect::<Vec<_>>(), ["b", "invoices.read"]);
    let actor = caller.actor().unwrap();
    assert_eq!((actor.subject(), actor.email()), ("7", Some("a@b")));
    assert_eq!(
        (caller.kind(), caller.expires()),
        (TokenKind::Jwt, NOW + 3600)
    );
    assert!(caller.require(&["b", "invoices.read"]).is_ok());
    assert_eq!(caller.require(&["b", "c"]).unwrap_err().crn(), "CRN-4006");
    assert!(caller.require_any(&["b", "c"]).is_ok());
    assert_eq!(
        caller.require_any(&["c", "d"]).unwrap_err().crn(),
        "CRN-4006"
    );
    assert!(caller.require(&[]).is_ok());
}

#[tokio::test]
async fn rfc9068_4_issuer_audience_and_required_claims() {
    for issuer in [
        "https://auth.example/",
        "https://evil.example",
        "HTTPS://AUTH.EXAMPLE",
        "",
    ] {
        assert_eq!(
            judged_with(json!({"iss": issuer})).await,
            "CRN-4012",
            "{issuer}"
        );
    }
    assert_eq!(
        judged_with(json!({"aud": [AUDIENCE, "https://other.example"]})).await,
        "good"
    );
    for audience in [
        json!("https://api.example"),
        json!(["https://other.example"]),
        json!([]),
    ] {
        assert_eq!(
            judged_with(json!({"aud": audience})).await,
            "CRN-4002",
            "{audience}"
        );
    }
    for claim in ["iss", "aud", "exp", "iat", "sub", "client_id"] {
        assert_eq!(
            judged_with(json!({claim: Value::Null})).await,
            "CRN-4005",
            "{claim}"
        );
    }
    for wrong in [
        json!({"exp": "1"}),
        json!({"aud": 7}),
        json!({"sub": 7}),
        json!({"act": "x"}),
    ] {
        assert_eq!(judged_with(wrong.clone()).await, "CRN-4005", "{wrong}");
    }
}

#[tokio::test]
async fn rfc7519_4_1_times_with_a_minute_for_clocks() {
    for (changes, verdict) in [
        (json!({"iat": NOW - 3660, "exp": NOW - 60}), "CRN-4001"),
        (json!({"iat": NOW - 3659, "exp": NOW - 59}), "good"),
        (json!({"nbf": NOW + 60}), "good"),
        (json!({"nbf": NOW + 61}), "CRN-4010"),
        (json!({"iat": NOW + 60}), "good"),
        (json!({"iat": NOW + 61}), "CRN-4010"),
        (json!({"iat": NOW + 61, "nbf": NOW - 5}), "CRN-4010"),
        (json!({"iat": NOW, "exp": NOW}), "CRN-4005"),
        (json!({"iat": NOW, "exp": NOW - 1}), "CRN-4005"),
        (
            json!({"iat": NOW * 1000, "exp": NOW * 1000 + 1}),
            "CRN-4005",
        ),
    ] {
        assert_eq!(judged_with(changes.clone()).await, verdict, "{changes}");
    }
}

#[tokio::test]
async fn the_measured_cause_is_told() {
    let world = World::new();
    let verifier = world.verifier().await;
    for (changes, told) in [
        (
            json!({"iat": NOW - 9000, "exp": NOW - 180}),
            "CRN-4001: the token expired 180 s ago",
        ),
        (
            json!({"aud": "https://x\"y.example"}),
            "CRN-4002: the token is for https://x'y.example; this API is https://api.example/invoices",
        ),
        (
            json!({"iss": "https://evil.example"}),
            "CRN-4012: iss is https://evil.example; this API trusts https://auth.example",
        ),
    ] {
        let refusal = verifier.verify(&access_token(&changes)).await.unwrap_err();
        assert_eq!(refusal.description(), told);
    }
}

#[tokio::test]
async fn rfc9068_2_1_an_id_token_is_not_an_access_token() {
    let id_token = sign(&claims(&json!({})), "JWT", &ISSUER_KEY);
    assert_eq!(judged(&id_token).await, "CRN-4009");
    let long = sign(&claims(&json!({})), "application/AT+JWT", &ISSUER_KEY);
    assert_eq!(judged(&long).await, "good");
}

#[tokio::test]
async fn rfc7515_5_2_signatures_that_do_not_hold() {
    let good = access_token(&json!({}));
    let (input, signature) = good.rsplit_once('.').unwrap();
    let (header, _) = input.split_once('.').unwrap();

    let other = LocalSigner::new(KeyPair::generate(KeyType::P256).unwrap(), "i1");
    assert_eq!(
        judged(&sign(&claims(&json!({})), "at+jwt", &other)).await,
        "CRN-4013"
    );

    let payload = base64url::encode(claims(&json!({"scope": "admin"})).to_string());
    assert_eq!(
        judged(&format!("{header}.{payload}.{signature}")).await,
        "CRN-4013"
    );
    assert_eq!(judged(&format!("{input}.")).await, "CRN-4013");
}

#[tokio::test]
async fn rfc8725_3_1_the_algorithm_is_the_keys() {
    let payload = base64url::encode(claims(&json!({})).to_string());
    let forged = |header: Value, secret: Option<&[u8]>| {
        let input = format!("{}.{payload}", base64url::encode(header.to_string()));
        let signature = secret.map(|key| base64url::encode(hmac_sha256(key, input.as_bytes())));
        format!("{input}.{}", signature.unwrap_or_default())
    };
    for alg in ["none", "None", "nOnE"] {
        let token = forged(json!({"alg": alg, "typ": "at+jwt", "kid": "i1"}), None);
        assert_eq!(judged(&token).await, "CRN-4013", "{alg}");
    }
    // The public key as an HMAC secret, in the forms in which it is published.
    let public = ISSUER_KEY.public_key();
    for secret in [public.to_spki_der(), public.to_spki_pem().into_bytes()] {
        let token = forged(
            json!({"alg": "HS256", "typ": "at+jwt", "kid": "i1"}),
            Some(&secret),
        );
        assert_eq!(judged(&token).await, "CRN-4013");
    }
    // A good RS256 signature where the key is one for ES256.
    let account = LocalSigner::new(
        KeyPair::from_pem(&ACCOUNT_KEY.key_pair().to_pkcs8_pem().unwrap()).unwrap(),
        "i1",
    );
    assert_eq!(account.algorithm(), Algorithm::RS256);
    assert_eq!(
        judged(&sign(&claims(&json!({})), "at+jwt", &account)).await,
        "CRN-4013"
    );
}

#[tokio::test]
async fn what_is_not_a_token() {
    let good = access_token(&json!({}));
    let long = "a".repeat(16 * 1024 + 1);
    for text in [
        "",
        "null",
        "a.b",
        "a.b.c.d",
        "a b",
        "\"x\"",
        "a.b.c",
        &long,
        &format!("{good}="),
    ] {
        assert_eq!(judged(text).await, "CRN-4005", "{text}");
    }
    let twice = format!(r#"{{"iss":"{ISSUER}","iss":"{ISSUER}"}}"#);
    let header = base64url::encode(r#"{"alg":"ES256","typ":"at+jwt","kid":"i1"}"#);
    let signature = base64url::encode([0; 64]);
    let token = format!("{header}.{}.{signature}", base64url::encode(twice));
    assert_eq!(judged(&token).await, "CRN-4005");
    let critical = base64url::encode(r#"{"alg":"ES256","typ":"at+jwt","crit":["x"],"x":1}"#);
    assert_eq!(
        judged(&format!("{critical}.e30.{signature}")).await,
        "CRN-4005"
    );
    for secret in ["crn_cs_x", "crn_rt_x", "crn_pat_x"] {
        assert_eq!(judged(secret).await, "CRN-4009", "{secret}");
    }
}

#[tokio::test]
async fn a_token_without_kid_is_tried_with_every_key() {
    let header = carnet_jose::SigningHeader::new(Algorithm::ES256, None, Some("at+jwt"));
    let payload = claims(&json!({})).to_string();
    let token = carnet_jose::sign_compact(&header, payload.as_bytes(), &NEXT_KEY).unwrap();
    let world = World::new();
    let verifier = world.verifier().await;
    assert_eq!(verifier.verify(&token).await.unwrap_err().crn(), "CRN-4013");
    world.set(JWKS, 200, &key_set(&[&ISSUER_KEY, &NEXT_KEY]));
    let verifier = world.verifier().await;
    assert!(verifier.verify(&token).await.is_ok());
}

#[tokio::test]
async fn rfc9068_4_a_rotation_costs_one_fetch() {
    let world = World::new();
    let verifier = world.verifier().await;
    verifier.verify(&access_token(&json!({}))).await.unwrap();
    world.set(JWKS, 200, &key_set(&[&ISSUER_KEY, &NEXT_KEY]));
    let rotated = |number: i64| sign(&claims(&json!({"jti": number})), "at+jwt", &NEXT_KEY);

    assert_eq!(
        verifier.verify(&rotated(0)).await.unwrap_err().crn(),
        "CRN-4003"
    );
    world.forward(30);
    for number in 1..20 {
        verifier.verify(&rotated(number)).await.unwrap();
    }
    assert_eq!(world.asked(JWKS), 2);
}

#[tokio::test]
async fn a_flood_of_unknown_keys_is_bounded() {
    let world = World::new();
    let verifier = world.verifier().await;
    let mut flood = tokio::task::JoinSet::new();
    for number in 0..200 {
        let key = LocalSigner::new(
            KeyPair::generate(KeyType::P256).unwrap(),
            format!("k{number}"),
        );
        let token = sign(&claims(&json!({})), "at+jwt", &key);
        let verifier = verifier.clone();
        flood.spawn(async move { verifier.verify(&token).await.unwrap_err().crn() });
    }
    assert!(flood.join_all().await.iter().all(|crn| crn == "CRN-4003"));
    assert_eq!(world.asked(JWKS), 1);
}

#[tokio::test]
async fn keys_that_cannot_be_had_are_not_the_tokens_fault() {
    let world = World::new();
    world.set(JWKS, 0, "");
    let verifier = world.verifier().await;
    let refusal = verifier
        .verify(&access_token(&json!({})))
        .await
        .unwrap_err();
    assert!(refusal.is_temporary());
    assert_eq!(
        (refusal.status(), refusal.crn().as_str()),
        (503, "CRN-5002")
    );
    assert!(
        std::error::Error::source(&refusal)
            .unwrap()
            .to_string()
            .contains(JWKS)
    );
    assert!(!refusal.to_string().contains(JWKS));
}

#[tokio::test]
async fn a_verified_token_is_remembered_a_minute_and_never_past_its_end() {
    let world = World::new();
    let verifier = world.verifier().await;
    let token = access_token(&json!({}));
    verifier.verify(&token).await.unwrap();
    // The key is gone, and the keys that are held are too old after five minutes.
    world.set(JWKS, 200, &key_set(&[&NEXT_KEY]));
    world.forward(300 - 1);
    verifier.verify(&token).await.unwrap();
    world.forward(59);
    verifier.verify(&token).await.unwrap();
    world.forward(1);
    assert_eq!(verifier.verify(&token).await.unwrap_err().crn(), "CRN-4003");

    // Past its own end the rules decide again, which forgive a minute and no more.
    let world = World::new();
    let verifier = world.verifier().await;
    let token = access_token(&json!({"iat": NOW - 3600, "exp": NOW + 1}));
    verifier.verify(&token).await.unwrap();
    world.forward(60);
    verifier.verify(&token).await.unwrap();
    world.forward(1);
    assert_eq!(verifier.verify(&token).await.unwrap_err().crn(), "CRN-4001");
}

#[tokio::test]
async fn what_was_not_asked_for_is_not_taken() {
    let world = World::new();
    let verifier = world.builder().build().await.unwrap();
    assert!(verifier.verify(&access_token(&json!({}))).await.is_ok());
    let kinds = [self_signed(&json!({})), crate::rehearsal::opaque(1)];
    for token in kinds {
        assert_eq!(
            verifier.verify(&token).await.unwrap_err().crn(),
            "CRN-4009",
            "{token}"
        );
    }
}

#[tokio::test]
async fn a_verifier_is_put_together_with_care() {
    let world = World::new();
    let without_audience = crate::Verifier::builder(ISSUER)
        .jwks_url(JWKS)
        .build()
        .await;
    assert!(
        without_audience
            .unwrap_err()
            .to_string()
            .contains("no audience")
    );
    let no_url = crate::Verifier::builder("auth.example")
        .audience("x")
        .jwks_url(JWKS);
    let no_url = no_url
        .self_signed(crate::rehearsal::allowed())
        .build()
        .await;
    assert!(no_url.unwrap_err().to_string().contains("not an address"));
    world.builder().jwks_url(JWKS).build().await.unwrap();
    assert_eq!(world.asked_at_all(), 0);
    let document = "https://auth.example/.well-known/oauth-authorization-server";
    world.set(document, 200, r#"{"issuer":"https://auth.example"}"#);
    let incomplete = world.builder().build().await.unwrap_err();
    assert!(
        incomplete.to_string().contains("name no jwks_uri"),
        "{incomplete}"
    );
    world.set(document, 0, "");
    assert!(world.builder().build().await.unwrap_err().is_temporary());
}

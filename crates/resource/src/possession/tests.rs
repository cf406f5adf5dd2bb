//! Bound tokens at an API: what is let in, and what is told of the rest.

use carnet_jose::Jwk;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_jose::LocalSigner;
use carnet_jose::base64url;
use carnet_jose::digest::sha256;
use http::Request;
use serde_json::Value;
use serde_json::json;

use super::ClientCertificate;
use super::MOST_REMEMBERED;
use super::Proofs;
use crate::refusal::Refusal;
use crate::rehearsal::INTROSPECT;
use crate::rehearsal::NOW;
use crate::rehearsal::World;
use crate::rehearsal::access_token;
use crate::rehearsal::account;
use crate::rehearsal::opaque;
use crate::verified::Verified;
use crate::verifier::Verifier;

const HERE: &str = "https://api.example/v1/invoices";

struct Holder(LocalSigner);

impl Holder {
    fn new() -> Self {
        Self(LocalSigner::new(
            KeyPair::generate(KeyType::P256).unwrap(),
            "",
        ))
    }

    fn thumbprint(&self) -> String {
        self.0.key_pair().public_key().thumbprint_text()
    }

    fn prove(&self, claims: &Value) -> String {
        let jwk = Jwk::new(self.0.key_pair().public_key().clone(), "").to_json();
        let header = json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk});
        let input = [header.to_string(), claims.to_string()].map(base64url::encode);
        let input = input.join(".");
        let signature = self.0.sign_now(input.as_bytes()).unwrap();
        format!("{input}.{}", base64url::encode(signature))
    }
}

fn claims(name: &str, token: &str) -> Value {
    let ath = base64url::encode(sha256(token));
    json!({"jti": name, "htm": "GET", "htu": HERE, "iat": NOW, "ath": ath})
}

async fn verifier(world: &World, proofs: Proofs) -> Verifier {
    world.builder().proofs(proofs).build().await.unwrap()
}

/// Shows a token.
async fn show(
    verifier: &Verifier,
    (scheme, token): (&str, &str),
    proofs: &[&str],
) -> Result<Verified, Refusal> {
    let mut request = Request::get(format!("{HERE}?page=2"));
    request = request.header("authorization", format!("{scheme} {token}"));
    for proof in proofs {
        request = request.header("dpop", *proof);
    }
    verifier.verify_request(&request.body(()).unwrap()).await
}

#[tokio::test]
async fn rfc9449_7_1_a_bound_token_is_taken_with_its_proof_once() {
    let world = World::new();
    let verifier = verifier(&world, Proofs::at("https://api.example/")).await;
    let key = Holder::new();
    let token = access_token(&json!({"cnf": {"jkt": key.thumbprint()}}));
    let proof = key.prove(&claims("a", &token));
    let caller = show(&verifier, ("DPoP", &token), &[&proof]).await.unwrap();
    assert!(caller.is_bound());
    let again = show(&verifier, ("DPoP", &token), &[&proof])
        .await
        .unwrap_err();
    assert_eq!((again.crn().as_str(), again.status()), ("CRN-1605", 401));
    let next = key.prove(&claims("b", &token));
    assert!(show(&verifier, ("dpop", &token), &[&next]).await.is_ok());
}

#[tokio::test]
async fn rfc9449_7_2_a_bound_token_is_no_bearer_token() {
    let world = World::new();
    let verifier = verifier(&world, Proofs::at("https://api.example")).await;
    let key = Holder::new();
    let token = access_token(&json!({"cnf": {"jkt": key.thumbprint()}}));
    let proof = key.prove(&claims("a", &token));
    let refused = show(&verifier, ("Bearer", &token), &[&proof])
        .await
        .unwrap_err();
    assert_eq!(refused.crn(), "CRN-1611");
    assert_eq!(verifier.verify(&token).await.unwrap_err().crn(), "CRN-1611");
    let answer = verifier.answer(&refused);
    let told = answer.headers().get_all("www-authenticate").iter();
    let told: Vec<_> = told.map(|value| value.to_str().unwrap()).collect();
    assert!(
        told[0].starts_with("Bearer ") && told[1].starts_with("DPoP "),
        "{told:?}"
    );
    assert!(
        told[1].contains(r#"error="invalid_token""#) && told[1].contains("algs="),
        "{told:?}"
    );
    // An API that takes no proofs refuses such tokens too.
    let plain = world.verifier().await;
    let refused = show(&plain, ("DPoP", &token), &[&proof]).await.unwrap_err();
    assert_eq!(refused.crn(), "CRN-1611");
    let plain_token = access_token(&json!({}));
    let refused = show(&verifier, ("DPoP", &plain_token), &[&proof])
        .await
        .unwrap_err();
    assert_eq!(refused.crn(), "CRN-1611", "nor a scheme without a binding");
    assert!(show(&verifier, ("Bearer", &plain_token), &[]).await.is_ok());
}

#[tokio::test]
async fn rfc9449_4_3_a_proof_is_about_this_request_and_this_token() {
    let world = World::new();
    let verifier = verifier(&world, Proofs::at("https://api.example")).await;
    let (key, other) = (Holder::new(), Holder::new());
    let token = access_token(&json!({"cnf": {"jkt": key.thumbprint()}}));
    for (name, value, code) in [
        ("htm", json!("POST"), "CRN-1603"),
        ("htu", json!("http://api.example/v1/invoices"), "CRN-1603"),
        ("htu", json!("https://api.example/v1/others"), "CRN-1603"),
        ("iat", json!(NOW - 61), "CRN-1604"),
        ("iat", json!(NOW + 61), "CRN-1604"),
        ("ath", json!("x"), "CRN-1606"),
        ("ath", Value::Null, "CRN-1606"),
        ("jti", json!(""), "CRN-1602"),
    ] {
        let mut claims = claims("a", &token);
        claims[name] = value;
        let proof = key.prove(&claims);
        let refused = show(&verifier, ("DPoP", &token), &[&proof])
            .await
            .unwrap_err();
        assert_eq!(
            (refused.crn().as_str(), refused.status()),
            (code, 401),
            "{name}"
        );
    }
    let right = claims("a", &token);
    let (mine, others) = (key.prove(&right), other.prove(&right));
    for (proofs, code) in [
        (vec![others.as_str()], "CRN-1611"),
        (vec![], "CRN-1607"),
        (vec![&mine, &mine], "CRN-1602"),
        (vec!["x"], "CRN-1602"),
    ] {
        let refused = show(&verifier, ("DPoP", &token), &proofs)
            .await
            .unwrap_err();
        assert_eq!(refused.crn(), code);
        let answer = verifier.answer(&refused);
        let told = answer.headers()["www-authenticate"].to_str().unwrap();
        assert!(told.contains(code), "{told}");
    }
    assert!(show(&verifier, ("DPoP", &token), &[&mine]).await.is_ok());
}

#[tokio::test]
async fn rfc9449_9_an_api_may_want_its_own_nonce() {
    let world = World::new();
    let proofs = Proofs::at("https://api.example").with_nonces(&[3; 32]);
    let verifier = verifier(&world, proofs).await;
    let key = Holder::new();
    let token = access_token(&json!({"cnf": {"jkt": key.thumbprint()}}));
    let proof = key.prove(&claims("a", &token));
    let asked = show(&verifier, ("DPoP", &token), &[&proof])
        .await
        .unwrap_err();
    let answer = verifier.answer(&asked);
    assert_eq!(answer.status(), 401);
    let told = answer.headers()["www-authenticate"].to_str().unwrap();
    assert!(told.contains(r#"error="use_dpop_nonce""#), "{told}");
    let nonce = answer.headers()["dpop-nonce"].to_str().unwrap();
    let mut right = claims("a", &token);
    right["nonce"] = nonce.into();
    let proof = key.prove(&right);
    assert!(show(&verifier, ("DPoP", &token), &[&proof]).await.is_ok());
    world.forward(240);
    right["jti"] = "b".into();
    right["iat"] = (NOW + 240).into();
    let proof = key.prove(&right);
    let old = show(&verifier, ("DPoP", &token), &[&proof])
        .await
        .unwrap_err();
    assert_eq!(old.crn(), "CRN-1601");
}

#[tokio::test]
async fn rfc8705_3_a_token_of_a_certificate_needs_that_certificate() {
    let verifier = World::new().verifier().await;
    let digest = base64url::encode(sha256(b"mine"));
    let token = access_token(&json!({"cnf": {"x5t#S256": digest}}));
    for (shown, good) in [
        (Some(&b"mine"[..]), true),
        (Some(&b"another's"[..]), false),
        (None, false),
    ] {
        let mut request = Request::get(HERE).header("authorization", format!("Bearer {token}"));
        if let Some(der) = shown {
            request = request.extension(ClientCertificate::from_der(der));
        }
        let outcome = verifier.verify_request(&request.body(()).unwrap()).await;
        assert_eq!(outcome.is_ok(), good, "{outcome:?}");
    }
    let strange = access_token(&json!({"cnf": {"kid": "x"}}));
    let refused = show(&verifier, ("Bearer", &strange), &[])
        .await
        .unwrap_err();
    assert_eq!(refused.crn(), "CRN-1611", "what nobody here can check");
}

#[tokio::test]
async fn rfc9449_6_2_an_opaque_token_is_bound_as_introspection_says() {
    let world = World::new();
    let key = Holder::new();
    world.introspection(&json!({"token_type": "DPoP", "cnf": {"jkt": key.thumbprint()}}));
    let asking = account("https://auth.example/token");
    let builder = world.builder().introspect_as(asking);
    let builder = builder.proofs(Proofs::at("https://api.example"));
    let verifier = builder.build().await.unwrap();
    let token = opaque(1);
    let proof = key.prove(&claims("a", &token));
    assert!(show(&verifier, ("DPoP", &token), &[&proof]).await.is_ok());
    let refused = show(&verifier, ("Bearer", &token), &[]).await.unwrap_err();
    assert_eq!(refused.crn(), "CRN-1611");
    assert_eq!(world.asked(INTROSPECT), 1);
}

#[test]
fn rfc9449_11_1_what_is_remembered_is_bounded_and_forgotten() {
    let proofs = Proofs::at("https://api.example");
    let name = |number: usize| sha256(number.to_be_bytes());
    for number in 0..MOST_REMEMBERED {
        proofs.spend(name(number), NOW).unwrap();
    }
    assert_eq!(proofs.spend(name(0), NOW).unwrap_err().crn(), "CRN-1605");
    let full = proofs.spend(name(MOST_REMEMBERED), NOW).unwrap_err();
    assert!(
        full.is_temporary() && full.status() == 503,
        "none that is good is forgotten"
    );
    proofs.spend(name(MOST_REMEMBERED), NOW + 200).unwrap();
}

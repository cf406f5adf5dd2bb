//! Apps that hold a key.

use axum::body::Body;
use axum::http::Request;
use carnet_jose::base64url;
use carnet_testkit::prover;
use carnet_testkit::prover::Prover;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::provider::Provider;
use carnet_testkit::world::DAEMON;
use carnet_testkit::world::NOW;
use carnet_testkit::world::READ;
use carnet_testkit::world::SECRET;
use serde_json::Value;

use crate::code::actor::encoded;

/// Where tokens are got.
pub(super) fn token_url() -> String {
    format!("{ISSUER}/token")
}

/// The claims of a proof for the token endpoint.
pub(super) fn for_token(name: &str) -> Value {
    prover::claims(name, ("POST", &token_url()), NOW)
}

/// The claims of a proof for showing this token.
pub(super) fn for_use(name: &str, (method, path): (&str, &str), token: &str) -> Value {
    let mut claims = prover::claims(name, (method, &format!("{ISSUER}{path}")), NOW);
    claims["ath"] = prover::of_token(token).into();
    claims
}

/// Sends a form to the token endpoint with these proofs, as a client that authenticates in the header if it
/// has a secret.
pub(super) async fn token(
    provider: &Provider,
    form: &[(&str, &str)],
    client: Option<&str>,
    proofs: &[&str],
) -> Answer {
    let mut request = Request::post("/token");
    if let Some(client) = client {
        let secret: String = url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
        let both = base64url::encode(format!("{client}:{secret}"));
        let mut both = both.replace('-', "+").replace('_', "/");
        while both.len() % 4 != 0 {
            both.push('=');
        }
        request = request.header("authorization", format!("Basic {both}"));
    }
    for proof in proofs {
        request = request.header("dpop", *proof);
    }
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let body = Body::from(encoded(form));
    provider.send(request.body(body).unwrap()).await
}

/// Asks for a token of the daemon's own.
pub(super) async fn own(provider: &Provider, proofs: &[&str]) -> Answer {
    let form = [("grant_type", "client_credentials"), ("scope", READ)];
    token(provider, &form, Some(DAEMON), proofs).await
}

/// Shows a token.
pub(super) async fn show(
    provider: &Provider,
    (method, path): (&str, &str),
    (scheme, token): (&str, &str),
    proof: Option<&str>,
) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    request = request.header("authorization", format!("{scheme} {token}"));
    if let Some(proof) = proof {
        request = request.header("dpop", proof);
    }
    provider.send(request.body(Body::empty()).unwrap()).await
}

/// The error of a refusal, and the number of its cause.
pub(super) fn refused(answer: &Answer) -> (String, String) {
    let body = answer.json();
    let description = body["error_description"].as_str().unwrap_or_default();
    let at = description.find("CRN-").unwrap_or_default();
    let code = description.get(at..at + 8).unwrap_or_default();
    let error = body["error"].as_str().unwrap_or_default();
    (error.to_owned(), code.to_owned())
}

/// A holder of a key.
pub(super) fn holder() -> Prover {
    Prover::new()
}

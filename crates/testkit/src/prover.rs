//! Somebody who holds a key and proves it (RFC 9449), rightly or in any wrong way.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a test ends where something is missing"
)]

use carnet_jose::Jwk;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_jose::LocalSigner;
use carnet_jose::base64url;
use carnet_jose::digest::sha256;
use serde_json::Value;
use serde_json::json;

/// A key, and what its proofs are about.
#[derive(Debug)]
pub struct Prover(LocalSigner);

impl Prover {
    /// A new key.
    #[must_use]
    pub fn new() -> Self {
        let pair = KeyPair::generate(KeyType::P256).expect("a key");
        Self(LocalSigner::new(pair, ""))
    }

    /// Its thumbprint.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        self.0.key_pair().public_key().thumbprint_text()
    }

    /// The header of its proofs.
    #[must_use]
    pub fn header(&self) -> Value {
        let jwk = Jwk::new(self.0.key_pair().public_key().clone(), "");
        json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk.to_json()})
    }

    /// Signs any header and claims.
    #[must_use]
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let input = [header.to_string(), claims.to_string()].map(base64url::encode);
        let input = input.join(".");
        let signature = self.0.sign_now(input.as_bytes()).expect("a signature");
        format!("{input}.{}", base64url::encode(signature))
    }

    /// A proof with these claims.
    #[must_use]
    pub fn prove(&self, claims: &Value) -> String {
        self.sign(&self.header(), claims)
    }
}

impl Default for Prover {
    fn default() -> Self {
        Self::new()
    }
}

/// The claims of a proof about a request. `name` is its `jti`.
#[must_use]
pub fn claims(name: &str, (method, address): (&str, &str), at: i64) -> Value {
    json!({"jti": name, "htm": method, "htu": address, "iat": at})
}

/// The `ath` of a token.
#[must_use]
pub fn of_token(token: &str) -> String {
    base64url::encode(sha256(token))
}

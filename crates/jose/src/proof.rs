//! A JWS that brings the public key by which it is signed, in its header (RFC 7515 §4.1.3): whoever
//! made it held the private key. Whose key that is, it does not say.
//!
//! Proofs of possession are of this kind (RFC 9449 §4.2), and nothing else here reads `jwk`:
//!
//! 1. The text is taken apart within its bounds, as every token is ([`crate::jws`]).
//! 2. `typ` is the one that is wanted: no token of another kind passes for a proof (RFC 8725 §3.11).
//! 3. `alg` is one of those that are allowed; a MAC and `none` are none.
//! 4. `jwk` is a public key: a private member refuses it (§4.3 step 7), and so does a key that goes
//!    with another algorithm.
//! 5. The signature holds under that key.

use crate::{
    alg::Algorithm,
    base64url, json,
    jwk::Jwk,
    jws::{Limits, TokenRefused, Unverified},
    jwt,
    key_refused::KeyRefused,
    public_key::PublicKey,
};

/// The longest proof in characters: RSA-4096, twice over.
pub const LONGEST: usize = 8 * 1024;
/// The most bytes of a decoded header.
const LONGEST_HEADER: usize = 4096;

/// A proof whose signature holds.
#[derive(Clone, Debug)]
pub struct Proof {
    key: PublicKey,
    payload: Vec<u8>,
}

impl Proof {
    /// Reads and verifies a proof.
    pub fn verify(text: &str, typ: &str, allowed: &[Algorithm]) -> Result<Self, ProofRefused> {
        let limits = Limits {
            total: LONGEST,
            ..Limits::STRICT
        };
        let unverified = Unverified::parse(text, limits)?;
        let header = unverified.header();
        let right = |found: &str| jwt::is_typ(found, typ);
        if !header.typ.as_deref().is_some_and(right) {
            return Err(ProofRefused::Type);
        }
        if !allowed.contains(&header.algorithm) {
            return Err(ProofRefused::Algorithm(header.algorithm));
        }
        let key = key(text, header.algorithm)?;
        unverified.verify(&key)?;
        let payload = unverified.claims_unverified_for_lookup().to_vec();
        Ok(Self { key, payload })
    }

    /// The key that made it.
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }

    /// What it says.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }
}

/// The key in the header, for this algorithm.
fn key(text: &str, algorithm: Algorithm) -> Result<PublicKey, ProofRefused> {
    let header = text.split('.').next().unwrap_or_default();
    let header = base64url::decode(header, base64url::Padding::Strict, LONGEST_HEADER)
        .map_err(|_| ProofRefused::NoKey)?;
    let members = json::object(&header, json::HEADER_DEPTH).map_err(|_| ProofRefused::NoKey)?;
    let members = members.get("jwk").and_then(serde_json::Value::as_object);
    let members = members.ok_or(ProofRefused::NoKey)?;
    let key = Jwk::from_members(members)?.key;
    // An RSA key that names no algorithm is good for both; one that names another refuses here or at
    // the signature.
    if key.algorithm() != algorithm && !members.contains_key("alg") {
        return Ok(key.with_algorithm(algorithm)?);
    }
    Ok(key)
}

/// Why a proof was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofRefused {
    /// It is not a token, or the signature does not hold.
    #[error(transparent)]
    Token(#[from] TokenRefused),
    /// `typ` is missing or another one.
    #[error("the header member 'typ' is missing or another one")]
    Type,
    /// `alg` is not allowed here.
    #[error("proofs signed with {0} are not taken")]
    Algorithm(Algorithm),
    /// There is no `jwk`.
    #[error("the header has no 'jwk'")]
    NoKey,
    /// `jwk` is not a public key that is taken.
    #[error("the 'jwk' in the header: {0}")]
    Key(#[from] KeyRefused),
}

#[cfg(test)]
mod tests;

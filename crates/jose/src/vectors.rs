//! The judge behind `carnet jose-verify`: one key, one token, one word.
//!
//! It lets anybody hold this crate against published vectors (Project Wycheproof, RFC 7520, …) from
//! outside. It takes the same path as every verifier in Carnet: [`Jwk`], [`Unverified`],
//! `verify`. Two things are added, because vectors are not deployments:
//!
//! 1. A private key is reduced to its public half first: vectors often come with the private one.
//! 2. A set instead of a key is judged as a verifier with a JWKS judges: the `kid` chooses. Where
//!    two keys of a set share one `kid`, the answer is "invalid": nobody can say which was meant.
//!
//! *Unsupported* means that this crate does not have the algorithm or the kind of token, so it says
//! nothing about the vector. Everything else that is not verified is *invalid*.

use serde_json::{Map, Value};

use crate::{
    alg::Algorithm,
    base64url::{self, Padding},
    json,
    jwk::Jwk,
    jws::{Limits, TokenRefused, Unverified},
    key_refused::KeyRefused,
};

/// What the judge says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// The signature holds under the key.
    Valid,
    /// The key or the token is refused.
    Invalid,
    /// Not ours to judge: encryption, HMAC, a curve or an algorithm that this crate does not have.
    Unsupported,
}

/// Vectors are judged with room for long tokens.
const LIMITS: Limits = Limits {
    total: 64 * 1024,
    padding: Padding::Strict,
};

/// Judges one vector. Kinds are `jws` and `jwt` (with a key or a set of keys) and, with the same
/// meaning, `jwk` and `jwks`; every other kind is unsupported.
pub fn judge(kind: &str, jwk: &Value, token: &str) -> Judgement {
    if !matches!(kind, "jws" | "jwt" | "jwk" | "jwks") {
        return Judgement::Unsupported;
    }
    let Value::Object(members) = jwk else {
        return Judgement::Invalid;
    };
    match members.get("keys") {
        None => judge_key(members, token),
        Some(Value::Array(keys)) => judge_set(keys, token),
        Some(_) => Judgement::Invalid,
    }
}

fn judge_key(members: &Map<String, Value>, token: &str) -> Judgement {
    let jwk = match Jwk::from_members(&public_half(members)) {
        Ok(jwk) => jwk,
        Err(KeyRefused::Unsupported(_)) => return Judgement::Unsupported,
        Err(_) => return Judgement::Invalid,
    };
    match Unverified::parse(token, LIMITS).map(|token| token.verify(&jwk.key).is_ok()) {
        Ok(true) => Judgement::Valid,
        Err(TokenRefused::Algorithm(name)) if is_sibling(name.0.as_str(), jwk.key.algorithm()) => {
            Judgement::Unsupported
        }
        Ok(false) | Err(_) => Judgement::Invalid,
    }
}

/// Takes the key that the token's `kid` names, or the only key.
fn judge_set(keys: &[Value], token: &str) -> Judgement {
    let wanted = key_id(token);
    let mut named = keys.iter().filter_map(Value::as_object).filter(|key| {
        keys.len() == 1 || key.get("kid").and_then(Value::as_str) == wanted.as_deref()
    });
    match (named.next(), named.next()) {
        (Some(only), None) => judge_key(only, token),
        _ => Judgement::Invalid,
    }
}

/// The `kid` of a header even where its algorithm is none of ours.
fn key_id(token: &str) -> Option<String> {
    let (header, _) = token.split_once('.')?;
    let header = base64url::decode(header, Padding::Strict, 4096).ok()?;
    let members = json::object(&header, json::HEADER_DEPTH).ok()?;
    members
        .get("kid")
        .and_then(Value::as_str)
        .map(str::to_owned)
}

fn public_half(members: &Map<String, Value>) -> Map<String, Value> {
    let mut public = members.clone();
    public.retain(|name, _| !crate::jwk::PRIVATE_MEMBERS.contains(&name.as_str()));
    public
}

/// Whether a name that we do not have is the same scheme with another hash, so that the key might
/// make such signatures elsewhere. Everything else (`none`, HMAC with a public key) is an attack.
fn is_sibling(name: &str, key: Algorithm) -> bool {
    match key {
        Algorithm::RS256 => matches!(name, "RS384" | "RS512"),
        Algorithm::PS256 => matches!(name, "PS384" | "PS512"),
        Algorithm::ES256 | Algorithm::ES384 | Algorithm::EdDSA => false,
    }
}

#[cfg(test)]
mod tests;

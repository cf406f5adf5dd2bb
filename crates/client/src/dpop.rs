//! Tokens that are worth nothing without a key: proofs of possession.
//!
//! RFC 9449. Each request carries a proof of its own (§4.2), signed with a key that the tokens are
//! bound to:
//!
//! 1. The proof names method and address of the request, and beside a token the token's hash
//!    (§4.2, §7).
//! 2. A server may want a nonce of its own in the proof (§8 at the authorization server, §9 at an
//!    API). It says so with `use_dpop_nonce`, and gives one in `DPoP-Nonce`; the request is sent
//!    once more. The newest nonce of each origin is remembered.
//!
//! ```
//! use carnet_client::DpopKey;
//!
//! # fn main() -> Result<(), carnet_client::Error> {
//! let key = DpopKey::generate()?;
//! let proof = key.proof("POST", "https://auth.example/token", None, 1_800_000_000)?;
//! assert_eq!(proof.reveal().split('.').count(), 3);
//! # Ok(())
//! # }
//! ```

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use carnet_jose::Jwk;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_jose::base64url;
use carnet_jose::digest::sha256;
use carnet_wire::dpop::TYPE;
use http::HeaderMap;
use http::HeaderName;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use url::Url;
use zeroize::Zeroizing;

use crate::authentication::random;
use crate::error::Error;
use crate::error::Kind;
use crate::jwt_bearer::endpoint;
use crate::token::Secret;
use crate::token::Token;

/// The header of a proof.
pub const PROOF: HeaderName = HeaderName::from_static("dpop");
/// The header in which a server gives a nonce.
pub const NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// The code with which a server asks for its nonce (§8, §9).
pub(crate) const USE_NONCE: &str = "use_dpop_nonce";

/// The longest nonce that is sent back, in bytes.
const LONGEST_NONCE: usize = 256;
/// Of how many origins a nonce is remembered.
const MOST_ORIGINS: usize = 32;
/// The members of a public key (RFC 7518 §6); all others say how it is used.
const PUBLIC_MEMBERS: [&str; 6] = ["kty", "crv", "x", "y", "n", "e"];

/// The key that tokens are bound to, and the nonces that servers gave. Clones share both.
#[derive(Clone)]
pub struct DpopKey(Arc<Inner>);

struct Inner {
    pair: KeyPair,
    /// The encoded header of every proof, with the dot.
    head: String,
    nonces: Mutex<BTreeMap<String, String>>,
}

impl DpopKey {
    /// A new key on P-256, for ES256.
    pub fn generate() -> Result<Self, Error> {
        KeyPair::generate(KeyType::P256)
            .map(Self::of)
            .map_err(|fault| Error::new(Kind::Sign(fault)))
    }

    /// Reads the key that [`DpopKey::to_pem`] wrote, so that a token outlives the program.
    pub fn from_pem(pem: &str) -> Result<Self, Error> {
        KeyPair::from_pem(pem)
            .map(Self::of)
            .map_err(|refused| Error::new(Kind::PrivateKey(refused)))
    }

    /// The private key in PKCS#8.
    pub fn to_pem(&self) -> Result<Zeroizing<String>, Error> {
        let pem = self.0.pair.to_pkcs8_pem();
        pem.map_err(|fault| Error::new(Kind::Sign(fault)))
    }

    fn of(pair: KeyPair) -> Self {
        let written = Jwk::new(pair.public_key().clone(), "").to_json();
        let public = written.as_object().into_iter().flatten();
        let jwk: Map<String, Value> = public
            .filter(|(name, _)| PUBLIC_MEMBERS.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let header = json!({"typ": TYPE, "alg": pair.algorithm().name(), "jwk": jwk});
        let head = base64url::encode(header.to_string()) + ".";
        let nonces = Mutex::default();
        Self(Arc::new(Inner { pair, head, nonces }))
    }

    /// The thumbprint of the public key (RFC 7638), which `dpop_jkt` and `cnf.jkt` hold.
    pub fn thumbprint(&self) -> String {
        self.0.pair.public_key().thumbprint_text()
    }

    /// The proof for one request: the value of the header `DPoP`. `token` is the one that is shown
    /// in the same request.
    pub fn proof(
        &self,
        method: &str,
        url: &str,
        token: Option<&Token>,
        now: i64,
    ) -> Result<Secret, Error> {
        #[derive(Serialize)]
        struct Claims<'a> {
            jti: String,
            htm: &'a str,
            htu: &'a str,
            iat: i64,
            #[serde(skip_serializing_if = "Option::is_none")]
            ath: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            nonce: Option<String>,
        }
        let mut about = endpoint(url)?;
        let nonce = self.nonces().get(&origin(&about)).cloned();
        about.set_query(None);
        about.set_fragment(None);
        let claims = Claims {
            jti: random::<16>()?,
            htm: method,
            htu: about.as_str(),
            iat: now,
            ath: token.map(|token| base64url::encode(sha256(token.value().reveal()))),
            nonce,
        };
        let mut jws = self.0.head.clone();
        // Strings and numbers always serialise.
        let claims = serde_json::to_vec(&claims).unwrap_or_default();
        base64url::encode_onto(&claims, &mut jws);
        let signature = self.0.pair.sign(jws.as_bytes());
        let signature = signature.map_err(|fault| Error::new(Kind::Sign(fault)))?;
        jws.push('.');
        base64url::encode_onto(&signature, &mut jws);
        Ok(Secret::new(&jws))
    }

    /// Remembers the nonce of an answer (§8.2: whatever its status). Whether it is a new one.
    pub fn learn(&self, url: &str, headers: &HeaderMap) -> bool {
        let given = headers.get(&NONCE).and_then(|value| value.to_str().ok());
        let (Some(given), Ok(url)) = (given, Url::parse(url)) else {
            return false;
        };
        if given.is_empty() || given.len() > LONGEST_NONCE {
            return false;
        }
        let mut nonces = self.nonces();
        let origin = origin(&url);
        if nonces.len() >= MOST_ORIGINS && !nonces.contains_key(&origin) {
            nonces.clear();
        }
        let before = nonces.insert(origin, given.to_owned());
        before.as_deref() != Some(given)
    }

    fn nonces(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, String>> {
        self.0.nonces.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// Without the key.
impl fmt::Debug for DpopKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DpopKey({}, ..)", self.thumbprint())
    }
}

#[cfg(test)]
mod tests;

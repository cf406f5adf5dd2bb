//! Keys, JWS, JWT, JWKS and thumbprints over aws-lc-rs; the algorithm belongs to the key.
//!
//! # A short tour
//!
//! A key comes in once, by any door, and is from then on a value that can verify or sign:
//!
//! ```
//! use carnet_jose::{Algorithm, Jwk, KeyPair, KeyType, LocalSigner, SigningHeader, sign_compact};
//! use carnet_jose::{Limits, Unverified};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Once, at start: make or load a key, encode its header.
//! let signer = LocalSigner::new(KeyPair::generate(KeyType::P256)?, "2026-11");
//! let header = SigningHeader::new(Algorithm::ES256, Some("2026-11"), Some("at+jwt"));
//!
//! // Per token: one ES256 signature (14 µs) and two allocations.
//! let token = sign_compact(&header, br#"{"iss":"https://carnet.test"}"#, &signer)?;
//!
//! // On the other side: take it apart, look which key it wants, verify, and only then read.
//! let published = Jwk::new(signer.key_pair().public_key().clone(), "2026-11");
//! let published = Jwk::parse(published.to_json().to_string().as_bytes())?;
//! let unverified = Unverified::parse(&token, Limits::STRICT)?;
//! assert_eq!(unverified.header().key_id.as_deref(), Some("2026-11"));
//! let verified = unverified.verify(&published.key)?;
//! assert_eq!(verified.claims_object()?["iss"], "https://carnet.test");
//! # Ok(())
//! # }
//! ```
//!
//! # The rooms
//!
//! | file | what |
//! |---|---|
//! | [`alg`] | the closed list of algorithms |
//! | [`public_key`], [`key_pair`] | keys, parsed once; RSA rules in [`rsa`] |
//! | [`jwk`], [`jwks`], [`pem`], [`x509`], [`pkcs12`] | the forms in which keys travel |
//! | [`jws`], [`signing`], [`jwt`] | reading a token, writing one, the words in it |
//! | [`mac`] | a token under a secret that both sides know, which no public key can be |
//! | [`proof`] | a token that brings its own key: proof that somebody holds it |
//! | [`signer`] | the seam behind which private keys may live elsewhere |
//! | [`seal`], [`prefixed`] | opaque tokens: AES-256-GCM, and their text form with a checksum |
//! | [`rotating`] | words that are good for a while and that nobody remembers |
//! | [`digest`], [`base64url`], [`json`], [`entropy`] | the ground floor |
//! | [`old_hash`] | what only password hashes of other systems need |
//! | [`vectors`] | the judge behind `carnet jose-verify` |
//!
//! # What is absent on purpose
//!
//! - `none`, and every way for a token to choose its algorithm or key. HMAC is a type of its own ([`mac`]):
//!   what takes a public key cannot be talked into it.
//! - JWE, PBES2 in tokens, compression: nothing in Carnet needs them yet, and each has a history.
//! - A clock. Dates are values here; whether one is past is decided by whoever has `now`.
//! - OAuth. This crate does not know what a scope is.

pub mod alg;
pub mod base64url;
mod der;
pub mod digest;
pub mod entropy;
pub mod json;
pub mod jwk;
pub mod jwks;
pub mod jws;
pub mod jwt;
pub mod key_pair;
pub mod key_refused;
pub mod mac;
mod numbers;
pub mod old_hash;
pub mod pem;
pub mod pkcs12;
pub mod prefixed;
pub mod printable;
pub mod proof;
pub mod public_key;
mod public_pem;
pub mod rotating;
pub mod rsa;
pub mod seal;
pub mod sign_fault;
pub mod signer;
pub mod signing;
mod spki;
pub mod vectors;
pub mod x509;

pub use alg::{Algorithm, UnknownAlgorithm};
pub use base64url::Padding;
pub use entropy::{NoEntropy, fill_random};
pub use jwk::Jwk;
pub use jwks::JwkSet;
pub use jws::{Header, Limits, TokenRefused, Unverified, Verified};
pub use key_pair::{KeyPair, KeyType};
pub use key_refused::KeyRefused;
pub use prefixed::{NotAToken, Prefixed};
pub use printable::Printable;
pub use public_key::{BadSignature, PublicKey};
pub use seal::{NotSealed, SealFault, SealingKey, SealingKeys};
pub use sign_fault::SignFault;
pub use signer::{LocalSigner, Signer};
pub use signing::{SigningHeader, SigningInput, sign_compact};

//! Tokens that are bound to a key or a certificate: whether the request shows it.
//!
//! RFC 9449 §7 and RFC 8705 §3. The token is good already; then, in this order:
//!
//! 1. A token that is bound is shown as it is bound: with a proof, under the scheme `DPoP`; or on a
//!    connection with its certificate. As a bearer token it is worth nothing (RFC 9449 §7.2), and neither
//!    is one that is bound in a way that is not known here.
//! 2. The proof holds: one header, its own key, method and address of this request, a minute at most, the
//!    hash of this token, and our nonce where the API wants one (§4.3, §9).
//! 3. Its key is the one that the token is bound to.
//! 4. It was not used here before (§11.1). What was used is remembered as long as it could be used, within
//!    a bound; an API that runs several times should want nonces of its own key at each.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::PoisonError;

use carnet_jose::Algorithm;
use carnet_jose::base64url;
use carnet_jose::digest::sha256;
use carnet_jose::proof::Proof;
use carnet_jose::rotating::Rotating;
use carnet_wire::bearer::Scheme;
use carnet_wire::confirmation::Confirmation;
use carnet_wire::crn::Crn;
use carnet_wire::dpop;
use carnet_wire::dpop::DpopClaims;
use carnet_wire::dpop::DpopClaimsError;
use carnet_wire::legal::Echo;
use http::Extensions;
use http::HeaderMap;
use http::Method;

use crate::refusal::Refusal;

/// How proofs may be signed: what [`dpop::ALGORITHMS`] names.
const ALLOWED: [Algorithm; 4] = [
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
    Algorithm::PS256,
];
/// How many proofs are remembered.
const MOST_REMEMBERED: usize = 100_000;
/// For how long, in seconds: whatever its clock says, a proof is over by then.
const REMEMBERED: i64 = 2 * dpop::WINDOW + 1;
/// How long a nonce is the newest, in seconds.
const NONCE_PERIOD: i64 = 120;

/// The certificate with which a request came (RFC 8705). Whatever ends TLS puts it into the extensions of
/// the request, once the client has proved that it has the private key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientCertificate(String);

impl ClientCertificate {
    /// A certificate in DER.
    pub fn from_der(der: &[u8]) -> Self {
        Self(base64url::encode(sha256(der)))
    }
}

/// Takes tokens that are bound to a key (RFC 9449). See [`VerifierBuilder::proofs`].
///
/// [`VerifierBuilder::proofs`]: crate::VerifierBuilder::proofs
#[derive(Debug)]
pub struct Proofs {
    base: String,
    nonces: Option<Rotating>,
    used: Mutex<HashMap<[u8; 32], i64>>,
}

impl Proofs {
    /// `base` is the address of the API as its clients know it, to which the path of a request is added:
    /// `https://api.example`. What a request says of its host is not believed.
    pub fn at(base: &str) -> Self {
        Self {
            base: base.trim_end_matches('/').to_owned(),
            nonces: None,
            used: Mutex::default(),
        }
    }

    /// Each proof must carry a nonce of this API (RFC 9449 §9). Processes that share the key know each
    /// other's nonces; 32 random bytes are right.
    #[must_use]
    pub fn with_nonces(self, key: &[u8; 32]) -> Self {
        Self {
            nonces: Some(Rotating::new(key, NONCE_PERIOD)),
            ..self
        }
    }

    /// The nonce that the next proof shall carry, if the API wants one.
    pub(crate) fn nonce(&self, now: i64) -> Option<String> {
        self.nonces.as_ref().map(|words| words.word(now))
    }

    /// The thumbprint of the key that the request proves, and the name under which the proof is remembered.
    fn prove(&self, shown: &Shown<'_>, now: i64) -> Result<(String, [u8; 32]), Refusal> {
        let text = shown.proof()?;
        let proof = Proof::verify(text, dpop::TYPE, &ALLOWED)
            .map_err(|fault| Refusal::new(Crn::DPOP_PROOF_MALFORMED, fault.to_string()))?;
        let claims = DpopClaims::parse(proof.payload()).map_err(refused)?;
        let address = format!("{}{}", self.base, shown.path);
        claims
            .is_about(shown.method.as_str(), &address)
            .map_err(|fault| {
                let detail = format!(
                    "the proof is for {} {}, this is {} {address}",
                    Echo::of(&claims.htm),
                    Echo::of(&claims.htu),
                    shown.method
                );
                Refusal::new(fault.crn(), detail)
            })?;
        claims.is_fresh(now).map_err(refused)?;
        let digest = base64url::encode(sha256(shown.token));
        claims.is_beside(&digest).map_err(refused)?;
        if let Some(words) = &self.nonces {
            let known = |nonce: &str| words.knows(nonce, now);
            if !claims.nonce.as_deref().is_some_and(known) {
                let detail = "the proof needs the nonce of this answer";
                return Err(Refusal::new(Crn::DPOP_NONCE, detail));
            }
        }
        let thumbprint = proof.key().thumbprint_text();
        // A thumbprint has one length, so no two pairs are one text.
        let name = sha256(format!("{thumbprint}{}", claims.jti));
        Ok((thumbprint, name))
    }

    /// Uses a proof up.
    fn spend(&self, name: [u8; 32], now: i64) -> Result<(), Refusal> {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.len() >= MOST_REMEMBERED {
            used.retain(|_, until| *until > now);
        }
        if used.get(&name).is_some_and(|until| *until > now) {
            let detail = "a proof with this jti of this key came before";
            return Err(Refusal::new(Crn::DPOP_PROOF_REUSED, detail));
        }
        if used.len() >= MOST_REMEMBERED {
            // To forget one that is still good would let it be used again.
            return Err(Refusal::too_many());
        }
        used.insert(name, now.saturating_add(REMEMBERED));
        Ok(())
    }
}

fn refused(fault: DpopClaimsError) -> Refusal {
    Refusal::new(fault.crn(), fault.to_string())
}

/// What a request shows beside its token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown<'a> {
    pub(crate) scheme: Scheme,
    pub(crate) token: &'a str,
    pub(crate) method: &'a Method,
    pub(crate) path: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) extensions: &'a Extensions,
}

impl<'a> Shown<'a> {
    fn proof(&self) -> Result<&'a str, Refusal> {
        let mut sent = self.headers.get_all(dpop::HEADER).iter();
        match (sent.next(), sent.next()) {
            (Some(value), None) => value.to_str().map_err(|_| {
                Refusal::new(Crn::DPOP_PROOF_MALFORMED, "the header DPoP is not a JWT")
            }),
            (Some(_), Some(_)) => Err(Refusal::new(
                Crn::DPOP_PROOF_MALFORMED,
                "the header DPoP is there more than once",
            )),
            (None, _) => Err(Refusal::new(
                Crn::DPOP_PROOF_MISSING,
                "send a proof in the header DPoP",
            )),
        }
    }

    /// Whether the request shows what its token is bound to.
    pub(crate) fn holds(
        &self,
        bound: Option<&Confirmation<'_>>,
        proofs: Option<&Proofs>,
        now: i64,
    ) -> Result<(), Refusal> {
        let refuse = |detail: &str| Err(Refusal::new(Crn::TOKEN_IS_BOUND, detail));
        let none = Confirmation::default();
        let bound = bound.unwrap_or(&none);
        if bound.strange {
            return refuse("the token is bound in a way that is not known here");
        }
        if let Some(digest) = &bound.certificate {
            let shown = self.extensions.get::<ClientCertificate>();
            if shown.is_none_or(|shown| shown.0 != *digest) {
                return refuse("the token is bound to another certificate than this connection's");
            }
        }
        match (&bound.jkt, self.scheme) {
            (None, Scheme::Bearer) => Ok(()),
            (None, Scheme::Dpop) => refuse("the token is not bound to a key; send it as Bearer"),
            (Some(_), Scheme::Bearer) => {
                refuse("the token is bound to a key; send it as DPoP, with a proof")
            }
            (Some(jkt), Scheme::Dpop) => {
                let Some(proofs) = proofs else {
                    return refuse("tokens that are bound to a key are not taken here");
                };
                let (thumbprint, name) = proofs.prove(self, now)?;
                if *jkt != thumbprint {
                    return refuse("the token is bound to another key than that of the proof");
                }
                proofs.spend(name, now)
            }
        }
    }
}

#[cfg(test)]
mod tests;

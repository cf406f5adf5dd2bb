//! Credentials of somebody else's that are bound to a key (RFC 7800 section 3).
//!
//! An issuer elsewhere may write a `cnf` into what it signs: then it vouches for whoever holds that key, and for nobody who
//! found the token. Taken without the key, a stolen token would come out as one of ours that anybody may show. So:
//!
//! 1. [`bound`]: `cnf` has `jkt` (RFC 9449 section 6.1) or `x5t#S256` (RFC 8705 section 3.1). Anything else in it, a whole key
//!    or its name, is a way to prove possession that there is none for at our endpoints: refused.
//! 2. [`held`]: the request proves the key, by a proof in its header `DPoP` or by the certificate of its connection.
//! 3. What is given for it is bound to that key too. Of both, it is the one of `jkt`.

use carnet_wire::confirmation::Confirmation;
use carnet_wire::crn::Crn;
use serde::Deserialize as _;
use serde_json::Value;

use super::Possession;
use crate::record::Binding;
use crate::rule::Refusal;

/// To what the claims say that their token is bound.
pub fn bound(claims: &Value) -> Result<Option<Confirmation<'_>>, Refusal> {
    let Some(cnf) = claims.get("cnf").filter(|cnf| !cnf.is_null()) else {
        return Ok(None);
    };
    match Confirmation::deserialize(cnf) {
        Ok(bound) if !bound.strange => Ok(Some(bound)),
        _ => no(
            "cnf must have jkt or x5t#S256, as texts, and nothing else; no other key can be proved here.",
        ),
    }
}

/// To what a request that shows this is bound by it, if it shows the key.
pub fn held(bound: &Confirmation<'_>, shown: &Possession) -> Result<Option<Binding>, Refusal> {
    if let Some(digest) = &bound.certificate
        && shown.certificate.as_deref() != Some(digest)
    {
        return no("cnf names a certificate (x5t#S256), and the connection has not that one.");
    }
    let certificate = bound.certificate.as_ref();
    let certificate = certificate.map(|digest| Binding::Certificate(digest.to_string()));
    let Some(jkt) = &bound.jkt else {
        return Ok(certificate);
    };
    match &shown.proof {
        Some(proof) if proof.thumbprint == *jkt => Ok(Some(Binding::Key(jkt.to_string()))),
        Some(_) => no("cnf names a key (jkt), and the proof in the header DPoP is of another one."),
        None => no("cnf names a key (jkt), and the request has no proof of it in the header DPoP."),
    }
}

fn no<T>(detail: &str) -> Result<T, Refusal> {
    Err(Refusal::new(Crn::FOREIGN_BOUND, detail))
}

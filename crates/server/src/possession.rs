//! Which key a request shows, read from its header `DPoP` and its connection ([`carnet_core::rule::possession`]
//! says what that is worth).
//!
//! 1. One proof at most: two headers are none that is understood (RFC 9449 section 4.3, first check).
//! 2. The address that it must be about is ours, as discovery tells it, with the path of the request:
//!    nothing that came with the request says which host this is. Where certificates are asked for under
//!    another name (RFC 8705 section 5), that one is as good.
//! 3. A proof is spent in the store, so that of many uses at once, at any node, one goes on.
//! 4. Whoever sent a proof is told the newest nonce (section 8.2).

use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::Response;
use axum::http::request::Parts as Head;
use carnet_core::rule::Refusal;
use carnet_core::rule::possession;
use carnet_core::rule::possession::About;
use carnet_core::rule::possession::Possession;
use carnet_core::rule::possession::Proved;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::value::UnixTime;
use carnet_wire::crn::Crn;
use carnet_wire::dpop;

use crate::http::client_certificate::ClientCertificate;
use crate::parts::Parts;

/// What a request shows that wants tokens.
pub fn shown(head: &Head, now: UnixTime, parts: &Parts) -> Result<Possession, Refusal> {
    Ok(Possession {
        proof: proof(head, None, now, parts)?,
        certificate: certificate(head),
    })
}

/// The proof of a request, if it has one. `token` is the access token beside it.
pub fn proof(
    head: &Head,
    token: Option<&str>,
    now: UnixTime,
    parts: &Parts,
) -> Result<Option<Proved>, Refusal> {
    let Some(text) = text(&head.headers)? else {
        return Ok(None);
    };
    let path = head.uri.path();
    let mut addresses = vec![format!("{}{path}", parts.issuer)];
    let other = parts.client_certificates.url.as_ref();
    addresses.extend(other.map(|url| format!("{}{path}", url.as_str().trim_end_matches('/'))));
    let about = About {
        method: head.method.as_str(),
        addresses: &addresses,
        token,
    };
    possession::prove(text, about, &parts.nonces, now).map(Some)
}

/// The digest of the certificate of the connection, if there is one.
pub fn certificate(head: &Head) -> Option<String> {
    ClientCertificate::of(&head.extensions).map(ClientCertificate::x5t_s256)
}

fn text(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let refuse = |detail: &str| Err(Refusal::new(Crn::DPOP_PROOF_MALFORMED, detail));
    let mut sent = headers.get_all(dpop::HEADER).iter();
    match (sent.next(), sent.next()) {
        (None, _) => Ok(None),
        (Some(_), Some(_)) => refuse("the header DPoP was sent more than once."),
        (Some(value), None) => match value.to_str() {
            Ok(text) => Ok(Some(text)),
            Err(_) => refuse("the header DPoP is not a JWT."),
        },
    }
}

/// Uses a proof up. The other end of a race is told that it came before.
pub async fn spend(proof: Option<&Proved>, parts: &Parts) -> Result<Result<(), Refusal>, Fault> {
    let Some(proof) = proof else {
        return Ok(Ok(()));
    };
    let change = Change::AssertionSpent(proof.spent.clone());
    Ok(match parts.store.commit(&[change]).await? {
        Committed::Yes => Ok(()),
        Committed::No(..) => Err(possession::reused()),
    })
}

/// Tells whoever sent a proof which nonce the next one should carry.
pub fn tell(head: &Head, response: &mut Response<Body>, now: UnixTime, parts: &Parts) {
    if !head.headers.contains_key(dpop::HEADER) {
        return;
    }
    if let Ok(nonce) = HeaderValue::from_str(&parts.nonces.newest(now)) {
        response.headers_mut().insert(dpop::NONCE_HEADER, nonce);
    }
}

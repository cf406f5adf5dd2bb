//! An access token that is shown to this server's own resources: userinfo, the admin API, introspection,
//! tokeninfo.
//!
//! 1. It stands in `Authorization`, as `Bearer` or as `DPoP` (RFC 6750 section 2.1, RFC 9449 section 7.1).
//! 2. It is one of ours and stands at this moment ([`crate::bearer`]).
//! 3. It is shown as it is bound: a token that is bound to a key is worth nothing without a proof of that
//!    key over this token, nor one that is bound to a certificate on another connection (RFC 9449 section
//!    7.2, RFC 8705 section 3). The proof is looked at only then, and spent last.
//! 4. It is whole: none of these looks at an access boundary (google-wire 6.5), so a token that has one is worth
//!    nothing here.
//! 5. A no is told in challenges: `Bearer` first, where Google's libraries look for it, and `DPoP` with what
//!    proofs may be signed by ([`challenges`]).

use std::sync::Arc;

use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::request::Parts as Head;
use carnet_core::rule::Refusal;
use carnet_core::rule::possession as rule;
use carnet_core::store::Fault;
use carnet_core::value::UnixTime;
use carnet_wire::bearer;
use carnet_wire::bearer::Challenge;
use carnet_wire::bearer::Scheme;
use carnet_wire::crn::Answer;
use carnet_wire::crn::Crn;
use carnet_wire::dpop;
use carnet_wire::token::TokenErrorCode;
use serde_json::Map;
use serde_json::Value;

use crate::answer;
use crate::answer::Told;
use crate::bearer::Verified;
use crate::bearer::stands;
use crate::http::observe::Code;
use crate::parts::Parts;
use crate::possession;
use crate::protected_resources::Own;

/// How a token came, and its text.
pub type Shown<'a> = (Scheme, &'a str);

/// The token in the header, if there is a header.
pub fn in_header(headers: &HeaderMap) -> Option<Result<Shown<'_>, Refusal>> {
    let mut sent = headers.get_all(AUTHORIZATION).iter();
    let header = sent.next()?;
    if sent.next().is_some() {
        let detail = "There is more than one Authorization header.";
        return Some(Err(Refusal::new(Crn::TOKEN_IN_THE_WRONG_PLACE, detail)));
    }
    let shown = header
        .to_str()
        .map_err(|_| bearer::NotBearer::NotAToken)
        .and_then(bearer::parse_shown);
    Some(shown.map_err(|fault| Refusal::new(fault.crn(), format!("{fault}."))))
}

/// The token, if it is ours, stands, and is whole: one that has an access boundary is refused wherever nobody looks
/// at the boundary. Whether it is shown as it must be is another question: [`held`].
pub async fn standing(
    text: &str,
    now: UnixTime,
    parts: &Parts,
) -> Result<Result<Arc<Verified>, Refusal>, Fault> {
    let token = standing_with_boundary(text, now, parts).await?;
    Ok(token.and_then(|token| {
        if token.claims.narrowed.is_none() {
            return Ok(token);
        }
        let detail = "The token has an access boundary, which is for other APIs.";
        Err(Refusal::new(Crn::TOKEN_HAS_BOUNDARY, detail))
    }))
}

/// The token, if it is ours and stands, whatever its boundary is. It is for whoever tells the boundary, or refuses it.
pub async fn standing_with_boundary(
    text: &str,
    now: UnixTime,
    parts: &Parts,
) -> Result<Result<Arc<Verified>, Refusal>, Fault> {
    let dead = || {
        let detail = "The access token has expired, was revoked, or is none of ours.";
        Err(Refusal::new(Crn::TOKEN_REVOKED, detail))
    };
    let Some(token) = parts.tokens.read(text, &parts.keyring.load(), now) else {
        return Ok(dead());
    };
    let stands = stands(&token, parts.snapshots.as_ref(), &parts.revoked, now).await?;
    Ok(if stands { Ok(token) } else { dead() })
}

/// Whether whoever shows this token holds what it is bound to.
pub async fn held(
    token: &Verified,
    (scheme, text): Shown<'_>,
    head: &Head,
    (now, parts): (UnixTime, &Parts),
) -> Result<Result<(), Refusal>, Fault> {
    let proof = match scheme {
        // What a header says that nobody asked for is not looked at.
        Scheme::Bearer => None,
        Scheme::Dpop => match possession::proof(head, Some(text), now, parts) {
            Ok(Some(proof)) => Some(proof),
            Ok(None) => {
                let detail = "send a proof in the header DPoP.";
                return Ok(Err(Refusal::new(Crn::DPOP_PROOF_MISSING, detail)));
            }
            Err(refusal) => return Ok(Err(refusal)),
        },
    };
    let shown = rule::Possession {
        proof,
        certificate: possession::certificate(head),
    };
    if let Err(refusal) = rule::shown(token.claims.cnf.as_ref(), scheme, &shown) {
        return Ok(Err(refusal));
    }
    possession::spend(shown.proof.as_ref(), parts).await
}

/// The `error` of a refusal (RFC 6750 section 3.1, RFC 9449 section 7.1); none where no token came.
fn error(refusal: &Refusal) -> Option<&'static str> {
    match refusal.crn.answer() {
        Answer::Resource(error) => error.map(carnet_wire::bearer::BearerErrorCode::as_str),
        Answer::Token { error, .. } if of_proof(error) => Some(error.as_str()),
        _ => None,
    }
}

/// The status of a refusal. What is wrong with a proof is 400 at the token endpoint, and 401 here.
fn status(refusal: &Refusal) -> u16 {
    match refusal.crn.answer() {
        Answer::Token { error, .. } if of_proof(error) => 401,
        _ => refusal.crn.status().unwrap_or(401),
    }
}

/// Whether a refusal is about a token or its proof, so that [`refuse`] is its answer.
#[must_use]
pub fn is_about_token(refusal: &Refusal) -> bool {
    error(refusal).is_some()
}

const fn of_proof(error: TokenErrorCode) -> bool {
    matches!(
        error,
        TokenErrorCode::InvalidDpopProof | TokenErrorCode::UseDpopNonce
    )
}

/// What a refused request is told to show, by the API that it asked with the scope that it wants: one challenge for each scheme. The error stands at the scheme that
/// it is about; where a bound token was shown as a bearer token, at both.
#[must_use]
pub fn challenges(refusal: &Refusal, issuer: &str, of: Option<(Own, &str)>) -> Vec<String> {
    let of_proof = matches!(refusal.crn.answer(), Answer::Token { error, .. } if of_proof(error));
    let is_bound = refusal.crn == Crn::TOKEN_IS_BOUND;
    let error = error(refusal);
    let description = refusal.description();
    let algs = dpop::ALGORITHMS.join(" ");
    let mut challenges = Vec::new();
    for scheme in [Scheme::Bearer, Scheme::Dpop] {
        let is_dpop = scheme == Scheme::Dpop;
        if of_proof && !is_dpop {
            continue;
        }
        let told = error.filter(|_| is_dpop == of_proof || is_bound);
        let challenge = Challenge {
            scheme,
            realm: Some(issuer.into()),
            error: told.map(Into::into),
            error_description: told.map(|_| description.as_str().into()),
            scope: of.map(|(_, scope)| scope.into()),
            algs: is_dpop.then(|| algs.as_str().into()),
            resource_metadata: of.and_then(|(own, _)| own.document(issuer)).map(Into::into),
        };
        challenges.push(challenge.to_string());
    }
    challenges
}

/// The same as headers.
fn challenge(headers: &mut HeaderMap, refusal: &Refusal, issuer: &str, of: Option<(Own, &str)>) {
    for challenge in challenges(refusal, issuer, of) {
        if let Ok(value) = HeaderValue::from_str(&challenge) {
            headers.append(WWW_AUTHENTICATE, value);
        }
    }
}

/// The whole answer: the status, the challenges, and the word of the cause; no word where no token came
/// (RFC 6750 section 3.1).
#[must_use]
pub fn refuse(refusal: &Refusal, of: Option<(Own, &str)>, told: Told<'_>) -> Response<Body> {
    let mut body = Map::new();
    if let Some(error) = error(refusal) {
        body.insert("error".to_owned(), error.into());
        body.insert("error_description".to_owned(), refusal.description().into());
    }
    body.insert("trace_id".to_owned(), told.trace.into());
    let status = StatusCode::from_u16(status(refusal)).unwrap_or(StatusCode::UNAUTHORIZED);
    let mut response = answer::json(status, Value::Object(body).to_string());
    challenge(response.headers_mut(), refusal, told.issuer, of);
    let code = Code(refusal.crn.number());
    response.extensions_mut().insert(code);
    response
}

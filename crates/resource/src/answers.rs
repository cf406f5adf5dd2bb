//! What a refused request is answered: status, challenge, body.
//!
//! RFC 6750 §3 and google-wire 3.4. The challenge is what makes Google's libraries fetch a new
//! token: it begins with `Bearer`, and holds `error="invalid_token"` where the token is to blame.
//! Our own code and the measured cause stand in its `error_description`. The body is Google's
//! envelope with Google's sentences, or the plain one of OAuth.

use std::borrow::Cow;

use carnet_wire::bearer::BearerErrorCode;
use carnet_wire::bearer::Challenge;
use carnet_wire::bearer::Scheme;
use carnet_wire::crn::Crn;
use carnet_wire::dpop;
use carnet_wire::google::ApiError;
use carnet_wire::google::ApiReason;
use carnet_wire::google::ApiStatus;
use carnet_wire::google::REALM;
use carnet_wire::token::ErrorResponse;
use carnet_wire::token::TokenErrorCode;
use http::HeaderValue;
use http::Response;
use http::StatusCode;
use http::header::CACHE_CONTROL;
use http::header::CONTENT_TYPE;
use http::header::RETRY_AFTER;
use http::header::WWW_AUTHENTICATE;

use crate::refusal::Refusal;

/// How long a caller should wait where the issuer does not answer, in seconds.
const RETRY: HeaderValue = HeaderValue::from_static("5");

/// What the body of a refusal looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Envelope {
    /// `{"error":{"code":…,"message":…,"status":…,"details":[…]}}`, as Google's APIs answer.
    #[default]
    Google,
    /// `{"error":…,"error_description":…}`, as OAuth's own endpoints answer.
    Plain,
}

/// How this API answers.
#[derive(Clone, Debug)]
pub(crate) struct Answers {
    pub(crate) realm: String,
    pub(crate) resource_metadata: Option<String>,
    pub(crate) envelope: Envelope,
    /// Whether tokens are taken that are bound to a key.
    pub(crate) proofs: bool,
}

impl Default for Answers {
    fn default() -> Self {
        Self {
            realm: REALM.to_owned(),
            resource_metadata: None,
            envelope: Envelope::Google,
            proofs: false,
        }
    }
}

impl Answers {
    /// The whole response.
    pub(crate) fn response(&self, refusal: &Refusal) -> Response<Vec<u8>> {
        let mut response = Response::new(match self.envelope {
            Envelope::Google => google(refusal),
            Envelope::Plain => plain(refusal),
        });
        *response.status_mut() =
            StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
        let headers = response.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/json; charset=UTF-8"),
        );
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if refusal.is_temporary() {
            headers.insert(RETRY_AFTER, RETRY);
        } else {
            for challenge in self.challenges(refusal) {
                if let Ok(challenge) = HeaderValue::try_from(challenge.to_string()) {
                    headers.append(WWW_AUTHENTICATE, challenge);
                }
            }
        }
        response
    }

    /// One for each scheme (RFC 9449 §7.2). What is about a proof is told at `DPoP` alone, and that a token is
    /// bound at both.
    fn challenges<'a>(&'a self, refusal: &'a Refusal) -> Vec<Challenge<'a>> {
        let of_proof = refusal.of_proof().is_some();
        let mut challenges = Vec::new();
        if !of_proof {
            challenges.push(self.challenge(refusal, true));
        }
        if self.proofs {
            let error = of_proof || refusal.cause() == Crn::TOKEN_IS_BOUND;
            challenges.push(Challenge {
                scheme: Scheme::Dpop,
                algs: Some(Cow::Owned(dpop::ALGORITHMS.join(" "))),
                ..self.challenge(refusal, error)
            });
        }
        challenges
    }

    /// RFC 6750 §3.1: without a token there is no `error`, and nothing about it.
    fn challenge<'a>(&'a self, refusal: &'a Refusal, error: bool) -> Challenge<'a> {
        let code = refusal.code().map(BearerErrorCode::as_str);
        let code = code.or_else(|| refusal.of_proof().map(TokenErrorCode::as_str));
        let code = code.filter(|_| error);
        Challenge {
            realm: Some(Cow::Borrowed(&self.realm)),
            error: code.map(Cow::Borrowed),
            error_description: code.map(|_| Cow::Owned(refusal.description())),
            scope: refusal.needed().map(Cow::Borrowed),
            resource_metadata: self.resource_metadata.as_deref().map(Cow::Borrowed),
            ..Challenge::default()
        }
    }
}

fn google(refusal: &Refusal) -> Vec<u8> {
    let about_token = |reason| ApiError::about_token(reason).to_bytes();
    match refusal.code() {
        _ if refusal.is_temporary() => ApiError::new(
            ApiStatus::Unavailable,
            "The service is currently unavailable.",
        )
        .to_bytes(),
        None if refusal.of_proof().is_some() => about_token(ApiReason::AccessTokenTypeUnsupported),
        None => about_token(ApiReason::CredentialsMissing),
        Some(BearerErrorCode::InsufficientScope) => {
            about_token(ApiReason::AccessTokenScopeInsufficient)
        }
        Some(BearerErrorCode::InvalidRequest) => {
            ApiError::new(ApiStatus::InvalidArgument, refusal.description()).to_bytes()
        }
        Some(BearerErrorCode::InvalidToken) => {
            let over = [Crn::TOKEN_EXPIRED, Crn::TOKEN_REVOKED].contains(&refusal.cause());
            about_token(if over {
                ApiReason::AccessTokenExpired
            } else {
                ApiReason::AccessTokenTypeUnsupported
            })
        }
    }
}

/// Where no token came, RFC 6750 §3.1 wants no code; the body is empty but for its braces.
fn plain(refusal: &Refusal) -> Vec<u8> {
    let answer = match refusal.code() {
        Some(code) => ErrorResponse::new(code),
        None if refusal.is_temporary() => {
            ErrorResponse::new(TokenErrorCode::TemporarilyUnavailable)
        }
        None => match refusal.of_proof() {
            Some(code) => ErrorResponse::new(code),
            None => return b"{}".to_vec(),
        },
    };
    answer.describe(refusal.description()).to_bytes()
}

#[cfg(test)]
mod tests;

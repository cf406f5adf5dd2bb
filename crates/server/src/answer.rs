//! From a decision to an HTTP answer: the one place where an error code becomes a status.

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header;
use axum::http::header::CONTENT_TYPE;
use bytes::Bytes;
use carnet_core::rule::Refusal;
use carnet_core::store::Fault;
use carnet_core::value::UnixTime;
use carnet_wire::crn::Crn;
use carnet_wire::token::ErrorResponse;
use carnet_wire::token::TokenErrorCode;

use crate::http::headers;
use crate::http::observe::Code;
use crate::limits::TurnedAway;

/// JSON, as Google's token endpoint labels it (google-wire 2.3).
const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

/// What every answer of an OAuth endpoint tells beside its own content.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// Where the error pages are.
    pub issuer: &'a str,
    /// The trace id of the request.
    pub trace: &'a str,
    /// When.
    pub now: UnixTime,
}

/// JSON that holds a token, or tells about one: never kept by anybody.
#[must_use]
pub fn json(status: StatusCode, body: impl Into<Bytes>) -> Response<Body> {
    let mut response = Response::new(Body::from(body.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, JSON);
    headers::no_store(response.headers_mut());
    response
}

/// A no, in the envelope of RFC 6749 section 5.2 with the two members of ours.
#[must_use]
pub fn refusal(refusal: &Refusal, told: Told<'_>) -> Response<Body> {
    let error = refusal.error();
    let body = envelope(error, refusal.crn, refusal.description(), told);
    let status = refusal.crn.status().unwrap_or_else(|| error.status());
    let mut response = json(
        StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST),
        body,
    );
    if refusal.crn == Crn::METHOD {
        response
            .headers_mut()
            .insert(header::ALLOW, HeaderValue::from_static("POST"));
    }
    let of_a_client = (1_400..1_500).contains(&refusal.crn.number());
    if of_a_client && response.status() == StatusCode::UNAUTHORIZED {
        // RFC 6749 section 5.2, RFC 7617 section 2.1
        let challenge = format!(r#"Basic realm="{}", charset="UTF-8""#, told.issuer);
        if let Ok(challenge) = HeaderValue::from_str(&challenge) {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge);
        }
    }
    response.extensions_mut().insert(Code(refusal.crn.number()));
    response
}

/// A no to a request that was not even looked at (RFC 6585 section 4, RFC 9110 section 15.6.4).
#[must_use]
pub fn turned_away(turned: TurnedAway, told: Told<'_>) -> Response<Body> {
    let mut response = refusal(&turned.refusal(), told);
    turned.tell(response.headers_mut());
    response
}

/// Our own failure: a bare 500, or a 503 where trying again may help. What happened is for the log.
#[must_use]
pub fn fault(fault: &Fault, told: Told<'_>) -> Response<Body> {
    tracing::error!(trace_id = told.trace, fault = %fault, "a request failed");
    let (status, crn, error) = if fault.is_temporary() {
        (
            StatusCode::SERVICE_UNAVAILABLE,
            Crn::UNAVAILABLE,
            TokenErrorCode::TemporarilyUnavailable,
        )
    } else {
        (
            StatusCode::INTERNAL_SERVER_ERROR,
            Crn::SERVER_ERROR,
            TokenErrorCode::InternalFailure,
        )
    };
    let description = crn.describe("Our fault. Nothing was changed.");
    let mut response = json(status, envelope(error, crn, description, told));
    if fault.is_temporary() {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response.extensions_mut().insert(Code(crn.number()));
    response
}

fn envelope(error: TokenErrorCode, crn: Crn, description: String, told: Told<'_>) -> Vec<u8> {
    let mut body = ErrorResponse::new(error).describe(description);
    body.error_uri = Some(format!("{}/e/{crn}", told.issuer).into());
    body.trace_id = Some(told.trace.into());
    body.timestamp = Some(told.now.rfc3339().into());
    body.to_bytes()
}

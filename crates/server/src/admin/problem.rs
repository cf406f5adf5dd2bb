//! The one way in which the admin API says no: a problem of RFC 9457.
//!
//! `type` is the page of the code, `code` the code itself, `errors` the members of the request that are
//! wrong, each with a JSON pointer. Our own failures are told as such and no more; what happened goes
//! into the log.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use carnet_core::rule::admin::{No, Wrong};
use carnet_core::store::{Committed, Fault, Why};
use carnet_wire::crn::Crn;
use serde::Serialize;
use utoipa::ToSchema;

use crate::key_pair::{BUSY, NotMade};
use crate::limits::TurnedAway;

/// The content type of RFC 9457 §3.
const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

/// A no, on its way to the caller.
#[derive(Debug)]
pub(crate) struct Problem {
    /// The cause, by the catalogue.
    pub crn: Crn,
    /// The cause, measured.
    pub detail: String,
    /// The members that are wrong.
    pub wrongs: Vec<Wrong>,
    /// What else the answer must carry.
    pub header: Option<Box<(HeaderName, HeaderValue)>>,
    /// The request was not looked at: it is counted, and not told one by one.
    pub turned: bool,
    /// Our own failure, for the log.
    pub fault: Option<Fault>,
}

impl Problem {
    pub(crate) fn new(crn: Crn, detail: impl Into<String>) -> Self {
        Self::from(No::new(crn, detail))
    }

    pub(crate) fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        self.header = HeaderValue::from_str(value)
            .ok()
            .map(|value| Box::new((name, value)));
        self
    }

    /// There is too much to do.
    pub(crate) fn turned_away(turned: TurnedAway) -> Self {
        let refusal = turned.refusal();
        let mut headers = HeaderMap::new();
        turned.tell(&mut headers);
        let mut problem = Self::new(refusal.crn, refusal.detail);
        problem.turned = true;
        match headers.get(RETRY_AFTER).and_then(|wait| wait.to_str().ok()) {
            Some(wait) => problem.with_header(RETRY_AFTER, wait),
            None => problem,
        }
    }

    /// Why a commit was not made, for a change that the rules had found right. `names` says what is
    /// unique about the record.
    pub(crate) fn not_committed(why: Why) -> Self {
        match why {
            Why::Stale => Self::new(
                Crn::ETAG_MISMATCH,
                "It was changed or removed in the meantime.",
            ),
            Why::Taken => Self::new(
                Crn::ALREADY_EXISTS,
                "A name, address or number of it is in use, or was another's: it is not given again.",
            ),
            Why::Referenced => Self::new(
                Crn::STATE_DOES_NOT_ALLOW,
                "What it belongs to is gone, or others still belong to it.",
            ),
            Why::LastOwner => Self::from(carnet_core::rule::admin::role::last_owner()),
            Why::Full => Self::from(carnet_core::rule::admin::service_account_key::full()),
        }
    }

    /// The status of the code.
    pub(crate) fn status(&self) -> StatusCode {
        self.crn
            .status()
            .and_then(|status| StatusCode::from_u16(status).ok())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The answer.
    pub(crate) fn into_response(self, issuer: &str, trace: &str) -> Response<Body> {
        let status = self.status();
        let told = ProblemDetails {
            kind: format!("{issuer}/e/{}", self.crn),
            title: self.crn.entry().title.to_owned(),
            status: status.as_u16(),
            detail: self.detail,
            code: self.crn.to_string(),
            trace_id: trace.to_owned(),
            errors: self.wrongs.into_iter().map(FieldError::from).collect(),
        };
        let body = serde_json::to_vec(&told).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, PROBLEM_JSON);
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some((name, value)) = self.header.map(|header| *header) {
            headers.insert(name, value);
        }
        response
    }
}

impl From<No> for Problem {
    fn from(no: No) -> Self {
        Self {
            crn: no.crn,
            detail: no.detail,
            wrongs: no.wrongs,
            header: None,
            turned: false,
            fault: None,
        }
    }
}

impl From<NotMade> for Problem {
    fn from(not: NotMade) -> Self {
        match not {
            NotMade::Busy => Self::new(Crn::TOO_MANY_REQUESTS, BUSY).with_header(RETRY_AFTER, "2"),
            NotMade::Fault(fault) => fault.into(),
        }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        let crn = if fault.is_temporary() {
            Crn::UNAVAILABLE
        } else {
            Crn::SERVER_ERROR
        };
        let mut problem = Self::new(crn, "It is our fault, and nothing was changed.");
        if fault.is_temporary() {
            problem = problem.with_header(RETRY_AFTER, "1");
        }
        problem.fault = Some(fault);
        problem
    }
}

/// What a commit said, as a problem where it was not made.
pub(crate) fn committed(committed: Committed) -> Result<(), Problem> {
    match committed {
        Committed::Yes => Ok(()),
        Committed::No(_, why) => Err(Problem::not_committed(why)),
    }
}

/// Why a request was not done (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemDetails {
    /// The page of the code, which explains it.
    #[serde(rename = "type")]
    #[schema(example = "https://auth.example.com/e/CRN-6007")]
    pub kind: String,
    /// The cause in a few words; the same for every problem of this code.
    pub title: String,
    /// The HTTP status.
    #[schema(example = 400)]
    pub status: u16,
    /// The cause, measured.
    pub detail: String,
    /// The code. One cause has it for ever.
    #[schema(example = "CRN-6007")]
    pub code: String,
    /// Names the request in the audit log: `carnet explain TRACE_ID`.
    pub trace_id: String,
    /// Which members of the request are wrong, where some are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<FieldError>,
}

/// One member of the request that is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldError {
    /// Which one: a JSON pointer into the body (RFC 6901), or `?name` for a parameter of the query.
    #[schema(example = "/scopes/1")]
    pub pointer: String,
    /// What is wrong with it.
    pub detail: String,
}

impl From<Wrong> for FieldError {
    fn from(wrong: Wrong) -> Self {
        Self {
            pointer: wrong.pointer,
            detail: wrong.detail,
        }
    }
}

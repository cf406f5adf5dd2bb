//! A no of Google's APIs: `{"error":{"code","message","status","details"}}` (google-wire 3.4, 5.4).
//!
//! 1. The message is Google's where Google has one. Its libraries show it to people, and programs compare it.
//! 2. The cause of our catalogue is one more entry of `details`, an `ErrorInfo` of the domain `carnet` with
//!    the code, what was measured, where it is explained, and the trace.
//! 3. A no about a token has the challenge that makes Google's libraries fetch a new one.
//! 4. Every no that was looked at stands in the audit log.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::IpAddr;

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header;
use bytes::Bytes;
use carnet_core::record::AuditDraft;
use carnet_core::record::Outcome;
use carnet_core::rule::Refusal;
use carnet_core::store::Fault;
use carnet_wire::bearer::Challenge;
use carnet_wire::bearer::Scheme;
use carnet_wire::crn::Answer;
use carnet_wire::crn::Crn;
use carnet_wire::google::ApiError;
use carnet_wire::google::ApiErrorDetail;
use carnet_wire::google::ApiReason;
use carnet_wire::google::ApiStatus;
use carnet_wire::google::FieldViolation;
use carnet_wire::google::REALM;
use carnet_wire::google::iam_credentials::NotARequest;
use carnet_wire::token::TokenErrorCode;
use serde_json::Map;
use serde_json::Value;

use crate::answer;
use crate::answer::Told;
use crate::http::body::NotRead;
use crate::http::observe::Code;
use crate::limits::TurnedAway;
use crate::parts::Parts;
use crate::presented;

/// What Google says of a request that it does not take.
const INVALID_ARGUMENT: &str = "Request contains an invalid argument.";

/// A no, ready to be answered.
#[derive(Debug)]
pub struct No {
    /// The cause.
    pub refusal: Box<Refusal>,
    error: Box<ApiError<'static>>,
    challenges: Vec<String>,
    turned: Option<TurnedAway>,
}

impl From<Refusal> for No {
    /// As the catalogue has it. What it tells in Google's words for the token endpoint is told here too.
    fn from(refusal: Refusal) -> Self {
        let status = match refusal.crn.answer() {
            Answer::Api(status) => status,
            Answer::Resource(_) => {
                return Self::about_token(ApiReason::AccessTokenExpired, refusal);
            }
            Answer::Token {
                error: TokenErrorCode::InvalidScope | TokenErrorCode::InvalidRequest,
                ..
            }
            | Answer::Admin { status: 400 } => ApiStatus::InvalidArgument,
            Answer::Admin { status: 404 } => ApiStatus::NotFound,
            Answer::Admin { status: 409 } => ApiStatus::AlreadyExists,
            Answer::Admin { status: 412 } => ApiStatus::Aborted,
            Answer::Admin { status: 429 } => ApiStatus::ResourceExhausted,
            _ => ApiStatus::PermissionDenied,
        };
        let message = match status {
            // Google says this one out.
            ApiStatus::InvalidArgument if refusal.crn != Crn::IAM_LIFETIME => {
                Cow::Borrowed(INVALID_ARGUMENT)
            }
            _ => Cow::Owned(refusal.detail.clone()),
        };
        Self::new(status, message, refusal)
    }
}

impl From<NotARequest> for No {
    /// A member that is not as it should be: Google names it in a `BadRequest`.
    fn from(fault: NotARequest) -> Self {
        let refusal = Refusal::new(Crn::IAM_ARGUMENT, format!("{fault}."));
        Self::from(refusal).naming(fault.field, fault.why)
    }
}

impl From<TurnedAway> for No {
    /// It was not looked at, and may come again.
    fn from(turned: TurnedAway) -> Self {
        let status = match turned {
            TurnedAway::Often(..) => ApiStatus::ResourceExhausted,
            TurnedAway::Busy(_) => ApiStatus::Unavailable,
        };
        let refusal = turned.refusal();
        Self {
            turned: Some(turned),
            ..Self::new(status, refusal.detail.clone(), refusal)
        }
    }
}

impl From<NotRead> for No {
    fn from(fault: NotRead) -> Self {
        Self::from(Refusal::new(Crn::IAM_ARGUMENT, format!("{fault}.")))
    }
}

impl No {
    /// With this status and this sentence.
    #[must_use]
    pub fn new(status: ApiStatus, message: impl Into<Cow<'static, str>>, refusal: Refusal) -> Self {
        Self {
            refusal: Box::new(refusal),
            error: Box::new(ApiError::new(status, message)),
            challenges: Vec::new(),
            turned: None,
        }
    }

    /// The caller may not: the same whether there is such a thing or not.
    #[must_use]
    pub fn permission(permission: &'static str, refusal: Refusal) -> Self {
        let message =
            format!("Permission '{permission}' denied on resource (or it may not exist).");
        let mut no = Self::new(ApiStatus::PermissionDenied, message, refusal);
        no.error.details.push(ApiErrorDetail::ErrorInfo {
            reason: "IAM_PERMISSION_DENIED".into(),
            domain: "iam.googleapis.com".into(),
            metadata: BTreeMap::from([("permission", permission.into())]),
        });
        no
    }

    /// About the token of the caller: none, a bad one, or one that allows too little.
    #[must_use]
    pub fn about_token(reason: ApiReason, refusal: Refusal) -> Self {
        Self {
            refusal: Box::new(refusal),
            error: Box::new(ApiError::about_token(reason)),
            challenges: vec![challenge(reason, None)],
            turned: None,
        }
    }

    /// The token allows too little; one of these scopes would do.
    #[must_use]
    pub fn scope_too_small(needed: &str, refusal: Refusal) -> Self {
        let reason = ApiReason::AccessTokenScopeInsufficient;
        Self {
            challenges: vec![challenge(reason, Some(needed))],
            ..Self::about_token(reason, refusal)
        }
    }

    /// Wrong about a bound token or its proof: Google's answer for a bad token, and the challenges that say
    /// what is wanted.
    #[must_use]
    pub fn about_proof(refusal: Refusal, issuer: &str) -> Self {
        let mut no = Self::about_token(ApiReason::AccessTokenExpired, refusal);
        let more = presented::challenges(&no.refusal, issuer, None);
        let dpop = more.into_iter().filter(|text| text.starts_with("DPoP"));
        no.challenges.extend(dpop);
        no
    }

    /// Names the member that is wrong.
    #[must_use]
    pub fn naming(mut self, field: &'static str, why: &'static str) -> Self {
        if !field.is_empty() {
            self.error.details.push(ApiErrorDetail::BadRequest {
                field_violations: vec![FieldViolation {
                    field: field.into(),
                    description: why.into(),
                }],
            });
        }
        self
    }

    /// Names the members that are wrong, as a rule found them.
    #[must_use]
    pub fn violated(mut self, wrongs: Vec<(String, String)>) -> Self {
        if !wrongs.is_empty() {
            let all = wrongs.into_iter().map(|(field, why)| FieldViolation {
                field: field.into(),
                description: why.into(),
            });
            self.error.details.push(ApiErrorDetail::BadRequest {
                field_violations: all.collect(),
            });
        }
        self
    }

    /// With the older member `errors`, which `googleapiclient` reads.
    #[must_use]
    pub fn legacy(mut self, reason: &'static str) -> Self {
        self.error.legacy_reason = Some(reason);
        self
    }

    /// Which kind of no.
    #[must_use]
    pub fn status(&self) -> ApiStatus {
        self.error.status
    }

    /// The answer.
    #[must_use]
    pub fn answer(mut self, told: Told<'_>) -> Response<Body> {
        let crn = self.refusal.crn;
        let mut metadata = BTreeMap::from([
            ("crn", Cow::Owned(crn.to_string())),
            ("cause", Cow::Owned(self.refusal.detail.clone())),
            ("help", Cow::Owned(format!("{}/e/{crn}", told.issuer))),
        ]);
        metadata.insert("trace_id", Cow::Owned(told.trace.to_owned()));
        self.error.details.push(ApiErrorDetail::ErrorInfo {
            reason: format!("CRN_{}", crn.number()).into(),
            domain: "carnet".into(),
            metadata,
        });
        let mut response = whole(&self.error);
        for challenge in &self.challenges {
            if let Ok(value) = HeaderValue::from_str(challenge) {
                let headers = response.headers_mut();
                headers.append(header::WWW_AUTHENTICATE, value);
            }
        }
        if let Some(turned) = self.turned {
            turned.tell(response.headers_mut());
        }
        response.extensions_mut().insert(Code(crn.number()));
        response
    }
}

fn challenge(reason: ApiReason, scope: Option<&str>) -> String {
    let error = match reason {
        ApiReason::CredentialsMissing => None,
        ApiReason::AccessTokenExpired | ApiReason::AccessTokenTypeUnsupported => {
            Some("invalid_token")
        }
        ApiReason::AccessTokenScopeInsufficient => Some("insufficient_scope"),
    };
    let challenge = Challenge {
        scheme: Scheme::Bearer,
        realm: Some(REALM.into()),
        error: error.map(Into::into),
        scope: scope.map(Into::into),
        ..Challenge::default()
    };
    challenge.to_string()
}

/// An answer that holds what was asked for.
#[must_use]
pub fn ok(body: impl Into<Bytes>) -> Response<Body> {
    answer::json(StatusCode::OK, body)
}

/// Our own failure: what happened is for the log.
#[must_use]
pub fn fault(fault: &Fault, told: Told<'_>) -> Response<Body> {
    tracing::error!(trace_id = told.trace, fault = %fault, "a request failed");
    let (status, crn) = if fault.is_temporary() {
        (ApiStatus::Unavailable, Crn::UNAVAILABLE)
    } else {
        (ApiStatus::Internal, Crn::SERVER_ERROR)
    };
    let refusal = Refusal::new(crn, "Our fault. Nothing was changed.");
    let mut response = No::new(status, "Our fault. Nothing was changed.", refusal).answer(told);
    if fault.is_temporary() {
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

fn whole(error: &ApiError<'_>) -> Response<Body> {
    let status = StatusCode::from_u16(error.status.http());
    answer::json(
        status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        error.to_bytes(),
    )
}

/// What an audit entry says beside the no: who asked, for what, of which thing.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Who, as far as they proved it; empty where nobody did.
    pub actor: &'a str,
    /// What.
    pub action: &'a str,
    /// Of which thing, as the request names it.
    pub target: &'a str,
}

/// Notes a no for the audit log; one about a token counts against the address that it came from. What was not
/// looked at is counted, and written once a minute.
pub fn note(no: &No, asked: Asked<'_>, (address, told): (Option<IpAddr>, Told<'_>), parts: &Parts) {
    if let Some(turned) = no.turned {
        parts.note_turned_away(turned, address, told.now);
        return;
    }
    let refusal = &no.refusal;
    if no.status() == ApiStatus::Unauthenticated {
        parts.limits.refused(address);
    }
    let mut detail: Map<String, Value> = refusal
        .story
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Value::String(value.clone())))
        .collect();
    detail.insert("said".to_owned(), Value::String(refusal.detail.clone()));
    let actor = match asked.actor {
        "" => "anonymous",
        actor => actor,
    };
    parts.journal.note(AuditDraft {
        at: told.now,
        actor: actor.to_owned(),
        action: asked.action.to_owned(),
        target: asked.target.chars().take(254).collect(),
        outcome: Outcome::Refused(refusal.crn),
        address: address.map_or_else(String::new, |address| address.to_string()),
        trace: told.trace.to_owned(),
        detail: Value::Object(detail).to_string(),
    });
}

#[cfg(test)]
mod tests;

//! What an endpoint answers where it gives nothing: it looked and said no, or it did not even look. Each no
//! stands in the audit log, with what only an owner may read.

use std::net::IpAddr;
use std::time::Duration;

use axum::body::Body;
use axum::http::Response;
use carnet_core::rule::Refusal;
use carnet_core::store::Fault;
use carnet_wire::crn::Crn;
use carnet_wire::token::TokenResponse;
use tokio::time::Instant;

use crate::answer;
use crate::answer::Told;
use crate::limits::TurnedAway;
pub(super) use crate::noted::note;
use crate::parts::Parts;

/// Answers that must not tell who exists leave no sooner than this after the request came: what
/// differs between them (a cached account, a number of keys or secrets) takes far less.
const FLOOR: Duration = Duration::from_millis(3);

/// A no.
pub(super) enum No {
    /// It was looked at, and was not right.
    Refused(Refusal),
    /// It was not looked at.
    TurnedAway(TurnedAway),
}

impl No {
    /// Waits where the answer must not tell who exists. The right to work is to be given back before.
    pub(super) async fn hold_back(&self, arrived: Instant) {
        let Self::Refused(refusal) = self else { return };
        if [Crn::SIGNATURE, Crn::CLIENT_AUTHENTICATION_FAILED].contains(&refusal.crn) {
            tokio::time::sleep_until(arrived + FLOOR).await;
        }
    }
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Notes a no for the audit log, and says it.
pub(super) fn refuse(
    refusal: &Refusal,
    action: &str,
    (address, told): (Option<IpAddr>, Told<'_>),
    parts: &Parts,
) -> Response<Body> {
    note(refusal, action, (address, told), parts);
    answer::refusal(refusal, told)
}

/// A yes, a no, or a failure of ours.
pub(super) type Redeemed = Result<Result<TokenResponse<'static>, No>, Fault>;

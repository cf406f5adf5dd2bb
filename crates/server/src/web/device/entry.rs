//! The page to enter a code, and who finds a device by one.

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header;
use carnet_core::rule::Refusal;
use carnet_core::rule::device as rule;
use carnet_core::rule::device::Waiting;
use carnet_core::store::Fault;
use carnet_pages as pages;
use carnet_pages::DeviceEntry;
use carnet_pages::DeviceProblem;
use carnet_wire::crn::Crn;
use carnet_wire::device::UserCode;

use super::PATH;
use super::SHOWN;
use crate::http::observe::Code;
use crate::parts::Parts;
use crate::web::caller::Caller;
use crate::web::page;
use crate::web::stopped;

/// What the audit log calls a code that was not taken.
const REFUSED: &str = "device.code_refuse";

/// The page, with what was wrong with the last try.
pub(super) fn page(
    parts: &Parts,
    caller: &Caller,
    typed: &str,
    problem: Option<DeviceProblem>,
) -> Response<Body> {
    let view = DeviceEntry {
        action: PATH.to_owned(),
        csrf: caller.csrf(parts),
        user_code: match UserCode::parse(typed) {
            Some(code) => code.to_string(),
            None => typed.chars().take(SHOWN).collect(),
        },
        problem,
    };
    let status = match problem {
        None => StatusCode::OK,
        Some(DeviceProblem::SlowDown { .. }) => StatusCode::TOO_MANY_REQUESTS,
        Some(_) => StatusCode::BAD_REQUEST,
    };
    let mut response = caller.show(parts, status, Ok(view), pages::device);
    match problem {
        Some(DeviceProblem::Wrong) => {
            response
                .extensions_mut()
                .insert(Code(Crn::USER_CODE_WRONG.number()));
        }
        Some(DeviceProblem::SlowDown { wait_seconds }) => {
            let wait = HeaderValue::from(wait_seconds);
            response.headers_mut().insert(header::RETRY_AFTER, wait);
            response
                .extensions_mut()
                .insert(Code(Crn::TOO_MANY_REQUESTS.number()));
        }
        Some(DeviceProblem::Missing | DeviceProblem::Stale) | None => {}
    }
    page::private(response)
}

/// The device that shows this code. Of many tries at the same time none is free: each is counted before it
/// is looked at.
pub(super) async fn found(
    parts: &Parts,
    caller: &Caller,
    typed: &str,
) -> Result<Result<Waiting, DeviceProblem>, Fault> {
    if typed.trim().is_empty() {
        return Ok(Err(DeviceProblem::Missing));
    }
    let (user, visit) = (&caller.present.user.id, &caller.visit);
    let wait = parts
        .attempts
        .wait_with_code(user, visit.address, visit.now);
    if let Some(wait) = wait {
        let detail = format!("The person may try again in {} s.", wait.0);
        note(parts, caller, Refusal::new(Crn::TOO_MANY_REQUESTS, detail));
        let wait_seconds = u32::try_from(wait.0.max(1)).unwrap_or(u32::MAX);
        return Ok(Err(DeviceProblem::SlowDown { wait_seconds }));
    }
    parts.attempts.typed_code(user, visit.address, visit.now);
    let waiting = match UserCode::parse(typed) {
        Some(code) => {
            let (store, snapshots) = (parts.store.as_ref(), parts.snapshots.as_ref());
            rule::waiting(&code, visit.now, store, snapshots).await?
        }
        None => None,
    };
    let Some(waiting) = waiting else {
        let detail = "No device waits with the code that was typed.";
        note(parts, caller, Refusal::new(Crn::USER_CODE_WRONG, detail));
        return Ok(Err(DeviceProblem::Wrong));
    };
    parts.attempts.right_code(user, visit.address);
    Ok(Ok(waiting))
}

fn note(parts: &Parts, caller: &Caller, no: Refusal) {
    let no = no.because("user", caller.present.user.id.to_string());
    stopped::note(parts, &caller.visit, (REFUSED, &no), "");
}

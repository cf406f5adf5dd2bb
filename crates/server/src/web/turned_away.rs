//! What a person sees whose request nobody looked at: when to come again (RFC 6585 section 4, RFC 9110
//! section 15.6.4).

use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header;
use carnet_pages::Cause;
use carnet_pages::ErrorPage;

use crate::answer::Told;
use crate::http::observe::Code;
use crate::limits::TurnedAway;
use crate::parts::Parts;
use crate::web::page;
use crate::web::visit::Visit;

/// The page, with the headers that say the same to a program.
pub fn answer(
    turned: TurnedAway,
    asked: &HeaderMap,
    told: Told<'_>,
    parts: &Parts,
) -> Response<Body> {
    let wait_seconds = u32::try_from(turned.seconds()).unwrap_or(u32::MAX);
    let (status, cause) = match turned {
        TurnedAway::Often(..) => (
            StatusCode::TOO_MANY_REQUESTS,
            Cause::TooMany { wait_seconds },
        ),
        TurnedAway::Busy(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            Cause::Unavailable { wait_seconds },
        ),
    };
    let crn = turned.refusal().crn;
    let frame = page::frame(parts, asked);
    let view = ErrorPage {
        status: status.as_u16(),
        cause,
        reference: told.trace.to_owned(),
        at: told.now.rfc3339(),
        code: Some(crn.to_string()),
        detail: None,
        sent: Vec::new(),
        retry: None,
    };
    let mut response = page::answer(status, &frame, carnet_pages::error(&frame, &view));
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    turned.tell(headers);
    response.extensions_mut().insert(Code(crn.number()));
    response
}

/// The same for a visit that was looked at so far as to know who comes.
pub fn visitor(turned: TurnedAway, parts: &Parts, visit: &Visit) -> Response<Body> {
    parts.note_turned_away(turned, visit.address, visit.now);
    let told = Told {
        issuer: &parts.issuer,
        trace: visit.trace.as_str(),
        now: visit.now,
    };
    answer(turned, visit.headers(), told, parts)
}

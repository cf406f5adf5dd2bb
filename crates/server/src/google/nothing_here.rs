//! What is answered to programs of Google's libraries at a path where nothing is: their APIs have an envelope of their
//! own, and a library that finds another there breaks (google-wire, rule 11). Without a held name they are told by their path,
//! which begins with a version.

use axum::body::Body;
use axum::http::Request;
use axum::http::Response;
use carnet_core::rule::Refusal;
use carnet_wire::crn::Crn;
use carnet_wire::google::ApiStatus;

use crate::answer::Told;
use crate::captive::names;
use crate::google::envelope::No;
use crate::http::host;
use crate::http::host::Awaited;
use crate::http::trace::TraceId;
use crate::parts::Parts;

/// The APIs, by their first label, that answer as OAuth does.
const OAUTH: [&str; 4] = ["oauth2", "sts", "openidconnect", "accounts"];

/// Whether the request was for an API of Google's: by the held name that it came to, or by its path.
pub fn is_asked(request: &Request<Body>) -> bool {
    let held = request.extensions().get::<Awaited>();
    let host = held.and_then(|_| host::named(request));
    if let Some((api, _)) = host.and_then(names::of_an_api) {
        return !OAUTH.contains(&api);
    }
    let version = request.uri().path().strip_prefix("/v");
    version.is_some_and(|version| version.starts_with(|first: char| first.is_ascii_digit()))
}

/// Nothing is here.
pub fn answer(request: &Request<Body>, parts: &Parts) -> Response<Body> {
    let trace = TraceId::of(request.extensions());
    let told = Told {
        issuer: &parts.issuer,
        trace: trace.as_str(),
        now: parts.now(),
    };
    let refusal = Refusal::new(Crn::PATH_UNKNOWN, "There is nothing at this path.");
    No::new(ApiStatus::NotFound, "Method not found.", refusal).answer(told)
}

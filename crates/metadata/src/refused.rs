//! What is refused before anything is looked at: requests that no library of Google's sends, but a browser or a proxy
//! does on somebody else's behalf.
//!
//! google-wire 7.1, in this order:
//!
//! 1. Another method than GET and HEAD: 405.
//! 2. A `Host` that is not ours (DNS rebinding): 403.
//! 3. `X-Forwarded-For`: the request came through a proxy, which asked for a stranger: 403.
//! 4. No `Metadata-Flavor`: 403; another than `Google`: 404. A page cannot set it for another site without being asked
//!    (the Fetch Standard's preflight), and we answer no such question. `/` tells no secret and needs none.

use axum::body::Body;
use http::HeaderValue;
use http::Method;
use http::Response;
use http::StatusCode;
use http::header;
use http::request::Parts;

use crate::answer;
use crate::answer::FLAVOR;
use crate::answer::GOOGLE;
use crate::hosts::Hosts;

/// The answer to a request that is not meant for us.
pub(crate) fn refused(head: &Parts, hosts: &Hosts) -> Option<Response<Body>> {
    if !matches!(head.method, Method::GET | Method::HEAD) {
        let mut answer = answer::no(StatusCode::METHOD_NOT_ALLOWED, "GET and HEAD alone");
        let allowed = HeaderValue::from_static("GET, HEAD");
        answer.headers_mut().insert(header::ALLOW, allowed);
        return Some(answer);
    }
    if !hosts.admit(head) {
        let why = "The Host is no name of this server (carnet metadata --host adds one)";
        return Some(answer::no(StatusCode::FORBIDDEN, why));
    }
    if head.headers.contains_key("x-forwarded-for") {
        let why = "Requests with the header X-Forwarded-For are not answered";
        return Some(answer::no(StatusCode::FORBIDDEN, why));
    }
    if head.uri.path() == "/" {
        return None;
    }
    let mut flavors = head.headers.get_all(FLAVOR).iter().peekable();
    if flavors.peek().is_none() {
        let why = r#"Missing required header "Metadata-Flavor": "Google""#;
        return Some(answer::no(StatusCode::FORBIDDEN, why));
    }
    (!flavors.all(|flavor| flavor == GOOGLE)).then(answer::not_found)
}

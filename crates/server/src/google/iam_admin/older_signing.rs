//! The deprecated `signBlob` and `signJwt` of IAM Admin: those of IAM Credentials with other names of members.
//!
//! | | asked | answered |
//! |---|---|---|
//! | `signBlob` | `bytesToSign`, there `payload` | `signature`, there `signedBlob` |
//! | `signJwt` | `payload`, the same | `signedJwt`, the same |

use axum::body::Body;
use axum::http::Request;
use axum::http::Response;
use axum::http::header::CONTENT_LENGTH;
use carnet_wire::google::iam_admin as wire;
use carnet_wire::google::iam_credentials::MAX_BYTES;
use serde_json::Map;
use serde_json::Value;

use crate::google::iam_credentials;
use crate::google::iam_credentials::Method;
use crate::http::body;
use crate::parts::Parts;

/// Answers one of the two.
pub async fn answer(
    method: Method,
    account: &str,
    request: Request<Body>,
    parts: &Parts,
) -> Response<Body> {
    let (mut head, sent) = request.into_parts();
    // One that did not arrive is told by the method itself: an empty body has no payload.
    let mut bytes = body::read(sent, MAX_BYTES).await.unwrap_or_default();
    if let Ok(members) = wire::read::<Map<String, Value>>(&bytes) {
        bytes = wire::print(&renamed(members, "bytesToSign", "payload")).into();
    }
    head.headers.remove(CONTENT_LENGTH);
    let request = Request::from_parts(head, Body::from(bytes));
    let response = iam_credentials::answer(method, account, request, parts).await;
    if method != Method::SignBlob || !response.status().is_success() {
        return response;
    }
    let (head, said) = response.into_parts();
    let mut bytes = body::read(said, MAX_BYTES).await.unwrap_or_default();
    if let Ok(members) = wire::read::<Map<String, Value>>(&bytes) {
        bytes = wire::print(&renamed(members, "signedBlob", "signature")).into();
    }
    Response::from_parts(head, Body::from(bytes))
}

fn renamed(
    mut members: Map<String, Value>,
    from: &'static str,
    to: &'static str,
) -> Map<String, Value> {
    if let Some(value) = members.remove(from) {
        members.insert(to.to_owned(), value);
    }
    members
}

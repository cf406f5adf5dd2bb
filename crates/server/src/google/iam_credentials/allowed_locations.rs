//! `GET …/allowedLocations` (google-wire 5.2): Google's newer libraries ask it in passing and send what they got
//! with their requests. Nothing is excluded here, whoever asks, so nothing is looked up.

use axum::body::Body;
use axum::http::Response;
use carnet_wire::google::iam_credentials as wire;

use crate::google::envelope;

/// Answers that every location is allowed: of an account, of a pool, of a workforce pool.
pub async fn get() -> Response<Body> {
    envelope::ok(wire::to_bytes(&wire::AllowedLocations::EVERYWHERE))
}

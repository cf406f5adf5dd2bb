//! `POST /v1/projects/{project}/serviceAccounts/{account}:{method}`: which room a method is in.
//!
//! Google has two APIs with the same paths under two names: IAM Credentials gives credentials of an account
//! (google-wire 5.1), IAM administers it (5.3). All names lead to one router here, so the method decides, and
//! where both have it (`signBlob`, `signJwt`), the project: `-` is IAM Credentials.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Path;
use axum::extract::State;
use axum::http::Request;
use axum::http::Response;
use carnet_core::rule::Refusal;
use carnet_wire::crn::Crn;
use carnet_wire::google::ApiStatus;

use crate::answer::Told;
use crate::google::envelope::No;
use crate::google::iam_credentials;
use crate::google::iam_credentials::Method;
use crate::http::trace::TraceId;
use crate::parts::Parts;

/// Answers a method of an account.
pub async fn post(
    State(parts): State<Arc<Parts>>,
    Path((project, named)): Path<(String, String)>,
    request: Request<Body>,
) -> Response<Body> {
    let (account, method) = named.rsplit_once(':').unwrap_or((&named, ""));
    match Method::named(method) {
        Some(method) if project == "-" => {
            iam_credentials::answer(method, account, request, &parts).await
        }
        _ => nothing(&request, &parts),
    }
}

fn nothing(request: &Request<Body>, parts: &Parts) -> Response<Body> {
    let trace = TraceId::of(request.extensions());
    let told = Told {
        issuer: &parts.issuer,
        trace: trace.as_str(),
        now: parts.now(),
    };
    let detail = "There is no such method of a service account here.";
    let refusal = Refusal::new(Crn::IAM_ARGUMENT, detail);
    No::new(ApiStatus::NotFound, "Method not found.", refusal).answer(told)
}

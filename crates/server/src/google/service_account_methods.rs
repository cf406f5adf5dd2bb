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

use crate::google::iam_admin;
use crate::google::iam_credentials;
use crate::google::iam_credentials::Method;
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
        Some(method @ (Method::SignBlob | Method::SignJwt)) => {
            iam_admin::older_signing(method, account, request, &parts).await
        }
        _ => iam_admin::answer(request, &parts).await,
    }
}

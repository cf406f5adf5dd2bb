//! Extractors for axum: who calls, as an argument of the handler.

use axum::body::Body;
use axum::extract::FromRef;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::possession::Shown;
use crate::presented;
use crate::presented::InQuery;
use crate::verified::Verified;
use crate::verifier::Verifier;

/// Who calls, on a route behind a layer of [`Verifier::require`].
///
/// Where the layer is missing, the request is answered with 500 and never let through: that is a
/// mistake of the program, and the log says so.
#[derive(Clone, Debug)]
pub struct Caller(pub Verified);

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        parts.extensions.get().cloned().map(Self).ok_or_else(|| {
            tracing::error!(
                "a handler takes a Caller, and no layer of Verifier::require is before it"
            );
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        })
    }
}

/// Who calls, on a route without a layer: the token is verified here, by the [`Verifier`] in the
/// router's state. Which scopes it has is the handler's to ask:
///
/// ```
/// use axum::extract::State;
/// use axum::response::{IntoResponse, Response};
/// use axum::{Router, routing::get};
/// use carnet_resource::{Bearer, Verifier};
///
/// async fn list(State(verifier): State<Verifier>, Bearer(caller): Bearer) -> Response {
///     match caller.require(&["invoices.read"]) {
///         Ok(()) => "invoices".into_response(),
///         Err(refusal) => verifier.answer(&refusal).map(Into::into),
///     }
/// }
///
/// let app: Router<Verifier> = Router::new().route("/v1/invoices", get(list));
/// # drop(app);
/// ```
#[derive(Clone, Debug)]
pub struct Bearer(pub Verified);

impl<S> FromRequestParts<S> for Bearer
where
    S: Send + Sync,
    Verifier: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let verifier = Verifier::from_ref(state);
        let shown = presented::token(&parts.headers, parts.uri.query(), InQuery::Refused);
        let outcome = match shown {
            Ok((scheme, token, _)) => {
                let shown = Shown {
                    scheme,
                    token: &token,
                    method: &parts.method,
                    path: parts.uri.path(),
                    headers: &parts.headers,
                    extensions: &parts.extensions,
                };
                verifier.verify_shown(shown).await
            }
            Err(refusal) => Err(refusal),
        };
        outcome
            .map(Self)
            .map_err(|refusal| verifier.answer(&refusal).map(Body::from))
    }
}

#[cfg(test)]
mod tests;

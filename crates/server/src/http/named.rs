//! The one variable part of a path.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::extract::Path;
use axum::http::request::Parts;

/// What a path names. Bytes that are no text name nothing: they are empty here, and are answered like
/// any other name that nobody has.
#[derive(Clone, Debug)]
pub struct Named(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        Ok(Self(path.map_or_else(|_| String::new(), |Path(name)| name)))
    }
}

//! The tower layer: a request with a good token goes on, every other one is answered here.
//!
//! The handler finds the caller as a [`Verified`] in the extensions. Whatever type of body the
//! inner service answers with, it must be made from bytes (`From<Vec<u8>>`), as axum's and
//! `http_body_util::Full` are.

use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;

use carnet_wire::bearer::Scheme;
use carnet_wire::dpop;
use http::Extensions;
use http::HeaderMap;
use http::HeaderValue;
use http::Method;
use http::Request;
use http::Response;
use http::header::AUTHORIZATION;
use http::header::CACHE_CONTROL;
use tower::Layer;
use tower::Service;

use crate::possession::ClientCertificate;
use crate::possession::Shown;
use crate::presented;
use crate::presented::InQuery;
use crate::presented::Place;
use crate::refusal::Refusal;
use crate::verified::Verified;
use crate::verifier::Verifier;

/// A layer that asks for a token, and for scopes. See [`Verifier::require`].
#[derive(Clone, Debug)]
pub struct Guard {
    verifier: Verifier,
    needed: Arc<Needed>,
    in_query: InQuery,
}

#[derive(Debug)]
enum Needed {
    All(Vec<String>),
    Any(Vec<String>),
}

impl Guard {
    pub(crate) fn all(verifier: Verifier, scopes: &[&str]) -> Self {
        Self::new(verifier, Needed::All(owned(scopes)))
    }

    pub(crate) fn any(verifier: Verifier, scopes: &[&str]) -> Self {
        Self::new(verifier, Needed::Any(owned(scopes)))
    }

    fn new(verifier: Verifier, needed: Needed) -> Self {
        Self {
            verifier,
            needed: Arc::new(needed),
            in_query: InQuery::Refused,
        }
    }

    /// Also takes the token from `?access_token=` (RFC 6750 §2.3). Such URLs end up in histories
    /// and logs, so this is for the few clients that cannot send a header. Their answers are marked
    /// `Cache-Control: private`.
    #[must_use]
    pub fn with_tokens_in_query(self) -> Self {
        Self {
            in_query: InQuery::Taken,
            ..self
        }
    }

    async fn admit(&self, shown: Shown<'_>) -> Result<Verified, Refusal> {
        let verified = self.verifier.verify_shown(shown).await?;
        match &*self.needed {
            Needed::All(scopes) => verified.require(&borrowed(scopes))?,
            Needed::Any(scopes) => verified.require_any(&borrowed(scopes))?,
        }
        Ok(verified)
    }

    /// An API that tells strangers where to get a token also tells them which scope to ask for (RFC 6750
    /// §3), so that they ask for no more.
    fn with_directions(&self, refusal: Refusal) -> Refusal {
        match &*self.needed {
            Needed::All(scopes) if !scopes.is_empty() && self.verifier.is_described() => {
                refusal.asking(&scopes.join(" "))
            }
            Needed::All(_) | Needed::Any(_) => refusal,
        }
    }
}

impl Verifier {
    /// A layer that lets requests through whose token has **all** of these scopes. With none, any
    /// good token is enough.
    pub fn require(&self, scopes: &[&str]) -> Guard {
        Guard::all(self.clone(), scopes)
    }

    /// A layer that lets requests through whose token has **at least one** of these scopes.
    pub fn require_any(&self, scopes: &[&str]) -> Guard {
        Guard::any(self.clone(), scopes)
    }
}

fn owned(scopes: &[&str]) -> Vec<String> {
    scopes.iter().copied().map(str::to_owned).collect()
}

fn borrowed(scopes: &[String]) -> Vec<&str> {
    scopes.iter().map(String::as_str).collect()
}

impl<S> Layer<S> for Guard {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Guarded<S> {
        Guarded {
            guard: self.clone(),
            inner,
        }
    }
}

/// A service behind a [`Guard`].
#[derive(Clone, Debug)]
pub struct Guarded<S> {
    guard: Guard,
    inner: S,
}

impl<S, B, R> Service<Request<B>> for Guarded<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
    R: From<Vec<u8>> + Send,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        // The one that is ready is used, and a fresh clone takes its place.
        let fresh = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, fresh);
        let guard = self.guard.clone();
        let shown = presented::token(request.headers(), request.uri().query(), guard.in_query)
            .map(|(scheme, token, place)| (scheme, token.into_owned(), place));
        let about = About::of(&request);
        Box::pin(async move {
            let admitted = match shown {
                Ok((scheme, token, place)) => {
                    let shown = about.shown(scheme, &token);
                    guard.admit(shown).await.map(|caller| (caller, place))
                }
                Err(refusal) => Err(refusal),
            };
            let (caller, place) = match admitted {
                Ok(admitted) => admitted,
                Err(refusal) => {
                    let refusal = guard.with_directions(refusal);
                    return Ok(guard.verifier.answer(&refusal).map(R::from));
                }
            };
            hide(request.headers_mut());
            let is_bound = caller.is_bound();
            request.extensions_mut().insert(caller);
            let mut response = inner.call(request).await?;
            if is_bound {
                guard.verifier.tell_nonce(response.headers_mut());
            }
            if place == Place::Query {
                keep_private(response.headers_mut());
            }
            Ok(response)
        })
    }
}

/// What of a request its proof and its certificate are about; the body is not in it.
struct About {
    method: Method,
    path: String,
    headers: HeaderMap,
    extensions: Extensions,
}

impl About {
    fn of<B>(request: &Request<B>) -> Self {
        let mut headers = HeaderMap::new();
        for proof in request.headers().get_all(dpop::HEADER) {
            headers.append(dpop::HEADER, proof.clone());
        }
        let mut extensions = Extensions::new();
        if let Some(certificate) = request.extensions().get::<ClientCertificate>() {
            extensions.insert(certificate.clone());
        }
        Self {
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            headers,
            extensions,
        }
    }

    fn shown<'a>(&'a self, scheme: Scheme, token: &'a str) -> Shown<'a> {
        Shown {
            scheme,
            token,
            method: &self.method,
            path: &self.path,
            headers: &self.headers,
            extensions: &self.extensions,
        }
    }
}

/// Keeps the token out of what prints headers later.
fn hide(headers: &mut HeaderMap) {
    if let Some(value) = headers.get_mut(AUTHORIZATION) {
        value.set_sensitive(true);
    }
}

/// RFC 6750 §2.3: the answer to a URL with a token in it is nobody else's. A handler that is
/// stricter stays so.
fn keep_private(headers: &mut HeaderMap) {
    let strict = headers
        .get(CACHE_CONTROL)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("no-store") || value.contains("private"));
    if !strict {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private"));
    }
}

#[cfg(test)]
mod tests;

//! What an API says about itself to clients that know nothing but its address (RFC 9728).
//!
//! 1. The verifier knows whose tokens are taken and what the API is called; the rest is said in a
//!    [`Description`].
//! 2. Its document is found at an address that follows from the API's identifier (§3.1). The layer of
//!    [`Verifier::publish`] answers there, whatever stands behind it.
//! 3. Every challenge names the address (§5.1), and the scope: all that the route needs where there is no
//!    good token, and all that it needs where the token has too little, so that a client may ask and
//!    come again (RFC 6750 §3.1).
//! 4. Scripts of any web page may read it, with whatever harmless header they send: a browser that asks
//!    first is told so (the Fetch Standard's CORS protocol).
//!
//! [`Verifier::publish`]: crate::Verifier::publish

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;

use carnet_wire::protected_resource::ProtectedResource;
use carnet_wire::protected_resource::well_known;
use http::HeaderValue;
use http::Method;
use http::Request;
use http::Response;
use http::StatusCode;
use http::header;
use tower::Layer;
use tower::Service;
use url::Url;

use crate::error::Error;

/// How long a copy may be kept.
const MAX_AGE: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// What an API says about itself. See [`VerifierBuilder::describe`].
///
/// [`VerifierBuilder::describe`]: crate::VerifierBuilder::describe
#[derive(Clone, Debug, Default)]
pub struct Description {
    said: ProtectedResource,
    at: Option<String>,
}

impl Description {
    /// Of an API whose tokens may be shown in the header `Authorization`.
    pub fn new() -> Self {
        let header = "header".to_owned();
        Self {
            said: ProtectedResource {
                bearer_methods_supported: vec![header],
                ..ProtectedResource::default()
            },
            at: None,
        }
    }

    /// What people call it.
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        self.said.resource_name = Some(name.to_owned());
        self
    }

    /// The scopes that open it, or those of them that strangers may know.
    #[must_use]
    pub fn scopes(mut self, scopes: &[&str]) -> Self {
        self.said.scopes_supported = scopes.iter().copied().map(str::to_owned).collect();
        self
    }

    /// The page that a developer may read.
    #[must_use]
    pub fn documentation(mut self, url: &str) -> Self {
        self.said.resource_documentation = Some(url.to_owned());
        self
    }

    /// What is not said by the other calls, as it stands in the document. The identifier and the issuer
    /// are the verifier's, whatever is set here.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut ProtectedResource)) -> Self {
        change(&mut self.said);
        self
    }

    /// Another address for the document than the one that follows from the API's identifier: for an API
    /// that is reached elsewhere than under its name. Clients that hold the one against the other will
    /// not use it (§3.3).
    #[must_use]
    pub fn at(mut self, url: &str) -> Self {
        self.at = Some(url.to_owned());
        self
    }
}

/// The document, ready to be sent.
#[derive(Debug)]
pub(crate) struct Document {
    /// Where it is.
    pub(crate) url: String,
    /// The path and query of that.
    place: String,
    bytes: Vec<u8>,
}

impl Document {
    /// Of the API with this identifier, which takes tokens of this issuer.
    pub(crate) fn new(
        description: Description,
        resource: &str,
        issuer: &str,
    ) -> Result<Self, Error> {
        let said = ProtectedResource {
            resource: resource.to_owned(),
            authorization_servers: vec![issuer.to_owned()],
            ..description.said
        };
        let url = description.at.or_else(|| well_known(resource));
        let parsed = url.as_deref().and_then(|url| Url::parse(url).ok());
        let Some((url, parsed)) = url.zip(parsed) else {
            return Err(Error::argument(format!(
                "an API describes itself at an address that follows from its name, and '{resource}' is \
                 no address"
            )));
        };
        let place = match parsed.query() {
            Some(query) => format!("{}?{query}", parsed.path()),
            None => parsed.path().to_owned(),
        };
        Ok(Self {
            url,
            place,
            bytes: said.to_bytes(),
        })
    }

    fn answer(&self, method: &Method) -> Response<Vec<u8>> {
        if method == Method::OPTIONS {
            return preflight();
        }
        if method != Method::GET && method != Method::HEAD {
            let mut response = Response::new(Vec::new());
            *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
            let allowed = HeaderValue::from_static("GET, HEAD, OPTIONS");
            response.headers_mut().insert(header::ALLOW, allowed);
            return response;
        }
        let mut response = Response::new(if method == Method::HEAD {
            Vec::new()
        } else {
            self.bytes.clone()
        });
        let json = HeaderValue::from_static("application/json");
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, json);
        headers.insert(header::CACHE_CONTROL, MAX_AGE);
        // Any web page may read it: it is meant for strangers.
        let anybody = HeaderValue::from_static("*");
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, anybody);
        response
    }
}

/// MCP clients in a page send `MCP-Protocol-Version`, so that their browser asks first.
fn preflight() -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    let any = || HeaderValue::from_static("*");
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, any());
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, any());
    let methods = HeaderValue::from_static("GET, HEAD");
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    response
}

/// A layer that answers with the API's description. See [`Verifier::publish`].
///
/// [`Verifier::publish`]: crate::Verifier::publish
#[derive(Clone, Debug)]
pub struct Publish(pub(crate) Option<Arc<Document>>);

impl<S> Layer<S> for Publish {
    type Service = Published<S>;

    fn layer(&self, inner: S) -> Published<S> {
        Published {
            document: self.0.clone(),
            inner,
        }
    }
}

/// A service behind [`Publish`].
#[derive(Clone, Debug)]
pub struct Published<S> {
    document: Option<Arc<Document>>,
    inner: S,
}

impl<S, B, R> Service<Request<B>> for Published<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Future: Send + 'static,
    S::Error: Send,
    R: From<Vec<u8>> + Send + 'static,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let asked = request.uri().path_and_query();
        let here =
            |document: &&Arc<Document>| asked.is_some_and(|asked| asked.as_str() == document.place);
        if let Some(document) = self.document.as_ref().filter(here) {
            let response = document.answer(request.method()).map(R::from);
            return Box::pin(async move { Ok(response) });
        }
        Box::pin(self.inner.call(request))
    }
}

#[cfg(test)]
mod tests;

//! Which scripts in browsers may read our answers: the CORS protocol of the Fetch Standard, in one layer
//! with one table.
//!
//! 1. What is public anyway (discovery, keys) is open to any origin.
//! 2. Where anybody may register a client (`registration.dynamic = "open"`), the scripts of any page may
//!    ([`FREE`]): no client is known yet whose origin it could be, and nothing but what is sent decides.
//! 3. The endpoints of [`OPENED`] are open to the scripts of clients. A preflight says an origin and never a
//!    client, so it is answered yes for the origins of all clients together.
//! 4. The answer itself is readable only from an origin of the client that asks. The endpoint says which one
//!    that is as soon as it knows ([`is_from`]).
//! 5. A no in which no client was proven holds nothing but what the request said, and is readable from any
//!    registered origin: else a script could not see that its token has expired, or when to come again. A
//!    yes without a client (a service account's) is readable from nowhere.
//! 6. Everything else (`/authorize`, `/login`, every page, the admin API) says nothing of this, so browsers
//!    let no script of another origin read it.
//!
//! Cookies never count: `Access-Control-Allow-Credentials` is not sent, so a browser keeps an answer to a
//! request with credentials from the script. `null` is what any sandboxed frame sends, and is no origin here.

use std::future::Future;
use std::sync::Arc;
use std::sync::OnceLock;

use axum::body::Body;
use axum::extract::State;
use axum::http::Extensions;
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::Method;
use axum::http::Request;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header;
use axum::middleware::Next;
use carnet_core::record::Client;
use carnet_core::store::Fault;
use carnet_core::value::ClientId;
use carnet_wire::origin::Origin;

use crate::config::registration::Dynamic;
use crate::parts::Parts;

/// An endpoint that scripts of clients may ask, and how.
#[derive(Clone, Copy, Debug)]
pub struct Opened {
    /// Its path.
    pub path: &'static str,
    /// What a preflight is told (`Access-Control-Allow-Methods`).
    pub methods: &'static str,
}

/// The endpoints that scripts of clients may ask.
pub const OPENED: &[Opened] = &[
    Opened {
        path: "/token",
        methods: "POST",
    },
    Opened {
        path: "/par",
        methods: "POST",
    },
    Opened {
        path: "/device_authorization",
        methods: "POST",
    },
    Opened {
        path: "/revoke",
        methods: "POST",
    },
    Opened {
        path: "/userinfo",
        methods: "GET, POST",
    },
];

/// Where scripts register clients, whatever page they are of: RFC 7591, and RFC 7592 below that path.
pub const FREE: &[Opened] = &[
    Opened {
        path: "/register",
        methods: "POST",
    },
    Opened {
        path: "/register/",
        methods: "GET, PUT, DELETE",
    },
];

/// What is public, and says so itself ([`crate::http::static_doc`]).
pub const PUBLIC: &[&str] = &[
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
    "/jwks",
    "/.well-known/jwks.json",
    "/oauth2/v1/certs",
    "/oauth2/v3/certs",
];

/// What such a script may send beside what browsers let everybody send.
const HEADERS: HeaderValue =
    HeaderValue::from_static("Authorization, Content-Type, DPoP, traceparent, tracestate");

/// What it may read beside what browsers let everybody read.
const EXPOSED: HeaderValue = HeaderValue::from_static("WWW-Authenticate, DPoP-Nonce, Retry-After");

/// How long a browser may remember the answer to a preflight, in seconds. An origin that is taken away
/// loses its answers at once all the same.
const REMEMBERED: HeaderValue = HeaderValue::from_static("600");

/// On what the answer to a preflight rests.
const VARY: HeaderValue = HeaderValue::from_static(
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
);

/// Any origin.
const ANY: HeaderValue = HeaderValue::from_static("*");

/// Who may read the answer to a script.
enum Readers {
    Anybody,
    Some(Script),
}

impl Readers {
    /// Those of the answer to this, if it is of a script that asks where scripts may.
    fn of(request: &Request<Body>, parts: &Parts) -> Option<Self> {
        let asked = request.headers().contains_key(header::ORIGIN);
        if asked && free(request.uri().path(), parts).is_some() {
            return Some(Self::Anybody);
        }
        Script::of(request).map(Self::Some)
    }

    async fn tell(&self, response: &mut Response<Body>, parts: &Parts) {
        match self {
            Self::Anybody => {
                let headers = response.headers_mut();
                headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, ANY);
                headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
            }
            Self::Some(script) => tell(script, response, parts).await,
        }
    }
}

/// A script that asks, as an extension of its request.
#[derive(Clone, Debug)]
struct Script {
    origin: Option<Origin>,
    /// Whether it is one of the client's that asks, once the endpoint knows.
    own: Arc<OnceLock<bool>>,
}

impl Script {
    /// The script that sent this, if it says so and asks where scripts of clients may.
    fn of(request: &Request<Body>) -> Option<Self> {
        let sent = request.headers().get(header::ORIGIN)?;
        opened(request.uri().path())?;
        // What cannot be registered is not asked for.
        let origin = sent.to_str().ok().and_then(|sent| sent.parse().ok());
        Some(Self {
            origin,
            own: Arc::default(),
        })
    }

    /// Whether it may read the answer.
    async fn may_read(&self, status: StatusCode, parts: &Parts) -> Result<bool, Fault> {
        match (&self.origin, self.own.get()) {
            (None, _) => Ok(false),
            (Some(_), Some(own)) => Ok(*own),
            (Some(_), None) if status.is_success() => Ok(false),
            (Some(origin), None) => parts.snapshots.is_origin_of_any(origin).await,
        }
    }
}

/// Lets the endpoint answer, and says whether the script may read it.
pub async fn around(
    State(parts): State<Arc<Parts>>,
    mut request: Request<Body>,
    next: Next,
) -> Response<Body> {
    if let Some(asked) = Asked::of(&request, &parts) {
        return preflight(asked, &parts).await;
    }
    let Some(readers) = Readers::of(&request, &parts) else {
        return next.run(request).await;
    };
    if let Readers::Some(script) = &readers {
        request.extensions_mut().insert(script.clone());
    }
    let mut response = next.run(request).await;
    readers.tell(&mut response, &parts).await;
    response
}

/// Whether this is a question of a browser before it lets a script ask.
pub fn is_preflight(request: &Request<Body>) -> bool {
    let headers = request.headers();
    request.method() == Method::OPTIONS
        && headers.contains_key(header::ORIGIN)
        && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// The request is of this client. To be said once, when that is proven.
pub fn is_from(extensions: &Extensions, client: &Client) {
    if let Some(Script {
        origin: Some(origin),
        own,
    }) = extensions.get()
    {
        // Whoever was proven first asks.
        let _again = own.set(client.origins.contains(origin));
    }
}

/// The request came with a token of this client. What is no client (a service account) has no scripts.
pub async fn is_with_token_of(
    extensions: &Extensions,
    client: &str,
    parts: &Parts,
) -> Result<(), Fault> {
    if extensions.get::<Script>().is_none() {
        return Ok(());
    }
    if let Ok(id) = client.parse::<ClientId>()
        && let Some(found) = parts.snapshots.client(&id).await?
    {
        is_from(extensions, &found.client);
    }
    Ok(())
}

/// An answer that was made before any endpoint saw the request.
pub fn early(
    request: &Request<Body>,
    mut response: Response<Body>,
    parts: Arc<Parts>,
) -> impl Future<Output = Response<Body>> + Send + 'static {
    let readers = Readers::of(request, &parts);
    async move {
        if let Some(readers) = readers {
            readers.tell(&mut response, &parts).await;
        }
        response
    }
}

async fn tell(script: &Script, response: &mut Response<Body>, parts: &Parts) {
    let status = response.status();
    let may = script.may_read(status, parts).await;
    let headers = response.headers_mut();
    let varies = |line: &HeaderValue| line.to_str().is_ok_and(|line| line.contains("Origin"));
    if !headers.get_all(header::VARY).iter().any(varies) {
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
    }
    // Where the store cannot say, nobody reads.
    if matches!(may, Ok(true)) {
        allow(script.origin.as_ref(), headers);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
}

/// What a preflight asks for, where scripts may ask at all.
enum Asked {
    Public,
    Free(&'static Opened),
    Opened(&'static Opened, Script),
}

impl Asked {
    fn of(request: &Request<Body>, parts: &Parts) -> Option<Self> {
        let path = request.uri().path();
        if !is_preflight(request) {
            None
        } else if is_public(path) {
            Some(Self::Public)
        } else if let Some(free) = free(path, parts) {
            Some(Self::Free(free))
        } else {
            Some(Self::Opened(opened(path)?, Script::of(request)?))
        }
    }
}

async fn preflight(asked: Asked, parts: &Parts) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(header::VARY, VARY);
    let (methods, allowed) = match asked {
        Asked::Public => {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, ANY);
            ("GET, HEAD", ANY)
        }
        // The star stands for every header but Authorization.
        Asked::Free(free) => {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, ANY);
            (free.methods, HEADERS)
        }
        Asked::Opened(opened, script) => {
            let known = match &script.origin {
                Some(origin) => parts.snapshots.is_origin_of_any(origin).await,
                None => Ok(false),
            };
            if !matches!(known, Ok(true)) {
                return response;
            }
            allow(script.origin.as_ref(), headers);
            (opened.methods, HEADERS)
        }
    };
    let methods = HeaderValue::from_static(methods);
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, REMEMBERED);
    response
}

fn allow(origin: Option<&Origin>, headers: &mut HeaderMap) {
    let origin = origin.and_then(|origin| HeaderValue::from_str(origin.as_str()).ok());
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
}

fn opened(path: &str) -> Option<&'static Opened> {
    OPENED.iter().find(|opened| opened.path == path)
}

/// Where scripts register clients, if anybody may: the one path, or what is one step below it.
fn free(path: &str, parts: &Parts) -> Option<&'static Opened> {
    if parts.registration.dynamic != Dynamic::Open {
        return None;
    }
    FREE.iter().find(|free| {
        free.path == path
            || path
                .strip_prefix(free.path)
                .is_some_and(|id| free.path.ends_with('/') && !id.is_empty() && !id.contains('/'))
    })
}

/// Public keys of service accounts are as public as ours.
fn is_public(path: &str) -> bool {
    PUBLIC.contains(&path)
        || path.starts_with("/.well-known/oauth-protected-resource")
        || path.starts_with("/service_accounts/v1/")
        || path.starts_with("/robot/v1/metadata/")
}

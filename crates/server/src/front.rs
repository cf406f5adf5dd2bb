//! The way in of `carnet serve`: what is asked for all the time goes straight to its endpoint, and
//! everything else through the router ([`crate::routes`]).
//!
//! axum's router clones a boxed endpoint for each request, boxes what it calls and puts what it matched
//! into the request. That costs more than a public key document does, and a fair part of an
//! introspection. Nothing is answered here that the router would answer otherwise: the paths stand in both
//! tables and lead to the same functions, which a test holds them to.
//!
//! What scripts ask goes through the router, which knows what they may read ([`crate::cors`]).
//!
//! Whoever has been refused too often ([`crate::limits`]) is turned away here, in the form that they would
//! have been answered in: a page, a problem of the admin API, or the envelope of OAuth.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::Method;
use axum::http::Request;
use axum::http::Response;
use axum::http::header::ORIGIN;
use axum::routing::future::RouteFuture;
use tower::Service;

use crate::admin;
use crate::answer::Told;
use crate::cors;
use crate::http::client_address::ClientAddress;
use crate::http::trace::TraceId;
use crate::limits::Counts;
use crate::limits::TurnedAway;
use crate::oauth::introspect;
use crate::oauth::token;
use crate::parts::Parts;
use crate::routes::routes;
use crate::system::ADMIN_PATH;
use crate::web;

/// The endpoints of a server.
#[derive(Clone)]
pub struct Front {
    parts: Arc<Parts>,
    router: Router,
}

impl Front {
    /// All of them.
    #[must_use]
    pub fn new(parts: Arc<Parts>) -> Self {
        Self {
            router: routes(Arc::clone(&parts)),
            parts,
        }
    }
}

impl fmt::Debug for Front {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Front")
    }
}

impl Service<Request<Body>> for Front {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Answering {
        let parts = &self.parts;
        let of_script = request.headers().contains_key(ORIGIN);
        // A script whose preflight fails is not told when to come again.
        let admitted = if of_script && cors::is_preflight(&request) {
            Ok(())
        } else {
            let counts = || counts(request.uri().path());
            parts.limits.admit(request.extensions(), counts)
        };
        if let Err(turned) = admitted {
            let response = turned_away(turned, &request, parts);
            return if of_script {
                Answering::later(cors::early(&request, response, Arc::clone(parts)))
            } else {
                Answering::now(response)
            };
        }
        if of_script {
            return Answering(Way::Routed(self.router.call(request)));
        }
        match (request.method(), request.uri().path()) {
            (&Method::POST, "/token" | "/oauth2/v4/token") => {
                Answering::later(token::post(State(Arc::clone(parts)), request))
            }
            (&Method::POST, "/introspect") => {
                Answering::later(introspect::post(State(Arc::clone(parts)), request))
            }
            (&Method::GET, "/jwks") => {
                Answering::now(parts.documents.load().jwks.answer(request.headers()))
            }
            (&Method::GET, "/.well-known/openid-configuration") => {
                Answering::now(parts.documents.load().discovery.answer(request.headers()))
            }
            _ => Answering(Way::Routed(self.router.call(request))),
        }
    }
}

/// The endpoints at which refusals count, by the address that was refused: those that look something up
/// for strangers.
fn counts(path: &str) -> Option<Counts> {
    match path {
        "/authorize" | "/o/oauth2/auth" | "/o/oauth2/v2/auth" | "/workforce/authorize" => {
            Some(Counts::Pages)
        }
        _ if path.starts_with("/signin-callback/") => Some(Counts::Pages),
        "/setup" => Some(Counts::Refusals),
        _ if path.starts_with(ADMIN_PATH) || is_for_programs(path) => Some(Counts::Refusals),
        _ => None,
    }
}

/// The endpoints that nobody looks at with a browser. What they are sent as `Accept` says nothing: Java
/// asks for HTML unless it is told otherwise.
fn is_for_programs(path: &str) -> bool {
    path == "/register"
        || path.starts_with("/v1/projects/")
        || path.starts_with("/register/")
        || matches!(
            path,
            "/token"
                | "/oauth2/v4/token"
                | "/o/oauth2/token"
                | "/device_authorization"
                | "/device/code"
                | "/o/oauth2/device/code"
                | "/par"
                | "/v1/oauthtoken"
                | "/introspect"
                | "/userinfo"
                | "/oauth2/v1/userinfo"
                | "/oauth2/v2/userinfo"
                | "/oauth2/v3/userinfo"
                | "/v1/userinfo"
                | "/userinfo/v2/me"
                | "/revoke"
                | "/o/oauth2/revoke"
                | "/tokeninfo"
                | "/oauth2/v1/tokeninfo"
                | "/oauth2/v2/tokeninfo"
                | "/oauth2/v3/tokeninfo"
        )
}

/// Says no to a request that nobody looks at, in the envelope of the API that it was for.
fn turned_away(turned: TurnedAway, request: &Request<Body>, parts: &Parts) -> Response<Body> {
    let address = ClientAddress::of(request.extensions());
    let trace = TraceId::of(request.extensions());
    let now = parts.now();
    let told = Told {
        issuer: &parts.issuer,
        trace: trace.as_str(),
        now,
    };
    let path = request.uri().path();
    if path.starts_with(ADMIN_PATH) {
        parts.note_turned_away(turned, address, now);
        return admin::turned_away(turned, &parts.issuer, trace.as_str());
    }
    if !is_for_programs(path) && web::wants_page(request.headers()) {
        parts.note_turned_away(turned, address, now);
        return web::turned_away::answer(turned, request.headers(), told, parts);
    }
    parts.turn_away(turned, address, told)
}

/// An answer that is being made.
pub struct Answering(Way);

enum Way {
    Now(Option<Response<Body>>),
    Later(Pin<Box<dyn Future<Output = Response<Body>> + Send>>),
    Routed(RouteFuture<Infallible>),
}

impl Answering {
    fn now(response: Response<Body>) -> Self {
        Self(Way::Now(Some(response)))
    }

    fn later(answering: impl Future<Output = Response<Body>> + Send + 'static) -> Self {
        Self(Way::Later(Box::pin(answering)))
    }
}

impl fmt::Debug for Answering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answering")
    }
}

impl Future for Answering {
    type Output = Result<Response<Body>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            Way::Now(response) => response
                .take()
                .map_or(Poll::Pending, |response| Poll::Ready(Ok(response))),
            Way::Later(answering) => answering.as_mut().poll(context).map(Ok),
            Way::Routed(answering) => Pin::new(answering).poll(context),
        }
    }
}

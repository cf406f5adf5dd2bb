//! One request and its answer: what is done around every endpoint, in one place and without a box.
//!
//! 1. The request is in flight until the last byte of its answer is sent or dropped.
//! 2. It gets its [`Arrival`]: a trace id, and where it came from.
//! 3. What no endpoint should see is answered here: a head with too many lines (431), a request that
//!    does not say properly for whom it is (400), or is for a host that the listener is not for (421).
//! 4. The endpoint runs. If it panics, the answer is a bare 500 and the server lives.
//! 5. Where an answer to an HTTP/1.1 request was ready before its body was read, the connection ends with
//!    it, and the answer says so (RFC 9112 section 9.6), unless the body is small and came already. On HTTP/2 the stream is reset without an error,
//!    which its implementation does (RFC 9113 section 8.1).
//! 6. The answer tells the trace id; the request is counted, timed and logged.

use std::convert::Infallible;
use std::fmt;
use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::pin::Pin;
use std::pin::pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;

use axum::body::Body;
use bytes::Bytes;
use carnet_wire::crn::Crn;
use http::HeaderMap;
use http::HeaderName;
use http::HeaderValue;
use http::Request;
use http::Response;
use http::StatusCode;
use http::Version;
use http::header::CONNECTION;
use http::header::EXPECT;
use http_body::Body as _;
use http_body::Frame;
use http_body::SizeHint;
use hyper::body::Incoming;
use tokio::time::Instant;
use tower::Service;

use super::arrival::Arrival;
use super::body;
use super::body::Inbound;
use super::client_address;
use super::client_address::Peer;
use super::client_address::Scheme;
use super::client_certificate::Certificates;
use super::client_certificate::ClientCertificate;
use super::connection::Connection;
use super::connection::InFlight;
use super::host;
use super::host::Awaited;
use super::host::Hosts;
use super::observe::Observed;
use super::observe::Observers;
use super::trace::TraceId;
use super::trace::TraceParent;
use crate::config::http::Http;
use crate::config::http::TraceContext;

const TRACE_PARENT: HeaderName = HeaderName::from_static("traceparent");
const TRACE_ID: HeaderName = HeaderName::from_static("x-trace-id");

/// What all exchanges of a listener share.
#[derive(Debug)]
pub(super) struct House {
    pub(super) config: Http,
    /// The hosts that the listener is for, if it is not for any.
    pub(super) hosts: Option<Arc<dyn Hosts>>,
    pub(super) observers: Observers,
    pub(super) certificates: Certificates,
}

/// Who came with a connection, and how.
pub(super) struct Came {
    pub(super) peer: Peer,
    pub(super) scheme: Scheme,
    pub(super) certificate: Option<ClientCertificate>,
}

impl Came {
    /// In the clear.
    pub(super) const fn plain(peer: Peer) -> Self {
        Self {
            peer,
            scheme: Scheme::Http,
            certificate: None,
        }
    }
}

/// What the exchanges of one connection share.
pub(super) struct Visit<S> {
    pub(super) house: Arc<House>,
    pub(super) service: S,
    pub(super) came: Came,
    pub(super) connection: Arc<Connection>,
}

/// Answers one request.
pub(super) async fn exchange<S>(
    visit: Arc<Visit<S>>,
    request: Request<Incoming>,
) -> Result<Response<Outbound>, Infallible>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone,
{
    let began = Instant::now();
    let in_flight = InFlight::begin(&visit.connection, request.version());
    let (arrival, parent) = visit.arrival(request.headers(), began);
    let alone = request.version() < Version::HTTP_2;
    visit
        .connection
        .owes_body(alone && !request.body().is_end_stream());
    // Who waits for a word before it sends its body is not given that word in vain.
    let waits = request.headers().contains_key(EXPECT);
    let observed = Observed::of(&request, arrival);
    let mut response = if let Some(status) = refused(&request, &visit.house.config) {
        bare(status)
    } else if visit.is_misdirected(&request) {
        misdirected()
    } else {
        let request = visit.told(request, arrival);
        let answered = answer(visit.service.clone(), request).await;
        answered.unwrap_or_else(|Panicked| {
            tracing::error!(trace_id = arrival.trace.as_str(), "an endpoint panicked");
            bare(StatusCode::INTERNAL_SERVER_ERROR)
        })
    };
    if visit.connection.is_owed_body()
        && let Some(body) = visit.connection.take_unwanted()
        && !waits
        && body::has_come(body).await
    {
        visit.connection.owes_body(false);
    }
    let headers = response.headers_mut();
    if visit.connection.is_owed_body() {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    if let Ok(id) = HeaderValue::from_str(arrival.trace.as_str()) {
        headers.insert(TRACE_ID, id);
    }
    if let Some(parent) = parent {
        tell(headers, parent);
    }
    visit
        .house
        .observers
        .note(&observed, &response, began.elapsed());
    Ok(response.map(|body| Outbound {
        body,
        _in_flight: in_flight,
    }))
}

/// The endpoint panicked.
struct Panicked;

/// The endpoint's answer. The future of the endpoint stays where it is made: moving it about, as
/// combinators do, would cost more than everything else here.
async fn answer<S>(mut service: S, request: Request<Body>) -> Result<Response<Body>, Panicked>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    let Ok(()) = poll_fn(|context| service.poll_ready(context)).await;
    let called = catch_unwind(AssertUnwindSafe(|| service.call(request)));
    let mut called = pin!(called.map_err(|_| Panicked)?);
    let step = |context: &mut Context<'_>| {
        let polled = catch_unwind(AssertUnwindSafe(|| called.as_mut().poll(context)));
        match polled {
            Ok(Poll::Ready(Ok(response))) => Poll::Ready(Ok(response)),
            Ok(Poll::Pending) => Poll::Pending,
            Err(_) => Poll::Ready(Err(Panicked)),
        }
    };
    poll_fn(step).await
}

impl<S> Visit<S> {
    /// Who came, from where, and by which name the request goes.
    fn arrival(&self, headers: &HeaderMap, now: Instant) -> (Arrival, Option<TraceParent>) {
        let Http {
            trusted_proxies,
            trace_context,
            ..
        } = &self.house.config;
        let trusted = trusted_proxies.trust(self.came.peer);
        let direct = match self.came.peer {
            Peer::Address(address) => Some(address),
            Peer::Local => None,
        };
        let (client, scheme) = if trusted {
            let scheme = client_address::forwarded_scheme(headers).unwrap_or(self.came.scheme);
            (trusted_proxies.client(self.came.peer, headers), scheme)
        } else {
            (direct, self.came.scheme)
        };
        let believed = match trace_context {
            TraceContext::Anyone => true,
            TraceContext::TrustedProxies => trusted,
            TraceContext::Nobody => false,
        };
        let sent = headers.get(TRACE_PARENT).filter(|_| believed);
        let parent = sent.and_then(|line| TraceParent::parse(line.as_bytes()));
        let traces = &self.house.observers.traces;
        let trace = parent.map_or_else(|| traces.mint(now), |parent| TraceId::new(parent.trace));
        let parent = parent.map(|parent| TraceParent {
            span: traces.span(),
            ..parent
        });
        (
            Arrival {
                trace,
                client,
                scheme,
            },
            parent,
        )
    }

    /// The client's certificate: what a trusted proxy tells, or what was shown to us. A proxy that tells them has
    /// at most one of its own.
    fn certificate(&self, headers: &mut HeaderMap) -> Option<ClientCertificate> {
        let House {
            config,
            certificates,
            ..
        } = &*self.house;
        if !certificates.are_told() {
            return self.came.certificate.clone();
        }
        let trusted = config.trusted_proxies.trust(self.came.peer);
        let told = certificates.take(headers, trusted);
        if trusted {
            told
        } else {
            self.came.certificate.clone()
        }
    }

    /// Whether a request is for a host that this listener is not for.
    fn is_misdirected(&self, request: &Request<Incoming>) -> bool {
        let is_for =
            |hosts: &Arc<dyn Hosts>| host::named(request).is_some_and(|host| hosts.answer_to(host));
        self.house
            .hosts
            .as_ref()
            .is_some_and(|hosts| !is_for(hosts))
    }

    /// The request as endpoints see it: bounded, and with what is known of it.
    fn told(&self, request: Request<Incoming>, arrival: Arrival) -> Request<Body> {
        let Http {
            limits, timeouts, ..
        } = &self.house.config;
        // On HTTP/2 a stream that ends early ends nothing else.
        let alone = request.version() < Version::HTTP_2;
        let mut request = request.map(|body| {
            if body.is_end_stream() {
                Body::empty()
            } else {
                let ceiling = u64::try_from(limits.body_bytes).unwrap_or(u64::MAX);
                let body = Inbound::new(body, ceiling, timeouts.body);
                Body::new(if alone {
                    body.telling(&self.connection)
                } else {
                    body
                })
            }
        });
        request.extensions_mut().insert(arrival);
        if self.house.hosts.is_some() {
            request.extensions_mut().insert(Awaited);
        }
        if let Some(certificate) = self.certificate(request.headers_mut()) {
            request.extensions_mut().insert(certificate);
        }
        request
    }
}

/// What no endpoint should see. HTTP/1.1 heads are bounded by the parser already; HTTP/2 bounds the
/// bytes of a head but not its lines.
fn refused(request: &Request<Incoming>, config: &Http) -> Option<StatusCode> {
    if request.headers().len() > config.limits.headers {
        Some(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE)
    } else if host::check(request).is_err() {
        Some(StatusCode::BAD_REQUEST)
    } else {
        None
    }
}

/// An answer that says nothing but its status.
fn bare(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::from(status.canonical_reason().unwrap_or_default()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        http::header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    headers.insert(
        http::header::CACHE_CONTROL,
        HeaderValue::from_static("no-store"),
    );
    response
}

/// An answer to who meant somebody else.
fn misdirected() -> Response<Body> {
    let mut response = bare(StatusCode::MISDIRECTED_REQUEST);
    *response.body_mut() = Body::from(format!(
        "{}: {}\n",
        Crn::HOST_NOT_HELD,
        Crn::HOST_NOT_HELD.entry().title
    ));
    response
}

fn tell(headers: &mut HeaderMap, parent: TraceParent) {
    if let Ok(line) = HeaderValue::from_str(&parent.to_string()) {
        headers.insert(TRACE_PARENT, line);
    }
}

/// The body of an answer. While it lives, its request is in flight.
pub(super) struct Outbound {
    body: Body,
    _in_flight: InFlight,
}

impl http_body::Body for Outbound {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbound").finish_non_exhaustive()
    }
}

//! `/dev/requests`: what came in lately. Paths only: a query or a body may hold secrets.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use axum::body::Body;
use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header;
use axum::middleware::Next;
use carnet_pages::DevRequest;
use carnet_pages::DevRequests;
use carnet_server::answer;
use carnet_server::http::observe::Code;
use carnet_server::http::trace::TraceId;
use serde_json::json;
use tokio::time::Instant;

use crate::dev::control::Control;
use crate::dev::control::page;

/// How many requests are kept.
const KEPT: usize = 100;

/// The longest path that is kept whole.
const LONGEST_PATH: usize = 200;

/// The latest requests, newest first.
#[derive(Debug, Default)]
pub(super) struct Requests(Mutex<VecDeque<DevRequest>>);

impl Requests {
    fn note(&self, request: DevRequest) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_front(request);
        kept.truncate(KEPT);
    }

    fn all(&self) -> Vec<DevRequest> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }
}

/// Notes each request of the server with its answer.
pub(super) async fn record(
    State(control): State<Arc<Control>>,
    mut request: Request,
    next: Next,
) -> Response<Body> {
    let trace = TraceId::of(request.extensions());
    request.extensions_mut().insert(trace);
    let method = request.method().to_string();
    let path = request.uri().path().chars().take(LONGEST_PATH).collect();
    let arrived = Instant::now();
    let response = next.run(request).await;
    control.requests.note(DevRequest {
        at: control.parts.now().rfc3339(),
        method,
        path,
        status: response.status().as_u16(),
        code: response.extensions().get::<Code>().map(ToString::to_string),
        micros: u32::try_from(arrived.elapsed().as_micros()).unwrap_or(u32::MAX),
        trace: trace.as_str().to_owned(),
        explain: None,
    });
    response
}

/// The latest requests, as a page or as JSON.
pub(super) async fn list(State(control): State<Arc<Control>>, asked: HeaderMap) -> Response<Body> {
    let requests = control.requests.all();
    let accept = asked
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok());
    if accept.is_some_and(|accept| accept.contains("text/html")) {
        let view = DevRequests {
            requests,
            kept: u32::try_from(KEPT).unwrap_or(u32::MAX),
        };
        return page::answer(&control, &asked, |frame| {
            carnet_pages::dev_requests(frame, &view)
        });
    }
    answer::json(StatusCode::OK, json!({"requests": requests}).to_string())
}

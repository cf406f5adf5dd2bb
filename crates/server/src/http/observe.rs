//! What is kept of each request: a count, a time, and a line in the log where it went wrong.
//!
//! The line has OpenTelemetry's names. It tells the path and never the query, which may hold what is
//! secret; what the client wrote is escaped and cut, so that it cannot pretend to be another line.
//! Failures of ours are errors, refusals are information; what went well is at `debug`, since a busy
//! token endpoint would otherwise do little else than write lines.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::Method;
use http::Request;
use http::Response;
use http::uri::PathAndQuery;

use super::arrival::Arrival;
use super::metrics::Requests;
use super::metrics::Route;
use super::trace::TraceIds;

/// The code of the catalogue that an answer carries, told to the listener as an extension of the
/// response. Shown as `CRN-2104`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Code(pub u16);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CRN-{:04}", self.0)
    }
}

/// The longest path that is logged, in characters.
const LONGEST_PATH: usize = 256;

/// Who watches the requests of a listener.
#[derive(Clone, Debug)]
pub struct Observers {
    /// Names the requests.
    pub traces: TraceIds,
    /// Counts and times them.
    pub requests: Arc<Requests>,
}

/// What is known of a request before it is answered.
pub(super) struct Observed {
    method: Method,
    path: Option<PathAndQuery>,
    arrival: Arrival,
}

impl Observed {
    pub(super) fn of<B>(request: &Request<B>, arrival: Arrival) -> Self {
        let path = request.uri().path_and_query().cloned();
        Self {
            method: request.method().clone(),
            path,
            arrival,
        }
    }

    fn path(&self) -> &str {
        self.path.as_ref().map_or("", PathAndQuery::path)
    }
}

/// The line. A macro, since the level of a `tracing` event must be a constant.
macro_rules! line {
    ($level:ident, $observed:expr, $response:expr, $took:expr) => {
        tracing::event!(
            target: "carnet::request",
            tracing::Level::$level,
            http.request.method = $observed.method.as_str(),
            url.path = %Escaped($observed.path()),
            http.response.status_code = $response.status().as_u16(),
            client.address = $observed.arrival.client.map(tracing::field::display),
            trace_id = $observed.arrival.trace.as_str(),
            duration = $took.as_secs_f64(),
            carnet.code = $response.extensions().get::<Code>().map(tracing::field::display),
        )
    };
}

impl Observers {
    /// Notes an answer.
    pub(super) fn note<B>(&self, observed: &Observed, response: &Response<B>, took: Duration) {
        let status = response.status();
        let route: Route = self.requests.route(observed.path());
        self.requests.note(route, &observed.method, status, took);
        if status.is_server_error() {
            line!(ERROR, observed, response, took);
        } else if status.is_client_error() {
            line!(INFO, observed, response, took);
        } else {
            line!(DEBUG, observed, response, took);
        }
    }
}

/// What a client wrote, fit for a log line.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for letter in self.0.chars().take(LONGEST_PATH) {
            match letter {
                '!'..='~' => write!(f, "{letter}")?,
                _ => write!(f, "{}", letter.escape_unicode())?,
            }
        }
        if self.0.chars().nth(LONGEST_PATH).is_some() {
            f.write_str("...")
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests;

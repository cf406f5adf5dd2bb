//! `http_server_request_duration_seconds`, by method, route and status, as OpenTelemetry names it.
//!
//! The series of a route are made when it is first asked for and are found by number after that:
//! noting a request takes no lock and builds no text.

use std::sync::Arc;
use std::sync::OnceLock;
use std::time::Duration;

use http::Method;
use http::StatusCode;

use super::About;
use super::Family;
use super::Histogram;
use super::Quoted;
use super::Registry;
use super::Route;
use super::Routes;

const NAME: &str = "http_server_request_duration_seconds";

/// The methods that have a series of their own.
const METHODS: [&str; 8] = [
    "GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "_OTHER",
];

/// The statuses that have one: those that we answer.
const STATUSES: [u16; 28] = [
    200, 201, 202, 204, 206, 302, 303, 304, 307, 400, 401, 403, 404, 405, 406, 408, 409, 412, 413,
    414, 415, 422, 429, 431, 500, 502, 503, 504,
];

const COLUMNS: usize = METHODS.len();
const ROWS: usize = STATUSES.len() + 1;

type Series = [OnceLock<Box<Histogram>>; COLUMNS * ROWS];

/// How long requests took.
#[derive(Debug)]
pub struct Requests {
    routes: Routes,
    series: Vec<OnceLock<Box<Series>>>,
}

impl Requests {
    /// Counts requests of these routes.
    pub fn new(registry: &Registry, routes: Routes) -> Arc<Self> {
        let series = (0..routes.len()).map(|_| OnceLock::new()).collect();
        let requests = Arc::new(Self { routes, series });
        let help = "How long requests took, until the head of the answer.";
        let family: Arc<dyn Family> = Arc::<Self>::clone(&requests);
        registry.add(
            About {
                name: NAME,
                help,
                kind: "histogram",
            },
            family,
        );
        requests
    }

    /// The route that a path takes.
    #[must_use]
    pub fn route(&self, path: &str) -> Route {
        self.routes.of(path)
    }

    /// Notes a request.
    pub fn note(&self, route: Route, method: &Method, status: StatusCode, took: Duration) {
        let Some(series) = self.series.get(route.0) else {
            return;
        };
        let series = series.get_or_init(|| Box::new([const { OnceLock::new() }; COLUMNS * ROWS]));
        let cell = row(status) * COLUMNS + column(method);
        if let Some(histogram) = series.get(cell) {
            histogram.get_or_init(Box::default).note(took);
        }
    }
}

fn row(status: StatusCode) -> usize {
    let status = status.as_u16();
    STATUSES.binary_search(&status).unwrap_or(STATUSES.len())
}

fn column(method: &Method) -> usize {
    match *method {
        Method::GET => 0,
        Method::POST => 1,
        Method::HEAD => 2,
        Method::PUT => 3,
        Method::PATCH => 4,
        Method::DELETE => 5,
        Method::OPTIONS => 6,
        _ => 7,
    }
}

impl Family for Requests {
    fn write(&self, out: &mut String) {
        for (number, series) in self.series.iter().enumerate() {
            let Some(series) = series.get() else { continue };
            let route = Quoted(self.routes.pattern(Route(number)));
            for (cell, histogram) in series.iter().enumerate() {
                let Some(histogram) = histogram.get() else {
                    continue;
                };
                let status = STATUSES
                    .get(cell / COLUMNS)
                    .map_or("other".to_owned(), u16::to_string);
                let method = METHODS.get(cell % COLUMNS).copied().unwrap_or("_OTHER");
                let labels = format_args!(
                    "http_request_method=\"{method}\",http_route={route},\
                     http_response_status_code=\"{status}\""
                );
                histogram.write(NAME, labels, out);
            }
        }
    }
}

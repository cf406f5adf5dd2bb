//! `/dev`: what a test or a person can do with the sandbox itself.
//!
//! * `GET /dev` tells what is ready-made; `GET /dev/requests` what came in; `GET /dev/mail` which
//!   mail went out.
//! * `POST /dev/clock` moves the clock, `POST /dev/faults` answers the next requests with an error
//!   of the catalogue. Both take the form of their page, or JSON.
//!
//! None of this exists in `carnet serve`.

mod clock;
mod faults;
mod page;
mod requests;
mod text;

use std::sync::Arc;

use axum::Router;
use axum::middleware;
use axum::routing::get;
use carnet_server::parts::Parts;

use crate::clock::MovableClock;
use crate::dev::seed::Grown;

/// What the sandbox's own endpoints reach.
pub(super) struct Control {
    parts: Arc<Parts>,
    clock: MovableClock,
    faults: faults::Faults,
    requests: requests::Requests,
    grown: Grown,
}

impl Control {
    pub(super) fn new(parts: Arc<Parts>, clock: MovableClock, grown: Grown) -> Arc<Self> {
        let (faults, requests) = Default::default();
        Arc::new(Self {
            parts,
            clock,
            faults,
            requests,
            grown,
        })
    }
}

/// The server's routes with the sandbox's around them.
pub(super) fn around(server: Router, control: Arc<Control>) -> Router {
    let own = Router::new()
        .route("/dev", get(page::overview))
        .route("/dev/mail", get(page::mail))
        .route("/dev/requests", get(requests::list))
        .route("/dev/clock", get(clock::show).post(clock::set))
        .route("/dev/faults", get(faults::show).post(faults::set))
        .with_state(Arc::clone(&control));
    let server = server
        .layer(middleware::from_fn_with_state(
            Arc::clone(&control),
            faults::force,
        ))
        .layer(middleware::from_fn_with_state(control, requests::record));
    own.merge(server)
}

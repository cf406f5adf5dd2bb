//! What the listener knows about a request before any endpoint sees it: one request extension, so
//! that it costs one allocation.

use std::net::IpAddr;

use http::Extensions;

use super::client_address::ClientAddress;
use super::client_address::Scheme;
use super::trace::TraceId;

/// What the listener knows about a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Arrival {
    /// The id that answers and log lines tell.
    pub trace: TraceId,
    /// The client, once proxies that are trusted have been looked through. Nothing if it came over a
    /// Unix socket and the proxy did not say.
    pub client: Option<IpAddr>,
    /// How the client reached us, or the proxy in front of us.
    pub scheme: Scheme,
}

impl ClientAddress {
    /// The address of a request, where the listener knows it.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<IpAddr> {
        extensions
            .get::<Arrival>()
            .and_then(|arrival| arrival.client)
    }
}

impl TraceId {
    /// The id of a request. A request that did not come through a listener has the id zero.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Self {
        extensions
            .get::<Arrival>()
            .map_or_else(|| Self::new(0), |arrival| arrival.trace)
    }
}

//! Where a request came from: the peer, or what a trusted proxy says.

use std::net::IpAddr;

use axum::http::Extensions;

/// The address of the client, once proxies that are trusted have been looked through.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// The address of a request, where the listener knows it.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<IpAddr> {
        extensions.get::<Self>().map(|address| address.0)
    }
}

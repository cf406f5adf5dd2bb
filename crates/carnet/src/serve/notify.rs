//! Tells systemd where we are (`sd_notify(3)`): a datagram to the socket that `NOTIFY_SOCKET` names.
//! Without one, nobody is told, and a failure to tell is no reason to stop.

#[cfg(target_os = "linux")]
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};

use crate::environment;

/// The sockets take connections.
pub(super) fn ready() {
    tell("READY=1");
}

/// The server is about to end.
pub(super) fn stopping() {
    tell("STOPPING=1");
}

fn tell(state: &str) {
    let Some(name) = environment::value("NOTIFY_SOCKET") else {
        return;
    };
    // A leading @ names a socket outside the file system.
    let address = match name.strip_prefix('@') {
        #[cfg(target_os = "linux")]
        Some(abstract_name) => SocketAddr::from_abstract_name(abstract_name.as_bytes()),
        _ => SocketAddr::from_pathname(&name),
    };
    let told = address.and_then(|address| {
        let socket = UnixDatagram::unbound()?;
        socket.send_to_addr(state.as_bytes(), &address)
    });
    if let Err(error) = told {
        tracing::warn!(%error, "the supervisor could not be told");
    }
}

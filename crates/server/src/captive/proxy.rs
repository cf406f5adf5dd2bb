//! A CONNECT proxy (RFC 9110 section 9.3.6) that leads the held names to the listener that serves them.
//!
//! 1. A place among a bounded number of connections is waited for before one is accepted.
//! 2. The head is read: at most 8 KiB, within ten seconds. What is no CONNECT to a host and a port is refused.
//! 3. A held name at port 443 is led to our listener. TLS begins there, so that nothing is read here.
//! 4. Anything else is refused, or where that was asked for led where it wants to go. A proxy that does that
//!    listens on a loopback address alone; the configuration sees to it ([`crate::config::google`]).
//! 5. Then bytes go to and fro until one side ends, for an hour at most.

mod head;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use carnet_wire::crn::Crn;
use tokio::io::AsyncReadExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::io::copy_bidirectional;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio::time::timeout;

use self::head::Target;
use super::names::Names;

/// Connections at a time. Others wait in the backlog of the system.
const MOST: usize = 256;

/// How long a head may take, or a connection to the other side.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long a tunnel may live.
const LIFE: Duration = Duration::from_hours(1);

/// How long the loop rests after the system refused a connection.
const BREATH: Duration = Duration::from_millis(50);

/// The port of https.
const HTTPS: u16 = 443;

/// What becomes of names that are not held.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Others {
    /// They are refused.
    #[default]
    Refuse,
    /// They are led where they want to go.
    Tunnel,
}

/// Where the proxy leads.
#[derive(Debug)]
pub struct Ways {
    /// The names that are held.
    pub names: Arc<Names>,
    /// The listener that serves them.
    pub ours: SocketAddr,
    /// What becomes of others.
    pub others: Others,
}

impl Ways {
    /// The way to a target.
    async fn lead(&self, target: &Target<'_>) -> Result<TcpStream, Crn> {
        let connected = if target.port == HTTPS && self.names.hold(target.host) {
            timeout(PATIENCE, TcpStream::connect(self.ours)).await
        } else if self.others == Others::Tunnel {
            let there = (target.host, target.port);
            timeout(PATIENCE, TcpStream::connect(there)).await
        } else {
            return Err(Crn::PROXY_REFUSES);
        };
        match connected {
            Ok(Ok(stream)) => Ok(stream),
            _ => Err(Crn::PROXY_UNREACHABLE),
        }
    }
}

/// A proxy with its socket, that does not accept yet.
#[derive(Debug)]
pub struct Proxy {
    listener: TcpListener,
    address: SocketAddr,
}

impl Proxy {
    /// Takes the socket.
    pub async fn bind(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// Where it really listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Leads, until it is dropped; then all its connections end.
    pub async fn serve(self, ways: Ways) {
        let ways = Arc::new(ways);
        let places = Arc::new(Semaphore::new(MOST));
        let mut open = JoinSet::new();
        while let Ok(place) = Arc::clone(&places).acquire_owned().await {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                Some(_) = open.join_next() => continue,
            };
            let Ok((stream, _)) = accepted else {
                sleep(BREATH).await;
                continue;
            };
            let ways = Arc::clone(&ways);
            open.spawn(async move {
                if let Err(fault) = guide(stream, &ways).await {
                    tracing::debug!(%fault, "a connection of the proxy broke");
                }
                drop(place);
            });
        }
    }
}

/// From a connection to its end.
async fn guide(mut stream: TcpStream, ways: &Ways) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut read = Vec::new();
    let whole = timeout(PATIENCE, gather(&mut stream, &mut read)).await;
    let Some(length) = whole.unwrap_or(Ok(None))? else {
        return refuse(stream, Crn::PROXY_REQUEST).await;
    };
    let (head, early) = read.split_at(length);
    let Some(target) = Target::of(head) else {
        return refuse(stream, Crn::PROXY_REQUEST).await;
    };
    let mut there = match ways.lead(&target).await {
        Ok(there) => there,
        Err(code) => {
            tracing::debug!(%code, host = target.host, port = target.port, "the proxy refuses");
            return refuse(stream, code).await;
        }
    };
    there.set_nodelay(true)?;
    there.write_all(early).await?;
    stream
        .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
        .await?;
    match timeout(LIFE, copy_bidirectional(&mut stream, &mut there)).await {
        Ok(ended) => ended.map(drop),
        Err(_) => Ok(()),
    }
}

/// Reads until the end of a head, and says where that is. None: there is none within bounds.
async fn gather(stream: &mut TcpStream, read: &mut Vec<u8>) -> io::Result<Option<usize>> {
    loop {
        let before = read.len();
        let room = head::LONGEST.saturating_sub(before);
        if room == 0 {
            return Ok(None);
        }
        let mut more = (&mut *stream).take(u64::try_from(room).unwrap_or(0));
        if more.read_buf(read).await? == 0 {
            return Ok(None);
        }
        if let Some(length) = head::end(read, before) {
            return Ok(Some(length));
        }
    }
}

/// Says no, and why.
async fn refuse(mut stream: TcpStream, code: Crn) -> io::Result<()> {
    let status = code.status().unwrap_or(400);
    let reason = http::StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or("Refused");
    let body = format!("{code}: {}\n", code.entry().title);
    let answer = format!(
        "HTTP/1.1 {status} {reason}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    timeout(PATIENCE, stream.write_all(answer.as_bytes())).await??;
    stream.shutdown().await
}

//! `[http]`: the public listener.
//!
//! Every bound here has a default that is safe on the open internet, and a ceiling: a key cannot be
//! used to take a bound away.
//!
//! Tokens and passwords go over TLS (RFC 6749 section 3.2): in the clear it listens on this machine alone, unless a
//! proxy is named that speaks TLS in front of it.

mod client_certificates;
mod listen;

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

pub use self::client_certificates::ClientCertificates;
pub use self::listen::Listen;
pub use self::listen::NotAListener;
use super::Problems;
use super::duration;
use super::list;
use crate::http::cidr::Cidr;
use crate::http::client_address::TrustedProxies;

/// The public listener.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "Written")]
pub struct Http {
    /// Where it listens.
    pub listen: Vec<Listen>,
    /// The certificate and its key; without them the listener speaks plain HTTP.
    pub tls: Option<TlsFiles>,
    /// Certificates of clients.
    pub client_certificates: ClientCertificates,
    /// Who may say where a request came from.
    pub trusted_proxies: TrustedProxies,
    /// Whose `traceparent` is continued.
    pub trace_context: TraceContext,
    /// Sizes and counts.
    pub limits: Limits,
    /// Times.
    pub timeouts: Timeouts,
}

/// A certificate chain and its private key, both PEM.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct TlsFiles {
    /// The chain, the server's own certificate first.
    pub cert: PathBuf,
    /// The private key: PKCS#8, PKCS#1 or SEC1.
    pub key: PathBuf,
}

/// Whose `traceparent` is continued. From anybody else it is only noted, since a stranger could
/// otherwise write into the story of another's request.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum TraceContext {
    /// That of trusted proxies.
    #[default]
    TrustedProxies,
    /// Everybody's.
    Anyone,
    /// Nobody's.
    Nobody,
}

/// Sizes and counts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Connections at a time. Those beyond it wait in the backlog of the system.
    pub connections: usize,
    /// Bytes of a request's head.
    pub head_bytes: u32,
    /// Header lines of a request.
    pub headers: usize,
    /// Bytes of a request's body, whatever the endpoint; most endpoints allow less.
    pub body_bytes: usize,
    /// Requests at a time on one HTTP/2 connection.
    pub streams: u32,
    /// Streams of an HTTP/2 connection that were reset before they were looked at.
    pub reset_streams: usize,
}

/// Times.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Timeouts {
    /// From the first byte of a connection, or of a request, to the end of the request's head.
    pub head: Duration,
    /// From the end of the head to the end of the body.
    pub body: Duration,
    /// A connection without a request.
    pub idle: Duration,
    /// A client that does not read what was sent to it.
    pub write: Duration,
    /// A TLS handshake.
    pub handshake: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 10_000,
            head_bytes: 64 * 1024,
            headers: 100,
            body_bytes: 1024 * 1024,
            streams: 100,
            reset_streams: 20,
        }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            body: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            write: Duration::from_secs(30),
            handshake: Duration::from_secs(10),
        }
    }
}

impl Default for Http {
    fn default() -> Self {
        Self::on(Listen::Tcp(([127, 0, 0, 1], 8080).into()))
    }
}

impl Http {
    /// A listener in one place, everything else by default.
    #[must_use]
    pub fn on(listen: Listen) -> Self {
        Self {
            listen: vec![listen],
            tls: None,
            client_certificates: ClientCertificates::default(),
            trusted_proxies: TrustedProxies::default(),
            trace_context: TraceContext::default(),
            limits: Limits::default(),
            timeouts: Timeouts::default(),
        }
    }
}

/// What an operator writes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    listen: Option<list::Written>,
    tls: Option<TlsFiles>,
    client_certificates: client_certificates::Written,
    trusted_proxies: list::Written,
    trace_context: TraceContext,
    max_connections: Option<usize>,
    max_head_bytes: Option<u32>,
    max_headers: Option<usize>,
    max_body_bytes: Option<usize>,
    max_streams: Option<u32>,
    max_reset_streams: Option<usize>,
    head_timeout: Option<duration::Written>,
    body_timeout: Option<duration::Written>,
    idle_timeout: Option<duration::Written>,
    write_timeout: Option<duration::Written>,
    handshake_timeout: Option<duration::Written>,
}

impl TryFrom<Written> for Http {
    type Error = Problems;

    fn try_from(written: Written) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let section = Self {
            listen: listeners(written.listen.as_ref(), &mut problems),
            client_certificates: written.client_certificates.read(&mut problems),
            trusted_proxies: proxies(&written.trusted_proxies, &mut problems),
            trace_context: written.trace_context,
            limits: limits(&written, &mut problems),
            timeouts: timeouts(&written, &mut problems),
            tls: written.tls,
        };
        section.in_the_clear(&mut problems);
        problems.or(section)
    }
}

impl Http {
    /// A network that hears everything is no place for passwords.
    fn in_the_clear(&self, problems: &mut Problems) {
        if self.tls.is_some() || !self.trusted_proxies.is_nobody() {
            return;
        }
        if let Some(listen) = self.listen.iter().find(|listen| listen.is_for_others()) {
            let why = "that would be plain HTTP for the network: set http.tls, or http.trusted_proxies to the \
                       networks of the proxy in front, or listen on 127.0.0.1";
            problems.add("http.listen", listen.to_string(), why);
        }
    }
}

fn listeners(written: Option<&list::Written>, problems: &mut Problems) -> Vec<Listen> {
    let Some(list::Written(texts)) = written else {
        return Http::default().listen;
    };
    if texts.is_empty() || texts.len() > 16 {
        problems.add(
            "http.listen",
            format!("a list of {}", texts.len()),
            "allowed are 1 to 16 listeners",
        );
    }
    let mut listeners = Vec::new();
    for text in texts {
        match text.parse() {
            Ok(listen) => listeners.push(listen),
            Err(NotAListener) => problems.add("http.listen", text, NotAListener.to_string()),
        }
    }
    listeners
}

fn proxies(written: &list::Written, problems: &mut Problems) -> TrustedProxies {
    let mut nets = Vec::new();
    for text in &written.0 {
        match text.parse::<Cidr>() {
            Ok(net) => nets.push(net),
            Err(reason) => problems.add("http.trusted_proxies", text, reason.to_string()),
        }
    }
    TrustedProxies::new(nets)
}

fn limits(written: &Written, problems: &mut Problems) -> Limits {
    let safe = Limits::default();
    let limits = Limits {
        connections: written.max_connections.unwrap_or(safe.connections),
        head_bytes: written.max_head_bytes.unwrap_or(safe.head_bytes),
        headers: written.max_headers.unwrap_or(safe.headers),
        body_bytes: written.max_body_bytes.unwrap_or(safe.body_bytes),
        streams: written.max_streams.unwrap_or(safe.streams),
        reset_streams: written.max_reset_streams.unwrap_or(safe.reset_streams),
    };
    problems.within("http.max_connections", limits.connections, 1, 1_000_000);
    // hyper's own buffer has 8 KiB at least.
    problems.within(
        "http.max_head_bytes",
        limits.head_bytes,
        8 * 1024,
        1024 * 1024,
    );
    problems.within("http.max_headers", limits.headers, 16, 1_000);
    problems.within(
        "http.max_body_bytes",
        limits.body_bytes,
        64 * 1024,
        64 * 1024 * 1024,
    );
    problems.within("http.max_streams", limits.streams, 1, 10_000);
    problems.within("http.max_reset_streams", limits.reset_streams, 1, 10_000);
    limits
}

fn timeouts(written: &Written, problems: &mut Problems) -> Timeouts {
    let safe = Timeouts::default();
    let mut of = |key, written: Option<duration::Written>, safe: Duration| {
        let time = written.unwrap_or(duration::Written(safe));
        let shortest = duration::Written(Duration::from_millis(100));
        problems.within(key, time, shortest, duration::Written::seconds(3_600));
        time.0
    };
    Timeouts {
        head: of("http.head_timeout", written.head_timeout, safe.head),
        body: of("http.body_timeout", written.body_timeout, safe.body),
        idle: of("http.idle_timeout", written.idle_timeout, safe.idle),
        write: of("http.write_timeout", written.write_timeout, safe.write),
        handshake: of(
            "http.handshake_timeout",
            written.handshake_timeout,
            safe.handshake,
        ),
    }
}

//! The one client with which this server fetches documents that a stranger named: the metadata of
//! clients, their keys. Nothing else in the server opens a connection to the outside.
//!
//! What a stranger names is a way into our network (OWASP's server-side request forgery; RFC 9700
//! section 4.14 speaks of it, lessons 10 and 28 are of it), so:
//!
//! 1. The URL is https, with a host, without a user and without a fragment. Plain http only with this
//!    machine, where the configuration says so.
//! 2. The host is looked up once. *Every* address that comes back must be public, or be listed in
//!    `outbound.allow`; one that is not spoils all.
//! 3. The connection goes to an address that was checked, never to the name again: who answers for DNS
//!    cannot change their mind in between. TLS checks the name all the same.
//! 4. No redirect is followed, no proxy is asked, no cookie and no credential goes out.
//! 5. Time, size, and the number of documents at a time are bounded; a connection serves one document.
//! 6. The answer is 200, of the type that was wanted, not compressed. How long it may be kept is what it
//!    says, within the caller's bounds.
//!
//! Nothing is held until something is fetched.

mod address;
mod connect;
mod error;
mod freshness;
mod places;

use std::fmt;
use std::io;
use std::net::IpAddr;
use std::net::SocketAddr;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use http::Method;
use http::Request;
use http::Response;
use http::header;
use http_body_util::BodyExt;
use http_body_util::Full;
use http_body_util::Limited;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use url::Host;
use url::Url;

use self::connect::Believed;
use self::connect::Connection;
use self::places::Places;
use crate::config::outbound::Outbound as Settings;

pub use self::error::NotFetched;
pub use self::freshness::Freshness;
pub use self::places::NamedBy;

/// How a host is looked up: the system's resolver, or a test's.
pub type Resolve = Arc<dyn Fn(String, u16) -> Looking + Send + Sync>;

/// The addresses of a host, later.
pub type Looking = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// The largest head of an answer, and the most lines in it.
const LARGEST_HEAD: usize = 16 * 1024;
const MOST_HEADERS: usize = 64;
/// The longest URL.
const LONGEST_URL: usize = 2_048;
/// How many addresses of a host are looked at, and how many are tried.
const MOST_ADDRESSES: usize = 32;
const TRIED: usize = 3;

/// Fetches documents.
pub struct Outbound {
    settings: Settings,
    resolve: Resolve,
    believed: Believed,
    places: Places,
}

/// What is sent, where it is more than a wish to read: the request of somebody who signed it.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The method.
    pub method: Method,
    /// Headers, in the place of ours where the names are the same.
    pub headers: HeaderMap,
    /// The body; none, unless it is a form.
    pub body: Bytes,
}

impl Default for Sent {
    fn default() -> Self {
        Self {
            method: Method::GET,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }
}

/// What is fetched.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// The content types that are read, the first of them asked for: `application/json`.
    pub types: &'static [&'static str],
    /// The most bytes of the document.
    pub most_bytes: usize,
    /// How long it may be kept.
    pub freshness: Freshness,
    /// Who named it.
    pub named_by: NamedBy,
}

/// A document.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fetched {
    /// Its bytes, as many as were allowed at most.
    pub body: Bytes,
    /// How long it may be kept: what its headers say, within the bounds that were given.
    pub fresh_for: Duration,
}

/// A file of the settings cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("outbound.{key} {file}: {why}")]
pub struct NotUsable {
    key: &'static str,
    file: String,
    why: String,
}

impl NotUsable {
    pub(crate) fn new(key: &'static str, path: &Path, why: String) -> Self {
        let file = path.display().to_string();
        Self { key, file, why }
    }
}

impl Outbound {
    /// A client with these settings and the system's resolver.
    pub fn new(settings: Settings) -> Result<Self, NotUsable> {
        let mut extra = Vec::new();
        if let Some(path) = &settings.ca_file {
            let wrong = |why| NotUsable::new("ca_file", path, why);
            let read = CertificateDer::pem_file_iter(path).map_err(|e| wrong(e.to_string()))?;
            for certificate in read {
                extra.push(certificate.map_err(|error| wrong(error.to_string()))?);
            }
            if extra.is_empty() {
                return Err(wrong("there is no certificate in it".to_owned()));
            }
        }
        Ok(Self::with(settings, Arc::new(system), extra))
    }

    /// A client with another resolver, that trusts these certificates besides the system's.
    #[must_use]
    pub fn with(settings: Settings, resolve: Resolve, extra: Vec<CertificateDer<'static>>) -> Self {
        Self {
            settings,
            resolve,
            believed: Believed::new(extra),
            places: Places::default(),
        }
    }

    /// Fetches a document.
    pub async fn fetch(&self, url: &Url, wanted: &Wanted) -> Result<Fetched, NotFetched> {
        self.ask(url, &Sent::default(), wanted).await
    }

    /// Sends a request that somebody else signed, and reads the answer as a document.
    pub async fn ask(
        &self,
        url: &Url,
        sent: &Sent,
        wanted: &Wanted,
    ) -> Result<Fetched, NotFetched> {
        let asked = self.asked(url)?;
        let limit = self.settings.timeout;
        let fetched = timeout(limit, self.fetch_asked(url, &asked, (sent, wanted))).await;
        fetched.unwrap_or(Err(NotFetched::TooSlow(limit.as_secs())))
    }

    /// Whether a URL may be fetched at all, as far as can be told without asking anybody.
    pub fn may_fetch(&self, url: &Url) -> Result<(), NotFetched> {
        self.asked(url).map(|_| ())
    }

    fn asked<'u>(&self, url: &'u Url) -> Result<Asked<'u>, NotFetched> {
        let secure = match url.scheme() {
            "https" => true,
            "http" if self.settings.plain_on_loopback => false,
            _ => return Err(NotFetched::Url("only https URLs are fetched")),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(NotFetched::Url("its URL has a user in it"));
        }
        if url.fragment().is_some() {
            return Err(NotFetched::Url("its URL has a fragment"));
        }
        if url.as_str().len() > LONGEST_URL {
            return Err(NotFetched::Url("its URL is too long"));
        }
        let host = url.host().ok_or(NotFetched::Url("its URL has no host"))?;
        let port = url.port_or_known_default();
        let port = port.ok_or(NotFetched::Url("its URL has no port"))?;
        if let Some(literal) = literal(&host) {
            self.check(&host, literal, secure)?;
        }
        Ok(Asked { host, port, secure })
    }

    /// An address that may be reached for the sake of this host.
    fn check(&self, host: &Host<&str>, address: IpAddr, secure: bool) -> Result<(), NotFetched> {
        let listed = match host {
            Host::Domain(name) => self.settings.hosts.iter().any(|allowed| allowed == name),
            Host::Ipv4(_) | Host::Ipv6(_) => false,
        };
        // The list speaks of addresses as they are: a mapped one is not the one that it maps.
        let listed = listed
            || self
                .settings
                .networks
                .iter()
                .any(|net| address == address.to_canonical() && net.has(address));
        if !listed && !address::is_public(address) {
            return Err(NotFetched::NotPublic(address));
        }
        if !secure && !address.is_loopback() {
            return Err(NotFetched::Url("only https URLs are fetched"));
        }
        Ok(())
    }

    async fn fetch_asked(
        &self,
        url: &Url,
        asked: &Asked<'_>,
        (sent, wanted): (&Sent, &Wanted),
    ) -> Result<Fetched, NotFetched> {
        let name = asked.host.to_string();
        let _place = self.places.take(&name, wanted.named_by).await?;
        let addresses = self.look_up(asked, name).await?;
        let tried = addresses.get(..TRIED).unwrap_or(&addresses);
        let connection = self
            .believed
            .connect(&asked.host, tried, asked.secure)
            .await?;
        let answer = exchange(connection, url, (sent, wanted)).await?;
        read(answer, wanted).await
    }

    /// Every address of the host, each of which may be reached.
    async fn look_up(
        &self,
        asked: &Asked<'_>,
        name: String,
    ) -> Result<Vec<SocketAddr>, NotFetched> {
        if let Some(literal) = literal(&asked.host) {
            return Ok(vec![SocketAddr::new(literal, asked.port)]);
        }
        let found = (self.resolve)(name, asked.port).await;
        let found = found.map_err(|error| NotFetched::NoAddress(error.to_string()))?;
        if found.is_empty() || found.len() > MOST_ADDRESSES {
            let count = format!("{} were found", found.len());
            return Err(NotFetched::NoAddress(count));
        }
        for address in &found {
            self.check(&asked.host, address.ip(), asked.secure)?;
        }
        // The port is the URL's, whatever a resolver says.
        Ok(found
            .into_iter()
            .map(|found| SocketAddr::new(found.ip(), asked.port))
            .collect())
    }
}

impl Default for Outbound {
    /// The safe settings, and the system's resolver.
    fn default() -> Self {
        Self::with(Settings::default(), Arc::new(system), Vec::new())
    }
}

impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbound")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

/// A URL that was looked at.
struct Asked<'u> {
    host: Host<&'u str>,
    port: u16,
    secure: bool,
}

fn literal(host: &Host<&str>) -> Option<IpAddr> {
    match host {
        Host::Domain(_) => None,
        Host::Ipv4(address) => Some(IpAddr::V4(*address)),
        Host::Ipv6(address) => Some(IpAddr::V6(*address)),
    }
}

/// The system's resolver.
fn system(host: String, port: u16) -> Looking {
    Box::pin(async move { Ok(tokio::net::lookup_host((host, port)).await?.collect()) })
}

/// An answer, and the connection that its body still comes from.
struct Answer {
    response: Response<Incoming>,
    _connection: Running,
}

/// The task of a connection, which ends with whoever wanted something from it.
struct Running(JoinHandle<()>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn exchange(
    connection: Connection,
    url: &Url,
    (sent, wanted): (&Sent, &Wanted),
) -> Result<Answer, NotFetched> {
    let unreachable = |error: hyper::Error| NotFetched::Unreachable(error.to_string());
    let authority = url.host_str().unwrap_or_default();
    let authority = match url.port() {
        Some(port) => format!("{authority}:{port}"),
        None => authority.to_owned(),
    };
    let accept = wanted.types.join(", ");
    let target = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let mut request = Request::builder()
        .method(&sent.method)
        .uri(target)
        .header(header::HOST, authority)
        .header(header::ACCEPT, accept)
        .header(header::ACCEPT_ENCODING, "identity")
        .header(
            header::USER_AGENT,
            concat!("carnet/", env!("CARGO_PKG_VERSION")),
        )
        .header(header::CONNECTION, "close")
        .body(Full::new(sent.body.clone()))
        .map_err(|_| NotFetched::Url("its URL cannot be asked for"))?;
    for (name, value) in &sent.headers {
        request.headers_mut().insert(name, value.clone());
    }
    let (mut sender, running) = http1::Builder::new()
        .max_buf_size(LARGEST_HEAD)
        .max_headers(MOST_HEADERS)
        .handshake(connection)
        .await
        .map_err(unreachable)?;
    let running = Running(tokio::spawn(async move {
        // What goes wrong with the connection is told to whoever waits for the answer.
        let _ = running.await;
    }));
    let response = sender.send_request(request).await.map_err(unreachable)?;
    Ok(Answer {
        response,
        _connection: running,
    })
}

async fn read(mut answer: Answer, wanted: &Wanted) -> Result<Fetched, NotFetched> {
    let head = &answer.response;
    if head.status() != http::StatusCode::OK {
        return Err(NotFetched::Status(head.status().as_u16()));
    }
    if head.headers().contains_key(header::CONTENT_ENCODING) {
        return Err(NotFetched::Encoded);
    }
    let named = head.headers().get(header::CONTENT_TYPE);
    let named = named.and_then(|value| value.to_str().ok()).unwrap_or("");
    let essence = named.split(';').next().unwrap_or_default().trim();
    let fits = |wanted: &&str| essence.eq_ignore_ascii_case(wanted);
    if !wanted.types.iter().any(fits) {
        return Err(NotFetched::ContentType);
    }
    let fresh_for = wanted.freshness.of(head.headers());
    let body = Limited::new(answer.response.body_mut(), wanted.most_bytes);
    let body = body.collect().await.map_err(|error| {
        if error.is::<http_body_util::LengthLimitError>() {
            NotFetched::TooLarge(wanted.most_bytes)
        } else {
            NotFetched::Unreachable(error.to_string())
        }
    })?;
    Ok(Fetched {
        body: body.to_bytes(),
        fresh_for,
    })
}

#[cfg(test)]
mod tests;

//! A deployment as its clients meet it, through whatever stands in front of it.
//!
//! 1. The name has addresses, one of them takes a connection, TLS comes about and its certificate
//!    has days left. Where no connection comes about at all, nothing else is looked at.
//! 2. Discovery names the very URL that was asked (RFC 8414 section 3.3); the keys can be read.
//! 3. The token endpoint answers as ours does, pages have their headers, the clocks agree.
//!
//! Only what anybody may send is sent: the one request that is not a GET asks for a grant that no
//! server knows.

mod answers;

use std::time::Duration;

use carnet_wire::crn::Crn;
use http::Version;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use url::Url;

use super::certificate;
use crate::checklist::Check;
use crate::clock;
use crate::environment;
use crate::failure::Failure;
use crate::global::Global;
use crate::web;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);

/// How many addresses of a name are tried.
const ADDRESSES: usize = 4;

/// What was seen.
pub(super) struct Seen {
    /// The checks.
    pub(super) checks: Vec<Check>,
    /// Whether a server was reached.
    pub(super) answered: bool,
}

/// A server to look at.
struct Target {
    /// Its URL, without a slash at the end.
    base: String,
    url: Url,
    client: reqwest::Client,
}

/// Looks.
pub(super) async fn look(url: &str, global: &Global) -> Result<Seen, Failure> {
    let target = target(url, global)?;
    let mut checks = Vec::new();
    if !reached(&target, &mut checks).await {
        return Ok(Seen {
            checks,
            answered: false,
        });
    }
    let discovery = format!("{}/.well-known/openid-configuration", target.base);
    let first = web::send(target.client.get(discovery), &target.base).await;
    let now = clock::now().0;
    match first {
        Ok(answer) => {
            transport(&target, &answer, now, &mut checks);
            answers::look(&target, &answer, now, &mut checks).await;
        }
        Err(failure) => {
            let about = if target.url.scheme() == "https" {
                "tls"
            } else {
                "http"
            };
            let found = failure.to_string();
            let found = found.lines().next().unwrap_or_default().to_owned();
            checks.push(Check::fail(about, found).why(
                "the address takes connections, and no answer comes over them: the certificate does not suit, or it is no HTTP",
            ).fix("check the certificate and its chain, and where the proxy sends its requests"));
        }
    }
    Ok(Seen {
        checks,
        answered: true,
    })
}

fn target(text: &str, global: &Global) -> Result<Target, Failure> {
    let base = text.trim_end_matches('/').to_owned();
    let wrong = |why: String| {
        Failure::usage(format!("{text} is not the URL of a server: {why}"))
            .fix("carnet doctor --url https://auth.example.com")
    };
    let url = Url::parse(&base).map_err(|error| wrong(error.to_string()))?;
    if !matches!(url.scheme(), "https" | "http") || url.host_str().is_none() {
        return Err(wrong(
            "it begins neither with https:// nor with http://".to_owned(),
        ));
    }
    let client = web::client(Duration::from_secs(global.timeout.clamp(1, 60)))?;
    Ok(Target { base, url, client })
}

/// The name has addresses, and one of them takes a connection. Through a proxy of our own side that
/// cannot be seen, so there it is not looked at.
async fn reached(target: &Target, checks: &mut Vec<Check>) -> bool {
    let proxies = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    if proxies
        .iter()
        .any(|name| environment::value(name).is_some())
    {
        return true;
    }
    let host = target.url.host_str().unwrap_or_default();
    let host = host.trim_matches(['[', ']']);
    let port = target.url.port_or_known_default().unwrap_or(443);
    let found = timeout(CONNECT, lookup_host((host, port))).await;
    let addresses: Vec<_> = match found {
        Ok(Ok(found)) => found.take(ADDRESSES).collect(),
        _ => Vec::new(),
    };
    if addresses.is_empty() {
        let check = Check::fail("dns", format!("{host} has no address"));
        checks.push(check.fix(format!("make a record for the name: dig {host}")));
        return false;
    }
    let shown: Vec<_> = addresses.iter().map(|one| one.ip().to_string()).collect();
    checks.push(Check::pass(
        "dns",
        format!("{host} is {}", shown.join(", ")),
    ));
    for address in &addresses {
        if let Ok(Ok(_)) = timeout(CONNECT, TcpStream::connect(address)).await {
            checks.push(Check::pass(
                "connect",
                format!("{address} takes connections"),
            ));
            return true;
        }
    }
    let code = Crn::NOT_REACHABLE;
    let check = Check::fail(
        "connect",
        format!("port {port} takes no connection   ({code})"),
    );
    checks.push(check.fix("start the server, or open the port in the firewall"));
    false
}

/// TLS and the version of HTTP.
fn transport(target: &Target, answer: &web::Answer, now: i64, checks: &mut Vec<Check>) {
    if target.url.scheme() == "http" {
        let host = target.url.host_str().unwrap_or_default();
        let local = host == "localhost" || host.starts_with("127.") || host == "[::1]";
        checks.push(if local {
            Check::pass("tls", "none, on this machine")
        } else {
            Check::fail("tls", "tokens go over the network in the clear")
                .fix("give the server a certificate (http.tls), or a proxy in front that has one")
        });
        return;
    }
    checks.push(match &answer.certificate {
        Some(der) => certificate::dates("tls", der, now),
        None => Check::warn("tls", "the certificate cannot be seen from here")
            .fix("look at it: openssl s_client -connect HOST:443"),
    });
    checks.push(if answer.version == Version::HTTP_2 {
        Check::pass("http/2", "spoken")
    } else {
        Check::warn("http/2", format!("not spoken, {:?} is", answer.version))
            .fix("let the proxy speak HTTP/2, nginx: http2 on;")
    });
}

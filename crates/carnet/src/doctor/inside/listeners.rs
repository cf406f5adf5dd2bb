//! The listeners: free, or answered by the server that is meant.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use carnet_server::config::http::Listen;
use serde_json::Value;
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;

use crate::checklist::Check;
use crate::config::Config;
use crate::global::Global;
use crate::web::{self, Answer};

/// How long a listener of this machine may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// Looks at all of them.
pub(super) async fn look(config: &Config, global: &Global) -> Vec<Check> {
    let mut checks = Vec::new();
    let patience = PATIENCE.min(Duration::from_secs(global.timeout.max(1)));
    for listen in &config.http.listen {
        checks.push(match listen {
            Listen::Tcp(address) => public(config, reachable(*address), patience).await,
            Listen::Unix(path) => socket(path, patience).await,
        });
    }
    if let Some(Listen::Tcp(address)) = &config.ops.listen {
        checks.push(ops(reachable(*address), patience).await);
    }
    checks
}

/// Where a listener is reached that listens everywhere.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address.ip() {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}

async fn is_free(address: SocketAddr, patience: Duration) -> bool {
    !matches!(
        timeout(patience, TcpStream::connect(address)).await,
        Ok(Ok(_))
    )
}

async fn socket(path: &Path, patience: Duration) -> Check {
    let answered = matches!(
        timeout(patience, UnixStream::connect(path)).await,
        Ok(Ok(_))
    );
    let found = if answered {
        "answered"
    } else {
        "nobody listens"
    };
    Check::pass("listener", format!("{}: {found}", path.display()))
}

async fn public(config: &Config, address: SocketAddr, patience: Duration) -> Check {
    let about = "listener";
    if is_free(address, patience).await {
        return Check::pass(about, format!("{address} is free: no server runs there"));
    }
    let other = || {
        Check::fail(about, format!("{address} is answered by something else")).fix(format!(
            "end what listens there (ss -ltnp | grep {}), or change http.listen",
            address.port()
        ))
    };
    match discovered(config, address, patience).await {
        None => other(),
        Some(issuer) if issuer == config.issuer => {
            Check::pass(about, format!("{address} is answered by this server"))
        }
        Some(issuer) => other().why(format!("it is the server of {issuer}")),
    }
}

/// The issuer that the listener at this address names, asked as a client of it would ask.
async fn discovered(config: &Config, address: SocketAddr, patience: Duration) -> Option<String> {
    let issuer = url::Url::parse(&config.issuer).ok()?;
    let host = issuer.host_str()?;
    let scheme = if config.http.tls.is_some() {
        "https"
    } else {
        "http"
    };
    let port = address.port();
    let url = format!("{scheme}://{host}:{port}/.well-known/openid-configuration");
    // The name of the issuer, since a certificate carries it; the address of the listener.
    let client = web::builder(patience)
        .no_proxy()
        .resolve(host.trim_matches(['[', ']']), address)
        .build()
        .ok()?;
    let answer = web::send(client.get(url), host).await.ok()?;
    issuer_of(&answer)
}

fn issuer_of(answer: &Answer) -> Option<String> {
    let read: Value = serde_json::from_slice(&answer.body).ok()?;
    read.get("issuer")?.as_str().map(str::to_owned)
}

async fn ops(address: SocketAddr, patience: Duration) -> Check {
    let about = "ops listener";
    if is_free(address, patience).await {
        return Check::pass(about, format!("{address} is free: no server runs there"));
    }
    let asked = async {
        let client = web::builder(patience).no_proxy().build().ok()?;
        let url = format!("http://{address}/readyz");
        web::send(client.get(url), "the ops listener").await.ok()
    };
    match asked.await {
        Some(answer) if answer.status.is_success() => {
            Check::pass(about, format!("{address} says that the server is ready"))
        }
        Some(answer) if answer.status.as_u16() == 503 => Check::fail(
            about,
            format!("{address} says that the server is not ready"),
        )
        .fix("carnet healthcheck tells why"),
        _ => Check::fail(about, format!("{address} is answered by something else")).fix(format!(
            "end what listens there (ss -ltnp | grep {}), or change ops.listen",
            address.port()
        )),
    }
}

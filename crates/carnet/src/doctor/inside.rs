//! A deployment as its machine sees it.
//!
//! 1. The configuration is read as `carnet serve` reads it. Where it is wrong, every fault is a
//!    failed check, and what rests on it is not looked at.
//! 2. Files: the secret key, the folder of the data, the certificate and its key.
//! 3. The database, opened for a look: a server may be running on it ([`database`]).
//! 4. The listeners: free, or answered by this very server ([`listeners`]).

mod database;
mod files;
mod listeners;

use std::path::Path;

use carnet_server::http::client_address::{Peer, TrustedProxies};

use crate::checklist::Check;
use crate::clock;
use crate::config::{self, Config};
use crate::global::Global;

/// Addresses that have nothing to do with each other: who believes all of them believes everybody.
const STRANGERS: [[u8; 4]; 3] = [[8, 8, 8, 8], [93, 184, 216, 34], [203, 0, 113, 7]];

/// Looks at everything.
pub(super) async fn look(named: Option<&Path>, global: &Global) -> Vec<Check> {
    let config = match config::read(named) {
        Ok(config) => config,
        Err(faults) => return faults.into_iter().map(config::check).collect(),
    };
    let now = clock::now().0;
    let mut checks = vec![
        Check::pass("config", from(&config)),
        Check::pass("issuer", config.issuer.clone()),
    ];
    let (check, secret) = files::secret(&config.secret_key_file);
    checks.push(check);
    checks.extend(files::folder(&config));
    checks.extend(files::certificate(&config, now));
    checks.push(proxies(&config));
    checks.extend(database::look(&config, secret, now).await);
    checks.extend(listeners::look(&config, global).await);
    checks
}

fn from(config: &Config) -> String {
    match &config.file {
        Some(file) => format!("valid, from {}", file.display()),
        None => "valid, from the environment".to_owned(),
    }
}

/// Who may say where a request came from, and how.
fn proxies(config: &Config) -> Check {
    let trusted = &config.http.trusted_proxies;
    let believes = |address: &[u8; 4]| trusted.trust(Peer::Address((*address).into()));
    if STRANGERS.iter().all(believes) {
        return Check::fail("proxies", "http.trusted_proxies trusts everybody")
            .why("anybody can then choose the address that limits and the audit log see")
            .fix("name the networks of your proxies: http.trusted_proxies = [\"10.0.0.0/8\"]");
    }
    let behind_tls = config.issuer.starts_with("https:") && config.http.tls.is_none();
    let on_sockets = config
        .http
        .listen
        .iter()
        .all(|listen| listen.to_string().starts_with("unix:"));
    if behind_tls && !on_sockets && *trusted == TrustedProxies::default() {
        return Check::warn(
            "proxies",
            "the issuer is https, the listener is not, and no proxy is trusted",
        )
        .why("the server takes every request for http, and the proxy's address for the client's")
        .fix(
            "http.trusted_proxies = [\"10.0.0.0/8\"], with the network of the proxy; or http.tls",
        );
    }
    Check::pass("proxies", "nobody is trusted who need not be")
}

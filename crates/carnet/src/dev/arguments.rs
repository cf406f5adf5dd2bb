//! What `carnet dev` can be told.

use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::path::PathBuf;

use carnet_server::captive::names::Universe;
use carnet_server::config::google::Google;
use carnet_server::config::http::Http;
use carnet_server::config::http::Listen;
use carnet_server::http::listener::Bound;
use carnet_server::http::listener::NotBound;
use clap::Args;

use crate::captive::Captive;
use crate::captive::Kept;
use crate::captive::NoCaptive;
use crate::listening::Listeners;
use crate::machine;
use crate::machine::Machine;

/// Where a sandbox listens if it is not told.
const PUBLIC_PORT: u16 = 8080;
const OPS_PORT: u16 = 9090;
const HTTPS_PORT: u16 = 8443;
const PROXY_PORT: u16 = 8444;

/// Options of the sandbox.
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {
    /// Where to listen.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    /// Listen on this port instead; 0 takes one that is free.
    #[arg(long, value_name = "PORT")]
    pub(crate) port: Option<u16>,
    /// Keep the data in a SQLite file in this folder instead of in memory; key files go there too.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// What the sandbox begins with, instead of the built-in example (TOML).
    #[arg(long, value_name = "FILE")]
    pub(crate) seed: Option<PathBuf>,
    /// Write everything that a test needs to this file, as JSON, once the server answers.
    #[arg(long, value_name = "FILE")]
    pub(crate) ready_file: Option<PathBuf>,
    /// Trust these certificates too where documents of apps are fetched over https (PEM).
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
    /// Verify what these keys of AWS sign here, and ask AWS about others (JSON: as `outbound.aws_keys_file` has them).
    #[arg(long, value_name = "FILE")]
    pub(crate) aws_keys: Option<PathBuf>,
    /// Hold Google's host names here: TLS for them, and a proxy that leads programs to it (carnet google env).
    #[arg(long)]
    pub(crate) google: bool,
    /// A universe domain that has Google's names below it, besides Google's own.
    #[arg(long, value_name = "DOMAIN", requires = "google")]
    pub(crate) universe: Option<Universe>,
    /// The public URL, where it is not that of the listener (in a container, say).
    #[arg(long, value_name = "URL")]
    pub(crate) issuer: Option<String>,
}

impl Arguments {
    /// Takes the sockets. Beside the usual public port the second listener has its usual one; else, and
    /// where that is busy, it takes any.
    pub(crate) fn listeners(&self) -> Result<Listeners, NotBound> {
        let mut address = self.listen;
        if let Some(port) = self.port {
            address.set_port(port);
        }
        let public = bound(address)?;
        let mut second = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        if address.port() == PUBLIC_PORT {
            second.set_port(OPS_PORT);
        }
        let ops = bound(second).or_else(|_| bound((Ipv4Addr::LOCALHOST, 0).into()))?;
        Ok(Listeners {
            public,
            ops: Some(ops),
            machine: None,
            captive: None,
            reload: None,
        })
    }

    /// Takes the socket of the metadata server: its usual port beside the usual public one, else any.
    pub(crate) fn machine(&self) -> Result<Bound, NotBound> {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let mut usual = any;
        if self.port.unwrap_or(self.listen.port()) == PUBLIC_PORT {
            usual.set_port(machine::PORT);
        }
        Machine::bind(usual).or_else(|_| Machine::bind(any))
    }

    /// The public URL. A wildcard address is reached by loopback.
    pub(crate) fn issuer(&self, bound: Option<SocketAddr>) -> String {
        if let Some(issuer) = &self.issuer {
            return issuer.trim_end_matches('/').to_owned();
        }
        let mut reached = bound.unwrap_or(self.listen);
        if reached.ip().is_unspecified() {
            reached.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
        }
        format!("http://{reached}")
    }

    /// Google's names: with the usual public port at the usual two ports, else, and where one is busy, at any.
    pub(crate) async fn captive(&self) -> Result<Option<Captive>, NoCaptive> {
        if !self.google {
            return Ok(None);
        }
        let usual = self.port.unwrap_or_else(|| self.listen.port()) == PUBLIC_PORT;
        let on = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let settings = |https, proxy| Google {
            listen: Some(on(https)),
            proxy: Some(on(proxy)),
            universe: self.universe.clone(),
            ..Google::default()
        };
        let kept = match &self.data {
            Some(folder) => Kept::In(folder.clone()),
            None => Kept::Nowhere(self.folder()),
        };
        if usual && let Ok(captive) = Captive::bind(&settings(HTTPS_PORT, PROXY_PORT), &kept).await
        {
            return Ok(captive);
        }
        Captive::bind(&settings(0, 0), &kept).await
    }

    /// Where key files go.
    #[must_use]
    pub(crate) fn folder(&self) -> PathBuf {
        self.data
            .clone()
            .unwrap_or_else(|| PathBuf::from("carnet-dev"))
    }
}

fn bound(address: SocketAddr) -> Result<Bound, NotBound> {
    Bound::new(Http::on(Listen::Tcp(address)))
}

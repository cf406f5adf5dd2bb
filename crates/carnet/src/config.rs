//! The configuration of `carnet serve`: one TOML file, the environment over it, safe defaults under
//! it.
//!
//! 1. Every key stands in one table ([`key`]): what it is, what it may be, its default. The reference
//!    page is printed from it.
//! 2. Every setting remembers where it came from ([`source`]), and a fault says so.
//! 3. An unknown key is a fault, as it may be a safeguard misspelt; the closest key is named.
//! 4. All faults are told at once.

mod command;
mod fault;
mod file;
mod key;
mod read;
mod reference;
mod source;

use std::path::PathBuf;

use carnet_server::config::drain::Drain;
use carnet_server::config::http::Http;
use carnet_server::config::log::Log;
use carnet_server::config::ops::Ops;
use carnet_server::config::rate::Rate;

pub(crate) use command::{Verb, check, run};
pub(crate) use fault::{Fault, failure};
pub(crate) use read::issuer;

/// What the server is told.
#[derive(Debug)]
pub(crate) struct Config {
    /// The public URL.
    pub(crate) issuer: String,
    /// How pages call this server.
    pub(crate) name: String,
    /// Where everything is kept.
    pub(crate) database_url: String,
    /// Where the key is that seals what is at rest.
    pub(crate) secret_key_file: PathBuf,
    /// The public listener.
    pub(crate) http: Http,
    /// The second listener.
    pub(crate) ops: Ops,
    /// What is logged.
    pub(crate) log: Log,
    /// How much of what one client may do.
    pub(crate) rate: Rate,
    /// How the server stops.
    pub(crate) drain: Drain,
    /// Which file it was read from, if from any.
    pub(crate) file: Option<PathBuf>,
}

/// Reads the configuration. The file is the one named, or the one that `CARNET_CONFIG` names, or
/// `carnet.toml` here, or `/etc/carnet/carnet.toml`; there need not be one.
pub(crate) fn read(named: Option<&std::path::Path>) -> Result<Config, Vec<Fault>> {
    let gathered = source::gather(named);
    read::config(&gathered)
}

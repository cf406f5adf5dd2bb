//! The configuration of `carnet serve`: one TOML file, the environment over it, safe defaults under
//! it.
//!
//! 1. Every key stands in one table ([`key`]): what it is, what it may be, its default. The reference
//!    page is printed from it.
//! 2. Every setting remembers where it came from ([`source`]), and a fault says so.
//! 3. An unknown key is a fault, as it may be a safeguard misspelt; the closest key is named.
//! 4. All faults are told at once.
//!
//! `key`, `fault`, `source`, `file` and `read` ask nothing of the process that they are in; its
//! environment and files come in through `system`. `fuzz/targets/config.rs` compiles them by their
//! paths, as nobody can depend on a binary: none of them may use more of this crate than
//! [`crate::nearest`].

mod command;
mod failing;
mod fault;
mod file;
mod key;
mod one_line;
mod read;
mod reference;
mod setting;
mod source;
mod system;

pub(crate) use command::{Verb, check, run};
pub(crate) use failing::failure;
pub(crate) use fault::Fault;
pub(crate) use read::{Config, issuer};

/// Reads the configuration. The file is the one named, or the one that `CARNET_CONFIG` names, or
/// `carnet.toml` here, or `/etc/carnet/carnet.toml`; there need not be one.
pub(crate) fn read(named: Option<&std::path::Path>) -> Result<Config, Vec<Fault>> {
    read::config(&source::gather(named, &system::System))
}

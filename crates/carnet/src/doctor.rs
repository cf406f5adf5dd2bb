//! `carnet doctor`: whether a deployment is in order, in one list of checks.
//!
//! 1. On the machine of the server it reads the configuration as `carnet serve` does, and looks at
//!    everything that a start needs and a running server has ([`inside`]).
//! 2. With `--url` it looks at a server as its clients meet it, through whatever stands in front
//!    ([`outside`]).
//! 3. With `--profile` it holds a server and each of its apps against a security profile, with what an
//!    administrator may read ([`profile`]).
//! 4. It only looks: no file is made, no database is brought up to date, no key is changed.

mod certificate;
mod inside;
mod outside;
mod profile;

use std::path::PathBuf;

use clap::Args;

use crate::checklist;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::Output;

/// What is looked at.
#[derive(Args, Debug)]
#[command(
    after_help = "Without --url (and without CARNET_URL) the server of this machine is looked at, by its configuration.\nEnds with 8 where a check failed, and with 7 where the server of --url gives no answer.\n\nExamples:\n  carnet doctor\n  carnet doctor --url https://auth.example.com\n  carnet doctor --config /etc/carnet/carnet.toml -o json\n  carnet doctor --profile oauth21 --key admin-key.json"
)]
pub(crate) struct Arguments {
    /// The TOML file of carnet serve, instead of the usual ones.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Hold the server and each of its apps against this profile. It takes an administrator's credentials, as the
    /// commands about apps do.
    #[arg(long, value_name = "PROFILE", conflicts_with = "config")]
    profile: Option<profile::Profile>,
}

/// Looks, and tells.
pub(crate) async fn run(
    arguments: &Arguments,
    global: &Global,
    output: &Output,
) -> Result<Exit, Failure> {
    if let Some(profile) = arguments.profile {
        return checklist::report(&profile::look(profile, global).await?, output);
    }
    let url = global.url.as_deref().filter(|url| !url.is_empty());
    let Some(url) = url.filter(|_| arguments.config.is_none()) else {
        let checks = inside::look(arguments.config.as_deref(), global).await;
        return checklist::report(&checks, output);
    };
    let seen = outside::look(url, global).await?;
    let exit = checklist::report(&seen.checks, output)?;
    Ok(if seen.answered {
        exit
    } else {
        Exit::NotReachable
    })
}

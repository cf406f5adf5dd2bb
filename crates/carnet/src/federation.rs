//! `carnet federation`: pools of workload identity and their providers; whether a token would be let in; and the file by
//! which Google's libraries come through a provider.

mod check;
mod cred_config;
mod named;
mod pool;
mod provider;
mod web;

use clap::Subcommand;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::Output;

/// What can be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Pools: programs, or with --workforce people, that prove themselves to somebody else.
    #[command(subcommand)]
    Pool(pool::Verb),
    /// Providers of a pool: who vouches for its principals.
    #[command(subcommand)]
    Provider(provider::Verb),
    /// Say, step by step, whether a provider would let a token in, and as whom. Nothing is issued.
    #[command(
        after_help = "Example:\n  carnet federation check --provider ci-runners/github token.jwt"
    )]
    Check(check::Arguments),
    /// Print the credential file, an external account, by which Google's libraries come through a provider.
    #[command(
        after_help = "Example:\n  carnet federation cred-config --provider ci-runners/github --file /var/run/token --service-account deployer@billing.iam.gserviceaccount.com > credentials.json"
    )]
    CredConfig(cred_config::Arguments),
}

/// Does it.
pub(crate) async fn run(verb: Verb, global: &Global, output: &Output) -> Result<Exit, Failure> {
    match verb {
        Verb::Pool(verb) => pool::run(verb, global, output).await,
        Verb::Provider(verb) => provider::run(verb, global, output).await,
        Verb::Check(arguments) => check::run(arguments, global, output).await,
        Verb::CredConfig(arguments) => cred_config::run(arguments, global, output).await,
    }
}

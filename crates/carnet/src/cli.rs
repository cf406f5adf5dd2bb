//! The command line: nouns, then verbs (`carnet help`).

use clap::Parser;
use clap::Subcommand;

use crate::dev;
use crate::jose_verify;

/// An OAuth 2.0 and OpenID Connect authority in one binary.
#[derive(Debug, Parser)]
#[command(name = "carnet", version, arg_required_else_help = true)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start a sandbox: in memory, seeded, not for production.
    Dev(dev::Arguments),
    /// Judge JSON lines of tokens and keys, by the code that judges real ones.
    #[command(name = "jose-verify")]
    JoseVerify(jose_verify::Arguments),
}

//! The command line of the two commands that stay: `carnet serve` and `carnet dev`.
//!
//! The whole command line is some two hundred commands and options, and what building it leaves in memory stays with a server
//! for its life. So where the first word is one of these two, only they are built. What they print and accept is the
//! same; a test compares.

use std::ffi::OsStr;

use clap::CommandFactory as _;
use clap::FromArgMatches as _;
use clap::Parser;
use clap::Subcommand;

use super::Cli;
use super::Command;
use crate::dev;
use crate::examples;
use crate::global::Global;
use crate::serve;

#[derive(Debug, Parser)]
#[command(
    name = "carnet",
    version,
    disable_help_subcommand = true,
    disable_help_flag = true,
    infer_long_args = false
)]
struct Serving {
    /// Print help: -h on one screen, --help all of it.
    #[arg(short, long, global = true, action = clap::ArgAction::Help)]
    help: Option<bool>,
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Stays,
}

#[expect(clippy::doc_markdown, reason = "it is what --help prints")]
#[derive(Debug, Subcommand)]
enum Stays {
    /// Start a sandbox: in memory, seeded, not for production.
    Dev(dev::Arguments),
    /// Start the server: SQLite unless told otherwise, PostgreSQL by DATABASE_URL.
    Serve(serve::Arguments),
}

/// Whether a command line begins with one of the two.
pub(super) fn begins(first: Option<&OsStr>) -> bool {
    first.is_some_and(|word| word == "serve" || word == "dev")
}

/// The two commands, each with an example.
pub(super) fn command() -> clap::Command {
    examples::given_to(Serving::command())
}

/// Reads the command line, or ends with what is wrong with it.
pub(super) fn parse() -> Cli {
    let matches = command().get_matches();
    let serving = Serving::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    Cli {
        help: serving.help,
        global: serving.global,
        command: match serving.command {
            Stays::Dev(arguments) => Command::Dev(arguments),
            Stays::Serve(arguments) => Command::Serve(arguments),
        },
    }
}

//! `cargo xtask bench`: how much the release server costs beside a server that leaves out everything
//! that can be left out.
//!
//! * [`bare`] is that other server.
//! * [`load`] asks, over a few connections that are kept open, and keeps the time.
//! * [`token`] starts the one and the other on core 0, asks both from core 1 in turns, and says what
//!   came out.
//! * [`flows`] does the same for apps and people, with a third server that others wrote.
//! * [`google`] does it for tokens that are asked for with other tokens.

mod bare;
mod flows;
mod google;
mod load;
mod machine;
mod process;
mod request;
mod sample;
mod script;
mod servers;
mod sitting;
mod token;

use std::process::ExitCode;

use clap::Parser;
use clap::Subcommand;

/// Measures the release server.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench", arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The endpoints of a service account's token, beside a bare server.
    Token(token::Arguments),
    /// Apps and people, beside a bare server and node-oidc-provider (Node.js and npm are needed).
    Flows(flows::Arguments),
    /// Tokens for other tokens: STS, IAM Credentials, the metadata server.
    Google(google::Arguments),
    /// Passwords are hashed, and nothing else; the others start it.
    #[command(hide = true)]
    Hash(flows::hashing::Arguments),
    /// The bare server alone; the others start it.
    #[command(hide = true)]
    Bare(bare::Arguments),
}

fn main() -> ExitCode {
    let ended = match Cli::parse().command {
        Command::Token(arguments) => token::run(&arguments),
        Command::Flows(arguments) => flows::run(&arguments),
        Command::Google(arguments) => google::run(&arguments),
        Command::Hash(arguments) => flows::hashing::run(&arguments),
        Command::Bare(arguments) => bare::run(&arguments),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

//! The `carnet` binary: the server, its sandbox, and the commands that speak to it.

mod cli;
mod clock;
mod dev;
mod jose_verify;
mod key_files;
mod listening;

use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::Cli;
use crate::cli::Command;

fn main() -> ExitCode {
    // One provider of cryptography for the whole process, named before anything asks for it.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let cli = Cli::parse();
    let ended = match cli.command {
        Command::Dev(arguments) => dev::run(arguments),
        Command::JoseVerify(arguments) => jose_verify::run(&arguments),
    };
    match ended {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

//! The `carnet` binary: the server, its sandbox, and the commands that speak to it.

mod admin;
mod checklist;
mod cli;
mod clock;
mod config;
mod context;
mod credential;
mod delegation;
mod dev;
mod duration;
mod environment;
mod exit;
mod explain;
mod failure;
mod global;
mod healthcheck;
mod init;
mod jose_verify;
mod key_files;
mod listening;
mod nearest;
mod output;
mod prompt;
mod refused;
mod sa;
mod serve;
mod token;
mod web;
mod whoami;
mod work;

use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::Cli;

fn main() -> ExitCode {
    // One provider of cryptography for the whole process, named before anything asks for it.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    match cli::run(Cli::parse()) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("{failure}");
            failure.exit().into()
        }
    }
}

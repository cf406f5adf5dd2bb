//! The `carnet` binary: the server, its sandbox, and the commands that speak to it.

mod admin;
mod api;
mod app;
mod audit;
mod auth;
mod captive;
mod checklist;
mod cli;
mod clock;
mod completions;
mod config;
mod context;
mod credential;
mod delegation;
mod dev;
mod doctor;
mod dry_run;
mod duration;
mod environment;
mod examples;
mod exit;
mod explain;
mod failure;
mod federation;
mod global;
mod google;
mod group;
mod healthcheck;
mod init;
mod jose_verify;
mod key_files;
mod listening;
mod login;
mod machine;
mod members;
mod metadata;
mod nearest;
mod observers;
mod org;
mod output;
mod policy;
mod project;
mod prompt;
mod refused;
mod role;
mod sa;
mod serve;
mod sign_in;
mod signing_key;
mod token;
mod topic;
mod trusted_issuer;
mod user;
mod web;
mod whoami;
mod work;

use std::process::ExitCode;

fn main() -> ExitCode {
    // One provider of cryptography for the whole process, named before anything asks for it.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    match cli::run(cli::parse()) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("{failure}");
            failure.exit().into()
        }
    }
}

//! Tests, gates, fuzzing and benchmarks: `cargo xtask help` names them all.
//!
//! This crate knows no other crate of the house. It judges them from outside, by what Cargo, Git and the
//! compilers say, so that it compiles in seconds and still works when nothing else does.

mod advisories;
mod arrows;
mod bench;
mod cases;
mod check;
mod circles;
mod codes;
mod counts;
mod dates;
mod fuzz;
mod generated;
mod house;
mod interop;
mod judged;
mod ledger;
mod licences;
mod links;
mod paths;
mod postgres;
mod process;
mod proof;
mod shelves;
mod source;
mod spelling;
mod stages;
mod suite;
mod supply;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::house::House;

const USAGE: &str = "\
cargo xtask <command>

  check [GATE…]            the gates; all of them, or those that are named
  check --list             the names of the gates
  test                     everything: gates, unit, contract, flows, crash, interop
  test STAGE [NAME]        one stage: check | unit | contract | flows | crash |
                           interop [python|go|java|spring|node|mcp|rust|
                           ruby|rclone|curl|gcloud|browser|saml|openapi]
  fuzz [--seconds N] [TARGET…]
                           each fuzz target for N seconds (60)
  bench …                  the release server against a bare one;
                           cargo xtask bench --help tells more
  proof                    writes docs/checks.md, docs/rfc-coverage.md and
                           docs/google-interop.md
  postgres                 starts a PostgreSQL for tests and stops it at ctrl-c
  help                     this page

After interop suites it is told how each case of Google's libraries went
(docs/google-interop.md). A run of `test` ends with the line
`N passed, N failed, N skipped`.
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Does what the words ask; `false` means that something was judged and found wanting.
fn run(words: &[String]) -> Result<bool> {
    let (command, rest) = match words.split_first() {
        None => ("help", &[] as &[String]),
        Some((command, rest)) => (command.as_str(), rest),
    };
    let house = House::here()?;
    match command {
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(true)
        }
        "check" => check::run(&house, rest),
        "test" => stages::run(&house, rest),
        "fuzz" => fuzz::run(&house, rest),
        "bench" => bench::run(&house, rest),
        "proof" => proof::write(&house),
        "postgres" => postgres::hold(),
        unknown => bail!("there is no command `{unknown}`; see `cargo xtask help`"),
    }
}

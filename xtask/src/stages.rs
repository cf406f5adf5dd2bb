//! `cargo xtask test`: everything that a change must pass, from the gates to other people's libraries.
//!
//! 1. *check*: the gates.
//! 2. *build*: the workspace with its tests, once, so that all stages use the same programs.
//! 3. *unit*: the tests inside the crates, and those in their documentation.
//! 4. *contract*, *flows*, *crash*: the test programs in the crates' `tests/` folders. One whose name begins with
//!    `crash` kills what it started; one that begins with `contract`, or belongs to the store, holds a database
//!    to its contract; every other one tells a flow. They find a real PostgreSQL in `CARNET_TEST_POSTGRES`.
//! 5. *saml*: the tests of SAML, with the feature of that name.
//! 6. *interop*: the suites of `interop/`, each a stage of its own; at their end, how each case of Google's libraries went.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::cases::{self, Cases, Run, Runs};
use crate::check;
use crate::counts::{Counter, Kind};
use crate::house::House;
use crate::interop;
use crate::ledger::{Ledger, Outcome, Tests};
use crate::postgres::{self, Postgres};
use crate::process;

const CRATES: &[&str] = &["unit", "contract", "flows", "crash", "saml"];

/// The tests of what the usual build has not: all of them have `saml` in their names.
const SAML: &[&str] = &[
    "--features",
    "carnet-server/saml",
    "--lib",
    "--test",
    "it",
    "--",
    "saml",
];

/// Which stages were asked for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Plan {
    check: bool,
    crates: Vec<&'static str>,
    suites: Vec<&'static str>,
}

impl Plan {
    fn read(words: &[String]) -> Result<Self> {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let named = |known: &'static [&'static str], word: &str| {
            known
                .iter()
                .copied()
                .filter(|name| *name == word)
                .collect::<Vec<_>>()
        };
        let plan = match words.as_slice() {
            [] => Self {
                check: true,
                crates: CRATES.to_vec(),
                suites: interop::SUITES.to_vec(),
            },
            ["check"] => Self {
                check: true,
                ..Self::default()
            },
            ["interop"] => Self {
                suites: interop::SUITES.to_vec(),
                ..Self::default()
            },
            ["interop", name] => Self {
                suites: named(interop::SUITES, name),
                ..Self::default()
            },
            [name] => Self {
                crates: named(CRATES, name),
                ..Self::default()
            },
            _ => Self::default(),
        };
        if plan == Self::default() {
            bail!(
                "there is no stage `{}`; see `cargo xtask help`",
                words.join(" ")
            );
        }
        Ok(plan)
    }
}

/// `cargo xtask test`.
pub(crate) fn run(house: &House, words: &[String]) -> Result<bool> {
    let plan = Plan::read(words)?;
    let mut ledger = Ledger::default();
    if plan.check {
        ledger.stage("check", Tests::None, || Ok(gates(house)));
    }
    if !(plan.crates.is_empty() && plan.suites.is_empty()) {
        // A gate that failed is no reason not to test; a build that failed is.
        let mut built = false;
        ledger.stage("build", Tests::None, || {
            let outcome = build(house)?;
            built = outcome.trouble.is_none();
            Ok(outcome)
        });
        if built {
            let mut runs = Runs::new();
            crates(house, &mut ledger, &plan, &mut runs);
            suites(house, &mut ledger, &plan, &mut runs);
            if !plan.suites.is_empty() {
                ledger.stage("google cases", Tests::None, || google(house, &runs));
            }
        } else {
            let suites = plan.suites.iter().map(|name| format!("interop {name}"));
            for stage in plan.crates.iter().map(ToString::to_string).chain(suites) {
                ledger.leave_out(&stage, "it was not built");
            }
        }
    }
    Ok(ledger.close())
}

fn gates(house: &House) -> Outcome {
    let tally = check::open(house, &[]);
    let mut outcome = Outcome::default();
    outcome.counts.skipped = tally.skipped.len() as u64;
    if !tally.failed.is_empty() {
        outcome.trouble = Some(tally.failed.join(", "));
    }
    outcome
}

/// Builds all programs and tests with one set of features.
fn build(house: &House) -> Result<Outcome> {
    let mut command = process::command("cargo", house.root());
    command.args(["build", "--workspace", "--all-targets", "--locked"]);
    let status = process::shown(&mut command)?;
    if status.success() {
        Ok(Outcome::default())
    } else {
        Ok(Outcome::trouble("it does not build"))
    }
}

fn crates(house: &House, ledger: &mut Ledger, plan: &Plan, runs: &mut Runs) {
    if plan.crates.is_empty() {
        return;
    }
    let mut database = None;
    ledger.stage("postgres", Tests::None, || {
        database = Some(Postgres::start()?);
        Ok(Outcome::default())
    });
    let Some(database) = database else {
        // Why it did not start stands in the row above.
        for stage in &plan.crates {
            ledger.leave_out(stage, "there is no PostgreSQL for it");
        }
        return;
    };
    let url = database.url();
    for stage in &plan.crates {
        ledger.stage(stage, Tests::Some, || {
            let outcome = match *stage {
                "unit" => unit(house, &url),
                "saml" => cargo_test(house, &url, SAML),
                stage => integration(house, &url, stage),
            };
            remembered(runs, stage, outcome)
        });
    }
}

fn unit(house: &House, url: &str) -> Result<Outcome> {
    let mut outcome = cargo_test(house, url, &["--lib", "--bins"])?;
    let documented = cargo_test(house, url, &["--doc"])?;
    outcome.counts.add(documented.counts);
    outcome.trouble = outcome.trouble.or(documented.trouble);
    Ok(outcome)
}

/// Keeps how the tests of a stage ended. One that could not do anything has no tests: that stands in its own row.
fn remembered(runs: &mut Runs, stage: &str, outcome: Result<Outcome>) -> Result<Outcome> {
    let run = match &outcome {
        Ok(Outcome {
            left_out: Some(reason),
            ..
        }) => Run::LeftOut(reason.clone()),
        Ok(outcome) => Run::Done(outcome.verdicts.clone()),
        Err(error) => Run::LeftOut(format!("{error:#}")),
    };
    runs.insert(stage.to_owned(), run);
    outcome
}

/// Tells how each case of Google's libraries went.
fn google(house: &House, runs: &Runs) -> Result<Outcome> {
    let (lines, untried) = cases::table(&Cases::of(house)?, runs);
    for line in lines {
        println!("{line}");
    }
    Ok(Outcome {
        trouble: (!untried.is_empty()).then(|| untried.join("\n")),
        ..Outcome::default()
    })
}

fn suites(house: &House, ledger: &mut Ledger, plan: &Plan, runs: &mut Runs) {
    let carnet = carnet(house);
    for name in &plan.suites {
        let stage = format!("interop {name}");
        ledger.stage(&stage, Tests::Some, || {
            remembered(runs, name, interop::run(house, name, &carnet))
        });
    }
}

fn carnet(house: &House) -> PathBuf {
    house.target_dir().join("debug").join("carnet")
}

/// The test programs that belong to a stage.
fn integration(house: &House, url: &str, stage: &str) -> Result<Outcome> {
    let mut names = BTreeSet::new();
    for member in house.members()? {
        for target in member
            .targets
            .iter()
            .filter(|target| target.kind.iter().any(|kind| kind == "test"))
        {
            if stage_of(&member.name, &target.name) == stage {
                names.insert(target.name.as_str());
            }
        }
    }
    if names.is_empty() {
        return Ok(Outcome::left_out("no test program belongs to it yet"));
    }
    let words: Vec<&str> = names
        .into_iter()
        .flat_map(|name| ["--test", name])
        .collect();
    cargo_test(house, url, &words)
}

fn stage_of(package: &str, target: &str) -> &'static str {
    if target.starts_with("crash") {
        "crash"
    } else if target.starts_with("contract") || package == "carnet-store" {
        "contract"
    } else {
        "flows"
    }
}

fn cargo_test(house: &House, url: &str, words: &[&str]) -> Result<Outcome> {
    let mut command = process::command("cargo", house.root());
    command
        .args(["test", "--workspace", "--locked", "--no-fail-fast"])
        .args(words)
        .env(postgres::VARIABLE, url);
    let mut counter = Counter::new(Kind::Cargo);
    let status = process::streamed(&mut command, &mut |line| {
        if let Some(shown) = counter.line(line) {
            println!("{shown}");
        }
    })?;
    let trouble = (!status.success()).then(|| format!("cargo test ended with {status}"));
    Ok(Outcome {
        counts: counter.counts(),
        trouble,
        left_out: None,
        verdicts: counter.verdicts(),
    })
}

#[cfg(test)]
mod tests;

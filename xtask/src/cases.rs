//! The cases in which other people's libraries meet Google's side of Carnet, and how each went in this run.
//!
//! 1. `docs/proof/google-cases.toml` says for each case which tests hold it, as `SUITE/NAME`, or why it cannot run. SUITE is
//!    a folder of `interop/`, or one of the stages `unit` and `flows`. `${…}` in a name stands for anything.
//! 2. Which cases there are stands here ([`GROUPS`]), so that none is lost by taking it out of the file.
//! 3. While the suites run, each test's end is remembered ([`Verdicts`]).
//! 4. At the end each case of the suites that ran is told ([`table`]). A test that is named and did not run is a failure:
//!    its case was not tried.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use serde::Deserialize;

use crate::house::House;

/// Where the cases are written down.
pub(crate) const FILE: &str = "docs/proof/google-cases.toml";

/// Each group of cases: its letter, the number of its last case, and what it is about.
pub(crate) const GROUPS: &[(char, u8, &str)] = &[
    ('P', 24, "Python"),
    ('N', 13, "Node"),
    ('G', 9, "Go"),
    ('J', 8, "Java"),
    ('R', 7, "Rust"),
    ('O', 12, "Other languages and tools"),
    ('T', 18, "The wire itself, without a library"),
];

/// The cases that stand between two numbers.
const BETWEEN: &[&str] = &["J4b"];

/// The file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cases {
    /// The libraries, each with its version.
    pub(crate) library: Vec<Library>,
    /// The cases, in order.
    pub(crate) case: Vec<Case>,
}

/// A library that we did not write.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Library {
    /// Its name, as the cases use it.
    pub(crate) name: String,
    /// Its version; of a program of the machine, the one that was tried.
    pub(crate) version: String,
    /// The file that pins it; none for what comes from the machine.
    pub(crate) file: Option<String>,
    /// What stands in that file.
    pub(crate) pin: Option<String>,
}

/// A case.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// `P1`.
    pub(crate) id: String,
    /// What is done and what comes of it.
    pub(crate) what: String,
    /// With which library; none for the wire itself.
    pub(crate) library: Option<String>,
    /// How the library comes to us: over plain http, through the held names, …
    pub(crate) how: String,
    /// The tests that hold it, `SUITE/NAME`.
    #[serde(default)]
    pub(crate) tests: Vec<String>,
    /// Why it cannot run.
    pub(crate) not: Option<String>,
    /// What a reader has to know besides.
    pub(crate) note: Option<String>,
}

impl Cases {
    /// As the house has them.
    pub(crate) fn of(house: &House) -> Result<Self> {
        Ok(toml::from_str(&house.read(Path::new(FILE))?)?)
    }

    /// What is wrong with the list itself: cases that are missing, unknown, or say neither how nor why not.
    pub(crate) fn findings(&self) -> Vec<String> {
        let mut findings = Vec::new();
        let written: Vec<&str> = self.case.iter().map(|case| case.id.as_str()).collect();
        let wanted = ids();
        for id in &wanted {
            match written.iter().filter(|other| *other == id).count() {
                1 => {}
                0 => findings.push(format!("{FILE}: {id} is not there")),
                _ => findings.push(format!("{FILE}: {id} is there twice")),
            }
        }
        for case in &self.case {
            if !wanted.contains(&case.id) {
                findings.push(format!("{FILE}: {} is no case of the contract", case.id));
            }
            if case.tests.is_empty() == case.not.is_none() {
                findings.push(format!(
                    "{FILE}: {} needs either tests or a reason why it cannot run",
                    case.id
                ));
            }
        }
        findings
    }
}

/// The names of all cases, in order.
fn ids() -> Vec<String> {
    let mut ids = Vec::new();
    for (letter, last, _) in GROUPS {
        for number in 1..=*last {
            let id = format!("{letter}{number}");
            let between = format!("{id}b");
            ids.push(id);
            if BETWEEN.contains(&between.as_str()) {
                ids.push(between);
            }
        }
    }
    ids
}

/// How a test ended, the worst last: of a test that ran several times the worst counts, but one that was left out
/// weighs less than one that passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    /// The test left itself out.
    Skipped,
    /// It passed.
    Passed,
    /// It failed.
    Failed,
}

/// The tests of a stage, by name.
pub(crate) type Verdicts = BTreeMap<String, Verdict>;

/// Writes down how a test ended.
pub(crate) fn enter(verdicts: &mut Verdicts, name: &str, verdict: Verdict) {
    let entry = verdicts.entry(name.to_owned()).or_insert(verdict);
    *entry = (*entry).max(verdict);
}

/// What became of a suite.
pub(crate) enum Run {
    /// It ran.
    Done(Verdicts),
    /// It was left out, and why.
    LeftOut(String),
}

/// The suites that this run asked for.
pub(crate) type Runs = BTreeMap<String, Run>;

/// How a case went.
#[derive(Debug, PartialEq, Eq)]
enum State {
    Passed,
    Failed(String),
    CannotRun(String),
    NotAsked,
}

/// One line for each case that this run could tell something about, and the cases that were not tried though
/// their suites ran.
pub(crate) fn table(cases: &Cases, runs: &Runs) -> (Vec<String>, Vec<String>) {
    let mut lines = Vec::new();
    let mut untried = Vec::new();
    for case in &cases.case {
        let (said, mut missing) = match &case.not {
            Some(reason) => (State::CannotRun(reason.clone()), Vec::new()),
            None => state(case, runs),
        };
        untried.append(&mut missing);
        let said = match said {
            State::Passed => "pass".to_owned(),
            State::Failed(test) => format!("FAIL: {test}"),
            State::CannotRun(reason) => format!("cannot run: {reason}"),
            State::NotAsked => continue,
        };
        lines.push(format!("{:<4} {said}", case.id));
    }
    (lines, untried)
}

fn state(case: &Case, runs: &Runs) -> (State, Vec<String>) {
    let mut state = State::NotAsked;
    let mut missing = Vec::new();
    for test in &case.tests {
        let (suite, name) = test.split_once('/').unwrap_or(("", test));
        let found = match runs.get(suite) {
            None => continue,
            Some(Run::LeftOut(reason)) => State::CannotRun(reason.clone()),
            Some(Run::Done(verdicts)) => match worst(name, verdicts) {
                Some(Verdict::Passed) => State::Passed,
                Some(Verdict::Failed) => State::Failed(test.clone()),
                Some(Verdict::Skipped) => {
                    State::CannotRun(format!("{test} left itself out on this machine"))
                }
                None => {
                    missing.push(format!("{}: {test} did not run", case.id));
                    State::Failed(format!("{test} did not run"))
                }
            },
        };
        state = weigh(state, found);
    }
    (state, missing)
}

/// Of two: a failure before all, then what could not run, then what passed.
fn weigh(one: State, other: State) -> State {
    match (&one, &other) {
        (State::Failed(_), _) | (_, State::NotAsked) => one,
        (_, State::Failed(_)) | (State::NotAsked | State::Passed, _) => other,
        (State::CannotRun(_), _) => one,
    }
}

fn worst(name: &str, verdicts: &Verdicts) -> Option<Verdict> {
    verdicts
        .iter()
        .filter(|(ran, _)| answers(name, ran))
        .map(|(_, verdict)| *verdict)
        .max()
}

/// Whether a test that ran is the one that is written down; `${…}` stands for anything.
fn answers(written: &str, ran: &str) -> bool {
    let Some((front, rest)) = written.split_once("${") else {
        return written == ran;
    };
    let Some((_, back)) = rest.split_once('}') else {
        return written == ran;
    };
    let Some(ran) = ran.strip_prefix(front) else {
        return false;
    };
    ran.char_indices()
        .map(|(place, _)| place)
        .chain([ran.len()])
        .any(|place| ran.get(place..).is_some_and(|ran| answers(back, ran)))
}

#[cfg(test)]
mod tests;

//! How many tests ran: read from what each language's test runner prints.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

use crate::cases::{self, Verdict, Verdicts};

/// Tests that passed, failed, and were skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Those that passed.
    pub(crate) passed: u64,
    /// Those that failed, and those that could not even begin.
    pub(crate) failed: u64,
    /// Those that were left out.
    pub(crate) skipped: u64,
}

impl Counts {
    /// Adds others.
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }

    /// How many really ran.
    pub(crate) fn ran(self) -> u64 {
        self.passed + self.failed
    }
}

/// The runner whose words are read.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// `cargo test`.
    Cargo,
    /// `go test -json`.
    Go,
    /// A closing line: `5 passed, 0 failed, 1 skipped`.
    Plain,
    /// pytest.
    Pytest,
    /// Maven's Surefire.
    Surefire,
}

/// Reads a run line by line.
pub(crate) struct Counter {
    kind: Kind,
    counts: Counts,
    /// Go's tests by package and name, with the last word on each.
    tests: BTreeMap<(String, String), Last>,
    /// How the tests of all other runners ended, by name.
    verdicts: Verdicts,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Running,
    Passed,
    Failed,
    Skipped,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[derive(Default)]
struct GoEvent {
    action: String,
    package: String,
    test: String,
    output: String,
}

impl Counter {
    /// For a runner of this kind.
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            kind,
            counts: Counts::default(),
            tests: BTreeMap::new(),
            verdicts: Verdicts::new(),
        }
    }

    /// Takes a line; gives what a person should see of it.
    pub(crate) fn line<'a>(&mut self, line: &'a str) -> Option<Cow<'a, str>> {
        if let Some((name, verdict)) = named(self.kind, line) {
            cases::enter(&mut self.verdicts, name, verdict);
        }
        match self.kind {
            Kind::Cargo => self.counts.add(cargo(line).unwrap_or_default()),
            Kind::Pytest => self.counts.add(pytest(line).unwrap_or_default()),
            Kind::Surefire => self.counts.add(surefire(line).unwrap_or_default()),
            Kind::Plain => {
                if let Some(counts) = plain(line) {
                    self.counts = counts;
                }
            }
            Kind::Go => return self.go(line),
        }
        Some(Cow::Borrowed(line))
    }

    /// What was counted.
    pub(crate) fn counts(&self) -> Counts {
        let mut counts = self.counts;
        for (key, last) in &self.tests {
            if self.has_subtests(key) {
                continue;
            }
            match last {
                Last::Passed => counts.passed += 1,
                // A test that began and said no more took its whole package down.
                Last::Failed | Last::Running => counts.failed += 1,
                Last::Skipped => counts.skipped += 1,
            }
        }
        counts
    }

    /// How each test ended, as far as the runner names them.
    pub(crate) fn verdicts(&self) -> Verdicts {
        let mut verdicts = self.verdicts.clone();
        for ((_, name), last) in &self.tests {
            let verdict = match last {
                Last::Passed => Verdict::Passed,
                Last::Failed | Last::Running => Verdict::Failed,
                Last::Skipped => Verdict::Skipped,
            };
            cases::enter(&mut verdicts, name, verdict);
        }
        verdicts
    }

    fn has_subtests(&self, (package, test): &(String, String)) -> bool {
        let inside = format!("{test}/");
        self.tests
            .keys()
            .any(|(other, name)| other == package && name.starts_with(&inside))
    }

    fn go<'a>(&mut self, line: &'a str) -> Option<Cow<'a, str>> {
        let Ok(event) = serde_json::from_str::<GoEvent>(line) else {
            return Some(Cow::Borrowed(line));
        };
        if !event.test.is_empty() {
            let last = match event.action.as_str() {
                "pass" => Last::Passed,
                "fail" => Last::Failed,
                "skip" => Last::Skipped,
                _ => Last::Running,
            };
            if last != Last::Running || event.action == "run" {
                self.tests.insert((event.package, event.test), last);
            }
        }
        let output = event.output.trim_end();
        (!output.is_empty()).then(|| Cow::Owned(output.to_owned()))
    }
}

/// The test that a line tells the end of; Go's are read elsewhere.
fn named(kind: Kind, line: &str) -> Option<(&str, Verdict)> {
    let ends = |words: &[(&str, Verdict)], said: &str| {
        words
            .iter()
            .find(|(word, _)| *word == said)
            .map(|(_, verdict)| *verdict)
    };
    match kind {
        // `test google::sts::a_name ... ok`
        Kind::Cargo => {
            let (path, said) = line.strip_prefix("test ")?.split_once(" ... ")?;
            let said = said.split([',', ' ']).next()?;
            let words = [
                ("ok", Verdict::Passed),
                ("FAILED", Verdict::Failed),
                ("ignored", Verdict::Skipped),
            ];
            let name = path.split(" - ").next()?.rsplit("::").next()?;
            Some((name, ends(&words, said)?))
        }
        // `test_tokens.py::test_a_name[one] PASSED     [  4%]`
        Kind::Pytest => {
            let (_, rest) = line.split_once(".py::")?;
            let name = rest.split(['[', ' ']).next()?;
            let words = [
                (" PASSED", Verdict::Passed),
                (" FAILED", Verdict::Failed),
                (" ERROR", Verdict::Failed),
                (" SKIPPED", Verdict::Skipped),
            ];
            let (_, verdict) = words.iter().find(|(word, _)| rest.contains(word))?;
            Some((name, *verdict))
        }
        // `[INFO] dev.carnet.interop.TokensTest.a_name -- Time elapsed: 0.016 s`, with `<<< FAILURE!` where it failed
        Kind::Surefire => {
            let (path, rest) = line.split_once(" -- Time elapsed: ")?;
            let name = path.split_whitespace().last()?;
            let name = name.trim_end_matches("()").rsplit('.').next()?;
            Some((
                name,
                if rest.contains("<<<") {
                    Verdict::Failed
                } else {
                    Verdict::Passed
                },
            ))
        }
        // `passed: a name`, `ok   a name`
        Kind::Plain => {
            let words = [
                ("passed: ", Verdict::Passed),
                ("ok   ", Verdict::Passed),
                ("failed: ", Verdict::Failed),
                ("FAIL ", Verdict::Failed),
                ("skipped: ", Verdict::Skipped),
            ];
            words
                .iter()
                .find_map(|(word, verdict)| Some((line.strip_prefix(word)?, *verdict)))
        }
        Kind::Go => None,
    }
}

/// `test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.00s`
fn cargo(line: &str) -> Option<Counts> {
    let (_, rest) = line
        .trim()
        .strip_prefix("test result: ")?
        .split_once(". ")?;
    let mut counts = Counts::default();
    for part in rest.split("; ") {
        match part.split_once(' ') {
            Some((number, "passed")) => counts.passed = number.parse().ok()?,
            Some((number, "failed")) => counts.failed = number.parse().ok()?,
            Some((number, "ignored")) => counts.skipped = number.parse().ok()?,
            _ => {}
        }
    }
    Some(counts)
}

/// `=== 3 passed, 1 failed, 2 skipped, 1 error in 0.12s ===`
fn pytest(line: &str) -> Option<Counts> {
    let (tests, time) = line.trim().trim_matches('=').trim().rsplit_once(" in ")?;
    if !time.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let mut counts = Counts::default();
    for part in tests.split(", ") {
        let (number, word) = part.split_once(' ')?;
        let number: u64 = number.parse().ok()?;
        match word {
            "passed" | "xpassed" => counts.passed += number,
            "failed" | "error" | "errors" => counts.failed += number,
            "skipped" | "xfailed" => counts.skipped += number,
            _ => {}
        }
    }
    Some(counts)
}

/// `[INFO] Tests run: 7, Failures: 0, Errors: 0, Skipped: 0`; a class's own line goes on with its time.
fn surefire(line: &str) -> Option<Counts> {
    let (_, rest) = line.split_once("Tests run: ")?;
    let mut numbers = [0_u64; 4];
    let labels = ["", "Failures: ", "Errors: ", "Skipped: "];
    let mut parts = rest.trim().split(", ");
    for (number, label) in numbers.iter_mut().zip(labels) {
        *number = parts.next()?.strip_prefix(label)?.parse().ok()?;
    }
    if parts.next().is_some() {
        return None;
    }
    let [run, failures, errors, skipped] = numbers;
    let failed = failures + errors;
    Some(Counts {
        passed: run.checked_sub(failed + skipped)?,
        failed,
        skipped,
    })
}

/// `5 passed, 0 failed` or `5 passed, 0 failed, 1 skipped`, alone.
fn plain(line: &str) -> Option<Counts> {
    let mut parts = line.trim().split(", ");
    let mut number = |word: &str| {
        parts
            .next()?
            .strip_suffix(word)?
            .trim_end()
            .parse::<u64>()
            .ok()
    };
    let passed = number("passed")?;
    let failed = number("failed")?;
    let skipped = match line.matches(", ").count() {
        1 => 0,
        2 => number("skipped")?,
        _ => return None,
    };
    Some(Counts {
        passed,
        failed,
        skipped,
    })
}

#[cfg(test)]
mod tests;

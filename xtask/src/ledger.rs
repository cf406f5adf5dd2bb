//! The ledger of a test run: each stage with its time and its tests, and the closing line.
//!
//! A stage passes when nothing went wrong and, where it has tests, at least one ran. A stage that was left out
//! is named with its reason and counted as skipped, never as passed. A stage that went wrong without a failed
//! test (nothing was built, a server did not start) counts as one that failed.

use std::time::Duration;

use anyhow::Result;

use crate::cases::Verdicts;
use crate::counts::Counts;
use crate::process;

/// Whether a stage that counted no test may pass.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tests {
    /// It must have run some.
    Some,
    /// It has none by its nature (gates, a build).
    None,
}

/// How a stage went.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Its tests.
    pub(crate) counts: Counts,
    /// What went wrong besides.
    pub(crate) trouble: Option<String>,
    /// Why it was left out.
    pub(crate) left_out: Option<String>,
    /// How each of its tests ended, as far as the runner says it.
    pub(crate) verdicts: Verdicts,
}

impl Outcome {
    /// Nothing was done, and why.
    pub(crate) fn left_out(reason: impl Into<String>) -> Self {
        Self {
            left_out: Some(reason.into()),
            ..Self::default()
        }
    }

    /// Nothing could be done, and why.
    pub(crate) fn trouble(reason: impl Into<String>) -> Self {
        Self {
            trouble: Some(reason.into()),
            ..Self::default()
        }
    }
}

struct Row {
    name: String,
    time: Duration,
    outcome: Outcome,
}

/// All stages of a run.
#[derive(Default)]
pub(crate) struct Ledger {
    rows: Vec<Row>,
}

impl Ledger {
    /// Goes through a stage and writes it down.
    pub(crate) fn stage(
        &mut self,
        name: &str,
        tests: Tests,
        work: impl FnOnce() -> Result<Outcome>,
    ) {
        println!("\n=== {name} ===");
        let begin = process::now();
        let outcome = work().unwrap_or_else(|error| Outcome::trouble(format!("{error:#}")));
        self.enter(name, tests, outcome, begin.elapsed());
        if let Some(row) = self.rows.last() {
            if let Some(trouble) = &row.outcome.trouble {
                println!("{trouble}");
            }
            println!("=== {} ===", line(row));
        }
    }

    /// Writes down a stage that cannot be gone through, and why: it is named, and not passed.
    pub(crate) fn leave_out(&mut self, name: &str, reason: &str) {
        self.enter(name, Tests::Some, Outcome::left_out(reason), Duration::ZERO);
    }

    fn enter(&mut self, name: &str, tests: Tests, mut outcome: Outcome, time: Duration) {
        let nothing_ran = outcome.counts.ran() == 0 && tests == Tests::Some;
        if nothing_ran && outcome.left_out.is_none() && outcome.trouble.is_none() {
            outcome.trouble = Some("it ran no test".to_owned());
        }
        self.rows.push(Row {
            name: name.to_owned(),
            time,
            outcome,
        });
    }

    /// Whether all went well so far.
    fn is_clean(&self) -> bool {
        self.sum().failed == 0
    }

    /// Prints the table and the closing line; whether all went well.
    pub(crate) fn close(&self) -> bool {
        println!();
        for row in &self.rows {
            println!("{}", line(row));
        }
        println!("\n{}", closing(self.sum()));
        self.is_clean()
    }

    fn sum(&self) -> Counts {
        let mut sum = Counts::default();
        for row in &self.rows {
            let outcome = &row.outcome;
            sum.add(outcome.counts);
            if outcome.trouble.is_some() && outcome.counts.failed == 0 {
                sum.failed += 1;
            }
            sum.skipped += u64::from(outcome.left_out.is_some());
        }
        sum
    }
}

/// A row of the table; of a trouble with many lines it has the first.
fn line(row: &Row) -> String {
    let Outcome {
        counts,
        trouble,
        left_out,
        ..
    } = &row.outcome;
    let verdict = match (trouble, left_out) {
        (Some(trouble), _) => format!("FAILED: {}", trouble.lines().next().unwrap_or_default()),
        (None, Some(reason)) => format!("SKIPPED: {reason}"),
        (None, None) if counts.failed > 0 => "FAILED".to_owned(),
        (None, None) => "passed".to_owned(),
    };
    let Counts {
        passed,
        failed,
        skipped,
    } = counts;
    let seconds = row.time.as_secs_f32();
    format!(
        "{:<15}{seconds:>7.1} s {passed:>6} {failed:>4} {skipped:>4}  {verdict}",
        row.name
    )
}

fn closing(counts: Counts) -> String {
    let Counts {
        passed,
        failed,
        skipped,
    } = counts;
    format!("{passed} passed, {failed} failed, {skipped} skipped")
}

#[cfg(test)]
mod tests;

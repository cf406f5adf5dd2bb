//! A list of checks, each passed, doubtful or failed, with what to do about it. `doctor`,
//! `sa check`, `sa key check` and `token inspect` print one; where something failed they end with 8.

mod check;

use std::fmt::Write as _;

use serde_json::json;

pub(crate) use self::check::{Check, Grade};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Output, printable};

/// Prints the checks, and says how the command ends.
pub(crate) fn report(checks: &[Check], output: &Output) -> Result<Exit, Failure> {
    if output.is_for_people() {
        output.text(&lines(checks, output.colour()))?;
        output.note(summary(checks));
    } else {
        let items: Vec<_> = checks.iter().map(|check| json!(check)).collect();
        output.list(&items, COLUMNS)?;
    }
    Ok(ending(checks))
}

/// How a command ends that made these checks.
pub(crate) fn ending(checks: &[Check]) -> Exit {
    if checks.iter().any(Check::is_failed) {
        Exit::ChecksFailed
    } else {
        Exit::Success
    }
}

const COLUMNS: &[crate::output::Column] = &[
    crate::output::Column::at("ABOUT", "/about"),
    crate::output::Column::at("GRADE", "/grade"),
    crate::output::Column::at("FOUND", "/found"),
    crate::output::Column::at("WHY", "/why"),
    crate::output::Column::at("FIX", "/fix"),
];

/// The checks as people read them.
pub(crate) fn lines(checks: &[Check], colour: bool) -> String {
    let width = checks
        .iter()
        .map(|check| check.about.len())
        .max()
        .unwrap_or_default();
    let mut text = String::new();
    for check in checks {
        let (word, paint) = match check.grade {
            Grade::Pass => ("PASS", "\u{1b}[32m"),
            Grade::Warn => ("WARN", "\u{1b}[33m"),
            Grade::Fail => ("FAIL", "\u{1b}[31m"),
        };
        let word = if colour {
            format!("{paint}{word}\u{1b}[0m")
        } else {
            word.to_owned()
        };
        let _ = writeln!(
            text,
            "{word}  {:width$}  {}",
            check.about,
            printable(&check.found)
        );
        for (name, more) in [("why", &check.why), ("fix", &check.fix)] {
            if let Some(more) = more {
                let _ = writeln!(text, "      {name}: {}", printable(more));
            }
        }
    }
    text
}

fn summary(checks: &[Check]) -> String {
    let count = |grade| checks.iter().filter(|check| check.grade == grade).count();
    let mut parts = vec![format!("{} passed", count(Grade::Pass))];
    match count(Grade::Warn) {
        0 => {}
        1 => parts.push("1 warning".to_owned()),
        many => parts.push(format!("{many} warnings")),
    }
    if count(Grade::Fail) > 0 {
        parts.push(format!("{} failed", count(Grade::Fail)));
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::{Check, ending, lines, summary};
    use crate::exit::Exit;

    #[test]
    fn checks_line_up_and_say_what_to_do() {
        let checks = [
            Check::pass("account", "active"),
            Check::fail("key", "cut off")
                .why("it was copied")
                .fix("make a new one"),
        ];
        assert_eq!(
            lines(&checks, false),
            "PASS  account  active\nFAIL  key      cut off\n      why: it was copied\n      fix: make a new one\n"
        );
        assert_eq!(summary(&checks), "1 passed, 1 failed");
        assert_eq!(ending(&checks), Exit::ChecksFailed);
        assert_eq!(ending(&[Check::warn("key", "old")]), Exit::Success);
    }
}

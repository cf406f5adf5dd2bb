//! What was asked for, and where a test belongs.

use super::{CRATES, Plan, stage_of};
use crate::interop::SUITES;

fn plan(words: &[&str]) -> Option<Plan> {
    let words: Vec<String> = words.iter().map(ToString::to_string).collect();
    Plan::read(&words).ok()
}

#[test]
fn without_a_word_everything_runs() {
    let everything = Plan {
        check: true,
        crates: CRATES.to_vec(),
        suites: SUITES.to_vec(),
    };
    assert_eq!(plan(&[]), Some(everything));
}

#[test]
fn one_stage_runs_alone() {
    assert_eq!(
        plan(&["unit"]),
        Some(Plan {
            crates: vec!["unit"],
            ..Plan::default()
        })
    );
    assert_eq!(
        plan(&["check"]),
        Some(Plan {
            check: true,
            ..Plan::default()
        })
    );
    assert_eq!(
        plan(&["interop"]),
        Some(Plan {
            suites: SUITES.to_vec(),
            ..Plan::default()
        })
    );
    assert_eq!(
        plan(&["interop", "go"]),
        Some(Plan {
            suites: vec!["go"],
            ..Plan::default()
        })
    );
}

#[test]
fn an_unknown_stage_is_no_empty_success() {
    assert_eq!(plan(&["units"]), None);
    assert_eq!(plan(&["interop", "cobol"]), None);
    assert_eq!(plan(&["unit", "flows"]), None);
}

#[test]
fn a_test_program_belongs_to_one_stage() {
    assert_eq!(stage_of("carnet-store", "contract"), "contract");
    assert_eq!(stage_of("carnet-store", "statements"), "contract");
    assert_eq!(stage_of("carnet-store", "crash"), "crash");
    assert_eq!(stage_of("carnet", "crash_commits"), "crash");
    assert_eq!(stage_of("carnet-server", "jwt_bearer"), "flows");
}

//! What makes a run red.

use std::time::Duration;

use super::{Ledger, Outcome, Tests, closing, line};
use crate::counts::Counts;

fn closed(stages: Vec<(Tests, Outcome)>) -> (String, bool) {
    let mut ledger = Ledger::default();
    for (tests, outcome) in stages {
        ledger.enter("stage", tests, outcome, Duration::ZERO);
    }
    (closing(ledger.sum()), ledger.is_clean())
}

fn ran(passed: u64, failed: u64, skipped: u64) -> Outcome {
    Outcome {
        counts: Counts {
            passed,
            failed,
            skipped,
        },
        ..Outcome::default()
    }
}

#[test]
fn stages_are_summed() {
    let stages = vec![
        (Tests::None, ran(0, 0, 0)),
        (Tests::Some, ran(3, 0, 1)),
        (Tests::Some, ran(4, 0, 0)),
    ];
    assert_eq!(
        closed(stages),
        ("7 passed, 0 failed, 1 skipped".to_owned(), true)
    );
}

#[test]
fn a_failed_test_makes_it_red() {
    assert_eq!(
        closed(vec![(Tests::Some, ran(3, 2, 0))]),
        ("3 passed, 2 failed, 0 skipped".to_owned(), false)
    );
}

#[test]
fn a_stage_without_a_test_makes_it_red() {
    assert_eq!(
        closed(vec![(Tests::Some, ran(0, 0, 9))]),
        ("0 passed, 1 failed, 9 skipped".to_owned(), false)
    );
}

#[test]
fn trouble_counts_once_and_only_where_no_test_failed() {
    assert_eq!(
        closed(vec![(Tests::None, Outcome::trouble("no server"))]).0,
        "0 passed, 1 failed, 0 skipped"
    );
    let both = Outcome {
        trouble: Some("ended with 1".to_owned()),
        ..ran(1, 2, 0)
    };
    assert_eq!(
        closed(vec![(Tests::Some, both)]).0,
        "1 passed, 2 failed, 0 skipped"
    );
}

#[test]
fn what_was_left_out_is_skipped_and_not_passed() {
    let stages = vec![
        (Tests::Some, Outcome::left_out("no Java")),
        (Tests::Some, ran(1, 0, 0)),
    ];
    assert_eq!(
        closed(stages),
        ("1 passed, 0 failed, 1 skipped".to_owned(), true)
    );
}

#[test]
fn without_a_database_each_stage_that_needs_it_stays_in_the_table_with_the_reason() {
    let mut ledger = Ledger::default();
    ledger.stage("postgres", Tests::None, || anyhow::bail!("no such program"));
    for stage in ["unit", "contract"] {
        ledger.leave_out(stage, "there is no PostgreSQL for it");
    }
    let rows: Vec<String> = ledger.rows.iter().map(line).collect();
    assert!(rows[0].ends_with("FAILED: no such program"), "{rows:?}");
    for (row, name) in rows[1..].iter().zip(["unit", "contract"]) {
        assert!(row.starts_with(name), "{row}");
        assert!(
            row.ends_with("SKIPPED: there is no PostgreSQL for it"),
            "{row}"
        );
    }
    assert_eq!(closing(ledger.sum()), "0 passed, 1 failed, 2 skipped");
    assert!(!ledger.is_clean());
}

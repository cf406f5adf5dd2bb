//! Lines as the runners really print them.

use crate::cases::Verdict;

use super::{Counter, Counts, Kind};

fn counted(kind: Kind, lines: &[&str]) -> (u64, u64, u64) {
    let mut counter = Counter::new(kind);
    for line in lines {
        let _shown = counter.line(line);
    }
    let Counts {
        passed,
        failed,
        skipped,
    } = counter.counts();
    (passed, failed, skipped)
}

#[test]
fn cargo_sums_its_test_programs() {
    let lines = [
        "running 3 tests",
        "test a ... ok",
        "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.01s",
        "test result: FAILED. 2 passed; 4 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s",
        "note: test result: ok. 9 passed;",
    ];
    assert_eq!(counted(Kind::Cargo, &lines), (14, 4, 1));
}

#[test]
fn pytest_says_it_at_the_end() {
    assert_eq!(counted(Kind::Pytest, &["5 passed in 0.41s"]), (5, 0, 0));
    let loud =
        "=== 1 failed, 3 passed, 2 skipped, 1 xfailed, 4 warnings, 1 error in 62.12s (0:01:02) ===";
    assert_eq!(counted(Kind::Pytest, &[loud]), (3, 2, 3));
    assert_eq!(
        counted(
            Kind::Pytest,
            &["no tests ran in 0.01s", "7 people are in 3 rooms"]
        ),
        (0, 0, 0)
    );
}

#[test]
fn go_counts_leaves_by_their_last_word() {
    let lines = [
        r#"{"Action":"run","Package":"p","Test":"A"}"#,
        r#"{"Action":"run","Package":"p","Test":"A/one"}"#,
        r#"{"Action":"output","Package":"p","Test":"A/one","Output":"hello\n"}"#,
        r#"{"Action":"pass","Package":"p","Test":"A/one"}"#,
        r#"{"Action":"run","Package":"p","Test":"A/two"}"#,
        r#"{"Action":"fail","Package":"p","Test":"A/two"}"#,
        r#"{"Action":"fail","Package":"p","Test":"A"}"#,
        r#"{"Action":"run","Package":"p","Test":"B"}"#,
        r#"{"Action":"skip","Package":"p","Test":"B"}"#,
        r#"{"Action":"run","Package":"p","Test":"C"}"#,
        r#"{"Action":"fail","Package":"p"}"#,
    ];
    // C began and never ended: its program died.
    assert_eq!(counted(Kind::Go, &lines), (1, 2, 1));
}

#[test]
fn go_shows_what_the_tests_printed() {
    let mut counter = Counter::new(Kind::Go);
    assert_eq!(
        counter
            .line(r#"{"Action":"output","Output":"hello\n"}"#)
            .as_deref(),
        Some("hello")
    );
    assert_eq!(counter.line(r#"{"Action":"start"}"#), None);
    assert_eq!(
        counter.line("# p\n./a.go:1: broken").as_deref(),
        Some("# p\n./a.go:1: broken")
    );
}

#[test]
fn surefire_is_counted_once() {
    let lines = [
        "[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.5 s -- in a.B",
        "[ERROR] Tests run: 7, Failures: 1, Errors: 1, Skipped: 2",
    ];
    assert_eq!(counted(Kind::Surefire, &lines), (3, 2, 2));
}

#[test]
fn a_plain_line_stands_alone() {
    assert_eq!(counted(Kind::Plain, &["5 passed, 1 failed"]), (5, 1, 0));
    assert_eq!(
        counted(
            Kind::Plain,
            &["1 passed, 0 failed", "5 passed, 1 failed, 2 skipped"]
        ),
        (5, 1, 2)
    );
    for no in [
        "all 5 passed, 1 failed",
        "5 passed",
        "5 passed, 1 failed, 2 late",
        "5 passed, 1 failed, ",
    ] {
        assert_eq!(counted(Kind::Plain, &[no]), (0, 0, 0), "{no}");
    }
}

fn ends(kind: Kind, line: &str) -> Vec<(String, Verdict)> {
    let mut counter = Counter::new(kind);
    let _shown = counter.line(line);
    counter.verdicts().into_iter().collect()
}

#[test]
fn each_runner_names_its_tests() {
    let passed = |name: &str| vec![(name.to_owned(), Verdict::Passed)];
    let failed = |name: &str| vec![(name.to_owned(), Verdict::Failed)];
    let skipped = |name: &str| vec![(name.to_owned(), Verdict::Skipped)];
    assert_eq!(ends(Kind::Cargo, "test google::sts::a ... ok"), passed("a"));
    assert_eq!(ends(Kind::Cargo, "test a ... FAILED"), failed("a"));
    assert_eq!(ends(Kind::Cargo, "test a ... ignored, why"), skipped("a"));
    let line = "test_a.py::test_b[x-y z] PASSED                 [ 12%]";
    assert_eq!(ends(Kind::Pytest, line), passed("test_b"));
    let line = "test_a.py::test_b FAILED                        [ 12%]";
    assert_eq!(ends(Kind::Pytest, line), failed("test_b"));
    let line = "test_a.py::test_b SKIPPED (no root)             [ 12%]";
    assert_eq!(ends(Kind::Pytest, line), skipped("test_b"));
    let line = "[INFO] dev.carnet.interop.TokensTest.J1_a -- Time elapsed: 0.016 s";
    assert_eq!(ends(Kind::Surefire, line), passed("J1_a"));
    let line = "[ERROR] dev.carnet.interop.TokensTest.J1_a -- Time elapsed: 0.016 s <<< FAILURE!";
    assert_eq!(ends(Kind::Surefire, line), failed("J1_a"));
    assert_eq!(ends(Kind::Plain, "passed: N1 a name"), passed("N1 a name"));
    assert_eq!(ends(Kind::Plain, "ok   O9 a name"), passed("O9 a name"));
    assert_eq!(ends(Kind::Plain, "FAIL O9 a name"), failed("O9 a name"));
    assert_eq!(ends(Kind::Plain, "skipped: a name"), skipped("a name"));
    let line = r#"{"Action":"fail","Package":"p","Test":"TestA"}"#;
    assert_eq!(ends(Kind::Go, line), failed("TestA"));
}

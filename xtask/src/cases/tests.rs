//! A case passes by its tests alone, and none is lost.

use std::collections::BTreeMap;

use super::{Case, Cases, Run, Runs, State, Verdict, Verdicts, answers, enter, ids, state, table};

fn case(id: &str, tests: &[&str], not: Option<&str>) -> Case {
    Case {
        id: id.to_owned(),
        what: "a token".to_owned(),
        library: None,
        how: "plain http".to_owned(),
        tests: tests.iter().map(|&name| name.to_owned()).collect(),
        not: not.map(str::to_owned),
        note: None,
    }
}

fn ran(tests: &[(&str, Verdict)]) -> Runs {
    let verdicts: Verdicts = tests
        .iter()
        .map(|&(name, verdict)| (name.to_owned(), verdict))
        .collect();
    BTreeMap::from([("go".to_owned(), Run::Done(verdicts))])
}

#[test]
fn the_list_is_the_contracts() {
    let ids = ids();
    assert_eq!(ids.len(), 24 + 13 + 9 + 9 + 7 + 12 + 18);
    assert!(ids.contains(&"J4b".to_owned()));
    let cases = Cases {
        library: Vec::new(),
        case: vec![case("P1", &[], None), case("X1", &["go/A"], Some("both"))],
    };
    let findings = cases.findings();
    assert_eq!(findings.len(), ids.len() - 1 + 1 + 2);
}

#[test]
fn a_case_is_what_the_worst_of_its_tests_is() {
    let runs = ran(&[
        ("A", Verdict::Passed),
        ("B", Verdict::Failed),
        ("C", Verdict::Skipped),
    ]);
    let of = |tests: &[&str]| state(&case("G1", tests, None), &runs).0;
    assert_eq!(of(&["go/A"]), State::Passed);
    assert_eq!(of(&["go/A", "go/B"]), State::Failed("go/B".to_owned()));
    assert_eq!(of(&["go/B", "go/A"]), State::Failed("go/B".to_owned()));
    assert!(matches!(of(&["go/A", "go/C"]), State::CannotRun(_)));
    assert_eq!(of(&["python/A"]), State::NotAsked);
}

#[test]
fn a_test_that_is_named_and_did_not_run_is_a_failure() {
    let runs = ran(&[("A", Verdict::Passed)]);
    let cases = Cases {
        library: Vec::new(),
        case: vec![
            case("G1", &["go/A", "go/Gone"], None),
            case("G2", &["go/A"], None),
            case("O11", &[], Some("no registry has it")),
            case("P1", &["python/A"], None),
        ],
    };
    let (lines, untried) = table(&cases, &runs);
    assert_eq!(
        lines,
        [
            "G1   FAIL: go/Gone did not run",
            "G2   pass",
            "O11  cannot run: no registry has it"
        ]
    );
    assert_eq!(untried, ["G1: go/Gone did not run"]);
}

#[test]
fn a_suite_that_was_left_out_says_why() {
    let runs = BTreeMap::from([("go".to_owned(), Run::LeftOut("no go here".to_owned()))]);
    let said = state(&case("G1", &["go/A"], None), &runs);
    assert_eq!(
        said,
        (State::CannotRun("no go here".to_owned()), Vec::new())
    );
}

#[test]
fn a_name_may_have_a_gap() {
    assert!(answers("N7 ${name}: a token", "N7 sandbox: a token"));
    assert!(answers("N7 ${name}", "N7 "));
    assert!(!answers("N7 ${name}: a token", "N7 sandbox: another"));
    assert!(!answers("N7 ${name}: a token", "N8 sandbox: a token"));
    assert!(answers("a ${b} c ${d} e", "a 1 c 2 e"));
    assert!(!answers("a", "ab"));
}

#[test]
fn of_several_runs_of_a_test_the_worst_counts() {
    let mut verdicts = Verdicts::new();
    enter(&mut verdicts, "A", Verdict::Skipped);
    enter(&mut verdicts, "A", Verdict::Passed);
    assert_eq!(verdicts.get("A"), Some(&Verdict::Passed));
    enter(&mut verdicts, "A", Verdict::Failed);
    enter(&mut verdicts, "A", Verdict::Passed);
    assert_eq!(verdicts.get("A"), Some(&Verdict::Failed));
}

//! What a command says when it fails: four lines, and a code for each fault.

use carnet_wire::crn::Crn;

use super::Failure;
use crate::exit::Exit;

#[test]
fn a_failure_has_four_lines() {
    let failure = Failure::of(Crn::NOT_REACHABLE, "https://auth.example gave no answer")
        .see("https://auth.example/e/CRN-7004")
        .traced(Some("01JQ7VK3".to_owned()));
    let text = failure.to_string();
    let heads: Vec<_> = text
        .lines()
        .map(|line| line.split(' ').find(|word| !word.is_empty()))
        .collect();
    assert_eq!(
        heads,
        [
            Some("error[CRN-7004]:"),
            Some("why:"),
            Some("fix:"),
            Some("see:")
        ]
    );
    assert!(
        text.ends_with("trace 01JQ7VK3   (carnet explain 01JQ7VK3)"),
        "{text}"
    );
    assert_eq!(failure.exit(), Exit::NotReachable);
}

#[test]
fn every_code_of_the_catalogue_can_be_told() {
    for code in Crn::all() {
        let failure = Failure::of(code, "it happened");
        assert!(failure.to_string().contains("\n  fix: "), "{code}");
        assert_ne!(failure.exit(), Exit::Success, "{code}");
    }
}

#[test]
fn ux_3_1_a_failure_without_a_code_has_its_four_lines_too() {
    for exit in [Exit::Failed, Exit::Usage, Exit::NotFound, Exit::Conflict] {
        let text = Failure::new(exit, "it did not work").to_string();
        let heads: Vec<_> = text
            .lines()
            .map(|line| line.trim_start().split(':').next().unwrap())
            .collect();
        assert_eq!(heads, ["error", "why", "fix", "see"], "{text}");
    }
}

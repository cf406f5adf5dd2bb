//! Expressions as crates really write them.

use super::{ACCEPTED, parse};

fn accepted(text: &str) -> bool {
    parse(text)
        .unwrap()
        .holds(&|licence| ACCEPTED.contains(&licence))
}

#[test]
fn one_of_several_is_enough() {
    assert!(accepted("MIT"));
    assert!(accepted("MIT OR GPL-3.0-only"));
    assert!(accepted("GPL-3.0-only OR MIT"));
    assert!(accepted("Apache-2.0/MIT"));
    assert!(accepted("Apache-2.0 / GPL-2.0-only"));
    assert!(!accepted("GPL-3.0-only"));
    assert!(!accepted("MPL-2.0"));
}

#[test]
fn all_that_are_joined_must_be_accepted() {
    assert!(accepted("(MIT OR Apache-2.0) AND Unicode-3.0"));
    assert!(accepted(
        "ISC AND (Apache-2.0 OR ISC OR GPL-2.0-only) AND MIT"
    ));
    assert!(!accepted("MIT AND GPL-3.0-only"));
}

#[test]
fn and_binds_closer_than_or() {
    assert!(accepted("MIT OR ISC AND GPL-3.0-only"));
    assert!(!accepted("(MIT OR ISC) AND GPL-3.0-only"));
}

#[test]
fn an_exception_belongs_to_its_licence() {
    assert!(accepted("Apache-2.0 WITH LLVM-exception"));
    assert!(!accepted("GPL-2.0-only WITH Classpath-exception-2.0"));
    assert!(accepted("Apache-2.0 WITH LLVM-exception OR GPL-2.0-only"));
}

#[test]
fn what_is_no_expression_is_refused() {
    for text in [
        "",
        "MIT OR",
        "(MIT",
        "MIT)",
        "OR MIT",
        "MIT Apache-2.0",
        "MIT WITH",
    ] {
        assert!(parse(text).is_err(), "{text}");
    }
}

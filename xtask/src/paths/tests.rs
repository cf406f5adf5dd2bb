//! Paths in all the ways in which they are written.

use super::paths;

fn gone(text: &str) -> Vec<String> {
    let found = paths(text, &["rule", "grant", "device"]);
    found.into_iter().map(|path| path.join("/")).collect()
}

#[test]
fn a_path_is_followed_to_its_end() {
    assert_eq!(gone("use crate::value::Scope;"), ["value/Scope"]);
    assert_eq!(
        gone("let x = crate :: record::User::new();"),
        ["record/User/new"]
    );
    assert_eq!(gone("fn f() -> crate::value::List<u8> {}"), ["value/List"]);
    assert_eq!(gone("use crate::record::*;"), ["record"]);
}

#[test]
fn a_group_goes_several() {
    assert_eq!(
        gone(
            "use crate::{record::User, value::{Now as Time, time::{Day}}, store}; use crate::rule::Fault;"
        ),
        [
            "record/User",
            "value/Now",
            "value/time/Day",
            "store",
            "rule/Fault"
        ]
    );
    assert_eq!(
        gone("use crate::record::{self, User,};"),
        ["record/self", "record/User"]
    );
}

#[test]
fn climbing_is_followed() {
    assert_eq!(
        gone("use super::super::super::store::Port;"),
        ["store/Port"]
    );
    assert_eq!(
        gone("use super::super::Context; use super::token;"),
        ["rule/Context", "rule/grant/token"]
    );
    assert_eq!(gone("pub(super) fn f() {} pub(crate) fn g() {}"), [""; 0]);
}

#[test]
fn macros_comments_texts_and_tests_go_nowhere() {
    assert_eq!(
        gone("crate::id!(UserId); // crate::a\nlet b = \"crate::b\";"),
        [""; 0]
    );
    assert_eq!(
        gone("#[cfg(test)]\nmod tests { use crate::rule::B; }"),
        [""; 0]
    );
}

#[test]
fn a_broken_group_ends() {
    assert_eq!(gone("use crate::{a, ;; b"), ["a"]);
    assert_eq!(gone("use crate::{"), [""; 0]);
}

//! Reaching to the right, and walking across.

use std::path::Path;

use super::{gate, module, reached_too_far, walked_across};
use crate::house::House;

#[test]
fn each_file_keeps_to_its_shelf_and_its_room() {
    let house = House::here().unwrap();
    assert_eq!(gate(&house).unwrap(), [""; 0]);
}

#[test]
fn a_record_must_not_use_a_rule() {
    let text = "use crate::{value::Now, rule::Verdict};";
    assert_eq!(
        reached_too_far(Path::new("record/user.rs"), text),
        ["core: record/user.rs must not use crate::rule"]
    );
    assert_eq!(reached_too_far(Path::new("rule/user.rs"), text), [""; 0]);
}

#[test]
fn climbing_is_no_way_around() {
    assert_eq!(
        reached_too_far(
            Path::new("value/scope.rs"),
            "use super::super::store::Port;"
        ),
        ["core: value/scope.rs must not use crate::store"]
    );
    assert_eq!(
        reached_too_far(Path::new("value/scope.rs"), "use super::id::UserId;"),
        [""; 0]
    );
}

#[test]
fn what_stands_in_comments_texts_and_tests_is_no_use() {
    let text = "//! [`crate::rule`]\nconst A: &str = \"crate::rule\";\n#[cfg(test)]\nmod t { use crate::rule::B; }";
    assert_eq!(reached_too_far(Path::new("value/scope.rs"), text), [""; 0]);
}

#[test]
fn a_file_of_the_core_stands_on_a_shelf_or_is_its_root() {
    assert_eq!(
        reached_too_far(Path::new("lib.rs"), "pub use crate::rule::Verdict;"),
        [""; 0]
    );
    assert_eq!(
        reached_too_far(Path::new("attic.rs"), ""),
        ["core: attic.rs stands on no shelf"]
    );
}

#[test]
fn rooms_do_not_know_each_other() {
    assert_eq!(
        walked_across(
            Path::new("oauth/token.rs"),
            "use crate::{http::reply, admin::Page};"
        ),
        ["server: oauth/token.rs must not use crate::admin"]
    );
    assert_eq!(
        walked_across(Path::new("oauth/token.rs"), "use crate::oauth::form;"),
        [""; 0]
    );
    assert_eq!(
        walked_across(Path::new("routes.rs"), "use crate::{oauth, admin};"),
        [""; 0]
    );
}

#[test]
fn a_file_is_a_module() {
    assert_eq!(
        module(Path::new("rule/grant/device.rs")),
        ["rule", "grant", "device"]
    );
    assert_eq!(module(Path::new("rule/mod.rs")), ["rule"]);
    assert_eq!(module(Path::new("lib.rs")), [""; 0]);
}

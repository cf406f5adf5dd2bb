//! Circles, and what only looks like one.

use super::{arrows, circles};

fn found(files: &[(&str, &str)]) -> Vec<String> {
    let files: Vec<(String, String)> = files
        .iter()
        .map(|(module, text)| ((*module).to_owned(), (*text).to_owned()))
        .collect();
    circles(&arrows(&files))
}

#[test]
fn two_files_that_use_each_other_are_a_circle() {
    let files = [
        ("record::user", "use crate::record::group::Group;"),
        ("record::group", "use super::user::User;"),
        ("value", "use crate::record::group::Group;"),
    ];
    assert_eq!(
        found(&files),
        ["record::group → record::user → record::group"]
    );
}

#[test]
fn a_longer_way_around_is_found() {
    let files = [
        ("a", "use crate::b::B;"),
        ("b", "use crate::c::C;"),
        ("c", "use crate::a::A;"),
        ("d", ""),
    ];
    assert_eq!(found(&files), ["a → b → c → a"]);
}

#[test]
fn a_module_and_its_inside_are_near() {
    let files = [
        ("", "pub use crate::record::user::User;"),
        ("record", "pub use crate::record::user::User;"),
        ("record::user", "use crate::record::Email;"),
        ("recorder", "use crate::record::user::User;"),
    ];
    assert_eq!(found(&files), [""; 0]);
}

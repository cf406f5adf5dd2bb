//! Problems of the admin API.

use super::{Pointer, Problem};
use crate::crn::{Answer, Crn};

#[test]
fn rfc9457_3_a_problem_in_full() {
    let pointer = Pointer::root().member("scopes").item(3);
    let mut problem = Problem::new(Crn::FIELD_WRONG, "https://auth.example/")
        .detail("1 field is wrong.")
        .error(&pointer, "a scope has no spaces");
    problem.trace_id = Some("01JQ7VK3M0T6".into());
    let expected = concat!(
        r#"{"type":"https://auth.example/e/CRN-6007","title":"A field is wrong","status":400,"#,
        r#""detail":"1 field is wrong.","code":"CRN-6007","trace_id":"01JQ7VK3M0T6","#,
        r##""errors":[{"pointer":"#/scopes/3","detail":"a scope has no spaces"}]}"##
    );
    assert_eq!(String::from_utf8(problem.to_bytes()).unwrap(), expected);
    assert_eq!(Problem::parse(expected.as_bytes()), Some(problem));
    assert_eq!(Problem::parse(br#"{"error":"invalid_grant"}"#), None);
}

#[test]
fn rfc6901_3_names_are_escaped() {
    let pointer = Pointer::root().member("a/b").member("m~n").member("~1");
    assert_eq!(pointer.to_string(), "#/a~1b/m~0n/~01");
    assert_eq!(Pointer::root().to_string(), "#");
}

#[test]
fn the_list_of_errors_is_bounded() {
    let mut problem = Problem::new(Crn::FIELD_WRONG, "");
    for index in 0..1_000 {
        problem = problem.error(&Pointer::root().item(index), "wrong");
    }
    assert_eq!(problem.errors.len(), 32);
}

#[test]
fn every_code_of_the_admin_api_has_a_status() {
    for crn in Crn::all() {
        if let Answer::Admin { status } = crn.answer() {
            assert!((6000..7000).contains(&crn.number()), "{crn}");
            assert!((400..500).contains(&status), "{crn}");
            assert_eq!(Problem::new(crn, "").status, status);
        }
    }
}

//! Content types as they come.

use super::ContentType;

#[test]
fn google_wire_2_1_the_form_type_with_or_without_charset() {
    for header in [
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=UTF-8",
        "application/x-www-form-urlencoded;charset=utf-8",
        "Application/X-WWW-Form-Urlencoded",
        " application/x-www-form-urlencoded ;",
    ] {
        assert_eq!(ContentType::parse(header), ContentType::Form, "{header}");
    }
}

#[test]
fn json_and_its_kin() {
    for header in [
        "application/json",
        "application/JSON; charset=utf-8",
        "application/problem+json",
    ] {
        assert_eq!(ContentType::parse(header), ContentType::Json, "{header}");
    }
}

#[test]
fn anything_else_is_something_else() {
    for header in [
        "",
        ";",
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/jsonx",
        "x+json",
        "json",
    ] {
        assert_eq!(ContentType::parse(header), ContentType::Other, "{header}");
    }
}

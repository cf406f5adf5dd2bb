//! Who asks for a signed answer, and what it says.

use super::{claims, is_accepted};
use crate::introspection::IntrospectionResponse;

#[test]
fn rfc9701_4_only_the_type_itself_asks_for_a_jwt() {
    for yes in [
        "application/token-introspection+jwt",
        "Application/Token-Introspection+JWT",
        "application/json, application/token-introspection+jwt;q=0.5",
        "application/token-introspection+jwt ; q=1.0",
    ] {
        assert!(is_accepted(yes), "{yes}");
    }
    for no in [
        "",
        "*/*",
        "application/*",
        "application/json",
        "application/jwt",
        "application/token-introspection+jwt;q=0",
        "application/token-introspection+jwt; Q=0.000",
        "text/token-introspection+jwt",
    ] {
        assert!(!is_accepted(no), "{no}");
    }
}

#[test]
fn rfc9701_5_the_answer_stands_in_a_member_of_its_own() {
    let said = IntrospectionResponse::Inactive.to_bytes();
    let text = claims("https://as.example", "api \"one\"", 7, &said);
    let read: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
    let expected = serde_json::json!({
        "iss": "https://as.example",
        "aud": "api \"one\"",
        "iat": 7,
        "token_introspection": {"active": false},
    });
    assert_eq!(read, expected);
}

//! How `cnf` is read and written.

use super::Confirmation;

fn read(text: &str) -> Option<Confirmation<'_>> {
    serde_json::from_str(text).ok()
}

#[test]
fn rfc9449_6_1_and_rfc8705_3_1_the_two_ways() {
    for (bound, text) in [
        (Confirmation::key("k"), r#"{"jkt":"k"}"#),
        (Confirmation::certificate("c"), r#"{"x5t#S256":"c"}"#),
    ] {
        assert_eq!(serde_json::to_string(&bound).unwrap(), text);
        assert_eq!(read(text), Some(bound));
    }
}

#[test]
fn rfc7800_3_1_what_nobody_here_can_check_is_noted() {
    for text in [r#"{"kid":"x"}"#, r#"{"jkt":"k","jwk":{"kty":"EC"}}"#, "{}"] {
        assert!(read(text).unwrap().strange, "{text}");
    }
    for text in [
        "[]",
        "null",
        r#"{"jkt":1}"#,
        r#"{"jkt":"a","jkt":"a"}"#,
        r#"{"jkt":null}"#,
    ] {
        assert_eq!(read(text), None, "{text}");
    }
}

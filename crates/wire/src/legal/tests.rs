//! What may stand in an answer.

use proptest::prelude::{any, proptest};

use super::{Echo, is_legal, legal, write_quoted};

#[test]
fn rfc6749_5_2_the_charset_of_a_description() {
    let illegal: Vec<u8> = (0..=0x7F).filter(|byte| !is_legal(*byte)).collect();
    let controls = (0..0x20).chain([0x22, 0x5C, 0x7F]);
    assert_eq!(illegal, controls.collect::<Vec<u8>>());
}

#[test]
fn legal_text_is_borrowed_and_other_text_is_changed() {
    assert!(matches!(
        legal("iat is 243 s ahead"),
        std::borrow::Cow::Borrowed(_)
    ));
    assert_eq!(
        legal("say \"no\"\\\r\nSet-Cookie: \u{e9}"),
        "say 'no'/  Set-Cookie: ?"
    );
}

#[test]
fn ux_4_1_an_echo_is_cut_at_80() {
    assert_eq!(Echo::of(&"a".repeat(80)).as_str(), "a".repeat(80));
    assert_eq!(
        Echo::of(&"\u{e9}".repeat(81)).as_str(),
        format!("{}...", "?".repeat(77))
    );
}

#[test]
fn rfc9110_5_6_4_a_quoted_string_escapes_quotes_and_holds_no_line_end() {
    let mut out = String::new();
    write_quoted(&mut out, "a\"b\\c\r\nd\u{e9}").unwrap();
    assert_eq!(out, "\"a\\\"b\\\\c  d?\"");
}

proptest! {
    #[test]
    fn whatever_comes_in_legal_characters_come_out(text in any::<String>()) {
        assert!(legal(&text).bytes().all(is_legal));
        let echo = Echo::of(&text);
        assert!(echo.as_str().len() <= 80 && echo.as_str().bytes().all(is_legal));
    }
}

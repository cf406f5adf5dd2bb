//! `Accept-Language`, as browsers and bad clients send it.

use super::{Language, MAX_HEADER, MAX_RANGES};

#[test]
fn rfc9110_12_5_4_the_highest_weight_wins_and_the_first_among_equals() {
    for (header, expected) in [
        ("", Language::English),
        ("de", Language::German),
        ("de-CH, en;q=0.9", Language::German),
        ("fr, en;q=0.8, de;q=0.9", Language::German),
        ("en, de", Language::English),
        ("de, en", Language::German),
        ("DE-at", Language::German),
        ("fr", Language::English),
        ("*", Language::English),
        ("fr, *;q=0.5, de;q=0.4", Language::English),
        ("de;q=0, en;q=0.1", Language::English),
        ("de;q=0", Language::English),
        ("de ; q=1.000 , en", Language::German),
        ("en-XA", Language::Accented),
        ("ar-xb", Language::Mirrored),
        ("ar", Language::English),
    ] {
        assert_eq!(Language::choose(header), expected, "{header:?}");
    }
}

#[test]
fn rfc9110_12_4_2_a_malformed_weight_makes_the_range_worth_nothing() {
    for header in [
        "de;q=1.001",
        "de;q=2",
        "de;q=0.1234",
        "de;q=-1",
        "de;q=",
        "de;x=1",
        "de;q",
        "de;q=.5",
    ] {
        assert_eq!(Language::choose(header), Language::English, "{header:?}");
    }
}

#[test]
fn only_a_bounded_part_of_the_header_is_read() {
    let late = format!("{}de", "fr,".repeat(MAX_RANGES));
    assert_eq!(Language::choose(&late), Language::English);
    let in_time = format!("{}de", "fr,".repeat(MAX_RANGES - 1));
    assert_eq!(Language::choose(&in_time), Language::German);
    let long = format!("{},de", "x".repeat(MAX_HEADER));
    assert_eq!(Language::choose(&long), Language::English);
    // The cut falls into the middle of a character.
    let wide = format!("de,{}", "é".repeat(MAX_HEADER));
    assert_eq!(Language::choose(&wide), Language::German);
}

#[test]
fn openid_core_3_1_2_1_the_first_language_that_we_speak_is_wished() {
    for (ui_locales, expected) in [
        ("de", Some(Language::German)),
        ("fr-CA fr de-AT en", Some(Language::German)),
        ("EN-gb de", Some(Language::English)),
        ("  en   de ", Some(Language::English)),
        ("ar-XB", Some(Language::Mirrored)),
        ("fr", None),
        ("*", None),
        ("", None),
        ("de;q=0.5", None),
        ("german", None),
    ] {
        assert_eq!(Language::wished(ui_locales), expected, "{ui_locales:?}");
    }
    let late = format!("{}de", "fr ".repeat(MAX_RANGES));
    assert_eq!(Language::wished(&late), None);
}

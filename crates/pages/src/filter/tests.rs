//! The filters against hostile and ordinary text.

use super::{date, download, href, initial, instant, isolated, plain, prose, section};

#[test]
fn prose_sets_code_and_escapes_everything() {
    assert_eq!(prose("plain"), "plain");
    assert_eq!(
        prose("set `iat` to `now`."),
        "set <code>iat</code> to <code>now</code>."
    );
    assert_eq!(prose("a ` alone"), "a ` alone");
    assert_eq!(prose("``"), "<code></code>");
    let hostile = prose("<b>`<script>\"'&`</b>`<i>");
    assert!(!hostile.contains("<b>") && !hostile.contains("<script>") && !hostile.contains("<i>"));
    assert!(hostile.contains("<code>&lt;script&gt;"));
}

#[test]
fn href_lets_only_known_addresses_through() {
    for good in [
        "/",
        "/e/CRN-2104",
        "https://acme.example/x",
        "HTTP://localhost:8080",
        "mailto:a@b.example",
        "#main",
    ] {
        assert_eq!(href(good), good);
    }
    for bad in [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\tscript:alert(1)",
        " javascript:x",
        "data:text/html,x",
        "//evil.example",
        "/\\evil.example",
        "/\n/evil.example",
        "vbscript:x",
        "evil.example",
        "",
        "http:",
        "https:/x",
    ] {
        assert_eq!(href(bad), "#", "{bad:?}");
    }
}

#[test]
fn download_leaves_only_unreserved_characters() {
    assert_eq!(
        download("{\"a\":\"<ü>\"}"),
        "data:application/json;charset=utf-8,%7B%22a%22%3A%22%3C%C3%BC%3E%22%7D"
    );
}

#[test]
fn a_section_of_an_rfc_has_an_address_and_nothing_else_has_one() {
    for (label, address) in [
        ("RFC 7523 section 3", "rfc7523#section-3"),
        ("RFC 7519 section 4.1.6", "rfc7519#section-4.1.6"),
        ("RFC 7519 section 2, NumericDate", "rfc7519#section-2"),
        ("RFC 6749 appendix B", "rfc6749#appendix-B"),
        ("RFC 5208", "rfc5208"),
    ] {
        assert_eq!(
            section(label),
            Some(format!("https://www.rfc-editor.org/rfc/{address}"))
        );
    }
    for label in [
        "",
        "RFC",
        "RFC x",
        "RFC 7523 section",
        "RFC 7523 section 3\"><b",
        "RFC 99999 section 1",
        "Carnet: configuration",
        "RFC 7523 chapter 3",
        "RFC 7523 section 3 4",
    ] {
        assert_eq!(section(label), None, "{label}");
    }
}

#[test]
fn a_name_turns_nothing_but_itself() {
    assert_eq!(isolated("Ledgerly"), "\u{2068}Ledgerly\u{2069}");
    assert_eq!(
        isolated("a\u{202e}b\u{2069}c\n\u{2028}d"),
        "\u{2068}abcd\u{2069}"
    );
    assert_eq!(plain("\u{202e}elgooG"), "elgooG");
    assert_eq!(isolated("שלום"), "\u{2068}שלום\u{2069}");
}

#[test]
fn a_picture_shows_the_first_letter() {
    assert_eq!(initial("dana kim"), "D");
    assert_eq!(initial("  «ßeta»"), "SS");
    assert_eq!(initial("\u{202e}!"), "·");
    assert_eq!(initial(""), "·");
}

#[test]
fn rfc3339_5_6_seconds_become_days_and_times() {
    for (at, shown) in [
        (0, "1970-01-01T00:00:00Z"),
        (951_782_399, "2000-02-28T23:59:59Z"),
        (951_782_400, "2000-02-29T00:00:00Z"),
        (951_868_800, "2000-03-01T00:00:00Z"),
        (1_775_121_058, "2026-04-02T09:10:58Z"),
        (4_107_542_400, "2100-03-01T00:00:00Z"),
        (u64::MAX, "9999-12-31T23:59:59Z"),
    ] {
        assert_eq!(instant(at), shown);
    }
    assert_eq!(date(1_775_121_058), (2026, 4, 2));
}

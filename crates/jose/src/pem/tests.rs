//! Tests of `pem`.

use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

use super::{LONGEST, NotPem, Pem, encode};

fn refused(text: &str) -> NotPem {
    Pem::parse(text).unwrap_err()
}

#[test]
fn rfc7468_2_lines_have_64_characters_and_the_text_ends_with_a_line_break() {
    let text = encode("PRIVATE KEY", &[7; 100]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.first(), Some(&"-----BEGIN PRIVATE KEY-----"));
    assert_eq!(lines.last(), Some(&"-----END PRIVATE KEY-----"));
    assert_eq!(lines[1].len(), 64);
    assert_eq!(lines[2].len(), 64);
    assert_eq!(lines[3].len(), 8);
    assert!(text.ends_with("-----\n"));
    assert_eq!(*encode("X", &[]), "-----BEGIN X-----\n-----END X-----\n");
    assert_eq!(encode("X", &[7; 48]).lines().count(), 3);
}

#[test]
fn line_endings_indentation_and_text_before_do_not_matter() {
    let text = encode("CERTIFICATE", &[1, 2, 3, 4]);
    for variant in [
        text.replace('\n', "\r\n"),
        text.replace('\n', "\n  "),
        text.replace('\n', ""),
        format!("Bag Attributes\n    friendlyName: a\n{}", *text),
        format!("{}\n\n \t\r\n", *text),
    ] {
        let pem = Pem::parse(&variant).unwrap();
        assert_eq!(pem.label(), "CERTIFICATE");
        assert_eq!(pem.labelled("CERTIFICATE"), Some(&[1, 2, 3, 4][..]));
        assert_eq!(pem.labelled("PRIVATE KEY"), None);
    }
}

#[test]
fn the_classical_accidents_have_names() {
    let text = encode("PRIVATE KEY", &[9; 60]);
    assert_eq!(
        refused(&text.replace('\n', "\\n")),
        NotPem::EscapedLineBreaks
    );
    assert!(
        refused(&text.replace('\n', "\\n"))
            .to_string()
            .contains("backslash")
    );
    let twice = "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCg==";
    assert_eq!(refused(twice), NotPem::EncodedTwice);
    assert_eq!(refused("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"), NotPem::NoBlock);
    assert_eq!(refused(""), NotPem::NoBlock);
    assert_eq!(refused(&text[..60]), NotPem::Cut);
    assert_eq!(refused("-----BEGIN PRIVATE KEY"), NotPem::Cut);
    assert_eq!(refused(&format!("{}{}", *text, *text)), NotPem::MoreThanOne);
    assert_eq!(refused(&format!("{}rest", *text)), NotPem::Trailing);
    assert_eq!(
        refused(&text.replace("END PRIVATE", "END PUBLIC")),
        NotPem::Label
    );
    assert_eq!(
        refused(&text.replace("PRIVATE KEY", "private key")),
        NotPem::Label
    );
    assert_eq!(refused(&text.replace("CQkJ", "CQ*J")), NotPem::Base64);
    let encrypted = text.replacen("-----\n", "-----\nProc-Type: 4,ENCRYPTED\n\n", 1);
    assert_eq!(refused(&encrypted), NotPem::Encrypted);
    assert_eq!(refused(&"x".repeat(LONGEST + 1)), NotPem::TooLong);
}

#[test]
fn debug_shows_the_label_only() {
    let pem = Pem::parse(&encode("PRIVATE KEY", b"secret")).unwrap();
    assert_eq!(format!("{pem:?}"), "Pem(PRIVATE KEY, ..)");
}

proptest! {
    #[test]
    fn anything_goes_round(der: Vec<u8>) {
        let pem = Pem::parse(&encode("PUBLIC KEY", &der)).unwrap();
        prop_assert_eq!(pem.der(), der);
    }

    #[test]
    fn nothing_panics(before: String, label: String, body: String, after: String) {
        let text = format!("{before}-----BEGIN {label}-----{body}-----END {label}-----{after}");
        if let Ok(pem) = Pem::parse(&text) {
            prop_assert!(text.contains(pem.label()));
        }
        prop_assert!(Pem::parse(&before).is_err());
    }
}

//! Names as text, and as certificates have them.

use proptest::prelude::*;

use super::DistinguishedName;

fn name(text: &str) -> DistinguishedName {
    text.parse().unwrap()
}

#[test]
fn rfc4514_4_the_examples_of_the_rfc_are_read() {
    for (text, printed) in [
        (
            "UID=jsmith,DC=example,DC=net",
            "UID=jsmith,DC=example,DC=net",
        ),
        (
            "OU=Sales+CN=J.  Smith,DC=example,DC=net",
            "OU=Sales+CN=J.  Smith,DC=example,DC=net",
        ),
        (
            r#"CN=James \"Jim\" Smith\, III,DC=example,DC=net"#,
            r#"CN=James \"Jim\" Smith\, III,DC=example,DC=net"#,
        ),
        (
            r"CN=Before\0dAfter,DC=example,DC=net",
            r"CN=Before\0DAfter,DC=example,DC=net",
        ),
        (r"CN=Lu\C4\8Di\C4\87", "CN=Lučić"),
    ] {
        let parsed = name(text);
        assert_eq!(parsed.to_string().parse(), Ok(parsed.clone()));
        if !text.contains('+') {
            assert_eq!(parsed.to_string(), printed);
        }
    }
}

#[test]
fn the_order_within_a_relative_name_says_nothing_and_that_of_relative_names_does() {
    assert_eq!(name("OU=a+CN=b,C=CH"), name("cn=b+ou=a , c=CH"));
    assert_ne!(name("CN=b,O=a"), name("O=a,CN=b"));
    assert_eq!(name("2.5.4.3=x"), name("CN=x"));
}

#[test]
fn rfc8705_2_1_2_a_name_that_is_nearly_right_is_another() {
    for other in [
        "CN=Client",
        "CN=client,O=Acme",
        "CN=client\\ ",
        "OU=client",
        "CN=client2",
    ] {
        assert_ne!(name(other), name("CN=client"), "{other}");
    }
    assert_ne!(
        name(r"CN=a\,O=b"),
        name("CN=a,O=b"),
        "an escaped comma separates nothing"
    );
}

#[test]
fn what_is_no_name_is_refused() {
    for text in [
        "", "CN", "CN=", "=x", "CN=x,", "XX=y", "CN=\\", "CN=\\zz", "CN=#0401", "CN=\"x\"",
        "CN=a;b", "CN=\\FF", "1=x", "1.=x", "CN=\\4",
    ] {
        assert!(text.parse::<DistinguishedName>().is_err(), "{text}");
    }
    let long = format!("CN={}", "a".repeat(1_024));
    assert!(long.parse::<DistinguishedName>().is_err());
}

proptest! {
    #[test]
    fn what_is_printed_is_read_again(value in "[ -~äß漢\\n]{1,30}") {
        let built = DistinguishedName(vec![vec![("2.5.4.3".to_owned(), value)]]);
        prop_assert_eq!(built.to_string().parse(), Ok(built));
    }

    #[test]
    fn nothing_panics(text in ".{0,60}") {
        let _parsed = text.parse::<DistinguishedName>();
    }
}

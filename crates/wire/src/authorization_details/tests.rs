//! Details that are read, and those that are not.

use super::AuthorizationDetails;
use super::AuthorizationDetailsError as Error;

const PAYMENT: &str = r#"[{"type":"payment","actions":["initiate","status"],
    "locations":["https://bank.example"],"amount":{"currency":"EUR","amount":"123.50"}}]"#;

#[test]
fn rfc9396_2_details_are_read_and_printed_without_spaces() {
    let details = AuthorizationDetails::parse(PAYMENT).unwrap();
    let one = details.iter().next().unwrap();
    assert_eq!(one.kind(), "payment");
    assert_eq!(one.locations(), Some(vec!["https://bank.example"]));
    assert_eq!(one.member("amount").unwrap()["currency"], "EUR");
    let names: Vec<_> = one.members().map(|(name, _)| name).collect();
    assert_eq!(names, ["actions", "amount", "locations"]);
    let printed = details.to_json();
    assert_eq!(AuthorizationDetails::parse(&printed), Ok(details.clone()));
    assert!(!printed.contains(' '));
    let read: AuthorizationDetails = serde_json::from_str(&printed).unwrap();
    assert_eq!(read, details);
    assert!(!format!("{details:?}").contains("123.50"), "people's money");
}

#[test]
fn rfc9396_5_what_is_malformed_is_refused() {
    let deep = format!(
        r#"[{{"type":"a","x":{}1{}}}]"#,
        "[".repeat(7),
        "]".repeat(7)
    );
    let many = format!("[{}]", vec![r#"{"type":"a"}"#; 17].join(","));
    let large = format!(r#"[{{"type":"a","x":"{}"}}]"#, "y".repeat(2048));
    let long = format!(r#"[{{"type":"{}"}}]"#, "y".repeat(129));
    for (text, error) in [
        ("", Error::NotJson),
        ("[", Error::NotJson),
        (r#"[{"type":"a"}] x"#, Error::NotJson),
        (r#"[{"type":"a","type":"b"}]"#, Error::NotJson),
        (r#"[{"type":"a","x":{"y":1,"y":2}}]"#, Error::NotJson),
        (&deep, Error::NotJson),
        (r#"{"type":"a"}"#, Error::NotAList),
        (r#""a""#, Error::NotAList),
        ("[]", Error::Count),
        (&many, Error::Count),
        (&large, Error::TooLarge),
        (r#"[{"type":"a"},1]"#, Error::NotAnObject(2)),
        ("[{}]", Error::Type(1)),
        (r#"[{"type":""}]"#, Error::Type(1)),
        (r#"[{"type":["a"]}]"#, Error::Type(1)),
        (&long, Error::Type(1)),
        (
            r#"[{"type":"a","actions":"read"}]"#,
            Error::Member(1, "actions"),
        ),
        (
            r#"[{"type":"a","locations":[1]}]"#,
            Error::Member(1, "locations"),
        ),
        (
            r#"[{"type":"a","datatypes":{}}]"#,
            Error::Member(1, "datatypes"),
        ),
        (
            r#"[{"type":"a","privileges":null}]"#,
            Error::Member(1, "privileges"),
        ),
        (
            r#"[{"type":"a","identifier":7}]"#,
            Error::Member(1, "identifier"),
        ),
    ] {
        assert_eq!(AuthorizationDetails::parse(text), Err(error), "{text}");
    }
    let deepest = format!(
        r#"[{{"type":"a","x":{}1{}}}]"#,
        "[".repeat(6),
        "]".repeat(6)
    );
    assert!(AuthorizationDetails::parse(&deepest).is_ok());
}

#[test]
fn rfc9396_6_a_token_may_be_asked_for_less_and_never_for_more() {
    let granted = AuthorizationDetails::parse(PAYMENT).unwrap();
    let asks = |text: &str| granted.cover(&AuthorizationDetails::parse(text).unwrap());
    assert!(asks(PAYMENT));
    assert!(asks(
        &PAYMENT.replace(r#""initiate","status""#, r#""status""#)
    ));
    for more in [
        PAYMENT.replace("123.50", "999.00"),
        PAYMENT.replace("status", "cancel"),
        PAYMENT.replace(r#""initiate","status""#, ""),
        PAYMENT.replace(r#""actions":["initiate","status"],"#, ""),
        PAYMENT.replace("\"payment\"", "\"account\""),
        PAYMENT.replace("}}]", "},\"more\":1}]"),
        PAYMENT.replace("}}]", "}},{\"type\":\"other\"}]"),
    ] {
        assert!(!asks(&more), "{more}");
    }
}

#[test]
fn some_may_be_kept() {
    let text = r#"[{"type":"a"},{"type":"b"}]"#;
    let details = AuthorizationDetails::parse(text).unwrap();
    let kept = details.filter(|one| one.kind() == "b").unwrap();
    assert_eq!(kept.to_json(), r#"[{"type":"b"}]"#);
    assert_eq!(details.filter(|_| false), None);
}

#[test]
fn rfc9396_7_a_number_is_the_same_in_the_token_as_in_the_request() {
    for number in [
        "333333337777777777777777777677777777060763333331",
        "0.30000000000000004",
        "123.45678901234567",
        "1.7976931348623157e308",
        "5e-324",
        "-18446744073709551616",
    ] {
        let text = format!(r#"[{{"type":"a","amount":{number}}}]"#);
        let details = AuthorizationDetails::parse(&text).unwrap();
        let mut printed = details.to_json();
        for _ in 0..3 {
            let again = AuthorizationDetails::parse(&printed).unwrap();
            assert_eq!(again, details, "{number}");
            printed = again.to_json();
        }
        let amount = details.iter().next().unwrap().member("amount").unwrap();
        let meant: f64 = number.parse().unwrap();
        assert_eq!(amount.as_f64(), Some(meant), "{number}");
    }
}

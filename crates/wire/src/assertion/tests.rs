//! Assertions as Google's libraries write them, and as nobody should.

use proptest::prelude::{Strategy, any, proptest};

use super::{
    AssertionClaims, AssertionError, AudienceClaim, JsonKind, MAX_AUDIENCES, MAX_BYTES, MAX_DEPTH,
    MAX_MEMBERS, SubjectFault, TextClaim, TimeClaim,
};
use crate::legal::Echo;

fn parse(json: &str) -> Result<AssertionClaims<'_>, AssertionError> {
    AssertionClaims::parse(json.as_bytes())
}

/// The claim `iat` with this value.
fn iat(value: &str) -> TimeClaim {
    parse(&format!("{{\"iat\":{value}}}")).unwrap().iat
}

#[test]
fn google_wire_2_2_python() {
    let claims = parse(
        r#"{"iat": 1775121058, "exp": 1775124658, "iss": "a@p.iam.gserviceaccount.com",
            "aud": "https://oauth2.googleapis.com/token", "scope": "invoices.read calendar.readonly"}"#,
    )
    .unwrap();
    assert_eq!(claims.iss.text(), Some("a@p.iam.gserviceaccount.com"));
    assert_eq!(claims.scope.text(), Some("invoices.read calendar.readonly"));
    assert_eq!(
        claims.aud.iter().collect::<Vec<_>>(),
        ["https://oauth2.googleapis.com/token"]
    );
    assert_eq!(
        claims.iat.seconds().zip(claims.exp.seconds()),
        Some((1_775_121_058, 1_775_124_658))
    );
    assert_eq!(claims.delegated_user(), Ok(None));
}

#[test]
fn google_wire_2_2_go_with_a_subject_sends_sub_and_prn() {
    let claims =
        parse(r#"{"iss":"a@p","sub":"alice@example.com","prn":"alice@example.com"}"#).unwrap();
    assert_eq!(claims.delegated_user(), Ok(Some("alice@example.com")));
    let claims = parse(r#"{"iss":"a@p","prn":"alice@example.com"}"#).unwrap();
    assert_eq!(claims.delegated_user(), Ok(Some("alice@example.com")));
}

#[test]
fn google_wire_rule_6_sub_null_empty_or_the_account_is_no_delegation() {
    for sub in ["null", "\"\"", "\"a@p\""] {
        let json = format!("{{\"iss\":\"a@p\",\"sub\":{sub}}}");
        assert_eq!(parse(&json).unwrap().delegated_user(), Ok(None), "{sub}");
    }
    assert_eq!(
        parse(r#"{"aud":null,"scope":"x"}"#).unwrap().aud,
        AudienceClaim::Absent
    );
}

#[test]
fn who_cannot_be_understood_is_not_nobody() {
    let user = |json: &str| parse(json).unwrap().delegated_user().unwrap_err();
    let list = SubjectFault::WrongType("sub", JsonKind::List);
    assert_eq!(user(r#"{"iss":"a@p","sub":["alice@example.com"]}"#), list);
    assert_eq!(list.to_string(), "sub is a list, not an e-mail address");
    let number = SubjectFault::WrongType("prn", JsonKind::Number);
    assert_eq!(
        user(r#"{"iss":"a@p","sub":"alice@example.com","prn":5}"#),
        number
    );
    let two = r#"{"iss":"a@p","sub":"alice@example.com","prn":"bob@example.com"}"#;
    assert_eq!(user(two), SubjectFault::Differ);
}

#[test]
fn google_wire_rule_7_times_are_integers_whole_floats_or_digits() {
    for value in [
        "1775121058",
        "1775121058.0",
        "1.775121058e9",
        "\"1775121058\"",
    ] {
        assert_eq!(iat(value), TimeClaim::Seconds(1_775_121_058), "{value}");
    }
    assert_eq!(iat("0"), TimeClaim::Seconds(0));
    assert_eq!(iat("-1"), TimeClaim::Seconds(-1));
    assert_eq!(iat("null"), TimeClaim::Absent);
    assert_eq!(parse("{}").unwrap().exp, TimeClaim::Absent);
}

#[test]
fn ux_crn_2108_milliseconds_are_seen() {
    for value in ["1775121058123", "1775121058123.0", "\"1775121058123\""] {
        assert_eq!(
            iat(value),
            TimeClaim::Milliseconds(1_775_121_058_123),
            "{value}"
        );
    }
    assert_eq!(iat("99999999999"), TimeClaim::Seconds(99_999_999_999));
    assert_eq!(
        iat("100000000000"),
        TimeClaim::Milliseconds(100_000_000_000)
    );
}

#[test]
fn ux_crn_2109_other_times_are_named() {
    assert_eq!(iat("1775121058.25"), TimeClaim::Fraction(1_775_121_058.25));
    assert_eq!(
        iat("\"2026-04-02\""),
        TimeClaim::NotDigits(Echo::of("2026-04-02"))
    );
    assert_eq!(iat("\"\""), TimeClaim::NotDigits(Echo::of("")));
    assert_eq!(iat("\"-5\""), TimeClaim::NotDigits(Echo::of("-5")));
    assert_eq!(iat("true"), TimeClaim::WrongType(JsonKind::Boolean));
    assert_eq!(iat("[1]"), TimeClaim::WrongType(JsonKind::List));
    assert_eq!(iat("{}"), TimeClaim::WrongType(JsonKind::Object));
}

#[test]
fn numbers_that_overflow_are_a_value() {
    for value in [
        "1775121058123456789",
        "9223372036854775808",
        "18446744073709551616",
        "1e300",
        "-1e300",
        "-9223372036854775808",
        "\"99999999999999999999999999\"",
    ] {
        assert_eq!(iat(value), TimeClaim::OutOfRange, "{value}");
    }
    // What no float holds is no JSON to our parser; an error value too.
    assert_eq!(
        parse(r#"{"iat":1e999}"#),
        Err(AssertionError::NotAJsonObject)
    );
}

#[test]
fn two_times_can_always_be_subtracted() {
    let (least, most) = (iat("-99999999999"), iat("99999999999"));
    assert!(
        least
            .seconds()
            .unwrap()
            .checked_sub(most.seconds().unwrap())
            .is_some()
    );
}

#[test]
fn rfc7519_4_1_3_aud_is_a_string_or_a_list_of_them() {
    let aud = |value: &str| {
        let json = format!("{{\"aud\":{value}}}");
        parse(&json)
            .unwrap()
            .aud
            .iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(aud(r#""a""#), ["a"]);
    assert_eq!(aud(r#"["a","b\u0021"]"#), ["a", "b!"]);
    assert_eq!(aud("[]"), [""; 0]);
    let list = |count: usize| format!("[{}]", vec!["\"a\""; count].join(","));
    assert_eq!(aud(&list(MAX_AUDIENCES)).len(), MAX_AUDIENCES);
    for value in [
        list(MAX_AUDIENCES + 1),
        r#"["a",1]"#.to_owned(),
        r#"[["a"]]"#.to_owned(),
    ] {
        let json = format!("{{\"aud\":{value}}}");
        assert_eq!(
            parse(&json).unwrap().aud,
            AudienceClaim::WrongType(JsonKind::List),
            "{value}"
        );
    }
}

#[test]
fn ux_crn_2216_a_misnamed_scope_is_seen() {
    let claims = parse(r#"{"scopes":["a"]}"#).unwrap();
    assert!(claims.has_scopes);
    assert_eq!(claims.scope, TextClaim::Absent);
    assert_eq!(
        parse(r#"{"scope":["a","b"]}"#).unwrap().scope,
        TextClaim::WrongType(JsonKind::List)
    );
}

#[test]
fn rfc7519_4_a_member_that_comes_twice_is_refused() {
    let iss = Err(AssertionError::Repeated(Echo::of("iss")));
    assert_eq!(parse(r#"{"iss":"a","iss":"a"}"#), iss);
    assert_eq!(parse(r#"{"iss":"a","\u0069ss":"b"}"#), iss);
    assert_eq!(
        parse(r#"{"x":1,"x":1}"#),
        Err(AssertionError::Repeated(Echo::of("x")))
    );
}

#[test]
fn rfc7519_4_unknown_members_are_ignored() {
    let claims = parse(r#"{"a":{"b":[1,2,{"c":null}]},"iss":"x","d":1e3,"e":false}"#).unwrap();
    assert_eq!(claims.iss.text(), Some("x"));
}

#[test]
fn the_bounds_hold() {
    let members = |count: usize| {
        let members: Vec<String> = (0..count).map(|n| format!("\"m{n}\":1")).collect();
        format!("{{{}}}", members.join(","))
    };
    assert!(parse(&members(MAX_MEMBERS)).is_ok());
    assert_eq!(
        parse(&members(MAX_MEMBERS + 1)),
        Err(AssertionError::TooManyMembers)
    );

    // The claims are the first level.
    let deep = |levels: usize| {
        format!(
            "{{\"x\":{}{}}}",
            "[".repeat(levels - 1),
            "]".repeat(levels - 1)
        )
    };
    assert!(parse(&deep(usize::from(MAX_DEPTH))).is_ok());
    assert_eq!(
        parse(&deep(usize::from(MAX_DEPTH) + 1)),
        Err(AssertionError::TooDeep)
    );
    assert_eq!(parse(&deep(8_000)), Err(AssertionError::TooDeep));

    let large = format!("{{}}{}", " ".repeat(MAX_BYTES - 2));
    assert!(parse(&large).is_ok());
    assert_eq!(parse(&format!("{large} ")), Err(AssertionError::TooLarge));
}

#[test]
fn what_is_not_an_object_is_refused() {
    for json in [
        "",
        "null",
        "[]",
        "\"x\"",
        "{",
        "{}x",
        "{}{}",
        "{'a':1}",
        "{\"a\":}",
        "\u{feff}{}",
    ] {
        assert_eq!(parse(json), Err(AssertionError::NotAJsonObject), "{json}");
    }
    assert_eq!(
        AssertionClaims::parse(b"{\"iss\":\"\xFF\"}"),
        Err(AssertionError::NotAJsonObject)
    );
}

#[test]
fn plain_claims_are_borrowed() {
    let claims = parse(r#"{"iss":"a@p","sub":"\u0061"}"#).unwrap();
    assert!(matches!(
        claims.iss,
        TextClaim::Text(std::borrow::Cow::Borrowed("a@p"))
    ));
    assert!(matches!(
        claims.sub,
        TextClaim::Text(std::borrow::Cow::Owned(_))
    ));
}

#[test]
fn other_types_are_named() {
    let claims = parse(r#"{"iss":5,"sub":{},"jti":true}"#).unwrap();
    assert_eq!(claims.iss, TextClaim::WrongType(JsonKind::Number));
    assert_eq!(claims.sub, TextClaim::WrongType(JsonKind::Object));
    assert_eq!(claims.jti, TextClaim::WrongType(JsonKind::Boolean));
    assert_eq!(format!("iss is {}", JsonKind::Number), "iss is a number");
}

/// Something that looks like claims.
fn nearly_claims() -> impl Strategy<Value = String> {
    let value = proptest::sample::select(vec![
        "1",
        "-1",
        "1e9",
        "0.5",
        "\"x\"",
        "\"1\"",
        "null",
        "true",
        "[",
        "]",
        "{",
        "}",
        "\"\\u0061\"",
    ]);
    let name = proptest::sample::select(vec!["iss", "aud", "iat", "exp", "scope", "sub", "x"]);
    proptest::collection::vec((name, value), 0..12).prop_map(|members| {
        let members: Vec<String> = members
            .into_iter()
            .map(|(name, value)| format!("\"{name}\":{value}"))
            .collect();
        format!("{{{}}}", members.join(","))
    })
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in any::<Vec<u8>>()) {
        let _ = AssertionClaims::parse(&bytes);
    }

    #[test]
    fn no_claims_make_it_panic(json in nearly_claims()) {
        let _ = parse(&json);
    }

    #[test]
    fn every_integer_is_some_time(number in any::<i64>()) {
        assert!(!matches!(iat(&number.to_string()), TimeClaim::Absent | TimeClaim::WrongType(_)));
    }

    #[test]
    fn every_float_is_some_time(number in any::<f64>().prop_filter("finite", |n| n.is_finite())) {
        let time = iat(&format!("{number:e}"));
        assert!(!matches!(time, TimeClaim::Absent | TimeClaim::WrongType(_)), "{time:?}");
    }
}

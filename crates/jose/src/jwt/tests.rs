//! Tests of `jwt`.

use serde_json::{Value, json};

use super::{Audience, LenientDate, NumericDate, is_typ};

#[test]
fn rfc7515_4_1_9_typ_compares_as_a_media_type() {
    for typ in [
        "at+jwt",
        "AT+JWT",
        "application/at+jwt",
        "Application/At+Jwt",
    ] {
        assert!(is_typ(typ, "at+jwt"), "{typ}");
    }
    for typ in [
        "",
        "JWT",
        "at+jwt ",
        "application/",
        "text/at+jwt",
        "application/application/at+jwt",
        "äpplication/at+jwt",
    ] {
        assert!(!is_typ(typ, "at+jwt"), "{typ}");
    }
}

#[test]
fn rfc7519_2_a_date_is_a_whole_number_of_seconds() {
    let read = |value: Value| {
        serde_json::from_value::<NumericDate>(value)
            .ok()
            .map(|date| date.0)
    };
    assert_eq!(read(json!(1_700_000_000)), Some(1_700_000_000));
    assert_eq!(read(json!(0)), Some(0));
    assert_eq!(read(json!(253_402_300_799_i64)), Some(253_402_300_799));
    for wrong in [
        json!(-1),
        json!(253_402_300_800_i64),
        json!(u64::MAX),
        json!(1.5),
        json!(1.0),
        json!("1700000000"),
        json!(null),
        json!(true),
        json!([1]),
        json!({}),
    ] {
        assert_eq!(read(wrong.clone()), None, "{wrong}");
    }
}

#[test]
fn google_wire_rule_7_a_date_may_be_a_digit_string() {
    let read = |value: Value| {
        serde_json::from_value::<LenientDate>(value)
            .ok()
            .map(|date| date.0)
    };
    assert_eq!(read(json!(1_700_000_000)), Some(1_700_000_000));
    assert_eq!(read(json!("1700000000")), Some(1_700_000_000));
    assert_eq!(read(json!(1_700_000_000.9)), Some(1_700_000_000));
    for wrong in [
        json!(""),
        json!("-1"),
        json!("+1"),
        json!("1.5"),
        json!(" 1"),
        json!("1e3"),
        json!("9999999999999"),
        json!(-1),
        json!(1e300),
        json!(null),
        json!(true),
    ] {
        assert_eq!(read(wrong.clone()), None, "{wrong}");
    }
}

#[test]
fn rfc7519_4_1_3_an_audience_is_a_string_or_a_list() {
    let read = |value: Value| serde_json::from_value::<Audience>(value).ok();
    let one = read(json!("https://a.test")).unwrap();
    assert!(one.contains("https://a.test"));
    assert!(!one.contains("https://a.test/"));
    assert_eq!(serde_json::to_value(&one).unwrap(), json!("https://a.test"));
    let two = read(json!(["a", "b"])).unwrap();
    assert_eq!(two.values(), ["a", "b"]);
    assert_eq!(serde_json::to_value(&two).unwrap(), json!(["a", "b"]));
    assert_eq!(read(json!(["a"])).unwrap(), Audience::one("a"));
    assert_eq!(read(json!([])).unwrap(), Audience::default());
    for wrong in [
        json!(7),
        json!(null),
        json!({}),
        json!([7]),
        json!([["a"]]),
        json!(vec!["a"; 33]),
    ] {
        assert_eq!(read(wrong.clone()), None, "{wrong}");
    }
}

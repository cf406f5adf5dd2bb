//! Codes that people type, and the messages around them.

use proptest::prelude::{any, proptest};

use super::{
    DeviceAuthorizationRequest, DeviceAuthorizationResponse, USER_CODE_ALPHABET, UserCode,
};
use crate::params::Params;

#[test]
fn rfc8628_6_1_what_a_user_types_is_forgiven() {
    for typed in [
        "WDJBMJHT",
        "wdjb-mjht",
        " W D J B \u{2013} M J H T ",
        "w-d-j-b-mjht\t",
    ] {
        let code = UserCode::parse(typed).unwrap();
        assert_eq!(code.as_str(), "WDJBMJHT", "{typed}");
        assert_eq!(code.to_string(), "WDJB-MJHT");
        assert!(!format!("{code:?}").contains("WDJB"));
    }
    let long = "W-".repeat(40);
    for typed in [
        "",
        "WDJBMJH",
        "WDJBMJHTT",
        "ADJBMJHT",
        "WDJB1JHT",
        "WDJB_MJHT",
        "\u{17f}DJBMJHT",
        &long,
    ] {
        assert_eq!(UserCode::parse(typed), None, "{typed}");
    }
}

#[test]
fn rfc8628_6_1_each_letter_is_as_likely_as_another() {
    let mut counts = [0; 20];
    for byte in 0..=255_u8 {
        let Some(code) = UserCode::of_random(&[byte; 8]) else {
            assert!(byte >= 240);
            continue;
        };
        let letter = code.as_str().as_bytes()[0];
        counts[USER_CODE_ALPHABET
            .iter()
            .position(|known| *known == letter)
            .unwrap()] += 1;
    }
    assert_eq!(counts, [12; 20]);
    assert_eq!(UserCode::of_random(&[1; 7]), None);
    assert_eq!(
        UserCode::of_random(&[0, 255, 0, 0, 0, 0, 0, 0, 0])
            .unwrap()
            .as_str(),
        "BBBBBBBB"
    );
}

#[test]
fn rfc8628_3_1_a_device_asks() {
    let parse = |form: &'static str| {
        DeviceAuthorizationRequest::parse(&mut Params::parse(form.as_bytes()).unwrap())
    };
    let asked = parse("scope=b+a&resource=https://a.example&resource=https://b.example").unwrap();
    assert_eq!(asked.scope.unwrap().as_str(), "a b");
    assert_eq!(asked.resource, ["https://a.example", "https://b.example"]);
    assert_eq!(parse("").unwrap(), DeviceAuthorizationRequest::default());
    assert!(parse("scope=%22").is_err());
    assert!(parse("resource=a").is_err());
}

#[test]
fn rfc8628_3_2_and_google_wire_4_6_both_names_are_answered() {
    let response = DeviceAuthorizationResponse {
        device_code: "hunter2".into(),
        user_code: "WDJB-MJHT".into(),
        verification_uri: "https://i.example/device".into(),
        verification_url: Some("https://i.example/device".into()),
        verification_uri_complete: None,
        expires_in: 600,
        interval: 5,
    };
    let bytes = response.to_bytes();
    assert_eq!(
        String::from_utf8_lossy(&bytes),
        concat!(
            r#"{"device_code":"hunter2","user_code":"WDJB-MJHT","verification_uri":"https://i.example/device","#,
            r#""verification_url":"https://i.example/device","expires_in":600,"interval":5}"#
        )
    );
    assert_eq!(
        DeviceAuthorizationResponse::parse(&bytes),
        Some(response.clone())
    );
    let debug = format!("{response:?}");
    assert!(!debug.contains("hunter2") && !debug.contains("WDJB"));
    let other = br#"{"device_code":"d","user_code":"u","verification_uri":"v","expires_in":1}"#;
    assert_eq!(
        DeviceAuthorizationResponse::parse(other).unwrap().interval,
        5
    );
}

proptest! {
    #[test]
    fn what_is_printed_is_read(bytes in any::<[u8; 32]>(), text in any::<String>()) {
        if let Some(code) = UserCode::of_random(&bytes) {
            assert_eq!(UserCode::parse(&code.to_string()), Some(code));
        }
        let _ = UserCode::parse(&text);
    }
}

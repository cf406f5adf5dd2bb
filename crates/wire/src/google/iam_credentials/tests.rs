//! Requests as laxly as they are written, and the bytes of answers.

use super::AccessToken;
use super::Request;
use super::SignedBlob;
use super::to_bytes;

fn read(json: &str) -> Request {
    Request::from_json(json.as_bytes()).unwrap()
}

#[test]
fn google_wire_0_14_requests_are_read_laxly() {
    let request = read(
        r#"{"delegates":null,"scope":["a","b"],"lifetime":"1200.0s","includeEmail":"true","useEmailAzp":true}"#,
    );
    assert_eq!(request.delegates().unwrap(), Vec::<&str>::new());
    assert_eq!(request.scope().unwrap(), ["a", "b"]);
    assert_eq!(request.lifetime(), Ok(1_200));
    assert_eq!(request.include_email(), Ok(true));
    assert_eq!(request.organization_number(), Ok(false));
    assert_eq!(read(r#"{"includeEmail":null}"#).include_email(), Ok(false));
    assert!(
        read(r#"{"includeEmail":"perhaps"}"#)
            .include_email()
            .is_err()
    );
}

#[test]
fn google_wire_5_1_a_lifetime_is_a_number_of_seconds() {
    for (text, seconds) in [
        (r"{}", Some(3_600)),
        (r#"{"lifetime":null}"#, Some(3_600)),
        (r#"{"lifetime":"3600s"}"#, Some(3_600)),
        (r#"{"lifetime":"43200s"}"#, Some(43_200)),
        (r#"{"lifetime":"300.250s"}"#, Some(300)),
        (r#"{"lifetime":1800}"#, Some(1_800)),
        (r#"{"lifetime":"1800"}"#, Some(1_800)),
        (r#"{"lifetime":"0s"}"#, None),
        (r#"{"lifetime":"-5s"}"#, None),
        (r#"{"lifetime":"1h"}"#, None),
        (r#"{"lifetime":"s"}"#, None),
        (r#"{"lifetime":""}"#, None),
        (r#"{"lifetime":"99999999999999s"}"#, None),
    ] {
        assert_eq!(read(text).lifetime().ok(), seconds, "{text}");
    }
}

#[test]
fn google_wire_5_1_what_is_no_request_is_told_by_its_member() {
    for body in [
        "",
        "[]",
        "null",
        "{",
        r#"{"scope":"a"}"#,
        r#"{"delegates":{}}"#,
    ] {
        assert!(Request::from_json(body.as_bytes()).is_err(), "{body}");
    }
    assert_eq!(read("{}").scope().unwrap_err().field, "scope");
    assert_eq!(read(r#"{"scope":[]}"#).scope().unwrap_err().field, "scope");
    assert_eq!(read("{}").audience().unwrap_err().field, "audience");
    assert_eq!(read("{}").blob().unwrap_err().field, "payload");
    let bare = read(r#"{"delegates":["a@b.example"]}"#);
    assert_eq!(bare.delegates().unwrap_err().field, "delegates");
    let many = format!(r#"{{"scope":[{}"a"]}}"#, r#""a","#.repeat(100));
    assert!(Request::from_json(many.as_bytes()).is_err());
}

#[test]
fn google_wire_0_14_java_sends_a_form() {
    let request = Request::from_form(
        b"audience=https%3A%2F%2Fapi.example&includeEmail=true&delegates=projects%2F-%2FserviceAccounts%2Fa%40b.example",
    )
    .unwrap();
    assert_eq!(request.audience(), Ok("https://api.example"));
    assert_eq!(request.include_email(), Ok(true));
    assert_eq!(request.delegates().unwrap(), ["a@b.example"]);
}

#[test]
fn google_wire_5_1_bytes_come_and_go_in_base64() {
    assert_eq!(read(r#"{"payload":"aGVsbG8="}"#).blob().unwrap(), b"hello");
    assert_eq!(read(r#"{"payload":"-_8"}"#).blob().unwrap(), [0xfb, 0xff]);
    assert!(read(r#"{"payload":"*"}"#).blob().is_err());
    let signed = to_bytes(&SignedBlob::new("k", &[0xfb, 0xff, 0xfe, 0xfd]));
    assert_eq!(signed, br#"{"keyId":"k","signedBlob":"+//+/Q=="}"#);
    let token = to_bytes(&AccessToken {
        access_token: "t",
        expire_time: "2026-01-01T00:00:00Z",
    });
    assert_eq!(
        token,
        br#"{"accessToken":"t","expireTime":"2026-01-01T00:00:00Z"}"#
    );
}

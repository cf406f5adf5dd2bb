//! A signed request as a subject token: what is read, and what is refused.

use super::*;

const URL: &str = "https://sts.eu-west-1.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15";
const SIGNED_BY: &str = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261126/eu-west-1/sts/aws4_request, \
     SignedHeaders=host;x-amz-date, Signature=\
     0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn text(url: &str, headers: &[(&str, &str)]) -> String {
    let headers = headers.iter();
    let headers: Vec<_> = headers
        .map(|(key, value)| serde_json::json!({ "key": key, "value": value }))
        .collect();
    serde_json::json!({ "url": url, "method": "POST", "headers": headers }).to_string()
}

fn good() -> Vec<(&'static str, &'static str)> {
    vec![
        ("Authorization", SIGNED_BY),
        ("host", "sts.eu-west-1.amazonaws.com"),
        ("X-Amz-Date", "20261126T101112Z"),
        ("x-goog-cloud-target-resource", "//iam.googleapis.com/p"),
    ]
}

fn why(text: &str) -> String {
    SignedRequest::parse(text).unwrap_err().to_string()
}

#[test]
fn google_wire_6_3_the_names_of_headers_are_compared_without_case() {
    let plain = text(URL, &good());
    let read = SignedRequest::parse(&plain).unwrap();
    assert_eq!(read.header(TARGET), Some("//iam.googleapis.com/p"));
    assert!(!read.is_signed(TARGET));
    assert_eq!(read.signature.key, "AKIDEXAMPLE");
    let encoded: Vec<_> = plain.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let encoded = encoded.concat();
    assert_eq!(SignedRequest::parse(&encoded).unwrap(), read);
    let canonical = read.canonical("e3b0");
    assert_eq!(
        canonical,
        "POST\n/\nAction=GetCallerIdentity&Version=2011-06-15\n\
         host:sts.eu-west-1.amazonaws.com\nx-amz-date:20261126T101112Z\n\n\
         host;x-amz-date\ne3b0"
    );
    assert!(!format!("{read:?}").contains("0123456789abcdef"));
}

#[test]
fn google_wire_6_4_only_hosts_of_aws_sts_are_taken() {
    for host in [
        "sts.amazonaws.com",
        "sts.eu-west-1.amazonaws.com",
        "sts.us-gov-west-1.amazonaws.com",
        "sts.us-isob-east-1.amazonaws.com",
        "sts.ap-southeast-2.amazonaws.com",
    ] {
        assert!(is_sts(host), "{host}");
    }
    let query = "?Action=GetCallerIdentity&Version=2011-06-15";
    for place in [
        "http://sts.eu-west-1.amazonaws.com",
        "https://sts.eu-west-1.amazonaws.com.evil.example",
        "https://evil.example/sts.eu-west-1.amazonaws.com",
        "https://sts.evil.example",
        "https://a@sts.eu-west-1.amazonaws.com",
        "https://sts.eu-west-1.amazonaws.com:8443",
        "https://sts.eu-west-1.amazonaws.com/path",
        "https://sts.eu-west-1.amazonaws.com//",
        "https://sts.a.b1.amazonaws.com",
        "https://sts..amazonaws.com",
        "https://STS.eu-west-1.amazonaws.com",
        "https://s3.eu-west-1.amazonaws.com",
        "https://sts.s3-us-west-2.amazonaws.com",
        "https://sts.s3-website-us-west-2.amazonaws.com",
        "https://sts.compute-1.amazonaws.com",
        "https://sts.us-1.amazonaws.com",
        "https://sts.us-west-a-b-c-1.amazonaws.com",
        "https://sts.us-west-123.amazonaws.com",
        "https://sts.evil.example#.eu1.amazonaws.com",
        "https://sts.x/.eu-west-1.amazonaws.com",
    ] {
        let refused = SignedRequest::parse(&text(&format!("{place}{query}"), &good()));
        assert!(refused.is_err(), "{place}");
    }
}

#[test]
fn google_wire_6_3_it_is_that_one_request_and_no_other() {
    let with = |from: &str, to: &str| text(URL, &good()).replace(from, to);
    for (changed, expected) in [
        (with("GetCallerIdentity", "GetSessionToken"), "query"),
        (
            with("2011-06-15", "2011-06-15&Action=GetCallerIdentity"),
            "query",
        ),
        (with("POST", "PUT"), "method"),
        (
            with("\"method\"", "\"body\":\"Action=X\",\"method\""),
            "body",
        ),
        (
            with("AWS4-HMAC-SHA256 ", "AWS4-HMAC-SHA512 "),
            "AWS4-HMAC-SHA256",
        ),
        (with("eu-west-1/sts", "eu-west-2/sts"), "region"),
        (with("eu-west-1/sts", "eu-west-1/s3"), "service"),
        (
            with("SignedHeaders=host;x-amz-date", "SignedHeaders=host"),
            "x-amz-date",
        ),
        (with("host;x-amz-date", "x-amz-date;host"), "sorted"),
        (
            with(
                "host;x-amz-date",
                "host;x-amz-date;x-vault-aws-iam-server-id",
            ),
            "somebody else",
        ),
        (
            with("host;x-amz-date", "host;x-amz-date;x-amz-security-token"),
            "not there",
        ),
        (with("20261126T", "20261127T"), "another day"),
        (with("abcdef\"", "abcdeF\""), "hexadecimal"),
        (with("X-Amz-Date", "Transfer-Encoding"), "none of the list"),
        (with("X-Amz-Date", "Host"), "twice"),
        (with("101112Z", "101112Z\\u000d\\u000aX: y"), "plain text"),
        (
            with("\"value\":\"sts.", "\"value\":\"sts.x."),
            "another host",
        ),
        ("[]".to_owned(), "JSON"),
        ("x".repeat(LONGEST + 1), "longer"),
        ("%FF".to_owned(), "JSON"),
    ] {
        let why = why(&changed);
        assert!(why.contains(expected), "{expected}: {why}");
    }
    let mut many = good();
    many.extend([("a", "b"); 12]);
    assert!(why(&text(URL, &many)).contains("more than"));
    let mut session = good();
    session.push(("x-amz-security-token", "t"));
    assert!(why(&text(URL, &session)).contains("session"));
    let mut long = good();
    let value = "x".repeat(LONGEST_VALUE + 1);
    long.push(("accept", &value));
    assert!(why(&text(URL, &long)).contains("too long"));
}

#[test]
fn the_answer_of_aws_is_read_where_it_is_plain() {
    let answer = "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
        <GetCallerIdentityResult><Arn>arn:aws:sts::123456789012:assumed-role/ci/i-1</Arn>\
        <UserId>AROA:i-1</UserId><Account>123456789012</Account></GetCallerIdentityResult>\
        <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>";
    let caller = Caller::parse(answer.as_bytes()).unwrap();
    assert_eq!(caller.account, "123456789012");
    assert_eq!(caller.arn, "arn:aws:sts::123456789012:assumed-role/ci/i-1");
    assert_eq!(caller.user, "AROA:i-1");
    for (from, to) in [
        ("::123456789012:", "::123456789013:"),
        ("<Account>123456789012</Account>", ""),
        ("<Account>123456789012<", "<Account>12345678901<"),
        ("<UserId>", "<!--><UserId>"),
        ("AROA:i-1<", "AROA&amp;<"),
        ("arn:aws:sts", "arn:aws:s3"),
        ("GetCallerIdentityResult>", "ErrorResult>"),
        ("</UserId>", "</UserId><Account>999999999999</Account>"),
        ("assumed-role/ci/i-1", "assumed-role/<b/>"),
    ] {
        let changed = answer.replacen(from, to, 1);
        assert_ne!(changed, answer);
        assert_eq!(Caller::parse(changed.as_bytes()), None, "{to}");
    }
    let long = format!("{answer}{}", " ".repeat(LONGEST_ANSWER));
    assert_eq!(Caller::parse(long.as_bytes()), None);
    assert_eq!(Caller::parse(&[0xFF]), None);
}

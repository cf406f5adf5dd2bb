//! Amazon's published vectors (its test suite for version 4): the same requests, the same signatures.

use url::Url;

use super::AwsKeys;
use super::Unsigned;
use super::hex;
use super::percent_encoded;
use super::sign;
use super::signing_key;
use crate::token::Secret;

/// 2015-08-30T12:36:00Z.
const THEN: i64 = 1_440_938_160;

fn keys() -> AwsKeys {
    AwsKeys {
        id: "AKIDEXAMPLE".to_owned(),
        secret: Secret::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
        session: None,
    }
}

fn signature(method: &str, url: &str) -> String {
    let request = Unsigned {
        method,
        url: &Url::parse(url).unwrap(),
        region: "us-east-1",
        service: "service",
        headers: &[],
        now: THEN,
    };
    let headers = sign(&request, &keys());
    let (name, authorization) = headers.first().unwrap();
    assert_eq!(name, "Authorization");
    let (before, signature) = authorization.split_once("Signature=").unwrap();
    assert_eq!(
        before,
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
         SignedHeaders=host;x-amz-date, "
    );
    signature.to_owned()
}

#[test]
fn google_wire_6_3_the_published_vectors_of_signature_version_4() {
    let vectors = [
        (
            "GET",
            "",
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        ),
        (
            "GET",
            "?Param2=value2&Param1=value1",
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        ),
        (
            "POST",
            "",
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
        ),
    ];
    for (method, query, expected) in vectors {
        let url = format!("https://example.amazonaws.com/{query}");
        assert_eq!(signature(method, &url), expected, "{method} {query}");
    }
}

#[test]
fn google_wire_6_3_the_published_signing_key() {
    let key = signing_key(&keys(), "20150830", "us-east-1", "iam");
    assert_eq!(
        hex(&*key),
        "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9"
    );
}

#[test]
fn a_session_token_is_signed_and_sent() {
    let keys = AwsKeys {
        session: Some(Secret::new("session")),
        ..keys()
    };
    let request = Unsigned {
        method: "POST",
        url: &Url::parse("https://sts.us-east-1.amazonaws.com").unwrap(),
        region: "us-east-1",
        service: "sts",
        headers: &[("x-goog-cloud-target-resource", "//iam")],
        now: THEN,
    };
    let headers = sign(&request, &keys);
    let names: Vec<_> = headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "Authorization",
            "host",
            "x-amz-date",
            "x-amz-security-token",
            "x-goog-cloud-target-resource"
        ]
    );
    assert!(headers[0].1.contains(
        "SignedHeaders=host;x-amz-date;x-amz-security-token;x-goog-cloud-target-resource,"
    ));
}

#[test]
fn percent_encoding_is_that_of_rfc_3986() {
    assert_eq!(percent_encoded("a-_.~Z9", ""), "a-_.~Z9");
    assert_eq!(
        percent_encoded("{\"a/b\" é}", "/"),
        "%7B%22a/b%22%20%C3%A9%7D"
    );
    assert_eq!(percent_encoded("/", ""), "%2F");
}

//! Tests of the messages: see the file beside this directory.

use super::{ACCESS_TOKEN, GRANT_TYPE, NotSts, Options, StsRequest, SubjectTokenType};
use crate::crn::Crn;
use crate::params::Params;

const AUDIENCE: &str =
    "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q";

fn form(pairs: &[(&str, &str)]) -> String {
    let mut form = url_form(pairs);
    if !pairs.iter().any(|(name, _)| *name == "grant_type") {
        form.push_str(&url_form(&[("grant_type", GRANT_TYPE)]));
    }
    form
}

fn url_form(pairs: &[(&str, &str)]) -> String {
    let mut form = String::new();
    for (name, value) in pairs {
        crate::params::push_pair(name, value, &mut form);
        form.push('&');
    }
    form
}

fn parse(pairs: &[(&str, &str)]) -> Result<StsRequest<'static>, NotSts> {
    let form = form(pairs);
    let mut params = Params::parse(form.as_bytes()).unwrap();
    StsRequest::parse(&mut params).map(|request| StsRequest {
        audience: request.audience.map(|text| text.into_owned().into()),
        subject_token: request.subject_token.into_owned().into(),
        ..request
    })
}

const JWT: (&str, &str) = ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt");

#[test]
fn google_wire_6_1_a_form_and_json_are_the_same_request() {
    let sent = [
        ("audience", AUDIENCE),
        ("scope", "a b"),
        ("requested_token_type", ACCESS_TOKEN),
        ("subject_token", "x.y.z\n"),
        JWT,
        ("options", r#"{"userProject":"p-1"}"#),
    ];
    let of_form = parse(&sent).unwrap();
    let json = format!(
        r#"{{"grantType":"{GRANT_TYPE}","audience":"{AUDIENCE}","scope":"a b","requestedTokenType":
        "{ACCESS_TOKEN}","subjectToken":" x.y.z ","subjectTokenType":"{}","unknown":[1],
        "options":"{{\"userProject\":\"p-1\"}}"}}"#,
        JWT.1
    );
    assert_eq!(StsRequest::parse_json(json.as_bytes()).unwrap(), of_form);
    assert_eq!(of_form.subject_token, "x.y.z", "a file ends in a line end");
    assert_eq!(of_form.subject_token_type, SubjectTokenType::Jwt);
    assert_eq!(of_form.options.user_project.as_deref(), Some("p-1"));
    assert!(!format!("{of_form:?}").contains("x.y.z"));
}

#[test]
fn google_wire_0_rule_17_options_are_encoded_once_or_twice() {
    let once = r#"{"userProject": "p 1"}"#;
    let twice = "%7B%22userProject%22%3A+%22p+1%22%7D";
    let python = "%7B%22userProject%22%3A%20%22p%201%22%7D";
    for options in [once, twice, python] {
        let request = parse(&[("subject_token", "x"), JWT, ("options", options)]).unwrap();
        assert_eq!(request.options.user_project.as_deref(), Some("p 1"));
    }
    for options in [
        "[]",
        "{",
        "%7B",
        "%zz",
        "\"x\"",
        "%257B%257D",
        r#"{"userProject":1}"#,
    ] {
        let no = parse(&[("subject_token", "x"), JWT, ("options", options)]).unwrap_err();
        assert_eq!(no.crn(), Crn::STS_OPTIONS, "{options}");
    }
    let long = format!(r#"{{"x":"{}"}}"#, "a".repeat(17_000));
    assert!(parse(&[("subject_token", "x"), JWT, ("options", &long)]).is_err());
}

#[test]
fn what_would_make_a_token_weaker_is_never_dropped() {
    let options = r#"{"accessBoundary":{"accessBoundaryRules":[]},"bindCertFingerprint":"f"}"#;
    let request = parse(&[("subject_token", "x"), JWT, ("options", options)]).unwrap();
    assert!(request.options.access_boundary.is_some());
    assert_eq!(request.options.bind_cert_fingerprint.as_deref(), Some("f"));
    let nothing = r#"{"accessBoundary":null,"other":{"x":[1]}}"#;
    let request = parse(&[("subject_token", "x"), JWT, ("options", nothing)]).unwrap();
    assert_eq!(request.options, Options::default());
}

#[test]
fn lesson_5_no_option_is_named_twice() {
    let boundary = r#"{"accessBoundaryRules":[]}"#;
    for options in [
        format!(r#"{{"accessBoundary":{boundary},"accessBoundary":null}}"#),
        r#"{"accessBoundary":{"accessBoundaryRules":[{"a":1,"a":2}]}}"#.to_owned(),
        r#"{"userProject":"1","userProject":"1"}"#.to_owned(),
    ] {
        let form = [
            ("grant_type", GRANT_TYPE),
            ("subject_token_type", ACCESS_TOKEN),
            ("subject_token", "t"),
            ("options", options.as_str()),
        ];
        assert_eq!(parse(&form), Err(NotSts::Options), "{options}");
        let body = format!(
            r#"{{"grantType":"{GRANT_TYPE}","subjectTokenType":"{ACCESS_TOKEN}","subjectToken":"t","options":{options}}}"#
        );
        let read = StsRequest::parse_json(body.as_bytes());
        assert_eq!(read, Err(NotSts::NotJson), "{options}");
    }
}

#[test]
fn rfc8693_2_1_what_is_missing_or_unknown_is_said() {
    let cases: [(&[(&str, &str)], Crn); 9] = [
        (&[("grant_type", "")], Crn::GRANT_TYPE_MISSING),
        (&[("grant_type", "password")], Crn::GRANT_TYPE_UNKNOWN),
        (&[], Crn::PARAMETER_MISSING),
        (&[JWT], Crn::PARAMETER_MISSING),
        (&[JWT, ("subject_token", " \n")], Crn::PARAMETER_MISSING),
        (
            &[("subject_token", "x"), ("subject_token_type", "jwt")],
            Crn::STS_TOKEN_TYPE,
        ),
        (
            &[
                ("subject_token", "x"),
                JWT,
                (
                    "requested_token_type",
                    "urn:ietf:params:oauth:token-type:jwt",
                ),
            ],
            Crn::STS_TOKEN_TYPE,
        ),
        (
            &[
                ("subject_token", "x"),
                JWT,
                ("audience", "a"),
                ("audience", "b"),
            ],
            Crn::STS_AUDIENCE,
        ),
        (
            &[("subject_token", "x"), JWT, ("scope", "a\u{7f}")],
            Crn::SCOPE_MALFORMED,
        ),
    ];
    for (pairs, crn) in cases {
        let no = parse(pairs).unwrap_err();
        assert_eq!(no.crn(), crn, "{pairs:?}");
        assert!(!no.to_string().is_empty());
    }
    for body in ["", "[]", "null", r#"{"grantType":1}"#, "{\"a\""] {
        let no = StsRequest::parse_json(body.as_bytes()).unwrap_err();
        assert_eq!(no.crn(), Crn::STS_BODY, "{body}");
    }
    let long = format!(r#"{{"x":"{}"}}"#, "a".repeat(70_000));
    assert!(StsRequest::parse_json(long.as_bytes()).is_err());
    let nulls = r#"{"grantType":null,"options":null}"#;
    let no = StsRequest::parse_json(nulls.as_bytes()).unwrap_err();
    assert_eq!(no.crn(), Crn::GRANT_TYPE_MISSING);
}

#[test]
fn each_kind_of_credential_has_its_name() {
    for kind in SubjectTokenType::ALL {
        assert_eq!(SubjectTokenType::parse(kind.as_str()), Some(kind));
    }
}

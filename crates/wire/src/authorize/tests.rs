//! Requests of browsers, and what they carry back.

use super::{
    Addressee, AuthorizationRequest, AuthorizationRequestError, AuthorizationResponse,
    AuthorizeErrorCode, Delivery, MAX_STATE_BYTES, Prompt, ResponseMode, ResponseType,
};
use crate::crn::Crn;
use crate::legal::is_legal;
use crate::params::{MissingParameter, Params};
use crate::pkce::ChallengeMethod;

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn parse(query: &str) -> Result<AuthorizationRequest<'_>, AuthorizationRequestError> {
    AuthorizationRequest::parse(&mut Params::parse(query.as_bytes()).unwrap())
}

#[test]
fn rfc6749_4_1_1_and_openid_core_3_1_2_1_a_request_in_full() {
    let query = format!(
        "response_type=code&client_id=c&redirect_uri=https%3A%2F%2Fa.example%2Fcb&state=s&scope=openid\
         &code_challenge={CHALLENGE}&code_challenge_method=S256&nonce=n&prompt=login+consent\
         &max_age=60&resource=urn:a&resource=urn:b&dpop_jkt={CHALLENGE}&unknown=x"
    );
    let mut params = Params::parse(query.as_bytes()).unwrap();
    let addressee = Addressee::parse(&mut params).unwrap();
    assert_eq!(addressee.client_id, "c");
    assert_eq!(
        addressee.redirect_uri.as_deref(),
        Some("https://a.example/cb")
    );
    assert_eq!(addressee.state.as_deref(), Some("s"));
    assert_eq!(addressee.error_mode, ResponseMode::Query);
    let request = AuthorizationRequest::parse(&mut params).unwrap();
    assert_eq!(request.response_type, ResponseType::Code);
    assert_eq!(request.response_mode, ResponseMode::Query);
    assert_eq!(
        request.code_challenge.unwrap().method(),
        ChallengeMethod::S256
    );
    assert!(request.prompt.login && request.prompt.consent && !request.prompt.none);
    assert_eq!(request.max_age, Some(60));
    assert_eq!(request.resource, ["urn:a", "urn:b"]);
    assert_eq!(params.names().collect::<Vec<_>>(), ["unknown"]);
}

#[test]
fn rfc6749_4_1_2_1_who_asks_is_read_before_anything_else() {
    let mut params = Params::parse(b"response_type=x&response_mode=fragment&client_id=c").unwrap();
    let addressee = Addressee::parse(&mut params).unwrap();
    assert_eq!(addressee.error_mode, ResponseMode::Fragment);
    let implicit =
        Addressee::parse(&mut Params::parse(b"response_type=token&client_id=c").unwrap());
    assert_eq!(implicit.unwrap().error_mode, ResponseMode::Fragment);
    let missing = Addressee::parse(&mut Params::parse(b"client_id=&state=s").unwrap());
    assert_eq!(missing, Err(MissingParameter("client_id")));
    let long = format!("client_id=c&state={}", "s".repeat(MAX_STATE_BYTES + 1));
    let mut params = Params::parse(long.as_bytes()).unwrap();
    assert_eq!(Addressee::parse(&mut params).unwrap().state, None);
}

#[test]
fn rfc6749_4_1_2_a_state_that_no_answer_could_carry_is_refused_and_not_forgotten() {
    for (bytes, fault) in [
        (MAX_STATE_BYTES, None),
        (
            MAX_STATE_BYTES + 1,
            Some(AuthorizationRequestError::TooLong("state")),
        ),
    ] {
        let sent = "s".repeat(bytes);
        let query = format!("client_id=c&response_type=code&state={sent}");
        let mut params = Params::parse(query.as_bytes()).unwrap();
        let addressee = Addressee::parse(&mut params).unwrap();
        assert_eq!(addressee.state.is_some(), fault.is_none());
        let read = AuthorizationRequest::parse(&mut params);
        assert_eq!(read.err(), fault);
    }
}

use AuthorizeErrorCode as A;

const FAULTS: &[(&str, A, Crn)] = &[
    ("scope=a", A::InvalidRequest, Crn::PARAMETER_MISSING),
    (
        "response_type=codes",
        A::UnsupportedResponseType,
        Crn::RESPONSE_TYPE,
    ),
    (
        "response_type=code+code",
        A::UnsupportedResponseType,
        Crn::RESPONSE_TYPE,
    ),
    (
        "response_type=code&response_mode=web",
        A::InvalidRequest,
        Crn::RESPONSE_MODE,
    ),
    (
        "response_type=token&response_mode=query",
        A::InvalidRequest,
        Crn::RESPONSE_MODE,
    ),
    (
        "response_type=code&scope=%22",
        A::InvalidScope,
        Crn::SCOPE_MALFORMED,
    ),
    (
        "response_type=code&code_challenge=x",
        A::InvalidRequest,
        Crn::CODE_CHALLENGE_MALFORMED,
    ),
    (
        "response_type=code&code_challenge_method=S256",
        A::InvalidRequest,
        Crn::CODE_CHALLENGE_MALFORMED,
    ),
    (
        "response_type=code&prompt=none+login",
        A::InvalidRequest,
        Crn::PROMPT,
    ),
    (
        "response_type=code&prompt=later",
        A::InvalidRequest,
        Crn::PROMPT,
    ),
    (
        "response_type=code&max_age=-1",
        A::InvalidRequest,
        Crn::AUTHORIZE_PARAMETER,
    ),
    (
        "response_type=code&max_age=%2B1",
        A::InvalidRequest,
        Crn::AUTHORIZE_PARAMETER,
    ),
    (
        "response_type=code&max_age=99999999999",
        A::InvalidRequest,
        Crn::AUTHORIZE_PARAMETER,
    ),
    (
        "response_type=code&dpop_jkt=x",
        A::InvalidRequest,
        Crn::AUTHORIZE_PARAMETER,
    ),
    (
        "response_type=code&resource=x",
        A::InvalidTarget,
        Crn::RESOURCE_MALFORMED,
    ),
];

#[test]
fn every_fault_has_a_code_and_a_cause() {
    for (query, code, crn) in FAULTS {
        let error = parse(query).unwrap_err();
        assert_eq!((error.code(), error.crn()), (*code, *crn), "{query}");
        assert!(error.to_string().bytes().all(is_legal));
    }
    let long = format!("response_type=code&nonce={}", "n".repeat(1025));
    assert_eq!(
        parse(&long).unwrap_err(),
        AuthorizationRequestError::TooLong("nonce")
    );
}

#[test]
fn multiple_response_types_the_order_does_not_matter() {
    for kind in ResponseType::ALL {
        let turned: Vec<&str> = kind.as_str().rsplit(' ').collect();
        assert_eq!(ResponseType::parse(&turned.join(" ")), Some(kind));
        let tokens = kind.has_token() || kind.has_id_token();
        assert_eq!(kind.default_mode() == ResponseMode::Fragment, tokens);
    }
    assert_eq!(ResponseType::parse("none code"), None);
    assert_eq!(ResponseType::parse(""), None);
    assert_eq!(Prompt::parse(""), Some(Prompt::default()));
}

fn location(redirect_uri: &str, mode: ResponseMode) -> String {
    let response = AuthorizationResponse::code("c+1", Some("a&b=#".into()), "https://i.example");
    match response.deliver(redirect_uri, mode) {
        Delivery::Location(location) => location,
        Delivery::Form(_) => panic!("a form"),
    }
}

#[test]
fn rfc6749_3_1_2_the_query_of_a_redirect_uri_is_kept() {
    const ADDED: &str = "code=c%2B1&state=a%26b%3D%23&iss=https%3A%2F%2Fi.example";
    for (redirect_uri, mode, begins) in [
        (
            "https://a.example/cb",
            ResponseMode::Query,
            "https://a.example/cb?",
        ),
        (
            "https://a.example/cb?x=1",
            ResponseMode::Query,
            "https://a.example/cb?x=1&",
        ),
        (
            "https://a.example/cb?",
            ResponseMode::Query,
            "https://a.example/cb?",
        ),
        (
            "https://a.example/cb?x=1",
            ResponseMode::Fragment,
            "https://a.example/cb?x=1#",
        ),
        ("com.example:/cb", ResponseMode::Query, "com.example:/cb?"),
    ] {
        assert_eq!(location(redirect_uri, mode), format!("{begins}{ADDED}"));
    }
}

#[test]
fn rfc9207_2_an_error_names_the_issuer_and_breaks_no_line() {
    let response = AuthorizationResponse::error(
        AuthorizeErrorCode::AccessDenied,
        "no \"\r\nX: y",
        Some("s".into()),
        "https://i.example",
    );
    let Delivery::Form(fields) = response.deliver("https://a.example/", ResponseMode::FormPost)
    else {
        panic!("no form")
    };
    assert_eq!(
        fields,
        [
            ("error", "access_denied".into()),
            ("error_description", "no '  X: y".into()),
            ("state", "s".into()),
            ("iss", "https://i.example".into()),
        ]
    );
}

#[test]
fn no_secret_shows_in_debug() {
    let response = AuthorizationResponse::code("hunter2", None, "https://i.example");
    let request = parse("response_type=code&login_hint=hunter2&id_token_hint=hunter2");
    assert!(!format!("{response:?} {request:?}").contains("hunter2"));
}

#[test]
fn the_codes_are_a_closed_list() {
    for code in AuthorizeErrorCode::ALL {
        assert_eq!(AuthorizeErrorCode::parse(code.as_str()), Some(code));
    }
    assert_eq!(AuthorizeErrorCode::parse("invalid_grant"), None);
}

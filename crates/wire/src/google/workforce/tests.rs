//! Tests of both requests: see the file beside this directory.

use super::{OauthTokenError, OauthTokenRequest, SignInAddressee, SignInError, SignInRequest};
use crate::authorize::MAX_STATE_BYTES;
use crate::params::Params;

const CHALLENGE: &str = "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn asked(query: &str) -> Result<(String, Option<String>), SignInError> {
    let mut params = Params::parse(query.as_bytes()).unwrap();
    let addressee = SignInAddressee::parse(&mut params)?;
    let request = SignInRequest::parse(&mut params)?;
    let state = addressee.state.map(std::borrow::Cow::into_owned);
    Ok((request.provider_name.into_owned(), state))
}

#[test]
fn google_wire_6_2_what_the_command_line_asks_is_read() {
    let query = format!(
        "response_type=code&client_id=c&redirect_uri=r&scope=a+b&state=s&access_type=offline&{CHALLENGE}\
         &code_challenge_method=S256&provider_name=locations%2Fglobal&prompt=consent&token_usage=remote"
    );
    let read = asked(&query).unwrap();
    assert_eq!(read, ("locations/global".to_owned(), Some("s".to_owned())));
}

#[test]
fn rfc7636_4_4_1_a_request_without_a_challenge_of_sha256_is_none() {
    let plain = format!("{CHALLENGE}&code_challenge_method=plain");
    for (challenge, expected) in [
        ("x=y", SignInError::NoChallenge),
        (CHALLENGE, SignInError::ChallengeMethod),
        (&plain, SignInError::ChallengeMethod),
    ] {
        let query =
            format!("response_type=code&client_id=c&redirect_uri=r&provider_name=p&{challenge}");
        assert_eq!(asked(&query).unwrap_err(), expected);
    }
}

#[test]
fn a_state_that_no_answer_carries_is_a_fault_of_the_request() {
    let long = "s".repeat(MAX_STATE_BYTES + 1);
    let query = format!("client_id=c&redirect_uri=r&response_type=code&state={long}");
    assert_eq!(asked(&query).unwrap_err(), SignInError::TooLong("state"));
}

#[test]
fn rfc6749_4_1_3_and_6_two_grants_and_no_other() {
    let read = |form: &str| {
        let mut params = Params::parse(form.as_bytes()).unwrap();
        OauthTokenRequest::parse(&mut params).err()
    };
    let verifier = "v".repeat(43);
    let code = format!("grant_type=authorization_code&code=c&code_verifier={verifier}");
    assert_eq!(read(&code), None);
    assert_eq!(read("grant_type=refresh_token&refresh_token=r"), None);
    assert_eq!(read("x=y"), Some(OauthTokenError::NoGrantType));
    let other = "grant_type=client_credentials";
    assert_eq!(read(other), Some(OauthTokenError::GrantType));
    let short = "grant_type=authorization_code&code=c&code_verifier=short";
    assert_eq!(read(short), Some(OauthTokenError::Verifier));
    for form in ["grant_type=authorization_code", "grant_type=refresh_token"] {
        assert!(matches!(read(form), Some(OauthTokenError::Missing(_))));
    }
}

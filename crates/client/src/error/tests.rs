//! Errors answer questions, say what to do, and hold no secrets.

use std::error::Error as _;

use http::Response;

use crate::error::Error;
use crate::jwt_bearer::process;
use crate::rehearsal::KEY;
use crate::rehearsal::NOW;
use crate::rehearsal::TOKEN_URI;
use crate::rehearsal::key_file;
use crate::service_account::ServiceAccount;

fn refused(status: u16, body: &str) -> Error {
    let response = Response::builder()
        .status(status)
        .body(body.as_bytes().to_vec())
        .unwrap();
    process(&response, TOKEN_URI, NOW).unwrap_err()
}

#[test]
fn ux_4_1_a_refusal_keeps_the_servers_words() {
    let error = refused(
        400,
        r#"{"error":"invalid_grant","error_description":"Invalid JWT: Token must be a short-lived token. CRN-2104: iat is 243 s in the future.","error_uri":"https://auth.example/e/CRN-2104","trace_id":"01JQ7VK3M0T6"}"#,
    );
    assert_eq!(error.code(), Some("invalid_grant"));
    assert_eq!(error.crn(), Some("CRN-2104"));
    assert_eq!(error.trace_id(), Some("01JQ7VK3M0T6"));
    assert_eq!(error.status(), Some(400));
    assert!(error.description().unwrap().starts_with("Invalid JWT"));
    let printed = error.to_string();
    assert!(
        printed.starts_with("the server refused: invalid_grant: Invalid JWT"),
        "{printed}"
    );
    assert!(
        printed.contains("(trace 01JQ7VK3M0T6). Set the clock"),
        "{printed}"
    );
}

#[test]
fn the_code_of_the_catalogue_may_stand_in_the_address_alone() {
    let error = refused(
        401,
        r#"{"error":"x","error_uri":"https://a.example/e/CRN-2012"}"#,
    );
    assert_eq!(error.crn(), Some("CRN-2012"));
    for none in ["CRN-", "CRN-21", "CRN-abcd", "see CRN-210"] {
        let body = format!(r#"{{"error":"x","error_description":"{none}"}}"#);
        assert_eq!(refused(400, &body).crn(), None, "{none}");
    }
}

#[test]
fn what_a_server_says_cannot_write_lines_and_is_cut() {
    let long = "x".repeat(5000);
    let body = format!(r#"{{"error":"a\nb","error_description":"é\r\n\u001b[31m{long}"}}"#);
    let error = refused(400, &body);
    assert_eq!(error.code(), Some("a b"));
    let description = error.description().unwrap();
    assert!(description.starts_with("?   [31mx"), "{description}");
    assert_eq!(description.len(), 1000);
}

#[test]
fn a_status_without_words() {
    let error = refused(503, "<html>Service Unavailable</html>");
    assert!(error.is_temporary() && !error.is_refused());
    assert_eq!((error.code(), error.status()), (None, Some(503)));
    let error = refused(404, "");
    assert!(!error.is_temporary() && !error.is_refused());
}

/// The private key of the file, replaced.
fn with_private_key(change: impl Fn(&str) -> String) -> Error {
    let mut file = key_file();
    file["private_key"] = change(file["private_key"].as_str().unwrap()).into();
    ServiceAccount::from_json(&file.to_string()).unwrap_err()
}

#[test]
fn crn_7003_the_literal_backslash_n() {
    let error = with_private_key(|pem| pem.replace('\n', "\\n"));
    assert_eq!(error.crn(), Some("CRN-7003"));
    assert_eq!(
        error.to_string(),
        "CRN-7003: private_key has a backslash and an n where line ends should be. The value was \
         escaped when it was put into an environment variable: replace each backslash and n by a \
         line end when reading it, or keep the key in a file."
    );
}

#[test]
fn crn_7003_other_faults_of_the_private_key() {
    let cut = with_private_key(|pem| pem.replace("-----END PRIVATE KEY-----", ""));
    let mangled = with_private_key(|pem| pem.replacen("MII", "MIJ", 1));
    let public = with_private_key(|_| KEY.public_key().to_spki_pem());
    let nonsense = with_private_key(|_| "secret words".to_owned());
    for error in [cut, mangled, public, nonsense] {
        assert_eq!(error.crn(), Some("CRN-7003"), "{error}");
        assert!(
            error.to_string().contains("private_key cannot be used"),
            "{error}"
        );
        assert!(!error.to_string().contains("secret words"));
        assert!(error.source().is_some());
    }
}

#[test]
fn crn_7003_what_is_not_a_key_file() {
    for text in ["", "[]", "{}", r#"{"type":"authorized_user"}"#] {
        let error = ServiceAccount::from_json(text).unwrap_err();
        assert_eq!(error.crn(), Some("CRN-7003"), "{text}");
    }
    for member in ["private_key", "client_email", "token_uri"] {
        let mut file = key_file();
        file.as_object_mut().unwrap().remove(member);
        let error = ServiceAccount::from_json(&file.to_string()).unwrap_err();
        assert!(
            error.to_string().contains(&format!("has no {member}")),
            "{error}"
        );
    }
}

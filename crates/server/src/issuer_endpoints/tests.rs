//! Tests of what is believed of a discovery document.

use super::Endpoints;

fn taking(methods: &str) -> Endpoints {
    let text = format!(
        r#"{{"issuer":"https://login.example","authorization_endpoint":"https://login.example/a",
        "token_endpoint_auth_methods_supported":{methods}}}"#
    );
    serde_json::from_str(&text).unwrap()
}

#[test]
fn rfc6749_2_3_1_a_secret_goes_into_the_header_unless_only_the_form_is_taken() {
    assert!(!taking("[]").wants_form());
    assert!(!taking(r#"["client_secret_basic","client_secret_post"]"#).wants_form());
    assert!(taking(r#"["client_secret_post"]"#).wants_form());
}

#[test]
fn rfc9207_3_an_issuer_says_whether_it_names_itself() {
    assert!(!taking("[]").names_itself());
    let text = r#"{"issuer":"https://login.example","authorization_endpoint":"https://login.example/a",
        "authorization_response_iss_parameter_supported":true}"#;
    let endpoints: Endpoints = serde_json::from_str(text).unwrap();
    assert!(endpoints.names_itself());
}

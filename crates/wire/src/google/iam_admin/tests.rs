//! Tests of the messages.

use super::CreateAccount;
use super::Mask;
use super::Operation;
use super::OperationMetadata;
use super::PatchAccount;
use super::Policy;
use super::Provider;
use super::ProviderGiven;
use super::ResourcePath;
use super::ServiceAccount;
use super::TooMuch;
use super::print;
use super::read;

#[test]
fn google_wire_5_3_a_path_is_parts_and_a_word() {
    let path = "/v1/projects/-/serviceAccounts/ci%40billing.iam.gserviceaccount.com/keys:upload";
    let path = ResourcePath::parse(path).expect("a path");
    let email = "ci@billing.iam.gserviceaccount.com";
    assert_eq!(
        path.parts(),
        ["v1", "projects", "-", "serviceAccounts", email, "keys"]
    );
    assert_eq!(path.method(), "upload");
    let plain = ResourcePath::parse("/v1/roles").expect("a path");
    assert_eq!((plain.parts(), plain.method()), (vec!["v1", "roles"], ""));
}

#[test]
fn a_path_that_is_too_deep_empty_or_not_text_is_none() {
    let deep = "/a".repeat(13);
    for path in [
        &deep,
        "/v1//x",
        "/v1/%ff",
        "/v1/%2",
        "/v1/a%2fb",
        "/v1/%00",
        "/",
    ] {
        assert_eq!(ResourcePath::parse(path), Err(TooMuch), "{path}");
    }
}

#[test]
fn null_and_absent_are_one_and_unknown_members_are_ignored() {
    let body = br#"{"accountId":"ci","serviceAccount":null,"new":[1]}"#;
    let read_: CreateAccount = read(body).expect("a request");
    assert_eq!(read_.account_id.as_deref(), Some("ci"));
    assert!(read_.service_account.is_none());
    let empty: PatchAccount = read(b" ").expect("an empty body");
    assert!(empty.service_account.is_none() && empty.update_mask.is_none());
    assert!(read::<PatchAccount>(b"[]").is_err());
}

#[test]
fn a_mask_says_what_is_written_and_what_becomes_empty() {
    let known = ["displayName", "description"];
    let mask = Mask::parse(Some("display_name, description"), &known).expect("a mask");
    assert_eq!(
        mask.of("displayName", Some("x".to_owned())).as_deref(),
        Some("x")
    );
    assert_eq!(mask.of::<String>("description", None).as_deref(), Some(""));
    let one = Mask::parse(Some("displayName"), &known).expect("a mask");
    assert_eq!(one.of("description", Some("kept".to_owned())), None);
    let none = Mask::parse(None, &known).expect("no mask");
    assert_eq!(none.of::<String>("description", None), None);
    assert!(Mask::parse(Some("email"), &known).is_err());
    assert!(mask.names("description") && !one.names("description") && !none.names("displayName"));
}

#[test]
fn google_wire_5_3_what_is_empty_is_left_out() {
    let account = ServiceAccount {
        name: "projects/p/serviceAccounts/e".to_owned(),
        ..ServiceAccount::default()
    };
    let text = String::from_utf8(print(&account)).expect("text");
    assert!(!text.contains("displayName") && !text.contains("disabled"));
    assert!(text.contains("\"oauth2ClientId\""));
    assert_eq!(print(&Policy::default()), b"{}");
}

#[test]
fn google_wire_5_3_an_operation_is_done_and_has_its_resource() {
    let operation = Operation {
        name: "projects/1/x/operations/v1".to_owned(),
        metadata: OperationMetadata {
            kind: "type.googleapis.com/google.iam.v1.WorkloadIdentityPoolOperationMetadata",
        },
        done: true,
        response: Provider::default(),
    };
    let text = String::from_utf8(print(&operation)).expect("text");
    assert!(text.contains("\"done\":true") && text.contains("\"metadata\":{\"@type\":"));
    assert!(!text.contains("oidc") && !text.contains("disabled"));
}

#[test]
fn google_wire_5_3_a_provider_is_read_with_all_kinds_that_google_has() {
    let body =
        br#"{"oidc":{"issuerUri":"https://x","discovery_uri":"https://y"},"aws":null,"saml":{}}"#;
    let given: ProviderGiven = read(body).expect("a provider");
    let oidc = given.oidc.expect("an issuer");
    assert_eq!(oidc.issuer_uri.as_deref(), Some("https://x"));
    assert!(oidc.discovery_uri.is_some() && oidc.allowed_audiences.is_none());
    assert!(given.aws.is_none() && given.saml.is_some());
    assert!(
        !String::from_utf8(print(&oidc))
            .expect("text")
            .contains("discoveryUri")
    );
}

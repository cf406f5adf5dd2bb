//! The key file and the envelope, to the byte.

use proptest::prelude::{any, proptest};

use super::{
    ApiError, ApiErrorDetail, ApiReason, ApiStatus, FieldViolation, GdchKeyFile, KeyFile,
    KeyFileError,
};

fn key_file() -> KeyFile {
    KeyFile {
        kind: "service_account".to_owned(),
        project_id: "demo".to_owned(),
        private_key_id: "0123456789abcdef0123456789abcdef01234567".to_owned(),
        private_key: "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n".to_owned(),
        client_email: "billing@demo.iam.gserviceaccount.com".to_owned(),
        client_id: "104857291830027466113".to_owned(),
        auth_uri: "https://auth.example/authorize".to_owned(),
        token_uri: "https://auth.example/token".to_owned(),
        auth_provider_x509_cert_url: "https://auth.example/oauth2/v1/certs".to_owned(),
        client_x509_cert_url: "https://auth.example/robot/v1/metadata/x509/billing%40demo"
            .to_owned(),
        universe_domain: "googleapis.com".to_owned(),
    }
}

#[test]
fn google_wire_1_1_eleven_members_in_googles_order() {
    let expected = r#"{
  "type": "service_account",
  "project_id": "demo",
  "private_key_id": "0123456789abcdef0123456789abcdef01234567",
  "private_key": "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n",
  "client_email": "billing@demo.iam.gserviceaccount.com",
  "client_id": "104857291830027466113",
  "auth_uri": "https://auth.example/authorize",
  "token_uri": "https://auth.example/token",
  "auth_provider_x509_cert_url": "https://auth.example/oauth2/v1/certs",
  "client_x509_cert_url": "https://auth.example/robot/v1/metadata/x509/billing%40demo",
  "universe_domain": "googleapis.com"
}
"#;
    let bytes = key_file().to_bytes();
    assert_eq!(String::from_utf8(bytes.clone()).unwrap(), expected);
    assert_eq!(KeyFile::parse(&bytes), Ok(key_file()));
}

#[test]
fn google_wire_1_1_the_least_that_libraries_take() {
    let file = KeyFile::parse(
        br#"{"type":"service_account","private_key":"k","client_email":"e","token_uri":"t",
            "quota_project_id":"q","client_id":null,"universe_domain":""}"#,
    )
    .unwrap();
    assert_eq!(
        (file.client_id.as_str(), file.universe_domain.as_str()),
        ("", "googleapis.com")
    );
    let marked = [b"\xEF\xBB\xBF".as_slice(), &key_file().to_bytes()].concat();
    assert_eq!(KeyFile::parse(&marked), Ok(key_file()));
}

#[test]
fn ux_crn_7003_the_fault_is_named() {
    let parse = |change: &dyn Fn(&mut KeyFile)| {
        let mut file = key_file();
        change(&mut file);
        KeyFile::parse(&file.to_bytes()).unwrap_err()
    };
    assert_eq!(
        parse(&|file| file.kind = "authorized_user".to_owned()),
        KeyFileError::OtherType
    );
    assert_eq!(
        parse(&|file| file.token_uri.clear()),
        KeyFileError::Missing("token_uri")
    );
    assert_eq!(
        parse(&|file| file.private_key.clear()),
        KeyFileError::Missing("private_key")
    );
    assert_eq!(
        parse(&|file| file.private_key = file.private_key.replace('\n', "\\n")),
        KeyFileError::LiteralLineEnds
    );
    assert_eq!(KeyFile::parse(b"[]"), Err(KeyFileError::NotJson));
    assert_eq!(
        KeyFile::parse(&vec![b' '; 100_000]),
        Err(KeyFileError::TooLarge)
    );
}

#[test]
fn the_private_key_does_not_show_in_debug() {
    assert!(!format!("{:?}", key_file()).contains("BEGIN"));
}

#[test]
fn google_wire_5_4_every_status() {
    let expected = [
        ("CANCELLED", 499),
        ("UNKNOWN", 500),
        ("INVALID_ARGUMENT", 400),
        ("DEADLINE_EXCEEDED", 504),
        ("NOT_FOUND", 404),
        ("ALREADY_EXISTS", 409),
        ("PERMISSION_DENIED", 403),
        ("RESOURCE_EXHAUSTED", 429),
        ("FAILED_PRECONDITION", 400),
        ("ABORTED", 409),
        ("OUT_OF_RANGE", 400),
        ("UNIMPLEMENTED", 501),
        ("INTERNAL", 500),
        ("UNAVAILABLE", 503),
        ("DATA_LOSS", 500),
        ("UNAUTHENTICATED", 401),
    ];
    assert_eq!(
        ApiStatus::ALL.map(|status| (status.as_str(), status.http())),
        expected
    );
    assert_eq!(ApiStatus::parse("ABORTED"), Some(ApiStatus::Aborted));
}

#[test]
fn google_wire_3_4_the_envelope_about_a_token() {
    let error = ApiError::about_token(ApiReason::AccessTokenScopeInsufficient);
    let expected = concat!(
        r#"{"error":{"code":403,"message":"Request had insufficient authentication scopes.","errors":[{"message":"#,
        r#""Request had insufficient authentication scopes.","domain":"global","reason":"insufficientPermissions"}],"#,
        r#""status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","#,
        r#""reason":"ACCESS_TOKEN_SCOPE_INSUFFICIENT","domain":"googleapis.com"}]}}"#
    );
    assert_eq!(String::from_utf8(error.to_bytes()).unwrap(), expected);
    let (message, status) = ApiError::message_of(expected.as_bytes()).unwrap();
    assert_eq!(message, "Request had insufficient authentication scopes.");
    assert_eq!(status, Some(ApiStatus::PermissionDenied));
}

#[test]
fn google_wire_5_4_a_field_that_is_wrong() {
    let mut error = ApiError::new(ApiStatus::InvalidArgument, "bad");
    let bare = r#"{"error":{"code":400,"message":"bad","status":"INVALID_ARGUMENT"}}"#;
    assert_eq!(String::from_utf8(error.to_bytes()).unwrap(), bare);
    error.details.push(ApiErrorDetail::BadRequest {
        field_violations: vec![FieldViolation {
            field: "amount".into(),
            description: "too small".into(),
        }],
    });
    let expected = concat!(
        r#"{"error":{"code":400,"message":"bad","status":"INVALID_ARGUMENT","details":[{"@type":"#,
        r#""type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"amount","description":"too small"}]}]}}"#
    );
    assert_eq!(String::from_utf8(error.to_bytes()).unwrap(), expected);
}

#[test]
fn the_two_envelopes_do_not_mix() {
    assert_eq!(ApiError::message_of(br#"{"error":"invalid_grant"}"#), None);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in any::<Vec<u8>>()) {
        let _ = KeyFile::parse(&bytes);
        let _ = ApiError::message_of(&bytes);
    }
}

#[test]
fn google_wire_8_4_the_file_of_a_service_identity_has_eight_members_in_googles_order() {
    let file = GdchKeyFile {
        project: "billing".to_owned(),
        private_key_id: "ab".repeat(20),
        private_key: "-----BEGIN PRIVATE KEY-----\n".to_owned(),
        name: "sync".to_owned(),
        ..GdchKeyFile::new(
            "https://auth.example/token".to_owned(),
            "/ca.pem".to_owned(),
        )
    };
    let bytes = file.to_bytes();
    assert_eq!(GdchKeyFile::parse(&bytes), Ok(file.clone()));
    let text = String::from_utf8(bytes).unwrap();
    let names = [
        "type",
        "format_version",
        "project",
        "private_key_id",
        "private_key",
        "name",
        "ca_cert_path",
        "token_uri",
    ];
    let places = names.map(|name| text.find(&format!("\"{name}\":")).unwrap());
    assert!(places.is_sorted(), "{text}");
    assert!(!format!("{file:?}").contains("BEGIN"), "{file:?}");

    let refused = |change: &dyn Fn(&mut GdchKeyFile)| {
        let mut file = file.clone();
        change(&mut file);
        GdchKeyFile::parse(&file.to_bytes()).unwrap_err()
    };
    assert_eq!(
        refused(&|file| file.kind = "x".to_owned()),
        KeyFileError::OtherType
    );
    assert_eq!(
        refused(&|file| file.format_version = "2".to_owned()),
        KeyFileError::OtherVersion
    );
    assert_eq!(
        refused(&|file| file.name.clear()),
        KeyFileError::Missing("name")
    );
    assert_eq!(
        refused(&|file| file.private_key = "a\\nb".to_owned()),
        KeyFileError::LiteralLineEnds
    );
    assert_eq!(
        GdchKeyFile::parse(&key_file().to_bytes()),
        Err(KeyFileError::OtherType)
    );
}

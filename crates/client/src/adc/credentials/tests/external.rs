//! External accounts: the files that gcloud 528 writes (`create-cred-config`), and what they make the crate
//! send.

use serde_json::Value;
use serde_json::json;

use super::Script;
use super::body;
use super::given;
use super::given_in;
use super::header;
use super::impersonated;
use super::refused;
use crate::adc::CredentialKind;
use crate::rehearsal::pair;
use crate::rehearsal::pairs;

const PROVIDER: &str =
    "//iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/p/providers/q";
const STS: &str = "https://sts.googleapis.com/v1/token";

fn gcloud(file: &str) -> Value {
    serde_json::from_str(file).unwrap()
}

fn exchanged() -> Script {
    let answer = json!({
        "access_token": "federated",
        "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "token_type": "Bearer",
        "expires_in": 3599,
    });
    Script::default().then(200, &[], &answer.to_string())
}

fn with_source(source: Value) -> Value {
    let mut file = gcloud(include_str!("../../gcloud/file.json"));
    file["credential_source"] = source;
    file
}

#[tokio::test]
async fn google_wire_6_1_a_token_from_a_file_and_an_account_behind_it() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("token");
    std::fs::write(&path, r#"{"id_token":"a.b.c","more":1}"#).unwrap();
    let mut file = gcloud(include_str!("../../gcloud/file.json"));
    file["credential_source"]["file"] = json!(path);
    let script = exchanged().then(200, &[], &impersonated("target"));
    let credentials = given(&file, &script).scoped(&["invoices.read"]).unwrap();
    assert_eq!(credentials.kind(), CredentialKind::ExternalAccount);
    assert_eq!(
        credentials.token().await.unwrap().value().reveal(),
        "target"
    );
    let asked = script.asked(0);
    assert_eq!(asked.uri(), STS);
    let expected = [
        (
            "grant_type",
            "urn:ietf:params:oauth:grant-type:token-exchange",
        ),
        ("audience", PROVIDER),
        ("scope", "https://www.googleapis.com/auth/cloud-platform"),
        (
            "requested_token_type",
            "urn:ietf:params:oauth:token-type:access_token",
        ),
        ("subject_token", "a.b.c"),
        ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt"),
    ];
    assert_eq!(
        pairs(asked.body()),
        expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
    let asked = script.asked(1);
    assert_eq!(
        asked.uri(),
        "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/\
         sa@p.iam.gserviceaccount.com:generateAccessToken"
    );
    assert_eq!(header(&asked, "authorization"), "Bearer federated");
    assert_eq!(
        body(&asked),
        json!({"delegates": [], "scope": ["invoices.read"], "lifetime": "1200s"})
    );
}

#[tokio::test]
async fn google_wire_6_3_the_file_is_read_anew_and_sent_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("token");
    let mut file = with_source(json!({"file": path}));
    file["service_account_impersonation_url"] = Value::Null;
    let script = exchanged();
    let credentials = given(&file, &script);
    let error = credentials.token().await.unwrap_err();
    assert_eq!(error.crn(), Some("CRN-7005"));
    std::fs::write(&path, "\n").unwrap();
    assert!(
        credentials
            .token()
            .await
            .unwrap_err()
            .to_string()
            .contains("no token in it")
    );
    std::fs::write(&path, vec![b'x'; 300_000]).unwrap();
    assert!(
        credentials
            .token()
            .await
            .unwrap_err()
            .to_string()
            .contains("larger")
    );
    assert_eq!(script.count(), 0);
    std::fs::write(&path, "a.b.c\n").unwrap();
    credentials.token().await.unwrap();
    let sent = pair(script.asked(0).body(), "subject_token");
    assert_eq!(sent.as_deref(), Some("a.b.c\n"));
}

#[tokio::test]
async fn google_wire_6_3_a_token_from_an_address() {
    let script = Script::default()
        .then(200, &[], r#"{"access_token":"azure"}"#)
        .then(400, &[], r#"{"error":"invalid_target"}"#);
    let credentials = given(&gcloud(include_str!("../../gcloud/azure.json")), &script);
    let error = credentials.token().await.unwrap_err();
    assert_eq!(error.code(), Some("invalid_target"));
    let asked = script.asked(0);
    assert_eq!(asked.method(), "GET");
    assert_eq!(asked.uri().host(), Some("169.254.169.254"));
    assert_eq!(header(&asked, "metadata"), "True");
    let subject = pair(script.asked(1).body(), "subject_token");
    assert_eq!(subject.as_deref(), Some("azure"));

    let script = Script::default().then(403, &[], "no");
    let credentials = given(&gcloud(include_str!("../../gcloud/url.json")), &script);
    assert_eq!(credentials.token().await.unwrap_err().status(), Some(403));
    assert_eq!(header(&script.asked(0), "a"), "b");
}

#[test]
fn an_address_of_a_file_is_https_or_near() {
    let url = |url: &str| with_source(json!({"url": url}));
    let near = [
        "https://x.example/t",
        "http://localhost:1/t",
        "http://[::1]/t",
        "http://169.254.169.254/t",
    ];
    for fine in near {
        crate::adc::reading::source(url(fine).to_string().as_bytes(), None).unwrap();
    }
    for wrong in [
        "http://x.example/t",
        "http://10.0.0.1/t",
        "ftp://x/",
        "file:///etc/passwd",
        "x",
    ] {
        let said = refused(&url(wrong));
        assert!(said.contains("credential_source.url: "), "{said}");
    }
    let mut file = gcloud(include_str!("../../gcloud/file.json"));
    file["token_url"] = json!("http://169.254.169.254/v1/token");
    assert!(refused(&file).contains("token_url: "));
}

#[tokio::test]
async fn google_wire_6_3_an_app_of_a_workforce_proves_itself_or_names_who_pays() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("token");
    std::fs::write(&path, "a.b.c").unwrap();
    let mut file = gcloud(include_str!("../../gcloud/workforce.json"));
    file["credential_source"]["file"] = json!(path);
    let script = exchanged();
    given(&file, &script).token().await.unwrap();
    let options = pair(script.asked(0).body(), "options");
    assert_eq!(options.as_deref(), Some(r#"{"userProject":"pp"}"#));
    assert_eq!(header(&script.asked(0), "authorization"), "");
    file["client_id"] = json!("client");
    file["client_secret"] = json!("secret");
    let script = exchanged();
    given(&file, &script).token().await.unwrap();
    assert_eq!(pair(script.asked(0).body(), "options"), None);
    assert_eq!(
        header(&script.asked(0), "authorization"),
        "Basic Y2xpZW50OnNlY3JldA=="
    );
    file["audience"] = json!(PROVIDER);
    assert!(refused(&file).contains("workforce_pool_user_project: "));
}

#[tokio::test]
async fn google_wire_6_3_amazon_by_the_environment() {
    let file = gcloud(include_str!("../../gcloud/aws.json"));
    let script = exchanged();
    let keys = [
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        (
            "AWS_SECRET_ACCESS_KEY",
            "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        ),
        ("AWS_SESSION_TOKEN", "session"),
        ("AWS_DEFAULT_REGION", "us-east-2"),
    ];
    given_in(&file, &script, &keys).token().await.unwrap();
    assert_eq!(script.count(), 1);
    let sent = pair(script.asked(0).body(), "subject_token").unwrap();
    assert!(!sent.contains(['{', '"', ' ']), "{sent}");
    let decoded = pair(format!("x={sent}").as_bytes(), "x").unwrap();
    let signed: Value = serde_json::from_str(&decoded).unwrap();
    assert_eq!(signed["method"], "POST");
    assert_eq!(
        signed["url"],
        "https://sts.us-east-2.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15"
    );
    let headers = signed["headers"].as_array().unwrap();
    let of = |name: &str| {
        let found = headers.iter().find(|header| header["key"] == name);
        found.map_or("", |header| header["value"].as_str().unwrap())
    };
    assert_eq!(of("host"), "sts.us-east-2.amazonaws.com");
    assert_eq!(of("x-amz-date"), "20270115T080000Z");
    assert_eq!(of("x-amz-security-token"), "session");
    assert_eq!(of("x-goog-cloud-target-resource"), PROVIDER);
    assert!(of("Authorization").starts_with(
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20270115/us-east-2/sts/aws4_request, "
    ));
}

#[tokio::test]
async fn google_wire_6_3_amazon_by_the_metadata_of_the_machine() {
    let file = gcloud(include_str!("../../gcloud/aws.json"));
    let keys = json!({"AccessKeyId": "ASIA", "SecretAccessKey": "s", "Token": "t"});
    let script = Script::default()
        .then(200, &[], "session")
        .then(200, &[], "us-east-2b")
        .then(200, &[], "role-a")
        .then(200, &[], &keys.to_string())
        .then_token("federated");
    given(&file, &script).token().await.unwrap();
    let paths: Vec<_> = (0..4)
        .map(|at| {
            let asked = script.asked(at);
            (asked.method().to_string(), asked.uri().path().to_owned())
        })
        .collect();
    let expected = [
        ("PUT", "/latest/api/token"),
        ("GET", "/latest/meta-data/placement/availability-zone"),
        ("GET", "/latest/meta-data/iam/security-credentials"),
        ("GET", "/latest/meta-data/iam/security-credentials/role-a"),
    ];
    assert_eq!(
        paths,
        expected.map(|(verb, path)| (verb.to_owned(), path.to_owned()))
    );
    assert_eq!(
        header(&script.asked(0), "x-aws-ec2-metadata-token-ttl-seconds"),
        "300"
    );
    assert_eq!(
        header(&script.asked(3), "x-aws-ec2-metadata-token"),
        "session"
    );
    let sent = pair(script.asked(4).body(), "subject_token").unwrap();
    assert!(sent.contains("ASIA/20270115/us-east-2"), "{sent}");
}

#[test]
fn google_wire_6_3_amazon_is_asked_over_https_alone() {
    let mut file = gcloud(include_str!("../../gcloud/aws.json"));
    file["credential_source"]["regional_cred_verification_url"] = json!("http://sts.{region}.x");
    assert!(refused(&file).contains("credential_source.regional_cred_verification_url: "));
    file["credential_source"]["environment_id"] = json!("aws2");
    assert!(refused(&file).contains("credential_source.environment_id: "));
}

#[tokio::test]
async fn google_wire_6_3_a_certificate_is_its_own_subject() {
    use carnet_jose::pem;

    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    let leaf = pem::encode("CERTIFICATE", b"leaf");
    let above = pem::encode("CERTIFICATE", b"above");
    std::fs::write(at("leaf.pem"), leaf.as_bytes()).unwrap();
    std::fs::write(
        at("chain.pem"),
        format!("{}{}", leaf.as_str(), above.as_str()),
    )
    .unwrap();
    std::fs::write(at("key.pem"), "key").unwrap();
    let config = json!({"cert_configs": {"workload": {
        "cert_path": at("leaf.pem"), "key_path": at("key.pem"),
    }}});
    std::fs::write(at("config.json"), config.to_string()).unwrap();
    let mut file = gcloud(include_str!("../../gcloud/cert.json"));
    let certificate = &mut file["credential_source"]["certificate"];
    certificate["certificate_config_location"] = json!(at("config.json"));
    certificate["trust_chain_path"] = json!(at("chain.pem"));
    let script = exchanged();
    given(&file, &script).token().await.unwrap();
    let asked = script.asked(0);
    assert_eq!(asked.uri(), "https://sts.mtls.googleapis.com/v1/token");
    let subject = pair(asked.body(), "subject_token").unwrap();
    assert_eq!(subject, r#"["bGVhZg==","YWJvdmU="]"#);
    assert_eq!(
        pair(asked.body(), "subject_token_type").as_deref(),
        Some("urn:ietf:params:oauth:token-type:mtls")
    );
    // The leaf stands at the top, or not at all.
    std::fs::write(
        at("chain.pem"),
        format!("{}{}", above.as_str(), leaf.as_str()),
    )
    .unwrap();
    let error = given(&file, &Script::default()).token().await.unwrap_err();
    assert!(error.to_string().contains("not the first"), "{error}");
    file["credential_source"]["certificate"] = json!({});
    assert!(refused(&file).contains("credential_source.certificate: "));
}

#[test]
fn there_is_exactly_one_source() {
    for source in [json!({}), json!({"file": "/t", "url": "https://x.example"})] {
        assert!(refused(&with_source(source)).contains("credential_source.*: "));
    }
    let mut file = gcloud(include_str!("../../gcloud/file.json"));
    file["service_account_impersonation"]["token_lifetime_seconds"] = json!(10);
    let said = refused(&file);
    assert!(
        said.contains("service_account_impersonation.token_lifetime_seconds: "),
        "{said}"
    );
    let executable = include_str!("../../gcloud/exe.json");
    crate::adc::reading::source(executable.as_bytes(), None).unwrap();
}

#[tokio::test]
async fn google_wire_6_3_the_project_of_a_pool_is_looked_up() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("token");
    std::fs::write(&path, "a.b.c").unwrap();
    let mut file = with_source(json!({"file": path}));
    file["service_account_impersonation_url"] = Value::Null;
    let script = exchanged().then(200, &[], r#"{"projectId":"billing","projectNumber":"123"}"#);
    let found = given(&file, &script).project_id().await.unwrap();
    assert_eq!(found.as_deref(), Some("billing"));
    let asked = script.asked(1);
    assert_eq!(
        asked.uri(),
        "https://cloudresourcemanager.googleapis.com/v1/projects/123"
    );
    assert_eq!(header(&asked, "authorization"), "Bearer federated");
    let script = exchanged().then(403, &[], "");
    assert_eq!(given(&file, &script).project_id().await.unwrap(), None);
}

//! Files of other kinds than a key, and ID tokens, with google-cloud-auth (google-wire 12: R4 to R6). Whom it trusts and where it
//! goes is in the environment, so each case is a program of its own, with what `carnet google env rust` prints.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use carnet_interop::SERVER;
use carnet_interop::admin;
use carnet_interop::claims;
use carnet_interop::list;
use serde_json::Value;
use serde_json::json;

const HELD: &str = r#"eval "$("$CARNET_BIN" google env rust --quiet --ready-file "$CARNET_READY_FILE")" && exec "$@""#;

/// What a program prints where Google's names are held and this file is the one to be found.
fn program(path: &str, word: &str, file: &str) -> String {
    said(
        Command::new("bash")
            .args(["-euc", HELD, "bash", path, word])
            .env("GOOGLE_APPLICATION_CREDENTIALS", file)
            .env("HOME", "/nonexistent"),
    )
}

fn said(command: &mut Command) -> String {
    let done = command.output().expect("the program runs");
    let errors = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{errors}");
    let text = String::from_utf8(done.stdout).expect("text");
    text.trim().to_owned()
}

fn token(file: &str) -> String {
    program(env!("CARGO_BIN_EXE_machine"), &SERVER.read, file)
}

fn id_token(audience: &str) -> String {
    program(env!("CARGO_BIN_EXE_identity"), audience, &SERVER.ci_file)
}

/// A file that is there for this run.
fn written(name: &str, content: &str) -> String {
    let folder: PathBuf = env::var_os("CARNET_WORK")
        .expect("the runner names a folder")
        .into();
    let path = folder.join(name);
    fs::write(&path, content).expect("it can be written");
    path.to_str().expect("text").to_owned()
}

fn generate(account: &str) -> String {
    format!(
        "{}/v1/projects/-/serviceAccounts/{account}:generateAccessToken",
        SERVER.https
    )
}

/// The file of a job, as `create-cred-config` writes it.
fn external(name: &str, audience: &str) -> Value {
    let source = written(&format!("{name}.token"), &id_token(audience));
    json!({
        "type": "external_account",
        "audience": audience,
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": format!("{}/v1/token", SERVER.https),
        "credential_source": {"file": source},
    })
}

#[tokio::test]
async fn r4_an_id_token_at_googles_address() {
    let audience = "https://invoices.example.com";
    let said = claims(&id_token(audience));
    assert_eq!(said["aud"], audience);
    assert_eq!(said["sub"], SERVER.ci_client_id.as_str());
    assert_eq!(said["iss"], SERVER.issuer.as_str());
}

#[tokio::test]
async fn r5_external_account() {
    let (audience, member) = admin::pool().await;
    let file = written("r5.json", &external("r5", &audience).to_string());
    let token = token(&file);
    assert_eq!(claims(&token)["sub"], member.as_str());
    assert_eq!(list(&token).await.0, 200);
}

#[tokio::test]
async fn r5_external_account_becomes_the_account_that_it_is_bound_on() {
    let (audience, member) = admin::pool().await;
    let key = admin::account("r5").await;
    let target = key["client_email"].as_str().expect("email");
    admin::bind(target, &member, "roles/iam.workloadIdentityUser").await;
    let mut file = external("r5b", &audience);
    file["service_account_impersonation_url"] = generate(target).into();
    let token = token(&written("r5b.json", &file.to_string()));
    assert_eq!(claims(&token)["email"], target);
    assert_eq!(list(&token).await.0, 200);
}

/// The key behind it signs for itself: IAM Credentials takes that as the caller's credential.
#[tokio::test]
async fn r5_an_impersonated_file_calls_with_a_self_signed_jwt() {
    let key = admin::account("r5c").await;
    let target = key["client_email"].as_str().expect("email");
    let caller = format!(
        "serviceAccount:{}",
        SERVER.ci_key["client_email"].as_str().expect("email")
    );
    admin::bind(target, &caller, "roles/iam.serviceAccountTokenCreator").await;
    let file = json!({
        "type": "impersonated_service_account",
        "service_account_impersonation_url": generate(target),
        "source_credentials": SERVER.ci_key,
    });
    let token = token(&written("r5c.json", &file.to_string()));
    assert_eq!(claims(&token)["email"], target);
    assert_eq!(list(&token).await.0, 200);
}

#[tokio::test]
async fn r6_a_persons_refresh_token_is_redeemed_with_json() {
    let address = format!("{}/token", SERVER.https);
    let person = said(Command::new("bash").args(["../curl/authorized_user.sh", &address]));
    let token = token(&written("r6.json", &person));
    assert_eq!(list(&token).await.0, 200);
}

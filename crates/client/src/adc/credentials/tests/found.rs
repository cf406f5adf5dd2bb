//! The order in which credentials are looked for.

use std::path::Path;

use super::Credentials;
use super::Environment;
use super::Origin;
use super::Script;
use super::outside;
use super::user;
use crate::adc::CredentialKind;

const FILE: &str = "application_default_credentials.json";

async fn found(variables: &[(&str, &str)], script: &Script) -> Result<Credentials, crate::Error> {
    Credentials::find_in(Environment::of(variables), outside(script)).await
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[tokio::test]
async fn google_wire_8_1_the_variable_then_gclouds_place_then_the_machine() {
    let directory = tempfile::tempdir().unwrap();
    let (named, place) = (
        directory.path().join("named.json"),
        directory.path().join(FILE),
    );
    std::fs::write(&named, user().to_string()).unwrap();
    std::fs::write(&place, user().to_string()).unwrap();
    let script = Script::default();
    let gcloud = ("CLOUDSDK_CONFIG", text(directory.path()));
    let machine = ("GCE_METADATA_HOST", "127.0.0.1:1");

    let variable = ("GOOGLE_APPLICATION_CREDENTIALS", text(&named));
    let credentials = found(&[variable, gcloud, machine], &script).await.unwrap();
    assert_eq!(credentials.origin(), &Origin::Environment(named.clone()));
    let credentials = found(&[gcloud, machine], &script).await.unwrap();
    assert_eq!(credentials.origin(), &Origin::WellKnown(place.clone()));
    std::fs::remove_file(&place).unwrap();
    let credentials = found(&[gcloud, machine], &script).await.unwrap();
    assert_eq!(credentials.kind(), CredentialKind::Metadata);
    // A file that is named must be there.
    std::fs::remove_file(&named).unwrap();
    let error = found(&[variable, gcloud, machine], &script)
        .await
        .unwrap_err();
    assert_eq!(error.crn(), Some("CRN-7005"));
    assert_eq!(script.count(), 0);
    // And where there is nothing at all, it is said where it was looked.
    let nothing = ("NO_GCE_CHECK", "true");
    let error = found(&[gcloud, nothing], &script).await.unwrap_err();
    assert_eq!(error.crn(), Some("CRN-7006"));
    assert!(error.to_string().contains(text(&place)), "{error}");
}

#[tokio::test]
async fn google_wire_7_2_a_metadata_server_is_looked_for_and_must_say_that_it_is_google() {
    let flavor = [("Metadata-Flavor", "Google")];
    let script = Script::default()
        .then_silence()
        .then(200, &flavor, "0.1/\n");
    let credentials = found(&[], &script).await.unwrap();
    let origin = Origin::Metadata("http://metadata.google.internal/".to_owned());
    assert_eq!(credentials.origin(), &origin);
    assert_eq!(script.asked(0).uri(), "http://169.254.169.254/");
    assert_eq!(script.asked(0).headers()["metadata-flavor"], "Google");

    let script = Script::default().then(200, &[], "a captive portal");
    let error = found(&[("GCE_METADATA_IP", "127.0.0.1:9")], &script)
        .await
        .unwrap_err();
    assert_eq!(error.crn(), Some("CRN-7006"));
    assert_eq!(script.asked(0).uri(), "http://127.0.0.1:9/");
}

#[tokio::test]
async fn google_wire_8_5_the_environment_says_which_project_pays_and_which_is_worked_in() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join(FILE), user().to_string()).unwrap();
    let variables = [
        ("CLOUDSDK_CONFIG", text(directory.path())),
        ("GOOGLE_CLOUD_QUOTA_PROJECT", "other-payer"),
        ("GOOGLE_CLOUD_PROJECT", "here"),
    ];
    let credentials = found(&variables, &Script::default()).await.unwrap();
    assert_eq!(credentials.quota_project(), Some("other-payer"));
    assert_eq!(
        credentials.project_id().await.unwrap().as_deref(),
        Some("here")
    );
    assert_eq!(
        credentials.with_quota_project("p").quota_project(),
        Some("p")
    );
}

#[test]
fn an_error_in_a_file_names_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("c.json");
    std::fs::write(&path, r#"{"type":"authorized_user"}"#).unwrap();
    let error = Credentials::from_file(&path).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with(&format!("{}: CRN-7003: refresh_token: ", path.display())),
        "{error}"
    );
}

//! The places at which key files are looked for.

use std::ffi::OsString;
use std::path::PathBuf;

use super::first_there;
use super::named_by;
use super::well_known_by;

fn environment<'a>(pairs: &'a [(&str, &str)]) -> impl Fn(&str) -> Option<OsString> + 'a {
    |wanted| {
        pairs
            .iter()
            .find(|(name, _)| *name == wanted)
            .map(|(_, value)| value.into())
    }
}

#[test]
fn google_wire_8_1_the_variable_names_the_file() {
    let named = |value| named_by(environment(&[("GOOGLE_APPLICATION_CREDENTIALS", value)]));
    assert_eq!(named("/k.json"), Some(PathBuf::from("/k.json")));
    assert_eq!(named(""), None);
    assert_eq!(named_by(environment(&[])), None);
}

#[test]
fn google_wire_8_1_the_well_known_places() {
    let file = "application_default_credentials.json";
    let home = ("HOME", "/home/dana");
    assert_eq!(
        well_known_by(environment(&[home])),
        [PathBuf::from("/home/dana/.config/gcloud").join(file)]
    );
    assert_eq!(
        well_known_by(environment(&[home, ("XDG_CONFIG_HOME", "/xdg")])),
        [
            PathBuf::from("/xdg/gcloud").join(file),
            PathBuf::from("/home/dana/.config/gcloud").join(file)
        ]
    );
    assert_eq!(
        well_known_by(environment(&[home, ("CLOUDSDK_CONFIG", "/sdk")])),
        [PathBuf::from("/sdk").join(file)]
    );
    assert!(well_known_by(environment(&[])).is_empty());
}

#[test]
fn the_first_file_that_is_there_is_taken() {
    let directory = tempfile::tempdir().unwrap();
    let (missing, there) = (directory.path().join("a"), directory.path().join("b"));
    std::fs::write(&there, "").unwrap();
    assert_eq!(
        first_there(&[missing.clone(), there.clone()]).unwrap(),
        there
    );
    let error = first_there(std::slice::from_ref(&missing)).unwrap_err();
    assert_eq!(error.crn(), Some("CRN-7006"));
    assert!(
        error.to_string().contains(&missing.display().to_string()),
        "{error}"
    );
    assert_eq!(first_there(&[]).unwrap_err().crn(), Some("CRN-7006"));
}

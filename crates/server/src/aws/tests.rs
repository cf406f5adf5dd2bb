//! What AWS answers to a request that is passed on.

use super::*;

fn read(text: &str) -> Result<Vec<LocalKey>, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.json");
    std::fs::write(&path, text).unwrap();
    keys(&path)
}

const KEY: &str = r#"{"access_key_id":"AKIA1","secret_access_key":"hush-hush","session_token":"t",
    "account":"123456789012","arn":"arn:aws:iam::123456789012:user/ci","user_id":"AIDA1"}"#;

#[test]
fn keys_are_read_from_a_file_and_their_secrets_are_not_told() {
    let keys = read(&format!("[{KEY}]")).unwrap();
    let [key] = keys.as_slice() else {
        unreachable!("{keys:?}")
    };
    assert_eq!(
        (key.id.as_str(), key.secret.as_str()),
        ("AKIA1", "hush-hush")
    );
    assert_eq!(key.caller.arn, "arn:aws:iam::123456789012:user/ci");
    assert!(!format!("{key:?}").contains("hush"), "{key:?}");
    for (text, expected) in [
        (KEY.to_owned(), "JSON array"),
        (format!("[{}]", KEY.replace("123456789012", "1")), "AKIA1"),
        (
            format!("[{}]", KEY.replace("user_id", "hush")),
            "JSON array",
        ),
        (
            format!("[{}]", vec![KEY; MOST_KEYS + 1].join(",")),
            "more than",
        ),
    ] {
        let why = read(&text).unwrap_err();
        assert!(why.contains(expected), "{why}");
        assert!(!why.contains("hush"), "{why}");
    }
    assert!(keys_of_nowhere().contains("No such file"));
}

fn keys_of_nowhere() -> String {
    keys(Path::new("/nowhere/keys.json")).unwrap_err()
}

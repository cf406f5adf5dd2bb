//! Key files, whole and damaged, and what is told about each.

use std::sync::OnceLock;

use base64::Engine as _;
use carnet_jose::{KeyPair, KeyType};
use serde_json::{Value, json};

use super::examine;
use crate::checklist::lines;

/// One key for all tests: making one takes a while.
fn pem() -> String {
    static PEM: OnceLock<String> = OnceLock::new();
    let make = || {
        let pair = KeyPair::generate(KeyType::Rsa2048).unwrap();
        pair.to_pkcs8_pem().unwrap().to_string()
    };
    PEM.get_or_init(make).clone()
}

fn file(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut file = json!({
        "type": "service_account", "project_id": "billing", "private_key_id": "ab".repeat(20),
        "private_key": pem(), "client_email": "sync@billing.iam.gserviceaccount.com",
        "client_id": "104857291830027466113", "token_uri": "https://auth.example/token",
        "universe_domain": "googleapis.com",
    });
    change(&mut file);
    serde_json::to_vec_pretty(&file).unwrap()
}

fn told(bytes: &[u8]) -> String {
    lines(&examine(bytes), false)
}

#[test]
fn a_key_file_as_it_was_made_passes() {
    let text = told(&file(|_| {}));
    assert!(!text.contains("FAIL") && !text.contains("WARN"), "{text}");
    assert!(text.contains("PKCS#8, RS256 with 2048 bits"), "{text}");
}

#[test]
fn pains_p1_each_classical_accident_of_the_file_is_named() {
    let whole = file(|_| {});
    let encoded = base64::engine::general_purpose::STANDARD.encode(&whole);
    let text = String::from_utf8(whole.clone()).unwrap();
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (encoded.into_bytes(), "base64 of a key file"),
        (whole[..whole.len() / 2].to_vec(), "JSON that is cut off"),
        (pem().into_bytes(), "a bare PEM key"),
        (serde_json::to_vec(&text).unwrap(), "it was encoded twice"),
        (text.replace('"', "'").into_bytes(), "single quotes"),
        (
            text.replace("\\n", "\n").into_bytes(),
            "real line ends inside the JSON string",
        ),
        (
            text.replace('"', "\\\"").into_bytes(),
            "a backslash before each quote",
        ),
        (Vec::new(), "empty"),
        (b"[]".to_vec(), "not an object"),
        (
            file(|file| file["type"] = json!("authorized_user")),
            "the login of a person",
        ),
        (
            json!({"installed": {"client_id": "x"}})
                .to_string()
                .into_bytes(),
            "client secret file of an app",
        ),
        (
            file(|file| file["client_email"] = json!("")),
            "client_email missing or empty",
        ),
        (
            file(|file| file["token_uri"] = json!("http://auth.example/token")),
            "without TLS",
        ),
        (
            file(|file| file["universe_domain"] = json!("acme.example")),
            "would sign tokens themselves",
        ),
    ];
    all_told(cases);
}

fn all_told(cases: Vec<(Vec<u8>, &str)>) {
    for (bytes, expected) in cases {
        let text = told(&bytes);
        assert!(text.contains(expected), "{expected} is not in:\n{text}");
    }
}

#[test]
fn pains_p1_each_classical_accident_of_the_private_key_is_named() {
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (
            file(|file| file["private_key"] = json!(pem().replace('\n', "\\n"))),
            "the two characters backslash-n",
        ),
        (
            file(|file| file["private_key"] = json!(pem().replace('\n', " "))),
            "all on one line",
        ),
        (
            file(|file| file["private_key"] = json!(pem().replace("PRIVATE", "RSA PRIVATE"))),
            "PKCS#1, and not PKCS#8",
        ),
        (
            file(|file| {
                file["private_key"] = json!(pem().lines().take(9).collect::<Vec<_>>().join("\n"));
            }),
            "the PEM block is cut off",
        ),
    ];
    all_told(cases);
}

#[test]
fn whatever_the_bytes_are_nothing_of_the_private_key_is_printed() {
    let key = pem();
    let secret: String = key.lines().nth(3).unwrap().to_owned();
    for broken in [
        key.replace('\n', "\\n"),
        key.replace('\n', " "),
        key[..700].to_owned(),
        format!("\"{key}"),
    ] {
        let text = told(&file(|file| file["private_key"] = json!(broken)));
        assert!(
            text.contains("FAIL") && !text.contains(&secret[..12]),
            "{text}"
        );
    }
}

#[test]
fn what_the_file_says_is_cut() {
    let long = "x".repeat(10_000);
    for change in [
        json!({"type": long.clone()}),
        json!({"type": "service_account", "token_uri": format!("https://a.example/{long}")}),
        json!({"type": "service_account", "universe_domain": long.clone()}),
    ] {
        let text = told(change.to_string().as_bytes());
        assert!(text.lines().all(|line| line.len() < 400), "{text}");
    }
}

#[test]
fn what_no_client_would_read_does_not_pass() {
    let text = String::from_utf8(file(|_| {})).unwrap();
    let twice = text.replacen('{', "{\"project_id\": \"other\",", 1);
    let shown = told(twice.as_bytes());
    assert!(
        shown.contains("FAIL  file          a member stands twice in it"),
        "{shown}"
    );
    // A member that signing does not need, of a kind that it may not be.
    let shown = told(&file(|file| file["client_id"] = json!(104)));
    assert!(
        shown.contains("FAIL  file          the key file is not a JSON object of strings"),
        "{shown}"
    );
}

/// The file of a service identity.
fn of_identity(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let pair = KeyPair::generate(KeyType::P256).unwrap();
    let mut file = json!({
        "type": "gdch_service_account", "format_version": "1", "project": "billing",
        "private_key_id": "ab".repeat(20), "private_key": pair.to_pkcs8_pem().unwrap().to_string(),
        "name": "sync", "ca_cert_path": "/etc/ssl/private-ca.pem",
        "token_uri": "https://auth.example/token",
    });
    change(&mut file);
    serde_json::to_vec_pretty(&file).unwrap()
}

#[test]
fn google_wire_8_4_the_file_of_a_service_identity_is_known() {
    let text = told(&of_identity(|_| {}));
    assert!(!text.contains("FAIL") && !text.contains("WARN"), "{text}");
    for part in [
        "PKCS#8, ES256 with 256 bits",
        "system:serviceaccount:billing:sync",
        "/etc/ssl/private-ca.pem",
    ] {
        assert!(text.contains(part), "{part} is not in:\n{text}");
    }
}

#[test]
fn google_wire_8_4_a_key_in_the_form_in_which_google_writes_it() {
    let sec1 = "-----BEGIN EC PRIVATE KEY-----\n\
                MHcCAQEEIMuFCje5ehzrdRFqidORGVnwUdEFeGZO3m5xfBX/km8roAoGCCqGSM49\n\
                AwEHoUQDQgAEYisye7/bFNOXpFEZzUlQLau0vhkb3CuFuJHR3oNfurcXZ2kJr2aq\n\
                8LUTGC++94uuGFSB0zQ9u50Fq0TSIqI+1w==\n-----END EC PRIVATE KEY-----\n";
    let text = told(&of_identity(|file| file["private_key"] = json!(sec1)));
    assert!(
        text.contains("SEC1, ES256") && !text.contains("FAIL"),
        "{text}"
    );
    // Of the other kind of file no library reads it.
    let text = told(&file(|file| file["private_key"] = json!(sec1)));
    assert!(text.contains("SEC1, and not PKCS#8"), "{text}");
}

#[test]
fn google_wire_8_4_what_is_wrong_with_the_file_of_a_service_identity_is_named() {
    let with = |name: &'static str, value: Value| of_identity(|file| file[name] = value);
    all_told(vec![
        (with("name", json!("")), "name missing or empty"),
        (
            with("private_key_id", json!(null)),
            "private_key_id missing or empty",
        ),
        (with("format_version", json!("2")), "not the text 1"),
        (with("format_version", json!(1)), "not the text 1"),
        (
            with("project", json!("Billing")),
            "none of a service account",
        ),
        (
            with("private_key", json!(pem())),
            "a key for RS256, and not for ES256",
        ),
        (with("private_key", json!("x")), "private_key"),
        (with("ca_cert_path", json!(null)), "Go refuses such a file"),
        (
            with("token_uri", json!("http://auth.example/token")),
            "without TLS",
        ),
    ]);
}

//! The configuration from a file, the environment and files of secrets.

use std::collections::BTreeMap;
use std::path::PathBuf;

use toml::Value;

use super::{config, issuer};
use crate::config::setting::{Origin, Setting};
use crate::config::source::Gathered;

fn gathered(settings: &[(&'static str, Value)]) -> Gathered {
    let mut all = BTreeMap::new();
    for (key, value) in settings {
        let origin = Origin::File(PathBuf::from("carnet.toml"), Some(1));
        all.insert(
            *key,
            Setting {
                key: (*key).to_owned(),
                value: value.clone(),
                origin,
            },
        );
    }
    Gathered {
        settings: all,
        ..Gathered::default()
    }
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

#[test]
fn an_issuer_is_enough() {
    let config = config(&gathered(&[("issuer", text("https://auth.example.com/"))])).unwrap();
    assert_eq!(config.issuer, "https://auth.example.com");
    assert_eq!(config.name, "auth.example.com");
    assert_eq!(config.database_url, "sqlite:carnet.db");
    assert_eq!(config.secret_key_file, PathBuf::from("secret_key"));
}

#[test]
fn all_faults_are_told_at_once_with_key_value_and_place() {
    let settings = [
        ("http.max_headers", Value::Integer(1)),
        ("http.listen", text("nowhere")),
        ("drain.timeout", text("700s")),
        ("log.format", text("xml")),
    ];
    let faults = config(&gathered(&settings)).unwrap_err();
    let told: Vec<_> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 5, "{told:#?}");
    for expected in [
        "CRN-7002: log.format is \"xml\"; it must be one of auto, pretty, json   (carnet.toml line 1)",
        "CRN-7008: issuer is not set",
        "CRN-7002: http.max_headers is 1; ",
        "CRN-7002: http.listen is nowhere; ",
        "CRN-7002: drain.timeout is 700s; ",
    ] {
        assert!(
            told.iter().any(|line| line.starts_with(expected)),
            "{expected} is not in {told:#?}"
        );
    }
}

#[test]
fn a_value_of_the_wrong_kind_is_told_without_secrets() {
    let settings = [
        ("issuer", text("https://a.example")),
        (
            "database_url",
            Value::Array(vec![text("postgres://u:hunter2@db/c")]),
        ),
    ];
    let faults = config(&gathered(&settings)).unwrap_err();
    let told = faults.iter().map(ToString::to_string).collect::<String>();
    assert!(
        told.contains("database_url is a secret") && !told.contains("hunter2"),
        "{told}"
    );
}

#[test]
fn of_a_long_issuer_only_the_beginning_is_told() {
    let long = format!("https://auth.example.com/{}", "\u{1c}".repeat(500));
    let faults = config(&gathered(&[
        ("issuer", text(&long)),
        ("http.listen", text(&long)),
    ]))
    .unwrap_err();
    let told: Vec<_> = faults.iter().map(ToString::to_string).collect();
    assert!(
        told.iter()
            .any(|line| line.contains("issuer is https://auth"))
    );
    assert!(
        told.iter().all(|line| line.chars().count() < 500),
        "{told:?}"
    );
}

#[test]
fn rfc8414_2_an_issuer_is_https_without_query_or_fragment() {
    for good in [
        "https://auth.example.com",
        "http://127.0.0.1:8080",
        "http://localhost:1",
        "http://[::1]:1",
    ] {
        assert_eq!(issuer(good), Ok(()), "{good}");
    }
    for bad in [
        "auth.example.com",
        "http://auth.example.com",
        "https://a.example/x",
        "https://a.example?x",
        "https://a.example#x",
        "https://u:p@a.example",
        "ftp://a.example",
        "https://",
        "https://a.example\u{1c}",
        " https://a.example",
    ] {
        assert!(issuer(bad).is_err(), "{bad}");
    }
}

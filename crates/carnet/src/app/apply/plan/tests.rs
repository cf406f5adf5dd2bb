//! How two states of an app are told apart.

use serde_json::{Value, json};

use super::differences;

fn told(before: &Value, after: &Value) -> Vec<String> {
    let found = differences(before, after).into_iter();
    found
        .map(|(member, what)| format!("{member} {what}"))
        .collect()
}

#[test]
fn only_what_differs_is_told_at_its_member() {
    let before = json!({
        "title": "Books", "home": "https://a.example", "require_pkce": true, "etag": "\"1\"",
        "redirect_uris": ["https://a.example/1", "https://a.example/2"], "scopes": ["a", "b"],
        "lifetimes": {"access_token_seconds": 3600, "refresh_idle_seconds": 60},
        "exchange": {"audiences": [], "impersonate": false},
        "jwks": {"keys": [{"kid": "one", "n": "long"}]}
    });
    assert_eq!(told(&before, &before), [""; 0]);
    let after = json!({
        "title": "Ledger\u{1b}[31m", "require_pkce": false, "etag": "\"2\"",
        "redirect_uris": ["https://a.example/2", "https://a.example/3"], "scopes": ["b", "a"],
        "lifetimes": {"access_token_seconds": 900, "refresh_idle_seconds": 60},
        "exchange": {"audiences": ["urn:x"], "impersonate": false},
        "legacy": {"password": true, "implicit": false, "warning": "..."},
        "jwks": {"keys": [{"kid": "two"}, {}]}
    });
    let lines = told(&before, &after);
    assert_eq!(
        lines,
        [
            "exchange.audiences + urn:x",
            "home https://a.example -> none",
            "jwks one -> two (without kid)",
            "legacy.implicit none -> false",
            "legacy.password none -> true",
            "lifetimes.access_token_seconds 3600 -> 900",
            "redirect_uris + https://a.example/3",
            "redirect_uris - https://a.example/1",
            "require_pkce true -> false",
            "scopes in another order",
            lines.last().map_or("", String::as_str),
        ]
    );
    let title = lines.last().expect("the title");
    assert!(title.starts_with("title Books -> Ledger"), "{title}");
    assert!(
        !title.contains('\u{1b}'),
        "no control characters: {title:?}"
    );
}

#[test]
fn a_long_value_is_cut() {
    let lines = told(&json!({}), &json!({"policy": "\u{e4}".repeat(500)}));
    assert_eq!(lines[0].chars().count(), "policy none -> ".len() + 123);
}

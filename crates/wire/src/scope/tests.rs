//! Scopes as sets.

use std::collections::BTreeSet;

use proptest::prelude::{Strategy, any, proptest};

use super::{MAX_TOKEN_BYTES, MAX_TOKENS, Scope, ScopeError, ScopeToken, without_commas};
use crate::legal::Echo;

fn scope(text: &str) -> Scope {
    text.parse().unwrap()
}

#[test]
fn rfc6749_3_3_the_order_does_not_matter_and_a_token_counts_once() {
    assert_eq!(scope("b a b"), scope("a b"));
    assert_eq!(scope("b a b").to_string(), "a b");
    assert_eq!(scope("  a   b "), scope("a b"));
    assert_eq!(scope("b a b").len(), 2);
}

#[test]
fn rfc6749_3_3_tokens_are_case_sensitive() {
    assert!(!scope("Read").contains("read"));
}

#[test]
fn rfc6749_3_3_the_charset_of_a_token() {
    for text in ["a\"b", "a\\b", "a\tb", "a\nb", "\u{e9}", "a\u{7F}"] {
        assert_eq!(
            Scope::parse(text),
            Err(ScopeError::NotAToken(Echo::of(text))),
            "{text:?}"
        );
        assert!(text.parse::<ScopeToken>().is_err());
    }
    assert!("!#[]~".parse::<ScopeToken>().is_ok());
    assert!("".parse::<ScopeToken>().is_err());
    assert!("a b".parse::<ScopeToken>().is_err());
}

#[test]
fn the_bounds_hold() {
    let many = |count: usize| {
        (0..count)
            .map(|n| format!("s{n}"))
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(scope(&many(MAX_TOKENS)).len(), MAX_TOKENS);
    assert_eq!(
        Scope::parse(&many(MAX_TOKENS + 1)),
        Err(ScopeError::TooMany)
    );
    assert!(Scope::parse(&"s".repeat(MAX_TOKEN_BYTES)).is_ok());
    let long = "s".repeat(MAX_TOKEN_BYTES + 1);
    assert_eq!(
        Scope::parse(&long),
        Err(ScopeError::TooLong(Echo::of(&long)))
    );
}

#[test]
fn sets_are_compared_and_combined() {
    let (small, large) = (scope("b d"), scope("a b c d e"));
    assert!(small.within(&large) && !large.within(&small));
    assert!(Scope::default().within(&small) && !small.within(&Scope::default()));
    assert_eq!(large.without(&small), scope("a c e"));
    assert_eq!(large.intersection(&scope("d f b")), small);
    assert_eq!(small.union(&scope("f")).unwrap(), scope("b d f"));
    assert!(large.contains("c") && !large.contains("") && !large.contains("a b"));
    // A token that begins like another is another.
    assert!(!scope("a").within(&scope("ab")) && !scope("ab").contains("a"));
}

#[test]
fn seed_invalid_scope_commas_are_found_and_corrected() {
    assert_eq!(
        without_commas("invoices.read,calendar.readonly, x").as_deref(),
        Some("invoices.read calendar.readonly x")
    );
    assert_eq!(without_commas("a b"), None);
    // By the RFC it is one token, so the parser leaves the judgement to a rule.
    assert_eq!(scope("a,b").len(), 1);
    assert_eq!(Scope::parse_list("a,b\r\nc  ,").unwrap(), scope("a b c"));
}

#[test]
fn it_is_a_string_in_json() {
    assert_eq!(serde_json::to_string(&scope("b a")).unwrap(), "\"a b\"");
    assert_eq!(
        serde_json::from_str::<Scope>("\"b a\"").unwrap(),
        scope("a b")
    );
    assert!(serde_json::from_str::<Scope>("\"\\u00e9\"").is_err());
    assert!(serde_json::from_str::<ScopeToken>("\"a b\"").is_err());
}

fn tokens() -> impl Strategy<Value = BTreeSet<String>> {
    proptest::collection::btree_set("[a-d]{1,2}", 0..8)
}

fn of(tokens: &BTreeSet<String>) -> Scope {
    Scope::from_tokens(tokens.iter().map(String::as_str)).unwrap()
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        if let Ok(scope) = Scope::parse(&text) {
            assert_eq!(Scope::parse(scope.as_str()), Ok(scope));
        }
        let _ = Scope::parse_list(&text);
        let _ = without_commas(&text);
    }

    #[test]
    fn it_behaves_as_a_set(a in tokens(), b in tokens()) {
        let (x, y) = (of(&a), of(&b));
        assert_eq!(x.within(&y), a.is_subset(&b));
        assert_eq!(x.without(&y), of(&a.difference(&b).cloned().collect()));
        assert_eq!(x.intersection(&y), of(&a.intersection(&b).cloned().collect()));
        assert_eq!(x.union(&y).unwrap(), of(&a.union(&b).cloned().collect()));
        assert_eq!(x == y, a == b);
    }
}

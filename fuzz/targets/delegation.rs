//! Scopes as an administrator types them into a delegation or a policy, and who is named beside them.
//!
//! 1. What is taken is scopes that exist, each once, and reads the same when it is printed.
//! 2. What is not is told at its place, in words that cannot carry somebody else's.
//! 3. Sets of scopes behave as sets.
//! 4. A name that is read is printed as the same name.

#![no_main]

use std::str::FromStr;
use std::sync::{Arc, OnceLock};

use carnet_core::record::{Api, ApiScope, Risk, TokenFormat, Visibility};
use carnet_core::rule::admin::scope::Typed;
use carnet_core::store::Catalog;
use carnet_core::value::{
    ApiId, Counting, Email, Seconds, ServiceAccountEmail, UniqueId, UnixTime, Version,
};
use carnet_jose::Algorithm;
use carnet_wire::legal::is_legal;
use carnet_wire::scope::Scope;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (typed, other) = text.split_once("---").unwrap_or((text, ""));
    resolved(&Typed::Text(typed.to_owned()));
    resolved(&Typed::List(typed.lines().map(str::to_owned).collect()));
    if let (Ok(one), Ok(two)) = (Scope::parse_list(typed), Scope::parse_list(other)) {
        sets(&one, &two);
    }
    name::<Email>(typed);
    name::<ServiceAccountEmail>(typed);
    name::<UniqueId>(typed);
});

fn resolved(typed: &Typed) {
    match typed.resolve(catalog(), None) {
        Ok(scope) => {
            assert!(!scope.is_empty());
            assert!(scope.iter().all(|token| catalog().scope(token).is_some()));
            assert_eq!(Scope::parse(scope.as_str()).as_ref(), Ok(&scope));
        }
        Err(no) => {
            assert!(no.detail.bytes().all(is_legal), "{}", no.detail);
            for wrong in &no.wrongs {
                assert!(wrong.pointer.starts_with("/scopes"));
                assert!(wrong.detail.bytes().all(is_legal), "{}", wrong.detail);
                assert!(wrong.detail.len() < 400, "{}", wrong.detail);
            }
        }
    }
}

fn sets(one: &Scope, two: &Scope) {
    let (both, rest) = (one.intersection(two), one.without(two));
    assert!(both.within(one) && both.within(two) && rest.within(one));
    assert!(rest.iter().all(|token| !two.contains(token)));
    assert_eq!(both.union(&rest).as_ref(), Ok(one));
    assert_eq!(one.within(two), rest.is_empty());
    if let Ok(all) = one.union(two) {
        assert!(one.within(&all) && two.within(&all));
        assert_eq!(two.union(one), Ok(all));
    }
}

fn name<T: FromStr + ToString + PartialEq>(text: &str) {
    if let Ok(name) = text.parse::<T>() {
        let printed = name.to_string();
        assert!(
            printed.parse::<T>().is_ok_and(|again| again == name),
            "{printed}"
        );
        assert!(!printed.chars().any(char::is_control));
    }
}

/// What there is: three scopes, two of which begin alike.
fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| {
        let scope = |name: &str| ApiScope {
            name: name.parse().expect("a scope"),
            title: "Sees".parse().expect("a title"),
            detail: String::new().parse().expect("a text"),
            risk: Risk::Read,
            visibility: Visibility::Public,
        };
        let api = Api {
            id: ApiId::mint(UnixTime(0), &mut Counting::default()),
            project: "demo".parse().expect("a project"),
            identifier: "https://api.example".parse().expect("an identifier"),
            title: "API".parse().expect("a title"),
            tokens: TokenFormat::Jwt,
            algorithm: Algorithm::RS256,
            lifetime: Seconds(3_600),
            scopes: ["read", "read.all", "https://api.example/auth/write"]
                .map(scope)
                .to_vec(),
            detail_types: Vec::new(),
            created: UnixTime(0),
            changed: UnixTime(0),
            version: Version::FIRST,
        };
        Catalog::new(vec![(Arc::new(api), None)])
    })
}

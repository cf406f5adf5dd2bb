//! A mapping and a condition of a workload provider, on claims: three parts with `---` between them.
//!
//! 1. What compiles is evaluated, and the trace says the same as the evaluation.
//! 2. What came out keeps its bounds: the subject, the groups, all values together.
//! 3. What does not compile is told at a place within its text; what is told carries nobody else's words.

#![no_main]

use std::collections::BTreeMap;

use carnet_core::rule::federation::mapping::Mapped;
use carnet_core::rule::federation::mapping::Mapping;
use carnet_wire::legal::is_legal;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|text: &str| {
    let mut parts = text.splitn(3, "---");
    let mapping = parts.next().unwrap_or_default();
    let condition = parts.next().filter(|condition| !condition.is_empty());
    let claims = parts.next().map(serde_json::from_str::<Value>);
    let claims = match claims {
        Some(Ok(claims)) => claims,
        _ => {
            serde_json::json!({"sub": "repo:acme/app", "groups": ["a", "b"], "n": 7, "o": {"k": [null, true, 1.5]}})
        }
    };
    let texts = BTreeMap::from([
        ("google.subject".to_owned(), mapping.to_owned()),
        ("google.groups".to_owned(), format!("[string({mapping})]")),
        ("attribute.a".to_owned(), "assertion.sub".to_owned()),
    ]);
    match Mapping::compile(&texts, condition) {
        Ok(compiled) => {
            let trace = compiled.trace(&claims);
            assert_eq!(trace.outcome, compiled.evaluate(&claims));
            match &trace.outcome {
                Ok(mapped) => bounded(mapped),
                Err(no) => assert!(no.to_string().bytes().all(is_legal), "{no}"),
            }
        }
        Err(faulty) => {
            assert!(faulty.why.bytes().all(is_legal), "{faulty}");
            assert!(faulty.why.len() < 400, "{faulty}");
            assert!(faulty.at.is_none_or(|at| (1..=5_000).contains(&at)));
        }
    }
});

fn bounded(mapped: &Mapped) {
    assert!((1..=127).contains(&mapped.subject.len()));
    let groups = mapped.groups.iter().map(String::len);
    let attributes = mapped.attributes.values().map(String::len);
    assert!(mapped.subject.len() + groups.chain(attributes).sum::<usize>() <= 8_192);
    assert!(!mapped.subject.chars().any(char::is_control));
}

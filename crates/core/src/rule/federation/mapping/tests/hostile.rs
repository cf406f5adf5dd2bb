//! Texts and tokens that were made to cost something: deep, long, exploding.

use carnet_wire::legal::is_legal;
use proptest::prelude::ProptestConfig;
use proptest::prelude::any;
use proptest::proptest;
use serde_json::Value as Json;
use serde_json::json;

use super::NotMapped;
use super::compile;
use super::faulty;
use super::holds;
use super::refused;
use super::trouble;

#[test]
fn brackets_are_counted_before_they_cost_a_stack() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{1:", "}"),
        ("size(", ")"),
        ("[1].map(x,", ")"),
    ] {
        let nested = |depth: usize| format!("{}1{}", open.repeat(depth), close.repeat(depth));
        let (why, _) = faulty(&nested(33));
        assert!(
            why.contains("32 deep") || why.contains("names"),
            "{open}: {why}"
        );
        assert!(faulty(&nested(300)).0.contains("deep") || open.contains("map"));
        let only_open = open.repeat(4_096 / open.len());
        assert!(compile(&[("google.subject", "'s'")], Some(&only_open)).is_err());
    }
    let nested = format!("{}true{}", "(".repeat(32), ")".repeat(32));
    assert!(holds(&nested, &json!({})));
}

#[test]
fn long_chains_need_no_stack() {
    let none = json!({});
    assert!(holds(&format!("{}true", "!".repeat(4_092)), &none));
    assert!(holds(&format!("{}1 == 1", "-".repeat(4_088)), &none));
    assert!(holds(&format!("1{} == 1", "+1-1".repeat(1_000)), &none));
    assert!(holds(&format!("true{}", "&&true".repeat(680)), &none));
    assert!(holds(&format!("{}true", "false||".repeat(580)), &none));
    assert!(holds(&format!("{}true", "false?true:".repeat(370)), &none));
    assert!(trouble(&format!("assertion{}", ".a".repeat(2_000)), &none).contains("'a'"));
    assert!(trouble(&format!("assertion{}", "[0]".repeat(1_300)), &none).contains("no such key"));
    assert!(trouble(&format!("1{}", "<1".repeat(2_000)), &none).contains("no order"));
}

#[test]
fn macros_in_macros_end_when_the_work_is_used_up() {
    let list = Json::Array((0..200).map(|number| json!(number)).collect());
    let assertion = json!({"l": list, "s": "x".repeat(8_000)});
    for explosion in [
        "assertion.l.all(a, assertion.l.all(b, assertion.l.all(c, a + b + c >= 0)))",
        "assertion.l.map(a, assertion.l.map(b, assertion.l.map(c, assertion.l.map(d, d)))).size() > 0",
        "assertion.l.map(a, assertion.s + assertion.s + assertion.s + assertion.s).size() > 0",
        "assertion.l.map(a, assertion.s.replace('x', assertion.s)).size() > 0",
        "assertion.l.exists(a, [assertion.s, assertion.s].join(assertion.s).contains('y'))",
        "assertion.l.exists(a, assertion.s.matches('(x+x+)+y'))",
        "assertion.l.exists(a, assertion.s.split('').exists(b, b == 'y'))",
        "assertion.l.filter(a, assertion.l.all(b, assertion.l in [[0], assertion.l])).size() > 0",
    ] {
        let why = trouble(explosion, &assertion);
        assert!(
            why.contains("more work") || why.contains("entries"),
            "{explosion}: {why}"
        );
    }
}

#[test]
fn an_empty_tank_decides_nothing() {
    let list = Json::Array((0..1_000).map(|number| json!(number)).collect());
    let work = "assertion.l.all(a, assertion.l.all(b, true))";
    for condition in [
        format!("{work} || true"),
        format!("!({work} && false)"),
        format!("[1, 2].exists(x, x == 2 || {work})"),
    ] {
        assert!(
            trouble(&condition, &json!({ "l": list })).contains("more work"),
            "{condition}"
        );
    }
}

#[test]
fn the_tank_is_one_for_all_mappings() {
    let list = Json::Array((0..300).map(|number| json!(number)).collect());
    let work = "assertion.l.all(a, assertion.l.all(b, b >= 0)) ? 'x' : 'y'";
    let pairs: Vec<(String, &str)> = (0..20)
        .map(|at| (format!("attribute.a{at}"), work))
        .collect();
    let mut pairs: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(key, text)| (key.as_str(), *text))
        .collect();
    pairs.push(("google.subject", "'s'"));
    let refused = refused(&pairs, None, &json!({ "l": list }));
    assert!(refused.to_string().contains("more work"), "{refused}");
}

#[test]
fn patterns_are_bounded() {
    let subject = [("google.subject", "'s'")];
    for pattern in [
        "a".repeat(513),
        "((a{100}){100}){100}".to_owned(),
        "(".repeat(100) + &")".repeat(100),
    ] {
        let condition = format!("'a'.matches('{pattern}')");
        assert!(compile(&subject, Some(&condition)).is_err(), "{pattern}");
    }
    let why = trouble(
        "assertion.s.matches('[a-z]{1,150}z[a-z]{1,150}y')",
        &json!({"s": "a".repeat(60_000)}),
    );
    assert!(why.contains("more work"), "{why}");
}

#[test]
fn deep_and_wide_assertions_are_only_read_where_they_are_named() {
    let mut deep = json!("end");
    for _ in 0..100 {
        deep = json!({ "a": deep, "b": vec![0; 100] });
    }
    assert!(holds(
        "assertion == assertion && assertion.b.size() == 100",
        &deep
    ));
    assert!(!holds("assertion.a == assertion", &deep));
}

#[test]
fn what_is_told_carries_no_word_of_others() {
    let refused = refused(
        &[("google.subject", "'s'")],
        Some("assertion.a == 'x'"),
        &json!({"a": format!("\u{1b}[31m\"\\<script>\n{}", "long".repeat(1_000))}),
    );
    let told = refused.to_string();
    assert!(told.bytes().all(is_legal), "{told}");
    assert!(told.len() < 300, "{told}");
    let NotMapped::Condition(term) = refused else {
        panic!("{told}");
    };
    assert_eq!(term.saw.len(), 1);
}

/// Pieces of the language: put together they are nearly always wrong, in ways nobody would write.
const PIECES: &[&str] = &[
    "assertion",
    "google.subject",
    "attribute",
    ".a",
    "[0]",
    "['k']",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "?",
    "&&",
    "||",
    "!",
    "-",
    "+",
    "*",
    "/",
    "%",
    "==",
    "<",
    " in ",
    "1",
    "2u",
    ".5",
    "'x'",
    "b'y'",
    "true",
    "null",
    "has(",
    ".all(x,",
    ".map(y,",
    ".filter(x,",
    "x",
    "y",
    ".size()",
    "size(",
    ".split('')",
    ".join('a')",
    ".extract('{q}')",
    ".matches('a*')",
    "string(",
    "base64.decode(",
    "url.encode(",
    "'",
    "\"",
    "\\",
    "é",
    "\n",
    "//",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_pieces_compile_or_are_told_why(places in proptest::collection::vec(0..PIECES.len(), 0..40)) {
        let condition: String = places.iter().filter_map(|place| PIECES.get(*place)).copied().collect();
        judged(&condition);
    }

    #[test]
    fn any_text_compiles_or_is_told_why(condition in any::<String>()) {
        judged(&condition);
    }
}

fn judged(condition: &str) {
    let assertion = json!({"a": [1, "x", {"k": [true, null]}], "k": "text", "n": -1.5});
    match compile(&[("google.subject", "'s'")], Some(condition)) {
        Ok(mapping) => {
            let trace = mapping.trace(&assertion);
            assert_eq!(trace.outcome, mapping.evaluate(&assertion));
            if let Err(refused) = trace.outcome {
                assert!(refused.to_string().bytes().all(is_legal), "{refused}");
            }
        }
        Err(faulty) => {
            assert!(faulty.why.bytes().all(is_legal), "{}", faulty.why);
            let at = faulty.at.unwrap_or(1);
            assert!(
                (1..=condition.chars().count() + 1).contains(&at),
                "{condition}: {at}"
            );
        }
    }
}

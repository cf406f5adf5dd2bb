//! Mappings and conditions: what Google's documents describe, the language's rules, and hostile texts.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use serde_json::json;

use super::AVAILABILITY;
use super::CONDITION_CHARS;
use super::Came;
use super::Faulty;
use super::Mapped;
use super::Mapping;
use super::NotMapped;
use super::check_availability;

mod binding;
mod hostile;
mod language;

fn texts(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let pairs = pairs.iter();
    pairs
        .map(|(key, text)| ((*key).to_owned(), (*text).to_owned()))
        .collect()
}

fn compile(pairs: &[(&str, &str)], condition: Option<&str>) -> Result<Mapping, Faulty> {
    Mapping::compile(&texts(pairs), condition)
}

fn evaluate(pairs: &[(&str, &str)], condition: Option<&str>, assertion: &Json) -> Mapped {
    let mapping = compile(pairs, condition).unwrap();
    mapping.evaluate(assertion).unwrap()
}

fn refused(pairs: &[(&str, &str)], condition: Option<&str>, assertion: &Json) -> NotMapped {
    let mapping = compile(pairs, condition).unwrap();
    mapping.evaluate(assertion).unwrap_err()
}

/// One expression's text value.
fn text(expression: &str, assertion: &Json) -> String {
    let pairs = [("google.subject", "'s'"), ("attribute.x", expression)];
    let mut mapped = evaluate(&pairs, None, assertion);
    mapped.attributes.remove("x").unwrap()
}

/// Whether a condition is true; an error is not false.
fn holds(condition: &str, assertion: &Json) -> bool {
    let mapping = compile(&[("google.subject", "'s'")], Some(condition));
    match mapping.unwrap().evaluate(assertion) {
        Ok(_) => true,
        Err(NotMapped::Condition(_)) => false,
        Err(other) => panic!("{condition}: {other}"),
    }
}

/// Why a condition has no value.
fn trouble(condition: &str, assertion: &Json) -> String {
    match refused(&[("google.subject", "'s'")], Some(condition), assertion) {
        NotMapped::NoCondition { why } => why,
        other => panic!("{condition}: {other}"),
    }
}

/// Why a condition is not taken, and where.
fn faulty(condition: &str) -> (String, Option<usize>) {
    let faulty = compile(&[("google.subject", "'s'")], Some(condition));
    let faulty = faulty.expect_err(condition);
    assert_eq!(faulty.which, super::CONDITION);
    (faulty.why, faulty.at)
}

fn github() -> Json {
    json!({
        "iss": "https://token.actions.githubusercontent.com",
        "sub": "repo:acme/app:ref:refs/heads/main",
        "aud": "https://iam.googleapis.com/x",
        "repository": "acme/app", "repository_owner": "acme", "repository_owner_id": "42",
        "ref": "refs/heads/main", "ref_type": "branch", "actor": "dana",
        "workflow_ref": "acme/app/.github/workflows/ci.yml@refs/heads/main",
        "run_attempt": 2, "exp": 1_700_000_000
    })
}

#[test]
fn google_wire_6_4_a_ci_token_is_mapped_and_meets_its_condition() {
    let pairs = [
        ("google.subject", "assertion.sub"),
        ("attribute.repository", "assertion.repository"),
        ("attribute.actor", "assertion.actor"),
        (
            "attribute.workflow",
            "assertion.workflow_ref.extract('/.github/workflows/{file}@')",
        ),
        ("attribute.attempt", "string(assertion.run_attempt)"),
    ];
    let condition = "assertion.repository_owner == 'acme' && attribute.repository.startsWith('acme/') \
                     && google.subject.contains(':ref:') && assertion.ref in ['refs/heads/main', 'refs/heads/next']";
    let mapped = evaluate(&pairs, Some(condition), &github());
    assert_eq!(mapped.subject, "repo:acme/app:ref:refs/heads/main");
    assert_eq!(mapped.attributes["repository"], "acme/app");
    assert_eq!(mapped.attributes["workflow"], "ci.yml");
    assert_eq!(mapped.attributes["attempt"], "2");
    assert_eq!(mapped.groups, Vec::<String>::new());
}

#[test]
fn google_wire_6_4_a_cluster_token_is_mapped() {
    let assertion = json!({
        "sub": "system:serviceaccount:shop:checkout",
        "kubernetes.io": {"namespace": "shop", "serviceaccount": {"name": "checkout", "uid": "u-1"}}
    });
    let pairs = [
        (
            "google.subject",
            "assertion['kubernetes.io']['namespace'] + '::' + assertion['kubernetes.io'].serviceaccount.name",
        ),
        (
            "attribute.namespace",
            "assertion['kubernetes.io'].namespace",
        ),
    ];
    let mapped = evaluate(
        &pairs,
        Some("assertion['kubernetes.io']['namespace'] in ['shop', 'stock']"),
        &assertion,
    );
    assert_eq!(mapped.subject, "shop::checkout");
    assert_eq!(mapped.attributes["namespace"], "shop");
}

#[test]
fn google_wire_6_4_groups_are_a_list() {
    let assertion = json!({
        "preferred_username": "Dana@acme.example", "given": "Dana",
        "groups": ["eng", "ops"], "xms_mirid": "/subscriptions/1/resourcegroups/2/vm/3"
    });
    let pairs = [
        (
            "google.subject",
            "assertion.preferred_username.lowerAscii()",
        ),
        (
            "google.groups",
            "assertion.groups.filter(g, g != 'ops') + ['all']",
        ),
        ("google.display_name", "assertion.given"),
        (
            "attribute.subscription",
            "assertion.xms_mirid.split('/')[2]",
        ),
        (
            "attribute.path",
            "assertion.xms_mirid.split('/').filter(p, p != '').join('::')",
        ),
    ];
    let condition =
        Some("'all' in google.groups && google.display_name == 'Dana' && size(google.groups) == 2");
    let mapped = evaluate(&pairs, condition, &assertion);
    assert_eq!(mapped.subject, "dana@acme.example");
    assert_eq!(mapped.groups, ["eng", "all"]);
    assert_eq!(mapped.shown["display_name"], "Dana");
    assert_eq!(mapped.attributes["subscription"], "1");
    assert_eq!(
        mapped.attributes["path"],
        "subscriptions::1::resourcegroups::2::vm::3"
    );
}

#[test]
fn google_wire_6_4_saml_attributes_are_lists() {
    let assertion = json!({
        "subject": "dana",
        "attributes": {"https://acme.example/aliases": ["dana@acme.example", "d@acme.example"]}
    });
    let pairs = [
        ("google.subject", "assertion.subject"),
        (
            "attribute.alias",
            "assertion.attributes['https://acme.example/aliases'][0]",
        ),
    ];
    let condition = Some(
        "assertion.attributes['https://acme.example/aliases'].exists(a, a.endsWith('@acme.example'))",
    );
    let mapped = evaluate(&pairs, condition, &assertion);
    assert_eq!(mapped.attributes["alias"], "dana@acme.example");
}

#[test]
fn google_wire_6_4_aws_has_mappings_of_its_own() {
    let mapping = Mapping::compile(&Mapping::of_aws(), None).unwrap();
    let arn = "arn:aws:sts::123456789012:assumed-role/deployer/session-7";
    let mapped = mapping.evaluate(&json!({ "arn": arn, "account": "123456789012" }));
    let mapped = mapped.unwrap();
    assert_eq!(mapped.subject, arn);
    assert_eq!(
        mapped.attributes["aws_role"],
        "arn:aws:sts::123456789012:assumed-role/deployer"
    );
    let user = "arn:aws:iam::123456789012:user/dana";
    let mapped = mapping.evaluate(&json!({ "arn": user })).unwrap();
    assert_eq!(mapped.attributes["aws_role"], user);
}

#[test]
fn pains_p3_the_false_part_of_a_condition_is_named_with_what_it_read() {
    let pairs = [
        ("google.subject", "assertion.sub"),
        ("attribute.repository", "assertion.repository"),
    ];
    let condition = "assertion.repository_owner_id == '42' && (attribute.repository == 'acme/shop' || \
                     assertion.ref.startsWith('refs/tags/')) && assertion.actor == 'nobody'";
    let refused = refused(&pairs, Some(condition), &github());
    let NotMapped::Condition(term) = &refused else {
        panic!("{refused}");
    };
    assert_eq!(
        term.text,
        "attribute.repository == 'acme/shop' || assertion.ref.startsWith('refs/tags/')"
    );
    let saw = [
        ("attribute.repository", "'acme/app'"),
        ("assertion.ref", "'refs/heads/main'"),
    ];
    assert_eq!(
        term.saw,
        saw.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
    assert_eq!(refused.which(), "attribute_condition");
    assert!(
        refused
            .to_string()
            .ends_with("assertion.ref is 'refs/heads/main'"),
        "{refused}"
    );
}

#[test]
fn pains_p3_a_claim_that_is_missing_is_named_beside_those_that_are_there() {
    let pairs = [
        ("google.subject", "assertion.sub"),
        ("attribute.env", "assertion.environment"),
    ];
    let refused = refused(&pairs, None, &json!({"sub": "x", "aud": "y"}));
    assert_eq!(refused.which(), "attribute.env");
    assert_eq!(
        refused.to_string(),
        "the mapping of attribute.env: there is no 'environment'; there is: aud, sub."
    );
}

#[test]
fn pains_p3_a_trace_has_each_step_and_goes_on_behind_a_mapping_that_failed() {
    let pairs = [
        ("google.subject", "assertion.sub"),
        ("attribute.a", "assertion.none"),
        ("attribute.b", "assertion.aud"),
    ];
    let mapping = compile(&pairs, Some("google.subject == 'x'")).unwrap();
    let trace = mapping.trace(&json!({"sub": "x", "aud": "y"}));
    let which: Vec<_> = trace.steps.iter().map(|step| step.which.as_str()).collect();
    assert_eq!(which, ["google.subject", "attribute.a", "attribute.b"]);
    assert_eq!(trace.steps[0].came, Came::Text("x".to_owned()));
    assert!(matches!(trace.steps[1].came, Came::Failed(_)));
    assert_eq!(trace.steps[2].came, Came::Text("y".to_owned()));
    assert_eq!(trace.outcome.unwrap_err().which(), "attribute.a");

    let trace = mapping.trace(&json!({"sub": "x", "aud": "y", "none": ""}));
    assert_eq!(trace.steps[3].came, Came::True);
    assert_eq!(trace.steps[3].text, "google.subject == 'x'");
    assert_eq!(trace.outcome.unwrap().subject, "x");
}

#[test]
fn google_wire_6_4_the_subject_is_needed_and_short() {
    let none = compile(&[("attribute.a", "'x'")], None).unwrap_err();
    assert_eq!(none.which, "google.subject");
    assert_eq!(
        evaluate(
            &[("google.subject", "assertion.s")],
            None,
            &json!({"s": "x".repeat(127)})
        )
        .subject
        .len(),
        127
    );
    for wrong in [
        json!(""),
        json!("x".repeat(128)),
        json!(7),
        json!(null),
        json!("a\nb"),
    ] {
        let refused = refused(
            &[("google.subject", "assertion.s")],
            None,
            &json!({ "s": wrong }),
        );
        assert_eq!(refused.which(), "google.subject", "{wrong}");
    }
}

#[test]
fn google_wire_6_4_keys_and_their_number_are_bounded() {
    for key in [
        "google.email",
        "google",
        "attribute.",
        "attribute.A",
        "attribute.a-b",
        "x",
        "",
    ] {
        let faulty = compile(&[("google.subject", "'s'"), (key, "'x'")], None);
        assert!(faulty.is_err(), "{key}");
    }
    let long = format!("attribute.{}", "a".repeat(101));
    assert!(compile(&[("google.subject", "'s'"), (&long, "'x'")], None).is_err());
    let mut many = texts(&[("google.subject", "'s'")]);
    for number in 0..50 {
        many.insert(format!("attribute.a{number}"), "'x'".to_owned());
    }
    assert!(Mapping::compile(&many, None).is_ok());
    many.insert("attribute.b".to_owned(), "'x'".to_owned());
    let faulty = Mapping::compile(&many, None).unwrap_err();
    assert_eq!(
        (faulty.which.as_str(), faulty.at),
        ("attribute_mapping", None)
    );
}

#[test]
fn google_wire_6_4_texts_are_bounded_in_characters() {
    let of = |length: usize| format!("'{}'", "é".repeat(length - 2));
    assert!(compile(&[("google.subject", &of(2_048))], None).is_ok());
    let faulty = compile(&[("google.subject", &of(2_049))], None).unwrap_err();
    assert_eq!(faulty.why, "the text has more than 2048 characters.");
    let condition = |length: usize| format!("true{}", " ".repeat(length - 4));
    let subject = [("google.subject", "'s'")];
    assert!(compile(&subject, Some(&condition(4_096))).is_ok());
    assert!(compile(&subject, Some(&condition(4_097))).is_err());
}

#[test]
fn google_wire_6_4_all_mapped_values_together_are_bounded() {
    let pairs = [
        ("google.subject", "'s'"),
        ("attribute.a", "assertion.a"),
        ("google.groups", "assertion.g"),
    ];
    let fits = json!({"a": "x".repeat(4_000), "g": ["y".repeat(4_000), "z".repeat(191)]});
    assert_eq!(evaluate(&pairs, None, &fits).groups.len(), 2);
    let large = json!({"a": "x".repeat(4_000), "g": ["y".repeat(4_000), "z".repeat(192)]});
    assert!(
        refused(&pairs, None, &large)
            .to_string()
            .contains("8192 bytes")
    );
    let many = json!({"a": "", "g": vec!["g"; 401]});
    assert!(
        refused(&pairs, None, &many)
            .to_string()
            .contains("400 entries")
    );
    let mixed = json!({"a": "", "g": ["g", 7]});
    assert_eq!(refused(&pairs, None, &mixed).which(), "google.groups");
}

#[test]
fn a_condition_that_reads_what_nothing_maps_is_not_saved() {
    assert_eq!(
        faulty("attribute.nope == 'x'"),
        (
            "attribute.nope is not mapped by this provider.".to_owned(),
            Some(1)
        )
    );
    assert_eq!(faulty("true && 'x' in google.groups").1, Some(16));
    assert!(
        compile(&[("google.subject", "google.subject")], None)
            .unwrap_err()
            .why
            .contains("there is: assertion")
    );
}

#[test]
fn google_wire_6_5_conditions_of_boundaries_are_over_resource_and_api() {
    for good in [
        "resource.name.startsWith('projects/_/buckets/B/objects/a')",
        "api.getAttribute('storage.googleapis.com/objectListPrefix', '').startsWith('a')",
        "resource.type == 'storage.googleapis.com/Object' && !(resource.name.matches('^x'))",
    ] {
        assert_eq!(check_availability(good), Ok(()), "{good}");
    }
    for bad in [
        "",
        "resource.name ==",
        "assertion.sub == 'x'",
        "resource.delete()",
        "api.getAttribute('x')",
    ] {
        assert_eq!(
            check_availability(bad).unwrap_err().which,
            AVAILABILITY,
            "{bad}"
        );
    }
    let long = format!("'{}' == ''", "x".repeat(CONDITION_CHARS));
    assert_eq!(check_availability(&long).unwrap_err().at, None);
    let mapped = compile(
        &[("google.subject", "assertion.getAttribute('sub', '')")],
        None,
    );
    assert!(mapped.unwrap_err().why.contains("no function"));
}

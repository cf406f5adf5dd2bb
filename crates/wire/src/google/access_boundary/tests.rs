//! Boundaries of access: what is one, and what it permits.

use serde_json::{Value, json};

use super::{AccessBoundary, MAX_BYTES, MAX_RULES, NotABoundary};

const BUCKET: &str = "//storage.googleapis.com/projects/_/buckets/B";

fn rule() -> Value {
    json!({
        "availableResource": BUCKET,
        "availablePermissions": ["inRole:roles/storage.objectViewer"],
    })
}

fn of(rules: &[Value]) -> Result<AccessBoundary, NotABoundary> {
    AccessBoundary::of(&json!({ "accessBoundaryRules": rules }))
}

#[test]
fn google_wire_6_5_a_boundary_is_read_and_printed_as_it_came() {
    let mut with = rule();
    with["availabilityCondition"] = json!({ "expression": "true", "title": "t" });
    let sent = json!({ "accessBoundaryRules": [rule(), with] });
    let boundary = AccessBoundary::of(&sent).unwrap();
    assert_eq!(serde_json::to_value(&boundary).unwrap(), sent);
    assert_eq!(
        serde_json::from_value::<AccessBoundary>(sent).unwrap(),
        boundary
    );
}

#[test]
fn google_wire_6_5_ten_rules_are_the_most() {
    assert!(of(&vec![rule(); MAX_RULES]).is_ok());
    assert_eq!(
        of(&vec![rule(); MAX_RULES + 1]),
        Err(NotABoundary::Rules(11))
    );
    assert_eq!(of(&[]), Err(NotABoundary::Rules(0)));
}

#[test]
fn google_wire_6_5_a_boundary_has_an_end() {
    let mut long = rule();
    long["availabilityCondition"] = json!({ "expression": "x".repeat(MAX_BYTES) });
    assert!(matches!(of(&[long]), Err(NotABoundary::TooLong(_))));
}

#[test]
fn google_wire_6_5_what_could_narrow_is_never_dropped() {
    for name in ["availableTimes", "availabilitycondition"] {
        let mut odd = rule();
        odd[name] = json!("x");
        assert_eq!(of(&[odd]), Err(NotABoundary::Shape), "{name}");
    }
    let odd = json!({ "accessBoundaryRules": [rule()], "until": 7 });
    assert_eq!(AccessBoundary::of(&odd), Err(NotABoundary::Shape));
    for odd in [json!(null), json!([]), json!("x"), json!({})] {
        assert_eq!(AccessBoundary::of(&odd), Err(NotABoundary::Shape));
    }
}

#[test]
fn google_wire_6_5_resources_and_roles_are_named_in_full() {
    let names = [
        "",
        "B",
        "//",
        "/x",
        "//h//b",
        "//h/../b",
        "//h/b/",
        "//h/b c",
        "//h/\u{e9}",
    ];
    for name in names {
        let mut odd = rule();
        odd["availableResource"] = name.into();
        assert!(
            matches!(of(&[odd]), Err(NotABoundary::Resource(_))),
            "{name}"
        );
    }
    for role in [
        "roles/x",
        "inRole:",
        "inRole:x",
        "inRole:roles/",
        "inRole:roles/a b",
        "inrole:roles/x",
    ] {
        let mut odd = rule();
        odd["availablePermissions"] = json!([role]);
        assert!(
            matches!(of(&[odd]), Err(NotABoundary::Permission(_))),
            "{role}"
        );
    }
    let mut none = rule();
    none["availablePermissions"] = json!([]);
    assert_eq!(of(&[none]), Err(NotABoundary::NoPermissions));
}

#[test]
fn google_wire_6_5_a_boundary_permits_its_resource_and_what_is_beneath_it() {
    let boundary = of(&[rule()]).unwrap();
    let viewer = |role: &str| role == "roles/storage.objectViewer";
    let asked = |resource: &str| boundary.permits(resource, viewer, |_| false);
    assert!(asked(BUCKET));
    assert!(asked(&format!("{BUCKET}/objects/a/b")));
    for other in ["2", "/../C/objects/a", "/objects/./a"] {
        assert!(!asked(&format!("{BUCKET}{other}")), "{other}");
    }
    assert!(!asked("//storage.googleapis.com/projects/_/buckets"));
    let writer = |role: &str| role == "roles/storage.objectCreator";
    assert!(!boundary.permits(BUCKET, writer, |_| true));
}

#[test]
fn google_wire_6_5_a_rule_counts_only_while_its_condition_is_met() {
    let mut with = rule();
    with["availabilityCondition"] = json!({ "expression": "false" });
    let boundary = of(&[with]).unwrap();
    let asked = |met: bool| {
        boundary.permits(
            BUCKET,
            |_| true,
            |condition| {
                assert_eq!(condition.expression, "false");
                met
            },
        )
    };
    assert!(asked(true));
    assert!(!asked(false));
}

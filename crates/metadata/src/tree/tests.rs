//! What stands where.

use serde_json::json;

use super::Node;
use crate::instance::Attached;
use crate::instance::Instance;

const EMAIL: &str = "ci@demo.iam.gserviceaccount.com";

fn instance() -> Instance {
    let mut instance = Instance::named("worker", "demo", 17);
    instance.id = 4;
    instance
        .attributes
        .insert("boot-mode".into(), "plain".into());
    instance.account = Some(Attached {
        email: EMAIL.to_owned(),
        scopes: vec!["a".to_owned(), "b".to_owned()],
    });
    instance
}

fn said(path: &str) -> Option<String> {
    Node::of(&instance()).at(path).map(Node::text)
}

#[test]
fn google_wire_7_1_each_path_has_its_value() {
    for (path, value) in [
        ("", "instance/\nproject/\nuniverse/\n"),
        (
            "instance/",
            "attributes/\nhostname\nid\nname\nregion\nservice-accounts/\nzone\n",
        ),
        ("instance/id", "4"),
        ("instance/name", "worker"),
        ("instance/zone", "projects/17/zones/local1-a"),
        ("instance/region", "projects/17/regions/local1"),
        ("instance/hostname", "worker.local1-a.c.demo.internal"),
        ("instance/attributes/", "boot-mode\n"),
        ("instance/attributes/boot-mode", "plain"),
        (
            "instance/service-accounts/",
            "ci@demo.iam.gserviceaccount.com/\ndefault/\n",
        ),
        (
            "instance/service-accounts/default/",
            "aliases\nemail\nidentity\nscopes\ntoken\n",
        ),
        ("instance/service-accounts/default/email", EMAIL),
        ("instance/service-accounts/default/scopes", "a\nb\n"),
        ("instance/service-accounts/default/aliases", "default\n"),
        ("project/project-id", "demo"),
        ("project/numeric-project-id", "17"),
        ("universe/universe-domain", "googleapis.com"),
        ("universe/universe_domain", "googleapis.com"),
    ] {
        assert_eq!(said(path).as_deref(), Some(value), "{path}");
    }
}

#[test]
fn google_wire_7_1_an_account_is_found_by_its_email_too() {
    for email in [EMAIL, "ci%40demo.iam.gserviceaccount.com"] {
        let path = format!("instance/service-accounts/{email}/email");
        assert_eq!(said(&path).as_deref(), Some(EMAIL));
    }
    for other in [
        "other@demo.iam.gserviceaccount.com",
        "%zz",
        "%4",
        "%ff",
        "..",
    ] {
        assert_eq!(
            said(&format!("instance/service-accounts/{other}/email")),
            None,
            "{other}"
        );
    }
}

#[test]
fn google_wire_7_1_without_an_account_there_is_no_default() {
    let alone = Node::of(&Instance::named("worker", "demo", 17));
    assert_eq!(alone.at("instance/service-accounts/default/email"), None);
    assert_eq!(
        alone.at("instance/service-accounts/").map(Node::text),
        Some(String::new())
    );
}

#[test]
fn a_value_is_no_directory() {
    assert_eq!(said("instance/id/"), None);
    assert_eq!(said("instance/id/x"), None);
}

#[test]
fn google_wire_7_1_the_whole_as_json_has_camel_case_and_no_token() {
    let account = json!({"aliases": ["default"], "email": EMAIL, "scopes": ["a", "b"]});
    assert_eq!(
        Node::of(&instance()).json(),
        Some(json!({
            "instance": {
                "attributes": {"boot-mode": "plain"},
                "hostname": "worker.local1-a.c.demo.internal",
                "id": 4,
                "name": "worker",
                "region": "projects/17/regions/local1",
                "serviceAccounts": {EMAIL: account, "default": account},
                "zone": "projects/17/zones/local1-a",
            },
            "project": {"attributes": {}, "numericProjectId": 17, "projectId": "demo"},
            "universe": {"universeDomain": "googleapis.com"},
        }))
    );
}

#[test]
fn the_whole_as_text_is_a_line_for_each_value() {
    let tree = Node::of(&instance());
    let account = tree.at("instance/service-accounts/default/").unwrap();
    assert_eq!(
        account.paths(),
        format!("aliases default\nemail {EMAIL}\nscopes a\nscopes b\n")
    );
}

#[test]
fn a_tag_is_another_where_something_below_is() {
    let before = Node::of(&instance());
    let mut changed = instance();
    changed.attributes.insert("boot-mode".into(), "safe".into());
    let after = Node::of(&changed);
    let tag = |tree: &Node, path| tree.at(path).map(Node::tag);
    assert_ne!(tag(&before, "instance/"), tag(&after, "instance/"));
    assert_eq!(tag(&before, "project/"), tag(&after, "project/"));
    assert_eq!(tag(&before, "").map(|tag| tag.len()), Some(16));
}

#[test]
fn the_number_of_a_machine_is_the_same_after_a_restart() {
    let one = Instance::named("worker", "demo", 17);
    assert_eq!(one.id, Instance::named("worker", "demo", 18).id);
    assert_ne!(one.id, Instance::named("other", "demo", 17).id);
    assert!(i64::try_from(one.id).is_ok());
}

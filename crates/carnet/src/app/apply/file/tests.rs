//! What a file of apps may be, and what is told where it is none.

use serde_json::json;

use super::Source;
use crate::exit::Exit;

fn read(text: &str, ending: Option<&str>) -> Source {
    Source::parse(text, ending).expect("a file of apps")
}

fn no(text: &str, ending: Option<&str>) -> String {
    Source::parse(text, ending).expect_err("not a file of apps")
}

#[test]
fn one_app_or_many_in_json_or_toml_say_the_same() {
    let said = json!({"id": "books", "title": "Books", "kind": "web", "scopes": ["openid"]});
    let toml =
        "[[clients]]\nid = \"books\"\ntitle = \"Books\"\nkind = \"web\"\nscopes = [\"openid\"]\n";
    let forms = [
        said.to_string(),
        json!([said]).to_string(),
        json!({"clients": [said]}).to_string(),
        json!({"items": [said], "project": "billing"}).to_string(),
        toml.to_owned(),
        "\n  id = 'books'\ntitle = 'Books'\nkind = 'web'\nscopes = ['openid']".to_owned(),
    ];
    for text in &forms {
        let source = read(text, None);
        assert_eq!(source.entries.len(), 1, "{text}");
        assert_eq!(source.entries[0].to_make(), said, "{text}");
    }
    assert_eq!(read(toml, Some("toml")).entries[0].to_make(), said);
    assert_eq!(read(&forms[3], None).project.as_deref(), Some("billing"));
    assert_eq!(read(&forms[0], None).project, None);
}

#[test]
fn what_an_app_shows_and_nobody_sets_is_left_out() {
    let shown = json!({
        "id": "books", "project": "billing", "title": "Books", "kind": "web", "home": null,
        "state": {"state": "active"}, "created": "2026-01-01T00:00:00Z",
        "changed": "2026-01-01T00:00:00Z", "etag": "\"3\"",
        "legacy": {"password": false, "implicit": true, "warning": "..."}
    });
    let source = read(&shown.to_string(), Some("json"));
    assert_eq!(source.project.as_deref(), Some("billing"));
    let entry = &source.entries[0];
    let legacy = json!({"password": false, "implicit": true});
    assert_eq!(
        entry.to_change(),
        json!({"title": "Books", "home": null, "legacy": legacy}),
        "id and kind stay, and null takes away"
    );
    assert_eq!(
        entry.to_make(),
        json!({"id": "books", "title": "Books", "kind": "web", "legacy": legacy})
    );
}

#[test]
fn what_is_wrong_is_told_at_its_place() {
    for (text, ending, told) in [
        (
            "[{\"id\": \"a\"},\n {\"title\": \"B\"}]",
            None,
            "[1]: id is missing",
        ),
        ("[{\"id\": \"a\"}, 7]", None, "[1]: this is no app"),
        ("[{\"id\": 7}]", None, "[0]: id is not a text"),
        ("{\"title\": \"B\"}", None, "id is missing"),
        ("{\"id\": \"a\",\n \"title\": }", None, "line 2 column"),
        ("[[clients]]\nid = \"a\"\ntitle = \n", None, "(line 3)"),
        ("[[clients]]\nid = \"a\"\nid = \"b\"\n", None, "(line 3)"),
        (
            "{\"id\": \"a\", \"kind\": \"web\", \"kind\": \"daemon\"}",
            None,
            "repeated",
        ),
        (
            "[{\"id\": \"a\"}, {\"id\": \"a\"}]",
            None,
            "[1] a: the id is there twice",
        ),
        (
            "{\"clients\": [{\"id\": \"a\", \"project\": \"x\"}, {\"id\": \"b\", \"project\": \"y\"}]}",
            None,
            "clients[1] b: project is y, and x before it",
        ),
        (
            "{\"clients\": {\"id\": \"a\"}}",
            None,
            "clients is not a list",
        ),
        (
            "{\"clients\": [], \"apis\": []}",
            None,
            "apis stands beside clients",
        ),
        ("[]", None, "there is no app in it"),
        ("7", Some("json"), "neither an app nor a list"),
        ("id: a", Some("yaml"), "not YAML"),
        ("", None, "id is missing"),
    ] {
        let why = no(text, ending);
        assert!(why.contains(told), "{text}: {why}");
    }
}

#[test]
fn a_file_is_bounded() {
    let large = format!("{{\"id\": \"{}\"}}", "a".repeat(1024 * 1024));
    assert!(no(&large, None).contains("larger than 1048576 bytes"));
    let many: Vec<_> = (0..1_001).map(|n| json!({"id": format!("a{n}")})).collect();
    let many = serde_json::Value::Array(many).to_string();
    assert!(no(&many, None).contains("more than 1000 apps"));
    let deep = format!(
        "{{\"id\": \"a\", \"x\": {}1{}}}",
        "[".repeat(60),
        "]".repeat(60)
    );
    assert!(no(&deep, None).contains("too deeply"));
}

#[test]
fn an_app_keeps_its_kind_and_its_project() {
    let text = json!({"id": "books", "kind": "native"}).to_string();
    let entry = &read(&text, None).entries[0];
    let fits = |kind: &str, project: &str| {
        entry.fits(&json!({"kind": kind, "project": project}), "billing")
    };
    assert!(fits("native", "billing").is_ok());
    for (kind, project, told) in [
        ("web", "billing", "kind never changes"),
        ("native", "sales", "an app of the project sales"),
    ] {
        let failure = fits(kind, project).expect_err("a conflict");
        assert_eq!(failure.exit(), Exit::Conflict);
        assert!(failure.to_string().contains(told), "{failure}");
    }
}

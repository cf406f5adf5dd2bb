//! Tables and lists, for a terminal and for a pipe.

use serde_json::json;

use super::cell::Column;
use super::table::{self, Shape};
use super::{names, printable, yaml};

const COLUMNS: &[Column] = &[
    Column::at("NAME", "/name"),
    Column::at("STATUS", "/state/state"),
    Column::moment("CREATED", "/created"),
    Column::at("SCOPES", "/scopes").wide(),
];

fn items() -> Vec<serde_json::Value> {
    vec![
        json!({"name": "sync", "state": {"state": "active"}, "created": "2026-04-02T09:10:58Z", "scopes": ["a", "b"]}),
        json!({"name": "bot", "state": {"state": "disabled"}, "scopes": []}),
    ]
}

fn shape(terminal: Option<usize>, wide: bool) -> Shape {
    Shape {
        terminal,
        wide,
        now: 1_775_121_298,
    }
}

#[test]
fn a_table_on_a_terminal_has_a_head_and_friendly_times() {
    assert_eq!(
        table::list(&items(), COLUMNS, shape(Some(80), false)),
        "NAME   STATUS     CREATED\nsync   active     4 min ago\nbot    disabled   -\n"
    );
}

#[test]
fn a_table_loses_columns_before_it_wraps() {
    let text = table::list(&items(), COLUMNS, shape(Some(17), true));
    assert_eq!(text, "NAME   STATUS\nsync   active\nbot    disabled\n");
    let narrow = table::list(&items(), COLUMNS, shape(Some(1), true));
    assert_eq!(narrow, "NAME\nsync\nbot\n");
}

#[test]
fn without_a_terminal_there_are_tabs_and_exact_times() {
    assert_eq!(
        table::list(&items(), COLUMNS, shape(None, true)),
        "sync\tactive\t2026-04-02T09:10:58Z\ta b\nbot\tdisabled\t\t\n"
    );
}

#[test]
fn rfc4180_2_quotes_what_needs_it() {
    let items = [
        json!({"name": "a,\"b\""}),
        json!({"name": "=1+1"}),
        json!({"name": "-3"}),
    ];
    let text = table::csv(&items, &COLUMNS[..1]);
    assert_eq!(text, "name\n\"a,\"\"b\"\"\"\n\"'=1+1\"\n-3\n");
}

#[test]
fn names_are_the_first_column() {
    assert_eq!(names(&items(), COLUMNS), "sync\nbot\n");
}

#[test]
fn no_control_character_reaches_a_terminal() {
    assert_eq!(
        printable("a\u{1b}[31mb\nc\u{202e}d\u{9b}"),
        "a\u{fffd}[31mb c\u{fffd}d\u{fffd}"
    );
}

#[test]
fn yaml_quotes_every_text() {
    let value = json!({"no": "no", "list": [{"a": 1, "b": []}, "x"], "empty": {}});
    // serde_json sorts the members.
    assert_eq!(
        yaml::print(&value),
        "empty: {}\nlist:\n  - a: 1\n    b: []\n  - \"x\"\n\"no\": \"no\"\n"
    );
}

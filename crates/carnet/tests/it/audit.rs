//! `carnet audit`: followed, exported, and the exit code of Ctrl-C.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::{Running, Sandbox, carnet};

fn sequences(text: &str) -> Vec<i64> {
    let entries = text.lines().map(|line| {
        let entry: Value = serde_json::from_str(line).expect("a line of JSON");
        entry["sequence"].as_i64().expect("a number")
    });
    entries.collect()
}

#[test]
fn the_log_is_exported_oldest_first_and_whole() {
    let sandbox = Sandbox::start();
    for name in ["one", "two", "three"] {
        let made = sandbox.admin(&["project", "create", &format!("data-{name}")]);
        assert_eq!(made.code, Some(0), "{}", made.err);
    }
    let told = sandbox.admin(&["audit", "export"]);
    assert_eq!(told.code, Some(0), "{}", told.err);
    let found = sequences(&told.out);
    let last = i64::try_from(found.len()).unwrap();
    assert!(last >= 3);
    assert_eq!(found, (1..=last).collect::<Vec<_>>());
    let told = sandbox.admin(&["audit", "export", "--action", "project.create"]);
    assert!(sequences(&told.out).len() >= 3, "{}", told.out);
    assert!(
        told.out
            .lines()
            .all(|line| line.contains("\"project.create\""))
    );
}

#[test]
fn ux_3_2_the_log_is_followed_until_ctrl_c() {
    let sandbox = Sandbox::start();
    sandbox.admin(&["project", "create", "data-one"]);
    let told = sandbox.admin(&["audit", "tail", "--no-follow", "--action", "project.create"]);
    assert_eq!(told.code, Some(0), "{}", told.err);
    assert!(
        told.out.contains(": project create data-one\n"),
        "{}",
        told.out
    );

    let key = sandbox.key("admin");
    let words = [
        "audit",
        "tail",
        "--key",
        &key,
        "-o",
        "jsonl",
        "--action",
        "project.create",
    ];
    let mut command = carnet(sandbox.folder.path(), &words);
    let mut tail = Running(command.stdout(Stdio::piped()).spawn().unwrap());
    let mut lines = BufReader::new(tail.0.stdout.take().unwrap()).lines();
    let mut until = |target: &str| {
        lines.find(|line| {
            let entry: Value = serde_json::from_str(line.as_ref().unwrap()).unwrap();
            entry["target"] == target
        })
    };
    assert!(until("data-one").is_some());
    sandbox.admin(&["project", "create", "data-two"]);
    assert!(until("data-two").is_some());
    let told = Command::new("kill")
        .args(["-INT", &tail.0.id().to_string()])
        .status()
        .unwrap();
    assert!(told.success());
    assert_eq!(tail.0.wait().unwrap().code(), Some(130));
}

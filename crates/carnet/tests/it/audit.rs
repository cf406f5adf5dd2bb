//! `carnet audit`: followed, exported, and the exit code of Ctrl-C.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::{Running, Sandbox, carnet, until};

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
    let mut line_about = |target: &str| {
        lines.find(|line| {
            let entry: Value = serde_json::from_str(line.as_ref().unwrap()).unwrap();
            entry["target"] == target
        })
    };
    assert!(line_about("data-one").is_some());
    sandbox.admin(&["project", "create", "data-two"]);
    assert!(line_about("data-two").is_some());
    let told = Command::new("kill")
        .args(["-INT", &tail.0.id().to_string()])
        .status()
        .unwrap();
    assert!(told.success());
    assert_eq!(tail.0.wait().unwrap().code(), Some(130));
}

/// Asks for tokens with nothing in the request, so many times over one connection: each time it is
/// refused, and each refusal has its entry.
fn refused(sandbox: &Sandbox, times: usize) {
    let issuer = sandbox.ready["issuer"].as_str().unwrap();
    let address = issuer.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!("POST /token HTTP/1.1\r\nHost: {address}\r\nContent-Length: 0\r\n");
    for _ in 1..times {
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(b"\r\n").unwrap();
    }
    let last = format!("{head}Connection: close\r\n\r\n");
    stream.write_all(last.as_bytes()).unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).unwrap();
    assert_eq!(answers.matches("HTTP/1.1 400 ").count(), times);
}

#[test]
fn a_log_of_several_pages_is_exported_whole_and_in_its_order() {
    let sandbox = Sandbox::start();
    let made = sandbox.admin(&["project", "create", "data-one"]);
    assert_eq!(made.code, Some(0), "{}", made.err);
    // Two whole pages of 500, and a part of a third.
    let times = 1_234;
    refused(&sandbox, times);
    let words = ["audit", "export", "--action", "token.refuse"];
    // Refusals are written in batches, soon after the answers.
    let told =
        until(|| Some(sandbox.admin(&words)).filter(|told| told.out.lines().count() >= times));
    let found = sequences(&told.out);
    assert_eq!(found.len(), times);
    assert!(found.is_sorted_by(|earlier, later| earlier < later));
    assert!(
        told.err.ends_with(&format!("{times} entries\n")),
        "{}",
        told.err
    );
    let all = sequences(&sandbox.admin(&["audit", "export"]).out);
    let last = i64::try_from(all.len()).unwrap();
    assert!(all.len() > times);
    assert_eq!(all, (1..=last).collect::<Vec<_>>());
}

//! `carnet app apply` against a sandbox: apps become what a file says, and stay so.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::app::token;
use crate::support::{Ran, Sandbox, carnet, ran};

const READ: &str = "https://demo.carnet.dev/auth/invoices.read";

const APPS: &str = r#"
[[clients]]
id = "ledgerly"
title = "Ledgerly"
kind = "web"
redirect_uris = ["https://ledgerly.example/callback"]
scopes = ["openid", "email"]
contacts = ["ops@ledgerly.example"]
lifetimes = { access_token_seconds = 900 }

[[clients]]
id = "nightly"
title = "Nightly report"
kind = "daemon"
scopes = ["https://demo.carnet.dev/auth/invoices.read"]
default_scopes = ["https://demo.carnet.dev/auth/invoices.read"]

[[clients]]
id = "ledgerly-phone"
title = "Ledgerly on the phone"
kind = "native"
redirect_uris = ["com.example.ledgerly:/callback"]
scopes = ["openid"]
refresh_token_rotation = true
"#;

fn ok(ran: Ran) -> Ran {
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    ran
}

fn write(sandbox: &Sandbox, name: &str, text: impl AsRef<[u8]>) {
    std::fs::write(sandbox.path(name), text).expect("a file");
}

fn get(sandbox: &Sandbox, id: &str) -> Value {
    json(sandbox.admin(&["app", "get", id, "-o", "json"]))
}

/// Applies what comes on standard input.
fn piped(sandbox: &Sandbox, text: &str) -> Ran {
    let key = sandbox.key("admin");
    let words = [
        "app",
        "apply",
        "-",
        "--key",
        &key,
        "--project",
        "demo",
        "-o",
        "json",
    ];
    let mut command = carnet(sandbox.folder.path(), &words);
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().expect("it runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(text.as_bytes()).expect("it is read");
    drop(stdin);
    ok(ran(child.wait_with_output().expect("it ends")))
}

fn json(ran: Ran) -> Value {
    serde_json::from_str(&ok(ran).out).expect("JSON")
}

fn audited(sandbox: &Sandbox) -> usize {
    let list = json(sandbox.admin(&["audit", "list", "--limit", "1000", "-o", "json"]));
    let entries = list.as_array().expect("a list").iter();
    entries
        .filter(|entry| {
            entry["action"]
                .as_str()
                .is_some_and(|action| action.starts_with("client."))
        })
        .count()
}

#[test]
fn capability_22_apps_by_file_are_made_once_and_then_stay_as_they_are() {
    let sandbox = Sandbox::start();
    write(&sandbox, "apps.toml", APPS);
    let plan = ok(sandbox.admin(&["app", "apply", "apps.toml", "--dry-run"]));
    assert!(
        plan.err
            .starts_with("+ ledgerly\n+ nightly\n+ ledgerly-phone\n"),
        "{}",
        plan.err
    );
    assert_eq!(
        plan.out,
        "ledgerly\tto make\nnightly\tto make\nledgerly-phone\tto make\n"
    );
    assert_eq!(
        sandbox.admin(&["app", "get", "ledgerly"]).code,
        Some(3),
        "it was a plan"
    );

    let made = ok(sandbox.admin(&["app", "apply", "apps.toml"]));
    assert!(
        made.err.ends_with("ok 3 made, 0 changed, 0 unchanged.\n"),
        "{}",
        made.err
    );
    let lines: Vec<Vec<&str>> = made
        .out
        .lines()
        .map(|line| line.split('\t').collect())
        .collect();
    assert_eq!(lines[0][..2], ["ledgerly", "made"]);
    assert!(lines[0][2].starts_with("crn_cs_") && lines[1][2].starts_with("crn_cs_"));
    assert_eq!(
        lines[2],
        ["ledgerly-phone", "made", ""],
        "it keeps no secret"
    );
    let shown = get(&sandbox, "ledgerly");
    assert_eq!(shown["lifetimes"]["access_token_seconds"], 900);
    assert_eq!(
        shown["lifetimes"]["refresh_idle_seconds"],
        30 * 86_400,
        "as its kind begins"
    );
    assert_eq!(shown["contacts"], json!(["ops@ledgerly.example"]));
    let answer = token(&sandbox, "nightly", lines[1][2]);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    stays(&sandbox, &shown);
    differs(&sandbox);
    refused(&sandbox);
}

/// Applied again, nothing is written, and no secret is made or shown.
fn stays(sandbox: &Sandbox, shown: &Value) {
    let changes = audited(sandbox);
    assert_ne!(changes, 0);
    let again = ok(sandbox.admin(&["app", "apply", "apps.toml"]));
    assert_eq!(again.err, "ok 0 made, 0 changed, 3 unchanged.\n");
    assert_eq!(
        again.out,
        "ledgerly\tunchanged\nnightly\tunchanged\nledgerly-phone\tunchanged\n"
    );
    assert_eq!(audited(sandbox), changes, "nothing was written");
    assert_eq!(get(sandbox, "ledgerly"), *shown);
    let secrets = json(sandbox.admin(&["app", "secret", "list", "ledgerly", "-o", "json"]));
    assert_eq!(secrets.as_array().map(Vec::len), Some(1));
}

/// What the file changes is changed, what it leaves out stays, and standard input is a file too.
fn differs(sandbox: &Sandbox) {
    ok(sandbox.admin(&[
        "app",
        "update",
        "ledgerly",
        "--home",
        "https://ledgerly.example",
    ]));
    let changed = APPS
        .replace(
            "https://ledgerly.example/callback",
            "https://ledgerly.example/cb2",
        )
        .replace("access_token_seconds = 900", "access_token_seconds = 600");
    let told = piped(sandbox, &changed);
    assert_eq!(
        told.err,
        "~ ledgerly   lifetimes.access_token_seconds   900 -> 600\n\
         ~ ledgerly   redirect_uris   + https://ledgerly.example/cb2\n\
         ~ ledgerly   redirect_uris   - https://ledgerly.example/callback\n\
         ok 0 made, 1 changed, 2 unchanged.\n"
    );
    let results: Value = serde_json::from_str(&told.out).expect("JSON");
    assert_eq!(results[0]["result"], "changed");
    assert!(!told.out.contains("crn_cs_"), "no secret comes again");
    let shown = get(sandbox, "ledgerly");
    assert_eq!(
        shown["home"], "https://ledgerly.example",
        "what is left out stays"
    );
    assert_eq!(
        shown["redirect_uris"],
        json!(["https://ledgerly.example/cb2"])
    );

    round(sandbox, shown);
}

/// What the server shows of an app is a file of it.
fn round(sandbox: &Sandbox, shown: Value) {
    write(sandbox, "shown.json", shown.to_string());
    let same = ok(sandbox.admin(&["app", "apply", "shown.json"]));
    assert_eq!(same.err, "ok 0 made, 0 changed, 1 unchanged.\n");
    let mut bare = shown;
    bare["home"] = Value::Null;
    write(sandbox, "bare.json", bare.to_string());
    let same = ok(sandbox.admin(&["app", "apply", "bare.json"]));
    assert!(
        same.err
            .starts_with("~ ledgerly   home   https://ledgerly.example -> none\n")
    );
}

/// A file with faults changes nothing, and each of them is told.
fn refused(sandbox: &Sandbox) {
    let file = json!({"clients": [
        {"id": "fine", "title": "Fine", "kind": "browser", "redirect_uris": ["https://fine.example/"]},
        {"id": "typo", "title": "Typo", "kind": "web", "redirect_uri": ["https://typo.example/"]},
        {"id": "ledgerly", "redirect_uris": ["https://*.ledgerly.example/"]},
        {"id": "nightly", "kind": "web"}
    ]});
    write(sandbox, "bad.json", file.to_string());
    let bad = sandbox.admin(&["app", "apply", "bad.json"]);
    assert_eq!((bad.code, bad.out.as_str()), (Some(1), ""), "{}", bad.err);
    for told in [
        "clients[1] typo: ",
        "/redirect_uri: ",
        "Did you mean redirect_uris?",
        "clients[2] ledgerly: ",
        "/redirect_uris/0: ",
        "clients[3] nightly: /kind: the app is of the kind daemon",
        "nothing was made or changed",
    ] {
        assert!(bad.err.contains(told), "{told}: {}", bad.err);
    }
    assert_eq!(sandbox.admin(&["app", "get", "fine"]).code, Some(3));

    std::fs::write(
        sandbox.path("bad.toml"),
        "[[clients]]\nid = \"x\"\ntitle = \n",
    )
    .expect("a file");
    let bad = sandbox.admin(&["app", "apply", "bad.toml"]);
    assert_eq!(bad.code, Some(1));
    assert!(
        bad.err.starts_with("error[CRN-7005]: bad.toml: no TOML: "),
        "{}",
        bad.err
    );
    assert!(bad.err.contains("(line 3)"), "{}", bad.err);
    let none = sandbox.admin(&["app", "apply", "nowhere.json"]);
    assert_eq!(none.code, Some(1), "{}", none.err);
    std::fs::write(
        sandbox.path("other.json"),
        r#"{"id": "x", "project": "sales"}"#,
    )
    .expect("a file");
    let other = sandbox.admin(&["app", "apply", "other.json"]);
    assert_eq!(other.code, Some(2), "{}", other.err);
}

#[test]
fn ux_3_1_secrets_of_apps_by_file_go_into_files_of_their_owner_and_over_none() {
    let sandbox = Sandbox::start();
    write(&sandbox, "apps.toml", APPS);
    std::fs::create_dir(sandbox.path("secrets")).expect("a folder");
    let taken = sandbox.path("secrets/nightly.secret");
    std::fs::write(&taken, "the only copy").expect("a file");
    let words = ["app", "apply", "apps.toml", "--secrets", "secrets"];
    let refused = sandbox.admin(&words);
    assert_eq!(refused.code, Some(2), "{}", refused.err);
    assert_eq!(std::fs::read(&taken).expect("a file"), b"the only copy");
    assert_eq!(
        sandbox.admin(&["app", "get", "ledgerly"]).code,
        Some(3),
        "nothing was made"
    );
    std::fs::remove_file(&taken).expect("it goes");

    let made = ok(sandbox.admin(&words));
    assert!(
        !made.out.contains("crn_cs_") && !made.err.contains("crn_cs_"),
        "{}",
        made.err
    );
    for id in ["ledgerly", "nightly"] {
        let file = sandbox.path(&format!("secrets/{id}.secret"));
        let secret = std::fs::read_to_string(&file).expect("a file");
        assert!(secret.starts_with("crn_cs_"));
        let rights = std::fs::metadata(&file)
            .expect("a file")
            .permissions()
            .mode();
        assert_eq!(rights & 0o777, 0o600);
    }
    assert!(!sandbox.path("secrets/ledgerly-phone.secret").exists());
    let again = ok(sandbox.admin(&words));
    assert_eq!(again.err, "ok 0 made, 0 changed, 3 unchanged.\n");
    let files = std::fs::read_dir(sandbox.path("secrets"))
        .expect("a folder")
        .count();
    assert_eq!(files, 2);

    let list = json(sandbox.admin(&["app", "list", "-o", "json"]));
    write(&sandbox, "all.json", list.to_string());
    let all = ok(sandbox.admin(&["app", "apply", "all.json"]));
    let count = list.as_array().expect("a list").len();
    assert_eq!(
        all.err,
        format!("ok 0 made, 0 changed, {count} unchanged.\n")
    );
    assert!(list.to_string().contains(READ));
}

//! Commands against a sandbox: one server, one story after the other.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::Value;

use crate::support::{Sandbox, carnet, ran};

const READ: &str = "https://demo.carnet.dev/auth/invoices.read";

#[test]
fn ux_j5_a_service_account_gets_a_token_by_two_commands() {
    let sandbox = Sandbox::start();
    let made = sandbox.admin(&["sa", "create", "invoice-sync", "--out", "k.json"]);
    assert_eq!(made.code, Some(0), "{}", made.err);
    assert!(made.err.contains("This is the only copy."), "{}", made.err);
    let again = sandbox.admin(&["sa", "create", "invoice-sync", "--out", "k.json"]);
    assert_eq!(again.code, Some(2), "a key file is never written over");
    let existing = sandbox.admin(&["sa", "create", "invoice-sync"]);
    assert_eq!(existing.code, Some(6), "{}", existing.err);
    assert_eq!(sandbox.run(&["sa", "key", "check", "k.json"]).code, Some(0));

    let token = sandbox.run(&["token", "--key", "k.json", "--scope", READ]);
    assert_eq!(token.code, Some(0), "{}", token.err);
    assert_eq!(token.out.lines().count(), 1);
    assert_eq!(token.err, format!("valid 60 min, scope {READ}\n"));
    std::fs::write(sandbox.path("token"), &token.out).unwrap();
    let seen = sandbox.run(&["token", "inspect", "@token", "--verify", "-o", "json"]);
    assert_eq!(seen.code, Some(0), "{}", seen.err);
    let seen: Value = serde_json::from_str(&seen.out).unwrap();
    assert_eq!(seen["claims"]["scope"], READ);
    assert_eq!(
        sandbox.admin(&["token", "introspect", "@token"]).code,
        Some(0)
    );
    assert_eq!(sandbox.admin(&["token", "revoke", "@token"]).code, Some(0));
    assert_eq!(
        sandbox.admin(&["token", "introspect", "@token"]).code,
        Some(8)
    );
    let header = sandbox.run(&["token", "header", "-q", "--key", "k.json", "--scope", READ]);
    assert!(header.out.starts_with("Authorization: Bearer ey") && header.err.is_empty());

    refused_and_explained(&sandbox);
    delegated(&sandbox);
    taken_away(&sandbox);
}

fn refused_and_explained(sandbox: &Sandbox) {
    let words = [
        "token",
        "--key",
        "k.json",
        "--scope",
        READ,
        "--subject",
        "alice@example.com",
    ];
    let refused = sandbox.run(&words);
    assert_eq!((refused.code, refused.out.as_str()), (Some(5), ""));
    let trace = refused.err.split("trace ").nth(1).unwrap();
    let trace = trace.split_whitespace().next().unwrap();
    // The refusal reaches the log within moments.
    let told = crate::support::until(|| {
        Some(sandbox.admin(&["explain", trace])).filter(|told| told.code == Some(0))
    });
    assert!(told.out.contains("CRN-2206"), "{}", told.out);
    assert!(!told.out.contains(" , "), "an empty target: {}", told.out);
}

fn delegated(sandbox: &Sandbox) {
    let check = [
        "sa",
        "check",
        "invoice-sync",
        "--as-user",
        "alice@example.com",
        "--scope",
        READ,
    ];
    let missing = sandbox.admin(&check);
    assert_eq!(missing.code, Some(8), "{}", missing.out);
    assert!(missing.out.contains("FAIL  delegation"), "{}", missing.out);
    let client = "invoice-sync@demo.iam.gserviceaccount.com";
    let words = [
        "delegation",
        "create",
        client,
        "--scope",
        READ,
        "--user",
        "alice@example.com",
        "-o",
        "json",
    ];
    let made = sandbox.admin(&words);
    assert_eq!(made.code, Some(0), "{}", made.err);
    let made: Value = serde_json::from_str(&made.out).unwrap();
    let id = made["id"].as_str().unwrap();
    assert_eq!(sandbox.admin(&check).code, Some(0));
    let words = [
        "token",
        "--key",
        "k.json",
        "--scope",
        READ,
        "--subject",
        "alice@example.com",
    ];
    assert_eq!(sandbox.run(&words).code, Some(0));
    let asked = sandbox.admin(&["delegation", "revoke", id]);
    assert_eq!(
        asked.code,
        Some(2),
        "without a terminal it needs --yes: {}",
        asked.err
    );
    let dry = sandbox.admin(&["delegation", "revoke", id, "--dry-run"]);
    assert_eq!(dry.code, Some(0));
    assert!(dry.err.contains("nothing was changed"), "{}", dry.err);
    assert_eq!(
        sandbox.admin(&["delegation", "revoke", id, "--yes"]).code,
        Some(0)
    );
    assert_eq!(sandbox.run(&words).code, Some(5));
}

fn taken_away(sandbox: &Sandbox) {
    assert_eq!(
        sandbox
            .admin(&["sa", "disable", "invoice-sync", "--yes"])
            .code,
        Some(0)
    );
    let refused = sandbox.run(&["token", "--key", "k.json", "--scope", READ]);
    assert_eq!(refused.code, Some(5), "{}", refused.err);
    assert!(
        refused.err.starts_with("error[CRN-2012]: "),
        "{}",
        refused.err
    );
    assert_eq!(
        sandbox.admin(&["sa", "enable", "invoice-sync"]).code,
        Some(0)
    );
    let rolled = sandbox.admin(&["sa", "key", "list", "invoice-sync", "-o", "name"]);
    let old = rolled.out.trim().get(..10).unwrap().to_owned();
    let words = [
        "sa",
        "key",
        "roll",
        "invoice-sync",
        &old,
        "--out",
        "k2.json",
        "--disable-old",
    ];
    let rolled = sandbox.admin(&words);
    assert_eq!(rolled.code, Some(0), "{}", rolled.err);
    let old = sandbox.run(&["token", "--key", "k.json", "--scope", READ]);
    assert_eq!(old.code, Some(1), "{}", old.err);
    assert!(old.err.starts_with("error[CRN-2011]: "), "{}", old.err);
    assert_eq!(
        sandbox
            .run(&["token", "--key", "k2.json", "--scope", READ])
            .code,
        Some(0)
    );
    assert_eq!(sandbox.admin(&["sa", "get", "nobody"]).code, Some(3));
    bound_and_shown(sandbox);
    rolled_with_an_overlap(sandbox);
}

/// Who may use an account is said, shown, and taken back.
fn bound_and_shown(sandbox: &Sandbox) {
    let words = |action: &'static str, member: &'static str| {
        let role = "roles/iam.serviceAccountOpenIdTokenCreator";
        [
            "sa",
            "policy",
            action,
            "invoice-sync",
            "--member",
            member,
            "--role",
            role,
        ]
    };
    let added = sandbox.admin(&words("add", "domain:example.com"));
    assert_eq!(added.code, Some(0), "{}", added.err);
    let shown = sandbox.admin(&["sa", "policy", "show", "invoice-sync", "-o", "json"]);
    let policy: Value = serde_json::from_str(&shown.out).unwrap();
    assert_eq!(policy["bindings"][0]["members"][0], "domain:example.com");
    let wrong = sandbox.admin(&words("add", "allUsers"));
    assert!(
        wrong.err.contains("everybody cannot be a member here"),
        "{}",
        wrong.err
    );
    let removed = sandbox.admin(&words("remove", "domain:example.com"));
    assert_eq!(removed.code, Some(0), "{}", removed.err);
}

/// Both keys work until the overlap is over; the server keeps the end.
fn rolled_with_an_overlap(sandbox: &Sandbox) {
    let made = sandbox.admin(&["sa", "create", "report-bot", "--out", "r1.json"]);
    assert_eq!(made.code, Some(0), "{}", made.err);
    let list = ["sa", "key", "list", "report-bot", "-o", "name"];
    let old = sandbox.admin(&list).out.trim().to_owned();
    let roll = |overlap, out| {
        let words = ["sa", "key", "roll", "report-bot", &old[..8], "--out", out];
        sandbox.admin(&[words.as_slice(), &["--overlap", overlap]].concat())
    };
    for wrong in ["0s", "59s", "91d", "soon"] {
        assert_eq!(roll(wrong, "never.json").code, Some(2), "{wrong}");
    }
    assert!(!sandbox.path("never.json").exists());
    let rolled = roll("2h", "r2.json");
    assert_eq!(rolled.code, Some(0), "{}", rolled.err);
    assert!(rolled.err.starts_with("ok New key "), "{}", rolled.err);
    let told = format!("written to r2.json. Old key {} stops at 20", &old[..10]);
    assert!(rolled.err.contains(&told), "{}", rolled.err);
    for file in ["r1.json", "r2.json"] {
        let token = sandbox.run(&["token", "--key", file, "--scope", READ]);
        assert_eq!(token.code, Some(0), "{file}: {}", token.err);
    }
    let keys = sandbox.admin(&["sa", "key", "list", "report-bot", "-o", "json"]);
    let keys: Value = serde_json::from_str(&keys.out).unwrap();
    let moment = |at: &Value| at.as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    let ended = keys
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["id"] == *old);
    let new = keys
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["id"] != *old);
    let (end, made) = (&ended.unwrap()["expires"], &new.unwrap()["created"]);
    assert_eq!(moment(end).as_second() - moment(made).as_second(), 7_200);
}

#[test]
fn a_signing_key_is_rotated_step_by_step_or_at_once() {
    let sandbox = Sandbox::start();
    let signs = || {
        let listed = sandbox.admin(&["key", "list", "-o", "json"]).out;
        let keys: Value = serde_json::from_str(&listed).unwrap();
        let keys = keys.as_array().unwrap().clone();
        let of = |state: &str| {
            let found = keys
                .iter()
                .filter(|key| key["usage"] == "ES256" && key["state"]["state"] == state);
            found.map(|key| key["id"].clone()).collect::<Vec<_>>()
        };
        (of("published"), of("active"), of("retired"))
    };
    let (_, before, _) = signs();
    let published = sandbox.admin(&["key", "rotate", "ES256"]);
    assert_eq!(published.code, Some(0), "{}", published.err);
    assert!(
        published.err.contains("It can sign from "),
        "{}",
        published.err
    );
    let early = sandbox.admin(&["key", "rotate", "ES256"]);
    assert_eq!(early.code, Some(0), "{}", early.err);
    let (waiting, active, _) = signs();
    assert_eq!((waiting.len(), &active), (1, &before), "once, and not yet");

    let hurried = sandbox.admin(&["key", "rotate", "ES256", "--now", "--yes"]);
    assert_eq!(hurried.code, Some(0), "{}", hurried.err);
    assert_eq!(signs(), (vec![], waiting, before.clone()));
    let told = sandbox.admin(&["key", "timeline", "-o", "json"]);
    let told: Value = serde_json::from_str(&told.out).unwrap();
    let of = told.as_array().unwrap().iter();
    let of = of.filter(|event| event["key"] == before[0]);
    let whats: Vec<_> = of.map(|event| event["what"].as_str().unwrap()).collect();
    assert_eq!(whats, ["published", "retired, verifies on", "forgotten"]);
    let retired = sandbox.admin(&["key", "retire", before[0].as_str().unwrap(), "--yes"]);
    assert_eq!(retired.code, Some(0), "{}", retired.err);
    assert_eq!(signs().2, Vec::<Value>::new());
    assert_eq!(sandbox.admin(&["key", "rotate", "HS256"]).code, Some(1));
}

#[test]
fn every_noun_lists_and_prints_in_every_format() {
    let sandbox = Sandbox::start();
    for noun in [
        vec!["sa", "list"],
        vec!["org", "list"],
        vec!["org", "domain", "list"],
        vec!["project", "list"],
        vec!["user", "list"],
        vec!["group", "list"],
        vec!["api", "list"],
        vec!["app", "list"],
        vec!["policy", "list"],
        vec!["role", "list"],
        vec!["key", "list"],
        vec!["key", "timeline"],
        vec!["audit", "list"],
        vec!["delegation", "list"],
    ] {
        let mut words = noun.clone();
        words.extend(["-o", "json"]);
        let listed = sandbox.admin(&words);
        assert_eq!(listed.code, Some(0), "{noun:?}: {}", listed.err);
        let items: Value = serde_json::from_str(&listed.out).unwrap();
        assert!(items.is_array(), "{noun:?}");
    }
    let names = sandbox.admin(&["user", "list", "-o", "name"]).out;
    assert!(names.contains("alice@example.com\n"), "{names}");
    let csv = sandbox.admin(&["project", "list", "-o", "csv"]).out;
    assert!(csv.starts_with("id,status,audience,"), "{csv}");
    let plain = sandbox.admin(&["project", "list"]).out;
    assert!(plain.contains('\t') && !plain.contains('\u{1b}'), "{plain}");
    assert_eq!(sandbox.admin(&["audit", "verify"]).code, Some(0));
    let document = sandbox.admin(&["openapi"]).out;
    let document: Value = serde_json::from_str(&document).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    directory(&sandbox);
}

/// What a directory needs, made and taken away.
fn directory(sandbox: &Sandbox) {
    for words in [
        vec!["user", "create", "dana@example.com", "--name", "Dana"],
        vec!["group", "create", "ops@example.com"],
        vec![
            "group",
            "member",
            "add",
            "ops@example.com",
            "dana@example.com",
        ],
        vec!["group", "member", "list", "ops@example.com"],
        vec![
            "group",
            "member",
            "remove",
            "ops@example.com",
            "dana@example.com",
            "--yes",
        ],
        vec!["user", "suspend", "dana@example.com", "--yes"],
        vec!["user", "restore", "dana@example.com"],
        vec!["user", "update", "dana@example.com", "--name", "Dana R."],
        vec!["user", "delete", "dana@example.com", "--yes"],
        vec!["project", "create", "data-lake"],
        vec!["project", "suspend", "data-lake", "--yes"],
        vec!["project", "restore", "data-lake"],
        vec!["policy", "block-scopes", "High risk", "--scope", READ],
    ] {
        let done = sandbox.admin(&words);
        assert_eq!(done.code, Some(0), "{words:?}: {}", done.err);
    }
    let blocked = sandbox.run(&["token", "--key", &sandbox.key("ci"), "--scope", READ]);
    assert_eq!(blocked.code, Some(5), "{}", blocked.err);
    assert!(
        blocked.err.starts_with("error[CRN-2301]: "),
        "{}",
        blocked.err
    );
}

#[test]
fn a_token_in_the_environment_knows_its_server() {
    let sandbox = Sandbox::start();
    let token = sandbox.ready["admin_token"].as_str().unwrap();
    let mut command = carnet(sandbox.folder.path(), &["whoami", "-o", "json"]);
    let told = ran(command.env("CARNET_TOKEN", token).output().unwrap());
    assert_eq!(told.code, Some(0), "{}", told.err);
    let told: Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!(told["roles"][0]["role"], "owner");
    let mut command = carnet(
        sandbox.folder.path(),
        &["whoami", "--url", "http://127.0.0.1:1"],
    );
    let gone = ran(command.env("CARNET_TOKEN", token).output().unwrap());
    assert_eq!(gone.code, Some(7), "{}", gone.err);
}

/// Sets a password by standard input.
fn set_password(sandbox: &Sandbox, user: &str, password: &str) -> crate::support::Ran {
    let key = sandbox.key("admin");
    let words = ["user", "set-password", user, "-", "--key", &key];
    let mut command = carnet(sandbox.folder.path(), &words);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut running = command.spawn().unwrap();
    let mut typed = running.stdin.take().unwrap();
    writeln!(typed, "{password}").unwrap();
    drop(typed);
    ran(running.wait_with_output().unwrap())
}

#[test]
fn a_password_comes_from_the_seed_or_by_standard_input_and_is_never_a_word() {
    let sandbox = Sandbox::start();
    let users = sandbox.ready["users"].as_array().unwrap();
    let known: Vec<_> = users
        .iter()
        .map(|user| (user["email"].as_str().unwrap(), user["password"].as_str()))
        .collect();
    assert_eq!(
        known,
        [
            ("alice@example.com", Some("alice")),
            ("bob@example.com", Some("bob")),
            ("carol@example.com", None),
        ]
    );
    let set = set_password(&sandbox, "carol@example.com", "eleven zebras");
    assert_eq!(set.code, Some(0), "{}", set.err);
    assert!(!set.err.contains("zebras") && !set.out.contains("zebras"));
    let word = ["user", "set-password", "carol@example.com", "twelve-zebras"];
    assert_eq!(sandbox.admin(&word).code, Some(2), "a password is no word");
    let nobody = sandbox.admin(&["user", "set-password", "carol@example.com"]);
    assert_eq!(nobody.code, Some(2), "there is no terminal to ask on");
    for words in [
        &["user", "session", "list", "alice@example.com"][..],
        &["user", "session", "end", "alice@example.com", "--all"],
        &["user", "remove-password", "carol@example.com", "--yes"],
        &[
            "user",
            "update",
            "carol@example.com",
            "--email-verified",
            "false",
        ],
    ] {
        let done = sandbox.admin(words);
        assert_eq!(done.code, Some(0), "{words:?}: {}", done.err);
    }
    let gone = sandbox.admin(&["user", "remove-password", "carol@example.com", "--yes"]);
    assert!(gone.err.contains("CRN-6004"), "{}", gone.err);
    let end = ["user", "session", "end", "alice@example.com"];
    assert_eq!(sandbox.admin(&end).code, Some(2), "which one?");
}

#[test]
fn google_wire_13_a_sandbox_tells_where_it_holds_googles_names() {
    let sandbox = Sandbox::with(&["--google"]);
    let google = &sandbox.ready["google"];
    let proxy = google["proxy"].as_str().unwrap();
    let ca_file = google["ca_file"].as_str().unwrap();
    assert!(
        google["https"]
            .as_str()
            .unwrap()
            .starts_with("https://localhost:")
    );
    let certificate = std::fs::read_to_string(ca_file).unwrap();
    assert!(certificate.starts_with("-----BEGIN CERTIFICATE-----"));
    // In memory no key is kept.
    assert!(!std::path::Path::new(ca_file).with_extension("key").exists());

    let told = sandbox.run(&["google", "env", "node", "--ready-file", "ready.json"]);
    assert_eq!(told.code, Some(0), "{}", told.err);
    assert!(
        told.out
            .contains(&format!("export NODE_EXTRA_CA_CERTS={ca_file}\n"))
    );
    assert!(told.out.contains(&format!("export HTTPS_PROXY={proxy}\n")));
    assert!(
        told.err
            .contains("take the Carnet behind the proxy for Google")
    );
}

#[test]
fn without_google_no_name_is_held_and_no_line_is_printed() {
    let sandbox = Sandbox::start();
    assert!(sandbox.ready["google"].is_null());
    assert!(!sandbox.path("carnet-dev/google-ca.pem").exists());
    let told = sandbox.run(&["google", "env", "--ready-file", "ready.json"]);
    assert_eq!((told.code, told.out.as_str()), (Some(1), ""));
    assert!(told.err.contains("CRN-7005"), "{}", told.err);
}

//! `carnet app` against a sandbox.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::support::{Ran, Sandbox};

const READ: &str = "https://demo.carnet.dev/auth/invoices.read";

fn ok(ran: Ran) -> Ran {
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    ran
}

fn json(ran: Ran) -> Value {
    serde_json::from_str(&ok(ran).out).expect("JSON")
}

#[test]
fn ux_3_2_15_an_app_and_what_it_must_know_by_one_command() {
    let sandbox = Sandbox::start();
    let create = [
        "app",
        "create",
        "ledgerly",
        "--redirect",
        "http://localhost:3000/api/auth/callback",
        "--scope",
        "openid,email",
        "--env",
        ".env.local",
    ];
    std::fs::write(sandbox.path(".env.local"), "PORT=3000").expect("a file");
    let made = ok(sandbox.admin(&create));
    let told = "Wrote 3 lines to .env.local (OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET).\n";
    assert!(made.err.starts_with("ok Created ledgerly-"), "{}", made.err);
    assert!(made.err.ends_with(told), "{}", made.err);
    assert_eq!(made.out, "");
    let file = std::fs::read_to_string(sandbox.path(".env.local")).expect("a file");
    let lines: Vec<_> = file.lines().collect();
    assert_eq!(lines[0], "PORT=3000", "what was there stays");
    assert!(lines[1].starts_with("OIDC_ISSUER=http://"), "{file}");
    let id = lines[2].strip_prefix("OIDC_CLIENT_ID=").expect("an id");
    assert!(lines[3].starts_with("OIDC_CLIENT_SECRET=crn_cs_"), "{file}");
    let again = sandbox.admin(&create);
    assert_eq!(again.code, Some(2), "nothing is said twice: {}", again.err);
    let apps = json(sandbox.admin(&["app", "list", "-o", "json"]));
    let made = apps.as_array().unwrap().iter();
    let made = made.filter(|app| app["title"] == "ledgerly");
    assert_eq!(made.count(), 1, "and nothing was made");

    redirects(&sandbox, id);
    secrets(&sandbox, id);
    let shown = json(sandbox.admin(&["app", "get", id, "-o", "json"]));
    assert_eq!(shown["scopes"], serde_json::json!(["email", "openid"]));
    stopped_and_gone(&sandbox, id);
}

fn redirects(sandbox: &Sandbox, id: &str) {
    let new = "https://ledgerly.example/callback";
    ok(sandbox.admin(&["app", "redirect", "add", id, new]));
    let listed = ok(sandbox.admin(&["app", "redirect", "list", id]));
    assert_eq!(
        listed.out,
        format!("http://localhost:3000/api/auth/callback\n{new}\n")
    );
    let wild = sandbox.admin(&["app", "redirect", "add", id, "https://*.example/"]);
    assert_eq!(wild.code, Some(1), "{}", wild.err);
    ok(sandbox.admin(&["app", "redirect", "remove", id, new]));
    let gone = sandbox.admin(&["app", "redirect", "remove", id, new]);
    assert_eq!(gone.code, Some(3), "{}", gone.err);
}

fn secrets(sandbox: &Sandbox, id: &str) {
    let roll = ["app", "secret", "roll", id, "--overlap", "1h", "--out", "s"];
    let rolled = ok(sandbox.admin(&roll));
    assert!(rolled.err.contains("works until 20"), "{}", rolled.err);
    let text = std::fs::read_to_string(sandbox.path("s")).expect("a file");
    assert!(text.starts_with("crn_cs_"));
    let mode = std::fs::metadata(sandbox.path("s")).unwrap().permissions();
    assert_eq!(mode.mode() & 0o777, 0o600);
    assert_eq!(sandbox.admin(&roll).code, Some(2), "never over a file");
    let full = sandbox.admin(&["app", "secret", "create", id]);
    assert_eq!(full.code, Some(6), "{}", full.err);
    let list = json(sandbox.admin(&["app", "secret", "list", id, "-o", "json"]));
    let old = list.as_array().unwrap().iter();
    let old = old.clone().find(|secret| secret["expires"].is_string());
    let old = old.expect("the old one")["id"].as_str().unwrap();
    assert!(!list.to_string().contains(text.trim()), "it is shown once");
    ok(sandbox.admin(&["app", "secret", "delete", id, old, "--yes"]));
    let printed = ok(sandbox.admin(&["app", "secret", "create", id]));
    assert!(printed.out.starts_with("crn_cs_") && printed.out.lines().count() == 1);

    let env = ["app", "env", id, "--secret-file", "s"];
    let told = ok(sandbox.admin(&env));
    let secret = format!("OIDC_CLIENT_SECRET={}", text.trim());
    assert!(told.out.lines().any(|line| line == secret), "{}", told.out);
    for (known, word) in [
        ("gitea", "--auto-discover-url http://"),
        ("nextcloud", "user_oidc:provider carnet"),
        ("immich", "\"issuerUrl\": \"http://"),
    ] {
        let told = ok(sandbox.admin(&[&env[..], &["--for", known]].concat()));
        assert!(told.out.contains(word), "{known}: {}", told.out);
        assert!(told.out.contains(text.trim()), "{known}");
    }
}

fn stopped_and_gone(sandbox: &Sandbox, id: &str) {
    ok(sandbox.admin(&["app", "disable", id, "--reason", "leaked", "--yes"]));
    let shown = json(sandbox.admin(&["app", "get", id, "-o", "json"]));
    assert_eq!(shown["state"]["reason"], "leaked");
    ok(sandbox.admin(&["app", "enable", id]));
    assert_eq!(sandbox.admin(&["app", "delete", id]).code, Some(2), "--yes");
    ok(sandbox.admin(&["app", "delete", id, "--yes"]));
    assert_eq!(sandbox.admin(&["app", "get", id]).code, Some(3));
    let log = ok(sandbox.admin(&["audit", "list", "-o", "json"]));
    for told in [
        format!(": client create {id}"),
        format!(": client delete {id}"),
        format!(" of {id}"),
    ] {
        assert!(log.out.contains(&told), "{told}: {}", log.out);
    }
}

/// A stranger's page on a usual port reads answers with the browser app that the sandbox has (capability 31).
#[test]
fn fetch_cors_the_sandboxs_browser_app_has_the_origins_of_usual_ports() {
    let sandbox = Sandbox::start();
    let app = json(sandbox.admin(&["app", "get", "demo-spa", "-o", "json"]));
    let origins = app["origins"].as_array().unwrap();
    assert!(origins.iter().any(|one| one == "http://localhost:5173"));
    let app = json(sandbox.admin(&["app", "get", "demo-web", "-o", "json"]));
    assert_eq!(app["origins"].as_array().unwrap().len(), 0);
}

#[test]
fn what_an_app_is_decides_what_it_begins_with() {
    let sandbox = Sandbox::start();
    let daemon = [
        "app", "create", "Nightly", "--kind", "daemon", "--scope", READ,
    ];
    let made = json(sandbox.admin(&[&daemon[..], &["-o", "json"]].concat()));
    assert_eq!(made["grants"], serde_json::json!(["client_credentials"]));
    acts_for_itself(&sandbox, made["id"].as_str().unwrap());
    let words = ["app", "create", "Desk", "--kind", "native", "-o", "json"];
    let native = json(sandbox.admin(&words));
    let id = native["id"].as_str().unwrap();
    assert_eq!(native["authentication"], "none");
    let told = ok(sandbox.admin(&["app", "env", id]));
    assert_eq!(told.out.lines().count(), 2, "no secret: {}", told.out);
    assert_eq!(
        sandbox.admin(&["app", "secret", "create", id]).code,
        Some(6)
    );
    let wrong = sandbox.admin(&["app", "update", id, "--require-pkce", "false"]);
    assert_eq!(wrong.code, Some(1), "{}", wrong.err);
    let wrong = sandbox.admin(&["app", "update", id, "--scope", "invoices.raed"]);
    assert!(wrong.err.contains("unknown scope"), "{}", wrong.err);
    assert_eq!(sandbox.admin(&["app", "update", id]).code, Some(2));
}

/// Its secret gets a token at once, and says when it was used; after it is deleted it gets none.
fn acts_for_itself(sandbox: &Sandbox, id: &str) {
    let secret = ok(sandbox.admin(&["app", "secret", "create", id])).out;
    let token = |status: &str| {
        let answer = token(sandbox, id, secret.trim());
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{answer}"
        );
        answer
    };
    let answer = token("200");
    assert!(answer.contains(r#""token_type":"Bearer""#), "{answer}");
    let list = ["app", "secret", "list", id, "-o", "json"];
    let used = crate::support::until(|| {
        let secrets = json(sandbox.admin(&list));
        secrets[0]["last_used"]["count"].as_i64()
    });
    assert_eq!(used, 1);
    let ends_in = &secret.trim()[secret.trim().len() - 4..];
    ok(sandbox.admin(&["app", "secret", "delete", id, ends_in, "--yes"]));
    token("401");
}

/// Asks for a token as any program would: RFC 6749 section 4.4.2.
pub(crate) fn token(sandbox: &Sandbox, id: &str, secret: &str) -> String {
    let issuer = sandbox.ready["issuer"].as_str().expect("an issuer");
    let host = issuer.strip_prefix("http://").expect("plain http");
    let basic = STANDARD.encode(format!("{id}:{secret}"));
    let form = format!(
        "grant_type=client_credentials&scope={}",
        READ.replace('/', "%2F")
    );
    let request = format!(
        "POST /token HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAuthorization: Basic {basic}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    );
    let mut stream = TcpStream::connect(host).expect("a connection");
    stream.write_all(request.as_bytes()).expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

#[test]
fn rfc9700_2_4_who_switches_passwords_on_is_warned() {
    let sandbox = Sandbox::start();
    let made = json(sandbox.admin(&["app", "create", "old", "--scope", "openid", "-o", "json"]));
    let app = made.get("app").unwrap_or(&made);
    let id = app["id"].as_str().expect("an id").to_owned();
    let on = ["app", "update", &id, "--allow-password-grant", "true"];
    let refused = sandbox.admin(&on);
    assert_eq!(refused.code, Some(1), "{}", refused.err);
    assert!(refused.err.contains("trust own"), "{}", refused.err);
    let own = ok(sandbox.admin(&[on.as_slice(), &["--trust", "own"]].concat()));
    assert!(
        own.err.contains("sees people's passwords now"),
        "{}",
        own.err
    );
    let shown = json(sandbox.admin(&["app", "get", &id, "-o", "json"]));
    assert_eq!(shown["legacy"]["password"], true);
    let off = ["app", "update", &id, "--allow-password-grant", "false"];
    let off = ok(sandbox.admin(&off));
    assert!(!off.err.contains("passwords"), "{}", off.err);
    let shown = json(sandbox.admin(&["app", "get", &id, "-o", "json"]));
    assert_eq!(shown.get("legacy"), None);
}

#[test]
fn rfc7591_3_what_lets_apps_register_is_made_listed_and_deleted() {
    let sandbox = Sandbox::start();
    let token = |words: &[&str]| sandbox.admin(&[&["app", "initial-token"], words].concat());
    let create = [
        "create",
        "--title",
        "A partner",
        "--uses",
        "2",
        "--out",
        "t",
    ];
    let made = ok(token(&create));
    assert!(made.err.contains("the only copy") && made.out.is_empty());
    let text = std::fs::read_to_string(sandbox.path("t")).expect("a file");
    assert!(text.starts_with("crn_ia_"));
    let held = std::fs::metadata(sandbox.path("t")).unwrap().permissions();
    assert_eq!(held.mode() & 0o777, 0o600);
    assert_eq!(token(&create).code, Some(2), "never over a file");
    let second = json(token(&["create", "--expires-in", "3d", "-o", "json"]));
    assert!(second["initial_access_token"].is_string());
    let list = ok(token(&["list", "-o", "json"])).out;
    assert!(!list.contains(text.trim()), "it is shown once");
    let list: Value = serde_json::from_str(&list).expect("JSON");
    let list = list.as_array().unwrap();
    assert_eq!(list.len(), 2);
    let first = list.iter().find(|one| one["title"] == "A partner").unwrap();
    assert_eq!(first["uses"], 2);
    let ends_in = first["ends_in"].as_str().unwrap();
    assert_eq!(token(&["delete", ends_in]).code, Some(2), "--yes");
    ok(token(&["delete", ends_in, "--yes"]));
    let id = second["id"].as_str().unwrap();
    ok(token(&["delete", id, "--yes"]));
    assert_eq!(token(&["delete", id, "--yes"]).code, Some(3));
    assert!(token(&["list"]).err.contains("There are none."));
    assert_eq!(token(&["create", "--uses", "0"]).code, Some(2));
}

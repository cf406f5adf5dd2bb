//! `carnet metadata` and the sandbox's own metadata server: tokens without a key file, over HTTP.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use carnet_testkit::talk::{Answer, Caller};
use serde_json::Value;

use crate::support::{Running, Sandbox, carnet, until};

const ACCOUNT: &str = "instance/service-accounts/default";
const CI: &str = "ci@demo.iam.gserviceaccount.com";
const PATIENCE: Duration = Duration::from_mins(1);

fn say(at: SocketAddr, below: &str) -> Answer {
    let path = format!("/computeMetadata/v1/{below}");
    let host = at.to_string();
    let fields = [("Host", host.as_str()), ("Metadata-Flavor", "Google")];
    let mut caller = Caller::new(at).with_patience(PATIENCE);
    caller.exchange("GET", &path, &fields, &[]).unwrap()
}

fn own(sandbox: &Sandbox) -> SocketAddr {
    let host = sandbox.ready["metadata"]["host"].as_str().unwrap();
    host.parse().unwrap()
}

/// `carnet metadata` with these words, and where it listens.
fn start(sandbox: &Sandbox, words: &[&str]) -> (SocketAddr, Running) {
    let mut all = vec!["metadata", "--listen", "127.0.0.1:0"];
    all.extend(words);
    let mut command = carnet(sandbox.folder.path(), &all);
    let mut server = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let out = server.stdout.take().unwrap();
    let running = Running(server);
    let mut line = String::new();
    BufReader::new(out).read_line(&mut line).unwrap();
    let host = line.trim().strip_prefix("export GCE_METADATA_HOST=");
    (host.unwrap().parse().unwrap(), running)
}

fn signal(running: &Running, name: &str) {
    let id = running.0.id().to_string();
    let sent = Command::new("/bin/kill").args([name, &id]).status();
    assert!(sent.unwrap().success());
}

fn claims(jwt: &str) -> Value {
    let part = jwt.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[test]
fn google_wire_7_1_the_sandbox_is_a_machine_that_runs_as_its_first_account() {
    let sandbox = Sandbox::start();
    let at = own(&sandbox);
    assert_eq!(say(at, &format!("{ACCOUNT}/email")).text(), CI);
    assert_eq!(say(at, "project/project-id").text(), "demo");
    let number = say(at, "project/numeric-project-id").text();
    assert!(number.parse::<u64>().unwrap() > 0, "{number}");

    let token = say(at, &format!("{ACCOUNT}/token")).json();
    let text = token["access_token"].as_str().unwrap();
    let told = claims(text);
    assert_eq!(told["email"], CI);
    assert_eq!(told["aud"], "https://demo.carnet.dev");
    let issuer = sandbox.ready["issuer"].as_str().unwrap();
    let public: SocketAddr = issuer.strip_prefix("http://").unwrap().parse().unwrap();
    let invoices = Caller::new(public)
        .with_token(text)
        .get("/demo/v1/invoices");
    assert_eq!(invoices.unwrap().status, 200);
}

#[test]
fn google_wire_7_1_a_full_id_token_of_the_sandbox_tells_of_the_machine() {
    let sandbox = Sandbox::start();
    let at = own(&sandbox);
    let identity = |query: &str| {
        let answer = say(
            at,
            &format!("{ACCOUNT}/identity?audience=https://a.example{query}"),
        );
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.field("content-type"), Some("text/html"));
        answer.text()
    };
    let standard = claims(&identity(""));
    assert_eq!(standard["aud"], "https://a.example");
    assert_eq!(standard.get("google"), None);
    let text = identity("&format=full&licenses=TRUE");
    let full = claims(&text);
    assert_eq!(full["email"], CI);
    let machine = &full["google"]["compute_engine"];
    assert_eq!(machine["project_id"], "demo");
    assert_eq!(machine["instance_name"], "sandbox");
    assert_eq!(machine["license_id"], serde_json::json!([]));
    // It is one of the issuer's own.
    let verified = sandbox.run(&["token", "inspect", &text, "--verify"]);
    assert_eq!(verified.code, Some(0), "{}{}", verified.out, verified.err);
}

#[test]
fn google_wire_7_1_an_account_that_was_disabled_has_no_more_tokens() {
    let sandbox = Sandbox::start();
    let at = own(&sandbox);
    let path = format!("{ACCOUNT}/token?scopes=https://demo.carnet.dev/auth/invoices.read");
    let disabled = sandbox.admin(&["sa", "disable", "ci", "--reason", "a test", "--yes"]);
    assert_eq!(disabled.code, Some(0), "{}", disabled.err);
    let answer = say(at, &path);
    assert_eq!(answer.status, 503);
    assert!(answer.text().contains("disabled"), "{}", answer.text());
}

#[test]
fn carnet_metadata_gives_tokens_with_a_key_file() {
    let sandbox = Sandbox::start();
    let key = sandbox.key("ci");
    let scope = "https://demo.carnet.dev/auth/invoices.read";
    let (at, _running) = start(&sandbox, &["--key-file", &key, "--scope", scope]);
    let token = say(at, &format!("{ACCOUNT}/token")).json();
    assert_eq!(token["token_type"], "Bearer");
    assert_eq!(
        claims(token["access_token"].as_str().unwrap())["scope"],
        scope
    );
    assert_eq!(say(at, "project/project-id").text(), "demo");
    // What would only be this server's own word is not in the token.
    let query = "audience=https://a.example&format=full";
    let full = claims(&say(at, &format!("{ACCOUNT}/identity?{query}")).text());
    assert_eq!(full["email"], CI);
    assert_eq!(full.get("google"), None);
}

#[test]
fn carnet_metadata_does_not_stand_in_for_an_account_that_lets_nobody() {
    let sandbox = Sandbox::start();
    let key = sandbox.key("ci");
    let other = "admin@demo.iam.gserviceaccount.com";
    let (at, _running) = start(&sandbox, &["--key", &key, "--service-account", other]);
    assert_eq!(say(at, &format!("{ACCOUNT}/email")).text(), other);
    let answer = say(at, &format!("{ACCOUNT}/token"));
    assert_eq!(answer.status, 503);
    assert!(answer.text().contains("denied"), "{}", answer.text());
}

#[test]
fn carnet_metadata_reads_attributes_anew_and_ends_although_somebody_waits() {
    let sandbox = Sandbox::start();
    let key = sandbox.key("ci");
    let file = sandbox.path("attributes.json");
    fs::write(&file, r#"{"mode":"plain"}"#).unwrap();
    let file = file.display().to_string();
    let words = ["--key-file", &key, "--attributes", &file];
    let (at, mut running) = start(&sandbox, &words);
    let mode = "instance/attributes/mode";
    let before = say(at, mode);
    assert_eq!(before.text(), "plain");
    let tag = before.field("etag").unwrap().to_owned();
    fs::write(&file, r#"{"mode":"safe"}"#).unwrap();
    signal(&running, "-HUP");
    let query = format!("{mode}?wait_for_change=true&last_etag={tag}");
    assert_eq!(say(at, &query).text(), "safe");
    // A broken file changes nothing.
    fs::write(&file, "{").unwrap();
    signal(&running, "-HUP");
    let waits = std::thread::spawn(move || say(at, &format!("{mode}?wait_for_change=true")).text());
    signal(&running, "-TERM");
    let ended = until(|| running.0.try_wait().unwrap());
    assert!(ended.success(), "{ended}");
    // It was answered, or came when nobody listened any more.
    if let Ok(said) = waits.join() {
        assert_eq!(said, "safe");
    }
}

#[test]
fn carnet_metadata_says_what_is_missing() {
    let sandbox = Sandbox::start();
    let without = sandbox.run(&["metadata"]);
    assert_eq!(without.code, Some(4), "{}", without.err);
    let at = own(&sandbox).to_string();
    let key = sandbox.key("ci");
    let busy = sandbox.run(&["metadata", "--key-file", &key, "--listen", &at]);
    assert!(busy.err.contains("CRN-8005"), "{}", busy.err);
}

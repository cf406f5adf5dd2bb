//! `carnet init` and `carnet serve`: a start that tells everything that is wrong, and hides nothing.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::support::{Running, carnet, run, until};

/// Two ports that are free.
fn ports() -> (u16, u16) {
    let sockets = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    let [one, two] = sockets.map(|socket| socket.local_addr().unwrap().port());
    (one, two)
}

pub(crate) fn init(at: &Path) -> u16 {
    let (port, ops) = ports();
    let (issuer, listen) = (
        format!("http://127.0.0.1:{port}"),
        format!("127.0.0.1:{port}"),
    );
    let made = run(
        at,
        &["init", "--issuer", &issuer, "--listen", &listen, "--yes"],
    );
    assert_eq!(made.code, Some(0), "{}", made.err);
    let file = at.join("carnet.toml");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.lines().count() <= 60);
    fs::write(
        file,
        text.replace("127.0.0.1:9090", &format!("127.0.0.1:{ops}")),
    )
    .unwrap();
    ops
}

pub(crate) fn serve(at: &Path, ops: u16) -> Running {
    let mut command = carnet(at, &["serve"]);
    let server = Running(
        command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    );
    let ops = format!("http://127.0.0.1:{ops}");
    until(|| (run(at, &["healthcheck", "--ops", &ops]).code == Some(0)).then_some(()));
    server
}

#[test]
fn ux_6_3_a_start_prints_a_setup_link_and_a_signal_ends_it() {
    let folder = TempDir::new().unwrap();
    let at = folder.path();
    let ops = init(at);
    let mut server = serve(at, ops);
    let mut lines = BufReader::new(server.0.stdout.take().unwrap()).lines();
    let link = lines.find_map(|line| {
        Some(line.ok()?.trim().to_owned()).filter(|line| line.contains("/setup?t="))
    });
    assert!(link.unwrap().starts_with("http://127.0.0.1:"));
    let busy = run(at, &["serve"]);
    assert_eq!(busy.code, Some(1));
    assert_eq!(busy.err.matches("CRN-8005: ").count(), 2, "{}", busy.err);
    let told = Command::new("kill")
        .arg(server.0.id().to_string())
        .status()
        .unwrap();
    assert!(told.success());
    assert!(server.0.wait().unwrap().success());
}

#[test]
fn security_d5_a_database_without_its_secret_or_its_keys_does_not_start() {
    let folder = TempDir::new().unwrap();
    let at = folder.path();
    let ops = init(at);
    drop(serve(at, ops));
    let secret = at.join("secret_key");
    let kept = fs::read(&secret).unwrap();
    fs::remove_file(&secret).unwrap();
    let missing = run(at, &["serve"]);
    assert_eq!(missing.code, Some(1));
    assert!(
        missing.err.starts_with("error[CRN-8003]: "),
        "{}",
        missing.err
    );
    assert!(!secret.exists(), "a secret is never made by a start");
    fs::write(&secret, [7; 32]).unwrap();
    let other = run(at, &["serve"]);
    assert!(
        other.err.contains("does not open the signing keys"),
        "{}",
        other.err
    );
    fs::write(&secret, kept).unwrap();
    for file in ["carnet.db-wal", "carnet.db-shm"] {
        let _ = fs::remove_file(at.join(file));
    }
    fs::write(at.join("carnet.db"), "no database").unwrap();
    let damaged = run(at, &["serve"]);
    assert!(
        damaged.err.starts_with("error[CRN-8001]: "),
        "{}",
        damaged.err
    );
    assert_eq!(fs::read(at.join("carnet.db")).unwrap(), b"no database");
}

#[test]
fn init_writes_over_nothing() {
    let folder = TempDir::new().unwrap();
    let at = folder.path();
    init(at);
    let secret = fs::read(at.join("secret_key")).unwrap();
    let again = run(
        at,
        &["init", "--issuer", "https://auth.example.com", "--yes"],
    );
    assert_eq!(again.code, Some(6), "{}", again.err);
    fs::remove_file(at.join("carnet.toml")).unwrap();
    let again = run(
        at,
        &["init", "--issuer", "https://auth.example.com", "--yes"],
    );
    assert_eq!(again.code, Some(0), "{}", again.err);
    assert_eq!(fs::read(at.join("secret_key")).unwrap(), secret);
}

#[test]
fn a_start_with_a_project_for_apps_that_is_not_there_says_so() {
    let folder = TempDir::new().unwrap();
    let at = folder.path();
    init(at);
    let file = at.join("carnet.toml");
    let mut text = fs::read_to_string(&file).unwrap();
    text.push_str("\n[registration]\nproject = \"nowhere\"\n");
    fs::write(&file, text).unwrap();
    let refused = run(at, &["serve"]);
    assert_eq!(refused.code, Some(1), "{}", refused.err);
    assert!(
        refused
            .err
            .contains("registration.project nowhere: there is no such project"),
        "{}",
        refused.err
    );
    assert!(
        refused.err.contains("carnet project create nowhere"),
        "{}",
        refused.err
    );
}

/// What the second listener counts.
fn metrics(ops: u16) -> String {
    let got = Command::new("curl")
        .args(["--silent", "--noproxy", "*"])
        .arg(format!("http://127.0.0.1:{ops}/metrics"))
        .output()
        .unwrap();
    String::from_utf8(got.stdout).unwrap()
}

#[test]
fn google_wire_13_a_server_holds_googles_names_where_it_is_told_to_and_guards_the_key() {
    let folder = TempDir::new().unwrap();
    let at = folder.path();
    let ops = init(at);
    let file = at.join("carnet.toml");
    let text = fs::read_to_string(&file).unwrap();
    let (https, proxy) = ports();
    let google =
        format!("\n[google]\nlisten = \"127.0.0.1:{https}\"\nproxy = \"127.0.0.1:{proxy}\"\n");
    fs::write(&file, text + &google).unwrap();
    let server = serve(at, ops);
    let (key, certificate) = (at.join("google-ca.key"), at.join("google-ca.pem"));
    let mode = |file: &Path| fs::metadata(file).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&key), mode(&certificate)), (0o600, 0o644));
    let proxy = format!("http://127.0.0.1:{proxy}");
    let status = |words: [&str; 3]| {
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--noproxy", "", "--proxy", &proxy, "--cacert"]);
        curl.arg(&certificate).args(words);
        curl.args(["--write-out", "%{http_code}", "--output", "/dev/null"]);
        String::from_utf8(curl.output().unwrap().stdout).unwrap()
    };
    // A browser is not told there that it came to the wrong host.
    let browser = [
        "--header",
        "Accept: text/html",
        "https://accounts.google.com/sign-in",
    ];
    assert!(!["000", "421"].contains(&status(browser).as_str()));
    let program = [
        "--data",
        "grant_type=none",
        "https://oauth2.googleapis.com/token",
    ];
    assert_eq!(status(program), "400");
    // It is counted as what comes to the other listener.
    let counted = "http_server_request_duration_seconds_count{http_request_method=\"POST\",\
                   http_route=\"/token\",http_response_status_code=\"400\"} 1\n";
    let metrics = metrics(ops);
    assert!(metrics.contains(counted), "{metrics}");
    drop(server);
    let first = fs::read(&certificate).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let refused = run(at, &["serve"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("CRN-8007"), "{}", refused.err);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    let _again = serve(at, ops);
    assert_eq!(fs::read(&certificate).unwrap(), first, "it is kept");
}

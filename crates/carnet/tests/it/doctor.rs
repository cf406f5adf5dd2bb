//! `carnet doctor`, from inside and from outside: what it finds, what it leaves alone, how it ends.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::serving::{init, serve};
use crate::support::{Ran, Sandbox, carnet, ran, run};

/// The grade of a check.
fn grade(told: &Ran, about: &str) -> String {
    let checks: Value = serde_json::from_str(&told.out).expect("JSON");
    let checks = checks.as_array().expect("a list");
    let check = checks.iter().find(|check| check["about"] == about);
    let check = check.unwrap_or_else(|| panic!("no check {about} in {}", told.out));
    check["grade"].as_str().expect("a grade").to_owned()
}

fn names(at: &Path) -> Vec<String> {
    let entries = fs::read_dir(at).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_deployment_is_looked_at_before_its_start_while_it_runs_and_after() {
    let folder = TempDir::new().unwrap();
    let at = folder.path();
    let ops = init(at);
    let before = names(at);
    let told = run(at, &["doctor", "-o", "json"]);
    assert_eq!(told.code, Some(0), "{}{}", told.out, told.err);
    assert_eq!(grade(&told, "database"), "warn");
    assert_eq!(names(at), before, "a look makes nothing");

    let server = serve(at, ops);
    let told = run(at, &["doctor"]);
    assert_eq!(told.code, Some(0), "{}{}", told.out, told.err);
    for part in [
        "/secret_key, mode 0600\n",
        "PASS  database      sqlite answers, its schema is current\n",
        "PASS  sealed keys   the secret key opens them\n",
        "WARN  setup         nobody owns the installation yet",
        "      fix: open the link that carnet serve printed when it started\n",
        " is answered by this server\n",
        " says that the server is ready\n",
    ] {
        assert!(told.out.contains(part), "{part} is not in\n{}", told.out);
    }
    assert!(told.err.ends_with(" passed, 1 warning\n"), "{}", told.err);
    drop(server);

    fs::set_permissions(at.join("secret_key"), fs::Permissions::from_mode(0o644)).unwrap();
    let told = run(at, &["doctor", "-o", "json"]);
    assert_eq!(told.code, Some(8), "{}{}", told.out, told.err);
    assert_eq!(grade(&told, "secret key"), "fail");
    assert_eq!(grade(&told, "audit"), "pass");

    fs::set_permissions(at.join("secret_key"), fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(at.join("secret_key"), [7; 32]).unwrap();
    let told = run(at, &["doctor", "-o", "json"]);
    assert_eq!(told.code, Some(8));
    assert_eq!(grade(&told, "sealed keys"), "fail");
}

#[test]
fn another_server_on_the_port_is_found() {
    let folder = TempDir::new().unwrap();
    let at = folder.path();
    init(at);
    let sandbox = Sandbox::start();
    let issuer = sandbox.ready["issuer"].as_str().unwrap();
    let port = issuer.rsplit(':').next().unwrap();
    let file = at.join("carnet.toml");
    let text = fs::read_to_string(&file).unwrap();
    let text = text.lines().map(|line| match line {
        line if line.starts_with("listen = ") && !line.contains("9090") => {
            format!("listen = \"127.0.0.1:{port}\"")
        }
        line => line.to_owned(),
    });
    let text = text.collect::<Vec<_>>().join("\n");
    let text = text.replacen("[ops]\nlisten", "[ops]\n# listen", 1);
    fs::write(&file, text).unwrap();
    let told = run(at, &["doctor", "-o", "json"]);
    assert_eq!(grade(&told, "listener"), "fail", "{}", told.out);
    assert_eq!(told.code, Some(8));
}

#[test]
fn a_wrong_configuration_is_all_that_is_told() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("carnet.toml"), "isuer = 1\n").unwrap();
    let told = run(folder.path(), &["doctor"]);
    assert_eq!(told.code, Some(8));
    assert!(
        told.out.contains("FAIL  CRN-7001  isuer is not a key"),
        "{}",
        told.out
    );
    assert_eq!(names(folder.path()), ["carnet.toml"]);
}

#[test]
fn ux_3_2_a_deployment_is_looked_at_from_outside() {
    let sandbox = Sandbox::start();
    let issuer = sandbox.ready["issuer"].as_str().unwrap();
    let told = sandbox.run(&["doctor", "--url", issuer, "-o", "json"]);
    assert_eq!(told.code, Some(0), "{}{}", told.out, told.err);
    for about in [
        "connect",
        "discovery",
        "issuer",
        "jwks",
        "token",
        "headers",
        "clock",
    ] {
        assert_eq!(grade(&told, about), "pass", "{about}");
    }
    // The same server by another name: RFC 8414 section 3.3.
    let other = issuer.replace("127.0.0.1", "localhost");
    if other != issuer {
        let told = sandbox.run(&["doctor", "--url", &other, "-o", "json"]);
        assert_eq!(told.code, Some(8), "{}", told.out);
        assert_eq!(grade(&told, "issuer"), "fail");
    }
}

#[test]
fn rfc9700_a_server_and_its_apps_are_held_against_oauth_2_1() {
    let sandbox = Sandbox::start();
    let look = ["doctor", "--profile", "oauth21", "-o", "json"];
    let told = sandbox.admin(&look);
    assert_eq!(told.code, Some(0), "{}{}", told.out, told.err);
    assert_eq!(grade(&told, "apps"), "pass");
    let weak = ["app", "update", "demo-web", "--require-pkce", "false"];
    assert_eq!(sandbox.admin(&weak).code, Some(0));
    let told = sandbox.admin(&look);
    assert_eq!(told.code, Some(8), "{}", told.out);
    assert!(told.out.contains("need not use PKCE"), "{}", told.out);
    assert_eq!(grade(&told, "apps"), "fail");
    // Who may not read the apps of a server says nothing about them.
    let ci = sandbox.ready["service_accounts"][0]["key_file"].as_str();
    let told = sandbox.run(&["doctor", "--profile", "oauth21", "--key", ci.unwrap()]);
    assert_ne!(told.code, Some(0), "{}{}", told.out, told.err);
}

#[test]
fn ux_3_1_a_server_that_is_not_there_is_told_from_one_that_is_wrong() {
    let folder = TempDir::new().unwrap();
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let told = run(folder.path(), &["doctor", "--url", &url]);
    assert_eq!(told.code, Some(7), "{}{}", told.out, told.err);
    assert!(told.out.contains("FAIL  connect  "), "{}", told.out);
    let told = run(folder.path(), &["doctor", "--url", "auth.example.com"]);
    assert_eq!(told.code, Some(2), "{}", told.err);
}

/// Makes a deployment that speaks TLS itself, as `localhost`, with a certificate that nobody signed.
/// Returns its URL and the port of its ops listener.
fn init_tls(at: &Path) -> (String, u16) {
    let ops = init(at);
    let rcgen::CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    fs::write(at.join("cert.pem"), cert.pem()).unwrap();
    fs::write(at.join("key.pem"), signing_key.serialize_pem()).unwrap();
    let file = at.join("carnet.toml");
    let text = fs::read_to_string(&file).unwrap();
    let line = text.lines().find(|line| line.starts_with("issuer = "));
    let port = line
        .unwrap()
        .trim_end_matches('"')
        .rsplit(':')
        .next()
        .unwrap();
    let issuer = format!("https://localhost:{port}");
    let text = text.replace(&format!("http://127.0.0.1:{port}"), &issuer);
    let tls = "[http]\ntls = { cert = \"cert.pem\", key = \"key.pem\" }";
    fs::write(&file, text.replacen("[http]", tls, 1)).unwrap();
    (issuer, ops)
}

#[test]
fn ux_3_2_a_deployment_over_tls_is_looked_at_from_inside_and_outside() {
    let folder = TempDir::new().unwrap();
    let at = folder.path();
    let (issuer, ops) = init_tls(at);
    let _server = serve(at, ops);
    let trusting = |words: &[&str]| {
        let mut command = carnet(at, words);
        let output = command.env("SSL_CERT_FILE", "cert.pem").output().unwrap();
        ran(output)
    };
    let told = trusting(&["doctor", "--url", &issuer, "-o", "json"]);
    assert_eq!(told.code, Some(0), "{}{}", told.out, told.err);
    for about in [
        "connect", "tls", "http/2", "issuer", "jwks", "token", "headers",
    ] {
        assert_eq!(grade(&told, about), "pass", "{about}: {}", told.out);
    }
    assert!(told.out.contains("the certificate has "), "{}", told.out);

    let told = trusting(&["doctor", "-o", "json"]);
    assert_eq!(told.code, Some(0), "{}{}", told.out, told.err);
    assert_eq!(grade(&told, "listener"), "pass");
    assert!(
        told.out.contains(" is answered by this server"),
        "{}",
        told.out
    );
    assert!(told.out.contains("the certificate has "), "{}", told.out);

    // Who does not know the certificate says that it is TLS that fails, and looks no further.
    let told = run(at, &["doctor", "--url", &issuer, "-o", "json"]);
    assert_eq!(told.code, Some(8), "{}{}", told.out, told.err);
    assert_eq!(grade(&told, "connect"), "pass");
    assert_eq!(grade(&told, "tls"), "fail");
    assert!(!told.out.contains("\"issuer\""), "{}", told.out);
}

//! `carnet login` against a sandbox: a person in front of a browser, and what their commands may do.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{ChildStderr, Stdio};

use carnet_testkit::browser::Browser;
use serde_json::Value;

use crate::support::{Ran, Running, Sandbox, carnet};

const ALICE: &str = "alice@example.com";

fn ok(ran: Ran) -> Ran {
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    ran
}

pub(crate) struct Server {
    pub(crate) sandbox: Sandbox,
    pub(crate) issuer: String,
    pub(crate) address: SocketAddr,
}

impl Server {
    pub(crate) fn start() -> Self {
        let sandbox = Sandbox::start();
        let issuer = sandbox.ready["issuer"].as_str().unwrap().to_owned();
        let address = issuer.strip_prefix("http://").unwrap().parse().unwrap();
        Self {
            sandbox,
            issuer,
            address,
        }
    }

    /// Where the tokens of the context are.
    fn file(&self) -> PathBuf {
        let name = self.address.to_string().replace(['.', ':'], "-");
        let file = format!(".local/state/carnet/{name}.json");
        self.sandbox.path(&file)
    }

    fn kept(&self) -> Value {
        serde_json::from_slice(&std::fs::read(self.file()).unwrap()).unwrap()
    }

    /// Begins a sign-in with a browser. The address that it shows, and how it will end.
    fn begin(&self) -> (String, Begun) {
        let (line, begun) = self.begin_with("--no-browser", "http://");
        (line.trim().to_owned(), begun)
    }

    /// Begins a sign-in. The line that begins so, and how it will end.
    fn begin_with(&self, way: &str, wanted: &str) -> (String, Begun) {
        let words = ["login", &self.issuer, way];
        let mut command = carnet(self.sandbox.folder.path(), &words);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut told = BufReader::new(child.stderr.take().unwrap());
        let mut lines = String::new();
        let mut line = String::new();
        while !line.starts_with(wanted) {
            line.clear();
            assert_ne!(told.read_line(&mut line).unwrap(), 0, "it ended: {lines}");
            lines.push_str(&line);
        }
        let begun = Begun {
            child: Running(child),
            told,
            lines,
        };
        (line, begun)
    }

    /// Somebody signs in and answers; the page that the program shows in the end.
    fn answer(&self, url: &str, decision: &str) -> String {
        answer(self.address, url, ("Carnet command line", decision))
    }

    fn whoami(&self) -> Ran {
        self.sandbox.run(&["whoami", "-o", "json"])
    }
}

/// Alice signs in for an app and answers; the page that its program shows in the end.
pub(crate) fn answer(server: SocketAddr, url: &str, (app, decision): (&str, &str)) -> String {
    let issuer = format!("http://{server}");
    let mut browser = Browser::new(server, &issuer);
    let path = url.strip_prefix(&issuer).unwrap();
    let page = browser.open(path).unwrap();
    let page = browser.sign_in(&page, ALICE, "alice").unwrap();
    let page = browser.arrive(page).unwrap();
    assert!(page.says(app), "{}", page.text());
    let form = page.form("/consent").unwrap();
    let page = browser.submit(&form, &[("decision", decision)]).unwrap();
    let back = page.location().expect("the way back").to_owned();
    let (host, target) = back
        .strip_prefix("http://")
        .unwrap()
        .split_once('/')
        .unwrap();
    let mut connection = TcpStream::connect(host).unwrap();
    write!(connection, "GET /{target} HTTP/1.1\r\nHost: {host}\r\n\r\n").unwrap();
    let mut shown = String::new();
    connection.read_to_string(&mut shown).unwrap();
    shown
}

struct Begun {
    child: Running,
    told: BufReader<ChildStderr>,
    lines: String,
}

impl Begun {
    fn end(mut self) -> Ran {
        self.told.read_to_string(&mut self.lines).unwrap();
        let mut out = String::new();
        let mut printed = self.child.0.stdout.take().unwrap();
        printed.read_to_string(&mut out).unwrap();
        Ran {
            code: self.child.0.wait().unwrap().code(),
            out,
            err: self.lines,
        }
    }
}

fn secrets(kept: &Value) -> [String; 2] {
    ["access_token", "refresh_token"].map(|name| kept[name].as_str().unwrap().to_owned())
}

#[test]
fn ux_3_2_1_a_person_signs_in_with_a_browser_and_acts_with_their_roles() {
    let server = Server::start();
    let grant = ["role", "grant", ALICE, "owner", "installation"];
    ok(server.sandbox.admin(&grant));
    let (url, begun) = server.begin();
    let shown = server.answer(&url, "allow");
    assert!(
        shown.contains("Signed in. You can close this window"),
        "{shown}"
    );
    let ran = ok(begun.end());
    assert!(
        ran.err.contains("ok Signed in as alice@example.com."),
        "{}",
        ran.err
    );
    assert_eq!(ran.out, "");

    let mode = std::fs::metadata(server.file())
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    for secret in secrets(&server.kept()) {
        assert!(!ran.err.contains(&secret) && secret.len() > 40);
    }
    let told: Value = serde_json::from_str(&ok(server.whoami()).out).unwrap();
    assert_eq!(
        (&told["email"], &told["kind"]),
        (&ALICE.into(), &"user".into())
    );
    assert_eq!(told["roles"][0]["role"], "owner");
    ok(server
        .sandbox
        .run(&["sa", "create", "by-alice", "--project", "demo"]));
    let listed = ok(server.sandbox.run(&["context", "list", "-o", "json"]));
    assert!(listed.out.contains(ALICE), "{}", listed.out);

    refreshed(&server);
    shown_to_nobody_else(&server);
    signed_out(&server);
}

fn refreshed(server: &Server) {
    let mut kept = server.kept();
    let [access, refresh] = secrets(&kept);
    kept["expires"] = 0.into();
    std::fs::write(server.file(), kept.to_string()).unwrap();
    let told = ok(server.whoami());
    let [later, rotated] = secrets(&server.kept());
    assert!(later != access && rotated != refresh, "both are new");
    assert!(!told.out.contains(&later) && !told.err.contains(&later));
    let mode = std::fs::metadata(server.file())
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    // Commands side by side use a refresh token once.
    let mut kept = server.kept();
    kept["expires"] = 0.into();
    std::fs::write(server.file(), kept.to_string()).unwrap();
    let folder = server.sandbox.folder.path();
    let start = |_| {
        let mut command = carnet(folder, &["whoami"]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        Running(command.spawn().unwrap())
    };
    let mut several: Vec<_> = (0..4).map(start).collect();
    for one in &mut several {
        assert!(one.0.wait().unwrap().success());
    }
    ok(server.whoami());
}

fn shown_to_nobody_else(server: &Server) {
    // Nobody listens there, and nobody is asked.
    let elsewhere = server
        .sandbox
        .run(&["whoami", "--url", "http://127.0.0.1:1"]);
    assert_eq!(elsewhere.code, Some(4), "{}", elsewhere.err);
    assert!(
        elsewhere.err.contains("is signed in at"),
        "{}",
        elsewhere.err
    );
}

fn signed_out(server: &Server) {
    let name = server.file();
    let name = name.file_stem().unwrap().to_str().unwrap();
    let kept = server.sandbox.run(&["context", "delete", name]);
    assert_eq!(kept.code, Some(6), "{}", kept.err);
    let [_, refresh] = secrets(&server.kept());
    let out = ok(server.sandbox.run(&["logout"]));
    assert!(
        out.err.contains("alice@example.com is signed out"),
        "{}",
        out.err
    );
    assert!(!server.file().exists());
    let nobody = server.whoami();
    assert_eq!(nobody.code, Some(4), "{}", nobody.err);
    assert!(nobody.err.contains("carnet login"), "{}", nobody.err);
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh.as_str()),
        ("client_id", "carnet-cli"),
    ];
    let mut caller = carnet_testkit::talk::Caller::new(server.address);
    let answer = caller.form("/token", &fields).unwrap();
    assert_eq!(answer.json()["error"], "invalid_grant");
    ok(server.sandbox.run(&["logout"]));
    ok(server.sandbox.run(&["context", "delete", name]));
}

#[test]
fn rfc8628_3_3_without_a_browser_a_code_is_typed_in_elsewhere() {
    let server = Server::start();
    let (line, begun) = server.begin_with("--device", "Open ");
    let code = line.trim().rsplit(' ').next().unwrap().to_owned();
    let place = format!("Open {}/device in any browser", server.issuer);
    assert!(line.starts_with(&place), "{line}");
    let mut browser = Browser::new(server.address, &server.issuer);
    let page = browser.open("/device").unwrap();
    let page = browser.sign_in(&page, ALICE, "alice").unwrap();
    let page = browser.arrive(page).unwrap();
    let form = page.form("/device").unwrap();
    let page = browser.submit(&form, &[("user_code", &code)]).unwrap();
    let page = browser.arrive(page).unwrap();
    assert!(page.says("Carnet command line"), "{}", page.text());
    let form = page.form("/device/confirm").unwrap();
    browser.submit(&form, &[("decision", "allow")]).unwrap();
    let ran = ok(begun.end());
    assert!(
        ran.err.contains("ok Signed in as alice@example.com."),
        "{}",
        ran.err
    );
    let told: Value = serde_json::from_str(&ok(server.whoami()).out).unwrap();
    assert_eq!(told["email"], ALICE);
}

#[test]
fn rfc6749_4_1_2_1_who_says_no_is_not_signed_in() {
    let server = Server::start();
    let (url, begun) = server.begin();
    let shown = server.answer(&url, "deny");
    assert!(shown.contains("You are not signed in"), "{shown}");
    let ran = begun.end();
    assert_eq!(ran.code, Some(5), "{}", ran.err);
    assert!(!server.file().exists());
    let nobody = server.sandbox.run(&["logout"]);
    assert_eq!(nobody.code, Some(2), "{}", nobody.err);
}

#[test]
fn a_person_without_a_role_signs_in_and_may_do_nothing() {
    let server = Server::start();
    let (url, begun) = server.begin();
    server.answer(&url, "allow");
    ok(begun.end());
    let told: Value = serde_json::from_str(&ok(server.whoami()).out).unwrap();
    assert_eq!(told["roles"], Value::Array(Vec::new()));
    let refused = server.sandbox.run(&["sa", "list", "--project", "demo"]);
    assert!(matches!(refused.code, Some(3 | 5)), "{}", refused.err);
    // A sign-in that the server does not renew is over, and is said to be.
    let mut kept = server.kept();
    kept["expires"] = 0.into();
    kept["refresh_token"] = "crn_rt_nothing".into();
    std::fs::write(server.file(), kept.to_string()).unwrap();
    let ended = server.whoami();
    assert_eq!(ended.code, Some(4), "{}", ended.err);
    assert!(
        ended.err.contains("carnet login http://127.0.0.1:"),
        "{}",
        ended.err
    );
    assert!(!ended.err.contains("crn_rt_nothing"));
}

#[test]
fn the_app_that_signs_people_in_is_disabled_and_never_deleted() {
    let server = Server::start();
    let gone = server
        .sandbox
        .admin(&["app", "delete", "carnet-cli", "--yes"]);
    assert_eq!(gone.code, Some(6), "{}", gone.err);
    assert!(gone.err.contains("Disable it instead"), "{}", gone.err);
    let disable = [
        "app",
        "disable",
        "carnet-cli",
        "--reason",
        "no people",
        "--yes",
    ];
    ok(server.sandbox.admin(&disable));
    ok(server.sandbox.admin(&["app", "get", "carnet-cli"]));
}

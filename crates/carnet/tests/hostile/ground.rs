//! The server under fire, and what it owes to everybody.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use std::time::Instant;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use carnet_testkit::dice::Dice;
use carnet_testkit::live::Live;
use carnet_testkit::live::Program;
use carnet_testkit::live::leaked;
use carnet_testkit::served;
use carnet_testkit::served::Administrator;
use carnet_testkit::served::JWT_BEARER;
use carnet_testkit::served::signed;
use carnet_testkit::talk::Answer;
use carnet_testkit::talk::Caller;
use carnet_testkit::talk::raw;
use serde_json::Value;
use serde_json::json;
use tempfile::TempDir;

/// Within this time there is an answer.
const SOON: Duration = Duration::from_secs(2);
/// A read that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(20);
/// What the account may ask for.
const SCOPE: &str = "carnet.admin.read";

/// A server with one administrator and one account more.
pub(crate) struct Ground {
    pub(crate) address: SocketAddr,
    pub(crate) issuer: String,
    pub(crate) dice: Dice,
    pub(crate) first: Administrator,
    /// What must stand in no log.
    pub(crate) secrets: Vec<String>,
    program: Program,
    live: Live,
    _folder: TempDir,
}

impl Ground {
    pub(crate) fn new() -> Self {
        let seed = seed();
        println!("CARNET_TEST_SEED={seed}");
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite:{}", folder.path().join("carnet.db").display());
        let binary = env!("CARGO_BIN_EXE_carnet");
        let program = served::program(binary, folder.path(), &database).unwrap();
        let live = program.start().unwrap();
        let first = Administrator::first(&program, "demo", seconds()).unwrap();
        let ground = Self {
            address: program.address,
            issuer: format!("http://{}", program.address),
            dice: Dice::new(seed),
            secrets: first.secrets.clone(),
            first,
            program,
            live,
            _folder: folder,
        };
        let accounts = "/admin/v1/projects/demo/service-accounts";
        let made = ground
            .administrator()
            .post(accounts, &json!({ "account_id": "ci" }));
        assert_eq!(made.unwrap().status, 201);
        ground
    }

    /// Claims that would buy a token.
    pub(crate) fn claims(&self) -> Value {
        let now = seconds();
        json!({
            "iss": self.first.email, "scope": SCOPE, "aud": format!("{}/token", self.issuer),
            "iat": now, "exp": now + 3_000,
        })
    }

    /// An assertion that buys a token.
    pub(crate) fn assertion(&self) -> String {
        signed(&self.first.signer, &self.claims()).unwrap()
    }

    /// Somebody with the administrator's token.
    pub(crate) fn administrator(&self) -> Caller {
        Caller::new(self.address)
            .with_token(&self.first.token)
            .with_patience(PATIENCE)
    }

    /// Sends a request of the usual form; the answer is soon, and no 5xx.
    pub(crate) fn ask(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> Answer {
        let about = format!("{method} {path} {kind} {} bytes", body.len());
        let mut caller = Caller::new(self.address).with_patience(PATIENCE);
        timed(&about, || caller.send(method, path, kind, body))
            .unwrap_or_else(|error| panic!("{about}: {error}"))
    }

    /// Sends bytes; there is an answer soon that is no 5xx, or the connection is closed.
    pub(crate) fn shoot(&self, bytes: &[u8]) -> Option<Answer> {
        let about = format!(
            "{:?}",
            String::from_utf8_lossy(&bytes[..bytes.len().min(200)])
        );
        match timed(&about, || raw(self.address, bytes, PATIENCE)) {
            Ok(answer) => Some(answer),
            Err(error) if hung(&error) => panic!("{about}: no answer"),
            Err(_) => None,
        }
    }

    /// It works as before, nothing panicked, and nothing leaked.
    pub(crate) fn stands(mut self) {
        let assertion = self.assertion();
        let form = [("grant_type", JWT_BEARER), ("assertion", &assertion)];
        let answer = Caller::new(self.address).form("/token", &form).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text());
        let token = answer.json()["access_token"].as_str().unwrap().to_owned();
        self.secrets.extend([assertion, token]);
        assert!(self.live.runs());
        let log = self.program.printed("stderr");
        assert!(log.contains("carnet serves"), "there is a log: {log}");
        assert!(!log.contains("panicked"), "{log}");
        assert_eq!(leaked(&log, &self.secrets), Vec::<String>::new());
    }
}

/// A refusal by us: 4xx, and JSON with a code of the catalogue.
pub(crate) fn refused(about: &str, answer: &Answer) {
    let said = answer.text();
    assert!(
        (400..500).contains(&answer.status),
        "{about}\n{}{said}",
        answer.head
    );
    assert!(answer.json().is_object(), "{about}\n{}{said}", answer.head);
    assert!(said.contains("CRN-"), "{about}\n{}{said}", answer.head);
}

/// What took too long is tried once more: the machine may have had something else to do.
fn timed(about: &str, mut send: impl FnMut() -> io::Result<Answer>) -> io::Result<Answer> {
    let mut took = Duration::ZERO;
    for _ in 0..2 {
        let began = now();
        let answer = send();
        took = began.elapsed();
        if let Ok(answer) = &answer {
            assert!(answer.status < 500, "{about}\n{}", answer.head);
        }
        if took < SOON {
            return answer;
        }
    }
    panic!("{about}: an answer took {took:?}");
}

fn hung(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
    )
}

#[expect(clippy::disallowed_methods, reason = "the program has a clock too")]
pub(crate) fn seconds() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
}

#[expect(clippy::disallowed_methods, reason = "answers are timed")]
fn now() -> Instant {
    Instant::now()
}

#[expect(
    clippy::disallowed_methods,
    reason = "it repeats a test, and is no configuration of Carnet"
)]
fn seed() -> u64 {
    let wanted = std::env::var("CARNET_TEST_SEED").ok();
    wanted.map_or_else(seconds, |text| text.parse().unwrap())
}

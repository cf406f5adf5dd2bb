//! The server over sockets: what it says, refuses, and waits for.

use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use carnet_client::Clock;
use carnet_client::Token;
use tokio::io::AsyncReadExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::net::TcpStream;

use super::Metadata;
use crate::hosts::Hosts;
use crate::instance::Attached;
use crate::instance::Instance;
use crate::source::Coming;
use crate::source::Source;
use crate::source::Unavailable;
use crate::source::Wanted;

const NOW: i64 = 1_800_000_000;
const EMAIL: &str = "ci@demo.iam.gserviceaccount.com";
const FLAVOR: &str = "Metadata-Flavor: Google";

/// Says in the token what was asked for.
#[derive(Default)]
struct Echo(Mutex<Option<Unavailable>>);

impl Source for Echo {
    fn token(&self, wanted: &Wanted) -> Coming {
        let said = match wanted {
            Wanted::Access { scopes } => scopes.join("."),
            Wanted::Identity {
                audience,
                full,
                licenses,
            } => format!("{audience}.{full}.{licenses}"),
        };
        let trouble = self.0.lock().unwrap().clone();
        Box::pin(async move {
            trouble.map_or_else(|| Ok(Token::kept(&said, NOW + 3_599).unwrap()), Err)
        })
    }
}

fn instance() -> Instance {
    let mut instance = Instance::named("worker", "demo", 17);
    instance.account = Some(Attached {
        email: EMAIL.to_owned(),
        scopes: vec!["a".to_owned(), "b".to_owned()],
    });
    instance
}

struct Served {
    metadata: Metadata,
    source: Arc<Echo>,
    host: String,
}

impl Served {
    async fn start(instance: &Instance) -> Self {
        let source = Arc::new(Echo::default());
        let metadata = Metadata::new(
            instance,
            Arc::clone(&source) as Arc<dyn Source>,
            Clock::told_by(|| NOW),
            Hosts::default(),
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let routes = metadata.routes();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self {
            metadata,
            source,
            host,
        }
    }

    /// Sends a request with these lines after the first, and reads the answer to its end.
    async fn send(&self, first: &str, lines: &[&str]) -> Answer {
        let mut stream = TcpStream::connect(&self.host).await.unwrap();
        let mut text = format!("{first} HTTP/1.1\r\nConnection: close\r\n");
        if !lines.iter().any(|line| line.starts_with("Host:")) {
            text.push_str("Host: ");
            text.push_str(&self.host);
            text.push_str("\r\n");
        }
        for line in lines {
            text.push_str(line);
            text.push_str("\r\n");
        }
        text.push_str("\r\n");
        stream.write_all(text.as_bytes()).await.unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).await.unwrap();
        let (head, body) = said.split_once("\r\n\r\n").unwrap();
        Answer {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

    async fn say(&self, below: &str) -> Answer {
        self.send(&format!("GET /computeMetadata/v1/{below}"), &[FLAVOR])
            .await
    }
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

#[tokio::test]
async fn google_wire_7_1_a_request_without_the_flavor_is_forbidden() {
    let served = Served::start(&instance()).await;
    let path = "GET /computeMetadata/v1/instance/service-accounts/default/token";
    let none = served.send(path, &[]).await;
    assert_eq!(none.status, 403);
    let why = "Missing required header \"Metadata-Flavor\": \"Google\"\n";
    assert_eq!(none.body, why);
    assert_eq!(
        none.header("content-type"),
        Some("text/html; charset=UTF-8")
    );
    let wrong = served.send(path, &["Metadata-Flavor: Amazon"]).await;
    assert_eq!(wrong.status, 404);
    let both = served.send(path, &[FLAVOR, "Metadata-Flavor: x"]).await;
    assert_eq!(both.status, 404);
    assert_eq!(
        served.send(path, &["metadata-flavor: Google"]).await.status,
        200
    );
}

#[tokio::test]
async fn google_wire_7_1_a_request_through_a_proxy_is_forbidden() {
    let served = Served::start(&instance()).await;
    for path in ["/", "/computeMetadata/v1/instance/id"] {
        let lines = [FLAVOR, "X-Forwarded-For: 203.0.113.7"];
        let answer = served.send(&format!("GET {path}"), &lines).await;
        assert_eq!(answer.status, 403, "{path}");
    }
}

#[tokio::test]
async fn a_request_by_a_name_that_is_not_ours_is_forbidden() {
    let served = Served::start(&instance()).await;
    let root = "GET /";
    let rebound = served.send(root, &["Host: rebound.example", FLAVOR]).await;
    assert_eq!(rebound.status, 403);
    let google = served.send(root, &["Host: metadata.google.internal"]).await;
    assert_eq!(google.status, 200);
}

#[tokio::test]
async fn google_wire_7_1_the_root_answers_without_the_flavor() {
    let served = Served::start(&instance()).await;
    let root = served.send("GET /", &[]).await;
    assert_eq!(
        (root.status, root.body.as_str()),
        (200, "computeMetadata/\n")
    );
    assert_eq!(root.header("metadata-flavor"), Some("Google"));
    assert_eq!(root.header("server"), Some("Metadata Server for VM"));
    assert_eq!(root.header("x-xss-protection"), Some("0"));
    assert_eq!(root.header("x-frame-options"), Some("SAMEORIGIN"));
    assert_eq!(root.header("etag").map(str::len), Some(16));
}

#[tokio::test]
async fn google_wire_7_1_a_directory_has_a_slash_at_its_end() {
    let served = Served::start(&instance()).await;
    for (path, place) in [
        ("/computeMetadata", "/computeMetadata/"),
        ("/computeMetadata/v1", "/computeMetadata/v1/"),
        (
            "/computeMetadata/v1/instance",
            "/computeMetadata/v1/instance/",
        ),
        (
            "/computeMetadata/v1/project?recursive=true",
            "/computeMetadata/v1/project/?recursive=true",
        ),
    ] {
        let answer = served.send(&format!("GET {path}"), &[FLAVOR]).await;
        assert_eq!(answer.status, 301, "{path}");
        assert_eq!(answer.header("location"), Some(place));
    }
    let listed = served.say("").await;
    assert_eq!(listed.body, "instance/\nproject/\nuniverse/\n");
    assert_eq!(listed.header("content-type"), Some("application/text"));
}

#[tokio::test]
async fn google_wire_7_1_an_account_tells_of_itself() {
    let served = Served::start(&instance()).await;
    let whole = served
        .say("instance/service-accounts/default/?recursive=true")
        .await;
    let said = format!(r#"{{"aliases":["default"],"email":"{EMAIL}","scopes":["a","b"]}}"#);
    assert_eq!(whole.body, said);
    assert_eq!(whole.header("content-type"), Some("application/json"));
    let email = served.say("instance/service-accounts/default/email").await;
    assert_eq!(email.body, EMAIL);
    let json = served
        .say("instance/service-accounts/default/email?alt=json")
        .await;
    assert_eq!(json.body, format!("\"{EMAIL}\""));
    let text = served
        .say("instance/service-accounts/default/?recursive=true&alt=text")
        .await;
    assert!(text.body.contains(&format!("email {EMAIL}\n")));
    let names = served.say("project/?alt=json").await;
    let listed = r#"["attributes/","numeric-project-id","project-id"]"#;
    assert_eq!(names.body, listed);
    let other = served
        .say("instance/service-accounts/other@demo.iam.gserviceaccount.com/token")
        .await;
    assert_eq!(other.status, 404);
}

#[tokio::test]
async fn google_wire_7_1_a_token_is_json_with_a_number() {
    let served = Served::start(&instance()).await;
    let path = "instance/service-accounts/default/token";
    let own = served.say(path).await;
    let said = r#"{"access_token":"a.b","expires_in":3599,"token_type":"Bearer"}"#;
    assert_eq!((own.status, own.body.as_str()), (200, said));
    assert_eq!(own.header("content-type"), Some("application/json"));
    assert_eq!(own.header("metadata-flavor"), Some("Google"));
    assert_eq!(own.header("cache-control"), Some("private, no-store"));
    let asked = served
        .say(&format!("{path}?scopes=c,d&transport=alts"))
        .await;
    assert!(asked.body.contains(r#""access_token":"c.d""#));
    let by_email = format!("instance/service-accounts/{EMAIL}/token");
    assert_eq!(served.say(&by_email).await.body, said);
}

#[tokio::test]
async fn google_wire_7_1_an_id_token_is_bare() {
    let served = Served::start(&instance()).await;
    let path = "instance/service-accounts/default/identity";
    let standard = served.say(&format!("{path}?audience=x")).await;
    assert_eq!(standard.body, "x.false.false");
    assert_eq!(standard.header("content-type"), Some("text/html"));
    let query = "audience=x&format=full&licenses=TRUE";
    let full = served.say(&format!("{path}?{query}")).await;
    assert_eq!(full.body, "x.true.true");
    for query in ["", "?audience=", "?format=full"] {
        let none = served.say(&format!("{path}{query}")).await;
        assert_eq!(none.status, 400, "{query}");
        assert_eq!(none.body, "non-empty audience parameter required\n");
    }
}

#[tokio::test]
async fn google_wire_7_1_without_an_account_there_is_no_token() {
    let alone = Instance::named("worker", "demo", 17);
    let served = Served::start(&alone).await;
    let account = "instance/service-accounts/default";
    for path in [
        format!("{account}/token"),
        format!("{account}/email"),
        format!("{account}/?recursive=true"),
    ] {
        assert_eq!(served.say(&path).await.status, 404, "{path}");
    }
    assert_eq!(served.say("project/project-id").await.body, "demo");
}

#[tokio::test]
async fn google_wire_7_1_trouble_at_the_source_is_503_and_tells_why() {
    let served = Served::start(&instance()).await;
    let path = "instance/service-accounts/default/token";
    let why = Unavailable::because("http://a.example gave no answer: <b>refused\r\n");
    *served.source.0.lock().unwrap() = Some(why);
    let answer = served.say(path).await;
    assert_eq!(answer.status, 503);
    let told = "There is no token: http://a.example gave no answer:  b refused  \n";
    assert_eq!(answer.body, told);
}

#[tokio::test]
async fn an_account_without_scopes_needs_some_in_the_request() {
    let mut bare = instance();
    bare.account.as_mut().unwrap().scopes.clear();
    let served = Served::start(&bare).await;
    let path = "instance/service-accounts/default/token";
    assert_eq!(served.say(path).await.status, 400);
    assert_eq!(served.say(&format!("{path}?scopes=c")).await.status, 200);
}

#[tokio::test]
async fn head_tells_what_get_would() {
    let served = Served::start(&instance()).await;
    let path = "/computeMetadata/v1/instance/service-accounts/default/email";
    let head = served.send(&format!("HEAD {path}"), &[FLAVOR]).await;
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    let length = EMAIL.len().to_string();
    assert_eq!(head.header("content-length"), Some(length.as_str()));
    let posted = served.send(&format!("POST {path}"), &[FLAVOR]).await;
    assert_eq!(posted.status, 405);
    assert_eq!(posted.header("allow"), Some("GET, HEAD"));
}

#[tokio::test]
async fn google_wire_7_1_who_waits_is_told_of_the_change() {
    let served = Arc::new(Served::start(&instance()).await);
    let path = "instance/attributes/?recursive=true";
    let before = served.say(path).await;
    let tag = before.header("etag").unwrap().to_owned();
    let waits = tokio::spawn({
        let (served, tag) = (Arc::clone(&served), tag.clone());
        async move {
            let query = format!("{path}&wait_for_change=true&last_etag={tag}");
            served.say(&query).await
        }
    });
    let mut changed = instance();
    changed.attributes.insert("mode".into(), "safe".into());
    served.metadata.change(&changed);
    let after = waits.await.unwrap();
    assert_eq!(after.body, r#"{"mode":"safe"}"#);
    assert_ne!(after.header("etag"), Some(tag.as_str()));
    // Who knows an older value is told at once.
    let query = format!("{path}&wait_for_change=true&last_etag={tag}");
    assert_eq!(served.say(&query).await.body, r#"{"mode":"safe"}"#);
}

#[tokio::test]
async fn google_wire_7_1_a_wait_ends_when_its_time_is_over() {
    let served = Served::start(&instance()).await;
    let query = "instance/id?wait_for_change=true&timeout_sec=0";
    let answer = served.say(query).await;
    assert_eq!(answer.body, instance().id.to_string());
}

#[tokio::test]
async fn who_waits_is_let_go_when_the_server_ends_and_too_many_cannot_wait() {
    let served = Arc::new(Served::start(&instance()).await);
    let path = "instance/id?wait_for_change=true";
    let waiting: Vec<_> = (0..64)
        .map(|_| {
            let served = Arc::clone(&served);
            tokio::spawn(async move { served.say(path).await.status })
        })
        .collect();
    // All places are taken once one more is told so.
    let full = async {
        while served.say(&format!("{path}&timeout_sec=0")).await.status != 503 {
            tokio::task::yield_now().await;
        }
    };
    let minute = Duration::from_mins(1);
    tokio::time::timeout(minute, full).await.unwrap();
    served.metadata.stop();
    for one in waiting {
        assert_eq!(one.await.unwrap(), 200);
    }
    assert_eq!(served.say(path).await.status, 200);
}

#[tokio::test]
async fn what_is_hostile_is_answered_and_bounded() {
    let served = Served::start(&instance()).await;
    let long = "a".repeat(20_000);
    for (path, status) in [
        ("/computeMetadata/v1/../../etc/passwd".to_owned(), 404),
        ("/computeMetadata/v1/instance/%2e%2e/id".to_owned(), 404),
        ("/computeMetadata/v1/instance/%".to_owned(), 404),
        ("/computeMetadata/v1beta1/instance/id".to_owned(), 404),
        ("/computeMetadata/v1instance/id".to_owned(), 404),
        ("/0.1/meta-data/".to_owned(), 404),
        (format!("/computeMetadata/v1/{long}"), 404),
        (format!("/computeMetadata/v1/instance/id?{long}"), 400),
        ("/computeMetadata/v1/instance/id?alt=xml".to_owned(), 400),
        (format!("/computeMetadata/v1/{}", "x/".repeat(8_000)), 404),
    ] {
        let answer = served.send(&format!("GET {path}"), &[FLAVOR]).await;
        assert_eq!(answer.status, status, "{path:.60}");
    }
}

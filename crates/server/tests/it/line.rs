//! The request log: what a line tells, and what it never tells.

use std::io;
use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::Mutex;

use serde_json::Value;
use tracing::Dispatch;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::Registry;
use tracing_subscriber::fmt::MakeWriter;

use crate::house::House;
use crate::house::config;

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Kept {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// While there is only one subscriber, tracing asks whichever thread meets an event first whether
/// anybody wants to hear of it, and that may be the thread of another test. With two it asks both.
static ANOTHER: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(Registry::default()));

/// The log of this thread, from now on. A test's runtime has one thread, so that is the log of its server.
pub(crate) struct Heard {
    kept: Kept,
    _logging: DefaultGuard,
}

impl Heard {
    /// What passes this filter.
    pub(crate) fn of(filter: &str) -> Self {
        LazyLock::force(&ANOTHER);
        let kept = Kept::default();
        let subscriber = tracing_subscriber::fmt()
            .json()
            .flatten_event(true)
            .with_env_filter(EnvFilter::new(filter))
            .with_writer(kept.clone())
            .finish();
        let logging = tracing::subscriber::set_default(subscriber);
        Self {
            kept,
            _logging: logging,
        }
    }

    /// All of it.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.kept.0.lock().unwrap().clone()).unwrap()
    }
}

/// The lines that are written while these bytes are said.
async fn lines(level: &str, bytes: &str) -> Vec<Value> {
    let heard = Heard::of(&format!("off,carnet::request={level}"));
    House::open(config()).say(bytes).await;
    let lines = heard.text();
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[tokio::test]
async fn a_refusal_is_one_line_with_the_names_of_opentelemetry() {
    let lines = lines("info", "GET /coded HTTP/1.0\r\n\r\n").await;
    let [line] = &lines[..] else {
        panic!("one line: {lines:?}")
    };
    assert_eq!(line["http.request.method"], "GET");
    assert_eq!(line["url.path"], "/coded");
    assert_eq!(line["http.response.status_code"], 400);
    assert_eq!(line["client.address"], "127.0.0.1");
    assert_eq!(line["carnet.code"], "CRN-2104");
    assert_eq!(line["trace_id"].as_str().unwrap().len(), 26);
    assert!(line["duration"].as_f64().unwrap() >= 0.0);
}

#[tokio::test]
async fn a_query_is_never_logged() {
    for ask in [
        "GET /none?code=s3cret HTTP/1.0\r\n\r\n",
        "GET /panic?code=s3cret HTTP/1.0\r\n\r\n",
        "GET http://host.example/none?code=s3cret HTTP/1.0\r\n\r\n",
        "GET /?code=s3cret HTTP/1.0\r\nAuthorization: Bearer s3cret\r\nReferer: /?s3cret\r\n\r\n",
    ] {
        let lines = lines("trace", ask).await;
        assert_eq!(lines.len(), 1, "{ask}: {lines:?}");
        assert!(!lines[0].to_string().contains("s3cret"), "{lines:?}");
    }
}

#[tokio::test]
async fn a_path_is_escaped_and_cut() {
    let path = "\u{e9}".repeat(400);
    let lines = lines("info", &format!("GET /{path} HTTP/1.0\r\n\r\n")).await;
    let told = lines[0]["url.path"].as_str().unwrap();
    assert!(
        told.starts_with("/\\u{e9}\\u{e9}") && told.ends_with("..."),
        "{told}"
    );
    assert_eq!(told.matches("\\u{e9}").count(), 255);
}

#[tokio::test]
async fn what_went_well_is_not_logged_unless_it_is_asked_for() {
    assert_eq!(
        lines("info", "GET / HTTP/1.0\r\n\r\n").await,
        Vec::<Value>::new()
    );
    assert_eq!(lines("debug", "GET / HTTP/1.0\r\n\r\n").await.len(), 1);
}

//! One answer ends it, and nobody else can.

use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use url::Url;

use super::Loopback;
use crate::authentication::Authentication;
use crate::authorization_code::Ask;
use crate::authorization_code::Begun;
use crate::authorization_code::Code;
use crate::client::Client;
use crate::clock::Clock;
use crate::error::Error;
use crate::rehearsal::Hand;
use crate::rehearsal::NOW;
use crate::rehearsal::Script;
use crate::rehearsal::client;
use crate::rehearsal::pair;

/// A clock on which nobody waits to the end.
fn patient() -> Clock {
    Clock::told_by(|| NOW).waiting_by(|_| Box::pin(std::future::pending()))
}

struct Waiting {
    begun: Begun,
    port: u16,
    task: tokio::task::JoinHandle<Result<Code, Error>>,
}

async fn waiting() -> Waiting {
    let client = client(Authentication::None, &Script::default(), &Hand::new());
    let loopback = Loopback::open().await.unwrap();
    let redirect = Url::parse(loopback.redirect_uri()).unwrap();
    assert_eq!(
        (redirect.host_str(), redirect.path()),
        (Some("127.0.0.1"), "/callback")
    );
    let ask = Ask::for_scopes(&["a"]).unwrap();
    let begun = client.begin(loopback.redirect_uri(), &ask).unwrap();
    let port = redirect.port().unwrap();
    let asked = begun.clone();
    let task = tokio::spawn(async move {
        loopback
            .wait(&asked, Duration::from_mins(5), &patient())
            .await
    });
    Waiting { begun, port, task }
}

impl Waiting {
    fn target(&self, more: &str) -> String {
        let url = Url::parse(self.begun.url()).unwrap();
        let state = pair(url.query().unwrap().as_bytes(), "state").unwrap();
        format!("/callback?iss=https%3A%2F%2Fauth.example&state={state}&{more}")
    }

    async fn send(&self, bytes: &str) -> String {
        let mut connection = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        connection.write_all(bytes.as_bytes()).await.unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await.unwrap();
        answer
    }

    async fn get(&self, target: &str) -> String {
        let port = self.port;
        self.send(&format!(
            "GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"
        ))
        .await
    }
}

#[tokio::test]
async fn rfc8252_7_3_the_browser_comes_back_and_the_port_closes() {
    let waiting = waiting().await;
    let page = waiting.get(&waiting.target("code=secret-code")).await;
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
    assert!(
        page.contains("Signed in. You can close this window"),
        "{page}"
    );
    assert!(!page.contains("secret-code"));
    for header in [
        "Cache-Control: no-store",
        "default-src 'none'",
        "Connection: close",
    ] {
        assert!(page.contains(header), "{header}");
    }
    waiting.task.await.unwrap().unwrap();
    assert!(
        TcpStream::connect(("127.0.0.1", waiting.port))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn rfc8252_8_3_what_is_not_the_answer_does_not_end_the_wait() {
    let waiting = waiting().await;
    let port = waiting.port;
    let good = waiting.target("code=c");
    assert!(waiting.get("/").await.starts_with("HTTP/1.1 404"));
    assert!(waiting.get("/callback").await.starts_with("HTTP/1.1 404"));
    assert!(
        waiting
            .get("/callbackx?state=1")
            .await
            .starts_with("HTTP/1.1 404")
    );
    let page = waiting.get("/callback?state=guess&code=c&x=<script>").await;
    assert!(page.starts_with("HTTP/1.1 400"), "{page}");
    assert!(!page.contains("script>"));
    let page = waiting
        .get("/callback?state=guess&error=access_denied")
        .await;
    assert!(page.starts_with("HTTP/1.1 400"), "{page}");
    let rebound = format!("GET {good} HTTP/1.1\r\nHost: evil.example:{port}\r\n\r\n");
    assert!(waiting.send(&rebound).await.starts_with("HTTP/1.1 404"));
    let posted = format!("POST {good} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n");
    assert!(waiting.send(&posted).await.starts_with("HTTP/1.1 404"));
    // One that says nothing, and one that says too much.
    let silent = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let mut large = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let _ = large.write_all(&vec![b'x'; 20_000]).await;
    let mut none = Vec::new();
    let _ = large.read_to_end(&mut none).await;
    assert_eq!(none, b"");
    assert!(waiting.get(&good).await.starts_with("HTTP/1.1 200"));
    waiting.task.await.unwrap().unwrap();
    drop(silent);
}

#[tokio::test]
async fn rfc6749_4_1_2_1_a_no_ends_it_too() {
    let waiting = waiting().await;
    let page = waiting.get(&waiting.target("error=access_denied")).await;
    assert!(page.contains("You are not signed in"), "{page}");
    let error = waiting.task.await.unwrap().unwrap_err();
    assert_eq!(error.code(), Some("access_denied"));
}

#[tokio::test]
async fn nobody_is_waited_for_without_end() {
    let hand = Hand::new();
    let client = client(Authentication::None, &Script::default(), &hand);
    let mut shown = String::new();
    let ask = Ask::for_scopes(&["a"]).unwrap();
    let show = |url: &str| shown = url.to_owned();
    let error = client
        .sign_in(&ask, show, Duration::from_mins(5))
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("nobody answered in time"),
        "{error}"
    );
    assert_eq!(hand.waits(), [Duration::from_mins(5)]);
    assert!(
        shown.starts_with("https://auth.example/authorize"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_whole_sign_in() {
    let script = Script::default().then_token("very-secret");
    let client: Client = client(Authentication::None, &script, &Hand::new()).with_clock(patient());
    let (tell, shown) = tokio::sync::oneshot::channel();
    let ask = Ask::for_scopes(&["a"]).unwrap();
    let browser = tokio::spawn(async move {
        let url: String = shown.await.unwrap();
        let url = Url::parse(&url).unwrap();
        let sent = url.query().unwrap().as_bytes();
        let back = Url::parse(&pair(sent, "redirect_uri").unwrap()).unwrap();
        let state = pair(sent, "state").unwrap();
        let host = format!("127.0.0.1:{}", back.port().unwrap());
        let mut connection = TcpStream::connect(&host).await.unwrap();
        let target = format!("/callback?code=c&state={state}&iss=https%3A%2F%2Fauth.example");
        let request = format!("GET {target} HTTP/1.1\r\nhost: {host}\r\n\r\n");
        connection.write_all(request.as_bytes()).await.unwrap();
        let mut page = String::new();
        connection.read_to_string(&mut page).await.unwrap();
        page
    });
    let show = |url: &str| tell.send(url.to_owned()).unwrap();
    let tokens = client
        .sign_in(&ask, show, Duration::from_mins(5))
        .await
        .unwrap();
    assert_eq!(tokens.access().value().reveal(), "very-secret");
    assert!(browser.await.unwrap().contains("Signed in"));
    assert!(!format!("{tokens:?}").contains("very-secret"));
}

//! The real transport against a real socket.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use http::Request;
use http::Response;
use tokio::task::JoinSet;
use wiremock::Mock;
use wiremock::MockServer;
use wiremock::ResponseTemplate;
use wiremock::matchers::any;
use wiremock::matchers::body_string;
use wiremock::matchers::header;
use wiremock::matchers::method;
use wiremock::matchers::path;

use super::Transport;
use crate::rehearsal::Hand;
use crate::rehearsal::key_file;
use crate::service_account::ServiceAccount;

async fn server(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

fn get(url: &str) -> Request<Vec<u8>> {
    Request::get(url).body(vec![]).unwrap()
}

#[tokio::test]
async fn a_request_goes_out_as_it_is_and_the_answer_comes_whole() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/x"))
        .and(header("x-y", "z"))
        .and(body_string("a=b"))
        .respond_with(
            ResponseTemplate::new(201)
                .insert_header("etag", "\"1\"")
                .set_body_string("c"),
        )
        .expect(1)
        .mount(&server)
        .await;
    let url = format!("{}/x", server.uri());
    let request = Request::post(url)
        .header("x-y", "z")
        .body(b"a=b".to_vec())
        .unwrap();
    let answer = Transport::new().unwrap().send(request).await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.body().as_slice()),
        (201, b"c".as_slice())
    );
    assert_eq!(answer.headers()["etag"], "\"1\"");
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let answer = ResponseTemplate::new(307).insert_header("location", "/elsewhere");
    let server = server(answer).await;
    let answer = Transport::new()
        .unwrap()
        .send(get(&server.uri()))
        .await
        .unwrap();
    assert_eq!(answer.status(), 307);
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_answer_of_1_mib_is_read_and_one_byte_more_is_not() {
    let limit = 1024 * 1024;
    let fits = server(ResponseTemplate::new(200).set_body_bytes(vec![b'x'; limit])).await;
    let answer = Transport::new()
        .unwrap()
        .send(get(&fits.uri()))
        .await
        .unwrap();
    assert_eq!(answer.body().len(), limit);
    let large = server(ResponseTemplate::new(200).set_body_bytes(vec![b'x'; limit + 1])).await;
    let error = Transport::new()
        .unwrap()
        .send(get(&large.uri()))
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("larger than 1048576 bytes"),
        "{error}"
    );
}

#[tokio::test]
async fn nobody_there_is_an_error_that_passes() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = Transport::new()
        .unwrap()
        .send(get(&format!("http://{address}/")))
        .await
        .unwrap_err();
    assert!(error.is_temporary());
    assert_eq!(error.crn(), Some("CRN-7004"));
    assert!(
        error.to_string().to_lowercase().contains("refused"),
        "{error}"
    );
}

#[tokio::test]
async fn at_most_so_many_requests_are_under_way() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let seen = Arc::clone(&most);
    let transport = Transport::from_fn(move |_| {
        let (now, most) = (Arc::clone(&now), Arc::clone(&most));
        Box::pin(async move {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            now.fetch_sub(1, Ordering::SeqCst);
            Ok(Response::new(vec![]))
        })
    })
    .at_most(3);
    let mut senders = JoinSet::new();
    for _ in 0..20 {
        let transport = transport.clone();
        senders.spawn(async move { transport.send(get("http://a.example/")).await.unwrap() });
    }
    assert_eq!(senders.join_all().await.len(), 20);
    assert_eq!(seen.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn google_wire_2_4_a_token_after_two_faults_over_http() {
    let server = MockServer::start().await;
    let token = r#"{"access_token":"one","expires_in":3600,"token_type":"Bearer"}"#;
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(503))
        .up_to_n_times(2)
        .mount(&server)
        .await;
    Mock::given(method("POST"))
        .and(path("/token"))
        .and(header("content-type", "application/x-www-form-urlencoded"))
        .respond_with(ResponseTemplate::new(200).set_body_raw(token, "application/json"))
        .mount(&server)
        .await;
    let mut file = key_file();
    file["token_uri"] = format!("{}/token", server.uri()).into();
    let hand = Hand::new();
    let account = ServiceAccount::from_json(&file.to_string())
        .unwrap()
        .with_clock(hand.clock())
        .scoped(&["a"])
        .unwrap();
    assert_eq!(account.token().await.unwrap().value().reveal(), "one");
    assert_eq!(hand.waits().len(), 2);
    assert_eq!(server.received_requests().await.unwrap().len(), 3);
}

mod certificates;

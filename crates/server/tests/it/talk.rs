//! Plain talk: what a well-behaved client sees, and a client that makes mistakes.

use carnet_server::http::drain::Drained;
use tokio::io::AsyncReadExt as _;
use tokio::io::AsyncWriteExt as _;

use crate::house::House;
use crate::house::config;

#[tokio::test]
async fn a_request_is_answered_with_date_and_trace_id() {
    let house = House::open(config());
    let answer = house
        .say("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        .await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\nhello"), "{answer}");
    assert!(answer.contains("\r\ndate: "), "{answer}");
    assert!(answer.contains("\r\nx-trace-id: "), "{answer}");
    house.shutdown.begin();
    assert_eq!(house.ended.await.unwrap(), Drained { cut_off: 0 });
}

#[tokio::test]
async fn two_requests_have_two_trace_ids() {
    let house = House::open(config());
    let ask = "GET /who HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let trace = |answer: &str| answer.rsplit(' ').next().unwrap().to_owned();
    let (one, two) = (house.say(ask).await, house.say(ask).await);
    assert_eq!(trace(&one).len(), 26);
    assert!(
        one.contains(&format!("x-trace-id: {}", trace(&one))),
        "{one}"
    );
    assert_ne!(trace(&one), trace(&two));
}

#[tokio::test]
async fn requests_in_a_row_on_one_connection_are_answered_in_their_order() {
    let house = House::open(config());
    let two = "GET / HTTP/1.1\r\nHost: a\r\n\r\nPOST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\
               Connection: close\r\n\r\nabc";
    let answer = house.say(two).await;
    let (hello, read) = (
        answer.find("hello").unwrap(),
        answer.find("3 bytes").unwrap(),
    );
    assert!(hello < read, "{answer}");
}

#[tokio::test]
async fn a_body_in_chunks_is_read_whole() {
    let house = House::open(config());
    let answer = house
        .say(
            "POST /read HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n\
             3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\n",
        )
        .await;
    assert!(answer.ends_with("7 bytes"), "{answer}");
}

#[tokio::test]
async fn rfc9110_10_1_1_a_client_that_waits_for_100_continue_gets_it() {
    let house = House::open(config());
    let mut stream = house.connect().await;
    let head = "POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\
                Connection: close\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut said = [0; 25];
    stream.read_exact(&mut said).await.unwrap();
    assert_eq!(&said, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"abc").await.unwrap();
    assert!(crate::house::rest(&mut stream).await.ends_with("3 bytes"));
}

#[tokio::test]
async fn rfc9112_3_2_a_request_without_exactly_one_sane_host_is_a_bad_request() {
    let house = House::open(config());
    let hosts = [
        "",
        "Host: a\r\nHost: b\r\n",
        "Host: a@b\r\n",
        "Host: a/b\r\n",
        "Host: a b\r\n",
    ];
    for host in hosts {
        let ask = format!("GET / HTTP/1.1\r\n{host}Connection: close\r\n\r\n");
        let answer = house.say(ask).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{host:?}: {answer}");
    }
    let old = house.say("GET / HTTP/1.0\r\n\r\n").await;
    assert!(old.starts_with("HTTP/1.0 200 "), "{old}");
}

#[tokio::test]
async fn rfc9112_6_3_two_lengths_that_differ_are_a_bad_request() {
    let house = House::open(config());
    let answer = house
        .say("POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd")
        .await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
}

#[tokio::test]
async fn what_is_no_http_is_answered_or_closed_and_nothing_else_happens() {
    let house = House::open(config());
    for noise in [
        &b"\x16\x03\x01\x02\x00\x01\x00"[..],
        b"GET\r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
    ] {
        let answer = house.say(noise).await;
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 400 "),
            "{answer}"
        );
    }
    assert!(house.say("GET / HTTP/1.0\r\n\r\n").await.ends_with("hello"));
}

#[tokio::test]
async fn an_endpoint_that_panics_answers_a_bare_500_and_the_connection_goes_on() {
    let house = House::open(config());
    let answer = house
        .say(
            "GET /panic HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        )
        .await;
    assert!(answer.starts_with("HTTP/1.1 500 "), "{answer}");
    assert!(!answer.contains("on purpose"), "{answer}");
    assert!(answer.contains("x-trace-id"), "{answer}");
    assert!(answer.ends_with("hello"), "{answer}");
}

#[tokio::test]
async fn requests_are_counted_by_their_pattern_method_and_status() {
    let house = House::open(config());
    let close = "Connection: close";
    house
        .say(format!("GET / HTTP/1.1\r\nHost: a\r\n{close}\r\n\r\n"))
        .await;
    house
        .say(format!(
            "GET /items/17 HTTP/1.1\r\nHost: a\r\n{close}\r\n\r\n"
        ))
        .await;
    house
        .say(format!(
            "GET /nowhere/at/all HTTP/1.1\r\nHost: a\r\n{close}\r\n\r\n"
        ))
        .await;
    let metrics = house.registry.render();
    let count = "http_server_request_duration_seconds_count";
    for labels in [
        r#"http_request_method="GET",http_route="/",http_response_status_code="200""#,
        r#"http_request_method="GET",http_route="/items/{item}",http_response_status_code="200""#,
        r#"http_request_method="GET",http_route="other",http_response_status_code="404""#,
    ] {
        assert!(
            metrics.contains(&format!("{count}{{{labels}}} 1\n")),
            "{labels} in {metrics}"
        );
    }
    assert!(!metrics.contains("/nowhere"), "{metrics}");
}

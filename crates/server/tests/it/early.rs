//! Answers that are ready before the request was read: they say that the connection ends, and arrive.

use tokio::io::AsyncReadExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::frames;
use crate::frames::DATA;
use crate::frames::END_HEADERS;
use crate::frames::HEADERS;
use crate::frames::POST;
use crate::frames::PREFACE;
use crate::frames::RST_STREAM;
use crate::frames::frame;
use crate::house::House;
use crate::house::config;
use crate::house::rest;

/// Sends everything before it reads anything, as many clients do.
async fn stubborn(stream: &mut TcpStream, head: &str, body: usize) -> std::io::Result<String> {
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&vec![b'x'; body]).await?;
    let mut all = Vec::new();
    stream.read_to_end(&mut all).await?;
    Ok(String::from_utf8_lossy(&all).into_owned())
}

#[tokio::test]
async fn rfc9112_9_6_an_early_refusal_announces_the_end_and_is_not_lost() {
    let house = House::open(config());
    let body = 3_000_000;
    let head = format!("POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: {body}\r\n\r\n");
    for _ in 0..10 {
        let mut stream = house.connect().await;
        let answer = stubborn(&mut stream, &head, body).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
        assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
        assert!(
            answer.ends_with(r#"{"error":"the body is too large"}"#),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn rfc9112_9_6_nobody_who_goes_on_sending_keeps_a_connection() {
    let house = House::open(config());
    let mut stream = house.connect().await;
    let (mut reading, mut writing) = stream.split();
    let flood = async {
        let head = b"POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n";
        let _refused = writing.write_all(head).await;
        let mut sent = 0;
        while sent < 1_000_000_000 && writing.write_all(&[b'x'; 16_000]).await.is_ok() {
            sent += 16_000;
        }
        sent
    };
    let (sent, answer) = tokio::join!(flood, rest(&mut reading));
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(sent < 100_000_000, "{sent}");
    while house.bound.connections.open() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn rfc9112_9_6_nobody_who_is_silent_keeps_a_connection() {
    let house = House::open(config());
    let mut stream = house.connect().await;
    let head = b"POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n";
    stream.write_all(head).await.unwrap();
    let answer = rest(&mut stream).await;
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
    let began = Instant::now();
    while house.bound.connections.open() > 0 {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
}

#[tokio::test]
async fn rfc9112_9_3_a_connection_whose_request_was_read_lives_on() {
    let house = House::open(config());
    let post = "POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
    let last = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let answers = house.say(format!("{post}{post}{last}")).await;
    assert_eq!(answers.matches("3 bytes").count(), 2, "{answers}");
    assert!(answers.ends_with("hello"), "{answers}");
    assert_eq!(answers.matches("connection: close").count(), 1, "{answers}");
}

#[tokio::test]
async fn rfc9112_9_3_a_small_body_that_nobody_wanted_ends_no_connection() {
    let house = House::open(config());
    let early = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
    let chunked =
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    let last = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let answers = house.say(format!("{early}{chunked}{early}{last}")).await;
    assert_eq!(answers.matches("HTTP/1.1 405 ").count(), 3, "{answers}");
    assert!(answers.ends_with("hello"), "{answers}");
    assert_eq!(answers.matches("connection: close").count(), 1, "{answers}");
}

#[tokio::test]
async fn rfc9110_10_1_1_nobody_is_told_to_send_what_nobody_wants() {
    let house = House::open(config());
    let waiting = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n";
    let answer = house.say(waiting.to_owned()).await;
    assert!(answer.starts_with("HTTP/1.1 405 "), "{answer}");
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
}

#[tokio::test]
async fn rfc9113_8_1_on_http2_the_stream_is_reset_without_an_error() {
    let house = House::open(config());
    let mut stream = house.connect().await;
    let mut bytes = PREFACE.to_vec();
    bytes.extend(frame(HEADERS, END_HEADERS, 1, POST));
    bytes.extend(frame(DATA, 0, 1, &[b'x'; 2_000]));
    stream.write_all(&bytes).await.unwrap();
    let reset = frames::wait_for(&mut stream, RST_STREAM).await;
    assert_eq!(reset, 0_u32.to_be_bytes(), "NO_ERROR");
}

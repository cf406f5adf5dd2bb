//! Those who take their time. Time is paused in these tests, so ten seconds last no time at all.

use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::time::Instant;

use crate::house::House;
use crate::house::config;
use crate::house::rest;

/// How long the server watched, in seconds, until it closed the connection.
async fn patience(house: &House, bytes: &[u8]) -> (u64, String) {
    let mut stream = house.connect().await;
    let began = Instant::now();
    stream.write_all(bytes).await.unwrap();
    let answer = rest(&mut stream).await;
    (began.elapsed().as_secs(), answer)
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_says_nothing_is_cut_off_after_the_time_for_a_head() {
    let house = House::open(config());
    let (seconds, answer) = patience(&house, b"").await;
    assert!((10..=13).contains(&seconds), "{seconds}");
    assert_eq!(answer, "");
}

#[tokio::test(start_paused = true)]
async fn a_head_that_does_not_end_is_cut_off() {
    let house = House::open(config());
    let (seconds, _) = patience(&house, b"GET / HTTP/1.1\r\nHost: a\r\nX-A: ").await;
    assert!((10..=13).contains(&seconds), "{seconds}");
}

#[tokio::test(start_paused = true)]
async fn half_a_preface_of_http2_is_cut_off() {
    let house = House::open(config());
    let (seconds, _) = patience(&house, b"PRI * HTTP/2.0\r\n").await;
    assert!((10..=13).contains(&seconds), "{seconds}");
}

#[tokio::test(start_paused = true)]
async fn a_head_that_drips_is_cut_off_all_the_same() {
    let house = House::open(config());
    let mut stream = house.connect().await;
    let began = Instant::now();
    let (mut reading, mut writing) = stream.split();
    let drip = async {
        let _refused = writing.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nX: ").await;
        while writing.write_all(b"y").await.is_ok() {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    };
    let closed = async {
        rest(&mut reading).await;
        began.elapsed().as_secs()
    };
    let ((), seconds) = tokio::join!(drip, closed);
    assert!((10..=13).contains(&seconds), "{seconds}");
}

#[tokio::test(start_paused = true)]
async fn the_second_head_of_a_connection_has_as_little_time_as_the_first() {
    let house = House::open(config());
    let mut stream = house.connect().await;
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        .await
        .unwrap();
    let mut answer = vec![0; 1024];
    let read = stream.read(&mut answer).await.unwrap();
    assert!(String::from_utf8_lossy(&answer[..read]).ends_with("hello"));
    let began = Instant::now();
    stream.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
    rest(&mut stream).await;
    assert!(
        (10..=13).contains(&began.elapsed().as_secs()),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_closed_after_its_time() {
    let house = House::open(config());
    let (seconds, answer) = patience(&house, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert!(answer.ends_with("hello"), "{answer}");
    assert!((75..=78).contains(&seconds), "{seconds}");
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_come_is_408() {
    let house = House::open(config());
    let head = b"POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc";
    let mut stream = house.connect().await;
    let began = Instant::now();
    stream.write_all(head).await.unwrap();
    let mut status = [0; 12];
    stream.read_exact(&mut status).await.unwrap();
    assert_eq!(&status, b"HTTP/1.1 408");
    assert!(
        (10..=11).contains(&began.elapsed().as_secs()),
        "{:?}",
        began.elapsed()
    );
    assert!(
        rest(&mut stream)
            .await
            .ends_with(r#"{"error":"the body took too long"}"#)
    );
}

#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_read_is_cut_off() {
    let house = House::open(config());
    let mut stream = house.connect().await;
    stream
        .write_all(b"GET /big HTTP/1.1\r\nHost: a\r\n\r\n")
        .await
        .unwrap();
    while house.bound.connections.open() == 0 {
        tokio::task::yield_now().await;
    }
    let began = Instant::now();
    while house.bound.connections.open() > 0 {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert!(
        (29..=34).contains(&began.elapsed().as_secs()),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn a_request_that_takes_long_is_not_cut_off() {
    let house = House::open(config());
    let mut stream = house.connect().await;
    stream
        .write_all(b"GET /wait HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        .await
        .unwrap();
    house.doors.entered.notified().await;
    tokio::time::sleep(Duration::from_mins(5)).await;
    house.doors.open.notify_one();
    assert!(rest(&mut stream).await.ends_with("waited"));
}

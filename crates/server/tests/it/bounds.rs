//! What is too large, too long, or too many.

use futures_util::FutureExt as _;
use tokio::io::AsyncReadExt as _;
use tokio::io::AsyncWriteExt as _;

use crate::house::House;
use crate::house::config;
use crate::house::rest;

#[tokio::test]
async fn more_than_a_hundred_header_lines_are_431() {
    let house = House::open(config());
    let lines = |count: usize| "X: y\r\n".repeat(count);
    let few = house
        .say(format!(
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{}\r\n",
            lines(98)
        ))
        .await;
    assert!(few.starts_with("HTTP/1.1 200 "), "{few}");
    let many = house
        .say(format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", lines(100)))
        .await;
    assert!(many.starts_with("HTTP/1.1 431 "), "{many}");
}

#[tokio::test]
async fn a_head_of_more_than_64_kib_is_431() {
    let house = House::open(config());
    let head = |size: usize| {
        format!(
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: {}\r\n\r\n",
            "y".repeat(size)
        )
    };
    let most = house.say(head(60 * 1024)).await;
    assert!(most.starts_with("HTTP/1.1 200 "), "{most}");
    let more = house.say(head(70 * 1024)).await;
    assert!(
        more.is_empty() || more.starts_with("HTTP/1.1 431 "),
        "{more}"
    );
}

#[tokio::test]
async fn a_head_without_an_end_is_not_collected() {
    let house = House::open(config());
    let mut stream = house.connect().await;
    let (mut reading, mut writing) = stream.split();
    let flood = async {
        let _refused = writing.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nX: ").await;
        while writing.write_all(&[b'y'; 16 * 1024]).await.is_ok() {}
    };
    let ((), answer) = tokio::join!(flood, rest(&mut reading));
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 431 "),
        "{answer}"
    );
}

#[tokio::test]
async fn google_wire_t18_a_body_over_the_endpoints_limit_is_413_in_the_endpoints_words() {
    let house = House::open(config());
    let answer = house
        .say("POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n")
        .await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(
        answer.ends_with(r#"{"error":"the body is too large"}"#),
        "{answer}"
    );
    let chunk = format!("3e9\r\n{}\r\n", "x".repeat(1001));
    let answer = house
        .say(format!(
            "POST /read HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}"
        ))
        .await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let most = "x".repeat(1000);
    let answer = house
        .say(format!(
            "POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n{most}"
        ))
        .await;
    assert!(answer.ends_with("1000 bytes"), "{answer}");
}

#[tokio::test]
async fn no_endpoint_reads_more_than_the_ceiling() {
    let mut config = config();
    config.limits.body_bytes = 2_000;
    let house = House::open(config);
    let body = "x".repeat(2_001);
    let answer = house
        .say(format!(
            "POST /all HTTP/1.0\r\nContent-Length: 2001\r\n\r\n{body}"
        ))
        .await;
    assert!(answer.ends_with("the body is too large"), "{answer}");
}

#[tokio::test]
async fn at_the_limit_a_connection_waits_until_another_one_ends() {
    let mut config = config();
    config.limits.connections = 1;
    let house = House::open(config);
    let mut first = house.connect().await;
    first
        .write_all(b"GET /wait HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        .await
        .unwrap();
    house.doors.entered.notified().await;
    let mut second = house.connect().await;
    second
        .write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        .await
        .unwrap();
    while house.bound.connections.at_limit() == 0 {
        tokio::task::yield_now().await;
    }
    let metrics = house.registry.render();
    assert!(
        metrics.contains("\ncarnet_http_connections 1\n"),
        "{metrics}"
    );
    assert!(
        metrics.contains("\ncarnet_http_connections_at_limit_total 1\n"),
        "{metrics}"
    );
    assert!(
        second.read_u8().now_or_never().is_none(),
        "nobody answers it yet"
    );
    house.doors.open.notify_one();
    assert!(rest(&mut first).await.ends_with("waited"));
    assert!(rest(&mut second).await.ends_with("hello"));
}

#[tokio::test]
async fn a_client_that_goes_away_in_the_middle_is_forgotten() {
    let house = House::open(config());
    for begun in [
        "",
        "GET / HT",
        "POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc",
    ] {
        let mut stream = house.connect().await;
        stream.write_all(begun.as_bytes()).await.unwrap();
        drop(stream);
    }
    assert!(house.say("GET / HTTP/1.0\r\n\r\n").await.ends_with("hello"));
    while house.bound.connections.open() > 0 {
        tokio::task::yield_now().await;
    }
}

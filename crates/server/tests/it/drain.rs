//! Stopping without failing a request.

use std::time::Duration;

use carnet_server::config::drain::Drain;
use carnet_server::http::drain::Drained;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::house::House;
use crate::house::config;
use crate::house::rest;

const WAIT: &[u8] = b"GET /wait HTTP/1.1\r\nHost: a\r\n\r\n";

#[tokio::test]
async fn what_is_in_flight_is_finished_and_nothing_new_is_accepted() {
    let house = House::open(config());
    let mut stream = house.connect().await;
    stream.write_all(WAIT).await.unwrap();
    house.doors.entered.notified().await;
    house.shutdown.begin();
    assert!(house.shutdown.is_draining());
    while TcpStream::connect(house.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    house.doors.open.notify_one();
    let answer = rest(&mut stream).await;
    assert!(
        answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("waited"),
        "{answer}"
    );
    assert!(answer.contains("connection: close\r\n"), "{answer}");
    assert_eq!(house.ended.await.unwrap(), Drained { cut_off: 0 });
}

#[tokio::test]
async fn an_idle_connection_does_not_hold_up_the_end() {
    let house = House::open(config());
    let mut idle = house.connect().await;
    idle.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        .await
        .unwrap();
    let mut fresh = house.connect().await;
    while house.bound.connections.open() < 2 {
        tokio::task::yield_now().await;
    }
    house.shutdown.begin();
    assert!(rest(&mut idle).await.ends_with("hello"));
    assert_eq!(rest(&mut fresh).await, "");
    assert_eq!(house.ended.await.unwrap(), Drained { cut_off: 0 });
}

#[tokio::test(start_paused = true)]
async fn what_takes_longer_than_the_time_to_drain_is_cut_off() {
    let house = House::with(config(), Drain::default());
    let mut stream = house.connect().await;
    stream.write_all(WAIT).await.unwrap();
    house.doors.entered.notified().await;
    let began = Instant::now();
    house.shutdown.begin();
    assert_eq!(house.ended.await.unwrap(), Drained { cut_off: 1 });
    assert_eq!(
        began.elapsed().as_secs(),
        8,
        "the whole stays under ten seconds"
    );
    assert_eq!(rest(&mut stream).await, "");
}

#[tokio::test]
async fn during_the_delay_requests_are_answered_as_before() {
    let hour = Duration::from_hours(1);
    let house = House::with(
        config(),
        Drain {
            delay: hour,
            timeout: hour,
        },
    );
    house.shutdown.begin();
    let answer = house.say("GET / HTTP/1.0\r\n\r\n").await;
    assert!(answer.ends_with("hello"), "{answer}");
    assert!(house.shutdown.is_draining(), "but readiness says no");
    // Told twice, it stops at once.
    house.shutdown.begin();
    assert_eq!(house.ended.await.unwrap(), Drained { cut_off: 0 });
}

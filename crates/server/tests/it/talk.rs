//! Plain talk: what a well-behaved client sees.

use carnet_server::http::drain::Drained;

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

//! HTTP/2: by prior knowledge, and by those who abuse it.

use bytes::Bytes;
use http_body_util::BodyExt as _;
use http_body_util::Empty;
use http_body_util::Full;
use hyper::Request;
use hyper::client::conn::http2;
use hyper::client::conn::http2::SendRequest;
use hyper_util::rt::TokioExecutor;
use hyper_util::rt::TokioIo;
use tokio::time::Instant;

use crate::frames;
use crate::frames::CONTINUATION;
use crate::frames::DATA;
use crate::frames::END_HEADERS;
use crate::frames::END_STREAM;
use crate::frames::ENHANCE_YOUR_CALM;
use crate::frames::GET;
use crate::frames::HEADERS;
use crate::frames::PING;
use crate::frames::POST;
use crate::frames::PREFACE;
use crate::frames::RST_STREAM;
use crate::frames::frame;
use crate::house::House;
use crate::house::config;

async fn client(house: &House) -> SendRequest<Full<Bytes>> {
    let io = TokioIo::new(house.connect().await);
    let (sender, connection) = http2::handshake(TokioExecutor::new(), io).await.unwrap();
    tokio::spawn(async move {
        let _ended = connection.await;
    });
    sender
}

fn get(path: &str) -> hyper::http::request::Builder {
    Request::get(format!("http://a{path}"))
}

async fn text(response: hyper::Response<hyper::body::Incoming>) -> String {
    String::from_utf8(
        response
            .into_body()
            .collect()
            .await
            .unwrap()
            .to_bytes()
            .to_vec(),
    )
    .unwrap()
}

#[tokio::test]
async fn http2_by_prior_knowledge_is_understood() {
    let house = House::open(config());
    let mut client = client(&house).await;
    let response = client
        .send_request(get("/").body(Full::default()).unwrap())
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.headers().contains_key("x-trace-id"));
    assert!(response.headers().contains_key("date"));
    assert_eq!(text(response).await, "hello");
    let post = Request::post("http://a/read")
        .body(Full::from("abc"))
        .unwrap();
    assert_eq!(
        text(client.send_request(post).await.unwrap()).await,
        "3 bytes"
    );
}

#[tokio::test]
async fn many_requests_run_side_by_side() {
    let house = House::open(config());
    let mut client = client(&house).await;
    let waiting = client.send_request(get("/wait").body(Full::default()).unwrap());
    let hello = client.send_request(get("/").body(Full::default()).unwrap());
    let opens = async {
        assert_eq!(text(hello.await.unwrap()).await, "hello");
        house.doors.open.notify_one();
    };
    let (waited, ()) = tokio::join!(waiting, opens);
    assert_eq!(text(waited.unwrap()).await, "waited");
}

#[tokio::test]
async fn more_than_a_hundred_header_lines_are_431_here_too() {
    let house = House::open(config());
    let mut client = client(&house).await;
    let mut request = get("/");
    for _ in 0..101 {
        request = request.header("x", "y");
    }
    let refused = client
        .send_request(request.body(Full::default()).unwrap())
        .await
        .unwrap();
    assert_eq!(refused.status(), 431);
}

#[tokio::test]
async fn an_endpoint_that_panics_does_not_end_the_connection() {
    let house = House::open(config());
    let mut client = client(&house).await;
    let panicked = client
        .send_request(get("/panic").body(Full::default()).unwrap())
        .await
        .unwrap();
    assert_eq!(panicked.status(), 500);
    let response = client
        .send_request(get("/").body(Full::default()).unwrap())
        .await
        .unwrap();
    assert_eq!(text(response).await, "hello");
}

#[tokio::test]
async fn at_the_end_the_client_is_told_to_go_away_and_what_runs_is_finished() {
    let house = House::open(config());
    let mut client = client(&house).await;
    let waiting = client.send_request(get("/wait").body(Full::default()).unwrap());
    let closes = async {
        house.doors.entered.notified().await;
        house.shutdown.begin();
        house.doors.open.notify_one();
    };
    let (waited, ()) = tokio::join!(waiting, closes);
    assert_eq!(text(waited.unwrap()).await, "waited");
    assert_eq!(house.ended.await.unwrap().cut_off, 0);
    assert!(client.is_closed());
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_closed_even_if_it_pings() {
    let house = House::open(config());
    let begins = [PREFACE, &frame(HEADERS, END_HEADERS | END_STREAM, 1, GET)].concat();
    let pings = frame(PING, 0, 0, &[0; 8]).repeat(3);
    let began = Instant::now();
    let frames = frames::say(house.connect().await, &[begins, pings].concat()).await;
    assert_eq!(frames::goaway(&frames), Some(0));
    assert!(
        (74..=82).contains(&began.elapsed().as_secs()),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test]
async fn cve_2023_44487_a_flood_of_resets_ends_the_connection() {
    let house = House::open(config());
    let mut flood = PREFACE.to_vec();
    for number in 0..5_000 {
        let stream = 1 + 2 * number;
        flood.extend(frame(HEADERS, END_HEADERS | END_STREAM, stream, GET));
        flood.extend(frame(RST_STREAM, 0, stream, &8_u32.to_be_bytes()));
    }
    let frames = frames::say(house.connect().await, &flood).await;
    assert_eq!(frames::goaway(&frames), Some(ENHANCE_YOUR_CALM));
}

#[tokio::test]
async fn rustsec_2026_0258_a_flood_of_empty_data_ends_the_connection() {
    let house = House::open(config());
    let mut flood = PREFACE.to_vec();
    flood.extend(frame(HEADERS, END_HEADERS, 1, POST));
    flood.extend(frame(DATA, 0, 1, &[]).repeat(50_000));
    let frames = frames::say(house.connect().await, &flood).await;
    assert_eq!(frames::goaway(&frames), Some(ENHANCE_YOUR_CALM));
}

#[tokio::test]
async fn rustsec_2024_0332_a_head_that_goes_on_for_ever_ends_the_connection() {
    let house = House::open(config());
    let mut flood = PREFACE.to_vec();
    flood.extend(frame(HEADERS, END_STREAM, 1, GET));
    // A literal header "x: y" that is not indexed, again and again.
    let lines = [0, 1, b'x', 1, b'y'].repeat(3_000);
    flood.extend(frame(CONTINUATION, 0, 1, &lines).repeat(200));
    let frames = frames::say(house.connect().await, &flood).await;
    assert!(
        frames::goaway(&frames).is_some_and(|code| code != 0),
        "{:?}",
        frames::goaway(&frames)
    );
}

#[tokio::test]
async fn a_connection_has_at_most_a_hundred_streams() {
    let house = House::open(config());
    let io = TokioIo::new(house.connect().await);
    let (mut sender, connection) = http2::handshake::<_, _, Empty<Bytes>>(TokioExecutor::new(), io)
        .await
        .unwrap();
    let limit = async {
        let response = sender
            .send_request(get("/").body(Empty::new()).unwrap())
            .await
            .unwrap();
        text(response).await;
    };
    tokio::pin!(connection);
    tokio::select! {
        () = limit => {}
        ended = connection.as_mut() => ended.unwrap(),
    }
    assert_eq!(connection.current_max_send_streams(), 100);
}

//! A Unix socket, as a proxy on the same machine uses it.

use carnet_server::config::http::Http;
use carnet_server::config::http::Listen;
use tokio::io::AsyncWriteExt as _;
use tokio::net::UnixStream;

use crate::house::House;
use crate::house::config;
use crate::house::rest;

#[tokio::test]
async fn who_may_open_the_socket_is_believed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("http.sock");
    let house = House::open(Http::on(Listen::Unix(path.clone())));
    let ask = async |headers: &str| {
        let mut stream = UnixStream::connect(&path).await.unwrap();
        let ask = format!("GET /who HTTP/1.0\r\n{headers}\r\n");
        stream.write_all(ask.as_bytes()).await.unwrap();
        rest(&mut stream).await
    };
    let told = ask("X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https\r\n").await;
    assert!(told.contains("\r\n\r\n192.0.2.1 Https "), "{told}");
    let untold = ask("").await;
    assert!(untold.contains("\r\n\r\nnobody Http "), "{untold}");
    house.shutdown.begin();
    house.ended.await.unwrap();
}

#[tokio::test]
async fn a_socket_that_a_killed_server_left_is_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("http.sock");
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    assert!(path.exists());
    let house = House::open(Http::on(Listen::Unix(path.clone())));
    let mut stream = UnixStream::connect(&path).await.unwrap();
    stream.write_all(b"GET / HTTP/1.0\r\n\r\n").await.unwrap();
    assert!(rest(&mut stream).await.ends_with("hello"));
    drop(house);
}

#[tokio::test]
async fn two_listeners_share_one_house() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("http.sock");
    let mut config = config();
    config.listen.push(Listen::Unix(path.clone()));
    let house = House::open(config);
    assert!(house.say("GET / HTTP/1.0\r\n\r\n").await.ends_with("hello"));
    let mut stream = UnixStream::connect(&path).await.unwrap();
    stream.write_all(b"GET / HTTP/1.0\r\n\r\n").await.unwrap();
    assert!(rest(&mut stream).await.ends_with("hello"));
}

//! Answers as they come from a socket: in pieces, without a length, or not at all.

use super::Reader;
use super::head_of;

#[tokio::test]
async fn an_answer_in_pieces_is_put_together() {
    let mut stream = tokio_test_pieces();
    let mut reader = Reader::default();
    let answer = reader.read(&mut stream).await.unwrap();
    assert_eq!((answer.status, answer.body), (200, &b"hello"[..]));
    assert!(answer.head.contains("X-Y: z"));
}

/// A stream that ends every few bytes.
fn tokio_test_pieces() -> impl tokio::io::AsyncRead + Unpin {
    use tokio::io::AsyncReadExt as _;
    let one = &b"HTTP/1.1 200 OK\r\nX-Y: z\r\nContent-Le"[..];
    let two = &b"ngth: 5\r\n\r\nhel"[..];
    one.chain(two).chain(&b"lo"[..])
}

#[test]
fn an_answer_without_a_length_is_refused() {
    assert!(head_of(b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n").is_err());
    assert_eq!(head_of(b"HTTP/1.1 200 OK\r\nA: b\r\n").unwrap(), None);
}

#[tokio::test]
async fn a_connection_that_closes_is_an_error() {
    let mut stream = &b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"[..];
    assert!(Reader::default().read(&mut stream).await.is_err());
}

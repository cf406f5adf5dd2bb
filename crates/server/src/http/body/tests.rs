//! Bodies that are too long, too slow, or cut off.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use http_body::Frame;
use http_body_util::StreamBody;
use tokio::time::Instant;

use super::Inbound;
use super::NotRead;
use super::read;

/// A body of these pieces.
fn pieces(pieces: Vec<&'static str>) -> Body {
    let frames = pieces
        .into_iter()
        .map(|piece| Ok::<_, Infallible>(Frame::data(Bytes::from(piece))));
    Body::new(StreamBody::new(stream::iter(frames)))
}

#[tokio::test]
async fn pieces_become_one_body() {
    assert_eq!(read(Body::empty(), 0).await, Ok(Bytes::new()));
    assert_eq!(read(pieces(vec!["abc"]), 3).await, Ok(Bytes::from("abc")));
    assert_eq!(
        read(pieces(vec!["", "a", "", "bc", "def"]), 6).await,
        Ok(Bytes::from("abcdef"))
    );
}

#[tokio::test]
async fn a_body_of_one_frame_is_not_copied() {
    let bytes = Bytes::from_static(b"one frame");
    let body = read(Body::from(bytes.clone()), 100).await.unwrap();
    assert_eq!(body.as_ptr(), bytes.as_ptr());
}

#[tokio::test]
async fn the_limit_is_the_last_byte_that_is_read() {
    assert_eq!(read(pieces(vec!["abcd"]), 3).await, Err(NotRead::TooLarge));
    assert_eq!(
        read(pieces(vec!["ab", "cd"]), 3).await,
        Err(NotRead::TooLarge)
    );
    assert_eq!(read(Body::from("abcd"), 3).await, Err(NotRead::TooLarge));
    assert_eq!(
        read(pieces(vec!["ab", "cd"]), 4).await,
        Ok(Bytes::from("abcd"))
    );
}

#[tokio::test]
async fn a_body_that_says_its_length_is_refused_before_it_is_read() {
    let unread = Sized(1_001);
    assert_eq!(read(Body::new(unread), 1_000).await, Err(NotRead::TooLarge));
}

/// A body that never comes, and says how long it will be.
struct Sized(u64);

impl http_body::Body for Sized {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }

    fn size_hint(&self) -> http_body::SizeHint {
        http_body::SizeHint::with_exact(self.0)
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_come_is_given_up() {
    let began = Instant::now();
    let body = Inbound::new(Sized(3), 100, Duration::from_secs(10));
    assert_eq!(read(Body::new(body), 100).await, Err(NotRead::Slow));
    assert_eq!(began.elapsed().as_secs(), 10);
}

#[tokio::test]
async fn the_ceiling_holds_whatever_the_endpoint_allows() {
    let body = Inbound::new(pieces(vec!["ab", "cd"]), 3, Duration::from_secs(10));
    assert_eq!(
        read(Body::new(body), usize::MAX).await,
        Err(NotRead::TooLarge)
    );
    let body = Inbound::new(pieces(vec!["ab", "cd"]), 4, Duration::from_secs(10));
    assert_eq!(
        read(Body::new(body), usize::MAX).await,
        Ok(Bytes::from("abcd"))
    );
}

#[tokio::test]
async fn a_body_that_breaks_is_not_half_a_body() {
    let frames = vec![
        Ok(Frame::data(Bytes::from("ab"))),
        Err(std::io::Error::other("reset")),
    ];
    let body = Body::new(StreamBody::new(stream::iter(frames)));
    assert_eq!(read(body, 100).await, Err(NotRead::Broken));
    assert_eq!(NotRead::Broken.status(), 400);
}

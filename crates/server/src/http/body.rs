//! Request bodies, read once and bounded.

use axum::body::Body;
use bytes::Bytes;
use bytes::BytesMut;
use http_body_util::BodyExt as _;

/// The body is longer than its limit, or did not arrive whole.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NotRead {
    /// Longer than the limit.
    #[error("the body is too large")]
    TooLarge,
    /// The connection broke, or the sender made a mistake.
    #[error("the body did not arrive whole")]
    Broken,
}

/// Reads at most `limit` bytes. A body of one frame, as nearly all are, is not copied.
pub async fn read(mut body: Body, limit: usize) -> Result<Bytes, NotRead> {
    let mut first = Bytes::new();
    let mut rest: Option<BytesMut> = None;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| NotRead::Broken)?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        let before = rest.as_ref().map_or(first.len(), BytesMut::len);
        if before.saturating_add(data.len()) > limit {
            return Err(NotRead::TooLarge);
        }
        if let Some(rest) = &mut rest {
            rest.extend_from_slice(&data);
        } else if first.is_empty() {
            first = data;
        } else {
            let mut whole = BytesMut::from(first.as_ref());
            whole.extend_from_slice(&data);
            rest = Some(whole);
        }
    }
    Ok(rest.map_or(first, BytesMut::freeze))
}

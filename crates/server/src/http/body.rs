//! Request bodies, read once and bounded, in size and in time.
//!
//! [`Inbound`] stands around every body that comes through a listener. It knows the ceiling that no
//! endpoint may exceed, and how long a body may take; the clock for that starts only when a body keeps
//! us waiting. [`read`] is what endpoints call, with a limit of their own.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;
use std::task::ready;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use bytes::BytesMut;
use http_body::Body as _;
use http_body::Frame;
use http_body::SizeHint;
use http_body_util::BodyExt as _;
use tokio::time::Sleep;

use super::connection::Connection;

/// Why a body was not read. The endpoint says it in its own envelope.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NotRead {
    /// Longer than the limit: 413.
    #[error("the body is too large")]
    TooLarge,
    /// It did not arrive in time: 408.
    #[error("the body took too long")]
    Slow,
    /// The connection broke, or the sender made a mistake: 400.
    #[error("the body did not arrive whole")]
    Broken,
}

impl NotRead {
    /// The status that RFC 9110 has for it.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::TooLarge => 413,
            Self::Slow => 408,
            Self::Broken => 400,
        }
    }
}

/// Reads at most `limit` bytes. A body of one frame, as nearly all are, is not copied. A body that
/// says at once that it is longer is refused at once.
pub async fn read(mut body: Body, limit: usize) -> Result<Bytes, NotRead> {
    if body.size_hint().lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(NotRead::TooLarge);
    }
    let mut first = Bytes::new();
    let mut rest: Option<BytesMut> = None;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|fault| why(&fault))?;
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

/// What stood at the bottom of an error of a body.
fn why(fault: &(dyn std::error::Error + 'static)) -> NotRead {
    let mut cause = Some(fault);
    while let Some(fault) = cause {
        if let Some(not_read) = fault.downcast_ref::<NotRead>() {
            return *not_read;
        }
        cause = fault.source();
    }
    NotRead::Broken
}

/// A body as it comes in.
pub struct Inbound<B> {
    inner: B,
    left: u64,
    patience: Duration,
    deadline: Option<Pin<Box<Sleep>>>,
    connection: Option<Arc<Connection>>,
}

impl<B> Inbound<B> {
    /// A body of at most `ceiling` bytes that takes at most as long as our patience.
    pub fn new(inner: B, ceiling: u64, patience: Duration) -> Self {
        Self {
            inner,
            left: ceiling,
            patience,
            deadline: None,
            connection: None,
        }
    }

    /// Tells this connection when everything was read.
    pub(super) fn telling(mut self, connection: &Arc<Connection>) -> Self {
        self.connection = Some(Arc::clone(connection));
        self
    }

    fn wait(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let patience = self.patience;
        let deadline = self
            .deadline
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        deadline.as_mut().poll(context)
    }
}

impl<B> http_body::Body for Inbound<B>
where
    B: http_body::Body<Data = Bytes> + Unpin,
{
    type Data = Bytes;
    type Error = NotRead;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, NotRead>>> {
        let Poll::Ready(frame) = Pin::new(&mut self.inner).poll_frame(context) else {
            ready!(self.wait(context));
            return Poll::Ready(Some(Err(NotRead::Slow)));
        };
        let Some(frame) = frame else {
            if let Some(connection) = &self.connection {
                connection.owes_body(false);
            }
            return Poll::Ready(None);
        };
        let Ok(frame) = frame else {
            return Poll::Ready(Some(Err(NotRead::Broken)));
        };
        let length = frame.data_ref().map_or(0, Bytes::len);
        match self
            .left
            .checked_sub(u64::try_from(length).unwrap_or(u64::MAX))
        {
            Some(left) => {
                self.left = left;
                Poll::Ready(Some(Ok(frame)))
            }
            None => Poll::Ready(Some(Err(NotRead::TooLarge))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl<B> fmt::Debug for Inbound<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inbound")
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

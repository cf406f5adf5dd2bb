//! Request bodies, read once and bounded, in size and in time.
//!
//! [`Inbound`] stands around every body that comes through a listener. It knows the ceiling that no
//! endpoint may exceed, and how long a body may take; the clock for that starts only when a body keeps
//! us waiting. [`read`] is what endpoints call, with a limit of their own.
//!
//! A body that no endpoint wanted is left with its connection. If it is small and here already, it is read
//! away (`has_come`), and the connection lives on.

use std::fmt;
use std::future::poll_fn;
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
use hyper::body::Incoming;
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

/// How much of a body is read that nobody asked for.
const UNWANTED: u64 = 65_536;

/// Whether a body is here already, and small: then it is read to its end. Nobody is waited for, but for one
/// turn of the connection, in which it takes what the system has for it.
pub(super) async fn has_come(mut body: Incoming) -> bool {
    let mut left = UNWANTED;
    let mut turned = false;
    let step = |context: &mut Context<'_>| {
        loop {
            if body.is_end_stream() {
                return Poll::Ready(true);
            }
            if body.size_hint().lower() > left {
                return Poll::Ready(false);
            }
            match Pin::new(&mut body).poll_frame(context) {
                Poll::Ready(None) => return Poll::Ready(true),
                Poll::Ready(Some(Err(_))) => return Poll::Ready(false),
                Poll::Ready(Some(Ok(frame))) => {
                    let length = frame.data_ref().map_or(0, Bytes::len);
                    left = left.saturating_sub(u64::try_from(length).unwrap_or(u64::MAX));
                    if left == 0 {
                        return Poll::Ready(false);
                    }
                    turned = false;
                }
                Poll::Pending if turned => return Poll::Ready(false),
                Poll::Pending => {
                    turned = true;
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
            }
        }
    };
    poll_fn(step).await
}

/// A body as it comes in.
pub struct Inbound<B> {
    /// Gone only when this is dropped.
    inner: Option<B>,
    left: u64,
    patience: Duration,
    deadline: Option<Pin<Box<Sleep>>>,
    owed: Option<Owed<B>>,
}

/// To whom a body is left that is not read to its end.
struct Owed<B> {
    connection: Arc<Connection>,
    leave: fn(&Connection, B),
}

impl<B> Inbound<B> {
    /// A body of at most `ceiling` bytes that takes at most as long as our patience.
    pub fn new(inner: B, ceiling: u64, patience: Duration) -> Self {
        Self {
            inner: Some(inner),
            left: ceiling,
            patience,
            deadline: None,
            owed: None,
        }
    }

    fn wait(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let patience = self.patience;
        let deadline = self
            .deadline
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        deadline.as_mut().poll(context)
    }
}

impl Inbound<Incoming> {
    /// Tells this connection when everything was read, and leaves it the body otherwise.
    pub(super) fn telling(mut self, connection: &Arc<Connection>) -> Self {
        self.owed = Some(Owed {
            connection: Arc::clone(connection),
            leave: Connection::leave,
        });
        self
    }
}

impl<B> Drop for Inbound<B> {
    fn drop(&mut self) {
        if let Some((owed, inner)) = self.owed.take().zip(self.inner.take()) {
            (owed.leave)(&owed.connection, inner);
        }
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
        let Some(inner) = &mut self.inner else {
            return Poll::Ready(None);
        };
        let Poll::Ready(frame) = Pin::new(inner).poll_frame(context) else {
            ready!(self.wait(context));
            return Poll::Ready(Some(Err(NotRead::Slow)));
        };
        let Some(frame) = frame else {
            if let Some(owed) = self.owed.take() {
                owed.connection.owes_body(false);
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
        self.inner
            .as_ref()
            .is_none_or(http_body::Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner
            .as_ref()
            .map_or_else(SizeHint::default, http_body::Body::size_hint)
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

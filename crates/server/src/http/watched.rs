//! A stream that notes when bytes come in and when writing halts, for [`super::connection`].
//!
//! It also says goodbye properly. A client that is still sending a body which nobody wants would be
//! answered by a reset if the socket were closed at once, and the reset may overtake the answer
//! (RFC 9112 section 9.6). So the writing half is closed first, and what comes is read and thrown away:
//! so many bytes, and for so long.

use std::future::Future as _;
use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;
use std::task::ready;
use std::time::Duration;

use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::io::ReadBuf;
use tokio::time::Sleep;
use tokio::time::sleep;

use super::connection::Connection;
use super::socket::Stream;

/// A stream, and what is known of its connection.
pub(super) struct Watched {
    stream: Stream,
    connection: Arc<Connection>,
    goodbye: Option<Goodbye>,
}

/// The writing half is closed.
struct Goodbye {
    left: usize,
    deadline: Pin<Box<Sleep>>,
}

/// How much of an unwanted body is read after the answer, and for how long.
const UNWANTED: usize = 4 * 1024 * 1024;
const GOODBYE: Duration = Duration::from_secs(2);

impl Watched {
    pub(super) fn new(stream: Stream, connection: Arc<Connection>) -> Self {
        Self {
            stream,
            connection,
            goodbye: None,
        }
    }

    /// Reads what is still sent, until there is no more, or enough of it.
    fn read_off(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let Some(goodbye) = &mut self.goodbye else {
            return Poll::Ready(());
        };
        let mut bytes = [MaybeUninit::uninit(); 8 * 1024];
        loop {
            let mut buffer = ReadBuf::uninit(&mut bytes);
            let read = Pin::new(&mut self.stream).poll_read(context, &mut buffer);
            match (read, buffer.filled().len()) {
                (Poll::Pending, _) => return goodbye.deadline.as_mut().poll(context),
                (Poll::Ready(Ok(())), count) if count > 0 && count < goodbye.left => {
                    goodbye.left -= count;
                }
                (Poll::Ready(_), _) => return Poll::Ready(()),
            }
        }
    }

    fn noted<T>(&self, polled: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        match polled {
            Poll::Pending => self.connection.stalls(),
            Poll::Ready(_) => self.connection.flows(),
        }
        polled
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.connection.heard();
        }
        polled
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.noted(polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.noted(polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_flush(context);
        self.noted(polled)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.goodbye.is_none() {
            let polled = Pin::new(&mut self.stream).poll_shutdown(context);
            ready!(self.noted(polled))?;
            if !self.connection.is_owed_body() {
                return Poll::Ready(Ok(()));
            }
            self.goodbye = Some(Goodbye {
                left: UNWANTED,
                deadline: Box::pin(sleep(GOODBYE)),
            });
        }
        self.read_off(context).map(Ok)
    }
}

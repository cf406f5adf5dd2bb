//! The task behind a connection that is not the pool's.

use std::future::poll_fn;

use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::task::JoinHandle;
use tokio_postgres::AsyncMessage;
use tokio_postgres::Connection;

/// The task that drives a connection; it ends with whoever holds this.
pub(super) struct Driver(pub(super) JoinHandle<()>);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Drives a connection and passes on what it hears.
pub(super) fn drive<S, T>(
    mut connection: Connection<S, T>,
    hear: impl Fn(&str) + Send + 'static,
) -> Driver
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    Driver(tokio::spawn(async move {
        loop {
            match poll_fn(|context| connection.poll_message(context)).await {
                Some(Ok(AsyncMessage::Notification(said))) => hear(said.payload()),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return,
            }
        }
    }))
}

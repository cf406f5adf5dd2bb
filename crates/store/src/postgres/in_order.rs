//! Polls futures strictly in their order.
//!
//! A request to PostgreSQL is sent when its future is polled for the first time, and answers come in
//! the order of requests. So all are polled once, first to last, which sends them in one go; after
//! that only the first that has no answer yet needs another poll.

use std::future::Future;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

pub(super) type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// All results, in order.
pub(super) async fn in_order<T>(mut futures: Vec<Boxed<'_, T>>) -> Vec<T> {
    // An answer that is there at once (an error, mostly) is put aside.
    let mut early = Vec::with_capacity(futures.len());
    poll_fn(|context| {
        for future in &mut futures {
            early.push(match future.as_mut().poll(context) {
                Poll::Ready(result) => Some(result),
                Poll::Pending => None,
            });
        }
        Poll::Ready(())
    })
    .await;
    let mut results = Vec::with_capacity(futures.len());
    for (future, early) in futures.into_iter().zip(early) {
        results.push(match early {
            Some(result) => result,
            None => future.await,
        });
    }
    results
}

#[cfg(test)]
mod tests;

//! Futures that must begin in order.

use std::sync::Mutex;
use std::task::Poll;

use super::Boxed;
use super::in_order;

#[tokio::test]
async fn all_begin_in_order_before_any_ends() {
    let seen = Mutex::new(Vec::new());
    let begin = |place: usize| {
        let (seen, mut begun) = (&seen, false);
        let future = std::future::poll_fn(move |context| {
            if begun {
                seen.lock().unwrap().push(100 + place);
                return Poll::Ready(place);
            }
            begun = true;
            seen.lock().unwrap().push(place);
            context.waker().wake_by_ref();
            Poll::Pending
        });
        Box::pin(future) as Boxed<'_, usize>
    };
    let futures = (0..40).map(begin).collect();
    assert_eq!(in_order(futures).await, (0..40).collect::<Vec<_>>());
    let expected: Vec<_> = (0..40).chain(100..140).collect();
    assert_eq!(*seen.lock().unwrap(), expected);
}

//! Load that is turned away before it hurts.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::FutureExt as _;
use http::HeaderMap;
use tokio::time::Instant;

use super::Gate;
use super::Overloaded;

const PATIENCE: Duration = Duration::from_secs(2);

#[tokio::test(start_paused = true)]
async fn beyond_those_inside_and_those_waiting_the_answer_is_a_quick_no() {
    let gate = Arc::new(Gate::new(1, 1, PATIENCE));
    let inside = gate.enter().await.unwrap();
    let waiting = tokio::spawn({
        let gate = Arc::clone(&gate);
        async move { gate.enter().await.is_ok() }
    });
    tokio::task::yield_now().await;
    let began = Instant::now();
    assert_eq!(
        gate.enter().await.map(drop),
        Err(Overloaded { wait: PATIENCE })
    );
    assert!(began.elapsed().is_zero());
    drop(inside);
    assert!(waiting.await.unwrap());
    assert!(gate.enter().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_longer_than_a_client_would() {
    let gate = Gate::new(1, 10, PATIENCE);
    let _inside = gate.enter().await.unwrap();
    let began = Instant::now();
    assert!(gate.enter().await.is_err());
    assert_eq!(began.elapsed(), PATIENCE);
}

#[tokio::test]
async fn who_leaves_the_queue_gives_the_place_back() {
    let gate = Gate::new(1, 1, PATIENCE);
    let inside = gate.enter().await.unwrap();
    for _ in 0..3 {
        assert!(
            gate.enter().now_or_never().is_none(),
            "it waits, and then goes away"
        );
    }
    drop(inside);
    assert!(gate.enter().await.is_ok());
}

#[test]
fn rfc9110_10_2_3_when_to_come_again_is_told() {
    let mut headers = HeaderMap::new();
    Overloaded { wait: PATIENCE }.tell(&mut headers);
    assert_eq!(headers["retry-after"], "2");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_wait_each_gets_its_turn_and_none_more_than_there_is_room() {
    let gate = Arc::new(Gate::new(3, 1_000, Duration::from_mins(1)));
    let inside = Arc::new(AtomicUsize::new(0));
    let work = |gate: Arc<Gate>, inside: Arc<AtomicUsize>| async move {
        for _ in 0..100 {
            let _permit = gate.enter().await.unwrap();
            let now = inside.fetch_add(1, Ordering::SeqCst);
            assert!(now < 3, "{now}");
            tokio::task::yield_now().await;
            inside.fetch_sub(1, Ordering::SeqCst);
        }
    };
    let all = (0..50).map(|_| tokio::spawn(work(Arc::clone(&gate), Arc::clone(&inside))));
    for one in all.collect::<Vec<_>>() {
        one.await.unwrap();
    }
    assert_eq!(inside.load(Ordering::SeqCst), 0);
}

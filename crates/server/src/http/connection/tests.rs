//! Connections: their bounds, and how they are drained.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use http::Version;

use super::Connections;
use super::InFlight;
use super::Order;
use super::Seat;
use super::Waits;
use crate::config::http::Timeouts;

async fn enter(connections: &Arc<Connections>, waits: Waits) -> Seat {
    let permit = connections.permit().await.unwrap();
    connections.enter(permit, waits)
}

/// Sweeps for this long.
async fn sweep(connections: &Connections, time: Duration) {
    let swept = connections.sweep(Timeouts::default());
    let _elapsed = tokio::time::timeout(time, swept).await;
}

#[tokio::test]
async fn places_are_given_back() {
    let connections = Arc::new(Connections::new(2));
    let first = enter(&connections, Waits::Head).await;
    let second = enter(&connections, Waits::Head).await;
    assert_eq!(connections.open(), 2);
    assert!(connections.permit().now_or_never().is_none());
    assert_eq!(connections.at_limit(), 1);
    assert!(connections.empty().now_or_never().is_none());
    drop(first);
    assert!(connections.permit().now_or_never().is_some());
    drop(second);
    assert!(connections.empty().now_or_never().is_some());
}

#[tokio::test(start_paused = true)]
async fn bytes_between_requests_begin_a_head_except_on_http2() {
    for (version, aborted) in [(Version::HTTP_11, true), (Version::HTTP_2, false)] {
        let connections = Arc::new(Connections::new(1));
        let seat = enter(&connections, Waits::Head).await;
        drop(InFlight::begin(&seat.connection, version));
        sweep(&connections, Duration::from_secs(20)).await;
        assert!(
            !seat.connection.told(Order::Close),
            "it is idle, and may be so for longer"
        );
        seat.connection.heard();
        sweep(&connections, Duration::from_secs(20)).await;
        assert_eq!(seat.connection.told(Order::Abort), aborted, "{version:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_does_not_answer_to_a_close_is_cut_off() {
    let connections = Arc::new(Connections::new(1));
    let seat = enter(&connections, Waits::Idle).await;
    sweep(&connections, Duration::from_secs(78)).await;
    assert!(seat.connection.told(Order::Close) && !seat.connection.told(Order::Abort));
    sweep(&connections, Duration::from_secs(8)).await;
    assert!(seat.connection.told(Order::Abort));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_reads_again_in_time_may_stay() {
    let connections = Arc::new(Connections::new(1));
    let seat = enter(&connections, Waits::Head).await;
    let _in_flight = InFlight::begin(&seat.connection, Version::HTTP_11);
    for _ in 0..5 {
        seat.connection.stalls();
        sweep(&connections, Duration::from_secs(20)).await;
        seat.connection.flows();
    }
    assert!(!seat.connection.told(Order::Close));
}

#[tokio::test]
async fn an_order_wakes_the_connection() {
    let connections = Arc::new(Connections::new(1));
    let seat = enter(&connections, Waits::Head).await;
    let connection = Arc::clone(&seat.connection);
    let running = tokio::spawn(async move {
        let mut closed = 0;
        let ended = connection
            .obey(std::future::pending::<()>(), |_| closed += 1)
            .await;
        (ended, closed)
    });
    tokio::task::yield_now().await;
    assert_eq!(connections.order(Order::Close), 1);
    tokio::task::yield_now().await;
    assert!(!running.is_finished());
    connections.order(Order::Abort);
    assert_eq!(running.await.unwrap(), (None, 1));
}

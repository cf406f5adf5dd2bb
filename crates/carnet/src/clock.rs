//! The clock, at the edge: the C library's, so that a faked one works. `carnet dev` can move it.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use carnet_core::value::UnixTime;
use carnet_server::parts::Clock;

/// The time of this machine.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "this is the edge where time comes in"
)]
pub(crate) fn now() -> UnixTime {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    UnixTime(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

/// The time of this machine, moved by as many seconds as somebody wants.
#[derive(Clone, Debug, Default)]
pub(crate) struct MovableClock(Arc<AtomicI64>);

impl MovableClock {
    /// By how many seconds it is moved.
    #[must_use]
    pub(crate) fn offset(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Moves it to this offset from the machine's time.
    pub(crate) fn set_offset(&self, seconds: i64) {
        self.0.store(seconds, Ordering::Relaxed);
    }

    /// As an argument for the server.
    #[must_use]
    pub(crate) fn clock(&self) -> Clock {
        let offset = Arc::clone(&self.0);
        Arc::new(move || UnixTime(now().0.saturating_add(offset.load(Ordering::Relaxed))))
    }
}

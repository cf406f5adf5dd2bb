//! Time as this crate sees it: what time it is, waiting, and a little chance so that those who wait
//! do not all come back together.
//!
//! It is the edge to the machine. Everything else takes the time as an argument, so a test that
//! replaces this replaces all of it, and waits for nothing.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use carnet_jose::entropy;

/// What a wait returns.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Where time comes from.
#[derive(Clone)]
pub struct Clock {
    now: Arc<dyn Fn() -> i64 + Send + Sync>,
    sleep: Arc<dyn Fn(Duration) -> Sleep + Send + Sync>,
    chance: fn() -> u8,
}

impl Clock {
    /// The machine's own.
    pub fn system() -> Self {
        Self {
            now: Arc::new(system_now),
            sleep: Arc::new(|wait| Box::pin(tokio::time::sleep(wait))),
            chance: || entropy::random::<1>().map_or(MIDDLE, |[byte]| byte),
        }
    }

    /// A clock that shows what the function says, in seconds since 1970, and does not really wait.
    ///
    /// ```
    /// use carnet_client::Clock;
    ///
    /// let clock = Clock::told_by(|| 1_800_000_000);
    /// assert_eq!(clock.now(), 1_800_000_000);
    /// ```
    pub fn told_by(now: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self {
            now: Arc::new(now),
            sleep: Arc::new(|_| Box::pin(std::future::ready(()))),
            chance: || MIDDLE,
        }
    }

    /// The same clock with another way to wait.
    #[must_use]
    pub fn waiting_by(self, sleep: impl Fn(Duration) -> Sleep + Send + Sync + 'static) -> Self {
        Self {
            sleep: Arc::new(sleep),
            ..self
        }
    }

    /// Seconds since 1970.
    pub fn now(&self) -> i64 {
        (self.now)()
    }

    /// Waits.
    pub(crate) async fn sleep(&self, wait: Duration) {
        (self.sleep)(wait).await;
    }

    /// The duration, or up to a tenth more or less.
    pub(crate) fn spread(&self, wait: Duration) -> Duration {
        wait * (900 + u32::from((self.chance)()) * 200 / 255) / 1000
    }
}

/// The chance that changes nothing.
const MIDDLE: u8 = 128;

#[expect(
    clippy::disallowed_methods,
    reason = "this is the edge at which the time comes in"
)]
fn system_now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| {
            i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
        })
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}

#[cfg(test)]
mod tests;

//! One measurement of one server.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use crate::load;
use crate::load::Length;
use crate::load::Shots;
use crate::load::Tally;
use crate::process::Pinned;

/// What one turn of one server came to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    /// Microseconds of the server's core for each request.
    pub(crate) cpu: f64,
    /// Requests in a second.
    pub(crate) rate: f64,
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
}

/// Asks a server and watches what that costs it.
pub(crate) async fn sample(
    server: &Pinned,
    address: SocketAddr,
    shots: &Rc<Shots>,
    connections: usize,
    length: Length,
) -> anyhow::Result<Sample> {
    let before = server.cpu()?;
    let tally = load::fire(address, shots, connections, length, false).await?;
    Ok(Sample::new(&tally, server.cpu()?.saturating_sub(before)))
}

impl Sample {
    /// What a server did, and how long that kept its core busy.
    pub(crate) fn new(tally: &Tally, busy: Duration) -> Self {
        let answers = float(tally.answers);
        Self {
            cpu: busy.as_secs_f64() * 1e6 / answers,
            rate: answers / tally.took.as_secs_f64(),
            p50: tally.p50,
            p99: tally.p99,
        }
    }
}

/// A count, to be divided by.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of this program are far below 2^52"
)]
pub(crate) fn float(count: u64) -> f64 {
    count as f64
}

/// The turns of one server at one row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Turn(pub(crate) Vec<Sample>);

impl Turn {
    fn least(&self, of: impl Fn(&Sample) -> f64) -> f64 {
        self.0.iter().map(of).fold(f64::INFINITY, f64::min)
    }

    /// The least CPU.
    pub(crate) fn cpu(&self) -> f64 {
        self.least(|sample| sample.cpu)
    }

    /// The highest rate.
    pub(crate) fn rate(&self) -> f64 {
        -self.least(|sample| -sample.rate)
    }

    /// The least median, in milliseconds.
    pub(crate) fn p50(&self) -> f64 {
        self.least(|sample| sample.p50.as_secs_f64() * 1e3)
    }

    /// The least 99th percentile, in milliseconds.
    pub(crate) fn p99(&self) -> f64 {
        self.least(|sample| sample.p99.as_secs_f64() * 1e3)
    }

    /// How much more CPU the worst turn took than the best.
    pub(crate) fn noise(&self) -> f64 {
        -self.least(|sample| -sample.cpu) / self.cpu() - 1.0
    }
}

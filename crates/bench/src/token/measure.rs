//! One measurement, and what many of them say together.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use super::row::Row;
use crate::load;
use crate::load::Length;
use crate::load::Shots;
use crate::process::Pinned;

/// What one turn of one server came to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    /// Microseconds of the server's core for each request.
    pub(super) cpu: f64,
    /// Requests in a second.
    pub(super) rate: f64,
    pub(super) p50: Duration,
    pub(super) p99: Duration,
}

/// Asks a server and watches what that costs it.
pub(super) async fn sample(
    server: &Pinned,
    address: SocketAddr,
    shots: &Rc<Shots>,
    connections: usize,
    length: Length,
) -> anyhow::Result<Sample> {
    let before = server.cpu()?;
    let tally = load::fire(address, shots, connections, length, false).await?;
    let busy = server.cpu()?.saturating_sub(before);
    let answers = float(tally.answers);
    Ok(Sample {
        cpu: busy.as_secs_f64() * 1e6 / answers,
        rate: answers / tally.took.as_secs_f64(),
        p50: tally.p50,
        p99: tally.p99,
    })
}

/// A count, to be divided by.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of this program are far below 2^52"
)]
pub(super) fn float(count: u64) -> f64 {
    count as f64
}

/// The turns of one server at one row.
#[derive(Clone, Debug, Default)]
pub(super) struct Turn(pub(super) Vec<Sample>);

impl Turn {
    fn least(&self, of: impl Fn(&Sample) -> f64) -> f64 {
        self.0.iter().map(of).fold(f64::INFINITY, f64::min)
    }

    /// The least CPU.
    pub(super) fn cpu(&self) -> f64 {
        self.least(|sample| sample.cpu)
    }

    /// The highest rate.
    pub(super) fn rate(&self) -> f64 {
        -self.least(|sample| -sample.rate)
    }

    /// The least median, in milliseconds.
    pub(super) fn p50(&self) -> f64 {
        self.least(|sample| sample.p50.as_secs_f64() * 1e3)
    }

    /// The least 99th percentile, in milliseconds.
    pub(super) fn p99(&self) -> f64 {
        self.least(|sample| sample.p99.as_secs_f64() * 1e3)
    }

    /// How much more CPU the worst turn took than the best.
    pub(super) fn noise(&self) -> f64 {
        -self.least(|sample| -sample.cpu) / self.cpu() - 1.0
    }
}

/// A row, measured.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) row: Row,
    pub(super) carnet: Turn,
    pub(super) bare: Turn,
}

impl Line {
    /// How many times the CPU of the bare server Carnet needs.
    pub(super) fn ratio(&self) -> f64 {
        self.carnet.cpu() / self.bare.cpu()
    }

    /// Which part of the bare server's rate Carnet reaches.
    pub(super) fn share(&self) -> f64 {
        self.carnet.rate() / self.bare.rate()
    }
}

/// Everything that was measured with one number of accounts.
#[derive(Debug)]
pub(super) struct Figures {
    pub(super) accounts: usize,
    pub(super) lines: Vec<Line>,
    pub(super) around: Option<Around>,
}

/// What is measured once, beside the rows.
#[derive(Debug)]
pub(super) struct Around {
    /// From the start of the program to its first 200.
    pub(super) starts: Vec<Duration>,
    /// Bytes, before the first request and after a load over 64 connections.
    pub(super) idle: u64,
    pub(super) busy: u64,
    pub(super) bare_idle: u64,
    pub(super) bare_busy: u64,
    /// Bytes of the program.
    pub(super) size: u64,
    /// One connection: a signed token.
    pub(super) alone: Turn,
    pub(super) bare_alone: Turn,
}

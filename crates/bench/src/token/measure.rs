//! What many measurements say together.

use std::time::Duration;

use super::row::Row;
use crate::sample::Turn;

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

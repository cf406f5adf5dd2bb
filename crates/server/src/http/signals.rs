//! What the system tells the process: stop (SIGTERM, SIGINT), or read again what may change (SIGHUP).

use std::io;

use tokio::signal::unix::Signal;
use tokio::signal::unix::SignalKind;
use tokio::signal::unix::signal;

/// What the process is told.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Told {
    /// Stop. Told twice: at once.
    Stop,
    /// Read certificates, and what else may change, again.
    Reload,
}

/// The signals that we listen for. While this lives they do not end the process by themselves.
#[derive(Debug)]
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
}

impl Signals {
    /// Begins to listen.
    pub fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    /// The next signal.
    pub async fn next(&mut self) -> Told {
        // `None` means that the runtime ends, which is a reason to stop too.
        tokio::select! {
            _ = self.terminate.recv() => Told::Stop,
            _ = self.interrupt.recv() => Told::Stop,
            _ = self.hangup.recv() => Told::Reload,
        }
    }
}

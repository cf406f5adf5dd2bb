//! The log of the process: one line per event on standard error, for people on a terminal and as JSON
//! otherwise.
//!
//! Lines go through a bounded queue to a thread of their own (`writer`): a terminal or a collector
//! that does not read must not make the server wait. A panic is told by its place only, since its text
//! may hold what a client sent.

mod writer;

use std::fmt;
use std::io;
use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::Layer as _;
use tracing_subscriber::Registry;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::reload;
use tracing_subscriber::util::SubscriberInitExt as _;

use self::writer::Queue;
use self::writer::Writing;
use crate::config::log::Format;
use crate::config::log::Level;
use crate::config::log::Log;

/// The log cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum NotLogging {
    /// This process logs already.
    #[error("this process has a log already")]
    Twice,
    /// The thread that writes could not be started.
    #[error("the thread that writes the log cannot be started: {0}")]
    Thread(io::Error),
}

/// The log. What is still queued is written when this is dropped.
pub struct Logging {
    filter: reload::Handle<EnvFilter, Registry>,
    _writing: Writing,
}

impl Logging {
    /// From now on, this is logged and nothing else.
    pub fn set_level(&self, level: &Level) {
        // It fails only if the subscriber is gone, and then nobody logs.
        let _reloaded = self.filter.reload(filter(level));
    }
}

impl fmt::Debug for Logging {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Logging").finish_non_exhaustive()
    }
}

/// Begins to log, for the whole process.
pub fn init(log: &Log) -> Result<Logging, NotLogging> {
    let (queue, writing) = writer::start(io::stderr()).map_err(NotLogging::Thread)?;
    let terminal = io::stderr().is_terminal();
    let pretty = match log.format {
        Format::Auto => terminal,
        Format::Pretty => true,
        Format::Json => false,
    };
    let (filter, handle) = reload::Layer::new(filter(&log.level));
    let registry = tracing_subscriber::registry().with(filter);
    let set = registry.with(layer(pretty, terminal, queue)).try_init();
    set.map_err(|_| NotLogging::Twice)?;
    std::panic::set_hook(Box::new(tell_panic));
    Ok(Logging {
        filter: handle,
        _writing: writing,
    })
}

type Line = Box<dyn tracing_subscriber::Layer<Filtered> + Send + Sync>;
type Filtered = tracing_subscriber::layer::Layered<reload::Layer<EnvFilter, Registry>, Registry>;

fn layer(pretty: bool, colours: bool, queue: Queue) -> Line {
    let layer = tracing_subscriber::fmt::layer().with_writer(queue);
    if pretty {
        layer.with_ansi(colours).with_target(false).boxed()
    } else {
        layer
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .with_span_list(false)
            .boxed()
    }
}

fn filter(level: &Level) -> EnvFilter {
    // The text was read once when the configuration was.
    EnvFilter::builder().parse_lossy(level.as_str())
}

fn tell_panic(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string);
    tracing::error!(place = place.as_deref(), "a panic; this is a fault of ours");
}

#[cfg(test)]
mod tests;

//! What a library said through `tracing`, on this thread: gcp_auth hides the answer of the server from its error, and
//! logs it.

use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;

use tracing::Event;
use tracing::Level;
use tracing::Metadata;
use tracing::Subscriber;
use tracing::field::Field;
use tracing::field::Visit;
use tracing::span;
use tracing::subscriber::DefaultGuard;

/// One warning: its message, and its other fields.
#[derive(Clone, Default)]
pub struct Warning {
    pub message: String,
    pub status: String,
    pub body: String,
}

/// Listens until it is dropped.
pub struct Said {
    warnings: Arc<Mutex<Vec<Warning>>>,
    _guard: DefaultGuard,
}

impl Said {
    pub fn listen() -> Self {
        let warnings = Arc::default();
        let guard = tracing::subscriber::set_default(Ear(Arc::clone(&warnings)));
        Self {
            warnings,
            _guard: guard,
        }
    }

    /// All warnings that begin so.
    pub fn warnings(&self, begin: &str) -> Vec<Warning> {
        let warnings = self.warnings.lock().expect("no poison");
        warnings
            .iter()
            .filter(|warning| warning.message.starts_with(begin))
            .cloned()
            .collect()
    }
}

struct Ear(Arc<Mutex<Vec<Warning>>>);

impl Subscriber for Ear {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::WARN
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut warning = Warning::default();
        event.record(&mut warning);
        self.0.lock().expect("no poison").push(warning);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

impl Visit for Warning {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let place = match field.name() {
            "message" => &mut self.message,
            "status" => &mut self.status,
            "body" => &mut self.body,
            _ => return,
        };
        *place = format!("{value:?}");
    }
}

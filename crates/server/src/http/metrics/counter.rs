//! Counters, alone and in families with labels.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::RwLock;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use super::About;
use super::Family;
use super::Quoted;
use super::Registry;
use super::line;

/// How many series a family may have.
const MOST: usize = 1_000;

/// What the series beyond them are called.
const OTHER: &str = "other";

/// A number that only grows.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// One more.
    pub fn add_one(&self) {
        self.0.fetch_add(1, Relaxed);
    }

    /// The number.
    #[must_use]
    pub fn value(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

/// Counters that differ in the values of `N` labels.
pub struct Counters<const N: usize> {
    name: &'static str,
    labels: [&'static str; N],
    series: RwLock<BTreeMap<[String; N], Arc<Counter>>>,
}

impl<const N: usize> Counters<N> {
    /// A family with these labels, in a registry.
    pub fn new(
        registry: &Registry,
        name: &'static str,
        help: &'static str,
        labels: [&'static str; N],
    ) -> Arc<Self> {
        let family = Arc::new(Self {
            name,
            labels,
            series: RwLock::default(),
        });
        let added: Arc<dyn Family> = Arc::<Self>::clone(&family);
        registry.add(
            About {
                name,
                help,
                kind: "counter",
            },
            added,
        );
        family
    }

    /// The counter with these values. Keep it where you count often.
    pub fn with(&self, values: [&str; N]) -> Arc<Counter> {
        let wanted = values.map(str::to_owned);
        let known = self.series.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(counter) = known.get(&wanted) {
            return Arc::clone(counter);
        }
        drop(known);
        let mut series = self.series.write().unwrap_or_else(PoisonError::into_inner);
        let full = series.len() >= MOST && !series.contains_key(&wanted);
        let key = if full {
            [OTHER; N].map(str::to_owned)
        } else {
            wanted
        };
        Arc::clone(series.entry(key).or_default())
    }
}

impl<const N: usize> Family for Counters<N> {
    fn write(&self, out: &mut String) {
        for (values, counter) in self
            .series
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
        {
            let labels: Vec<String> = self
                .labels
                .iter()
                .zip(values)
                .map(|(label, value)| format!("{label}={}", Quoted(value)))
                .collect();
            line(
                out,
                format_args!("{}{{{}}} {}", self.name, labels.join(","), counter.value()),
            );
        }
    }
}

impl<const N: usize> fmt::Debug for Counters<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Counters")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

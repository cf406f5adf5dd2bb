//! Metrics, in Prometheus' text format, without a global.
//!
//! A [`Registry`] belongs to one server. Families of series have closed sets of labels, and a bound all
//! the same: beyond it everything counts in one series named `other`, so that no caller can fill the
//! memory. Whoever counts often keeps the counter, which is one atomic number.

mod carnet;
mod counter;
mod histogram;
mod requests;
mod route;

use std::fmt;
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

pub use self::carnet::Carnet;
pub use self::counter::Counter;
pub use self::counter::Counters;
pub use self::histogram::Histogram;
pub use self::requests::Requests;
pub use self::route::Route;
pub use self::route::Routes;

/// The type of what [`Registry::render`] writes.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// A group of series with one name.
pub trait Family: Send + Sync {
    /// Writes the series, one line each.
    fn write(&self, out: &mut String);
}

/// What a family is, for the two comment lines above its series.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// Its name, with its unit: `_seconds`, `_bytes`, `_total`.
    pub name: &'static str,
    /// What it counts.
    pub help: &'static str,
    /// `counter`, `gauge` or `histogram`.
    pub kind: &'static str,
}

/// The families of a server.
#[derive(Default)]
pub struct Registry {
    families: Mutex<Vec<(About, Arc<dyn Family>)>>,
}

impl Registry {
    /// Adds a family.
    pub fn add(&self, about: About, family: Arc<dyn Family>) {
        self.families
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((about, family));
    }

    /// Adds a number that is asked for when somebody looks.
    pub fn gauge(
        &self,
        name: &'static str,
        help: &'static str,
        value: impl Fn() -> f64 + Send + Sync + 'static,
    ) {
        self.add(
            About {
                name,
                help,
                kind: "gauge",
            },
            Arc::new(Asked { name, value }),
        );
    }

    /// Adds a count that is kept elsewhere.
    pub fn counted(
        &self,
        name: &'static str,
        help: &'static str,
        value: impl Fn() -> f64 + Send + Sync + 'static,
    ) {
        self.add(
            About {
                name,
                help,
                kind: "counter",
            },
            Arc::new(Asked { name, value }),
        );
    }

    /// Everything, as text.
    #[must_use]
    pub fn render(&self) -> String {
        let families = self
            .families
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let mut out = String::with_capacity(16 * 1024);
        for (About { name, help, kind }, family) in families {
            line(&mut out, format_args!("# HELP {name} {help}"));
            line(&mut out, format_args!("# TYPE {name} {kind}"));
            family.write(&mut out);
        }
        out
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry").finish_non_exhaustive()
    }
}

struct Asked<F> {
    name: &'static str,
    value: F,
}

impl<F: Fn() -> f64 + Send + Sync> Family for Asked<F> {
    fn write(&self, out: &mut String) {
        line(out, format_args!("{} {}", self.name, (self.value)()));
    }
}

/// One line. Writing into a text cannot fail.
fn line(out: &mut String, text: fmt::Arguments<'_>) {
    let _written = writeln!(out, "{text}");
}

/// A value of a label, between quotes (backslash, quote and line feed are escaped).
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for letter in self.0.chars() {
            match letter {
                '\\' | '"' => write!(f, "\\{letter}")?,
                '\n' => f.write_str("\\n")?,
                _ => f.write_char(letter)?,
            }
        }
        f.write_char('"')
    }
}

#[cfg(test)]
mod tests;

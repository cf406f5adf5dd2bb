//! The families whose names begin with `carnet_` and that endpoints count in.

use std::sync::Arc;

use super::About;
use super::Counters;
use super::Family;
use super::Registry;
use super::line;

/// What endpoints count. No label ever names a client, a user or a key.
#[derive(Clone, Debug)]
pub struct Carnet {
    /// Tokens that were handed out, by `grant_type` and `token_type`.
    pub tokens_issued: Arc<Counters<2>>,
    /// Refusals of the token endpoint, by `error` and `code`.
    pub token_errors: Arc<Counters<2>>,
    /// Requests that were refused for their number, by `scope`.
    pub rate_limited: Arc<Counters<1>>,
}

impl Carnet {
    /// The families, in a registry.
    #[must_use]
    pub fn new(registry: &Registry) -> Self {
        Self {
            tokens_issued: Counters::new(
                registry,
                "carnet_tokens_issued_total",
                "Tokens that were handed out.",
                ["grant_type", "token_type"],
            ),
            token_errors: Counters::new(
                registry,
                "carnet_token_errors_total",
                "Refusals of the token endpoint.",
                ["error", "code"],
            ),
            rate_limited: Counters::new(
                registry,
                "carnet_rate_limited_total",
                "Requests that were refused for their number.",
                ["scope"],
            ),
        }
    }
}

/// Which program this is, as Prometheus wants to know it: the number one, with labels.
struct BuildInfo {
    version: &'static str,
    commit: &'static str,
}

impl Family for BuildInfo {
    fn write(&self, out: &mut String) {
        let Self { version, commit } = self;
        line(
            out,
            format_args!("carnet_build_info{{version=\"{version}\",commit=\"{commit}\"}} 1"),
        );
    }
}

impl Registry {
    /// Adds `carnet_build_info`.
    pub fn build_info(&self, version: &'static str, commit: &'static str) {
        let about = About {
            name: "carnet_build_info",
            help: "Which program this is.",
            kind: "gauge",
        };
        self.add(about, Arc::new(BuildInfo { version, commit }));
    }
}

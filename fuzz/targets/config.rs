//! What `carnet serve` is told by an operator, or by somebody who can write to the file or the environment.
//!
//! The input is the text of `carnet.toml`, a line `---`, and lines of the environment. Each file that a variable
//! names is there, and says its own name.
//!
//! 1. It becomes a configuration, or each thing that is wrong is told: in words that fit a terminal, with what was
//!    written escaped and cut, and never with a secret.
//! 2. What is accepted lies within its bounds, so that no later step has to ask again.

#![no_main]

use std::path::Path;
use std::time::Duration;

use libfuzzer_sys::fuzz_target;

use crate::config::Outside;

/// The binary's own reader. Nobody can depend on a binary, and a library beside it would bring the databases and the
/// HTTP client into every target; so its pure files are compiled here, by their paths.
#[path = "../../crates/carnet/src/config"]
mod config {
    #![expect(dead_code, reason = "the binary uses more of it than its reader")]

    mod fault;
    mod file;
    mod key;
    mod one_line;
    mod read;
    mod setting;
    mod source;

    pub(crate) use fault::Fault;
    pub(crate) use read::{Config, issuer};
    pub(crate) use setting::Outside;

    pub(crate) fn read(outside: &dyn Outside) -> Result<Config, Vec<Fault>> {
        read::config(&source::gather(None, outside))
    }
}

#[path = "../../crates/carnet/src/nearest.rs"]
mod nearest;

/// Stands in `database_url`, which nobody may be shown.
const SECRET: &str = "Tr0ub4dor&3";

struct World<'a> {
    file: &'a str,
    variables: Vec<(&'a str, &'a str)>,
}

impl Outside for World<'_> {
    fn variable(&self, name: &str) -> Option<String> {
        let mut named = self.variables.iter().filter(|(known, _)| *known == name);
        named.next().map(|(_, value)| (*value).to_owned())
    }

    fn variables(&self) -> Vec<String> {
        let names = self.variables.iter().map(|(name, _)| (*name).to_owned());
        names.collect()
    }

    fn is_file(&self, path: &Path) -> bool {
        path.to_str().is_some_and(|path| !path.is_empty())
    }

    fn contents(&self, path: &Path, most: u64) -> Result<String, String> {
        let text = match path.to_str() {
            Some("carnet.toml") => self.file,
            Some(path) => path,
            None => return Err("it is not there".to_owned()),
        };
        if text.len() as u64 > most {
            return Err("it is too large".to_owned());
        }
        Ok(text.to_owned())
    }
}

fuzz_target!(|text: &str| {
    let (file, environment) = text.split_once("\n---\n").unwrap_or((text, ""));
    let mut world = World {
        file,
        variables: environment
            .lines()
            .filter_map(|line| line.split_once('='))
            .filter(|(_, value)| !value.is_empty())
            .collect(),
    };
    let url = format!("postgres://carnet:{SECRET}@db/carnet");
    if !text.contains("database_url") {
        world.variables.push(("CARNET_DATABASE_URL", &url));
    }
    match config::read(&world) {
        Ok(config) => bounded(&config),
        Err(faults) => {
            assert!(!faults.is_empty());
            for fault in faults {
                let told = fault.to_string();
                assert!(!told.chars().any(char::is_control), "{told:?}");
                assert!(told.chars().count() < 1_000, "{told}");
                assert!(text.contains(SECRET) || !told.contains(SECRET), "{told}");
            }
        }
    }
});

fn bounded(config: &config::Config) {
    assert_eq!(config::issuer(&config.issuer), Ok(()));
    assert!(!config.issuer.ends_with('/') && !config.name.is_empty());
    assert!(!config.database_url.is_empty());
    let http = &config.http;
    assert!((1..=16).contains(&http.listen.len()));
    assert!((16..=1_000).contains(&http.limits.headers));
    assert!((8 * 1_024..=1_024 * 1_024).contains(&http.limits.head_bytes));
    assert!(http.limits.connections > 0 && http.limits.streams > 0);
    assert!(http.timeouts.head > Duration::ZERO && http.timeouts.body > Duration::ZERO);
    assert!(config.drain.delay <= config.drain.timeout);
    let level = &config.log.level;
    assert_eq!(level.as_str().parse().as_ref(), Ok(level));
}

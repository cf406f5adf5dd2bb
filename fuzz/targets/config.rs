//! The configuration file of an operator, or of somebody who can write to it.
//!
//! 1. It is no TOML, or a section of it is refused, or it becomes a configuration.
//! 2. A refusal is told in words that fit a terminal: what was written is escaped.
//! 3. What is accepted lies within its bounds, so that no later step has to ask again.

#![no_main]

use std::time::Duration;

use carnet_server::config::drain::Drain;
use carnet_server::config::http::Http;
use carnet_server::config::log::Log;
use carnet_server::config::ops::Ops;
use carnet_server::config::rate::Rate;
use libfuzzer_sys::fuzz_target;
use serde::de::DeserializeOwned;
use toml::Table;
use toml::Value;

fuzz_target!(|text: &str| {
    let Ok(file) = text.parse::<Table>() else {
        return;
    };
    if let Some(http) = section::<Http>(&file, "http") {
        assert!((1..=16).contains(&http.listen.len()));
        assert!((16..=1_000).contains(&http.limits.headers));
        assert!((8 * 1_024..=1_024 * 1_024).contains(&http.limits.head_bytes));
        assert!(http.limits.connections > 0 && http.limits.streams > 0);
        assert!(http.timeouts.head > Duration::ZERO && http.timeouts.body > Duration::ZERO);
    }
    if let Some(drain) = section::<Drain>(&file, "drain") {
        assert!(drain.delay <= drain.timeout);
    }
    let _ = section::<Ops>(&file, "ops");
    let _ = section::<Rate>(&file, "rate");
    if let Some(log) = section::<Log>(&file, "log") {
        assert_eq!(log.level.as_str().parse().as_ref(), Ok(&log.level));
    }
});

fn section<T: DeserializeOwned>(file: &Table, name: &str) -> Option<T> {
    match Value::try_into(file.get(name)?.clone()) {
        Ok(section) => Some(section),
        Err(refused) => {
            assert!(!refused.message().is_empty());
            None
        }
    }
}

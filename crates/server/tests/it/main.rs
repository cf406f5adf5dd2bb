//! The HTTP craft from outside: over sockets, with a client of hyper's or with bare bytes.
#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod golden;
mod house;
mod ladder;
mod setup;
mod talk;

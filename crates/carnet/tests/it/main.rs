//! The command line as a person or a script meets it: the binary itself, against a server of its own.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says by panicking what was not as it should be"
)]

mod adc;
mod app;
mod app_apply;
mod audit;
mod doctor;
mod federation;
mod golden;
mod library;
mod login;
mod metadata;
mod offline;
mod sandbox;
mod serving;
mod support;

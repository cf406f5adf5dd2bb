//! Workload identity federation: tokens of foreign issuers, trusted by a pool's providers (google-wire 6).
//!
//! * [`mapping`]: what a foreign token's claims are called here, and the condition they must meet.

pub mod mapping;

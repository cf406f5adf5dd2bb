//! What strangers send: the real program, over sockets, is given everything that no well-behaved client
//! would send (security.md: no 5xx and no hang on any input).
//!
//! 1. Each request is answered within two seconds, and never with a 5xx. Bytes that are no HTTP may be
//!    answered by a closed connection instead.
//! 2. Where the request is HTTP and the endpoint is ours, a refusal is JSON with a code of the catalogue.
//! 3. Afterwards a good request still works, nothing panicked, and no secret stands in the log.
//!
//! Chance is by a seed that is printed; `CARNET_TEST_SEED` repeats a run.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod admin;
mod forged;
mod form;
mod framing;
mod ground;

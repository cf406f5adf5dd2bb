//! The device grant (RFC 8628) from the first request to the end of the refresh token: endpoints in process,
//! over a store in memory, with a clock that stands still.

mod codes;
mod person;
mod polls;
pub(crate) mod tv;

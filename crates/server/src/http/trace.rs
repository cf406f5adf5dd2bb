//! Trace ids: each request has one, and every answer and log line tells it.
//!
//! 26 characters of Crockford's base 32 over 128 bits of chance: nobody can guess another's. Where a
//! caller sends a W3C `traceparent`, it is kept beside ours and echoed.

use std::sync::Arc;

use axum::http::Extensions;
use carnet_jose::entropy;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The id of one request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TraceId(Arc<str>);

impl TraceId {
    /// A new one.
    #[must_use]
    pub fn mint() -> Self {
        let bytes: [u8; 16] = entropy::random().unwrap_or_default();
        let mut number = u128::from_be_bytes(bytes);
        let mut text = String::with_capacity(26);
        for _ in 0..26 {
            let digit = usize::try_from(number & 31).unwrap_or_default();
            text.push(
                ALPHABET
                    .get(digit)
                    .map_or('0', |letter| char::from(*letter)),
            );
            number >>= 5;
        }
        Self(text.into())
    }

    /// The id of a request that the listener has named; one of our own where none has.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Self {
        extensions.get::<Self>().cloned().unwrap_or_else(Self::mint)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

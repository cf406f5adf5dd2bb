//! Base64url without padding (RFC 4648 §5, RFC 7515 §2), read strictly or with Google's lenience.
//!
//! Strict is what the RFC says: no `=`, no `+` or `/`, no white space, and the unused bits of the
//! last character are zero, so that one value has one spelling. Lenient differs in one point: a
//! segment may carry its canonical `=` padding, because two Rust client libraries in daily use
//! against Google write it. Decoding never grows: the caller names the most bytes it wants.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// Whether `=` at the end of a segment is an error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Padding {
    /// RFC 7515 §2: "with all trailing '=' characters omitted".
    #[default]
    Strict,
    /// No padding or exactly the right padding.
    Lenient,
}

/// The text is not base64url, or stands for more bytes than the caller allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not base64url, or too long")]
pub struct NotBase64Url;

/// Writes bytes as base64url without padding.
pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Appends bytes as base64url without padding.
pub fn encode_onto(bytes: &[u8], text: &mut String) {
    URL_SAFE_NO_PAD.encode_string(bytes, text);
}

/// How many characters a number of bytes takes.
pub const fn encoded_len(bytes: usize) -> usize {
    bytes.div_ceil(3) * 4 - (3 - bytes % 3) % 3
}

/// Reads at most `limit` bytes.
pub fn decode(text: &str, padding: Padding, limit: usize) -> Result<Vec<u8>, NotBase64Url> {
    let bare = match padding {
        Padding::Strict => text,
        Padding::Lenient => without_padding(text)?,
    };
    if bare.len() > encoded_len(limit) {
        return Err(NotBase64Url);
    }
    URL_SAFE_NO_PAD.decode(bare).map_err(|_| NotBase64Url)
}

/// Reads exactly `N` bytes, strictly.
pub fn decode_array<const N: usize>(text: &str) -> Result<[u8; N], NotBase64Url> {
    decode(text, Padding::Strict, N)?
        .try_into()
        .map_err(|_| NotBase64Url)
}

/// Takes off the padding, which must be none or the canonical one.
fn without_padding(text: &str) -> Result<&str, NotBase64Url> {
    let bare = text.trim_end_matches('=');
    match text.len() - bare.len() {
        0 => Ok(bare),
        1 | 2 if text.len().is_multiple_of(4) => Ok(bare),
        _ => Err(NotBase64Url),
    }
}

#[cfg(test)]
mod tests;

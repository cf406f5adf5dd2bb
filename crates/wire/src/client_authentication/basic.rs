//! The scheme Basic, as OAuth uses it.
//!
//! RFC 7617 §2, with RFC 6749 §2.3.1 on top: name and secret are form-encoded each, then joined by
//! a colon, then written in base64.

use super::{ClientAuthenticationError, MAX_CLIENT_ID_BYTES, MAX_SECRET_BYTES};
use crate::base64;
use crate::params;

/// How long the credentials may be, in bytes: both halves, with every byte a percent code, in
/// base64.
const MAX_BYTES: usize = (MAX_CLIENT_ID_BYTES + MAX_SECRET_BYTES + 1) * 4;

/// What stands behind the scheme; `None` where the scheme is another one.
pub(super) fn credentials(header: &str) -> Option<&str> {
    let header = header.trim_matches([' ', '\t']);
    let (scheme, credentials) = header.split_once(' ').unwrap_or((header, ""));
    scheme
        .eq_ignore_ascii_case("Basic")
        .then(|| credentials.trim_start_matches(' '))
}

/// Name and secret.
pub(super) fn parse(credentials: &str) -> Result<(String, String), ClientAuthenticationError> {
    if credentials.len() > MAX_BYTES {
        return Err(ClientAuthenticationError::TooLong("Authorization"));
    }
    let joined = base64::read(credentials).and_then(|bytes| String::from_utf8(bytes).ok());
    let joined = joined.ok_or(ClientAuthenticationError::BasicMalformed)?;
    let (name, secret) = joined
        .split_once(':')
        .ok_or(ClientAuthenticationError::BasicMalformed)?;
    let half = |text| params::decode_value(text).map(std::borrow::Cow::into_owned);
    let (Some(name), Some(secret)) = (half(name), half(secret)) else {
        return Err(ClientAuthenticationError::BasicEncoding);
    };
    if name.is_empty() || secret.is_empty() {
        return Err(ClientAuthenticationError::BasicMalformed);
    }
    if name.len() > MAX_CLIENT_ID_BYTES {
        return Err(ClientAuthenticationError::TooLong("client_id"));
    }
    if secret.len() > MAX_SECRET_BYTES {
        return Err(ClientAuthenticationError::TooLong("client_secret"));
    }
    Ok((name, secret))
}

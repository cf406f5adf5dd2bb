//! Base64 and percent-encoding (RFC 4648 sections 4 and 5, RFC 3986 section 2.1).

use std::fmt::Write;

use carnet_jose::base64url;
use carnet_jose::base64url::Padding;

use crate::rule::federation::mapping::fuel::Trouble;
use crate::rule::federation::mapping::value::Value;

/// `base64.encode(bytes)`: the alphabet of section 4, with padding. A text is taken as its bytes.
pub(super) fn base64<'a>(value: &Value<'_>) -> Result<Value<'a>, Trouble> {
    let bytes = match value {
        Value::Bytes(bytes) => &**bytes,
        Value::Text(text) => text.as_bytes(),
        other => {
            let why = format!("base64.encode takes bytes, not {}.", other.kind());
            return Err(Trouble::new(why));
        }
    };
    let mut encoded = base64url::encode(bytes).replace('-', "+").replace('_', "/");
    while encoded.len() % 4 != 0 {
        encoded.push('=');
    }
    Ok(Value::text(encoded))
}

/// `base64.decode(text)`: either alphabet, with padding or without.
pub(super) fn from_base64<'a>(text: &str) -> Result<Value<'a>, Trouble> {
    let bare = text
        .trim_end_matches('=')
        .replace('+', "-")
        .replace('/', "_");
    let decoded = base64url::decode(&bare, Padding::Strict, text.len());
    let decoded = decoded.map_err(|_| Trouble::new("this is not base64."))?;
    Ok(Value::bytes(decoded))
}

/// `url.encode(text)`: everything but the unreserved characters.
pub(super) fn percent(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            // Writing into a text does not fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// `url.decode(text)`: what is behind a `%` must be two hexadecimal digits.
pub(super) fn from_percent<'a>(text: &str) -> Result<Value<'a>, Trouble> {
    let wrong = || Trouble::new("this is not percent-encoded text.");
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        if *first != b'%' {
            decoded.push(*first);
            continue;
        }
        let (digits, behind) = rest.split_at_checked(2).ok_or_else(wrong)?;
        let digit = |byte: Option<&u8>| char::from(*byte?).to_digit(16);
        let code = match (digit(digits.first()), digit(digits.last())) {
            (Some(high), Some(low)) => high * 16 + low,
            _ => return Err(wrong()),
        };
        decoded.push(u8::try_from(code).map_err(|_| wrong())?);
        rest = behind;
    }
    let decoded = String::from_utf8(decoded).map_err(|_| wrong())?;
    Ok(Value::text(decoded))
}

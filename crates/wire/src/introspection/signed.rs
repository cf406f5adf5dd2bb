//! The answer of introspection as a JWT that the server signs.
//!
//! RFC 9701. A caller asks for it in `Accept` (§4) and then has a statement that it can keep and show:
//! what the server said about a token, to whom, and when. It has its own `typ`, and what it says stands
//! in a member of its own, so that nobody takes it for an access token or an ID token (§8.1).

use crate::json;

/// The media type of such an answer, without the `application/` that a header's `typ` leaves off (§5).
pub const MEDIA_TYPE: &str = "application/token-introspection+jwt";

/// Whether an `Accept` header asks for one. Only the type itself does: whoever takes anything gets JSON
/// (§4). A weight of zero means that it is not wanted (RFC 9110 §12.4.2).
pub fn is_accepted(accept: &str) -> bool {
    accept.split(',').any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let named = parts.next().unwrap_or_default();
        let refused = parts.any(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let zero = value.bytes().all(|byte| matches!(byte, b'0' | b'.'));
            name.eq_ignore_ascii_case("q") && zero
        });
        named.eq_ignore_ascii_case(MEDIA_TYPE) && !refused
    })
}

/// What the JWT says (§5): who answers, to whom, when, and the answer. `said` is the JSON of an
/// [`IntrospectionResponse`](super::IntrospectionResponse).
pub fn claims(issuer: &str, audience: &str, at: i64, said: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(said.len() + issuer.len() + audience.len() + 64);
    bytes.extend_from_slice(br#"{"iss":"#);
    json::push_string(&mut bytes, issuer);
    bytes.extend_from_slice(br#","aud":"#);
    json::push_string(&mut bytes, audience);
    bytes.extend_from_slice(br#","iat":"#);
    bytes.extend_from_slice(at.to_string().as_bytes());
    bytes.extend_from_slice(br#","token_introspection":"#);
    bytes.extend_from_slice(said);
    bytes.push(b'}');
    bytes
}

#[cfg(test)]
mod tests;

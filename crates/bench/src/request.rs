//! Requests as bytes. Both servers get the same, but for the port in `Host`.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use carnet_wire::token::JWT_BEARER;

/// A GET.
pub(crate) fn get(host: &str, path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n")
        .into_bytes()
}

/// A POST of a form, with a token of the caller if there is one.
pub(crate) fn post(host: &str, path: &str, form: &str, bearer: Option<&str>) -> Vec<u8> {
    let bearer = bearer.map_or_else(String::new, |token| {
        format!("Authorization: Bearer {token}\r\n")
    });
    post_with(host, path, form, &bearer)
}

/// A POST of a form, with these lines in its head.
pub(crate) fn post_with(host: &str, path: &str, form: &str, lines: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: bench\r\nAccept: */*\r\n{lines}\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    )
    .into_bytes()
}

/// The form of the jwt-bearer grant, encoded as Python's `urllib.parse.urlencode` does it.
pub(crate) fn grant(assertion: &str) -> String {
    let grant_type = JWT_BEARER.replace(':', "%3A");
    format!("assertion={assertion}&grant_type={grant_type}")
}

/// The form of introspection.
pub(crate) fn about(token: &str) -> String {
    format!("token={token}")
}

/// `application/x-www-form-urlencoded`.
pub(crate) fn encode<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let pairs = fields
        .into_iter()
        .map(|(name, value)| format!("{}={}", percent(name), percent(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn percent(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

/// The line of the head with which a client shows its secret.
pub(crate) fn basic(client: &str, secret: &str) -> String {
    let pair = format!("{client}:{secret}");
    format!("Authorization: Basic {}\r\n", STANDARD.encode(pair))
}

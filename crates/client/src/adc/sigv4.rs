//! Amazon's signature version 4: how a request to AWS proves whose it is.
//!
//! The request is not sent. Google's STS (or Carnet's) gets it as the subject token, shows it to
//! Amazon, and hears there whose it is (google-wire 6.3).
//!
//! 1. The request in its canonical form: method, path, query sorted by name, headers sorted and in
//!    lower case, the names of the headers, the digest of the body.
//! 2. The text to sign: the algorithm, the time, the scope (day, region, service), and the digest of
//!    that form.
//! 3. The key is derived from the secret by way of day, region and service.

use carnet_jose::digest::hex;
use carnet_jose::digest::hmac_sha256;
use carnet_jose::digest::sha256;
use url::Url;
use zeroize::Zeroizing;

use crate::adc::calendar;
use crate::token::Secret;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// What Amazon knows somebody by.
#[derive(Clone, Debug)]
pub(crate) struct AwsKeys {
    pub(crate) id: String,
    pub(crate) secret: Secret,
    /// Where the keys are temporary.
    pub(crate) session: Option<Secret>,
}

/// A request to be signed. Its body is empty.
pub(crate) struct Unsigned<'a> {
    pub(crate) method: &'a str,
    pub(crate) url: &'a Url,
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
    /// Further headers, by names in lower case. `host` and `x-amz-date` come by themselves.
    pub(crate) headers: &'a [(&'a str, &'a str)],
    /// Seconds since 1970.
    pub(crate) now: i64,
}

/// The headers of the signed request, sorted, `Authorization` first.
pub(crate) fn sign(request: &Unsigned<'_>, keys: &AwsKeys) -> Vec<(String, String)> {
    let time = calendar::basic(request.now);
    let day = time.split_once('T').map_or("", |(day, _)| day);
    let mut headers: Vec<(String, String)> = vec![
        ("host".to_owned(), host(request.url)),
        ("x-amz-date".to_owned(), time.clone()),
    ];
    let further = request.headers.iter();
    headers.extend(further.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    if let Some(session) = &keys.session {
        let session = session.reveal().to_owned();
        headers.push(("x-amz-security-token".to_owned(), session));
    }
    headers.sort();
    let names: Vec<_> = headers.iter().map(|(name, _)| name.as_str()).collect();
    let names = names.join(";");

    let canonical = canonical(request, &headers, &names);
    let scope = format!("{day}/{}/{}/aws4_request", request.region, request.service);
    let text = format!("{ALGORITHM}\n{time}\n{scope}\n{}", hex(&sha256(canonical)));
    let key = signing_key(keys, day, request.region, request.service);
    let signature = hex(&hmac_sha256(&*key, text.as_bytes()));

    let id = &keys.id;
    let authorization = format!(
        "{ALGORITHM} Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}"
    );
    headers.insert(0, ("Authorization".to_owned(), authorization));
    headers
}

/// Rule 1.
fn canonical(request: &Unsigned<'_>, headers: &[(String, String)], names: &str) -> String {
    let trimmed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines: Vec<_> = headers
        .iter()
        .map(|(name, value)| format!("{name}:{}\n", trimmed(value)))
        .collect();
    let encoded = |text: &str| percent_encoded(text, "");
    let mut query: Vec<_> = request
        .url
        .query_pairs()
        .map(|(name, value)| (encoded(&name), encoded(&value)))
        .collect();
    query.sort();
    let query: Vec<_> = query
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let nothing = hex(&sha256(""));
    [
        request.method,
        request.url.path(),
        &query.join("&"),
        &lines.concat(),
        names,
        &nothing,
    ]
    .join("\n")
}

/// Rule 3.
fn signing_key(keys: &AwsKeys, day: &str, region: &str, service: &str) -> Zeroizing<[u8; 32]> {
    let first = Zeroizing::new(format!("AWS4{}", keys.secret.reveal()));
    let mut key = Zeroizing::new(hmac_sha256(first.as_bytes(), day.as_bytes()));
    for part in [region, service, "aws4_request"] {
        key = Zeroizing::new(hmac_sha256(&*key, part.as_bytes()));
    }
    key
}

fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// A text with everything encoded but unreserved characters (RFC 3986 §2.3) and those that are named.
pub(crate) fn percent_encoded(text: &str, safe: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 3 / 2);
    for byte in text.bytes() {
        let letter = char::from(byte);
        let plain = byte.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.' | '~');
        if plain || (byte.is_ascii() && safe.contains(letter)) {
            encoded.push(letter);
        } else {
            encoded.push('%');
            encoded.push_str(&hex(&[byte]).to_ascii_uppercase());
        }
    }
    encoded
}

#[cfg(test)]
mod tests;

//! `postgres://user:password@host:port/database?…`
//!
//! The driver knows most parameters. Two of libpq's that it does not know are taken out first:
//!
//! * `sslmode`: `require`, `verify-ca` and `verify-full` all mean TLS with a certificate that is
//!   trusted and names the host, since anything less protects from nobody. Absent, `disable`,
//!   `allow` and `prefer` mean none: a network that must not be trusted has to be named so.
//! * `sslrootcert`: a PEM file of authorities to be trusted instead of the system's.

use std::path::PathBuf;

use tokio_postgres::Config;
use tokio_postgres::config::SslMode;

use crate::error::OpenError;

pub(super) struct Parsed {
    pub(super) config: Config,
    pub(super) encrypted: bool,
    pub(super) roots: Option<PathBuf>,
}

impl Parsed {
    pub(super) fn of(url: &str) -> Result<Self, OpenError> {
        let (place, query) = url.split_once('?').unwrap_or((url, ""));
        let mut encrypted = false;
        let mut roots = None;
        let mut others = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", mode)) => encrypted = is_encrypted(mode)?,
                Some(("sslrootcert", path)) => roots = Some(PathBuf::from(decoded(path)?)),
                _ => others.push(pair),
            }
        }
        let rest = if others.is_empty() {
            place.to_owned()
        } else {
            format!("{place}?{}", others.join("&"))
        };
        // The driver's error may quote the URL, and with it the password.
        let wrong = |_| OpenError::url("the driver cannot read it, or does not know a parameter");
        let mut config: Config = rest.parse().map_err(wrong)?;
        config.ssl_mode(if encrypted {
            SslMode::Require
        } else {
            SslMode::Disable
        });
        Ok(Self {
            config,
            encrypted,
            roots,
        })
    }
}

fn is_encrypted(mode: &str) -> Result<bool, OpenError> {
    match mode {
        "disable" | "allow" | "prefer" => Ok(false),
        "require" | "verify-ca" | "verify-full" => Ok(true),
        _ => Err(OpenError::url(
            "sslmode is none of disable, require, verify-full",
        )),
    }
}

/// Percent-decoding, of a path.
fn decoded(text: &str) -> Result<String, OpenError> {
    let wrong = || OpenError::url("sslrootcert is not a path");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
            let (high, low) = (digit(rest.next()), digit(rest.next()));
            let value = high
                .zip(low)
                .map(|(high, low)| high * 16 + low)
                .ok_or_else(wrong)?;
            bytes.push(u8::try_from(value).map_err(|_| wrong())?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).map_err(|_| wrong())
}

#[cfg(test)]
mod tests;

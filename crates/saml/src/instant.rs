//! Moments as SAML writes them (saml-core-2.0-os section 1.3.3): `2026-11-26T03:04:05Z`, in UTC, with a fraction or not.

use carnet_jose::printable::Printable;
use jiff::Timestamp;

use crate::refused::Kind;
use crate::refused::Refused;

/// No moment takes more characters.
const LONGEST: usize = 40;

/// The whole seconds since 1970 of a moment; what is left of a second is dropped.
pub(crate) fn seconds(name: &str, written: &str) -> Result<i64, Refused> {
    let like = written.len() <= LONGEST
        && written.ends_with('Z')
        && written.as_bytes().get(10) == Some(&b'T');
    let read = like.then(|| written.parse::<Timestamp>().ok()).flatten();
    let read = read.map(Timestamp::as_second).filter(|read| *read >= 0);
    read.ok_or_else(|| {
        let written = Printable::new(written);
        let detail = format!("{name} is '{written}', which is no moment in UTC.");
        Refused::new(Kind::Times, detail)
    })
}

#[cfg(test)]
mod tests;

//! The request as it is read and as it travels.
//!
//! While its person is asked, the request travels in a hidden field, sealed for this purpose and bound to the
//! session: what was sealed for another purpose, or for somebody else, does not come through.

use carnet_core::store::Fault;
use carnet_core::value::Seconds;
use carnet_core::value::SessionId;
use carnet_core::value::UnixTime;
use carnet_jose::base64url;
use carnet_jose::base64url::Padding;
use serde::Deserialize;
use serde::Serialize;

use crate::keyring::KeyEncryptionKey;

/// For what it is sealed.
const PLACE: &str = "authorization request 1";

/// How long a person may think.
const HOLDS: Seconds = Seconds::minutes(60);

/// How long the sealed text may be.
const LONGEST_TEXT: usize = 32 * 1024;

/// A request on its way through the consent page.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Pending {
    /// Its parameters.
    #[serde(rename = "q")]
    pub query: String,
    /// Who is asked.
    #[serde(rename = "s")]
    pub session: SessionId,
    /// Whether that session was made for this request.
    #[serde(rename = "a")]
    pub answered: bool,
    /// Whether it was in a request object that was opened.
    #[serde(rename = "o", default)]
    pub opened: bool,
    /// Since when.
    #[serde(rename = "t")]
    pub since: UnixTime,
}

impl Pending {
    /// As it travels.
    pub(super) fn seal(&self, key: &KeyEncryptionKey) -> Result<String, Fault> {
        let text = serde_json::to_vec(self).map_err(Fault::lasting)?;
        let sealed = key.seal(&text, PLACE).map_err(Fault::lasting)?;
        Ok(base64url::encode(sealed))
    }

    /// What came back, if it was ours; and whether it came back in time.
    pub(super) fn open(key: &KeyEncryptionKey, text: &str, now: UnixTime) -> Option<(Self, bool)> {
        let sealed = base64url::decode(text, Padding::Strict, LONGEST_TEXT).ok()?;
        let opened = key.open(&sealed, PLACE).ok()?;
        let pending: Self = serde_json::from_slice(&opened).ok()?;
        let in_time = now - pending.since < HOLDS;
        Some((pending, in_time))
    }
}

/// The address at which these parameters begin again.
pub(super) fn path(query: &[u8]) -> String {
    format!("/authorize?{}", plain(query))
}

/// The parameters in characters that every URL may have. They mean the same.
pub(super) fn plain(query: &[u8]) -> String {
    let mut text = String::with_capacity(query.len());
    for byte in query {
        let safe = byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'#');
        if safe {
            text.push(char::from(*byte));
        } else {
            text.push('%');
            text.push(digit(byte >> 4));
            text.push(digit(byte & 15));
        }
    }
    text
}

fn digit(half: u8) -> char {
    char::from_digit(u32::from(half), 16).map_or('0', |digit| digit.to_ascii_uppercase())
}

#[cfg(test)]
mod tests;

//! PEM (RFC 7468): one block, bounded, and an error that names the usual accidents.
//!
//! 1. Text before the block is skipped: OpenSSL writes "Bag Attributes" there.
//! 2. `\r\n`, spaces and any line length are accepted inside the block (RFC 7468 §3, the lax
//!    grammar).
//! 3. After the block only white space may follow. A second block is an error, because "which of
//!    the two was meant" is not a question for a parser.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

/// The longest text that is looked at: an RSA-4096 key takes 3.3 KiB, a certificate rarely 8.
pub const LONGEST: usize = 32 * 1024;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// One block: its label and what it holds. The contents are wiped when dropped, as they may be a
/// key.
pub struct Pem {
    label: String,
    der: Zeroizing<Vec<u8>>,
}

impl Pem {
    /// Reads the one block of a text.
    pub fn parse(text: &str) -> Result<Self, NotPem> {
        if text.len() > LONGEST {
            return Err(NotPem::TooLong);
        }
        let (_, rest) = text.split_once(BEGIN).ok_or_else(|| no_block(text))?;
        let (label, rest) = rest.split_once(DASHES).ok_or(NotPem::Cut)?;
        if label.len() > 64
            || !label
                .chars()
                .all(|c| c == ' ' || c.is_ascii_uppercase() || c.is_ascii_digit())
        {
            return Err(NotPem::Label);
        }
        let (body, rest) = rest.split_once(END).ok_or(NotPem::Cut)?;
        let after = rest
            .strip_prefix(label)
            .and_then(|rest| rest.strip_prefix(DASHES))
            .ok_or(NotPem::Label)?;
        if body.contains("\\n") {
            return Err(NotPem::EscapedLineBreaks);
        }
        if body.contains(':') {
            return Err(NotPem::Encrypted); // RFC 1421 headers: "Proc-Type: 4,ENCRYPTED"
        }
        if after.contains(BEGIN) {
            return Err(NotPem::MoreThanOne);
        }
        if !after.trim().is_empty() {
            return Err(NotPem::Trailing);
        }
        let body: Zeroizing<String> =
            Zeroizing::new(body.chars().filter(|c| !c.is_ascii_whitespace()).collect());
        let der = STANDARD
            .decode(body.as_bytes())
            .map_err(|_| NotPem::Base64)?;
        Ok(Self {
            label: label.to_owned(),
            der: Zeroizing::new(der),
        })
    }

    /// The words after BEGIN.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The bytes between the lines.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The bytes, if the block has this label.
    pub fn labelled(&self, label: &str) -> Option<&[u8]> {
        (self.label == label).then(|| self.der())
    }
}

impl fmt::Debug for Pem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pem({}, ..)", self.label)
    }
}

/// Says why there is no block to be found.
fn no_block(text: &str) -> NotPem {
    // Base64 of "-----BEGIN": somebody wrapped the file once more, as Kubernetes secrets are.
    if text.trim_start().starts_with("LS0tLS1CRUdJTi") {
        NotPem::EncodedTwice
    } else {
        NotPem::NoBlock
    }
}

/// Writes a block in lines of 64 characters (RFC 7468 §2) with a line break at its end.
pub fn encode(label: &str, der: &[u8]) -> Zeroizing<String> {
    let body = Zeroizing::new(STANDARD.encode(der));
    let lines = body.len().div_ceil(64);
    let size = body.len() + lines + 2 * (label.len() + BEGIN.len() + DASHES.len() + 1);
    let mut text = Zeroizing::new(String::with_capacity(size));
    for part in [BEGIN, label, DASHES, "\n"] {
        text.push_str(part);
    }
    let mut rest = body.as_str();
    while let Some((line, more)) = rest.split_at_checked(64) {
        text.push_str(line);
        text.push('\n');
        rest = more;
    }
    if !rest.is_empty() {
        text.push_str(rest);
        text.push('\n');
    }
    for part in [END, label, DASHES, "\n"] {
        text.push_str(part);
    }
    text
}

/// Why a text was not taken as PEM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotPem {
    /// There is no BEGIN line.
    #[error("there is no '-----BEGIN' line")]
    NoBlock,
    /// The block does not end.
    #[error("the PEM block is cut off: there is no '-----END' line")]
    Cut,
    /// A label that is not one, or two labels that differ.
    #[error("the labels of the BEGIN and END lines are missing or differ")]
    Label,
    /// The line breaks are the two characters backslash and n.
    #[error(
        "the line breaks of the PEM block are a backslash and an n; turn them into real line breaks"
    )]
    EscapedLineBreaks,
    /// The whole PEM text is base64 once more.
    #[error("the PEM text is base64-encoded once more; decode it first")]
    EncodedTwice,
    /// The block is protected by a password.
    #[error("the PEM block is encrypted; decrypt it first")]
    Encrypted,
    /// There are more blocks than one.
    #[error("there is more than one PEM block; give the one that is meant")]
    MoreThanOne,
    /// Something follows the block.
    #[error("there is text after the PEM block")]
    Trailing,
    /// The body is not base64.
    #[error("the body of the PEM block is not base64")]
    Base64,
    /// Longer than [`LONGEST`].
    #[error("the PEM text is longer than 32 KiB")]
    TooLong,
}

#[cfg(test)]
mod tests;

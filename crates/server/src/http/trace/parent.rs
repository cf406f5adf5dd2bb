//! W3C Trace Context, `traceparent` (section 3.2): `00-<trace id>-<parent id>-<flags>`, in lower-case
//! hex.

use std::fmt;

/// A `traceparent`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TraceParent {
    /// The trace.
    pub trace: u128,
    /// Which part of it.
    pub span: u64,
    /// Whether it is recorded, and what later versions add.
    pub flags: u8,
}

/// The length of version 00; later versions may be longer.
const LENGTH: usize = 55;

impl TraceParent {
    /// Reads one. Later versions are read as far as this one reaches (section 3.2.4 of the text,
    /// "Versioning of traceparent"); what is wrong counts as not sent.
    #[must_use]
    pub fn parse(text: &[u8]) -> Option<Self> {
        let (version, text) = (text.get(..2)?, text.get(2..)?);
        let longer = text.len() + 2 > LENGTH;
        let valid = match hex(version)? {
            0xFF => false,
            0 => !longer,
            _ => !longer || text.get(LENGTH - 2) == Some(&b'-'),
        };
        let dashes = [0, 33, 50].iter().all(|at| text.get(*at) == Some(&b'-'));
        if !valid || !dashes {
            return None;
        }
        let trace = hex(text.get(1..33)?)?;
        let span = u64::try_from(hex(text.get(34..50)?)?).ok()?;
        let flags = u8::try_from(hex(text.get(51..53)?)?).ok()?;
        (trace != 0 && span != 0).then_some(Self { trace, span, flags })
    }
}

impl fmt::Display for TraceParent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "00-{:032x}-{:016x}-{:02x}",
            self.trace, self.span, self.flags
        )
    }
}

fn hex(digits: &[u8]) -> Option<u128> {
    digits.iter().try_fold(0_u128, |number, digit| {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some((number << 4) | u128::from(value))
    })
}

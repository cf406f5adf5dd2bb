//! bcrypt: `$2b$12$` and 53 characters, alone or behind Django's names.
//!
//! It looks at the first 72 bytes of a password only. Django's `bcrypt_sha256` does not: it hashes the
//! hexadecimal SHA-256 of the password.

use std::fmt::Write as _;

use carnet_jose::old_hash::OldHash;

/// The most rounds, as a power of two: about 0.4 s.
const MOST: u32 = 13;

/// A hash of bcrypt.
pub(super) struct Bcrypt<'a> {
    text: &'a str,
    of_digest: bool,
}

impl<'a> Bcrypt<'a> {
    /// Reads it; none where it is none, or would cost too much.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let (text, of_digest) = match text.strip_prefix("bcrypt_sha256$") {
            Some(bare) => (bare, true),
            None => (text.strip_prefix("bcrypt$").unwrap_or(text), false),
        };
        is_sound(text).then_some(Self { text, of_digest })
    }

    /// What it is called.
    pub(super) const fn name(&self) -> &'static str {
        if self.of_digest {
            "bcrypt-sha256"
        } else {
            "bcrypt"
        }
    }

    /// Whether it is the hash of this password.
    pub(super) fn holds(&self, password: &str) -> bool {
        if self.of_digest {
            let digest = OldHash::Sha256.digest(&[password.as_bytes()]);
            let hex = digest.iter().fold(String::new(), |mut hex, byte| {
                // A string takes whatever is written.
                let _written = write!(hex, "{byte:02x}");
                hex
            });
            return bcrypt::verify(hex, self.text).unwrap_or(false);
        }
        bcrypt::verify(password, self.text).unwrap_or(false)
    }
}

/// Everything is looked at, and ASCII, before the library sees it (RUSTSEC-2026-0199).
fn is_sound(text: &str) -> bool {
    let mut parts = text.split('$');
    let begins = parts.next() == Some("");
    let version = parts
        .next()
        .is_some_and(|version| matches!(version, "2a" | "2b" | "2x" | "2y"));
    let cost = parts.next().filter(|cost| cost.len() == 2);
    let cost = cost.and_then(|cost| cost.parse::<u32>().ok());
    let bounded = cost.is_some_and(|cost| (4..=MOST).contains(&cost));
    let rest = parts.next().is_some_and(|rest| {
        let known = |byte: u8| byte.is_ascii_alphanumeric() || b"./".contains(&byte);
        rest.len() == 53 && rest.bytes().all(known)
    });
    begins && version && bounded && rest && parts.next().is_none()
}

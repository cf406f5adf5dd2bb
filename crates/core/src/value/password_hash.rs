//! What is kept of a password: a text that says how it was hashed, and the hash.

use std::fmt;
use std::str::FromStr;

/// The text cannot be a password hash.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a password hash has 8 to 512 printable ASCII characters without spaces")]
pub struct NotAPasswordHash;

/// A password hash: 8 to 512 printable ASCII characters, such as the PHC string
/// `$argon2id$v=19$m=19456,t=2,p=1$...`. Whoever has it can try passwords at leisure, so it is
/// never printed.
#[derive(Clone, Eq, PartialEq)]
pub struct PasswordHash(Box<str>);

impl PasswordHash {
    /// The text, for the store and for whoever verifies a password.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PasswordHash {
    type Err = NotAPasswordHash;

    fn from_str(text: &str) -> Result<Self, NotAPasswordHash> {
        let sound =
            (8..=512).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if sound {
            Ok(Self(text.into()))
        } else {
            Err(NotAPasswordHash)
        }
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::PasswordHash;

    #[test]
    fn a_hash_is_never_printed() {
        let hash: PasswordHash = "$argon2id$v=19$secret".parse().expect("a hash");
        assert_eq!(format!("{hash:?}"), "PasswordHash(..)");
    }

    #[test]
    fn what_is_no_hash_is_refused() {
        let long = "a".repeat(513);
        for text in [
            "",
            "short",
            "with a space",
            "$2b$10$\u{e4}\u{e4}\u{e4}",
            &long,
        ] {
            assert!(text.parse::<PasswordHash>().is_err(), "{text}");
        }
    }
}

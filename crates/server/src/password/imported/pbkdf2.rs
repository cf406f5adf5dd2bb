//! PBKDF2 (RFC 8018 §5.2) with HMAC, as three families write it:
//!
//! * PHC: `$pbkdf2-sha256$i=600000,l=32$SALT$HASH`, salt and hash in base64.
//! * passlib: `$pbkdf2-sha256$29000$SALT$HASH`, with a dot for the plus of base64; `$pbkdf2$` is SHA-1.
//! * Django: `pbkdf2_sha256$1000000$SALT$HASH`, where the salt is a text and stands for itself.

use std::num::NonZeroU32;

use carnet_jose::old_hash::OldHash;

use super::base64::decoded;

/// The most rounds, all blocks of the output together: about half a second on a slow core. SHA-512 takes
/// twice as long.
const MOST: u64 = 2_000_000;

/// A hash of PBKDF2.
pub(super) struct Pbkdf2 {
    function: OldHash,
    rounds: NonZeroU32,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl Pbkdf2 {
    /// Reads it; none where it is none, or would cost too much.
    pub(super) fn read(text: &str) -> Option<Self> {
        let found = match text.strip_prefix('$') {
            Some(bare) => phc(bare)?,
            None => django(text)?,
        };
        let blocks = found.hash.len().div_ceil(found.function.length());
        let of_block = match found.function {
            OldHash::Sha1 | OldHash::Sha256 => 1,
            OldHash::Sha512 => 2,
        };
        let work = u64::from(found.rounds.get()) * u64::try_from(blocks).ok()? * of_block;
        let sound = (1..=128).contains(&found.salt.len()) && (16..=128).contains(&found.hash.len());
        (sound && work <= MOST).then_some(found)
    }

    /// What it is called.
    pub(super) const fn name(&self) -> &'static str {
        match self.function {
            OldHash::Sha1 => "pbkdf2-sha1",
            OldHash::Sha256 => "pbkdf2-sha256",
            OldHash::Sha512 => "pbkdf2-sha512",
        }
    }

    /// Whether it is the hash of this password.
    pub(super) fn holds(&self, password: &str) -> bool {
        let password = password.as_bytes();
        self.function
            .pbkdf2_holds(self.rounds, &self.salt, password, &self.hash)
    }
}

fn phc(bare: &str) -> Option<Pbkdf2> {
    let mut parts = bare.split('$');
    let function = match parts.next()? {
        "pbkdf2" | "pbkdf2-sha1" => OldHash::Sha1,
        "pbkdf2-sha256" => OldHash::Sha256,
        "pbkdf2-sha512" => OldHash::Sha512,
        _ => return None,
    };
    let (rounds, length) = cost(parts.next()?)?;
    let found = Pbkdf2 {
        function,
        rounds: rounds.parse().ok()?,
        salt: decoded(parts.next()?)?,
        hash: decoded(parts.next()?)?,
    };
    let told = length.is_none_or(|length| length.parse() == Ok(found.hash.len()));
    (told && parts.next().is_none()).then_some(found)
}

/// `i=ROUNDS,l=LENGTH`, or the rounds alone.
fn cost(text: &str) -> Option<(&str, Option<&str>)> {
    let Some(bare) = text.strip_prefix("i=") else {
        return Some((text, None));
    };
    match bare.split_once(',') {
        None => Some((bare, None)),
        Some((rounds, rest)) => Some((rounds, Some(rest.strip_prefix("l=")?))),
    }
}

fn django(text: &str) -> Option<Pbkdf2> {
    let mut parts = text.split('$');
    let function = match parts.next()? {
        "pbkdf2_sha1" => OldHash::Sha1,
        "pbkdf2_sha256" => OldHash::Sha256,
        _ => return None,
    };
    let found = Pbkdf2 {
        function,
        rounds: parts.next()?.parse().ok()?,
        salt: parts.next()?.as_bytes().to_vec(),
        hash: decoded(parts.next()?)?,
    };
    parts.next().is_none().then_some(found)
}

//! sha256-crypt and sha512-crypt of crypt(3), by Ulrich Drepper's "Unix crypt using SHA-256 and SHA-512":
//! `$6$rounds=5000$SALT$HASH`, where 5000 rounds need not be said. The numbers are the steps of that text.
//!
//! Each round hashes the password too, so what a hash costs depends on the length of what was typed, which
//! is the guesser's to choose: the product is bounded, and longer passwords are not right.

use carnet_jose::digest::constant_time_eq;
use carnet_jose::old_hash::OldHash;

/// The fewest and the most rounds.
const ROUNDS: (usize, usize) = (1_000, 1_000_000);

/// Rounds that need not be said.
const USUAL: usize = 5_000;

/// The most rounds times bytes: about half a second.
const MOST_WORK: usize = 1 << 27;

const ALPHABET: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A hash of sha-crypt.
pub(super) struct ShaCrypt<'a> {
    function: OldHash,
    rounds: usize,
    salt: &'a [u8],
    hash: &'a [u8],
}

impl<'a> ShaCrypt<'a> {
    /// Reads it; none where it is none, or would cost too much.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let bare = match text.split_at_checked(7) {
            Some((scheme, bare)) if scheme.eq_ignore_ascii_case("{CRYPT}") => bare,
            _ => text,
        };
        let (function, length, rest) = match (bare.strip_prefix("$5$"), bare.strip_prefix("$6$")) {
            (Some(rest), _) => (OldHash::Sha256, 43, rest),
            (_, Some(rest)) => (OldHash::Sha512, 86, rest),
            _ => return None,
        };
        let (rounds, rest) = match rest.strip_prefix("rounds=") {
            None => (USUAL, rest),
            Some(said) => {
                let (rounds, rest) = said.split_once('$')?;
                (rounds.parse().ok()?, rest)
            }
        };
        let (salt, hash) = rest.split_once('$')?;
        let sound = (ROUNDS.0..=ROUNDS.1).contains(&rounds)
            && salt.len() <= 16
            && hash.len() == length
            && hash.bytes().all(|byte| ALPHABET.contains(&byte));
        sound.then_some(Self {
            function,
            rounds,
            salt: salt.as_bytes(),
            hash: hash.as_bytes(),
        })
    }

    /// What it is called.
    pub(super) const fn name(&self) -> &'static str {
        match self.function {
            OldHash::Sha512 => "sha512-crypt",
            OldHash::Sha1 | OldHash::Sha256 => "sha256-crypt",
        }
    }

    /// Whether it is the hash of this password.
    pub(super) fn holds(&self, password: &str) -> bool {
        let password = password.as_bytes();
        let work = self
            .rounds
            .saturating_mul(password.len() + self.function.length());
        work <= MOST_WORK && constant_time_eq(&self.printed(&self.computed(password)), self.hash)
    }

    fn computed(&self, password: &[u8]) -> Vec<u8> {
        let hash = |pieces: &[&[u8]]| self.function.digest(pieces);
        // 4 to 8
        let other = hash(&[password, self.salt, password]);
        // 1 to 3, 9 to 12
        let other_repeated = repeated(&other, password.len());
        let mut pieces: Vec<&[u8]> = vec![password, self.salt, &other_repeated];
        let mut bits = password.len();
        while bits > 0 {
            pieces.push(if bits & 1 == 1 { &other } else { password });
            bits >>= 1;
        }
        let mut digest = hash(&pieces);
        // 13 to 16
        let many = vec![password; password.len()];
        let p = repeated(&hash(&many), password.len());
        // 17 to 20
        let first = digest.first().copied().map_or(0, usize::from);
        let s = repeated(&hash(&vec![self.salt; 16 + first]), self.salt.len());
        // 21
        for round in 0..self.rounds {
            let odd = round % 2 == 1;
            let begin: &[u8] = if odd { &p } else { &digest };
            let salt: &[u8] = if round % 3 == 0 { &[] } else { &s };
            let again: &[u8] = if round % 7 == 0 { &[] } else { &p };
            let end: &[u8] = if odd { &digest } else { &p };
            digest = hash(&[begin, salt, again, end]);
        }
        digest
    }

    /// 22: three bytes become four characters, the lowest bits first, in an order of their own. A byte
    /// that is not there is zero.
    fn printed(&self, digest: &[u8]) -> Vec<u8> {
        let byte = |at: usize| digest.get(at).copied().map_or(0, usize::from);
        let mut printed = Vec::with_capacity(self.hash.len() + 4);
        for [high, middle, low] in order(self.function) {
            let mut word = byte(high) << 16 | byte(middle) << 8 | byte(low);
            for _ in 0..4 {
                printed.extend(ALPHABET.get(word & 63));
                word >>= 6;
            }
        }
        printed.truncate(self.hash.len());
        printed
    }
}

/// The bytes again and again, so many of them.
fn repeated(bytes: &[u8], length: usize) -> Vec<u8> {
    bytes.iter().copied().cycle().take(length).collect()
}

/// Which three bytes stand together. The digest is cut into thirds, and the thirds take turns at being
/// the highest; 99 stands for no byte.
fn order(function: OldHash) -> Vec<[usize; 3]> {
    let (third, step, last) = match function {
        OldHash::Sha512 => (21, 1, [99, 99, 63]),
        OldHash::Sha1 | OldHash::Sha256 => (10, 2, [99, 31, 30]),
    };
    let mut turns = [0, 1, 2];
    let mut order: Vec<[usize; 3]> = Vec::new();
    for at in 0..third {
        order.push(turns.map(|turn| turn * third + at));
        turns.rotate_left(step);
    }
    order.push(last);
    order
}

//! Argon2 (RFC 9106) as PHC strings: `$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH`.
//!
//! What is verified may come from elsewhere, so its cost is bounded before anything is computed.

use argon2::Algorithm;
use argon2::Argon2;
use argon2::Block;
use argon2::Params;
use argon2::Version;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use carnet_core::value::PasswordHash;
use carnet_jose::digest::constant_time_eq;

use super::Cost;

/// The most memory of a hash from elsewhere, in KiB.
const MOST_MEMORY: u32 = 131_072;

/// The most passes times memory, in KiB: about half a second.
const MOST_WORK: u64 = 655_360;

/// The most lanes.
const MOST_LANES: u32 = 16;

/// The length of our hashes.
const LENGTH: usize = 32;

/// A PHC string, taken apart.
pub(super) struct Argon {
    algorithm: Algorithm,
    version: Version,
    params: Params,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl Argon {
    /// Reads it; none where it is none, or would cost too much.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix('$')?.split('$');
        let algorithm = match parts.next()? {
            "argon2id" => Algorithm::Argon2id,
            "argon2i" => Algorithm::Argon2i,
            "argon2d" => Algorithm::Argon2d,
            _ => return None,
        };
        let mut next = parts.next()?;
        let version = match next.strip_prefix("v=") {
            Some("19") => Version::V0x13,
            // Old strings leave the version out, and mean the old one.
            Some("16") | None => Version::V0x10,
            Some(_) => return None,
        };
        if next.starts_with("v=") {
            next = parts.next()?;
        }
        let params = read_params(next)?;
        let salt = STANDARD_NO_PAD.decode(parts.next()?).ok()?;
        let hash = STANDARD_NO_PAD.decode(parts.next()?).ok()?;
        let sound = (8..=64).contains(&salt.len()) && (16..=64).contains(&hash.len());
        (sound && parts.next().is_none()).then_some(Self {
            algorithm,
            version,
            params,
            salt,
            hash,
        })
    }

    /// What it is called.
    pub(super) const fn name(&self) -> &'static str {
        match self.algorithm {
            Algorithm::Argon2id => "argon2id",
            Algorithm::Argon2i => "argon2i",
            Algorithm::Argon2d => "argon2d",
        }
    }

    /// Whether it is the hash of this password.
    pub(super) fn holds(&self, password: &str, memory: &mut [Block]) -> bool {
        let mut computed = vec![0; self.hash.len()];
        let argon = Argon2::new(self.algorithm, self.version, self.params.clone());
        let done = compute(&argon, password, &self.salt, &mut computed, memory);
        done.is_some() && constant_time_eq(&computed, &self.hash)
    }
}

fn read_params(text: &str) -> Option<Params> {
    let (mut memory, mut passes, mut lanes) = (None, None, None);
    for pair in text.split(',') {
        let (name, value) = pair.split_once('=')?;
        let value: u32 = value.parse().ok()?;
        match name {
            "m" => memory = Some(value),
            "t" => passes = Some(value),
            "p" => lanes = Some(value),
            _ => return None,
        }
    }
    let (memory, passes, lanes) = (memory?, passes?, lanes?);
    let work = u64::from(memory) * u64::from(passes);
    let bounded = memory <= MOST_MEMORY && work <= MOST_WORK && lanes <= MOST_LANES;
    bounded.then(|| Params::new(memory, passes, lanes, None).ok())?
}

/// Whether a hash is one of ours, at this cost.
pub(super) fn is_at(kept: &PasswordHash, cost: Cost) -> bool {
    Argon::read(kept.as_str()).is_some_and(|kept| {
        matches!(kept.algorithm, Algorithm::Argon2id)
            && matches!(kept.version, Version::V0x13)
            && kept.params.m_cost() == cost.memory()
            && kept.params.t_cost() == cost.passes()
            && kept.params.p_cost() == 1
            && kept.hash.len() == LENGTH
    })
}

/// Hashes a password at this cost.
pub(super) fn hash(
    password: &str,
    salt: &[u8; 16],
    cost: Cost,
    memory: &mut [Block],
) -> Option<PasswordHash> {
    let params = Params::new(cost.memory(), cost.passes(), 1, Some(LENGTH)).ok()?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut computed = [0; LENGTH];
    compute(&argon, password, salt, &mut computed, memory)?;
    let text = format!(
        "$argon2id$v=19$m={},t={},p=1${}${}",
        cost.memory(),
        cost.passes(),
        STANDARD_NO_PAD.encode(salt),
        STANDARD_NO_PAD.encode(computed)
    );
    text.parse().ok()
}

/// In the thread's own memory, or in more of it that goes when the hash is made.
fn compute(
    argon: &Argon2<'_>,
    password: &str,
    salt: &[u8],
    computed: &mut [u8],
    memory: &mut [Block],
) -> Option<()> {
    let needed = argon.params().block_count();
    if needed <= memory.len() {
        let own = memory.get_mut(..needed)?;
        let done = argon.hash_password_into_with_memory(password.as_bytes(), salt, computed, own);
        return done.ok();
    }
    let more = vec![Block::default(); needed];
    let done = argon.hash_password_into_with_memory(password.as_bytes(), salt, computed, more);
    done.ok()
}

//! scrypt (RFC 7914), as three families write it:
//!
//! * PHC: `$scrypt$ln=16,r=8,p=1$SALT$HASH`.
//! * Django: `scrypt$16384$SALT$8$5$HASH`, where the salt is a text and stands for itself.
//! * Firebase: `$fbscrypt$v=1,n=14,r=8,p=1,ss=SEPARATOR,sk=KEY$SALT$HASH`, which is how Supabase writes
//!   what Firebase exports (`ss` and `sk` are the project's `base64_salt_separator` and
//!   `base64_signer_key`, `n` its `mem_cost`, `r` its `rounds`). There scrypt, over the salt and the
//!   separator, makes an AES-256 key, and the hash is the signer key encrypted under it.

use carnet_jose::digest::constant_time_eq;
use carnet_jose::old_hash::aes_256_ctr_from_zero;
use scrypt::Params;
use zeroize::Zeroizing;

use super::base64::decoded;

/// The most memory of one lane, in bytes.
const MOST_MEMORY: u64 = 128 * 1024 * 1024;

/// The most of `N`, `r` and `p` multiplied: about half a second.
const MOST_WORK: u64 = 1 << 20;

/// A hash of scrypt.
pub(super) struct Scrypt {
    params: Params,
    salt: Vec<u8>,
    hash: Vec<u8>,
    /// Where it is Firebase's.
    signer_key: Option<Zeroizing<Vec<u8>>>,
}

impl Scrypt {
    /// Reads it; none where it is none, or would cost too much.
    pub(super) fn read(text: &str) -> Option<Self> {
        let found = if let Some(bare) = text.strip_prefix("$scrypt$") {
            phc(bare)?
        } else if let Some(bare) = text.strip_prefix("$fbscrypt$") {
            firebase(bare)?
        } else {
            django(text.strip_prefix("scrypt$")?)?
        };
        let sound = (1..=128).contains(&found.salt.len()) && (16..=128).contains(&found.hash.len());
        sound.then_some(found)
    }

    /// What it is called.
    pub(super) const fn name(&self) -> &'static str {
        if self.signer_key.is_some() {
            "firebase-scrypt"
        } else {
            "scrypt"
        }
    }

    /// Whether it is the hash of this password.
    pub(super) fn holds(&self, password: &str) -> bool {
        self.computed(password)
            .is_some_and(|computed| constant_time_eq(&computed, &self.hash))
    }

    fn computed(&self, password: &str) -> Option<Vec<u8>> {
        let password = password.as_bytes();
        let Some(signer_key) = &self.signer_key else {
            let mut computed = vec![0; self.hash.len()];
            scrypt::scrypt(password, &self.salt, &self.params, &mut computed).ok()?;
            return Some(computed);
        };
        // Firebase derives 64 bytes, of which the first 32 are the key; they are the same either way.
        let mut key = Zeroizing::new([0; 32]);
        scrypt::scrypt(password, &self.salt, &self.params, key.as_mut_slice()).ok()?;
        let mut computed = signer_key.to_vec();
        aes_256_ctr_from_zero(&key, &mut computed)?;
        Some(computed)
    }
}

fn phc(bare: &str) -> Option<Scrypt> {
    let mut parts = bare.split('$');
    let mut names = Names::of(parts.next()?);
    let params = params(names.number("ln")?, names.number("r")?, names.number("p")?)?;
    let found = Scrypt {
        params,
        salt: decoded(parts.next()?)?,
        hash: decoded(parts.next()?)?,
        signer_key: None,
    };
    (names.is_done() && parts.next().is_none()).then_some(found)
}

fn firebase(bare: &str) -> Option<Scrypt> {
    let mut parts = bare.split('$');
    let mut names = Names::of(parts.next()?);
    if names.one("v")? != "1" {
        return None;
    }
    let params = params(names.number("n")?, names.number("r")?, names.number("p")?)?;
    let separator = decoded(names.one("ss")?)?;
    let signer_key = Zeroizing::new(decoded(names.one("sk")?)?);
    let mut salt = decoded(parts.next()?)?;
    salt.extend(separator);
    let hash = decoded(parts.next()?)?;
    let sound = names.is_done() && parts.next().is_none() && hash.len() == signer_key.len();
    sound.then_some(Scrypt {
        params,
        salt,
        hash,
        signer_key: Some(signer_key),
    })
}

fn django(bare: &str) -> Option<Scrypt> {
    let mut parts = bare.split('$');
    let factor: u32 = parts.next()?.parse().ok()?;
    let salt = parts.next()?.as_bytes().to_vec();
    let (r, p) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let hash = decoded(parts.next()?)?;
    let sound = factor.is_power_of_two() && parts.next().is_none();
    let params = params(factor.checked_ilog2()?, r, p)?;
    sound.then_some(Scrypt {
        params,
        salt,
        hash,
        signer_key: None,
    })
}

/// The parameters, if they are within bounds.
fn params(log_n: u32, r: u32, p: u32) -> Option<Params> {
    let n = 1_u64.checked_shl(log_n).filter(|n| *n <= MOST_WORK)?;
    let (of_r, of_p) = (u64::from(r), u64::from(p));
    let memory = n.checked_mul(of_r)?.checked_mul(128)?;
    let work = n.checked_mul(of_r)?.checked_mul(of_p)?;
    if memory > MOST_MEMORY || work > MOST_WORK {
        return None;
    }
    Params::new(u8::try_from(log_n).ok()?, r, p).ok()
}

/// `name=value,name=value`, read in order.
struct Names<'a>(std::str::Split<'a, char>);

impl<'a> Names<'a> {
    fn of(text: &'a str) -> Self {
        Self(text.split(','))
    }

    fn one(&mut self, name: &str) -> Option<&'a str> {
        self.0.next()?.strip_prefix(name)?.strip_prefix('=')
    }

    fn number(&mut self, name: &str) -> Option<u32> {
        self.one(name)?.parse().ok()
    }

    fn is_done(&mut self) -> bool {
        self.0.next().is_none()
    }
}

//! LDAP's salted digests (`userPassword` of `OpenLDAP`, RFC 2307 with a salt): `{SSHA}`, `{SSHA256}` and
//! `{SSHA512}` before the base64 of the digest and, behind it, the salt.

use carnet_jose::digest::constant_time_eq;
use carnet_jose::old_hash::OldHash;

use super::base64::decoded;

/// A salted digest.
pub(super) struct Ssha {
    function: OldHash,
    digest: Vec<u8>,
    salt: Vec<u8>,
}

impl Ssha {
    /// Reads it; none where it is none.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (scheme, rest) = text.strip_prefix('{')?.split_once('}')?;
        let function = match scheme.to_ascii_uppercase().as_str() {
            "SSHA" => OldHash::Sha1,
            "SSHA256" => OldHash::Sha256,
            "SSHA512" => OldHash::Sha512,
            _ => return None,
        };
        let bytes = decoded(rest)?;
        let (digest, salt) = bytes.split_at_checked(function.length())?;
        (1..=64).contains(&salt.len()).then(|| Self {
            function,
            digest: digest.to_vec(),
            salt: salt.to_vec(),
        })
    }

    /// What it is called.
    pub(super) const fn name(&self) -> &'static str {
        match self.function {
            OldHash::Sha1 => "ssha",
            OldHash::Sha256 => "ssha256",
            OldHash::Sha512 => "ssha512",
        }
    }

    /// Whether it is the hash of this password.
    pub(super) fn holds(&self, password: &str) -> bool {
        let computed = self.function.digest(&[password.as_bytes(), &self.salt]);
        constant_time_eq(&computed, &self.digest)
    }
}

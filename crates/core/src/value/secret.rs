//! Secrets are a type: they cannot be printed, and a store sees only their digest.

use std::fmt;

use carnet_jose::digest;
use zeroize::Zeroizing;

/// A secret text. It has no `Display`, and its `Debug` tells nothing.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// What somebody presented, or what we just made.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// What a store may know of it.
    #[must_use]
    pub fn digest(&self) -> SecretDigest {
        SecretDigest(digest::sha256(self.0.as_bytes()))
    }

    /// The bytes, to compute with.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The text itself, to be sent once. Takes the secret by value for that reason.
    #[must_use]
    pub fn reveal(self) -> String {
        self.0.as_str().to_owned()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// The SHA-256 of a secret. Enough where the secret has 256 bits of chance, as ours do.
#[derive(Clone, Copy)]
pub struct SecretDigest([u8; 32]);

impl SecretDigest {
    /// As a store keeps it.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// As a store keeps it.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for SecretDigest {
    /// In constant time.
    fn eq(&self, other: &Self) -> bool {
        digest::constant_time_eq(&self.0, &other.0)
    }
}

impl Eq for SecretDigest {}

impl fmt::Debug for SecretDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretDigest(..)")
    }
}

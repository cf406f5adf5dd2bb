//! JWK Sets (RFC 7517 §5): the keys of an issuer.
//!
//! §5 asks to ignore keys that one does not understand, so that an issuer can publish a new kind of
//! key beside the old ones. They are skipped, and what was skipped and why is kept for whoever has
//! to find out why a token does not verify. The set is bounded in bytes and in keys.

use serde::Serialize;
use serde_json::Value;

use crate::{
    json::{self, NotJson},
    jwk::Jwk,
    key_refused::KeyRefused,
    printable::Printable,
};

/// The longest set that is looked at.
pub const LONGEST: usize = 256 * 1024;
/// The most keys of a set, skipped ones included.
pub const MOST_KEYS: usize = 100;
/// `keys`, a key, `x5c` or an ignored member with some structure of its own.
const DEPTH: u8 = 10;

/// The public keys of an issuer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct JwkSet {
    /// Those that can be used, in the order of the document.
    pub keys: Vec<Jwk>,
    /// Those that cannot.
    #[serde(skip)]
    pub skipped: Vec<Skipped>,
}

/// A key of a set that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its `kid`, if it has one.
    pub key_id: Option<Printable>,
    /// Why.
    pub because: KeyRefused,
}

impl JwkSet {
    /// Reads a set.
    pub fn parse(text: &[u8]) -> Result<Self, NotAKeySet> {
        if text.len() > LONGEST {
            return Err(NotAKeySet::TooLong);
        }
        let members = json::object(text, DEPTH)?;
        let Some(Value::Array(keys)) = members.get("keys") else {
            return Err(NotAKeySet::NoKeys);
        };
        if keys.len() > MOST_KEYS {
            return Err(NotAKeySet::TooMany);
        }
        let mut set = Self::default();
        for key in keys {
            let Value::Object(members) = key else {
                return Err(NotAKeySet::NoKeys);
            };
            match Jwk::from_members(members) {
                Ok(jwk) => set.keys.push(jwk),
                Err(because) => {
                    let key_id = members
                        .get("kid")
                        .and_then(Value::as_str)
                        .map(Printable::new);
                    set.skipped.push(Skipped { key_id, because });
                }
            }
        }
        Ok(set)
    }

    /// The keys that may have signed a token with this `kid`: those of that name, or all of them
    /// where the token names none.
    pub fn candidates<'a>(&'a self, key_id: Option<&'a str>) -> impl Iterator<Item = &'a Jwk> {
        self.keys
            .iter()
            .filter(move |jwk| key_id.is_none() || jwk.key_id.as_deref() == key_id)
    }

    /// The set as JSON text, ready to be served.
    pub fn to_json(&self) -> String {
        // Strings in a list in an object: nothing here can fail to serialise.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Why a document was not taken as a key set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAKeySet {
    /// Longer than [`LONGEST`].
    #[error("the key set is longer than 256 KiB")]
    TooLong,
    /// Not JSON within bounds.
    #[error("the key set: {0}")]
    Json(#[from] NotJson),
    /// There is no list of objects in `keys`.
    #[error("the key set has no list of keys in 'keys'")]
    NoKeys,
    /// More than [`MOST_KEYS`].
    #[error("the key set has more than 100 keys")]
    TooMany,
}

#[cfg(test)]
mod tests;

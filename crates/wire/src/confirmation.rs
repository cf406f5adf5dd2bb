//! `cnf`: to whose key a token is bound (RFC 7800 §3.1, RFC 9449 §6.1, RFC 8705 §3.1).
//!
//! The same member stands in access tokens and in answers of introspection. Where it has a member that is
//! not known here, nobody here can check how the token is bound, so it is good for nothing: that is
//! remembered in [`Confirmation::strange`].

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::json;

/// The key that the holder of a token must show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Confirmation<'a> {
    /// The SHA-256 thumbprint of a public key, in base64url: proofs are made with it (RFC 9449 §6.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jkt: Option<Cow<'a, str>>,
    /// The SHA-256 of a certificate, in base64url (RFC 8705 §3.1).
    #[serde(rename = "x5t#S256", skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Cow<'a, str>>,
    /// Whether there are members that are not known here.
    #[serde(skip)]
    pub strange: bool,
}

impl<'a> Confirmation<'a> {
    /// Bound to a key.
    pub fn key(thumbprint: impl Into<Cow<'a, str>>) -> Self {
        Self {
            jkt: Some(thumbprint.into()),
            ..Self::default()
        }
    }

    /// Bound to a certificate.
    pub fn certificate(digest: impl Into<Cow<'a, str>>) -> Self {
        Self {
            certificate: Some(digest.into()),
            ..Self::default()
        }
    }

    /// The same, owning its texts.
    #[must_use]
    pub fn into_owned(self) -> Confirmation<'static> {
        let own = |text: Cow<'a, str>| Cow::Owned(text.into_owned());
        Confirmation {
            jkt: self.jkt.map(own),
            certificate: self.certificate.map(own),
            strange: self.strange,
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Confirmation<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Confirmation<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object that says how a token is bound")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut read = Confirmation::default();
        while let Some(name) = map.next_key_seed(json::CowSeed)? {
            let place = match name.as_ref() {
                "jkt" => &mut read.jkt,
                "x5t#S256" => &mut read.certificate,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    read.strange = true;
                    continue;
                }
            };
            if place.replace(map.next_value_seed(json::CowSeed)?).is_some() {
                return Err(A::Error::custom("a member of cnf is there twice"));
            }
        }
        // An empty one binds to nothing that anybody could show.
        read.strange |= read.jkt.is_none() && read.certificate.is_none();
        Ok(read)
    }
}

#[cfg(test)]
mod tests;

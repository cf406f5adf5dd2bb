//! Key ids (`kid`): 40 lower-case hexadecimal digits, as Google's.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;

use crate::value::Entropy;

/// The text is not a key id.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not 40 lower-case hexadecimal digits")]
pub struct NotAKeyId;

/// Names a key: 40 lower-case hexadecimal digits.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct KeyId(Box<str>);

impl KeyId {
    /// A new one.
    #[must_use]
    pub fn mint(entropy: &mut dyn Entropy) -> Self {
        let mut bytes = [0; 20];
        entropy.fill(&mut bytes);
        let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16);
        let text: String = bytes
            .iter()
            .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
            .flatten()
            .collect();
        Self(text.into())
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first eight digits: enough for a person to recognise the key in a sentence.
    #[must_use]
    pub fn short(&self) -> &str {
        self.0.get(..8).unwrap_or(&self.0)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for KeyId {
    type Err = NotAKeyId;

    fn from_str(text: &str) -> Result<Self, NotAKeyId> {
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() == 40 && text.bytes().all(hex) {
            Ok(Self(text.into()))
        } else {
            Err(NotAKeyId)
        }
    }
}

impl Serialize for KeyId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for KeyId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::KeyId;
    use crate::value::Counting;

    #[test]
    fn google_wire_1_1_a_key_id_is_40_lower_case_hex_digits() {
        let id = KeyId::mint(&mut Counting(3));
        assert_eq!(id.as_str().len(), 40);
        assert_eq!(id.as_str().parse(), Ok(id.clone()));
        assert_eq!(id.short().len(), 8);
        assert!(
            id.as_str()
                .to_uppercase()
                .replace('0', "A")
                .parse::<KeyId>()
                .is_err()
        );
    }
}

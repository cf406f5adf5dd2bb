//! Numbers that are names, as Google writes them: decimal digits in a text, never arithmetic.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;

use crate::value::Entropy;

/// The text is not such a number.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not {0} decimal digits")]
pub struct NotDigits(usize);

/// Digits by rejection, so that each is equally likely. The first is never 0.
fn mint(length: usize, first: char, entropy: &mut dyn Entropy) -> String {
    let mut digits = String::with_capacity(length);
    digits.push(first);
    let mut pool = [0_u8; 32];
    while digits.len() < length {
        entropy.fill(&mut pool);
        let fresh = pool
            .iter()
            .filter(|byte| **byte < 250)
            .map(|byte| char::from(b'0' + byte % 10));
        let room = length - digits.len();
        digits.extend(fresh.take(room));
    }
    digits
}

macro_rules! digits {
    ($(#[$doc:meta])* $name:ident, $length:literal, $first:literal) => {
        $(#[$doc])*
        #[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(Box<str>);

        impl $name {
            /// How many digits it has.
            pub const LENGTH: usize = $length;

            /// A new one. It is never reused: chance makes it, and a store refuses a second.
            #[must_use]
            pub fn mint(entropy: &mut dyn Entropy) -> Self {
                Self(mint($length, $first, entropy).into())
            }

            /// The digits.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = NotDigits;

            fn from_str(text: &str) -> Result<Self, NotDigits> {
                let sound = text.len() == $length
                    && text.bytes().all(|byte| byte.is_ascii_digit())
                    && !text.starts_with('0');
                if sound { Ok(Self(text.into())) } else { Err(NotDigits($length)) }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

digits!(
    /// A service account's unique id, which is also its OAuth client ID and the `sub` of its
    /// tokens: 21 digits, as Google's.
    UniqueId,
    21,
    '1'
);
digits!(
    /// A user's id, the `sub` of tokens about them: 21 digits. It tells nothing about the person.
    UserId,
    21,
    '2'
);
digits!(
    /// A project's number: 12 digits.
    ProjectNumber,
    12,
    '4'
);

#[cfg(test)]
mod tests {
    use crate::value::Counting;
    use crate::value::UniqueId;

    #[test]
    fn google_wire_1_1_a_client_id_has_21_digits() {
        let id = UniqueId::mint(&mut Counting(0));
        assert_eq!(id.as_str().len(), 21);
        assert_eq!(id.as_str().parse(), Ok(id));
        assert!("0".repeat(21).parse::<UniqueId>().is_err());
        assert!("1".repeat(20).parse::<UniqueId>().is_err());
        assert!("12345678901234567890x".parse::<UniqueId>().is_err());
    }
}

//! JWT vocabulary (RFC 7519 §4, §5): claim names, types, audiences, dates.
//!
//! Whether an issuer is trusted, an audience ours or a date past is a rule, and rules live
//! elsewhere; here claims only become values.
//!
//! Dates are whole seconds. RFC 7519 §2 allows fractions, but nobody who keeps to the profiles
//! writes them, and a comparison of floats is a poor gate. [`NumericDate`] reads JSON integers
//! only; [`LenientDate`] also reads what Google's endpoint takes: digit strings and fractions, cut
//! off.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, SeqAccess, Visitor},
};

/// `typ` of a JWT access token (RFC 9068 §2.1).
pub const TYP_ACCESS_TOKEN: &str = "at+jwt";
/// `typ` of a signed answer of introspection (RFC 9701 §5).
pub const TYP_INTROSPECTION: &str = "token-introspection+jwt";
/// `typ` of any JWT (RFC 7519 §5.1).
pub const TYP_JWT: &str = "JWT";

/// The registered claim names (RFC 7519 §4.1), and those of RFC 9068 and OpenID Connect.
pub mod claim {
    /// Issuer.
    pub const ISSUER: &str = "iss";
    /// Subject.
    pub const SUBJECT: &str = "sub";
    /// Audience.
    pub const AUDIENCE: &str = "aud";
    /// Expiration time.
    pub const EXPIRES: &str = "exp";
    /// Not before.
    pub const NOT_BEFORE: &str = "nbf";
    /// Issued at.
    pub const ISSUED_AT: &str = "iat";
    /// JWT ID.
    pub const ID: &str = "jti";
    /// RFC 9068 §2.2: the client.
    pub const CLIENT_ID: &str = "client_id";
    /// RFC 9068 §2.2.3: the scope.
    pub const SCOPE: &str = "scope";
    /// OpenID Connect Core §2: the authorized party.
    pub const AUTHORIZED_PARTY: &str = "azp";
    /// OpenID Connect Core §2.
    pub const NONCE: &str = "nonce";
}

/// Whether a header's `typ` is the wanted one: media types compare without regard to case, and
/// `application/` may be left off (RFC 7515 §4.1.9).
pub fn is_typ(found: &str, wanted: &str) -> bool {
    let bare = match found.split_at_checked("application/".len()) {
        Some((kind, rest)) if kind.eq_ignore_ascii_case("application/") => rest,
        _ => found,
    };
    bare.eq_ignore_ascii_case(wanted)
}

/// 9999-12-31T23:59:59Z: later dates are mistakes, mostly milliseconds.
const LATEST: i64 = 253_402_300_799;

/// Seconds since 1970 (RFC 7519 §2), read from a JSON integer and from nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct NumericDate(pub i64);

impl<'de> Deserialize<'de> for NumericDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_any(DateReader { lenient: false })
            .map(Self)
    }
}

/// Seconds since 1970, read from an integer, a digit string, or a number with a fraction that is
/// cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct LenientDate(pub i64);

impl<'de> Deserialize<'de> for LenientDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_any(DateReader { lenient: true })
            .map(Self)
    }
}

struct DateReader {
    lenient: bool,
}

impl Visitor<'_> for DateReader {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("seconds since 1970")
    }

    fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<i64, E> {
        if (0..=LATEST).contains(&seconds) {
            Ok(seconds)
        } else {
            Err(E::custom("not a date between 1970 and 9999"))
        }
    }

    fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<i64, E> {
        self.visit_i64(i64::try_from(seconds).unwrap_or(i64::MAX))
    }

    fn visit_f64<E: de::Error>(self, seconds: f64) -> Result<i64, E> {
        if !self.lenient {
            return Err(E::custom("not a whole number of seconds"));
        }
        // The cast saturates, and NaN becomes zero: 1970, long expired.
        #[expect(
            clippy::cast_possible_truncation,
            reason = "cutting the fraction off is the point"
        )]
        let whole = seconds as i64;
        self.visit_i64(whole)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<i64, E> {
        let digits =
            (1..=12).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse() {
            Ok(seconds) if self.lenient && digits => self.visit_i64(seconds),
            _ => Err(E::custom("not a number of seconds")),
        }
    }
}

/// The most values of an `aud`.
const MOST_AUDIENCES: usize = 32;

/// `aud` (RFC 7519 §4.1.3): one string or a list of strings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audience(Vec<String>);

impl Audience {
    /// One audience.
    pub fn one(audience: impl Into<String>) -> Self {
        Self(vec![audience.into()])
    }

    /// The values.
    pub fn values(&self) -> &[String] {
        &self.0
    }

    /// Whether the value is among them, compared exactly.
    pub fn contains(&self, value: &str) -> bool {
        self.0.iter().any(|audience| audience == value)
    }
}

impl FromIterator<String> for Audience {
    fn from_iter<I: IntoIterator<Item = String>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

/// A single value is written as a string, as the profiles expect.
impl Serialize for Audience {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [only] => serializer.serialize_str(only),
            several => several.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Audience {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Audience;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or a list of strings")
            }

            fn visit_str<E>(self, value: &str) -> Result<Audience, E> {
                Ok(Audience::one(value))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Audience, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = items.next_element::<String>()? {
                    if values.len() == MOST_AUDIENCES {
                        return Err(de::Error::custom("too many audiences"));
                    }
                    values.push(value);
                }
                Ok(Audience(values))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

#[cfg(test)]
mod tests;

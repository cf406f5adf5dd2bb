//! Public JSON Web Keys (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2).
//!
//! 1. Members that are not known are ignored (§4); a member that stands twice is an error.
//! 2. `kty` decides the numbers; `alg`, if present, must be one that goes with them and is then the
//!    key's algorithm. Without `alg`, the kind of key decides (RSA: RS256).
//! 3. `use` other than `sig`, or `key_ops` without `verify`, refuse the key (§4.2, §4.3).
//! 4. A private member refuses the key: whoever uploads it should learn that it leaked. Printing
//!    knows public members only.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::{
    alg::Algorithm,
    base64url::{self, Padding},
    json,
    key_refused::KeyRefused,
    numbers::{Curve, Numbers},
    printable::Printable,
    public_key::PublicKey,
    rsa, spki,
};

/// The longest JWK that is looked at. A certificate chain in `x5c` makes them long.
pub const LONGEST: usize = 16 * 1024;
/// The longest `kid`.
const LONGEST_KEY_ID: usize = 256;

/// The members that only a private key has (RFC 7518 §6.2.2, §6.3.2; RFC 8037 §2).
pub(crate) const PRIVATE_MEMBERS: [&str; 7] = ["d", "p", "q", "dp", "dq", "qi", "oth"];

/// A public key with the name under which it is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jwk {
    /// The key.
    pub key: PublicKey,
    /// `kid` (RFC 7517 §4.5).
    pub key_id: Option<String>,
}

impl Jwk {
    /// Puts a name on a key.
    pub fn new(key: PublicKey, key_id: impl Into<String>) -> Self {
        Self {
            key,
            key_id: Some(key_id.into()),
        }
    }

    /// Reads JSON text.
    pub fn parse(text: &[u8]) -> Result<Self, KeyRefused> {
        if text.len() > LONGEST {
            return Err(KeyRefused::Malformed("it is too long"));
        }
        Self::from_members(&json::object(text, json::HEADER_DEPTH)?)
    }

    /// Reads members that were parsed already (and so cannot repeat).
    pub fn from_members(members: &Map<String, Value>) -> Result<Self, KeyRefused> {
        if PRIVATE_MEMBERS
            .iter()
            .any(|private| members.contains_key(*private))
        {
            return Err(KeyRefused::PrivateKey);
        }
        let numbers = numbers(members)?;
        check_use(members)?;
        let algorithm = match text(members, "alg")? {
            None => None,
            Some(name) => Some(algorithm(name, &numbers)?),
        };
        let key_id = text(members, "kid")?;
        if key_id.is_some_and(|key_id| key_id.len() > LONGEST_KEY_ID) {
            return Err(KeyRefused::Malformed("its 'kid' is too long"));
        }
        let key = PublicKey::from_numbers(numbers, algorithm)?;
        Ok(Self {
            key,
            key_id: key_id.map(str::to_owned),
        })
    }

    /// The key as a JSON value.
    pub fn to_json(&self) -> Value {
        // The members are strings, which always serialise.
        serde_json::to_value(Written::from(self)).unwrap_or_default()
    }
}

impl Serialize for Jwk {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written::from(self).serialize(serializer)
    }
}

/// A public JWK as it is published, member by member.
#[derive(Serialize)]
struct Written<'a> {
    kty: &'static str,
    #[serde(rename = "use")]
    usage: &'static str,
    alg: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    crv: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    x: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    y: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    e: Option<String>,
}

impl<'a> From<&'a Jwk> for Written<'a> {
    fn from(jwk: &'a Jwk) -> Self {
        let text = |bytes: &[u8]| Some(base64url::encode(bytes));
        let blank = Self {
            kty: "",
            usage: "sig",
            alg: jwk.key.algorithm().name(),
            kid: jwk.key_id.as_deref(),
            crv: None,
            x: None,
            y: None,
            n: None,
            e: None,
        };
        match jwk.key.numbers() {
            Numbers::Rsa { n, e } => Self {
                kty: "RSA",
                n: text(n),
                e: text(e),
                ..blank
            },
            Numbers::Ec { curve, x, y } => Self {
                kty: "EC",
                crv: Some(curve.name()),
                x: text(x),
                y: text(y),
                ..blank
            },
            Numbers::Ed25519(x) => Self {
                kty: "OKP",
                crv: Some("Ed25519"),
                x: text(x),
                ..blank
            },
        }
    }
}

fn numbers(members: &Map<String, Value>) -> Result<Numbers, KeyRefused> {
    match required(members, "kty")? {
        "RSA" => {
            let number = |name| {
                let limit = rsa::MOST_BITS / 8 + 1; // one leading zero, as some writers leave it
                base64url::decode(required(members, name)?, Padding::Strict, limit)
                    .map(|bytes| spki::without_zeros(&bytes))
                    .map_err(|_| {
                        KeyRefused::Malformed("an RSA number is not base64url, or too long")
                    })
            };
            Ok(Numbers::Rsa {
                n: number("n")?,
                e: number("e")?,
            })
        }
        "EC" => {
            let curve = match required(members, "crv")? {
                "P-256" => Curve::P256,
                "P-384" => Curve::P384,
                other => return Err(KeyRefused::Unsupported(Printable::new(other))),
            };
            // RFC 7518 §6.2.1.2: full length, leading zeros included.
            let coordinate = |name| {
                base64url::decode(required(members, name)?, Padding::Strict, curve.size())
                    .ok()
                    .filter(|bytes| bytes.len() == curve.size())
                    .map(Vec::into_boxed_slice)
                    .ok_or(KeyRefused::Malformed(
                        "a coordinate is not base64url of the full length",
                    ))
            };
            Ok(Numbers::Ec {
                curve,
                x: coordinate("x")?,
                y: coordinate("y")?,
            })
        }
        "OKP" => match required(members, "crv")? {
            "Ed25519" => base64url::decode_array(required(members, "x")?)
                .map(Numbers::Ed25519)
                .map_err(|_| KeyRefused::Malformed("an Ed25519 key has 32 bytes")),
            other => Err(KeyRefused::Unsupported(Printable::new(other))),
        },
        other => Err(KeyRefused::Unsupported(Printable::new(other))),
    }
}

/// `alg` (RFC 7517 §4.4): a known name must fit, and an unknown one refuses the key.
fn algorithm(name: &str, numbers: &Numbers) -> Result<Algorithm, KeyRefused> {
    name.parse().map_err(|_| match (name, numbers) {
        ("RSA1_5" | "RSA-OAEP" | "RSA-OAEP-256" | "RSA-OAEP-384" | "RSA-OAEP-512", _) => {
            KeyRefused::NotForSignatures
        }
        (name, _) if name.starts_with("ECDH-ES") => KeyRefused::NotForSignatures,
        // A P-256 or P-384 key has one algorithm; a name like ES512 contradicts the curve.
        (_, Numbers::Ec { .. }) => KeyRefused::Malformed("its 'alg' does not go with its curve"),
        _ => KeyRefused::Unsupported(Printable::new(name)),
    })
}

fn check_use(members: &Map<String, Value>) -> Result<(), KeyRefused> {
    match text(members, "use")? {
        None | Some("sig") => {}
        Some(_) => return Err(KeyRefused::NotForSignatures),
    }
    match members.get("key_ops") {
        None => Ok(()),
        Some(Value::Array(operations))
            if operations.iter().any(|operation| operation == "verify") =>
        {
            Ok(())
        }
        Some(Value::Array(_)) => Err(KeyRefused::NotForSignatures),
        Some(_) => Err(KeyRefused::Malformed("'key_ops' is not a list")),
    }
}

fn required<'a>(
    members: &'a Map<String, Value>,
    name: &'static str,
) -> Result<&'a str, KeyRefused> {
    text(members, name)?.ok_or(KeyRefused::Malformed("a required member is missing"))
}

fn text<'a>(
    members: &'a Map<String, Value>,
    name: &'static str,
) -> Result<Option<&'a str>, KeyRefused> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(KeyRefused::Malformed(
            "a member that must be a string is not one",
        )),
    }
}

#[cfg(test)]
mod tests;

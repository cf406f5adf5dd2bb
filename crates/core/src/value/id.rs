//! Identifiers that we make: 16 bytes (48 bits of time, 80 of chance), printed as a prefix and 26
//! characters of Crockford's base 32, so that a list ordered by id is ordered by age.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;

use crate::value::Entropy;
use crate::value::UnixTime;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 26;

/// The text is not an identifier of this kind.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not an identifier of this kind")]
pub struct NotAnId;

fn mint(now: UnixTime, entropy: &mut dyn Entropy) -> [u8; 16] {
    let mut bytes = [0; 16];
    entropy.fill(&mut bytes);
    let millis = u64::try_from(now.0)
        .unwrap_or(0)
        .saturating_mul(1_000)
        .to_be_bytes();
    for (place, byte) in bytes.iter_mut().zip(millis.into_iter().skip(2)).take(6) {
        *place = byte;
    }
    bytes
}

fn print(bytes: [u8; 16]) -> String {
    let number = u128::from_be_bytes(bytes);
    (0..LENGTH)
        .rev()
        .filter_map(|place| {
            let digit = usize::try_from((number >> (place * 5)) & 31).ok()?;
            ALPHABET.get(digit).map(|letter| char::from(*letter))
        })
        .collect()
}

fn parse(text: &str) -> Result<[u8; 16], NotAnId> {
    // 26 letters hold 130 bits: the first may be at most 7.
    if text.len() != LENGTH || text.as_bytes().first().is_none_or(|first| *first > b'7') {
        return Err(NotAnId);
    }
    let number = text.bytes().try_fold(0_u128, |number, letter| {
        let digit = ALPHABET
            .iter()
            .position(|known| *known == letter)
            .ok_or(NotAnId)?;
        Ok((number << 5) | digit as u128)
    })?;
    Ok(number.to_be_bytes())
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name([u8; 16]);

        impl $name {
            /// What its text begins with.
            pub const PREFIX: &str = $prefix;

            /// A new one.
            #[must_use]
            pub fn mint(now: UnixTime, entropy: &mut dyn Entropy) -> Self {
                Self(mint(now, entropy))
            }

            /// As a store keeps it.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// As a store keeps it.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}{}", $prefix, print(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                text.strip_prefix($prefix).ok_or(NotAnId).and_then(parse).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

id!(
    /// Names an organization.
    OrganizationId,
    "org_"
);
id!(
    /// Names a group of users.
    GroupId,
    "grp_"
);
id!(
    /// Names an API (a resource server).
    ApiId,
    "api_"
);
id!(
    /// Names a delegation.
    DelegationId,
    "dlg_"
);
id!(
    /// Names an issuer elsewhere that is trusted.
    TrustedIssuerId,
    "tis_"
);
id!(
    /// Names a policy of an organization.
    PolicyId,
    "pol_"
);
id!(
    /// Names a role binding.
    BindingId,
    "rol_"
);
id!(
    /// Names a secret of a client, and is none itself.
    SecretId,
    "sec_"
);
id!(
    /// Names an initial access token, and is none itself.
    InitialTokenId,
    "iat_"
);
id!(
    /// The `jti` of a token of ours.
    TokenId,
    "tok_"
);
impl AuthorizationId {
    /// As if it were the id of a token: every token that names the authorization is revoked by it.
    #[must_use]
    pub const fn as_token(&self) -> TokenId {
        TokenId(self.0)
    }
}

id!(
    /// Names an authorization: what a client holds of a person.
    AuthorizationId,
    "azn_"
);
id!(
    /// Names a session of a person. It is no secret: the cookie holds another text.
    SessionId,
    "ses_"
);

#[cfg(test)]
mod tests {
    use crate::value::Counting;
    use crate::value::OrganizationId;
    use crate::value::TokenId;
    use crate::value::UnixTime;

    #[test]
    fn an_id_is_printed_and_read_back() {
        let id = OrganizationId::mint(UnixTime(1_775_121_058), &mut Counting(7));
        let text = id.to_string();
        assert_eq!(text.len(), 30);
        assert_eq!(text.parse(), Ok(id));
        assert!(
            text.parse::<TokenId>().is_err(),
            "the prefix is part of the id"
        );
    }

    #[test]
    fn ids_are_ordered_by_age() {
        let mut entropy = Counting(u64::MAX / 2);
        let older = TokenId::mint(UnixTime(1_000), &mut entropy);
        let newer = TokenId::mint(UnixTime(1_001), &mut Counting(0));
        assert!(older < newer && older.to_string() < newer.to_string());
    }

    #[test]
    fn what_is_not_an_id_is_refused() {
        for text in [
            "",
            "org_",
            "org_8ZZZZZZZZZZZZZZZZZZZZZZZZZ",
            "org_0000000000000000000000000u",
        ] {
            assert!(text.parse::<OrganizationId>().is_err(), "{text}");
        }
    }
}

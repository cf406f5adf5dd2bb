//! Asking the server what a token is.
//!
//! RFC 7662 §2.1 (request) and §2.2 (answer); RFC 8693 §4.1 for `act`. A token that is not good has
//! no members: nobody learns whether it was once one (§2.2).

pub mod signed;

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error as _, SeqAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::authorization_details::AuthorizationDetails;
use crate::confirmation::Confirmation;
use crate::google::access_boundary::AccessBoundary;
use crate::json;
use crate::params::{MissingParameter, Params};
use crate::revocation::TokenTypeHint;

/// How many audiences an answer may name.
const MAX_AUDIENCES: usize = 64;

/// The parameter in which a caller says what it knows beside RFC 7662, a space-separated list. It is ours: the
/// RFC lets requests have more parameters (§2.1).
pub const UNDERSTANDS: &str = "understands";

/// The one thing that there is to know: [`ActiveToken::access_boundary`].
pub const ACCESS_BOUNDARY: &str = "access_boundary";

/// The answer about every token that is not good.
const INACTIVE: &[u8] = br#"{"active":false}"#;

/// A request to look at a token.
#[derive(Clone, PartialEq, Eq)]
pub struct IntrospectionRequest<'a> {
    /// The token.
    pub token: Cow<'a, str>,
    /// What the caller thinks it is.
    pub token_type_hint: Option<TokenTypeHint>,
    /// Whether the caller knows what an access boundary is: `understands` has [`ACCESS_BOUNDARY`]. To others a
    /// token that has one is not good, since they would take it for more than it is.
    pub understands_boundaries: bool,
}

impl<'a> IntrospectionRequest<'a> {
    /// Reads the form.
    pub fn parse(params: &mut Params<'a>) -> Result<Self, MissingParameter> {
        Ok(Self {
            token: params.require("token")?,
            token_type_hint: TokenTypeHint::take(params),
            understands_boundaries: params
                .take(UNDERSTANDS)
                .is_some_and(|all| all.split(' ').any(|one| one == ACCESS_BOUNDARY)),
        })
    }
}

/// Without the token.
impl fmt::Debug for IntrospectionRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IntrospectionRequest")
            .field("token_type_hint", &self.token_type_hint)
            .finish_non_exhaustive()
    }
}

/// What the server says about a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IntrospectionResponse<'a> {
    /// It is not good, for whatever reason.
    Inactive,
    /// It is good.
    Active(Box<ActiveToken<'a>>),
}

impl<'a> IntrospectionResponse<'a> {
    /// The bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Inactive => INACTIVE.to_vec(),
            Self::Active(token) => token.to_bytes(),
        }
    }

    /// Reads an answer; `None` where it is not one.
    pub fn parse(body: &'a [u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Verdict {
            active: bool,
        }
        let verdict: Verdict = json::read(body)?;
        if verdict.active {
            json::read(body).map(Self::Active)
        } else {
            Some(Self::Inactive)
        }
    }
}

/// A token that is good. Every member is optional (RFC 7662 §2.2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActiveToken<'a> {
    /// What it allows: a space-separated list.
    #[serde(
        default,
        deserialize_with = "json::optional_cow",
        skip_serializing_if = "Option::is_none"
    )]
    #[serde(borrow)]
    pub scope: Option<Cow<'a, str>>,
    /// Who got it.
    #[serde(
        default,
        deserialize_with = "json::optional_cow",
        skip_serializing_if = "Option::is_none"
    )]
    pub client_id: Option<Cow<'a, str>>,
    /// The user behind it, for people.
    #[serde(
        default,
        deserialize_with = "json::optional_cow",
        skip_serializing_if = "Option::is_none"
    )]
    pub username: Option<Cow<'a, str>>,
    /// `Bearer`, or `DPoP` where it is bound to a key.
    #[serde(
        default,
        deserialize_with = "json::optional_cow",
        skip_serializing_if = "Option::is_none"
    )]
    pub token_type: Option<Cow<'a, str>>,
    /// Until when, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exp: Option<i64>,
    /// When it was issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iat: Option<i64>,
    /// From when on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
    /// For whom it speaks.
    #[serde(
        default,
        deserialize_with = "json::optional_cow",
        skip_serializing_if = "Option::is_none"
    )]
    pub sub: Option<Cow<'a, str>>,
    /// To whom it may be shown.
    #[serde(default, skip_serializing_if = "Audience::is_empty")]
    pub aud: Audience<'a>,
    /// Who issued it.
    #[serde(
        default,
        deserialize_with = "json::optional_cow",
        skip_serializing_if = "Option::is_none"
    )]
    pub iss: Option<Cow<'a, str>>,
    /// Its name.
    #[serde(
        default,
        deserialize_with = "json::optional_cow",
        skip_serializing_if = "Option::is_none"
    )]
    pub jti: Option<Cow<'a, str>>,
    /// Who acts for `sub` (RFC 8693 §4.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Actor<'a>>,
    /// Who alone may act for `sub` (RFC 8693 §4.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub may_act: Option<Actor<'a>>,
    /// When `sub` proved who they are, in seconds since 1970 (RFC 9470 §6.2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
    /// To whose key it is bound (RFC 9449 §6.2, RFC 8705 §3.2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cnf: Option<Confirmation<'a>>,
    /// What was granted in detail (RFC 9396 §9.2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorization_details: Option<AuthorizationDetails>,
    /// What it does not go beyond, whatever its scope says (google-wire 6.5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_boundary: Option<AccessBoundary>,
    /// The address of the account or user, as Google's answers have it.
    #[serde(
        default,
        deserialize_with = "json::optional_cow",
        skip_serializing_if = "Option::is_none"
    )]
    pub email: Option<Cow<'a, str>>,
}

impl ActiveToken<'_> {
    fn to_bytes(&self) -> Vec<u8> {
        #[derive(Serialize)]
        struct Printed<'a> {
            active: bool,
            #[serde(flatten)]
            token: &'a ActiveToken<'a>,
        }
        json::print(
            &Printed {
                active: true,
                token: self,
            },
            512,
        )
    }
}

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor<'a> {
    /// The actor.
    #[serde(borrow, deserialize_with = "json::cow")]
    pub sub: Cow<'a, str>,
    /// The actor's e-mail address.
    #[serde(
        default,
        deserialize_with = "json::optional_cow",
        skip_serializing_if = "Option::is_none"
    )]
    pub email: Option<Cow<'a, str>>,
    /// Who acted before it.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Box<Self>>,
}

/// An audience: one string, or a list of them (RFC 7519 §4.1.3). One is printed as a string.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audience<'a>(pub Vec<Cow<'a, str>>);

impl<'a> Audience<'a> {
    /// One audience.
    pub fn one(audience: impl Into<Cow<'a, str>>) -> Self {
        Self(vec![audience.into()])
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it is one of them.
    pub fn contains(&self, audience: &str) -> bool {
        self.0.iter().any(|known| known == audience)
    }
}

impl Serialize for Audience<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => serializer.serialize_str(one),
            many => {
                let mut list = serializer.serialize_seq(Some(many.len()))?;
                many.iter()
                    .try_for_each(|audience| list.serialize_element(audience))?;
                list.end()
            }
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Audience<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StringOrList).map(Self)
    }
}

struct StringOrList;

impl<'de> Visitor<'de> for StringOrList {
    type Value = Vec<Cow<'de, str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or a list of strings")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(vec![Cow::Borrowed(text)])
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(vec![Cow::Owned(text.to_owned())])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut audiences = Vec::new();
        while let Some(audience) = list.next_element_seed(json::CowSeed)? {
            if audiences.len() == MAX_AUDIENCES {
                return Err(A::Error::custom("too many audiences"));
            }
            audiences.push(audience);
        }
        Ok(audiences)
    }
}

#[cfg(test)]
mod tests;

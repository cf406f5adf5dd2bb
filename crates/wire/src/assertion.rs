//! The claims of a service account's assertion, read leniently and reported exactly.
//!
//! RFC 7523 §3 and RFC 7519 §4; google-wire 0 (rules 6 and 7) and 2.2. Google's libraries differ in
//! what they write, so a claim of a strange form is not an error here: it is a value that a rule
//! can name. What is refused at once is what nobody could judge.
//!
//! 1. The claims are one JSON object of at most 16 KiB, 64 members and 16 levels.
//! 2. No member comes twice (RFC 7519 §4: "The Claim Names within a JWT Claims Set MUST be
//!    unique").
//! 3. `null` counts as absent, for every claim.
//! 4. `iat` and `exp` are whole seconds: as integers, as floats without a fraction, or as digits in
//!    a string.
//! 5. `aud` is a string or a list of at most 16 strings.
//! 6. Members that we do not know are passed over.
//!
//! Nothing here is verified. Whoever holds an [`AssertionClaims`] knows what was claimed, and not
//! by whom.

mod value;

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{Deserializer as _, Error, MapAccess, Visitor};

pub use self::value::JsonKind;
use self::value::{Value, ValueSeed};
use crate::crn::Crn;
use crate::json::CowSeed;
use crate::legal::Echo;

/// How large the claims may be, in bytes.
pub const MAX_BYTES: usize = 16 * 1024;

/// How many members they may have.
pub const MAX_MEMBERS: usize = 64;

/// How many strings a list of audiences may have.
pub const MAX_AUDIENCES: usize = 16;

/// How deep lists and objects may stand in each other, the claims themselves counted.
pub const MAX_DEPTH: u8 = 16;

/// From here on a number of seconds is a number of milliseconds: as seconds it would be the year
/// 5138.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

/// From here on it is neither.
const NO_TIME_FROM: i64 = 100_000_000_000_000;

/// Floats hold every whole number below this.
const EXACT_FLOATS: f64 = 9_007_199_254_740_992.0;

/// What an assertion claims.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AssertionClaims<'a> {
    /// The service account: its e-mail address or its numeric id.
    pub iss: TextClaim<'a>,
    /// The user to act for. See [`AssertionClaims::delegated_user`].
    pub sub: TextClaim<'a>,
    /// The draft's twin of `sub`, which Go sends beside it.
    pub prn: TextClaim<'a>,
    /// A space-separated list.
    pub scope: TextClaim<'a>,
    /// Whether there is a member `scopes`, which nobody reads: `scope` was meant.
    pub has_scopes: bool,
    /// The audience of the ID token that is wanted instead of an access token.
    pub target_audience: TextClaim<'a>,
    /// For whom the assertion was written.
    pub aud: AudienceClaim<'a>,
    /// When it was issued.
    pub iat: TimeClaim,
    /// From when on it is good, of which a service account's says nothing.
    pub nbf: TimeClaim,
    /// Until when it is good.
    pub exp: TimeClaim,
    /// Its name, if it is to be used once.
    pub jti: TextClaim<'a>,
}

impl<'a> AssertionClaims<'a> {
    /// Reads the decoded second segment of the JWS.
    pub fn parse(json: &'a [u8]) -> Result<Self, AssertionError> {
        if json.len() > MAX_BYTES {
            return Err(AssertionError::TooLarge);
        }
        let fault = Cell::new(None);
        let mut json = serde_json::Deserializer::from_slice(json);
        let claims = json
            .deserialize_map(ClaimsVisitor { fault: &fault })
            .and_then(|claims| json.end().map(|()| claims));
        claims.map_err(|_| fault.take().unwrap_or(AssertionError::NotAJsonObject))
    }

    /// The user on whose behalf the account asks: `sub`, or its twin `prn`; none where that is
    /// empty or the account itself (google-wire, rule 6). Who cannot be understood is not nobody.
    pub fn delegated_user(&self) -> Result<Option<&str>, SubjectFault> {
        for (name, claim) in [("sub", &self.sub), ("prn", &self.prn)] {
            if let TextClaim::WrongType(kind) = claim {
                return Err(SubjectFault::WrongType(name, *kind));
            }
        }
        match (self.sub.text(), self.prn.text()) {
            (Some(sub), Some(prn)) if sub != prn => Err(SubjectFault::Differ),
            (sub, prn) => Ok(sub.or(prn).filter(|user| Some(*user) != self.iss.text())),
        }
    }

    fn set(&mut self, name: &str, value: Value<'a>) {
        match name {
            "iss" => self.iss = value.into(),
            "sub" => self.sub = value.into(),
            "prn" => self.prn = value.into(),
            "scope" => self.scope = value.into(),
            "scopes" => self.has_scopes = true,
            "target_audience" => self.target_audience = value.into(),
            "aud" => self.aud = value.into(),
            "iat" => self.iat = value.into(),
            "nbf" => self.nbf = value.into(),
            "exp" => self.exp = value.into(),
            "jti" => self.jti = value.into(),
            _ => {}
        }
    }
}

/// A claim that should be a string.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TextClaim<'a> {
    /// Not there, or null.
    #[default]
    Absent,
    /// A string, maybe an empty one.
    Text(Cow<'a, str>),
    /// Something else.
    WrongType(JsonKind),
}

impl TextClaim<'_> {
    /// The string, if there is one and it is not empty.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) if !text.is_empty() => Some(text),
            Self::Text(_) | Self::Absent | Self::WrongType(_) => None,
        }
    }
}

impl<'a> From<Value<'a>> for TextClaim<'a> {
    fn from(value: Value<'a>) -> Self {
        match value {
            Value::Null => Self::Absent,
            Value::Text(text) => Self::Text(text),
            other => Self::WrongType(other.kind()),
        }
    }
}

/// The claim `aud`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AudienceClaim<'a> {
    /// Not there, or null.
    #[default]
    Absent,
    /// One audience.
    One(Cow<'a, str>),
    /// A list of at most [`MAX_AUDIENCES`].
    Many(Vec<Cow<'a, str>>),
    /// Something else, or a longer list.
    WrongType(JsonKind),
}

impl AudienceClaim<'_> {
    /// The audiences.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let audiences = match self {
            Self::One(audience) => std::slice::from_ref(audience),
            Self::Many(audiences) => audiences.as_slice(),
            Self::Absent | Self::WrongType(_) => &[],
        };
        audiences.iter().map(AsRef::as_ref)
    }
}

impl<'a> From<Value<'a>> for AudienceClaim<'a> {
    fn from(value: Value<'a>) -> Self {
        match value {
            Value::Null => Self::Absent,
            Value::Text(text) => Self::One(text),
            Value::Texts(texts) => Self::Many(texts),
            other => Self::WrongType(other.kind()),
        }
    }
}

/// A claim that should be a time in seconds since 1970.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum TimeClaim {
    /// Not there, or null.
    #[default]
    Absent,
    /// Seconds, between the years -1199 and 5138: two of them can be subtracted.
    Seconds(i64),
    /// A number so large that milliseconds must be meant.
    Milliseconds(i64),
    /// A number so large or small that no time is meant.
    OutOfRange,
    /// A number that is not whole.
    Fraction(f64),
    /// A string that is not all digits.
    NotDigits(Echo),
    /// Neither a number nor a string.
    WrongType(JsonKind),
}

impl TimeClaim {
    /// The seconds, where they are in order.
    pub fn seconds(&self) -> Option<i64> {
        match self {
            Self::Seconds(seconds) => Some(*seconds),
            _ => None,
        }
    }

    fn of_integer(number: i64) -> Self {
        match number {
            MILLISECONDS_FROM..NO_TIME_FROM => Self::Milliseconds(number),
            _ if number.unsigned_abs() < MILLISECONDS_FROM.unsigned_abs() => Self::Seconds(number),
            _ => Self::OutOfRange,
        }
    }

    fn of_float(number: f64) -> Self {
        if !(-EXACT_FLOATS..EXACT_FLOATS).contains(&number) {
            return Self::OutOfRange;
        }
        if number.fract() != 0.0 {
            return Self::Fraction(number);
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole and below 2^53, as just checked"
        )]
        Self::of_integer(number as i64)
    }

    fn of_text(text: &str) -> Self {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self::NotDigits(Echo::of(text));
        }
        // Digits that are no `i64` are too many digits.
        text.parse().map_or(Self::OutOfRange, Self::of_integer)
    }
}

impl From<Value<'_>> for TimeClaim {
    fn from(value: Value<'_>) -> Self {
        match value {
            Value::Null => Self::Absent,
            Value::Integer(number) => Self::of_integer(number),
            Value::Float(number) => Self::of_float(number),
            Value::Text(text) => Self::of_text(&text),
            other => Self::WrongType(other.kind()),
        }
    }
}

/// Why it cannot be said who is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectFault {
    /// The claim of this name is not a string.
    WrongType(&'static str, JsonKind),
    /// `sub` and `prn` name two users.
    Differ,
}

impl SubjectFault {
    /// Which cause of the catalogue it is.
    pub fn crn(self) -> Crn {
        Crn::SUB_NOT_AN_EMAIL
    }
}

impl fmt::Display for SubjectFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongType(name, kind) => write!(f, "{name} is {kind}, not an e-mail address"),
            Self::Differ => f.write_str("sub and prn name two different users"),
        }
    }
}

impl std::error::Error for SubjectFault {}

/// Walks through the members. The fault is laid aside, as serde's errors carry only text.
struct ClaimsVisitor<'f> {
    fault: &'f Cell<Option<AssertionError>>,
}

impl ClaimsVisitor<'_> {
    fn refuse<E: Error>(&self, fault: AssertionError) -> E {
        let error = E::custom(&fault);
        self.fault.set(Some(fault));
        error
    }
}

impl<'de> Visitor<'de> for ClaimsVisitor<'_> {
    type Value = AssertionClaims<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut claims = AssertionClaims::default();
        let mut seen: Vec<Cow<'de, str>> = Vec::with_capacity(8);
        while let Some(name) = map.next_key_seed(CowSeed)? {
            if seen.contains(&name) {
                return Err(self.refuse(AssertionError::Repeated(Echo::of(&name))));
            }
            if seen.len() == MAX_MEMBERS {
                return Err(self.refuse(AssertionError::TooManyMembers));
            }
            let value = map.next_value_seed(ValueSeed::within(MAX_DEPTH, self.fault))?;
            claims.set(&name, value);
            seen.push(name);
        }
        Ok(claims)
    }
}

/// Why these are not claims at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssertionError {
    /// More than [`MAX_BYTES`].
    TooLarge,
    /// More than [`MAX_MEMBERS`].
    TooManyMembers,
    /// Deeper than [`MAX_DEPTH`].
    TooDeep,
    /// A member that comes twice.
    Repeated(Echo),
    /// Not JSON, or not an object, or a number that no float holds.
    NotAJsonObject,
}

impl AssertionError {
    /// Which cause of the catalogue it is.
    pub fn crn(&self) -> Crn {
        match self {
            Self::TooLarge | Self::TooManyMembers | Self::TooDeep => Crn::JWT_OUT_OF_BOUNDS,
            Self::Repeated(_) | Self::NotAJsonObject => Crn::NOT_JSON,
        }
    }
}

impl fmt::Display for AssertionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => write!(f, "the JWT claims are larger than {MAX_BYTES} bytes"),
            Self::TooManyMembers => write!(f, "the JWT has more than {MAX_MEMBERS} claims"),
            Self::TooDeep => write!(f, "the JWT claims are nested more than {MAX_DEPTH} deep"),
            Self::Repeated(name) => write!(f, "the JWT claim {name} appears more than once"),
            Self::NotAJsonObject => f.write_str("the JWT claims are not a JSON object"),
        }
    }
}

impl std::error::Error for AssertionError {}

#[cfg(test)]
mod tests;

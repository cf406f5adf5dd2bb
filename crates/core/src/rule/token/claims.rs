//! The claims of our tokens, written and read by the same types.
//!
//! Access tokens follow RFC 9068 section 2.2; an opaque one is sealed around the same claims. ID
//! tokens are Google's (google-wire 2.3). Where an account acts for a person, `sub` is the person
//! and `act` the account (RFC 8693 section 4.1): no service reads a delegated token as the person's own.

use std::borrow::Cow;

use serde::Deserialize;
use serde::Serialize;

use crate::rule::token::AccessGrant;
use crate::rule::token::IdGrant;

/// What an access token says.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct AccessClaims<'a> {
    /// The issuer.
    #[serde(borrow)]
    pub iss: Cow<'a, str>,
    /// The account's unique id, or the id of the person it acts for.
    #[serde(borrow)]
    pub sub: Cow<'a, str>,
    /// The APIs that it is for.
    #[serde(borrow)]
    pub aud: Audiences<'a>,
    /// The account's unique id.
    #[serde(borrow)]
    pub client_id: Cow<'a, str>,
    /// The scope.
    #[serde(borrow)]
    pub scope: Cow<'a, str>,
    /// The e-mail of the subject.
    #[serde(borrow)]
    pub email: Cow<'a, str>,
    /// From when.
    pub iat: i64,
    /// Until when.
    pub exp: i64,
    /// Its id.
    #[serde(borrow)]
    pub jti: Cow<'a, str>,
    /// Who acts, where it is not the subject.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Actor<'a>>,
}

/// The account that acts for the subject.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Actor<'a> {
    /// Its unique id.
    #[serde(borrow)]
    pub sub: Cow<'a, str>,
    /// Its e-mail.
    #[serde(borrow)]
    pub email: Cow<'a, str>,
}

/// `aud`: one name, or a list of them.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Audiences<'a> {
    /// One.
    One(#[serde(borrow)] Cow<'a, str>),
    /// Several.
    Many(#[serde(borrow)] Vec<Cow<'a, str>>),
}

impl Audiences<'_> {
    /// Whether this is one of the names.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        match self {
            Self::One(one) => one == name,
            Self::Many(many) => many.iter().any(|one| one == name),
        }
    }
}

impl<'a> AccessClaims<'a> {
    /// What a token for this grant says.
    #[must_use]
    pub fn of(grant: &'a AccessGrant, issuer: &'a str) -> Self {
        let subject = &grant.subject;
        let client = Cow::Borrowed(subject.client.as_str());
        let (sub, email, act) = match &subject.user {
            None => (client.clone(), subject.client_email.as_str(), None),
            Some((id, email)) => {
                let actor = Actor {
                    sub: client.clone(),
                    email: subject.client_email.as_str().into(),
                };
                (Cow::Borrowed(id.as_str()), email.as_str(), Some(actor))
            }
        };
        let aud = match grant.audience.as_slice() {
            [one] => Audiences::One(one.as_str().into()),
            many => Audiences::Many(many.iter().map(|one| one.as_str().into()).collect()),
        };
        Self {
            iss: issuer.into(),
            sub,
            aud,
            client_id: client,
            scope: grant.scope.as_str().into(),
            email: email.into(),
            iat: grant.issued.0,
            exp: grant.expires.0,
            jti: grant.id.to_string().into(),
            act,
        }
    }

    /// The same, owning its texts.
    #[must_use]
    pub fn into_owned(self) -> AccessClaims<'static> {
        let own = |text: Cow<'a, str>| Cow::Owned(text.into_owned());
        AccessClaims {
            iss: own(self.iss),
            sub: own(self.sub),
            aud: match self.aud {
                Audiences::One(one) => Audiences::One(own(one)),
                Audiences::Many(many) => Audiences::Many(many.into_iter().map(own).collect()),
            },
            client_id: own(self.client_id),
            scope: own(self.scope),
            email: own(self.email),
            iat: self.iat,
            exp: self.exp,
            jti: own(self.jti),
            act: self.act.map(|actor| Actor {
                sub: own(actor.sub),
                email: own(actor.email),
            }),
        }
    }
}

/// What an ID token says (google-wire 2.3).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct IdClaims<'a> {
    /// The issuer.
    #[serde(borrow)]
    pub iss: Cow<'a, str>,
    /// The `target_audience`.
    #[serde(borrow)]
    pub aud: Cow<'a, str>,
    /// The account's e-mail: who asked for it.
    #[serde(borrow)]
    pub azp: Cow<'a, str>,
    /// The subject's e-mail.
    #[serde(borrow)]
    pub email: Cow<'a, str>,
    /// Always: we made the one and the directory vouches for the other.
    pub email_verified: bool,
    /// The subject.
    #[serde(borrow)]
    pub sub: Cow<'a, str>,
    /// From when.
    pub iat: i64,
    /// Until when.
    pub exp: i64,
}

impl<'a> IdClaims<'a> {
    /// What a token for this grant says.
    #[must_use]
    pub fn of(grant: &'a IdGrant, issuer: &'a str) -> Self {
        let subject = &grant.subject;
        let (sub, email) = match &subject.user {
            None => (subject.client.as_str(), subject.client_email.as_str()),
            Some((id, email)) => (id.as_str(), email.as_str()),
        };
        Self {
            iss: issuer.into(),
            aud: grant.audience.as_str().into(),
            azp: subject.client_email.as_str().into(),
            email: email.into(),
            email_verified: true,
            sub: sub.into(),
            iat: grant.issued.0,
            exp: grant.expires.0,
        }
    }
}

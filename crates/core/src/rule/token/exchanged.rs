//! A token that was made of another one (RFC 8693): what it carries of where it came from.
//!
//! 1. `via` is a claim of ours: the tokens that it came from, oldest first, each with the client that held
//!    it. It hangs on all of them: when one is revoked, or its client is switched off, it is worth nothing.
//! 2. `act` says who acts, and within it who acted before (section 4.1). What one token says of that the
//!    next one repeats: to exchange a token takes nobody out of it.
//! 3. Neither has more than [`MOST_EXCHANGES`] members, so that no circle of services grows a token without end.

use std::borrow::Cow;

use serde::Deserialize;
use serde::Serialize;

use crate::value::AuthorizationId;
use crate::value::ClientId;
use crate::value::TrustedIssuerId;
use crate::value::UniqueId;
use crate::value::UnixTime;

/// How often a token may be exchanged again.
pub const MOST_EXCHANGES: usize = 5;

/// Who vouches, in `act`, for whoever had something signed by a key that we hold for an account.
pub const SYSTEM_KEY: &str = "system-key";

/// Who acts for the subject.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Actor<'a> {
    /// The `sub` of whoever acts: an account's or a person's number, or the id of a client.
    #[serde(borrow)]
    pub sub: Cow<'a, str>,
    /// Its e-mail, where it is an account, or somebody who became one.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Cow<'a, str>>,
    /// Who vouched for it: the provider, where a pool of workload identity let it in, the id of a trusted issuer, or
    /// [`SYSTEM_KEY`], where a key that we hold for the account did.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<Cow<'a, str>>,
    /// Who acted before it.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Box<Self>>,
}

impl Actor<'static> {
    /// Whoever had something signed by a key that we hold for this account: nobody knows who that was.
    #[must_use]
    pub fn of_system_key(account: &UniqueId) -> Self {
        Self {
            sub: account.to_string().into(),
            email: None,
            provider: Some(SYSTEM_KEY.into()),
            act: None,
        }
    }
}

impl Actor<'_> {
    /// Whether a key that we hold for an account vouched for any of them.
    #[must_use]
    pub fn is_of_system_key(&self) -> bool {
        self.provider.as_deref() == Some(SYSTEM_KEY)
            || self
                .act
                .as_ref()
                .is_some_and(|before| before.is_of_system_key())
    }

    /// Whoever acted first.
    #[must_use]
    pub fn first(&self) -> &Self {
        let mut first = self;
        while let Some(before) = &first.act {
            first = before;
        }
        first
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        let before = self.act.as_ref();
        1 + before.map_or(0, |before| before.count())
    }

    /// The same, owning its texts.
    #[must_use]
    pub fn into_owned(self) -> Actor<'static> {
        Actor {
            sub: Cow::Owned(self.sub.into_owned()),
            email: self.email.map(|email| Cow::Owned(email.into_owned())),
            provider: self.provider.map(|name| Cow::Owned(name.into_owned())),
            act: self.act.map(|before| Box::new(before.into_owned())),
        }
    }
}

/// Who alone may act for the subject (section 4.4).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct MayAct<'a> {
    /// The `sub` of whoever may.
    #[serde(borrow)]
    pub sub: Cow<'a, str>,
}

/// A token that another one came from.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Step<'a> {
    /// Its `jti`; an ID token has none.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub jti: Option<Cow<'a, str>>,
    /// Who held it.
    #[serde(borrow)]
    pub client_id: Cow<'a, str>,
}

impl Step<'_> {
    /// The same, owning its texts.
    #[must_use]
    pub fn into_owned(self) -> Step<'static> {
        Step {
            jti: self.jti.map(|jti| Cow::Owned(jti.into_owned())),
            client_id: Cow::Owned(self.client_id.into_owned()),
        }
    }
}

/// The subject of a token that is made of another one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ExchangedSubject {
    /// Who asked for it.
    pub client: ClientId,
    /// About whom the other token is.
    pub sub: String,
    /// The e-mail, where the subject or whoever first acted for it is an account.
    pub email: Option<String>,
    /// The authorization that it hangs on, where a person allowed it.
    pub authorization: Option<AuthorizationId>,
    /// When that person last proved who they are.
    pub authenticated: Option<UnixTime>,
    /// Who acts.
    pub act: Option<Actor<'static>>,
    /// Who alone may act.
    pub may_act: Option<String>,
    /// What it came from.
    pub via: Vec<Step<'static>>,
    /// The issuer elsewhere that vouched for the person.
    pub trust: Option<TrustedIssuerId>,
}

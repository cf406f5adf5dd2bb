//! ID tokens: who somebody is, told to one audience and signed.
//!
//! 1. A service account asks for one about itself, or about the person it acts for, with a
//!    `target_audience` (google-wire 2.3). Its e-mail is always in it, and `azp` is the account's e-mail.
//! 2. An OpenID client gets one about the person who signed in (OpenID Connect Core 1.0 section 2):
//!    `aud` and `azp` are its `client_id`, `nonce` is what it sent, `auth_time` when the person proved
//!    who they are, and `at_hash` ties it to the access token beside it (section 3.1.3.6). What else it
//!    tells of the person is what the scopes `email` and `profile` allow (section 5.4). `azn` is a claim of
//!    ours: the authorization that it hangs on, by which it can be exchanged (RFC 8693).
//!
//! They are RS256, or ES256 for a client that asked for it; so the hash is SHA-256.

use std::borrow::Cow;

use carnet_wire::scope::Scope;
use serde::Deserialize;
use serde::Serialize;

use crate::record::IdTokenAlgorithm;
use crate::record::User;
use crate::rule::token::AccountSubject;
use crate::rule::token::Actor;
use crate::value::AuthorizationId;
use crate::value::ClientId;
use crate::value::Email;
use crate::value::Seconds;
use crate::value::Title;
use crate::value::UnixTime;
use crate::value::UserId;

/// How long an ID token lives (google-wire 2.3).
const LIFETIME: Seconds = Seconds(3_600);

/// An ID token to be made.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct IdGrant {
    /// About whom.
    pub about: About,
    /// For whom: the `target_audience`, or the client.
    pub audience: String,
    /// From when.
    pub issued: UnixTime,
    /// Until when.
    pub expires: UnixTime,
    /// With what it is signed.
    pub algorithm: IdTokenAlgorithm,
}

/// Whom an ID token is about.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum About {
    /// A service account, or the person it acts for.
    Account(AccountSubject),
    /// A service account that others became (google-wire 5.1). Its `azp` is its number, and the e-mail is told
    /// only where it was asked for.
    Impersonated {
        /// The account, with who became it.
        account: AccountSubject,
        /// Whether the e-mail is told.
        email: bool,
        /// The number of the organization, where it is told.
        organization: Option<u64>,
    },
    /// A person who signed in.
    Person(SignedIn),
}

/// What an OpenID client is told of a person who signed in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SignedIn {
    /// The client.
    pub client: ClientId,
    /// The person.
    pub user: UserId,
    /// Their e-mail, and whether it is known to be theirs, if the scope tells it.
    pub email: Option<(Email, bool)>,
    /// What they are called, if the scope tells it.
    pub name: Option<Title>,
    /// What the client sent to know its own request by.
    pub nonce: Option<String>,
    /// When they last proved who they are.
    pub authenticated: UnixTime,
    /// What the client holds of them.
    pub authorization: Option<AuthorizationId>,
}

impl SignedIn {
    /// Of a person, as much as the scope tells.
    #[must_use]
    pub fn new(
        client: &ClientId,
        user: &User,
        scope: &Scope,
        nonce: Option<String>,
        authenticated: UnixTime,
    ) -> Self {
        let may = |wanted: &str| scope.iter().any(|name| name == wanted);
        Self {
            client: client.clone(),
            user: user.id.clone(),
            email: may("email").then(|| (user.email.clone(), user.email_verified)),
            name: may("profile").then(|| user.name.clone()),
            nonce,
            authenticated,
            authorization: None,
        }
    }

    /// The same, of this authorization.
    #[must_use]
    pub fn hanging_on(self, authorization: AuthorizationId) -> Self {
        Self {
            authorization: Some(authorization),
            ..self
        }
    }
}

impl IdGrant {
    /// About a service account, or the person it acts for.
    #[must_use]
    pub fn of_account(subject: AccountSubject, audience: String, now: UnixTime) -> Self {
        Self {
            about: About::Account(subject),
            audience,
            issued: now,
            expires: now + LIFETIME,
            algorithm: IdTokenAlgorithm::Rs256,
        }
    }

    /// About a service account that others became.
    #[must_use]
    pub const fn of_impersonated(about: About, audience: String, now: UnixTime) -> Self {
        Self {
            about,
            audience,
            issued: now,
            expires: UnixTime(now.0.saturating_add(LIFETIME.0)),
            algorithm: IdTokenAlgorithm::Rs256,
        }
    }

    /// The same, signed otherwise.
    #[must_use]
    pub fn signed_with(self, algorithm: IdTokenAlgorithm) -> Self {
        Self { algorithm, ..self }
    }

    /// About a person, for the client in which they signed in.
    #[must_use]
    pub fn of_person(person: SignedIn, now: UnixTime) -> Self {
        Self {
            audience: person.client.to_string(),
            about: About::Person(person),
            issued: now,
            expires: now + LIFETIME,
            algorithm: IdTokenAlgorithm::Rs256,
        }
    }
}

/// What an ID token says.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct IdClaims<'a> {
    /// The issuer.
    #[serde(borrow)]
    pub iss: Cow<'a, str>,
    /// The `target_audience`, or the client.
    #[serde(borrow)]
    pub aud: Cow<'a, str>,
    /// Who asked for it: the account's e-mail, or the client.
    #[serde(borrow)]
    pub azp: Cow<'a, str>,
    /// The subject's e-mail.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Cow<'a, str>>,
    /// Whether it is the subject's. Always for a service account: we made the one, and the directory
    /// vouches for the other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
    /// What the subject is called.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Cow<'a, str>>,
    /// The subject.
    #[serde(borrow)]
    pub sub: Cow<'a, str>,
    /// From when.
    pub iat: i64,
    /// Until when.
    pub exp: i64,
    /// What the client sent.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<Cow<'a, str>>,
    /// When the person last proved who they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
    /// The authorization that it hangs on.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub azn: Option<Cow<'a, str>>,
    /// Who became the account that it is about (RFC 8693 section 4.1).
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Actor<'a>>,
    /// What Google tells of where the account belongs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub google: Option<OfOrganization>,
    /// The hash of the access token beside it.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub at_hash: Option<Cow<'a, str>>,
}

/// The claim `google`.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct OfOrganization {
    /// The number of the organization that the account belongs to.
    pub organization_number: u64,
}

impl<'a> IdClaims<'a> {
    /// What a token for this grant says, beside this access token.
    #[must_use]
    pub fn of(grant: &'a IdGrant, issuer: &'a str, access_token: Option<&str>) -> Self {
        let claims = match &grant.about {
            About::Account(account) => Self::of_account(account),
            About::Person(person) => Self::of_person(person),
            About::Impersonated {
                account,
                email,
                organization,
            } => Self {
                azp: account.id.as_str().into(),
                sub: account.id.as_str().into(),
                email: email.then(|| account.email.as_str().into()),
                email_verified: email.then_some(true),
                act: account.acting.clone(),
                google: organization.map(|organization_number| OfOrganization {
                    organization_number,
                }),
                ..Self::default()
            },
        };
        Self {
            iss: issuer.into(),
            aud: grant.audience.as_str().into(),
            iat: grant.issued.0,
            exp: grant.expires.0,
            at_hash: access_token.map(|token| half_hash(token).into()),
            ..claims
        }
    }

    fn of_account(account: &'a AccountSubject) -> Self {
        let (sub, email) = match &account.user {
            None => (account.id.as_str(), account.email.as_str()),
            Some((id, email)) => (id.as_str(), email.as_str()),
        };
        Self {
            azp: account.email.as_str().into(),
            email: Some(email.into()),
            email_verified: Some(true),
            sub: sub.into(),
            ..Self::default()
        }
    }

    fn of_person(person: &'a SignedIn) -> Self {
        let email = person.email.as_ref();
        Self {
            azp: person.client.as_str().into(),
            email: email.map(|(email, _)| email.as_str().into()),
            email_verified: email.map(|(_, verified)| *verified),
            name: person.name.as_ref().map(|name| name.as_str().into()),
            sub: person.user.as_str().into(),
            nonce: person.nonce.as_deref().map(Into::into),
            auth_time: Some(person.authenticated.0),
            azn: person.authorization.map(|id| id.to_string().into()),
            ..Self::default()
        }
    }
}

/// The left half of the SHA-256 (OpenID Connect Core 1.0 section 3.1.3.6).
fn half_hash(token: &str) -> String {
    let hash = carnet_jose::digest::sha256(token.as_bytes());
    let (half, _) = hash.split_at(hash.len() / 2);
    carnet_jose::base64url::encode(half)
}

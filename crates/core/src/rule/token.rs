//! Our tokens: what they say, and whether one still stands.

mod claims;
mod exchanged;
mod federated;
mod id_token;
mod impersonated;
mod narrowed;
mod standing;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use carnet_jose::Algorithm;
use carnet_wire::authorization_details::AuthorizationDetails;
use carnet_wire::scope::Scope;
use carnet_wire::token::TokenType;

use crate::record::Api;
use crate::record::Binding;
use crate::record::TokenFormat;
use crate::value::ApiIdentifier;
use crate::value::AuthorizationId;
use crate::value::ClientId;
use crate::value::Seconds;
use crate::value::ServiceAccountEmail;
use crate::value::TokenId;
use crate::value::TrustedIssuerId;
use crate::value::UniqueId;
use crate::value::UnixTime;
use crate::value::{Email, UserId};

pub use claims::{AccessClaims, Audiences, Whose, confirmation};
pub use exchanged::{Actor, ExchangedSubject, MOST_EXCHANGES, MayAct, SYSTEM_KEY, Step};
pub use federated::{FederatedClaims, FederatedSubject};
pub use id_token::{About, IdClaims, IdGrant, OfOrganization, SignedIn};
pub use impersonated::{Impersonator, MOST_ACTORS, impersonators};
pub use narrowed::Narrowed;
pub use standing::{Standing, load, stands};

/// The longest that an access token lives where no API says less.
const LIFETIME: Seconds = Seconds(3_600);

/// What a decision to give a token says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Issue {
    /// An access token.
    Access(AccessGrant),
    /// An ID token and nothing else.
    Id(IdGrant),
}

impl Issue {
    /// Binds an access token to a key. An ID token is nobody's right to do something, so it is bound to none.
    pub fn bind(&mut self, binding: Binding) {
        if let Self::Access(grant) = self {
            grant.binding = Some(binding);
        }
    }
}

/// Whom an access token is about.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Subject {
    /// A service account, for itself or for a person.
    Account(AccountSubject),
    /// An OAuth client, for itself (RFC 6749 section 4.4): `sub` is its `client_id` (RFC 9068
    /// section 2.2).
    Client(ClientId),
    /// A person, through an OAuth client that they allowed it to.
    Person(PersonSubject),
    /// Whom a pool of workload identity let in.
    Federated(Box<FederatedSubject>),
    /// Whomever another token is about, of which this one is made (RFC 8693).
    Exchanged(Box<ExchangedSubject>),
}

/// A service account that asked for a token.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AccountSubject {
    /// The account: the OAuth client.
    pub id: UniqueId,
    /// Its e-mail.
    pub email: ServiceAccountEmail,
    /// The person it acts for, if any.
    pub user: Option<(UserId, Email)>,
    /// Who became it, if it did not ask itself: the last one, and within it those before. Or the mark of a key that
    /// we hold for it ([`Actor::of_system_key`]), if that is what it proved itself with.
    pub acting: Option<Actor<'static>>,
}

/// A person who let a client ask for a token.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PersonSubject {
    /// The client.
    pub client: ClientId,
    /// The person.
    pub user: UserId,
    /// The e-mail of the person, where the client may know it (scope `email`).
    pub email: Option<Email>,
    /// What the token hangs on: it is worth nothing once this has ended.
    pub authorization: AuthorizationId,
    /// When the person last proved who they are: `auth_time` (RFC 9068 section 2.2.1). None: whoever vouched for them did
    /// not say.
    pub authenticated: Option<UnixTime>,
    /// Who alone may act for the person with this token, if the client says so.
    pub may_act: Option<ClientId>,
    /// The issuer elsewhere that vouched for the person, where that is how the client got it.
    pub trust: Option<TrustedIssuerId>,
}

/// An access token to be made.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AccessGrant {
    /// Its `jti`.
    pub id: TokenId,
    /// About whom.
    pub subject: Subject,
    /// With which scope.
    pub scope: Scope,
    /// In detail (RFC 9396).
    pub details: Option<AuthorizationDetails>,
    /// For which APIs.
    pub audience: Vec<ApiIdentifier>,
    /// In which form.
    pub format: TokenFormat,
    /// Signed with which algorithm, if it is a JWT.
    pub algorithm: Algorithm,
    /// From when.
    pub issued: UnixTime,
    /// Until when.
    pub expires: UnixTime,
    /// Bound to which key; to none, and then it is enough to hold it.
    pub binding: Option<Binding>,
}

impl AccessGrant {
    /// A token for several APIs is as careful as the most careful of them: opaque if one wants it,
    /// as short as the shortest, and in the algorithm that the first names.
    #[must_use]
    pub fn new(
        id: TokenId,
        subject: Subject,
        scope: Scope,
        apis: &[Arc<Api>],
        issued: UnixTime,
    ) -> Self {
        let opaque = apis.iter().any(|api| api.tokens == TokenFormat::Opaque);
        let lifetime = apis
            .iter()
            .map(|api| api.lifetime)
            .min()
            .unwrap_or(LIFETIME);
        Self {
            id,
            subject,
            scope,
            details: None,
            audience: apis.iter().map(|api| api.identifier.clone()).collect(),
            format: if opaque {
                TokenFormat::Opaque
            } else {
                TokenFormat::Jwt
            },
            algorithm: apis.first().map_or(Algorithm::ES256, |api| api.algorithm),
            issued,
            expires: issued + lifetime,
            binding: None,
        }
    }

    /// The same, bound to a key.
    #[must_use]
    pub fn bound_to(mut self, binding: Option<&Binding>) -> Self {
        self.binding = binding.cloned();
        self
    }

    /// `token_type` (RFC 9449 section 5). A token that is bound to a certificate is a bearer token by name
    /// (RFC 8705 section 3).
    #[must_use]
    pub const fn token_type(&self) -> TokenType {
        match &self.binding {
            Some(Binding::Key(_)) => TokenType::Dpop,
            Some(Binding::Certificate(_)) | None => TokenType::Bearer,
        }
    }

    /// `expires_in`.
    #[must_use]
    pub fn lifetime(&self) -> Seconds {
        self.expires - self.issued
    }
}

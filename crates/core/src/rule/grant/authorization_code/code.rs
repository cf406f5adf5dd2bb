//! The code: everything that its redemption rests on, sealed. Nothing is written when it is given.

use std::fmt;

use carnet_jose::base64url;
use carnet_jose::digest;
use carnet_wire::authorization_details::AuthorizationDetails;
use carnet_wire::crn::Crn;
use carnet_wire::scope::Scope;
use serde::Deserialize;
use serde::Serialize;

use crate::rule::Refusal;
use crate::rule::authorization::OFFLINE_ACCESS;
use crate::rule::authorize::Asked;
use crate::rule::authorize::Destination;
use crate::rule::authorize::Facts;
use crate::value::ApiIdentifier;
use crate::value::AuthorizationId;
use crate::value::ClientId;
use crate::value::Entropy;
use crate::value::Seconds;
use crate::value::SessionId;
use crate::value::UnixTime;
use crate::value::UserId;

/// How long a code is good for (RFC 6749 section 4.1.2 has ten minutes at most; FAPI 2.0 one).
pub const LIFETIME: Seconds = Seconds(60);

/// How many bytes a code may have before it is sealed: it travels in a URL.
const MOST: usize = 3_000;

/// What a code says.
#[derive(Clone, Deserialize, Eq, PartialEq, Serialize)]
pub struct Code {
    /// The authorization that its redemption makes: no two have the same, so none is redeemed twice.
    #[serde(rename = "a")]
    pub authorization: AuthorizationId,
    /// The only client that may redeem it (lesson 20 of `security.md`).
    #[serde(rename = "c")]
    pub client: ClientId,
    /// Who agreed.
    #[serde(rename = "u")]
    pub user: UserId,
    /// In which session.
    #[serde(rename = "s")]
    pub session: SessionId,
    /// To what.
    #[serde(rename = "p")]
    pub scope: Scope,
    /// To what in detail.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub details: Option<AuthorizationDetails>,
    /// Whether it is for no longer than the session, though no `openid` is granted: `offline_access` was asked
    /// for, and the person left it out.
    #[serde(rename = "o", default, skip_serializing_if = "std::ops::Not::not")]
    pub online: bool,
    /// For which APIs.
    #[serde(rename = "r")]
    pub audience: Vec<ApiIdentifier>,
    /// The digest of the redirect URI that was used.
    #[serde(rename = "d")]
    redirect: Box<str>,
    /// Whether the request named that, so that the redemption must.
    #[serde(rename = "m")]
    named: bool,
    /// PKCE, S256.
    #[serde(rename = "h", default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<Box<str>>,
    /// The only key that may redeem it, by its thumbprint (RFC 9449 section 10).
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Box<str>>,
    /// The word that the ID token repeats.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<Box<str>>,
    /// When the person proved who they are.
    #[serde(rename = "t")]
    pub authenticated: UnixTime,
    /// When it was given.
    #[serde(rename = "i")]
    pub issued: UnixTime,
}

impl Code {
    /// A code for this scope.
    pub(in crate::rule) fn new(
        asked: &Asked,
        destination: &Destination,
        facts: &Facts,
        scope: Scope,
        (now, entropy): (UnixTime, &mut dyn Entropy),
    ) -> Result<Self, Refusal> {
        let (user, session) = &facts.person;
        let code = Self {
            authorization: AuthorizationId::mint(now, entropy),
            client: destination.client().id.clone(),
            user: user.id.clone(),
            session: session.id,
            online: asked.scope.contains(OFFLINE_ACCESS) && !scope.contains(OFFLINE_ACCESS),
            scope,
            details: asked.details.clone(),
            audience: asked.audience.clone(),
            redirect: fingerprint(destination.redirect_uri()),
            named: destination.is_named(),
            challenge: asked.challenge.clone(),
            key: asked.key.clone(),
            nonce: asked.nonce.clone(),
            authenticated: session.created,
            issued: now,
        };
        if code.to_bytes().len() > MOST {
            let detail = "scope, nonce, resource and authorization_details are too long together.";
            return Err(Refusal::new(Crn::FORM_OUT_OF_BOUNDS, detail));
        }
        Ok(code)
    }

    /// As it is sealed.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // Texts and numbers: there is nothing in it that JSON cannot say.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// As it was sealed.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// Whether the redemption names the redirect URI as it must (RFC 6749 section 4.1.3).
    pub(super) fn returned_to(&self, sent: Option<&str>) -> bool {
        match sent {
            Some(sent) => *self.redirect == *fingerprint(sent),
            None => !self.named,
        }
    }
}

fn fingerprint(redirect_uri: &str) -> Box<str> {
    base64url::encode(digest::sha256(redirect_uri)).into()
}

/// Without the challenge and the nonce.
impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Code")
            .field("authorization", &self.authorization)
            .field("client", &self.client)
            .field("user", &self.user)
            .field("scope", &self.scope)
            .field("issued", &self.issued)
            .finish_non_exhaustive()
    }
}

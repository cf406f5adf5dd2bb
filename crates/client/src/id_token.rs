//! Who the person is, as the server says it.
//!
//! OpenID Connect Core §3.1.3.7. The token came from the token endpoint, and still its signature is
//! looked at, with the keys that the server publishes:
//!
//! 1. One of the server's keys signed it. (A server that publishes none is believed by its
//!    certificate, as point 6 there allows.)
//! 2. `iss` is the server, `aud` holds this client, and with more than one audience `azp` is it.
//! 3. It is not over; clocks may differ by a minute.
//! 4. `nonce` is the one that was sent.

use carnet_jose::Limits;
use carnet_jose::Unverified;
use carnet_jose::json;
use carnet_jose::jwt::Audience;
use carnet_jose::jwt::LenientDate;
use serde::Deserialize;

use crate::client::Client;
use crate::error::Error;
use crate::token::Secret;

/// How far clocks may differ, in seconds.
const SKEW: i64 = 60;

/// The claims that every ID token has, and those about a person that are asked for most.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct IdClaims {
    /// Who: never another person at the same issuer.
    pub sub: String,
    /// Their address, with the scope `email`.
    #[serde(default)]
    pub email: Option<String>,
    /// Their name, with the scope `profile`.
    #[serde(default)]
    pub name: Option<String>,
    /// When they signed in, in seconds since 1970.
    #[serde(default, rename = "auth_time")]
    auth_time: Option<LenientDate>,
    iss: String,
    aud: Audience,
    exp: LenientDate,
    #[serde(default)]
    azp: Option<String>,
    #[serde(default)]
    nonce: Option<String>,
}

impl IdClaims {
    /// When they signed in, in seconds since 1970, where the server says so.
    pub fn auth_time(&self) -> Option<i64> {
        self.auth_time.map(|date| date.0)
    }
}

impl Client {
    /// Reads an ID token that the server gave to this client.
    pub async fn identity(&self, id_token: &Secret) -> Result<IdClaims, Error> {
        check(self, id_token, None).await
    }
}

/// Looks at an ID token.
pub(crate) async fn check(
    client: &Client,
    id_token: &Secret,
    nonce: Option<&Secret>,
) -> Result<IdClaims, Error> {
    let issuer = client.metadata().issuer();
    let not = |fault: NotOurs| Error::answer(issuer, fault);
    let unverified = Unverified::parse(id_token.reveal(), Limits::STRICT)
        .map_err(|_| not(NotOurs::Malformed))?;
    if let Some(keys) = client.keys() {
        let name = unverified.header().key_id.as_deref();
        let keys = keys.keys_for(name).await?;
        let signed = keys
            .candidates(name)
            .any(|key| unverified.verify(&key.key).is_ok());
        if !signed {
            return Err(not(NotOurs::Signature));
        }
    }
    let claims = unverified.claims_unverified_for_lookup();
    let claims: IdClaims =
        json::typed(claims, json::CLAIMS_DEPTH).map_err(|_| not(NotOurs::Malformed))?;
    let party = claims.azp.as_deref();
    let alone = claims.aud.values().len() == 1;
    let ours = claims.aud.contains(client.id()) && (alone || party == Some(client.id()));
    let fault = if claims.iss != issuer {
        NotOurs::Issuer
    } else if !ours || party.is_some_and(|party| party != client.id()) {
        NotOurs::Audience
    } else if claims.exp.0.saturating_add(SKEW) <= client.now() {
        NotOurs::Over
    } else if nonce.is_some_and(|sent| claims.nonce.as_deref() != Some(sent.reveal())) {
        NotOurs::Nonce
    } else {
        return Ok(claims);
    };
    Err(not(fault))
}

/// Why an ID token says nothing to this client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum NotOurs {
    #[error("the ID token is not a signed token with the claims of OpenID Connect")]
    Malformed,
    #[error("no key of the server signed the ID token")]
    Signature,
    #[error("the ID token comes from another issuer")]
    Issuer,
    #[error("the ID token is for another client")]
    Audience,
    #[error("the ID token is over")]
    Over,
    #[error("the ID token belongs to another request: its nonce is not the one that was sent")]
    Nonce,
}

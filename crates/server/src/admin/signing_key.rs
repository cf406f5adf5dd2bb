//! `signing-keys`: the keys with which this server signs and seals.

use std::sync::Arc;

use axum::http::Method;
use carnet_core::record::{self, SigningUse};
use carnet_core::rule::admin::access::{Place, Right};
use carnet_core::rule::admin::signing_key as rule;
use carnet_core::rule::admin::{Done, No};
use carnet_core::rule::signing::PUBLISHED_AHEAD;
use carnet_core::store::Fault;
use carnet_core::value::{KeyId, UnixTime};
use carnet_jose::{Algorithm, pem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Answer, List};
use super::call::Call;
use super::etag::{self, Needed};
use super::problem::Problem;
use super::route::{Route, route};
use crate::entropy::SystemEntropy;
use crate::keyring::make_key;

/// A key with which this server signs or seals tokens.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SigningKey {
    /// Its `kid`: 40 hexadecimal digits.
    pub id: String,
    /// What it does.
    pub usage: SigningUsage,
    /// The public key in PEM. Absent for a sealing key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
    /// Where it is in its life.
    pub state: SigningKeyState,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created: String,
    /// Its ETag.
    pub etag: String,
}

/// What a key of this server does.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) enum SigningUsage {
    /// Signs, RSA, PKCS #1 v1.5.
    RS256,
    /// Signs, RSA, PSS.
    PS256,
    /// Signs, P-256.
    ES256,
    /// Signs, P-384.
    ES384,
    /// Signs, Ed25519.
    EdDSA,
    /// Seals opaque tokens (AES-256-GCM).
    #[serde(rename = "seal")]
    Seal,
}

/// Where a key of this server is in its life.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SigningKeyState {
    /// `published`, `active` or `retired`.
    pub state: SigningKeyStateName,
    /// Since when.
    #[schema(format = DateTime)]
    pub since: String,
    /// From when on a published key may be activated without `hurry`: verifiers have fetched it by then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub ready: Option<String>,
    /// Until when a retired key verifies: the last token that it signed has expired by then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub until: Option<String>,
}

/// The states of a key of this server.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SigningKeyStateName {
    /// In the key set, but it does not sign yet.
    Published,
    /// Signs. One key for each use does.
    Active,
    /// Signs no more; still in the key set.
    Retired,
}

/// A key to be made.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct CreateSigningKey {
    /// What it is to do.
    usage: SigningUsage,
}

/// How a key is activated.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct ActivateSigningKey {
    /// Without waiting until verifiers have fetched it: after a leak. Tokens may be refused by those who
    /// keep an older key set.
    #[schema(default = false)]
    hurry: bool,
}

/// Where signing keys answer.
pub(crate) fn routes() -> [Route; 5] {
    const ONE: &str = "signing-keys/{key}";
    [
        route(
            Method::GET,
            "signing-keys",
            "Lists the keys of this server, oldest first.",
            |call| Box::pin(list(call)),
        )
        .gives::<List<SigningKey>>(),
        route(
            Method::POST,
            "signing-keys",
            "Makes a key: published at once, and not yet signing.",
            |call| Box::pin(create(call)),
        )
        .takes::<CreateSigningKey>()
        .creates::<SigningKey>(),
        route(Method::GET, ONE, "Shows a key of this server.", |call| {
            Box::pin(get(call))
        })
        .gives::<SigningKey>(),
        route(
            Method::POST,
            "signing-keys/{key}:activate",
            "Makes a published key sign; the one that did so far retires.",
            |call| Box::pin(activate(call)),
        )
        .may_take::<ActivateSigningKey>()
        .gives::<SigningKey>(),
        route(
            Method::POST,
            "signing-keys/{key}:withdraw",
            "Takes a key away that does not sign. Tokens that it signed are refused from now on.",
            |call| Box::pin(withdraw(call)),
        )
        .gives::<SigningKey>(),
    ]
}

async fn list(call: Call) -> Result<Answer, Problem> {
    call.permit(Right::Read, &Place::Installation)?;
    let keys = call.desk.store().signing_keys().await?;
    Ok(Answer::ok(&List {
        items: keys.into_iter().map(SigningKey::from).collect(),
        next_page_token: None,
    }))
}

async fn create(call: Call) -> Result<Answer, Problem> {
    call.permit(Right::Write, &Place::Installation)?;
    let body: CreateSigningKey = call.read()?;
    let keys = call.desk.store().signing_keys().await?;
    rule::room(&keys)?;
    let (usage, now, parts) = (body.usage.into(), call.now, Arc::clone(&call.desk.parts));
    let making = move || make_key(usage, now, &mut SystemEntropy, &parts.encryption);
    let made = call.desk.parts.workshop.work(making).await?;
    let made = made.map_err(Fault::lasting)?;
    let done = rule::create(made, &keys, &call.context())?;
    let key = in_force(&call, done).await?;
    let (location, version) = (call.location(&key.id), key.version);
    Ok(Answer::created(&SigningKey::from(key), location).tagged(version))
}

async fn get(call: Call) -> Result<Answer, Problem> {
    call.permit(Right::Read, &Place::Installation)?;
    let (_, key) = found(&call).await?;
    let version = key.version;
    Ok(call.record(&SigningKey::from(key), version))
}

async fn activate(call: Call) -> Result<Answer, Problem> {
    call.permit(Right::Write, &Place::Installation)?;
    let body: ActivateSigningKey = call.read()?;
    let (keys, key) = found(&call).await?;
    call.if_match(key.version, Needed::No)?;
    let done = rule::activate(&keys, &key.id, body.hurry, &call.context())?;
    let key = in_force(&call, done).await?;
    let version = key.version;
    Ok(Answer::ok(&SigningKey::from(key)).tagged(version))
}

async fn withdraw(call: Call) -> Result<Answer, Problem> {
    call.permit(Right::Write, &Place::Installation)?;
    let (keys, key) = found(&call).await?;
    call.if_match(key.version, Needed::No)?;
    let done = rule::withdraw(&keys, &key.id, &call.context())?;
    let key = in_force(&call, done).await?;
    Ok(Answer::ok(&SigningKey::from(key)))
}

/// All keys, and the one that the path names.
async fn found(call: &Call) -> Result<(Vec<record::SigningKey>, record::SigningKey), Problem> {
    let id: KeyId = call.named("key")?;
    let keys = call.desk.store().signing_keys().await?;
    let key = keys.iter().find(|key| key.id == id).cloned();
    Ok((keys, key.ok_or_else(No::hidden)?))
}

/// Commits, and takes the change into use on this node before the answer. Should that fail, the feed of
/// changes brings it once more; what is committed is told as done.
async fn in_force(
    call: &Call,
    done: Done<record::SigningKey>,
) -> Result<record::SigningKey, Problem> {
    let key = call.commit(done).await?;
    if let Err(fault) = call.desk.parts.refresh().await {
        tracing::error!(fault = %fault, "keys could not be read anew; the feed brings them again");
    }
    Ok(key)
}

impl From<record::SigningKey> for SigningKey {
    fn from(key: record::SigningKey) -> Self {
        let (state, since, ready, until) = match key.state {
            record::SigningKeyState::Published => {
                let ready = key.created + PUBLISHED_AHEAD;
                (
                    SigningKeyStateName::Published,
                    key.created,
                    Some(ready),
                    None,
                )
            }
            record::SigningKeyState::Active { since } => {
                (SigningKeyStateName::Active, since, None, None)
            }
            record::SigningKeyState::Retired { since, until } => {
                (SigningKeyStateName::Retired, since, None, Some(until))
            }
        };
        let public = (!key.public_key.is_empty())
            .then(|| pem::encode("PUBLIC KEY", &key.public_key).to_string());
        Self {
            id: key.id.to_string(),
            usage: key.usage.into(),
            public_key: public,
            state: SigningKeyState {
                state,
                since: since.rfc3339(),
                ready: ready.map(UnixTime::rfc3339),
                until: until.map(UnixTime::rfc3339),
            },
            created: key.created.rfc3339(),
            etag: etag::of(key.version),
        }
    }
}

impl From<SigningUse> for SigningUsage {
    fn from(usage: SigningUse) -> Self {
        match usage {
            SigningUse::Sign(Algorithm::RS256) => Self::RS256,
            SigningUse::Sign(Algorithm::PS256) => Self::PS256,
            SigningUse::Sign(Algorithm::ES256) => Self::ES256,
            SigningUse::Sign(Algorithm::ES384) => Self::ES384,
            SigningUse::Sign(Algorithm::EdDSA) => Self::EdDSA,
            SigningUse::Seal => Self::Seal,
        }
    }
}

impl From<SigningUsage> for SigningUse {
    fn from(usage: SigningUsage) -> Self {
        match usage {
            SigningUsage::RS256 => Self::Sign(Algorithm::RS256),
            SigningUsage::PS256 => Self::Sign(Algorithm::PS256),
            SigningUsage::ES256 => Self::Sign(Algorithm::ES256),
            SigningUsage::ES384 => Self::Sign(Algorithm::ES384),
            SigningUsage::EdDSA => Self::Sign(Algorithm::EdDSA),
            SigningUsage::Seal => Self::Seal,
        }
    }
}

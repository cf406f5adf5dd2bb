//! `clients/{client}/secrets`: what proves an app. The text of a secret stands in the answer to its
//! creation and nowhere else.

use axum::http::Method;
use carnet_core::record;
use carnet_core::rule::admin::access::Right;
use carnet_core::rule::admin::client::covered;
use carnet_core::rule::admin::client_secret::{self as rule, Made};
use carnet_core::rule::admin::service_account_key::expiry;
use carnet_core::rule::admin::{Done, No};
use carnet_core::store::{Committed, Why};
use carnet_core::value::{Seconds, SecretId};
use serde::Deserialize;
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::answer::{Answer, List};
use super::call::Call;
use super::client::found;
use super::client_view::{ClientSecret, CreatedSecret};
use super::etag::Needed;
use super::problem::{self, Problem};
use super::route::{Route, route};
use crate::client_secret;
use crate::entropy::SystemEntropy;

/// How long an old secret works beside the new one unless said otherwise: a day.
const OVERLAP: i64 = 86_400;

/// A secret to be made.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct CreateSecret {
    /// After how many days it is worth nothing: 1 to 3650. Absent: it does not expire.
    #[schema(minimum = 1, maximum = 3650)]
    expires_in_days: Option<i64>,
}

/// A secret to be made in the place of the one that lives.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct RollSecret {
    /// How long the old one works on, in seconds: 0 (not at all) to 90 days. A day unless said otherwise.
    #[schema(minimum = 0, maximum = 7_776_000, default = 86400)]
    overlap_seconds: Option<i64>,
    /// After how many days the new one is worth nothing: 1 to 3650. Absent: it does not expire.
    #[schema(minimum = 1, maximum = 3650)]
    expires_in_days: Option<i64>,
}

/// Where secrets answer.
pub(crate) fn routes() -> [Route; 4] {
    const LIST: &str = "clients/{client}/secrets";
    [
        route(
            Method::GET,
            LIST,
            "Lists the secrets of an app, oldest first, without their texts.",
            |call| Box::pin(list(call)),
        )
        .gives::<List<ClientSecret>>(),
        route(
            Method::POST,
            LIST,
            "Makes a secret. Its text is in this answer and nowhere else. Two live at most.",
            |call| Box::pin(create(call)),
        )
        .may_take::<CreateSecret>()
        .creates::<CreatedSecret>(),
        route(
            Method::POST,
            "clients/{client}/secrets:roll",
            "Makes a secret in the place of the one that lives, which works on for the overlap.",
            |call| Box::pin(roll(call)),
        )
        .may_take::<RollSecret>()
        .creates::<CreatedSecret>(),
        route(
            Method::DELETE,
            "clients/{client}/secrets/{secret}",
            "Deletes a secret: it is worth nothing from now on.",
            |call| Box::pin(delete(call)),
        ),
    ]
}

async fn list(call: Call) -> Result<Answer, Problem> {
    let (client, _) = found(&call, Right::Read).await?;
    let secrets = call.desk.store().client_secrets(&client.id).await?;
    let uses = call.desk.store().secret_uses(&client.id).await?;
    let shown = |secret| ClientSecret::of(secret, &uses, call.now);
    Ok(Answer::ok(&List {
        items: secrets.into_iter().map(shown).collect(),
        next_page_token: None,
    }))
}

async fn create(call: Call) -> Result<Answer, Problem> {
    let (client, held) = writable(&call).await?;
    let body: CreateSecret = call.read()?;
    let expires = expiry(body.expires_in_days, call.now)?;
    let done = rule::create(&client, &held, expires, &call.context(), &mut SystemEntropy)?;
    made(&call, &client, done).await
}

async fn roll(call: Call) -> Result<Answer, Problem> {
    let (client, held) = writable(&call).await?;
    let body: RollSecret = call.read()?;
    let expires = expiry(body.expires_in_days, call.now)?;
    let overlap = Seconds(body.overlap_seconds.unwrap_or(OVERLAP));
    let times = (overlap, expires);
    let done = rule::roll(&client, &held, times, &call.context(), &mut SystemEntropy)?;
    made(&call, &client, done).await
}

async fn delete(call: Call) -> Result<Answer, Problem> {
    let (_, held) = writable(&call).await?;
    let id: SecretId = call.named("secret")?;
    let secret = held.into_iter().find(|secret| secret.id == id);
    let secret = secret.ok_or_else(No::hidden)?;
    call.if_match(secret.version, Needed::No)?;
    let done = rule::delete(secret, &call.context())?;
    call.commit(done).await?;
    Ok(Answer::gone())
}

/// The app that the path names with its secrets, if the caller may change them.
async fn writable(call: &Call) -> Result<(record::Client, Vec<record::ClientSecret>), Problem> {
    let (client, project) = found(call, Right::Write).await?;
    covered(&client, &project, &call.caller.powers)?;
    let held = call.desk.store().client_secrets(&client.id).await?;
    Ok((client, held))
}

async fn made(
    call: &Call,
    client: &record::Client,
    mut done: Done<Made>,
) -> Result<Answer, Problem> {
    if client.authentication.needs_the_text() {
        client_secret::seal(&mut done, &call.desk.parts.encryption)?;
    }
    match call.desk.store().commit(&done.changes).await? {
        Committed::No(_, Why::Full) => return Err(rule::full().into()),
        committed => problem::committed(committed)?,
    }
    let Made { secret, text, old } = done.record;
    let (location, version) = (call.location(secret.id), secret.version);
    let created = CreatedSecret {
        secret: ClientSecret::of(secret, &[], call.now),
        client_secret: Zeroizing::new(text.reveal()),
        old: old.map(|old| ClientSecret::of(old, &[], call.now)),
    };
    Ok(Answer::created(&created, location).tagged(version))
}

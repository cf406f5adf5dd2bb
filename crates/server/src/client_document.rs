//! Clients that are documents: a `client_id` that is the URL of the client's metadata
//! (draft-ietf-oauth-client-id-metadata-document).
//!
//! 1. The operator says whose documents are taken; those on the machine of whoever builds an app are for
//!    a sandbox. What is not taken is not fetched.
//! 2. The document is fetched by the guarded client ([`crate::outbound`]) and becomes a client by the
//!    rules ([`carnet_core::rule::registration`]). A good one is kept as long as its headers say, an hour
//!    by default, five minutes to a day; one that is not good is not kept at all (section 4.4). Whoever
//!    asks for one that is being fetched waits for it.
//! 3. What an administrator said of the client since (disabled, known) is in its record, and holds.
//! 4. There is a record only of a client that somebody let in, or that proved itself: whoever names URLs
//!    fills no table. The record follows the document ([`keep`]).
//! 5. A document that cannot be reached for a moment takes nothing from a client that has a record.

pub mod kept;

use std::sync::Arc;
use std::time::Duration;

use carnet_core::record::Client;
use carnet_core::record::ClientKeys;
use carnet_core::record::ClientSource;
use carnet_core::record::Project;
use carnet_core::rule::Refusal;
use carnet_core::rule::admin::Context;
use carnet_core::rule::registration;
use carnet_core::rule::registration::Terms;
use carnet_core::store::ClientSnapshot;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::value::ClientId;
use carnet_core::value::Seconds;
use carnet_core::value::UnixTime;
use carnet_wire::client_metadata::DocumentId;
use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use url::Url;

use crate::client_document::kept::Kept;
use crate::client_keys;
use crate::outbound::Freshness;
use crate::outbound::NamedBy;
use crate::outbound::NotFetched;
use crate::outbound::Wanted;
use crate::parts::Parts;
use crate::system;

/// What is fetched.
const WANTED: Wanted = Wanted {
    types: &["application/json", "application/client-id-metadata+json"],
    most_bytes: 16 * 1024,
    freshness: Freshness {
        least: Duration::from_mins(5),
        most: Duration::from_hours(24),
        usual: Duration::from_hours(1),
    },
    named_by: NamedBy::Stranger,
};

/// How often a record that others write too is written.
const TRIES: usize = 3;

/// What there is under a `client_id`.
#[derive(Clone, Debug)]
pub enum Looked {
    /// It is not a URL: the client is in the store, or nowhere.
    Elsewhere,
    /// The client of the document.
    Found(Arc<ClientSnapshot>),
    /// There is none, for this reason.
    Refused(Refusal),
}

/// The client whose id this is, if it is a document.
pub async fn look(text: &str, now: UnixTime, parts: &Parts) -> Result<Looked, Fault> {
    if !DocumentId::claims(text) {
        return Ok(Looked::Elsewhere);
    }
    let (id, url) = match taken(text, parts) {
        Ok(taken) => taken,
        Err(refusal) => return Ok(Looked::Refused(refusal)),
    };
    let record = parts.snapshots.client(&id).await?;
    let slot = parts.client_documents.slot(&id);
    let mut held = slot.lock().await;
    if let Some(kept) = held.as_ref().filter(|kept| now < kept.until) {
        return Ok(Looked::Found(merged(
            kept.client.clone(),
            record.as_deref(),
        )));
    }
    *held = None;
    match fetch(&id, &url, now, parts).await? {
        Ok(kept) => {
            let client = kept.client.clone();
            *held = Some(kept);
            Ok(Looked::Found(merged(client, record.as_deref())))
        }
        Err(No::Busy | No::ForNow(_)) if record.is_some() => {
            Ok(record.map_or(Looked::Elsewhere, Looked::Found))
        }
        Err(No::Busy) => Err(Fault::temporary(
            "too many documents of apps are being fetched",
        )),
        Err(No::ForNow(refusal) | No::Wrong(refusal)) => {
            drop(held);
            parts.client_documents.forget(&id);
            Ok(Looked::Refused(refusal))
        }
    }
}

/// Writes the record of a client that is a document, if it is not as the document says.
pub async fn keep(client: &Client, context: &Context<'_>, parts: &Parts) -> Result<(), Fault> {
    if client.source != ClientSource::Document {
        return Ok(());
    }
    for _ in 0..TRIES {
        let record = parts.store.client(&client.id).await?;
        let changes = registration::keep(client, record, context);
        if changes.is_empty() || parts.store.commit(&changes).await? == Committed::Yes {
            return Ok(());
        }
    }
    Err(Fault::temporary(
        "the record of a document lost against others three times",
    ))
}

/// Why there is no client.
enum No {
    /// Too much is being fetched: nothing is known of the document.
    Busy,
    /// It could not be looked at.
    ForNow(Refusal),
    /// What is there is no client.
    Wrong(Refusal),
}

/// The id and its URL, if its document is one that is taken.
fn taken(text: &str, parts: &Parts) -> Result<(ClientId, Url), Refusal> {
    let refuse = |why: &str| {
        let sent = Echo::of(text);
        let detail = format!("{why} client_id: {sent}");
        Err(Refusal::new(Crn::CLIENT_DOCUMENT_NOT_TAKEN, detail))
    };
    let Ok(document) = DocumentId::parse(text) else {
        return refuse("A client_id that is a URL is https, with a path and nothing ambiguous.");
    };
    if !parts.registration.takes(document.host()) || document.is_loopback() && !parts.sandbox {
        return refuse("Apps of that host are not taken here without registration.");
    }
    match (text.parse::<ClientId>(), Url::parse(text)) {
        // Whoever normalises the URL would ask for another one than the document names.
        (Ok(id), Ok(url)) if url.as_str() == text => Ok((id, url)),
        _ => refuse("A client_id that is a URL is written as browsers write it."),
    }
}

async fn fetch(
    id: &ClientId,
    url: &Url,
    now: UnixTime,
    parts: &Parts,
) -> Result<Result<Kept, No>, Fault> {
    let fetched = match parts.outbound.fetch(url, &WANTED).await {
        Ok(fetched) => fetched,
        Err(error) => {
            tracing::info!(client_id = id.as_str(), error = %error, "the document of a client was not fetched");
            return Ok(Err(not_fetched(&error)));
        }
    };
    let project = project(parts).await?;
    let catalog = parts.snapshots.catalog().await?;
    let terms = Terms {
        project: &project,
        catalog: &catalog,
        own_api: system::ADMIN_API,
        invited: false,
        source: ClientSource::Document,
    };
    let client = registration::document(id, &fetched.body, &terms, now);
    let client = client.and_then(|client| reachable(client, parts));
    let fresh_for = i64::try_from(fetched.fresh_for.as_secs()).unwrap_or_default();
    Ok(match client {
        Ok(client) => Ok(Kept {
            client,
            until: now + Seconds(fresh_for),
        }),
        Err(refusal) => Err(No::Wrong(refusal)),
    })
}

/// The client, unless its keys are where we would not fetch them.
fn reachable(client: Client, parts: &Parts) -> Result<Client, Refusal> {
    let keys = client.credentials.keys.as_ref();
    let Some(url) = keys.and_then(ClientKeys::elsewhere) else {
        return Ok(client);
    };
    match client_keys::may_be_at(url.as_str(), &parts.outbound) {
        Ok(()) => Ok(client),
        Err(why) => {
            let detail = format!("The document of the app cannot be used. /jwks_uri: {why}");
            Err(Refusal::new(Crn::CLIENT_DOCUMENT, detail))
        }
    }
}

fn not_fetched(error: &NotFetched) -> No {
    if *error == NotFetched::Busy {
        return No::Busy;
    }
    let told = error.told();
    let detail = format!("The document of the app cannot be used: {told}.");
    let refusal = Refusal::new(Crn::CLIENT_DOCUMENT, detail).because("fetch", error.to_string());
    if error.passes() {
        No::ForNow(refusal)
    } else {
        No::Wrong(refusal)
    }
}

/// The project that such clients belong to.
pub async fn project(parts: &Parts) -> Result<Project, Fault> {
    let id = match &parts.registration.project {
        Some(id) => id.clone(),
        None => system::PROJECT.parse().map_err(Fault::lasting)?,
    };
    let facts = parts.snapshots.project_facts(&id).await?;
    let facts = facts.ok_or_else(|| Fault::lasting("registration.project is not there"))?;
    Ok(facts.project.clone())
}

/// The client as the document has it, with what its record says of it.
fn merged(client: Client, record: Option<&ClientSnapshot>) -> Arc<ClientSnapshot> {
    let client = match record {
        Some(record) => registration::with_standing(client, &record.client),
        None => client,
    };
    Arc::new(ClientSnapshot {
        client,
        secrets: Vec::new(),
    })
}

//! A client that is a document (draft-ietf-oauth-client-id-metadata-document section 4).
//!
//! 1. The `client_id` in it is the URL at which it is, letter by letter: otherwise whoever can put a
//!    file somewhere could speak for another client.
//! 2. There is no secret in it, and it does not prove itself by one: the document is public.
//! 3. It says where the browser may be sent back to, and it is nobody's guest ([`super`]).

use carnet_wire::client_metadata::ClientMetadata;
use carnet_wire::client_metadata::ClientMetadataError;
use carnet_wire::crn::Crn;

use super::Checked;
use super::Terms;
use super::described;
use super::wrong;
use crate::record::Client;
use crate::rule::Refusal;
use crate::rule::admin::Context;
use crate::rule::admin::client as rules;
use crate::store::Change;
use crate::store::Record;
use crate::value::ClientId;
use crate::value::UnixTime;

/// The client of this document, which was fetched from its id.
pub fn client(
    id: &ClientId,
    body: &[u8],
    terms: &Terms<'_>,
    now: UnixTime,
) -> Result<Client, Refusal> {
    read(id, body, terms, now).map_err(|error| {
        let detail = format!("The document of the app cannot be used. {error}");
        Refusal::new(Crn::CLIENT_DOCUMENT, detail)
    })
}

fn read(id: &ClientId, body: &[u8], terms: &Terms<'_>, now: UnixTime) -> Checked<Client> {
    let metadata = ClientMetadata::parse(body)?;
    match metadata.client_id.as_deref() {
        Some(named) if named == id.as_str() => {}
        Some(_) => return wrong("/client_id", "is not the URL at which the document is"),
        None => return wrong("/client_id", "is missing; it is the URL of the document"),
    }
    if metadata.client_secret.is_some() || metadata.misplaced == Some("client_secret_expires_at") {
        return wrong(
            "/client_secret",
            "a document is public, so it cannot have a secret",
        );
    }
    if metadata.redirect_uris.is_empty() {
        return Err(ClientMetadataError::RedirectUri {
            pointer: "/redirect_uris".to_owned(),
            why: "at least one is needed".to_owned(),
        });
    }
    described(&metadata, id.clone(), &[], terms, now)
}

/// What a document says, with what only an administrator says of its client: whether it works, how well
/// it is known, how long what it gets lives, and what it may do that nobody should.
#[must_use]
pub fn with_standing(said: Client, record: &Client) -> Client {
    Client {
        project: record.project.clone(),
        lifetimes: record.lifetimes,
        legacy: record.legacy,
        trust: record.trust,
        state: record.state.clone(),
        created: record.created,
        changed: record.changed,
        version: record.version,
        ..said
    }
}

/// What is to be written so that the record of a client is as its document says. Nothing where it is.
#[must_use]
pub fn keep(said: &Client, record: Option<Client>, context: &Context<'_>) -> Vec<Change> {
    let (next, action) = match record {
        None => (said.clone(), "client.create"),
        Some(record) => {
            let next = with_standing(said.clone(), &record);
            if next == record {
                return Vec::new();
            }
            let version = record.version.next();
            let changed = context.now;
            let next = Client {
                changed,
                version,
                ..next
            };
            (next, "client.update")
        }
    };
    let mut detail = rules::described(&next);
    detail.retain(|(_, value)| !value.is_empty());
    detail.push(("source", "document".to_owned()));
    let audit = rules::audited(context, action, &next, detail);
    let row = Record::Client(next);
    let write = match action {
        "client.create" => Change::Insert(row),
        _ => Change::Replace(row),
    };
    vec![write, audit]
}

//! A client that registers itself (RFC 7591), and its own later changes (RFC 7592).
//!
//! 1. With an initial access token it is somebody's guest: the token names the project, and one use of it
//!    goes with the registration, in the same commit.
//! 2. The client gets a registration access token, of which a digest is kept. An update gives it a new one
//!    and the old one dies (RFC 7592 section 3).
//! 3. An update is the whole record anew: what is left out is left out. What an administrator said of the
//!    client (how well it is known, how long its tokens live) is not the client's to change; and one that an
//!    administrator vouches for or has disabled changes nothing of itself (lesson 11 of `security.md`).

use carnet_jose::Prefixed;
use carnet_wire::client_metadata::ClientMetadata;
use carnet_wire::crn::Crn;

use super::Terms;
use super::described;
use super::with_standing;
use super::wrong;
use crate::record::Client;
use crate::record::ClientSecret;
use crate::record::ClientState;
use crate::record::InitialToken;
use crate::record::Registration;
use crate::record::Trust;
use crate::rule::Refusal;
use crate::rule::admin::Context;
use crate::rule::admin::Done;
use crate::rule::admin::client as rules;
use crate::rule::admin::client_secret;
use crate::store::Change;
use crate::store::Record;
use crate::store::RecordKey;
use crate::value::ClientId;
use crate::value::Entropy;
use crate::value::Secret;
use crate::value::Title;
use crate::value::UnixTime;
use crate::value::Version;

/// A client as it is after it spoke for itself.
#[derive(Clone, Debug)]
pub struct Made {
    /// The client.
    pub client: Client,
    /// Its registration access token, to be shown once.
    pub token: Secret,
    /// Its secret, where it has a new one. What it writes is written after `changes`.
    pub secret: Option<Done<client_secret::Made>>,
    /// To be committed.
    pub changes: Vec<Change>,
}

/// What there is of a client that registered itself.
#[derive(Clone, Debug)]
pub struct Held {
    /// The client.
    pub client: Client,
    /// Its secrets.
    pub secrets: Vec<ClientSecret>,
    /// By what it changes itself.
    pub registration: Registration,
}

/// The initial access token that a text is, if it lets somebody in now.
pub fn invitation(found: Option<InitialToken>, now: UnixTime) -> Result<InitialToken, Refusal> {
    let refuse = |why: &'static str| {
        let detail = "the initial access token is not one of ours, has expired, or is used up.";
        Err(Refusal::new(Crn::REGISTRATION_TOKEN, detail).because("why", why))
    };
    match found {
        None => refuse("unknown"),
        Some(token) if token.expires <= now => refuse("expired"),
        Some(token) if token.uses == 0 => refuse("used up"),
        Some(token) => Ok(token),
    }
}

/// Registers a client.
pub fn register(
    metadata: &ClientMetadata,
    invited: Option<InitialToken>,
    terms: &Terms<'_>,
    context: &Context<'_>,
    entropy: &mut dyn Entropy,
) -> Result<Made, Refusal> {
    let title: Title = metadata
        .client_name
        .as_deref()
        .and_then(|name| name.parse().ok())
        .unwrap_or_default();
    let id = ClientId::mint(&title, entropy);
    let client = described(metadata, id, &[], terms, context.now)
        .map_err(|error| Refusal::new(error.crn(), error.to_string()))?;
    let (token, registration) = token(&client.id, invited.as_ref(), Version::FIRST, entropy);
    let mut detail = rules::described(&client);
    detail.retain(|(_, value)| !value.is_empty());
    detail.push(("source", "registered".to_owned()));
    let mut changes = vec![
        Change::Insert(Record::Client(client.clone())),
        Change::Insert(Record::Registration(registration)),
    ];
    if let Some(invited) = invited {
        detail.push(("initial_token", invited.id.to_string()));
        changes.push(Change::Replace(Record::InitialToken(InitialToken {
            uses: invited.uses.saturating_sub(1),
            version: invited.version.next(),
            ..invited
        })));
    }
    changes.push(rules::audited(context, "client.register", &client, detail));
    let secret = secret(&client, &[], context, entropy)?;
    Ok(Made {
        client,
        token,
        secret,
        changes,
    })
}

/// Writes a client anew, as it says itself.
pub fn rewrite(
    held: &Held,
    metadata: &ClientMetadata,
    terms: &Terms<'_>,
    context: &Context<'_>,
    entropy: &mut dyn Entropy,
) -> Result<Made, Refusal> {
    let before = &held.client;
    may_change(before)?;
    let next = read(held, metadata, terms, context.now)
        .map_err(|error| Refusal::new(error.crn(), error.to_string()))?;
    let next = Client {
        changed: context.now,
        version: before.version.next(),
        ..with_standing(next, before)
    };
    let (token, registration) = token(&next.id, None, held.registration.version.next(), entropy);
    let registration = Registration {
        invited: held.registration.invited,
        ..registration
    };
    let mut changes = Vec::new();
    let keeps = next.authentication.takes_secrets();
    // A secret is of one method: another one gets another.
    let stays = next.authentication == before.authentication;
    if !(keeps && stays) {
        for secret in &held.secrets {
            let key = RecordKey::ClientSecret(secret.id, secret.client.clone());
            changes.push(Change::Remove(key, secret.version));
        }
    }
    changes.push(Change::Replace(Record::Client(next.clone())));
    changes.push(Change::Replace(Record::Registration(registration)));
    let was = rules::described(before);
    let mut detail = rules::described(&next);
    detail.retain(|setting| !was.contains(setting));
    detail.push(("by", "itself".to_owned()));
    changes.push(rules::audited(context, "client.update", &next, detail));
    let secret = if keeps && (!stays || held.secrets.is_empty()) {
        secret(&next, &[], context, entropy)?
    } else {
        None
    };
    Ok(Made {
        client: next,
        token,
        secret,
        changes,
    })
}

/// Takes a client away, as it asks itself.
pub fn remove(client: Client, context: &Context<'_>) -> Result<Vec<Change>, Refusal> {
    may_change(&client)?;
    deleted(client, context)
}

/// Takes a client away that nobody has used.
#[must_use]
pub fn forget(client: Client, context: &Context<'_>) -> Vec<Change> {
    deleted(client, context).unwrap_or_default()
}

fn deleted(client: Client, context: &Context<'_>) -> Result<Vec<Change>, Refusal> {
    let done = rules::delete(client, context);
    let done = done.map_err(|no| Refusal::new(Crn::REGISTRATION_CLOSED, no.detail))?;
    Ok(done.changes)
}

fn may_change(client: &Client) -> Result<(), Refusal> {
    let refuse = |detail: &str| Err(Refusal::new(Crn::REGISTRATION_CLOSED, detail));
    match (client.trust, &client.state) {
        (_, ClientState::Disabled { .. }) => refuse("an administrator has disabled this client."),
        (Trust::Own | Trust::Known, _) => {
            refuse("an administrator vouches for this client, and changes it.")
        }
        (Trust::Unknown, ClientState::Active) => Ok(()),
    }
}

fn read(
    held: &Held,
    metadata: &ClientMetadata,
    terms: &Terms<'_>,
    now: UnixTime,
) -> super::Checked<Client> {
    let id = &held.client.id;
    if let Some(name) = metadata.misplaced {
        return wrong(&format!("/{name}"), "is not sent in an update");
    }
    if metadata.client_id.as_deref() != Some(id.as_str()) {
        return wrong("/client_id", "is the client's own in an update");
    }
    if let Some(sent) = &metadata.client_secret {
        let sent = Secret::new(sent.clone()).digest();
        let own = |secret: &ClientSecret| secret.digest == sent && secret.lives(now);
        if !held.secrets.iter().any(own) {
            return wrong("/client_secret", "is not the client's own");
        }
    }
    // Whether its secrets go is decided with the method.
    described(metadata, id.clone(), &[], terms, now)
}

fn secret(
    client: &Client,
    held: &[ClientSecret],
    context: &Context<'_>,
    entropy: &mut dyn Entropy,
) -> Result<Option<Done<client_secret::Made>>, Refusal> {
    if !client.authentication.takes_secrets() {
        return Ok(None);
    }
    let made = client_secret::create(client, held, None, context, entropy);
    made.map(Some)
        .map_err(|no| Refusal::new(Crn::CLIENT_METADATA, no.detail))
}

fn token(
    client: &ClientId,
    invited: Option<&InitialToken>,
    version: Version,
    entropy: &mut dyn Entropy,
) -> (Secret, Registration) {
    let mut bytes = [0; 32];
    entropy.fill(&mut bytes);
    let text = Secret::new(Prefixed::RegistrationAccess.encode(&bytes));
    let registration = Registration {
        client: client.clone(),
        digest: text.digest(),
        invited: invited.map(|token| token.id),
        version,
    };
    (text, registration)
}

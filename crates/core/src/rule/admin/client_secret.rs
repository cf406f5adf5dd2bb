//! Secrets of apps: made, rolled, deleted.
//!
//! 1. A secret is 256 bits of chance that we make; it is shown once, and of it a digest is kept. The text of
//!    one for `client_secret_jwt` is kept too, sealed: whoever makes it seals it ([`seal`]).
//! 2. Two live at most, so that one can be rolled while the other works. One that has expired makes
//!    room for the next.
//! 3. To roll is one commit: the secret that lives is given an end, and a new one is there. An end that
//!    is nearer stays.
//! 4. A public app has none: it proves nothing (RFC 6749 section 2.1).

use carnet_jose::Prefixed;

use super::{Context, Decision, Done, No};
use crate::record::{Client, ClientSecret};
use crate::store::{Change, Record, RecordKey};
use crate::value::{Entropy, Seconds, Secret, SecretId, UnixTime, Version};

/// How many secrets an app may have.
pub const MOST: usize = 2;

/// How long an old secret may work beside the new one.
pub const LONGEST_OVERLAP: Seconds = Seconds::days(90);

/// A secret that was just made.
#[derive(Clone, Debug)]
pub struct Made {
    /// What is kept.
    pub secret: ClientSecret,
    /// The text, to be shown once.
    pub text: Secret,
    /// The secret that it takes the place of, with its end.
    pub old: Option<ClientSecret>,
}

/// Makes a secret. `held` are those that the app has.
pub fn create(
    client: &Client,
    held: &[ClientSecret],
    expires: Option<UnixTime>,
    context: &Context<'_>,
    entropy: &mut dyn Entropy,
) -> Decision<Made> {
    takes_secrets(client)?;
    let mut changes = cleared(held, context.now);
    if held.len() - changes.len() >= MOST {
        return Err(full());
    }
    let (secret, text) = minted(client, expires, context.now, entropy);
    changes.push(Change::Insert(Record::ClientSecret(secret.clone())));
    changes.push(audited(context, "client_secret.create", &secret));
    Ok(Done {
        record: Made {
            secret,
            text,
            old: None,
        },
        changes,
    })
}

/// Makes a secret in the place of the one that lives, which works on for the overlap.
pub fn roll(
    client: &Client,
    held: &[ClientSecret],
    (overlap, expires): (Seconds, Option<UnixTime>),
    context: &Context<'_>,
    entropy: &mut dyn Entropy,
) -> Decision<Made> {
    takes_secrets(client)?;
    if overlap < Seconds(0) || overlap > LONGEST_OVERLAP {
        let longest = LONGEST_OVERLAP.0;
        let detail = format!("overlap_seconds is 0 to {longest}.");
        return Err(No::field("/overlap_seconds", detail));
    }
    let mut living = held.iter().filter(|secret| secret.lives(context.now));
    let (Some(old), None) = (living.next(), living.next()) else {
        return Err(No::state(
            "There is something to roll where one secret lives. Where none does, make one; where two \
             do, delete the one that nobody uses.",
        ));
    };
    let end = context.now + overlap;
    let mut changes = cleared(held, context.now);
    let old = ClientSecret {
        expires: Some(old.expires.map_or(end, |expires| expires.min(end))),
        version: old.version.next(),
        ..old.clone()
    };
    changes.push(Change::Replace(Record::ClientSecret(old.clone())));
    let (secret, text) = minted(client, expires, context.now, entropy);
    changes.push(Change::Insert(Record::ClientSecret(secret.clone())));
    changes.push(audited(context, "client_secret.expire", &old));
    changes.push(audited(context, "client_secret.create", &secret));
    Ok(Done {
        record: Made {
            secret,
            text,
            old: Some(old),
        },
        changes,
    })
}

/// Puts the sealed text into what is to be written.
pub fn seal(done: &mut Done<Made>, sealed: Vec<u8>) {
    let Made { secret, .. } = &mut done.record;
    secret.sealed = Some(sealed);
    for change in &mut done.changes {
        if let Change::Insert(Record::ClientSecret(row)) = change {
            row.sealed.clone_from(&secret.sealed);
        }
    }
}

/// Deletes a secret: it is worth nothing from now on.
pub fn delete(secret: ClientSecret, context: &Context<'_>) -> Decision<ClientSecret> {
    let audit = audited(context, "client_secret.delete", &secret);
    let key = RecordKey::ClientSecret(secret.id, secret.client.clone());
    let version = secret.version;
    Ok(Done::removed(secret, key, version, audit))
}

/// The answer where the app has as many secrets as it may have; the store says it too.
#[must_use]
pub fn full() -> No {
    No::state("The app has two secrets that live. Delete the one that nobody uses.")
}

fn takes_secrets(client: &Client) -> Result<(), No> {
    if client.authentication.takes_secrets() {
        return Ok(());
    }
    let method = client.authentication.as_str();
    Err(No::state(format!(
        "The app's authentication is {method}, so a secret would be of no use to it."
    )))
}

/// Those that have expired go.
fn cleared(held: &[ClientSecret], now: UnixTime) -> Vec<Change> {
    let expired = held.iter().filter(|secret| !secret.lives(now));
    let key = |secret: &ClientSecret| RecordKey::ClientSecret(secret.id, secret.client.clone());
    expired
        .map(|secret| Change::Remove(key(secret), secret.version))
        .collect()
}

fn minted(
    client: &Client,
    expires: Option<UnixTime>,
    now: UnixTime,
    entropy: &mut dyn Entropy,
) -> (ClientSecret, Secret) {
    // RFC 7518 section 3.2: for HS512 the text has 64 bytes at least.
    let mut bytes = [0; 48];
    let length = if client.authentication.needs_the_text() {
        48
    } else {
        32
    };
    let bytes = bytes.get_mut(..length).unwrap_or_default();
    entropy.fill(bytes);
    let text = Prefixed::ClientSecret.encode(bytes);
    let ends_in = text.get(text.len().saturating_sub(4)..).unwrap_or_default();
    let ends_in = ends_in.to_owned();
    let text = Secret::new(text);
    let secret = ClientSecret {
        id: SecretId::mint(now, entropy),
        client: client.id.clone(),
        digest: text.digest(),
        sealed: None,
        ends_in,
        created: now,
        expires,
        version: Version::FIRST,
    };
    (secret, text)
}

fn audited(context: &Context<'_>, action: &str, secret: &ClientSecret) -> Change {
    let mut detail = vec![
        ("client", secret.client.to_string()),
        ("ends_in", secret.ends_in.clone()),
    ];
    if let Some(expires) = secret.expires {
        detail.push(("expires", expires.rfc3339()));
    }
    context.audited(action, secret.id, &detail)
}

#[cfg(test)]
mod tests;

//! Keys of ours: created, activated, withdrawn, with their entries in the audit log.
//!
//! What each step requires is the business of [`crate::rule::signing`].

use super::{Context, Decision, Done, No};
use crate::record::{SigningKey, SigningKeyState, SigningUse};
use crate::rule::signing::{self, NotNow};
use crate::store::{Change, Record};
use crate::value::KeyId;

/// How many keys of ours there may be: a key set is fetched by everybody.
pub const MOST: usize = 30;

/// Keeps a key that was made: published, and not yet signing.
pub fn create(key: SigningKey, keys: &[SigningKey], context: &Context<'_>) -> Decision<SigningKey> {
    room(keys)?;
    let detail = [("usage", usage_text(key.usage).to_owned())];
    let audit = context.audited("signing_key.create", &key.id, &detail);
    let row = Record::SigningKey(key.clone());
    Ok(Done::inserted(key, row, audit))
}

/// Whether there may be one more.
pub fn room(keys: &[SigningKey]) -> Result<(), No> {
    if keys.len() >= MOST {
        return Err(No::state(format!(
            "There are {MOST} signing keys. Withdraw one first."
        )));
    }
    Ok(())
}

/// Makes a published key sign; the one that did so far retires.
pub fn activate(
    keys: &[SigningKey],
    id: &KeyId,
    hurry: bool,
    context: &Context<'_>,
) -> Decision<SigningKey> {
    let changes = signing::activate(keys, id, hurry, context.now).map_err(no)?;
    let detail = [("hurry", hurry.to_string())];
    done(
        keys,
        id,
        changes,
        context.audited("signing_key.activate", id, &detail),
    )
}

/// Takes a key away that does not sign: tokens that it signed are refused from now on.
pub fn withdraw(keys: &[SigningKey], id: &KeyId, context: &Context<'_>) -> Decision<SigningKey> {
    let changes = signing::withdraw(keys, id).map_err(no)?;
    done(
        keys,
        id,
        changes,
        context.audited("signing_key.withdraw", id, &[]),
    )
}

fn done(
    keys: &[SigningKey],
    id: &KeyId,
    mut changes: Vec<Change>,
    audit: Change,
) -> Decision<SigningKey> {
    let written = changes.iter().find_map(|change| match change {
        Change::Replace(Record::SigningKey(key)) if key.id == *id => Some(key.clone()),
        _ => None,
    });
    let before = keys.iter().find(|key| key.id == *id).cloned();
    let record = written.or(before).ok_or_else(No::hidden)?;
    changes.push(audit);
    Ok(Done { record, changes })
}

fn no(why: NotNow) -> No {
    No::new(why.crn(), format!("{why}."))
}

/// What a key of ours does, in a word: the name of the algorithm, or `seal`.
#[must_use]
pub const fn usage_text(usage: SigningUse) -> &'static str {
    match usage {
        SigningUse::Sign(algorithm) => algorithm.name(),
        SigningUse::Seal => "seal",
    }
}

/// The algorithms for which a key signs.
#[must_use]
pub fn signable(keys: &[SigningKey]) -> Vec<carnet_jose::Algorithm> {
    keys.iter()
        .filter(|key| matches!(key.state, SigningKeyState::Active { .. }))
        .filter_map(|key| match key.usage {
            SigningUse::Sign(algorithm) => Some(algorithm),
            SigningUse::Seal => None,
        })
        .collect()
}

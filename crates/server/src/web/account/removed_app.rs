//! An app that was just removed, as it travels with the page on which it can be brought back. Sealed for this
//! alone; it names its person, so that nobody else can use it.

use std::collections::BTreeMap;

use carnet_core::record::Consent;
use carnet_core::rule::own_account::Removed;
use carnet_core::store::Fault;
use carnet_core::value::UnixTime;
use carnet_core::value::UserId;
use carnet_core::value::Version;
use carnet_jose::base64url;
use carnet_jose::base64url::Padding;
use serde::Deserialize;
use serde::Serialize;

use crate::keyring::KeyEncryptionKey;

/// What it is sealed for.
const PLACE: &str = "carnet removed app 1";

/// How long it may be, in a URL. Who let an app do more than fits there cannot take the removal back.
const LONGEST: usize = 6_000;

#[derive(Deserialize, Serialize)]
struct Text {
    user: String,
    client: String,
    at: i64,
    consent: Option<Allowed>,
}

#[derive(Deserialize, Serialize)]
struct Allowed {
    scopes: BTreeMap<String, i64>,
    created: i64,
    changed: i64,
}

/// As it travels; none where it is too long for that.
pub(super) fn seal(
    removed: &Removed,
    user: &UserId,
    key: &KeyEncryptionKey,
) -> Result<Option<String>, Fault> {
    let allowed = |consent: &Consent| Allowed {
        scopes: consent
            .scopes
            .iter()
            .map(|(scope, since)| (scope.to_string(), since.0))
            .collect(),
        created: consent.created.0,
        changed: consent.changed.0,
    };
    let text = Text {
        user: user.to_string(),
        client: removed.client.to_string(),
        at: removed.at.0,
        consent: removed.consent.as_ref().map(allowed),
    };
    let text = serde_json::to_vec(&text).map_err(Fault::lasting)?;
    let sealed = key.seal(&text, PLACE).map_err(Fault::lasting)?;
    let sealed = base64url::encode(sealed);
    Ok((sealed.len() <= LONGEST).then_some(sealed))
}

/// What came back, if it is of this person.
pub(super) fn open(text: &str, user: &UserId, key: &KeyEncryptionKey) -> Option<Removed> {
    let sealed = base64url::decode(text, Padding::Strict, LONGEST).ok()?;
    let opened = key.open(&sealed, PLACE).ok()?;
    let text: Text = serde_json::from_slice(&opened).ok()?;
    if text.user != user.as_str() {
        return None;
    }
    let client = text.client.parse().ok()?;
    let consent = match text.consent {
        None => None,
        Some(allowed) => {
            let scope =
                |(scope, since): (String, i64)| Some((scope.parse().ok()?, UnixTime(since)));
            Some(Consent {
                user: user.clone(),
                client: text.client.parse().ok()?,
                scopes: allowed
                    .scopes
                    .into_iter()
                    .map(scope)
                    .collect::<Option<_>>()?,
                created: UnixTime(allowed.created),
                changed: UnixTime(allowed.changed),
                version: Version::FIRST,
            })
        }
    };
    Some(Removed {
        client,
        at: UnixTime(text.at),
        consent,
    })
}

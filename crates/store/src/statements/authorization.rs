//! Authorizations, and the consents that they rest on. A refresh is one guarded update: whoever comes
//! with a generation that is no longer the newest touches no row.

use carnet_core::record::Authorization;
use carnet_core::record::Binding;
use carnet_core::record::Consent;
use carnet_core::record::Ended;
use carnet_core::record::Obtained;
use carnet_core::record::WhyEnded;
use carnet_core::store::Refreshed;
use carnet_core::value::AuthorizationId;
use carnet_core::value::Seconds;
use carnet_core::value::SessionId;
use carnet_core::value::UnixTime;
use carnet_wire::authorization_details::AuthorizationDetails;
use serde_json::Value;
use serde_json::json;

use crate::row::Decoded;
use crate::row::Fields;
use crate::row::words;
use crate::statement::Param;
use crate::statement::params;
use crate::statement::statements;
use crate::statements::json::parsed_items;
use crate::statements::json::read_scope;
use crate::statements::json::write_scope;

macro_rules! columns {
    () => {
        "id, client, person, scope, audience, obtained, authenticated, session, binding, created, \
         ends, idle, generation, rotated, ended_since, ended_why, details"
    };
}

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM authorizations WHERE id = $1");
    OF_PERSON = concat!("SELECT ", columns!(), " FROM authorizations
        WHERE person = $1 AND id > $2 ORDER BY id LIMIT $3");
    INSERT = concat!("INSERT INTO authorizations (", columns!(), ")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)");
    REFRESH = "UPDATE authorizations SET generation = $4, rotated = $3
        WHERE id = $1 AND generation = $2 AND ended_since IS NULL";
    END = "UPDATE authorizations SET ended_since = $2, ended_why = $3
        WHERE id = $1 AND (ended_since IS NULL OR (ended_why = 'removed' AND $3 <> 'removed'))";
    RESTORE = "UPDATE authorizations SET ended_since = NULL, ended_why = NULL
        WHERE id = $1 AND ended_since = $2 AND ended_why = 'removed'";
    FORGET = "DELETE FROM authorizations WHERE id IN
        (SELECT id FROM authorizations WHERE ends <= $1 LIMIT $2)";
    CONSENT = "SELECT person, client, scopes, created, changed, version FROM consents
        WHERE person = $1 AND client = $2";
    CONSENTS_OF = "SELECT person, client, scopes, created, changed, version FROM consents
        WHERE person = $1 AND client > $2 ORDER BY client LIMIT $3";
    CONSENT_INSERT = "INSERT INTO consents (person, client, scopes, created, changed, version)
        VALUES ($1, $2, $3, $4, $5, $6)";
    CONSENT_REPLACE = "UPDATE consents SET scopes = $3, created = $4, changed = $5, version = $6
        WHERE person = $1 AND client = $2 AND version + 1 = $6";
    CONSENT_REMOVE = "DELETE FROM consents WHERE person = $1 AND client = $2 AND version = $3";
}

words!(obtained_word, obtained, Obtained { Code = "code", Device = "device", Password = "password", Implicit = "implicit", Assertion = "assertion" });
words!(why_word, why, WhyEnded {
    Revoked = "revoked",
    Removed = "removed",
    Administrator = "administrator",
    CodeReplayed = "code_replayed",
    RefreshReplayed = "refresh_replayed",
    SignedOut = "signed_out",
});

pub(crate) fn write(row: &Authorization) -> Vec<Param> {
    params![
        row.id,
        &row.client,
        &row.user,
        write_scope(&row.scope).to_string(),
        json!(row.audience).to_string(),
        obtained_word(row.obtained),
        row.authenticated,
        row.session,
        row.binding
            .as_ref()
            .map(|binding| write_binding(binding).to_string()),
        row.created,
        row.ends,
        row.idle.0,
        row.generation,
        row.rotated,
        row.ended.map(|ended| ended.since),
        row.ended.map(|ended| why_word(ended.why)),
        row.details.as_ref().map(AuthorizationDetails::to_json),
    ]
}

pub(crate) fn read(row: &mut Fields<'_>) -> Decoded<Authorization> {
    Ok(Authorization {
        id: row.id(AuthorizationId::from_bytes)?,
        client: row.parsed()?,
        user: row.parsed()?,
        scope: read_scope(&row.json()?).ok_or_else(|| row.unreadable())?,
        audience: parsed_items(&row.json()?).ok_or_else(|| row.unreadable())?,
        obtained: row.word(obtained)?,
        authenticated: row.time()?,
        session: row.maybe_id(SessionId::from_bytes)?,
        binding: match row.maybe_json()? {
            None => None,
            Some(value) => Some(read_binding(&value).ok_or_else(|| row.unreadable())?),
        },
        created: row.time()?,
        ends: row.time()?,
        idle: row.int().map(Seconds)?,
        generation: row.int()?,
        rotated: row.time()?,
        ended: read_ended(row)?,
        details: row.maybe_parsed()?,
    })
}

/// When and why something ended.
pub(super) fn read_ended(row: &mut Fields<'_>) -> Decoded<Option<Ended>> {
    match (row.maybe_time()?, row.maybe_text()?.map(why)) {
        (None, None) => Ok(None),
        (Some(since), Some(Some(why))) => Ok(Some(Ended { since, why })),
        _ => Err(row.unreadable()),
    }
}

/// Why something ended.
pub(super) const fn ended_why(why: WhyEnded) -> &'static str {
    why_word(why)
}

pub(crate) fn refresh(refreshed: &Refreshed) -> Vec<Param> {
    params![refreshed.id, refreshed.from, refreshed.at, refreshed.to]
}

pub(crate) fn end(id: AuthorizationId, since: UnixTime, why: WhyEnded) -> Vec<Param> {
    params![id, since, why_word(why)]
}

pub(crate) fn write_consent(row: &Consent) -> Vec<Param> {
    params![
        &row.user,
        &row.client,
        json!(row.scopes).to_string(),
        row.created,
        row.changed,
        row.version,
    ]
}

pub(crate) fn read_consent(row: &mut Fields<'_>) -> Decoded<Consent> {
    Ok(Consent {
        user: row.parsed()?,
        client: row.parsed()?,
        scopes: serde_json::from_value(row.json()?).map_err(|_| row.unreadable())?,
        created: row.time()?,
        changed: row.time()?,
        version: row.version()?,
    })
}

fn write_binding(binding: &Binding) -> Value {
    match binding {
        Binding::Key(thumbprint) => json!({ "jkt": thumbprint }),
        Binding::Certificate(digest) => json!({ "x5t#S256": digest }),
    }
}

fn read_binding(value: &Value) -> Option<Binding> {
    let text = |name| value.get(name)?.as_str().map(str::to_owned);
    match (text("jkt"), text("x5t#S256")) {
        (Some(thumbprint), None) => Some(Binding::Key(thumbprint)),
        (None, Some(digest)) => Some(Binding::Certificate(digest)),
        _ => None,
    }
}

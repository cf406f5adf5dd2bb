//! Issuers elsewhere. What is not asked for by name is JSON; an empty audience means our own names.

use carnet_core::record::IssuerOwner;
use carnet_core::record::TrustedIssuer;
use carnet_core::record::TrustedKeys;
use carnet_core::record::TrustedSubject;
use carnet_core::record::UserClaim;
use carnet_core::value::AllowedAudience;
use carnet_core::value::ClientId;
use carnet_core::value::OrganizationId;
use carnet_core::value::Seconds;
use carnet_core::value::SubjectPattern;
use carnet_core::value::TrustedIssuerId;
use carnet_jose::JwkSet;
use carnet_wire::scope::Scope;
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
        "id, project, organization, title, issuer, audience, settings, disabled, created, changed, \
         version"
    };
}

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM trusted_issuers WHERE id = $1");
    BY_NAME = concat!("SELECT ", columns!(), " FROM trusted_issuers
        WHERE issuer = $1 AND audience = $2");
    PAGE_OF_PROJECT = concat!("SELECT ", columns!(), " FROM trusted_issuers
        WHERE project = $1 AND id > $2 ORDER BY id LIMIT $3");
    PAGE_OF_ORGANIZATION = concat!("SELECT ", columns!(), " FROM trusted_issuers
        WHERE organization = $1 AND id > $2 ORDER BY id LIMIT $3");
    INSERT = concat!("INSERT INTO trusted_issuers (", columns!(), ")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
    REPLACE = "UPDATE trusted_issuers SET project = $2, organization = $3, title = $4, issuer = $5,
        audience = $6, settings = $7, disabled = $8, created = $9, changed = $10, version = $11
        WHERE id = $1 AND version + 1 = $11";
    REMOVE = "DELETE FROM trusted_issuers WHERE id = $1 AND version = $2";
}

words!(claim_word, claim, UserClaim {
    Email = "email",
    SubjectEmail = "subject_email",
    SubjectId = "subject_id",
});

pub(crate) fn write(row: &TrustedIssuer) -> Vec<Param> {
    let (project, organization) = match &row.owner {
        IssuerOwner::Project(id) => (Some(id), None),
        IssuerOwner::Organization(id) => (None, Some(*id)),
    };
    params![
        row.id,
        project,
        organization,
        &row.title,
        row.issuer.as_str(),
        name(row.audience.as_ref()),
        write_settings(row).to_string(),
        row.disabled,
        row.created,
        row.changed,
        row.version,
    ]
}

/// An audience as it is kept.
pub(crate) fn name(audience: Option<&AllowedAudience>) -> &str {
    audience.map_or("", AllowedAudience::as_str)
}

pub(crate) fn read(row: &mut Fields<'_>) -> Decoded<TrustedIssuer> {
    let id = row.id(TrustedIssuerId::from_bytes)?;
    let project = row.maybe_parsed()?.map(IssuerOwner::Project);
    let organization = row.maybe_id(OrganizationId::from_bytes)?;
    let organization = organization.map(IssuerOwner::Organization);
    let owner = project.or(organization).ok_or_else(|| row.unreadable())?;
    let (title, issuer) = (row.parsed()?, row.parsed()?);
    let audience = match row.text()? {
        "" => None,
        text => Some(text.parse().map_err(|_| row.unreadable())?),
    };
    let settings = read_settings(&row.json()?).ok_or_else(|| row.unreadable())?;
    Ok(TrustedIssuer {
        id,
        owner,
        title,
        issuer,
        audience,
        keys: settings.keys,
        subject: settings.subject,
        subjects: settings.subjects,
        scopes: settings.scopes,
        clients: settings.clients,
        longest: settings.longest,
        disabled: row.flag()?,
        created: row.time()?,
        changed: row.time()?,
        version: row.version()?,
    })
}

fn write_settings(row: &TrustedIssuer) -> Value {
    json!({
        "keys": match &row.keys {
            TrustedKeys::Discovery => Value::Null,
            TrustedKeys::At(url) => json!({ "at": url }),
            TrustedKeys::Inline(set) => json!({ "inline": set.to_json() }),
        },
        "subject": match &row.subject {
            TrustedSubject::Account(id) => json!({ "account": id }),
            TrustedSubject::User(claim) => json!({ "user": claim_word(*claim) }),
        },
        "subjects": row.subjects,
        "scopes": write_scope(&row.scopes),
        "clients": row.clients,
        "longest": row.longest,
    })
}

struct Settings {
    keys: TrustedKeys,
    subject: TrustedSubject,
    subjects: Vec<SubjectPattern>,
    scopes: Scope,
    clients: Vec<ClientId>,
    longest: Seconds,
}

fn read_settings(value: &Value) -> Option<Settings> {
    Some(Settings {
        keys: read_keys(value.get("keys")?)?,
        subject: read_subject(value.get("subject")?)?,
        subjects: parsed_items(value.get("subjects")?)?,
        scopes: read_scope(value.get("scopes")?)?,
        clients: parsed_items(value.get("clients")?)?,
        longest: Seconds(value.get("longest")?.as_i64()?),
    })
}

fn read_keys(value: &Value) -> Option<TrustedKeys> {
    if value.is_null() {
        return Some(TrustedKeys::Discovery);
    }
    if let Some(url) = value.get("at") {
        return Some(TrustedKeys::At(url.as_str()?.parse().ok()?));
    }
    let set = value.get("inline")?.as_str()?;
    JwkSet::parse(set.as_bytes()).ok().map(TrustedKeys::Inline)
}

fn read_subject(value: &Value) -> Option<TrustedSubject> {
    if let Some(id) = value.get("account") {
        return Some(TrustedSubject::Account(id.as_str()?.parse().ok()?));
    }
    claim(value.get("user")?.as_str()?).map(TrustedSubject::User)
}

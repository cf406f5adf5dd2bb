//! Delegations. Their lists (scopes, users, groups) are JSON: nobody asks the database for one item.

use carnet_core::record::Delegation;
use carnet_core::record::EnteredBy;
use carnet_core::record::Whom;
use carnet_core::value::DelegationId;
use carnet_core::value::OrganizationId;
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
        "id, organization, client_id, scopes, whom, until, suspended, note, entered, created, \
         changed, version"
    };
}

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM delegations WHERE id = $1");
    PAGE = concat!("SELECT ", columns!(), " FROM delegations
        WHERE organization = $1 AND id > $2 ORDER BY id LIMIT $3");
    OF_CLIENT = concat!("SELECT ", columns!(), " FROM delegations
        WHERE client_id = $1 ORDER BY id LIMIT $2");
    INSERT = concat!("INSERT INTO delegations (", columns!(), ")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
    REPLACE = "UPDATE delegations SET organization = $2, client_id = $3, scopes = $4, whom = $5,
        until = $6, suspended = $7, note = $8, entered = $9, created = $10, changed = $11,
        version = $12
        WHERE id = $1 AND version + 1 = $12";
    REMOVE = "DELETE FROM delegations WHERE id = $1 AND version = $2";
}

words!(entered_word, entered, EnteredBy { ClientId = "client_id", Email = "email" });

pub(crate) fn write(row: &Delegation) -> Vec<Param> {
    params![
        row.id,
        row.organization,
        &row.client_id,
        write_scope(&row.scopes).to_string(),
        write_whom(&row.whom).to_string(),
        row.until,
        row.suspended,
        &row.note,
        entered_word(row.entered),
        row.created,
        row.changed,
        row.version,
    ]
}

pub(crate) fn read(row: &mut Fields<'_>) -> Decoded<Delegation> {
    Ok(Delegation {
        id: row.id(DelegationId::from_bytes)?,
        organization: row.id(OrganizationId::from_bytes)?,
        client_id: row.parsed()?,
        scopes: read_scope(&row.json()?).ok_or_else(|| row.unreadable())?,
        whom: read_whom(&row.json()?).ok_or_else(|| row.unreadable())?,
        until: row.maybe_time()?,
        suspended: row.maybe_time()?,
        note: row.parsed()?,
        entered: row.word(entered)?,
        created: row.time()?,
        changed: row.time()?,
        version: row.version()?,
    })
}

fn write_whom(whom: &Whom) -> Value {
    match whom {
        Whom::Everyone => json!("everyone"),
        Whom::Listed { groups, users } => json!({ "groups": groups, "users": users }),
    }
}

fn read_whom(value: &Value) -> Option<Whom> {
    if value == "everyone" {
        return Some(Whom::Everyone);
    }
    Some(Whom::Listed {
        groups: parsed_items(value.get("groups")?)?,
        users: parsed_items(value.get("users")?)?,
    })
}

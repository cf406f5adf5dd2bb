//! Policies. What one says is JSON with a `kind`: a new kind needs no new column.

use carnet_core::record::Policy;
use carnet_core::record::PolicyRule;
use carnet_core::value::OrganizationId;
use carnet_core::value::PolicyId;
use serde_json::Value;
use serde_json::json;

use crate::row::Decoded;
use crate::row::Fields;
use crate::statement::Param;
use crate::statement::params;
use crate::statement::statements;
use crate::statements::json::parsed_items;
use crate::statements::json::read_scope;
use crate::statements::json::write_scope;

macro_rules! columns {
    () => {
        "id, organization, title, rule, enabled, created, changed, version"
    };
}

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM policies WHERE id = $1");
    PAGE = concat!("SELECT ", columns!(), " FROM policies
        WHERE organization = $1 AND id > $2 ORDER BY id LIMIT $3");
    INSERT = concat!("INSERT INTO policies (", columns!(), ")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    REPLACE = "UPDATE policies SET organization = $2, title = $3, rule = $4, enabled = $5,
        created = $6, changed = $7, version = $8
        WHERE id = $1 AND version + 1 = $8";
    REMOVE = "DELETE FROM policies WHERE id = $1 AND version = $2";
}

pub(crate) fn write(row: &Policy) -> Vec<Param> {
    params![
        row.id,
        row.organization,
        &row.title,
        write_rule(&row.rule).to_string(),
        row.enabled,
        row.created,
        row.changed,
        row.version,
    ]
}

pub(crate) fn read(row: &mut Fields<'_>) -> Decoded<Policy> {
    Ok(Policy {
        id: row.id(PolicyId::from_bytes)?,
        organization: row.id(OrganizationId::from_bytes)?,
        title: row.parsed()?,
        rule: read_rule(&row.json()?).ok_or_else(|| row.unreadable())?,
        enabled: row.flag()?,
        created: row.time()?,
        changed: row.time()?,
        version: row.version()?,
    })
}

fn write_rule(rule: &PolicyRule) -> Value {
    match rule {
        PolicyRule::BlockScopes { scopes, except } => json!({
            "kind": "block_scopes",
            "scopes": write_scope(scopes),
            "except": except,
        }),
        PolicyRule::OwnClientsOnly { except } => json!({
            "kind": "own_clients_only",
            "except": except,
        }),
        PolicyRule::ExtendLifetime { accounts } => json!({
            "kind": "extend_lifetime",
            "accounts": accounts,
        }),
    }
}

fn read_rule(value: &Value) -> Option<PolicyRule> {
    let items = |name: &str| parsed_items(value.get(name)?);
    match value.get("kind")?.as_str()? {
        "block_scopes" => {
            let scopes = read_scope(value.get("scopes")?)?;
            let except = items("except")?;
            Some(PolicyRule::BlockScopes { scopes, except })
        }
        "own_clients_only" => Some(PolicyRule::OwnClientsOnly {
            except: items("except")?,
        }),
        "extend_lifetime" => Some(PolicyRule::ExtendLifetime {
            accounts: items("accounts")?,
        }),
        _ => None,
    }
}

//! Who may do what with service accounts. The bindings of an account are JSON in one cell: they are read and
//! written together. The role of one with a condition stands under another name (`role_if`): a node of an earlier state,
//! which knows no conditions, then reads nothing of the policy instead of taking it to hold always.

use carnet_core::record::AccountBinding;
use carnet_core::record::AccountPolicy;
use carnet_core::record::BindingCondition;
use serde_json::Value;
use serde_json::json;

use crate::row::Decoded;
use crate::row::Fields;
use crate::statement::Param;
use crate::statement::params;
use crate::statement::statements;
use crate::statements::json::parsed_items;

macro_rules! columns {
    () => {
        "account, bindings, created, changed, version"
    };
}

statements! {
    OF_ACCOUNT = concat!("SELECT ", columns!(), " FROM account_policies WHERE account = $1");
    INSERT = concat!("INSERT INTO account_policies (", columns!(), ")
        VALUES ($1, $2, $3, $4, $5)");
    REPLACE = "UPDATE account_policies SET bindings = $2, created = $3, changed = $4, version = $5
        WHERE account = $1 AND version + 1 = $5";
}

pub(crate) fn write(row: &AccountPolicy) -> Vec<Param> {
    let bindings: Value = row.bindings.iter().map(write_binding).collect();
    params![
        &row.account,
        bindings.to_string(),
        row.created,
        row.changed,
        row.version,
    ]
}

pub(crate) fn read(row: &mut Fields<'_>) -> Decoded<AccountPolicy> {
    Ok(AccountPolicy {
        account: row.parsed()?,
        bindings: read_bindings(&row.json()?).ok_or_else(|| row.unreadable())?,
        created: row.time()?,
        changed: row.time()?,
        version: row.version()?,
    })
}

fn write_binding(binding: &AccountBinding) -> Value {
    let members = binding.members.iter().map(ToString::to_string);
    let members = members.collect::<Vec<_>>();
    match &binding.condition {
        None => json!({ "role": binding.role.name(), "members": members }),
        Some(condition) => json!({
            "role_if": binding.role.name(),
            "members": members,
            "condition": {
                "expression": condition.expression,
                "title": condition.title,
                "description": condition.description,
            },
        }),
    }
}

fn read_bindings(value: &Value) -> Option<Vec<AccountBinding>> {
    let binding = |value: &Value| {
        let (role, condition) = match value.get("role_if") {
            None => (value.get("role")?, None),
            Some(role) => (role, Some(read_condition(value.get("condition")?)?)),
        };
        Some(AccountBinding {
            role: role.as_str()?.parse().ok()?,
            condition,
            members: parsed_items(value.get("members")?)?,
        })
    };
    value.as_array()?.iter().map(binding).collect()
}

fn read_condition(value: &Value) -> Option<BindingCondition> {
    let text = |name: &str| Some(value.get(name)?.as_str()?.to_owned());
    Some(BindingCondition {
        expression: text("expression")?,
        title: text("title")?,
        description: text("description")?,
    })
}

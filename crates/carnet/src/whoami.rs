//! `carnet whoami`: who the server says that we are.

use serde_json::Value;

use crate::admin::{Admin, path};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::{Column, Output};

const COLUMNS: &[Column] = &[
    Column::at("EMAIL", "/email"),
    Column::at("KIND", "/kind"),
    Column::at("ID", "/id"),
    Column::made("ROLES", roles),
    Column::at("SCOPE", "/scope"),
    Column::at("ACTOR", "/actor/email"),
    Column::moment("EXPIRES", "/expires"),
];

/// Asks.
pub(crate) async fn run(global: &Global, output: &Output) -> Result<Exit, Failure> {
    let admin = Admin::connect(global)?;
    let told = admin.get(path(&["whoami"])).await?;
    output.one(&told, COLUMNS)?;
    output.note(format!("server {}", admin.url()));
    Ok(Exit::Success)
}

fn roles(told: &Value) -> String {
    let roles = told.get("roles").and_then(Value::as_array);
    let roles = roles.into_iter().flatten().map(|role| {
        let part = |name: &str| role.get(name).and_then(Value::as_str).unwrap_or_default();
        format!("{} of {}", part("role"), part("territory"))
    });
    roles.collect::<Vec<_>>().join(", ")
}

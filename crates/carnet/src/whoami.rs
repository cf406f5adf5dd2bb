//! `carnet whoami`: who the server says that we are.

use std::time::Duration;

use serde_json::Value;

use crate::admin::{Admin, path};
use crate::credential::Situation;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::{Column, Output};
use crate::web;

const COLUMNS: &[Column] = &[
    Column::at("EMAIL", "/email"),
    Column::at("KIND", "/kind"),
    Column::at("ID", "/id"),
    Column::made("ROLES", roles),
    Column::made("WITHIN", within),
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
    let reach = reach(&told);
    if !reach.is_empty() {
        output.note(format!(
            "Somebody became this account by a binding: its roles count {reach}."
        ));
    }
    if admin.person().is_some() {
        output.note("The sign-in refreshes by itself; carnet logout ends it.");
    }
    Ok(Exit::Success)
}

/// The document that describes the admin API. It is public, and printed as the server has it.
pub(crate) async fn openapi(global: &Global, output: &Output) -> Result<Exit, Failure> {
    let url = Situation::of(global)?.url(global)?;
    let client = web::client(Duration::from_secs(global.timeout))?;
    let request = client.get(format!("{url}/admin/v1/openapi.json"));
    let document = web::send(request, &url).await?.json(&url)?;
    output.text(&serde_json::to_string_pretty(&document).unwrap_or_default())?;
    Ok(Exit::Success)
}

/// Where the roles count, and as what, if somebody became the account.
fn reach(told: &Value) -> String {
    match told.get("at_most").and_then(Value::as_str) {
        Some("nothing") => "nowhere".to_owned(),
        Some(most) => format!("within {}, as {most} at most", within(told)),
        None => {
            let within = within(told);
            if within.is_empty() {
                return within;
            }
            format!("within {within} and nowhere else")
        }
    }
}

/// The territories.
fn within(told: &Value) -> String {
    let territories = told.get("within").and_then(Value::as_array);
    let territories = territories.into_iter().flatten().filter_map(Value::as_str);
    territories.collect::<Vec<_>>().join(" and ")
}

fn roles(told: &Value) -> String {
    let roles = told.get("roles").and_then(Value::as_array);
    let roles = roles.into_iter().flatten().map(|role| {
        let part = |name: &str| role.get(name).and_then(Value::as_str).unwrap_or_default();
        format!("{} of {}", part("role"), part("territory"))
    });
    roles.collect::<Vec<_>>().join(", ")
}

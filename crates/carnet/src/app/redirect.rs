//! `carnet app redirect`: where apps send the browser back to, one by one. The list that was read is the
//! list that is changed: what somebody else adds meanwhile is not lost.

use clap::Subcommand;
use serde_json::{Value, json};

use super::{one, text};
use crate::admin::path;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Column, printable};
use crate::work::Work;

/// What can be done with redirect URIs.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the redirect URIs of an app.
    List {
        /// The app's client ID.
        id: String,
    },
    /// List what was sent for an app and is not registered: the last twenty, with the one thing by which
    /// each fails.
    Refused {
        /// The app's client ID.
        id: String,
    },
    /// Add redirect URIs.
    Add {
        /// The app's client ID.
        id: String,
        /// The URIs, as the app will send them, letter by letter.
        #[arg(required = true, value_name = "URI")]
        uris: Vec<String>,
    },
    /// Take redirect URIs away.
    Remove {
        /// The app's client ID.
        id: String,
        /// The URIs.
        #[arg(required = true, value_name = "URI")]
        uris: Vec<String>,
    },
}

/// Does it.
pub(super) async fn run(verb: Verb, work: &Work<'_>) -> Result<Exit, Failure> {
    match verb {
        Verb::List { id } => {
            let app = work.admin.get(one(&id)).await?;
            let uris = uris_of(&app);
            if work.output.is_for_people() {
                if !uris.is_empty() {
                    work.output.text(&uris.join("\n"))?;
                }
            } else {
                work.output.list(
                    &uris
                        .iter()
                        .map(|uri| json!({"uri": uri}))
                        .collect::<Vec<_>>(),
                    &[Column::at("URI", "/uri")],
                )?;
            }
            tell_refused(&id, work).await
        }
        Verb::Refused { id } => {
            let items = refused(&id, work).await?;
            work.output.list(&items, REFUSED)?;
            if items.is_empty() && work.output.is_for_people() {
                work.output.note("There are none.");
            }
            Ok(Exit::Success)
        }
        Verb::Add { id, uris } => {
            let app = work.admin.get(one(&id)).await?;
            let mut all = uris_of(&app);
            for uri in uris {
                if !all.contains(&uri) {
                    all.push(uri);
                }
            }
            change(&id, &app, all, work).await
        }
        Verb::Remove { id, uris } => {
            let app = work.admin.get(one(&id)).await?;
            let mut all = uris_of(&app);
            for uri in uris {
                let before = all.len();
                all.retain(|known| *known != uri);
                if all.len() == before {
                    let what = format!("{id} has no redirect URI {uri}");
                    return Err(Failure::new(Exit::NotFound, what)
                        .fix(format!("carnet app redirect list {id}")));
                }
            }
            change(&id, &app, all, work).await
        }
    }
}

const REFUSED: &[Column] = &[
    Column::at("URI", "/uri"),
    Column::at("COUNT", "/count"),
    Column::moment("LAST", "/last"),
    Column::at("BUT", "/near/detail"),
    Column::at("REGISTERED", "/near/registered").wide(),
    Column::moment("FIRST", "/first").wide(),
];

async fn refused(id: &str, work: &Work<'_>) -> Result<Vec<Value>, Failure> {
    let of = path(&["clients", id, "refused-redirects"]);
    // They are few, and come as one page.
    let mut answer = work.admin.get(of).await?;
    match answer.get_mut("items").map(Value::take) {
        Some(Value::Array(items)) => Ok(items),
        _ => Ok(Vec::new()),
    }
}

/// Tells a person which sign-ins fail, and what would mend them.
pub(super) async fn tell_refused(id: &str, work: &Work<'_>) -> Result<Exit, Failure> {
    if !work.output.is_for_people() {
        return Ok(Exit::Success);
    }
    for item in refused(id, work).await? {
        let Some(near) = item.pointer("/near/detail").and_then(Value::as_str) else {
            continue;
        };
        let uri = printable(text(&item, "/uri"));
        let count = item.get("count").and_then(Value::as_i64).unwrap_or(1);
        let times = match count {
            1 => "once".to_owned(),
            many => format!("{many} times"),
        };
        work.output.note(format!(
            "! {uri} was sent {times} and refused: it {near}. To add it: carnet app redirect add {id} '{uri}'"
        ));
    }
    Ok(Exit::Success)
}

async fn change(id: &str, app: &Value, all: Vec<String>, work: &Work<'_>) -> Result<Exit, Failure> {
    let body = json!({"redirect_uris": all});
    let changed = work.admin.patch_read(one(id), app, body).await?;
    work.said(changed, "changed")
}

fn uris_of(app: &Value) -> Vec<String> {
    let uris = app.get("redirect_uris").and_then(Value::as_array);
    let uris = uris.into_iter().flatten().filter_map(Value::as_str);
    uris.map(str::to_owned).collect()
}

//! `carnet delegation`: which service accounts may act as people of an organization, with which
//! scopes, as whom, and until when.

pub(crate) mod cover;

use carnet_core::value::UnixTime;
use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use crate::admin::{MOST, Request, path};
use crate::checklist;
use crate::clock;
use crate::duration::Span;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::{Column, Output};
use crate::sa::account_path;
use crate::work::Work;

/// What can be done with delegations.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the delegations of an organization.
    List {
        /// Only those of this service account, by e-mail or number.
        #[arg(long, value_name = "ACCOUNT")]
        client: Option<String>,
    },
    /// Show a delegation.
    Get {
        /// Its id.
        id: String,
    },
    /// Let a service account act as people of the organization, from now on.
    #[command(
        after_help = "Example:\n  carnet delegation create report-bot@data.iam.gserviceaccount.com --scope calendar.readonly --group sales@acme.example --until 1y"
    )]
    Create {
        /// The service account: e-mail, or 21-digit number (the client ID).
        client: String,
        #[command(flatten)]
        terms: Terms,
    },
    /// Change a delegation. What is not given stays.
    Update {
        /// Its id.
        id: String,
        #[command(flatten)]
        terms: Terms,
    },
    /// Suspend a delegation: tokens that were got by it stop at once.
    Suspend {
        /// Its id.
        id: String,
    },
    /// Put a suspended delegation into force again.
    Resume {
        /// Its id.
        id: String,
    },
    /// End a delegation, for good.
    Revoke {
        /// Its id.
        id: String,
    },
    /// Check whether a service account may act for a user with these scopes.
    #[command(
        after_help = "Example:\n  carnet delegation check report-bot --as-user dana@acme.example --scope calendar.readonly"
    )]
    Check {
        /// The service account: name, e-mail or number.
        client: String,
        /// The user.
        #[arg(long, value_name = "EMAIL")]
        as_user: String,
        /// A scope that it wants; several with commas between, or by repeating this.
        #[arg(long, value_name = "SCOPE", value_delimiter = ',')]
        scope: Vec<String>,
    },
}

/// What a delegation allows.
#[derive(Args, Debug)]
pub(crate) struct Terms {
    /// A scope; several with commas between, or by repeating this. All of them, when updating.
    #[arg(long, value_name = "SCOPE", value_delimiter = ',')]
    scope: Vec<String>,
    /// As every user of the organization.
    #[arg(long, conflicts_with_all = ["group", "user"])]
    everyone: bool,
    /// As the members of this group, by e-mail or id; may be repeated.
    #[arg(long, value_name = "GROUP", value_delimiter = ',')]
    group: Vec<String>,
    /// As this user, by e-mail or id; may be repeated.
    #[arg(long, value_name = "USER", value_delimiter = ',')]
    user: Vec<String>,
    /// Until when: a length of time like 1y, or a moment like 2027-04-01T00:00:00Z, or never.
    #[arg(long, value_name = "WHEN", value_parser = until)]
    until: Option<Until>,
    /// What it is for: at most 256 bytes.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

/// When a delegation ends.
#[derive(Clone, Copy, Debug)]
enum Until {
    Never,
    After(Span),
    At(UnixTime),
}

fn until(text: &str) -> Result<Until, String> {
    if text == "never" {
        return Ok(Until::Never);
    }
    if let Ok(span) = text.parse() {
        return Ok(Until::After(span));
    }
    let moment = UnixTime::from_rfc3339(text)
        .or_else(|| UnixTime::from_rfc3339(&format!("{text}T00:00:00Z")));
    moment
        .map(Until::At)
        .ok_or_else(|| "not a length of time like 1y, a day, a moment, or never".to_owned())
}

const COLUMNS: &[Column] = &[
    Column::at("ID", "/id"),
    Column::at("STATUS", "/state/state"),
    Column::at("CLIENT", "/client_email"),
    Column::at("SCOPES", "/scopes"),
    Column::made("AS", whom),
    Column::moment("UNTIL", "/until"),
    Column::at("CLIENT ID", "/client_id").wide(),
    Column::at("NOTE", "/note").wide(),
];

/// Does it.
pub(crate) async fn run(verb: Verb, global: &Global, output: &Output) -> Result<Exit, Failure> {
    let work = Work::begin(global, output, COLUMNS)?;
    if let Verb::Check {
        client,
        as_user,
        scope,
    } = &verb
    {
        let account = work.admin.get(account_path(client, &work.admin)?).await?;
        let checks = cover::checks(&account, as_user, scope, &work.admin).await?;
        return checklist::report(&checks, output);
    }
    let organization = work.admin.organization().await?;
    let of = path(&["organizations", &organization, "delegations"]);
    let one = |id: &str| format!("{of}/{}", path(&[id]));
    match verb {
        Verb::Check { .. } => Ok(Exit::Success),
        Verb::List { client } => {
            let mut found = work.admin.list(Request::get(of), MOST).await?;
            if let Some(client) = client {
                found.retain(|item| is_of(item, &client));
            }
            output.list(&found, COLUMNS)?;
            Ok(Exit::Success)
        }
        Verb::Get { id } => work.show(one(&id)).await,
        Verb::Create { client, terms } => {
            let made = work
                .admin
                .change(Request::post(of).json(new(&client, terms)?))
                .await?;
            if let Some(made) = made.as_ref().filter(|_| output.is_for_people()) {
                work.print(made)?;
            }
            work.said(made, "in effect now")
        }
        Verb::Update { id, terms } => work.patch(one(&id), Value::Object(terms.members())).await,
        Verb::Suspend { id } => {
            let effect = "Tokens that were got by this delegation stop at once.";
            let request = Request::post(format!("{}:suspend", one(&id)));
            work.act_after_asking(request, (effect, &id), "suspended")
                .await
        }
        Verb::Resume { id } => {
            let request = Request::post(format!("{}:resume", one(&id)));
            work.act(request, "in effect again").await
        }
        Verb::Revoke { id } => {
            let effect = "The delegation ends for good; tokens that were got by it stop at once.";
            work.remove(one(&id), (effect, &id)).await
        }
    }
}

fn is_of(item: &Value, client: &str) -> bool {
    ["client_id", "client_email"]
        .iter()
        .any(|name| item.get(*name).and_then(Value::as_str) == Some(client))
}

fn new(client: &str, terms: Terms) -> Result<Value, Failure> {
    if terms.scope.is_empty() {
        return Err(Failure::usage("with which scopes?").fix("--scope calendar.readonly"));
    }
    if !terms.everyone && terms.group.is_empty() && terms.user.is_empty() {
        return Err(Failure::usage("as whom?")
            .why("a delegation names groups or users, or everyone")
            .fix("--group sales@acme.example, --user dana@acme.example, or --everyone"));
    }
    let mut members = terms.members();
    members.insert("client".to_owned(), json!(client));
    Ok(Value::Object(members))
}

impl Terms {
    /// What was given, as the API wants it.
    fn members(self) -> Map<String, Value> {
        let mut members = Map::new();
        if !self.scope.is_empty() {
            members.insert("scopes".to_owned(), json!(self.scope));
        }
        if self.everyone {
            members.insert("whom".to_owned(), json!("everyone"));
        } else if !self.group.is_empty() || !self.user.is_empty() {
            let whom = json!({"groups": self.group, "users": self.user});
            members.insert("whom".to_owned(), whom);
        }
        let moment = |moment: UnixTime| json!(moment.rfc3339());
        match self.until {
            None => {}
            Some(Until::Never) => {
                members.insert("until".to_owned(), Value::Null);
            }
            Some(Until::At(at)) => {
                members.insert("until".to_owned(), moment(at));
            }
            Some(Until::After(span)) => {
                let at = UnixTime(clock::now().0.saturating_add(span.0));
                members.insert("until".to_owned(), moment(at));
            }
        }
        if let Some(note) = self.note {
            members.insert("note".to_owned(), json!(note));
        }
        members
    }
}

/// As whom, in short.
fn whom(item: &Value) -> String {
    if item.pointer("/whom/everyone") == Some(&Value::Bool(true)) {
        return "everyone".to_owned();
    }
    let count = |name: &str| {
        let list = item
            .pointer(&format!("/whom/{name}"))
            .and_then(Value::as_array);
        match list.map_or(0, Vec::len) {
            0 => None,
            1 => Some(format!("1 {}", name.trim_end_matches('s'))),
            many => Some(format!("{many} {name}")),
        }
    };
    let parts: Vec<_> = ["groups", "users"].into_iter().filter_map(count).collect();
    parts.join(", ")
}

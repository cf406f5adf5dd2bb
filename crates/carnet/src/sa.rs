//! `carnet sa`: service accounts, their keys, and whether one works.

mod check;
mod key;
mod key_check;
pub(crate) mod key_file;
mod name;
mod policy;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use crate::admin::{MOST, Request, path};
use crate::duration::Span;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::{Column, Output};
use crate::work::Work;

pub(crate) use name::account_path;

/// What can be done with service accounts.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the service accounts of a project.
    List {
        /// Show deleted accounts too, which can be brought back for 30 days.
        #[arg(long)]
        deleted: bool,
        /// Show at most so many.
        #[arg(long, value_name = "NUMBER", default_value_t = MOST)]
        limit: usize,
    },
    /// Show a service account.
    Get {
        /// Its name in the project, its e-mail, or its 21-digit number.
        name: String,
    },
    /// Make a service account, and a key for it if --out is given.
    #[command(
        after_help = "Example:\n  carnet sa create invoice-sync --out invoice-sync.json\n  carnet token --key invoice-sync.json --scope invoices.read"
    )]
    Create(Create),
    /// Change what a service account is called and what it is for.
    Update {
        /// Its name, e-mail or number.
        name: String,
        #[command(flatten)]
        words: Words,
    },
    /// Disable a service account: it gets no token, and those that it has stop at once.
    Disable {
        /// Its name, e-mail or number.
        name: String,
        /// Why, for administrators.
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
    },
    /// Enable a service account.
    Enable {
        /// Its name, e-mail or number.
        name: String,
    },
    /// Delete a service account. It can be brought back for 30 days.
    Delete {
        /// Its name, e-mail or number.
        name: String,
    },
    /// Bring a deleted service account back.
    Undelete {
        /// Its e-mail or number.
        name: String,
    },
    /// Check whether a service account works: state, keys, delegations, scopes.
    #[command(
        after_help = "Example:\n  carnet sa check invoice-sync --as-user dana@acme.example --scope calendar.readonly"
    )]
    Check(check::Arguments),
    /// Keys of service accounts.
    #[command(subcommand)]
    Key(key::Verb),
    /// Who may do what with a service account.
    #[command(subcommand)]
    Policy(policy::Verb),
}

/// What people call it.
#[derive(Args, Debug)]
pub(crate) struct Words {
    /// What people call it: at most 100 bytes.
    #[arg(long, value_name = "TEXT")]
    display_name: Option<String>,
    /// What it is for: at most 256 bytes.
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
}

/// A service account to be made.
#[derive(Args, Debug)]
pub(crate) struct Create {
    /// Its name: 2 to 30 lower-case letters, digits and hyphens.
    name: String,
    #[command(flatten)]
    words: Words,
    /// Make a key too, and write its file here (mode 0600, never over a file that is there).
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// When the key ends: a length of time like 90d, or never.
    #[arg(long, value_name = "SPAN", default_value = "90d", requires = "out")]
    expires_in: key::Expiry,
}

const COLUMNS: &[Column] = &[
    Column::at("NAME", "/account_id"),
    Column::at("STATUS", "/state/state"),
    Column::at("KEYS", "/usage/keys").wide(),
    Column::moment("LAST TOKEN", "/usage/last_token").wide(),
    Column::made("DELEGATION", delegation).wide(),
    Column::at("OWNER", "/project").wide(),
    Column::at("EMAIL", "/email"),
    Column::at("CLIENT ID", "/unique_id"),
    Column::moment("CREATED", "/created"),
    Column::at("DISPLAY NAME", "/display_name").wide(),
    Column::at("DESCRIPTION", "/description").wide(),
    Column::at("REASON", "/state/reason").wide(),
];

/// As whom an account may act: everybody of an organization is worth a second look.
fn delegation(account: &Value) -> String {
    let Some(delegated) = account.pointer("/usage/delegation") else {
        return String::new();
    };
    if delegated.get("everyone") == Some(&Value::Bool(true)) {
        return "everyone !".to_owned();
    }
    match delegated.get("scopes").and_then(Value::as_u64) {
        Some(1) => "1 scope".to_owned(),
        Some(scopes) => format!("{scopes} scopes"),
        None => String::new(),
    }
}

/// Does it.
pub(crate) async fn run(verb: Verb, global: &Global, output: &Output) -> Result<Exit, Failure> {
    if let Verb::Key(verb) = verb {
        return key::run(verb, global, output).await;
    }
    if let Verb::Policy(verb) = verb {
        return policy::run(verb, global, output).await;
    }
    let work = Work::begin(global, output, COLUMNS)?;
    let one = |name: &str| account_path(name, &work.admin);
    match verb {
        Verb::Key(_) | Verb::Policy(_) => Ok(Exit::Success),
        Verb::Check(asked) => check::run(asked, &work.admin, output).await,
        Verb::List { deleted, limit } => {
            let of = path(&["projects", work.admin.project()?, "service-accounts"]);
            let request = Request::get(of)
                .maybe("show_deleted", deleted.then_some("true"))
                .maybe("show_usage", output.shows_everything().then_some("true"));
            work.list(request, limit).await
        }
        Verb::Get { name } => work.show(format!("{}?show_usage=true", one(&name)?)).await,
        Verb::Create(new) => create(new, &work).await,
        Verb::Update { name, words } => work.patch(one(&name)?, words.into()).await,
        Verb::Disable { name, reason } => {
            let effect =
                format!("{name} gets no token any more, and those that it has stop at once.");
            let request = Request::post(format!("{}:disable", one(&name)?));
            let request = request.json(json!({"reason": reason}));
            work.act_after_asking(request, (&effect, &name), "disabled")
                .await
        }
        Verb::Enable { name } => {
            work.act(Request::post(format!("{}:enable", one(&name)?)), "enabled")
                .await
        }
        Verb::Delete { name } => delete(&name, one(&name)?, &work).await,
        Verb::Undelete { name } => {
            work.act(Request::post(format!("{}:undelete", one(&name)?)), "back")
                .await
        }
    }
}

async fn delete(name: &str, path: String, work: &Work<'_>) -> Result<Exit, Failure> {
    let account = work.admin.get(path.clone()).await?;
    let effect = format!(
        "{name} and everything that uses it stops working. It can be brought back for 30 days."
    );
    work.remove(path, (&effect, name)).await?;
    if !work.global.dry_run {
        let number = account
            .get("unique_id")
            .and_then(Value::as_str)
            .unwrap_or(name);
        work.output
            .note(format!("  undo, for 30 days: carnet sa undelete {number}"));
    }
    Ok(Exit::Success)
}

async fn create(new: Create, work: &Work<'_>) -> Result<Exit, Failure> {
    let (admin, output) = (&work.admin, work.output);
    if let Some(out) = &new.out {
        key_file::is_free(out)?;
    }
    let mut body: Value = new.words.into();
    if let Value::Object(members) = &mut body {
        members.insert("account_id".to_owned(), json!(new.name));
    }
    let of = path(&["projects", admin.project()?, "service-accounts"]);
    let Some(made) = admin.change(Request::post(of).json(body)).await? else {
        return Ok(Exit::Success);
    };
    let text = |name: &str| {
        made.get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    if !output.is_for_people() {
        work.print(&made)?;
    }
    output.note(format!(
        "ok Created {}   client ID {}",
        text("email"),
        text("unique_id")
    ));
    let Some(out) = &new.out else {
        output.note(format!(
            "  next: carnet sa key create {} --out key.json",
            text("account_id")
        ));
        return Ok(Exit::Success);
    };
    let account = account_path(&text("email"), admin)?;
    key::make(&account, out, &key::Wanted::google(new.expires_in), work).await?;
    output.note(format!(
        "  next: carnet token --key {} --scope SCOPE",
        out.display()
    ));
    Ok(Exit::Success)
}

impl From<Words> for Value {
    fn from(words: Words) -> Self {
        let mut members = Map::new();
        for (name, value) in [
            ("display_name", words.display_name),
            ("description", words.description),
        ] {
            if let Some(value) = value {
                members.insert(name.to_owned(), json!(value));
            }
        }
        Self::Object(members)
    }
}

/// The length of time after which a key ends, as the API wants it.
fn days(span: Span) -> i64 {
    span.days().max(1)
}

//! `carnet federation pool`: made, changed, disabled, deleted, and for 30 days brought back.

use clap::Args;
use clap::Subcommand;
use serde_json::Value;
use serde_json::json;

use super::named;
use super::named::Whose;
use crate::admin::MOST;
use crate::admin::Request;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::members::Members;
use crate::output::Column;
use crate::output::Output;
use crate::work::Work;

/// What can be done with pools.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the pools of a project.
    List {
        /// Show deleted pools too, which can be brought back for 30 days.
        #[arg(long)]
        deleted: bool,
        #[command(flatten)]
        whose: Whose,
    },
    /// Show a pool.
    #[command(visible_alias = "show")]
    Get(One),
    /// Make a pool.
    #[command(
        after_help = "Example:\n  carnet federation pool create ci-runners --display-name \"CI runners\""
    )]
    Create {
        #[command(flatten)]
        pool: One,
        #[command(flatten)]
        words: Words,
        /// Begin disabled.
        #[arg(long)]
        disabled: bool,
    },
    /// Change what a pool is called, what it is for, and how long its people stay.
    Update {
        #[command(flatten)]
        pool: One,
        #[command(flatten)]
        words: Words,
    },
    /// Disable a pool: it lets nobody in, and what its principals hold is refused at once.
    Disable(One),
    /// Enable a pool.
    Enable(One),
    /// Delete a pool with its providers. It can be brought back for 30 days.
    Delete(One),
    /// Bring a deleted pool back.
    Undelete(One),
}

/// One pool.
#[derive(Args, Debug)]
pub(crate) struct One {
    /// Its id, or its whole name.
    pool: String,
    #[command(flatten)]
    whose: Whose,
}

/// What people call it.
#[derive(Args, Debug)]
pub(crate) struct Words {
    /// What people call it: at most 32 bytes.
    #[arg(long, value_name = "TEXT")]
    display_name: Option<String>,
    /// What it is for: at most 256 bytes.
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// How long a token of its people lives, in seconds: 900 to 43200. Only with --workforce.
    #[arg(long, value_name = "SECONDS")]
    session: Option<i64>,
}

const COLUMNS: &[Column] = &[
    Column::at("ID", "/id"),
    Column::at("STATUS", "/state/state"),
    Column::at("DISPLAY NAME", "/display_name"),
    Column::moment("CREATED", "/created"),
    Column::at("NAME", "/name").wide(),
    Column::at("DESCRIPTION", "/description").wide(),
    Column::at("SESSION", "/session_seconds").wide(),
    Column::moment("RESTORABLE", "/state/restorable_until").wide(),
];

/// Does it.
pub(super) async fn run(verb: Verb, global: &Global, output: &Output) -> Result<Exit, Failure> {
    let work = Work::begin(global, output, COLUMNS)?;
    match verb {
        Verb::List { deleted, whose } => {
            let of = named::pools(whose, &work.admin).await?;
            let request = Request::get(of).maybe("show_deleted", deleted.then_some("true"));
            work.list(request, MOST).await
        }
        Verb::Get(one) => work.show(one.path(&work).await?).await,
        Verb::Create {
            pool,
            words,
            disabled,
        } => {
            let of = named::pools(pool.whose, &work.admin).await?;
            let members = words.members().with("id", pool.pool);
            let members = members.maybe("disabled", disabled.then_some(true));
            work.act(Request::post(of).json(members.into()), "made")
                .await
        }
        Verb::Update { pool, words } => {
            let path = pool.path(&work).await?;
            work.patch(path, words.members().into()).await
        }
        Verb::Disable(one) => {
            let path = one.path(&work).await?;
            let effect = "It lets nobody in, and what its principals hold is refused at once.";
            crate::prompt::confirm(effect, &one.pool, global)?;
            switched(path, true, &work).await
        }
        Verb::Enable(one) => switched(one.path(&work).await?, false, &work).await,
        Verb::Delete(one) => {
            let path = one.path(&work).await?;
            let effect = "Whoever comes through its providers is refused at once. It can be brought back for 30 days.";
            work.remove(path, (effect, &one.pool)).await
        }
        Verb::Undelete(one) => {
            let path = format!("{}:undelete", one.path(&work).await?);
            work.act(Request::post(path), "back").await
        }
    }
}

/// Disables or enables what is at this path.
pub(super) async fn switched(
    path: String,
    disabled: bool,
    work: &Work<'_>,
) -> Result<Exit, Failure> {
    let changed = work
        .admin
        .patch(path, json!({ "disabled": disabled }))
        .await?;
    work.said(changed, if disabled { "disabled" } else { "enabled" })
}

impl One {
    async fn path(&self, work: &Work<'_>) -> Result<String, Failure> {
        named::pool(&self.pool, self.whose, &work.admin).await
    }
}

impl Words {
    fn members(self) -> Members {
        Members::default()
            .maybe("display_name", self.display_name)
            .maybe("description", self.description)
            .maybe("session_seconds", self.session.map(Value::from))
    }
}

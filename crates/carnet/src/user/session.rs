//! `carnet user session`: where a user is signed in, and the end of it.

use clap::Subcommand;
use serde_json::Value;

use crate::admin::{MOST, Request, path};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Column;
use crate::work::Work;

/// What can be done with the sessions of a user.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the sessions of a user, oldest first.
    List {
        /// E-mail or id of the user.
        user: String,
    },
    /// End a session of a user, or all of them.
    End {
        /// E-mail or id of the user.
        user: String,
        /// The id of the session.
        #[arg(required_unless_present = "all")]
        session: Option<String>,
        /// All of them.
        #[arg(long, conflicts_with = "session")]
        all: bool,
    },
}

const COLUMNS: &[Column] = &[
    Column::at("ID", "/id"),
    Column::moment("CREATED", "/created"),
    Column::moment("SEEN", "/seen"),
    Column::at("ADDRESS", "/address"),
    Column::at("AGENT", "/agent"),
    Column::moment("ENDS", "/ends").wide(),
];

/// Does it, under the path of the users of an organization.
pub(super) async fn run(verb: Verb, work: &Work<'_>, of: &str) -> Result<Exit, Failure> {
    let sessions = |user: &str| format!("{of}/{}/sessions", path(&[user]));
    match verb {
        Verb::List { user } => {
            let items = work.admin.list(Request::get(sessions(&user)), MOST).await?;
            work.output.list(&items, COLUMNS)?;
            if items.is_empty() && work.output.is_for_people() {
                work.output.note("There are none.");
            }
            Ok(Exit::Success)
        }
        Verb::End {
            user,
            session: Some(session),
            ..
        } => {
            let request = Request::delete(format!("{}/{}", sessions(&user), path(&[&session])));
            if work.admin.change(request).await?.is_some() {
                work.output.note(format!("ok {session} has ended."));
            }
            Ok(Exit::Success)
        }
        Verb::End { user, .. } => {
            let request = Request::post(format!("{}:endAll", sessions(&user)));
            if let Some(answer) = work.admin.change(request).await? {
                let ended = answer.get("ended").and_then(Value::as_u64).unwrap_or(0);
                work.output
                    .note(format!("ok {ended} sessions of {user} have ended."));
            }
            Ok(Exit::Success)
        }
    }
}

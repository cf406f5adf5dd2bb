//! `carnet sa policy`: who may do what with a service account.

use clap::{Args, Subcommand};
use serde_json::json;

use super::account_path;
use crate::admin::Request;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::{Column, Output};
use crate::work::Work;

/// What can be done with it.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Show who may do what with a service account.
    #[command(after_help = "Example:\n  carnet sa policy show reports")]
    Show {
        /// The account: its name in the project, e-mail or number.
        name: String,
    },
    /// Let somebody do something with a service account.
    #[command(
        after_help = "Example:\n  carnet sa policy add reports --member serviceAccount:ci@build.iam.gserviceaccount.com --role roles/iam.serviceAccountTokenCreator"
    )]
    Add(Member),
    /// Take that away. What they have of the account through this stops at once.
    #[command(
        after_help = "Example:\n  carnet sa policy remove reports --member serviceAccount:ci@build.iam.gserviceaccount.com"
    )]
    Remove(Member),
}

/// A member of a role.
#[derive(Args, Debug)]
pub(crate) struct Member {
    /// The account: its name in the project, e-mail or number.
    name: String,
    /// Who: serviceAccount:EMAIL, user:EMAIL, group:EMAIL, domain:NAME, principal://… or principalSet://….
    #[arg(long = "member", value_name = "MEMBER")]
    who: String,
    /// The role, as Google calls it.
    #[arg(
        long,
        value_name = "ROLE",
        default_value = "roles/iam.serviceAccountTokenCreator"
    )]
    role: String,
}

const COLUMNS: &[Column] = &[
    Column::at("BINDINGS", "/bindings"),
    Column::at("ETAG", "/etag").wide(),
];

/// Does it.
pub(crate) async fn run(verb: Verb, global: &Global, output: &Output) -> Result<Exit, Failure> {
    let work = Work::begin(global, output, COLUMNS)?;
    match verb {
        Verb::Show { name } => {
            work.show(format!("{}/policy", account_path(&name, &work.admin)?))
                .await
        }
        Verb::Add(member) => write(member, ("add", "may"), &work).await,
        Verb::Remove(member) => write(member, ("remove", "may no more"), &work).await,
    }
}

async fn write(
    member: Member,
    (action, done): (&str, &str),
    work: &Work<'_>,
) -> Result<Exit, Failure> {
    let path = format!(
        "{}/policy:{action}",
        account_path(&member.name, &work.admin)?
    );
    let body = json!({"member": member.who, "role": member.role});
    work.act(Request::post(path).json(body), done).await
}

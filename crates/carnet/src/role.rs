//! `carnet role`: who may administer what.

use clap::Subcommand;

use crate::admin::{MOST, Request, path};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::members::Members;
use crate::output::{Column, Output};
use crate::work::Work;

/// What can be done with roles.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List who has which role where, as far as you may see.
    List {
        /// Only the roles of this service account or user, by id or e-mail.
        #[arg(long, value_name = "HOLDER")]
        holder: Option<String>,
    },
    /// Give a role. Only an owner of the territory may, and nobody gives more than they have.
    #[command(
        after_help = "Example:\n  carnet role grant auditor@billing.iam.gserviceaccount.com auditor installation"
    )]
    Grant {
        /// The service account or user, by e-mail or id.
        holder: String,
        /// The role; each contains those after it.
        #[arg(value_parser = ["owner", "admin", "auditor", "viewer"])]
        role: String,
        /// Where: installation, organizations/ID or projects/ID.
        territory: String,
    },
    /// Take a role away. The installation keeps at least one owner who can act.
    Revoke {
        /// The id of the role binding.
        id: String,
    },
}

const COLUMNS: &[Column] = &[
    Column::at("ID", "/id"),
    Column::at("ROLE", "/role"),
    Column::at("TERRITORY", "/territory"),
    Column::at("HOLDER", "/holder/email"),
    Column::at("KIND", "/holder/kind").wide(),
    Column::moment("SINCE", "/created").wide(),
];

/// Does it.
pub(crate) async fn run(verb: Verb, global: &Global, output: &Output) -> Result<Exit, Failure> {
    let work = Work::begin(global, output, COLUMNS)?;
    let of = path(&["role-bindings"]);
    match verb {
        Verb::List { holder } => {
            work.list(Request::get(of).maybe("holder", holder.as_deref()), MOST)
                .await
        }
        Verb::Grant {
            holder,
            role,
            territory,
        } => {
            let body = Members::default()
                .with("holder", holder)
                .with("role", role)
                .with("territory", territory);
            work.act(Request::post(of).json(body.into()), "in force")
                .await
        }
        Verb::Revoke { id } => {
            let one = path(&["role-bindings", &id]);
            work.remove(one, ("What the role allows is not allowed any more.", &id))
                .await
        }
    }
}

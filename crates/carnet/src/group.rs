//! `carnet group`: groups of an organization, by which delegations are limited.

use clap::Subcommand;

use crate::admin::{MOST, Request, path};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::members::Members;
use crate::output::{Column, Output};
use crate::work::Work;

/// What can be done with groups.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the groups of an organization.
    List,
    /// Show a group.
    Get {
        /// E-mail or id.
        group: String,
    },
    /// Make a group.
    Create {
        /// Its address, in a domain of the organization.
        email: String,
        /// What people call it.
        #[arg(long, value_name = "TEXT", default_value = "")]
        title: String,
    },
    /// Change a group. What is not given stays.
    Update {
        /// E-mail or id.
        group: String,
        /// The new address.
        #[arg(long, value_name = "EMAIL")]
        email: Option<String>,
        /// What people call it.
        #[arg(long, value_name = "TEXT")]
        title: Option<String>,
    },
    /// Delete a group. A delegation that names it covers nobody by it any more.
    Delete {
        /// E-mail or id.
        group: String,
    },
    /// Who is in a group.
    #[command(subcommand)]
    Member(MemberVerb),
}

/// What can be done with members.
#[derive(Debug, Subcommand)]
pub(crate) enum MemberVerb {
    /// List the members of a group.
    List {
        /// E-mail or id of the group.
        group: String,
    },
    /// Put a user into a group.
    Add {
        /// E-mail or id of the group.
        group: String,
        /// E-mail or id of the user.
        user: String,
    },
    /// Take a user out of a group.
    Remove {
        /// E-mail or id of the group.
        group: String,
        /// E-mail or id of the user.
        user: String,
    },
}

const COLUMNS: &[Column] = &[
    Column::at("EMAIL", "/email"),
    Column::at("TITLE", "/title"),
    Column::at("ID", "/id"),
    Column::moment("CREATED", "/created").wide(),
];

const MEMBERS: &[Column] = &[
    Column::at("EMAIL", "/email"),
    Column::at("USER", "/user"),
    Column::moment("SINCE", "/created"),
];

/// Does it.
pub(crate) async fn run(verb: Verb, global: &Global, output: &Output) -> Result<Exit, Failure> {
    if let Verb::Member(verb) = verb {
        return member(verb, global, output).await;
    }
    let work = Work::begin(global, output, COLUMNS)?;
    let organization = work.admin.organization().await?;
    let of = path(&["organizations", &organization, "groups"]);
    let one = |group: &str| format!("{of}/{}", path(&[group]));
    match verb {
        Verb::Member(_) => Ok(Exit::Success),
        Verb::List => work.list(Request::get(of), MOST).await,
        Verb::Get { group } => work.show(one(&group)).await,
        Verb::Create { email, title } => {
            let body = Members::default().with("email", email).with("title", title);
            work.act(Request::post(of).json(body.into()), "made").await
        }
        Verb::Update {
            group,
            email,
            title,
        } => {
            let body = Members::default()
                .maybe("email", email)
                .maybe("title", title);
            work.patch(one(&group), body.into()).await
        }
        Verb::Delete { group } => {
            let effect = "A delegation that names the group covers nobody by it any more.";
            work.remove(one(&group), (effect, &group)).await
        }
    }
}

async fn member(verb: MemberVerb, global: &Global, output: &Output) -> Result<Exit, Failure> {
    let work = Work::begin(global, output, MEMBERS)?;
    let organization = work.admin.organization().await?;
    let of = |group: &str| path(&["organizations", &organization, "groups", group, "members"]);
    match verb {
        MemberVerb::List { group } => work.list(Request::get(of(&group)), MOST).await,
        MemberVerb::Add { group, user } => {
            let body = Members::default().with("user", user);
            let how = format!("in {group} now");
            work.act(Request::post(of(&group)).json(body.into()), &how)
                .await
        }
        MemberVerb::Remove { group, user } => {
            let one = format!("{}/{}", of(&group), path(&[&user]));
            work.remove(
                one,
                (
                    "What the group opens is closed to the person at once.",
                    &user,
                ),
            )
            .await
        }
    }
}

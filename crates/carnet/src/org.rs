//! `carnet org`: organizations and their domains.

use clap::Subcommand;

use crate::admin::{MOST, Request, path};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::members::Members;
use crate::output::{Column, Output};
use crate::work::Work;

/// What can be done with organizations.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the organizations that you may see.
    List,
    /// Show an organization.
    Get {
        /// Its id.
        id: String,
    },
    /// Make an organization.
    Create {
        /// What people call it: at most 100 bytes.
        title: String,
    },
    /// Give an organization another title.
    Update {
        /// Its id.
        id: String,
        /// What people call it.
        #[arg(long, value_name = "TEXT")]
        title: Option<String>,
    },
    /// Delete an organization that nothing belongs to any more.
    Delete {
        /// Its id.
        id: String,
    },
    /// The domains of an organization (--org): whose addresses are its people.
    #[command(subcommand)]
    Domain(DomainVerb),
}

/// What can be done with domains.
#[derive(Debug, Subcommand)]
pub(crate) enum DomainVerb {
    /// List the domains.
    List,
    /// Add a domain.
    Create {
        /// Its name: acme.example
        name: String,
    },
    /// Take a domain away in which nobody has an address.
    Delete {
        /// Its name.
        name: String,
    },
}

const COLUMNS: &[Column] = &[
    Column::at("ID", "/id"),
    Column::at("TITLE", "/title"),
    Column::moment("CREATED", "/created"),
];

const DOMAINS: &[Column] = &[
    Column::at("NAME", "/name"),
    Column::at("ORGANIZATION", "/organization"),
    Column::moment("CREATED", "/created"),
];

/// Does it.
pub(crate) async fn run(verb: Verb, global: &Global, output: &Output) -> Result<Exit, Failure> {
    if let Verb::Domain(verb) = verb {
        return domain(verb, global, output).await;
    }
    let work = Work::begin(global, output, COLUMNS)?;
    let one = |id: &str| path(&["organizations", id]);
    match verb {
        Verb::Domain(_) => Ok(Exit::Success),
        Verb::List => {
            work.list(Request::get(path(&["organizations"])), MOST)
                .await
        }
        Verb::Get { id } => work.show(one(&id)).await,
        Verb::Create { title } => {
            let body = Members::default().with("title", title);
            let request = Request::post(path(&["organizations"])).json(body.into());
            work.act(request, "made").await
        }
        Verb::Update { id, title } => {
            work.patch(one(&id), Members::default().maybe("title", title).into())
                .await
        }
        Verb::Delete { id } => {
            work.remove(one(&id), ("The organization is deleted, for good.", &id))
                .await
        }
    }
}

async fn domain(verb: DomainVerb, global: &Global, output: &Output) -> Result<Exit, Failure> {
    let work = Work::begin(global, output, DOMAINS)?;
    let organization = work.admin.organization().await?;
    let of = path(&["organizations", &organization, "domains"]);
    match verb {
        DomainVerb::List => work.list(Request::get(of), MOST).await,
        DomainVerb::Create { name } => {
            let body = Members::default().with("name", name);
            work.act(Request::post(of).json(body.into()), "added").await
        }
        DomainVerb::Delete { name } => {
            let one = format!("{of}/{}", path(&[&name]));
            work.remove(one, ("Addresses in it are nobody's any more.", &name))
                .await
        }
    }
}

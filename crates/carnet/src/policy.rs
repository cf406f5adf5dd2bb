//! `carnet policy`: what an organization forbids.

use clap::{Args, Subcommand};

use crate::admin::{MOST, Request, path};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::members::Members;
use crate::output::{Column, Output};
use crate::work::Work;

/// What can be done with policies.
#[expect(clippy::doc_markdown, reason = "it is what --help prints")]
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the policies of an organization.
    List,
    /// Show a policy.
    Get {
        /// Its id.
        id: String,
    },
    /// Block scopes for every client, apart from those excepted (admin_policy_enforced).
    #[command(
        after_help = "Example:\n  carnet policy block-scopes 'High-risk scopes' --scope mail.send --except 104857291830027466113"
    )]
    BlockScopes {
        /// What a refusal calls it.
        title: String,
        #[command(flatten)]
        terms: Terms,
    },
    /// Let only clients of the organization's own projects act for its people.
    OwnClientsOnly {
        /// What a refusal calls it.
        title: String,
        /// A client that may all the same, by e-mail or number; may be repeated.
        #[arg(long, value_name = "ACCOUNT", value_delimiter = ',')]
        except: Vec<String>,
    },
    /// Let tokens of accounts that others ask for live 12 hours instead of one.
    LifetimeExtension {
        /// What people call it.
        title: String,
        /// An account that has it, by e-mail or number; may be repeated.
        #[arg(long, value_name = "ACCOUNT", value_delimiter = ',', required = true)]
        account: Vec<String>,
    },
    /// Change a policy. What is not given stays.
    Update {
        /// Its id.
        id: String,
        /// What a refusal calls it.
        #[arg(long, value_name = "TEXT")]
        title: Option<String>,
        /// Whether it is in force.
        #[arg(long, value_name = "YES")]
        enabled: Option<bool>,
        #[command(flatten)]
        terms: Terms,
    },
    /// Delete a policy.
    Delete {
        /// Its id.
        id: String,
    },
}

/// What a policy names.
#[derive(Args, Debug)]
pub(crate) struct Terms {
    /// A scope; several with commas between, or by repeating this.
    #[arg(long, value_name = "SCOPE", value_delimiter = ',')]
    scope: Vec<String>,
    /// A client that may all the same, by e-mail or number; may be repeated.
    #[arg(long, value_name = "ACCOUNT", value_delimiter = ',')]
    except: Vec<String>,
}

const COLUMNS: &[Column] = &[
    Column::at("ID", "/id"),
    Column::at("TITLE", "/title"),
    Column::at("KIND", "/kind"),
    Column::at("ENABLED", "/enabled"),
    Column::at("SCOPES", "/scopes"),
    Column::at("EXCEPT", "/except"),
];

/// Does it.
pub(crate) async fn run(verb: Verb, global: &Global, output: &Output) -> Result<Exit, Failure> {
    let work = Work::begin(global, output, COLUMNS)?;
    let organization = work.admin.organization().await?;
    let of = path(&["organizations", &organization, "policies"]);
    let one = |id: &str| format!("{of}/{}", path(&[id]));
    match verb {
        Verb::List => work.list(Request::get(of), MOST).await,
        Verb::Get { id } => work.show(one(&id)).await,
        Verb::BlockScopes { title, terms } => {
            let body = terms
                .members()
                .with("title", title)
                .with("kind", "block_scopes");
            work.act(Request::post(of).json(body.into()), "in force")
                .await
        }
        Verb::OwnClientsOnly { title, except } => {
            let body = Members::default().list("except", except);
            let body = body.with("title", title).with("kind", "own_clients_only");
            work.act(Request::post(of).json(body.into()), "in force")
                .await
        }
        Verb::LifetimeExtension { title, account } => {
            let body = Members::default().list("except", account);
            let body = body.with("title", title).with("kind", "lifetime_extension");
            work.act(Request::post(of).json(body.into()), "in force")
                .await
        }
        Verb::Update {
            id,
            title,
            enabled,
            terms,
        } => {
            let body = terms
                .members()
                .maybe("title", title)
                .maybe("enabled", enabled);
            work.patch(one(&id), body.into()).await
        }
        Verb::Delete { id } => {
            work.remove(one(&id), ("What it forbids is allowed from now on.", &id))
                .await
        }
    }
}

impl Terms {
    fn members(self) -> Members {
        Members::default()
            .list("scopes", self.scope)
            .list("except", self.except)
    }
}

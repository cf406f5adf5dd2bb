//! `carnet user`: people in the directory of an organization.

mod password;
mod session;

use clap::Subcommand;

use crate::admin::{MOST, Request, path};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::members::Members;
use crate::output::{Column, Output};
use crate::work::Work;

/// What can be done with users.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the users of an organization, by address.
    List,
    /// Show a user.
    Get {
        /// E-mail or id.
        user: String,
    },
    /// Add a user to the directory.
    Create {
        /// The address, in a domain of the organization.
        email: String,
        /// What the person is called.
        #[arg(long, value_name = "TEXT", default_value = "")]
        name: String,
        /// Somebody has made sure that the address is theirs. Takes an owner of the installation.
        #[arg(long)]
        email_verified: bool,
        /// A file with the hash of the password that they had in another system; - is standard input.
        /// Takes an owner of the installation.
        #[arg(long, value_name = "FILE")]
        password_hash_file: Option<String>,
    },
    /// Change a user. What is not given stays.
    Update {
        /// E-mail or id.
        user: String,
        /// The new address.
        #[arg(long, value_name = "EMAIL")]
        email: Option<String>,
        /// What the person is called.
        #[arg(long, value_name = "TEXT")]
        name: Option<String>,
        /// Whether somebody has made sure that the address is theirs. Takes an owner of the installation.
        #[arg(long, value_name = "BOOL")]
        email_verified: Option<bool>,
    },
    /// Set the password of a user, whatever it was; their sessions end.
    SetPassword {
        /// E-mail or id.
        user: String,
        /// `-` reads the password from standard input. Without it, it is asked for.
        #[arg(value_name = "-", value_parser = ["-"])]
        from: Option<String>,
    },
    /// Take the password of a user away; their sessions end.
    RemovePassword {
        /// E-mail or id.
        user: String,
    },
    /// Where a user is signed in, and the end of it.
    #[command(subcommand)]
    Session(session::Verb),
    /// Suspend a user: nobody can act for them, and tokens about them stop at once.
    Suspend {
        /// E-mail or id.
        user: String,
        /// Why, for administrators.
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
    },
    /// Restore a suspended user.
    Restore {
        /// E-mail or id.
        user: String,
    },
    /// Take a user out of the directory; memberships and roles go too.
    Delete {
        /// E-mail or id.
        user: String,
    },
}

const COLUMNS: &[Column] = &[
    Column::at("EMAIL", "/email"),
    Column::at("STATUS", "/state/state"),
    Column::at("NAME", "/name"),
    Column::at("ID", "/id"),
    Column::at("VERIFIED", "/email_verified").wide(),
    Column::moment("CREATED", "/created").wide(),
    Column::at("REASON", "/state/reason").wide(),
];

/// Does it.
pub(crate) async fn run(verb: Verb, global: &Global, output: &Output) -> Result<Exit, Failure> {
    let work = Work::begin(global, output, COLUMNS)?;
    let organization = work.admin.organization().await?;
    let of = path(&["organizations", &organization, "users"]);
    let one = |user: &str| format!("{of}/{}", path(&[user]));
    match verb {
        Verb::List => work.list(Request::get(of), MOST).await,
        Verb::Get { user } => work.show(one(&user)).await,
        Verb::Create {
            email,
            name,
            email_verified,
            password_hash_file,
        } => {
            let body = Members::default().with("email", email).with("name", name);
            let body = body.maybe("email_verified", email_verified.then_some(true));
            let Some(file) = password_hash_file else {
                return work.act(Request::post(of).json(body.into()), "added").await;
            };
            let body = body.with("password_hash", password::hash_of(&file)?);
            work.act(Request::post(of).secret_json(body.into()), "added")
                .await
        }
        Verb::Update {
            user,
            email,
            name,
            email_verified,
        } => {
            let body = Members::default().maybe("email", email).maybe("name", name);
            let body = body.maybe("email_verified", email_verified);
            work.patch(one(&user), body.into()).await
        }
        Verb::SetPassword { user, from } => {
            let password = password::asked(&user, from.as_deref(), global)?;
            password::set(&work, one(&user), (&user, password)).await
        }
        Verb::RemovePassword { user } => password::remove(&work, one(&user), &user).await,
        Verb::Session(verb) => session::run(verb, &work, &of).await,
        Verb::Suspend { user, reason } => {
            let effect = "Nobody can act for this person, and tokens about them stop at once.";
            let request = Request::post(format!("{}:suspend", one(&user)));
            let request = request.json(Members::default().with("reason", reason).into());
            work.act_after_asking(request, (effect, &user), "suspended")
                .await
        }
        Verb::Restore { user } => {
            work.act(Request::post(format!("{}:restore", one(&user))), "restored")
                .await
        }
        Verb::Delete { user } => {
            let effect = "The person leaves the directory; memberships and roles go too.";
            work.remove(one(&user), (effect, &user)).await
        }
    }
}

//! `carnet app`: apps (OAuth clients), their secrets and redirect URIs, and what lets them register.

mod apply;
mod create;
mod env;
mod env_file;
mod initial_token;
pub(crate) mod keys;
mod redirect;
pub(crate) mod secret;
mod settings;

use clap::Subcommand;
use serde_json::{Value, json};

use crate::admin::{MOST, Request, path};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::members::Members;
use crate::output::{Column, Output};
use crate::work::Work;

/// What can be done with apps.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the apps of a project.
    List {
        /// Show at most so many.
        #[arg(long, value_name = "NUMBER", default_value_t = MOST)]
        limit: usize,
    },
    /// Show an app.
    Get {
        /// Its client ID.
        id: String,
    },
    /// Make an app; with --env its secret too, in a file that the app reads.
    #[command(
        after_help = "Examples:\n  carnet app create ledgerly --redirect http://localhost:3000/api/auth/callback --env .env.local\n  carnet app create nightly-report --kind daemon --scope invoices.read"
    )]
    Create(Box<create::Create>),
    /// Change an app. What is not given stays.
    #[command(
        after_help = "Example:\n  carnet app update ledgerly-k3v2qa --scope openid,email --policy https://ledgerly.example/privacy"
    )]
    Update {
        /// Its client ID.
        id: String,
        /// What people call it.
        #[arg(long, value_name = "TEXT")]
        title: Option<String>,
        #[command(flatten)]
        settings: Box<settings::Settings>,
    },
    /// Make and change apps to what a file says. What the file does not name stays, and apps that it does
    /// not name stay too.
    #[command(
        after_help = "Examples:\n  carnet app apply apps.toml --dry-run\n  carnet app apply apps.toml --secrets secrets/\n  carnet app list -o json | carnet app apply -"
    )]
    Apply(apply::Apply),
    /// Disable an app: it gets no token, and those that it has stop at once.
    Disable {
        /// Its client ID.
        id: String,
        /// Why, for administrators.
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
    },
    /// Enable an app.
    Enable {
        /// Its client ID.
        id: String,
    },
    /// Delete an app, for good, with its secrets and what people have let it do.
    Delete {
        /// Its client ID.
        id: String,
    },
    /// Secrets of apps.
    #[command(subcommand)]
    Secret(secret::Verb),
    /// Where apps send the browser back to.
    #[command(subcommand)]
    Redirect(redirect::Verb),
    /// What lets apps register themselves in a project.
    #[command(subcommand)]
    InitialToken(initial_token::Verb),
    /// Print what an app must know of the server, in the form that it reads.
    #[command(
        after_help = "Examples:\n  carnet app env ledgerly-k3v2qa --secret-file secret.txt >> .env\n  carnet app env dashboards-w2x7fd --for grafana --new-secret"
    )]
    Env(env::Arguments),
}

const COLUMNS: &[Column] = &[
    Column::at("CLIENT ID", "/id"),
    Column::at("STATUS", "/state/state"),
    Column::at("KIND", "/kind"),
    Column::at("AUTHENTICATION", "/authentication"),
    Column::at("TITLE", "/title"),
    Column::at("GRANTS", "/grants").wide(),
    Column::at("SCOPES", "/scopes").wide(),
    Column::at("DEFAULT SCOPES", "/default_scopes").wide(),
    Column::at("REDIRECT URIS", "/redirect_uris").wide(),
    Column::at("ORIGINS", "/origins").wide(),
    Column::at("PKCE", "/require_pkce").wide(),
    Column::at("TRUST", "/trust").wide(),
    Column::at("REASON", "/state/reason").wide(),
    Column::moment("CREATED", "/created").wide(),
    Column::at("PROJECT", "/project").wide(),
];

/// Does it.
pub(crate) async fn run(verb: Verb, global: &Global, output: &Output) -> Result<Exit, Failure> {
    let verb = match verb {
        Verb::Secret(verb) => return secret::run(verb, global, output).await,
        Verb::Env(asked) => return env::run(&asked, global, output).await,
        other => other,
    };
    let work = Work::begin(global, output, COLUMNS)?;
    match verb {
        Verb::Apply(asked) => apply::run(&asked, &work).await,
        Verb::Secret(_) | Verb::Env(_) => Ok(Exit::Success),
        Verb::List { limit } => {
            let of = path(&["projects", work.admin.project()?, "clients"]);
            work.list(Request::get(of), limit).await
        }
        Verb::Get { id } => {
            work.show(one(&id)).await?;
            redirect::tell_refused(&id, &work).await
        }
        Verb::Create(new) => create::run(*new, &work).await,
        Verb::Update {
            id,
            title,
            settings,
        } => update(&id, title, settings, &work).await,
        Verb::Disable { id, reason } => {
            let effect =
                format!("{id} gets no token any more, and those that it has stop at once.");
            let request = Request::post(format!("{}:disable", one(&id)));
            let request = request.json(json!({"reason": reason}));
            work.act_after_asking(request, (&effect, &id), "disabled")
                .await
        }
        Verb::Enable { id } => {
            let request = Request::post(format!("{}:enable", one(&id)));
            work.act(request, "enabled").await
        }
        Verb::Delete { id } => {
            let effect =
                format!("{id} is gone for good, with its secrets and what people have let it do.");
            work.remove(one(&id), (&effect, &id)).await
        }
        Verb::Redirect(verb) => redirect::run(verb, &work).await,
        Verb::InitialToken(verb) => initial_token::run(verb, &work).await,
    }
}

/// Changes an app, and warns of what nobody should leave on.
async fn update(
    id: &str,
    title: Option<String>,
    settings: Box<settings::Settings>,
    work: &Work<'_>,
) -> Result<Exit, Failure> {
    let body: Value = settings
        .members(Members::default().maybe("title", title))?
        .into();
    let exit = work.patch(one(id), body.clone()).await?;
    warn(id, &body, work);
    Ok(exit)
}

/// Warns of what these settings switch on and nobody should leave on.
fn warn(id: &str, settings: &Value, work: &Work<'_>) {
    let on = |pointer| settings.pointer(pointer) == Some(&Value::Bool(true));
    if on("/legacy/implicit") {
        work.output.note(format!(
            "! {id} gets tokens in the address of its page now. RFC 9700 says not to: use it on the way to authorization_code with PKCE, and switch it off."
        ));
    }
    if on("/legacy/embedded_user_agents") {
        work.output.note(format!(
            "! People sign in for {id} inside apps now, which can read what they type. RFC 8252 forbids it: use it on the way to the browser of the system, and switch it off."
        ));
    }
    if on("/legacy/password") {
        work.output.note(format!(
            "! {id} sees people's passwords now. RFC 9700 forbids this grant: use it on the way to authorization_code with PKCE, and switch it off."
        ));
    }
}

/// Where the admin API has an app.
fn one(id: &str) -> String {
    path(&["clients", id])
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// Whether an app proves itself with a secret.
fn has_secret(app: &Value) -> bool {
    text(app, "/authentication").starts_with("client_secret_")
}

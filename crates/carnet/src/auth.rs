//! `carnet auth application-default`: what programs on this machine sign in with, as Google's libraries find it.
//!
//! The verbs are gcloud's, and so are the names of their options: scripts that call
//! `gcloud auth application-default print-access-token` can call this. The credential is the one that `--key` names (a
//! file of any kind), else what [`carnet_client::Credentials::find`] finds; contexts and `CARNET_TOKEN` have no part in it.
//! The token goes to standard output and nothing else does.

use carnet_client::adc::{Impersonation, Origin};
use carnet_client::{Credentials, Error, Token};
use clap::{Args, Subcommand};
use serde_json::json;

use crate::clock;
use crate::duration;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::{Column, Output};
use crate::refused;

/// What a credential asks for where nothing else is said, as with gcloud.
const CLOUD_PLATFORM: &str = "https://www.googleapis.com/auth/cloud-platform";

/// What can be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// What programs on this machine sign in with: Application Default Credentials.
    #[command(subcommand)]
    ApplicationDefault(ApplicationDefault),
}

/// What can be done with Application Default Credentials.
#[derive(Debug, Subcommand)]
pub(crate) enum ApplicationDefault {
    /// Print an access token.
    #[command(
        after_help = "Examples:\n  carnet auth application-default print-access-token --scopes invoices.read\n  carnet auth application-default print-access-token --key user.json\n  carnet auth application-default print-access-token --key gdch.json --audience https://api.example"
    )]
    PrintAccessToken {
        /// The scopes to ask for. Unless given, a person's are those that they allowed, and others ask for Google's
        /// cloud-platform.
        #[arg(long, value_name = "SCOPE", value_delimiter = ',')]
        scopes: Vec<String>,
        /// The API that the token is for. A service identity of Google Distributed Cloud must name one, and nobody else may.
        #[arg(long, value_name = "API", conflicts_with = "scopes")]
        audience: Option<String>,
        #[command(flatten)]
        instead: Instead,
    },
    /// Print an ID token.
    #[command(
        after_help = "Example:\n  carnet auth application-default print-identity-token --audiences https://reports.example"
    )]
    PrintIdentityToken {
        /// Whom the token is for. A person's is for their app alone, and needs none.
        #[arg(long, value_name = "AUDIENCE")]
        audiences: Option<String>,
        #[command(flatten)]
        instead: Instead,
    },
    /// Show which credential is found, where, and whose it is.
    Show,
}

/// Whose token it shall be.
#[derive(Args, Debug)]
pub(crate) struct Instead {
    /// A service account to impersonate; those before the last are the delegates on the way to it. It is asked for at
    /// --url, or at Google.
    #[arg(long, value_name = "EMAIL", value_delimiter = ',')]
    impersonate_service_account: Vec<String>,
}

const COLUMNS: &[Column] = &[
    Column::at("TYPE", "/type"),
    Column::at("FOUND", "/found"),
    Column::at("ACCOUNT", "/account"),
    Column::at("PROJECT", "/project_id"),
    Column::at("QUOTA PROJECT", "/quota_project_id"),
    Column::at("UNIVERSE", "/universe_domain"),
    Column::at("ENDPOINT", "/endpoint"),
];

/// Does it.
pub(crate) async fn run(verb: Verb, global: &Global, output: &Output) -> Result<Exit, Failure> {
    let Verb::ApplicationDefault(verb) = verb;
    let found = match &global.key {
        Some(path) => Credentials::from_file(path),
        None => Credentials::find().await,
    };
    let found = found.map_err(|error| refused::of(&error))?;
    match verb {
        ApplicationDefault::PrintAccessToken {
            scopes,
            audience,
            instead,
        } => {
            let found = match &audience {
                Some(audience) => found.for_audience(audience),
                None => Ok(found),
            };
            let credentials = found
                .and_then(|found| instead.of(&found, global))
                .and_then(|credentials| scoped(&credentials, &scopes));
            print(credentials, output).await
        }
        ApplicationDefault::PrintIdentityToken { audiences, instead } => {
            let credentials = instead
                .of(&found, global)
                .map_err(|error| refused::of(&error))?;
            let audience = audiences.as_deref().or_else(|| credentials.audience());
            let audience = audience.ok_or_else(|| {
                Failure::usage("whom is the ID token for?")
                    .why(format!(
                        "a credential of the kind {} needs an audience",
                        credentials.kind()
                    ))
                    .fix("carnet auth application-default print-identity-token --audiences URL")
            })?;
            print(Ok(credentials.id_token(audience)), output).await
        }
        ApplicationDefault::Show => show(&found, output).await,
    }
}

impl Instead {
    /// The credential, or the account that it stands in for.
    fn of(&self, found: &Credentials, global: &Global) -> Result<Credentials, Error> {
        let Some((last, before)) = self.impersonate_service_account.split_last() else {
            return Ok(found.clone());
        };
        let delegates: Vec<_> = before.iter().map(String::as_str).collect();
        let wanted = Impersonation::of(last).by_way_of(&delegates);
        found.impersonating(&match &global.url {
            Some(url) => wanted.at(url),
            None => wanted,
        })
    }
}

fn scoped(credentials: &Credentials, scopes: &[String]) -> Result<Credentials, Error> {
    let scopes: Vec<_> = scopes
        .iter()
        .flat_map(|scope| scope.split_whitespace())
        .collect();
    let a_person = credentials.audience().is_some();
    match scopes.as_slice() {
        [] if a_person => Ok(credentials.clone()),
        [] => credentials.scoped(&[CLOUD_PLATFORM]),
        scopes => credentials.scoped(scopes),
    }
}

async fn print(credentials: Result<Credentials, Error>, output: &Output) -> Result<Exit, Failure> {
    let token: Result<Token, Error> = match credentials {
        Ok(credentials) => credentials.token().await,
        Err(error) => Err(error),
    };
    let token = token.map_err(|error| refused::of(&error))?;
    output.text(token.value().reveal())?;
    let left = token.expires().saturating_sub(clock::now().0).max(0);
    output.note(format!("valid {}", duration::words(left)));
    Ok(Exit::Success)
}

async fn show(found: &Credentials, output: &Output) -> Result<Exit, Failure> {
    // What has to be asked for may be out of reach; what stands here is told all the same.
    let (account, project) = (found.email().await, found.project_id().await);
    let universe = found.universe_domain().await;
    let faults = [
        account.as_ref().err(),
        project.as_ref().err(),
        universe.as_ref().err(),
    ];
    for fault in faults.into_iter().flatten() {
        output.note(format!("not known: {fault}"));
    }
    let item = json!({
        "type": found.kind().as_str(),
        "found": place(found.origin()),
        "account": account.ok().flatten(),
        "project_id": project.ok().flatten(),
        "quota_project_id": found.quota_project(),
        "universe_domain": universe.ok(),
        "endpoint": found.endpoint(),
    });
    output.one(&item, COLUMNS)?;
    Ok(Exit::Success)
}

fn place(origin: &Origin) -> String {
    match origin {
        Origin::File(path) => format!("{} (--key)", path.display()),
        Origin::Environment(path) => format!("{} (GOOGLE_APPLICATION_CREDENTIALS)", path.display()),
        Origin::WellKnown(path) => format!("{} (gcloud's place)", path.display()),
        Origin::Metadata(url) => format!("{url} (metadata server)"),
        _ => "given".to_owned(),
    }
}

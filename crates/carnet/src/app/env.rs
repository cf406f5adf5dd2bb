//! `carnet app env`: what an app must know of the server, in the words that it reads.
//!
//! The names differ from app to app. Where one is not set up by variables, what is printed is what its
//! manual asks for: a command (Gitea, Nextcloud) or a piece of its configuration file (Immich).

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::{has_secret, one, secret, text};
use crate::admin::Admin;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::members::Members;
use crate::output::Output;
use crate::work::Work;

/// The longest secret that is read from a file, in bytes.
const LONGEST: u64 = 4_096;

/// What is to be printed.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The app's client ID.
    id: String,
    /// For which app, which says how things are called. Unless given: `OIDC_ISSUER` and the like.
    #[arg(long = "for", value_enum, value_name = "APP")]
    known: Option<Known>,
    /// The file with its secret; - for standard input. The server does not know it.
    #[arg(long, value_name = "FILE", conflicts_with = "new_secret")]
    secret_file: Option<PathBuf>,
    /// Make a new secret for it.
    #[arg(long)]
    new_secret: bool,
}

/// Apps whose words we know.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Known {
    /// Variables of Grafana's generic OAuth.
    Grafana,
    /// A command of Gitea.
    Gitea,
    /// A command of Nextcloud with the app `user_oidc`.
    Nextcloud,
    /// A piece of Immich's configuration file.
    Immich,
}

/// An app to whom something is told.
pub(super) struct App<'a> {
    pub(super) issuer: &'a str,
    pub(super) id: &'a str,
    /// Whether it has no secret at all.
    pub(super) public: bool,
    /// Its secret, where we have it.
    pub(super) secret: Option<&'a str>,
}

/// Prints it.
pub(super) async fn run(
    asked: &Arguments,
    global: &Global,
    output: &Output,
) -> Result<Exit, Failure> {
    let work = Work::begin(global, output, secret::COLUMNS)?;
    let app = work.admin.get(one(&asked.id)).await?;
    let secret = secret_of(asked, &app, &work).await?;
    if has_secret(&app) && secret.is_none() {
        output.note("The secret is shown once and not kept: --secret-file, or --new-secret.");
    }
    let app = App {
        issuer: work.admin.url(),
        id: text(&app, "/id"),
        public: !has_secret(&app),
        secret: secret.as_deref(),
    };
    let lines = lines(asked.known, &app, &work.admin).await?;
    output.text(&lines.join("\n"))?;
    Ok(Exit::Success)
}

async fn secret_of(
    asked: &Arguments,
    app: &Value,
    work: &Work<'_>,
) -> Result<Option<String>, Failure> {
    if let Some(file) = &asked.secret_file {
        return secret::read(file, LONGEST).map(Some);
    }
    if !asked.new_secret {
        return Ok(None);
    }
    let made = secret::made(text(app, "/id"), Members::default(), work).await?;
    Ok(made.map(|made| text(&made, "/client_secret").to_owned()))
}

/// How variables are called in the file for this app.
pub(super) fn names(known: Option<Known>) -> Vec<&'static str> {
    match known {
        None => vec!["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"],
        Some(Known::Grafana) => vec![
            "GF_AUTH_GENERIC_OAUTH_CLIENT_ID",
            "GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET",
        ],
        Some(Known::Gitea | Known::Nextcloud) => vec!["OIDC_CLIENT_SECRET"],
        Some(Known::Immich) => Vec::new(),
    }
}

/// What the app must know, line by line.
pub(super) async fn lines(
    known: Option<Known>,
    app: &App<'_>,
    admin: &Admin,
) -> Result<Vec<String>, Failure> {
    let discovery = format!("{}/.well-known/openid-configuration", app.issuer);
    let (id, secret) = (app.id, app.secret.unwrap_or_default());
    Ok(match known {
        None => {
            let mut lines = vec![
                format!("OIDC_ISSUER={}", app.issuer),
                format!("OIDC_CLIENT_ID={id}"),
            ];
            if !app.public {
                lines.push(format!("OIDC_CLIENT_SECRET={secret}"));
            }
            lines
        }
        Some(Known::Grafana) => grafana(app, &admin.metadata().await?)?,
        Some(Known::Gitea) => vec![
            format!("OIDC_CLIENT_SECRET={secret}"),
            format!(
                "gitea admin auth add-oauth --name carnet --provider openidConnect --key {id} \
                 --secret \"$OIDC_CLIENT_SECRET\" --auto-discover-url {discovery}"
            ),
        ],
        Some(Known::Nextcloud) => vec![
            format!("OIDC_CLIENT_SECRET={secret}"),
            format!(
                "php occ user_oidc:provider carnet --clientid={id} \
                 --clientsecret=\"$OIDC_CLIENT_SECRET\" --discoveryuri={discovery}"
            ),
        ],
        Some(Known::Immich) => {
            let block = json!({"oauth": {
                "enabled": true,
                "issuerUrl": app.issuer,
                "clientId": id,
                "clientSecret": secret,
                "scope": "openid email profile",
            }});
            vec![serde_json::to_string_pretty(&block).unwrap_or_default()]
        }
    })
}

/// Grafana wants every endpoint by itself, as discovery has it.
fn grafana(app: &App<'_>, metadata: &Value) -> Result<Vec<String>, Failure> {
    const PREFIX: &str = "GF_AUTH_GENERIC_OAUTH";
    let mut lines = vec![
        format!("{PREFIX}_ENABLED=true"),
        format!("{PREFIX}_CLIENT_ID={}", app.id),
    ];
    if !app.public {
        let secret = app.secret.unwrap_or_default();
        lines.push(format!("{PREFIX}_CLIENT_SECRET={secret}"));
    }
    lines.push(format!("{PREFIX}_SCOPES=openid email profile"));
    lines.push(format!("{PREFIX}_USE_PKCE=true"));
    for (name, endpoint) in [
        ("AUTH_URL", "authorization_endpoint"),
        ("TOKEN_URL", "token_endpoint"),
        ("API_URL", "userinfo_endpoint"),
    ] {
        let url = metadata.get(endpoint).and_then(Value::as_str);
        let url = url.ok_or_else(|| {
            Failure::new(Exit::Failed, format!("the server has no {endpoint}"))
                .why("its discovery document names none, and Grafana needs one")
        })?;
        lines.push(format!("{PREFIX}_{name}={url}"));
    }
    Ok(lines)
}

#[cfg(test)]
mod tests;

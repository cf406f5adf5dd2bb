//! `carnet token`: gets a token for a service account, and looks at tokens.
//!
//! The token goes to standard output and nothing else does, so that it can stand in `$( )`. How
//! long it is good is told on standard error.

mod inspect;
mod kind;
pub(crate) mod text;
mod verify;

use std::time::Duration;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::clock;
use crate::credential::{Credential, Situation};
use crate::duration;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::{Column, Output};
use crate::refused;
use crate::web;

use carnet_client::{Token, TokenKind};
use carnet_core::value::UnixTime;

/// Gets a token, or looks at one.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  carnet token --key key.json --scope invoices.read\n  curl -H \"$(carnet token header --key key.json --scope invoices.read)\" https://api.example/invoices\n  carnet token inspect - --verify < token.txt"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    wanted: Wanted,
    #[command(subcommand)]
    verb: Option<Verb>,
}

/// What the token shall be.
#[derive(Args, Debug)]
struct Wanted {
    /// A scope to ask for; several with spaces or commas between, or by repeating this.
    #[arg(long, global = true, value_name = "SCOPE", value_delimiter = ',')]
    scope: Vec<String>,
    /// The user to act for, by e-mail. Needs a delegation that covers the user and the scopes.
    #[arg(long, global = true, value_name = "EMAIL")]
    subject: Option<String>,
    /// Get an ID token for this audience instead of an access token.
    #[arg(long, global = true, value_name = "AUDIENCE", conflicts_with = "scope")]
    audience: Option<String>,
}

/// What to do with a token.
#[derive(Debug, Subcommand)]
enum Verb {
    /// Print the token. What happens without a verb.
    Print,
    /// Print it as a header line for curl: Authorization: Bearer ...
    Header,
    /// Print it as variables for a shell: eval "$(carnet token env)"
    Env,
    /// Take a token or an assertion apart, and make every check that can be made here.
    Inspect(inspect::Arguments),
    /// Ask the server what an access token says, and whether it still stands.
    Introspect {
        /// The token: - for standard input, @FILE for a file.
        token: String,
    },
    /// Revoke an access token: it is worth nothing from now on.
    Revoke {
        /// The token: - for standard input, @FILE for a file.
        token: String,
    },
}

/// Does it.
pub(crate) async fn run(
    arguments: Arguments,
    global: &Global,
    output: &Output,
) -> Result<Exit, Failure> {
    let wanted = &arguments.wanted;
    match arguments.verb {
        None | Some(Verb::Print) => {
            let token = fetch(wanted, global).await?;
            output.text(token.value().reveal())?;
            output.note(validity(&token, wanted));
        }
        Some(Verb::Header) => {
            let token = fetch(wanted, global).await?;
            output.text(&format!("Authorization: Bearer {}", token.value().reveal()))?;
            output.note(validity(&token, wanted));
        }
        Some(Verb::Env) => {
            let token = fetch(wanted, global).await?;
            // A token has no character that a shell reads in quotes: it is a b64token.
            let until = UnixTime(token.expires());
            output.text(&format!(
                "export CARNET_TOKEN='{}'\nexport CARNET_TOKEN_EXPIRES='{until}'",
                token.value().reveal()
            ))?;
            output.note(validity(&token, wanted));
        }
        Some(Verb::Inspect(asked)) => return inspect::run(asked, global, output).await,
        Some(Verb::Introspect { token }) => return introspect(&token, global, output).await,
        Some(Verb::Revoke { token }) => return revoke(&token, global, output).await,
    }
    Ok(Exit::Success)
}

async fn fetch(wanted: &Wanted, global: &Global) -> Result<Token, Failure> {
    let account = Situation::of(global)?.into_account()?.tokens;
    let account = match &wanted.subject {
        Some(user) => account.with_subject(user),
        None => account,
    };
    let account = match &wanted.audience {
        Some(audience) => account.id_token(audience),
        None if wanted.scope.is_empty() => {
            return Err(Failure::usage("which token?")
                .why("neither --scope (access token) nor --audience (ID token) was given")
                .fix("carnet token --key key.json --scope invoices.read"));
        }
        None => {
            let scopes: Vec<_> = wanted
                .scope
                .iter()
                .flat_map(|scope| scope.split_whitespace())
                .collect();
            account
                .scoped(&scopes)
                .map_err(|error| refused::of(&error))?
        }
    };
    account.token().await.map_err(|error| refused::of(&error))
}

/// How long it is good, and what it opens.
fn validity(token: &Token, wanted: &Wanted) -> String {
    let left = token.expires().saturating_sub(clock::now().0).max(0);
    // RFC 6749 section 5.1: where the answer names no scope, it is the one that was asked for.
    let what = match (token.kind(), token.scope()) {
        (TokenKind::Id, _) => "ID token".to_owned(),
        (_, Some(scope)) => format!("scope {scope}"),
        (_, None) => format!("scope {}", wanted.scope.join(" ")),
    };
    format!("valid {}, {what}", duration::words(left))
}

const INTROSPECTION: &[Column] = &[
    Column::at("ACTIVE", "/active"),
    Column::at("SUB", "/sub"),
    Column::at("USERNAME", "/username"),
    Column::at("CLIENT_ID", "/client_id"),
    Column::at("ACT", "/act/email"),
    Column::at("SCOPE", "/scope"),
    Column::at("AUD", "/aud"),
    Column::made("EXPIRES", |item| {
        let moment = item.get("exp").and_then(Value::as_i64);
        moment
            .map(|moment| UnixTime(moment).rfc3339())
            .unwrap_or_default()
    }),
];

/// RFC 7662. An inactive token is an answer, and a check that failed.
async fn introspect(token: &str, global: &Global, output: &Output) -> Result<Exit, Failure> {
    let token = text::read(token)?;
    let situation = Situation::of(global)?;
    let url = situation.url(global)?;
    let caller = match situation.credential {
        None => return Err(crate::credential::nothing()),
        Some(Credential::Token(token)) => token,
        Some(Credential::Person(person)) => person.token(&url).await?,
        Some(Credential::Account(account)) => {
            let scope = carnet_client::introspect::SCOPE;
            let scoped = account
                .tokens
                .scoped(&[scope])
                .map_err(|error| refused::of(&error))?;
            let token = scoped.token().await.map_err(|error| refused::of(&error))?;
            token.value().reveal().to_owned()
        }
    };
    let client = web::client(Duration::from_secs(global.timeout))?;
    let request = client
        .post(format!("{url}/introspect"))
        .bearer_auth(caller)
        .form(&[("token", token.as_str())]);
    let answer = web::send(request, &url).await?;
    let said = answer.json(&url)?;
    output.one(&said, INTROSPECTION)?;
    let active = said.get("active").and_then(Value::as_bool);
    Ok(if active == Some(true) {
        Exit::Success
    } else {
        Exit::ChecksFailed
    })
}

/// RFC 7009: whoever holds a token may revoke it.
async fn revoke(token: &str, global: &Global, output: &Output) -> Result<Exit, Failure> {
    let token = text::read(token)?;
    let situation = Situation::of(global)?;
    let url = match &global.url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => inspect::issuer(&token).map_or_else(|| situation.url(global), Ok)?,
    };
    if global.dry_run {
        output.note(format!("dry run: the token would be sent to {url}/revoke"));
        return Ok(Exit::Success);
    }
    let client = web::client(Duration::from_secs(global.timeout))?;
    let request = client
        .post(format!("{url}/revoke"))
        .form(&[("token", token.as_str())]);
    web::send(request, &url).await?.json(&url)?;
    if !output.is_for_people() {
        output.one(
            &json!({"revoked": true}),
            &[Column::at("REVOKED", "/revoked")],
        )?;
    }
    output.note("ok Revoked. It is worth nothing from now on.");
    Ok(Exit::Success)
}

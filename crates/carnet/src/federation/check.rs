//! `carnet federation check`: whether a provider would let a token in, step by step, and as whom.
//!
//! The server judges, by what it would use for a real request, and issues nothing ([`crate::dry_run`]).

use clap::Args;
use serde_json::json;

use super::named;
use super::named::Whose;
use crate::admin::Admin;
use crate::admin::Request;
use crate::dry_run;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::Output;

/// A token and the provider that would be asked.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The provider, with its pool: POOL/PROVIDER, its whole name, or the audience of a credential file.
    #[arg(long, value_name = "POOL/PROVIDER")]
    provider: String,
    /// A file with the token, or - for standard input.
    #[arg(value_name = "FILE")]
    token: String,
    #[command(flatten)]
    whose: Whose,
}

/// Checks it.
pub(super) async fn run(
    arguments: Arguments,
    global: &Global,
    output: &Output,
) -> Result<Exit, Failure> {
    let admin = Admin::connect(global)?;
    let token = dry_run::token(&arguments.token)?;
    let provider = named::provider(&arguments.provider, arguments.whose, &admin).await?;
    let request = Request::post(format!("{provider}:check"));
    let told = admin
        .send(request.secret_json(json!({ "token": token })))
        .await?;
    dry_run::report(&told, output)
}

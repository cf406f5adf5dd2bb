//! The command line: nouns, then verbs (`carnet help`). What stands here as documentation is what
//! `--help` prints.

use std::future::Future;
use std::process::ExitCode;

use clap::Parser;
use clap::Subcommand;

use crate::clock;
use crate::config;
use crate::context;
use crate::delegation;
use crate::dev;
use crate::exit::Exit;
use crate::explain;
use crate::failure::Failure;
use crate::global::Global;
use crate::healthcheck;
use crate::init;
use crate::jose_verify;
use crate::output::Output;
use crate::sa;
use crate::serve;
use crate::token;
use crate::whoami;

/// An OAuth 2.0 and OpenID Connect authority in one binary: server, admin client, debugging tool.
#[derive(Debug, Parser)]
#[command(
    name = "carnet",
    version,
    arg_required_else_help = true,
    infer_long_args = false,
    after_help = "Start here:\n  carnet dev                                        a sandbox with everything in it\n  carnet sa create invoice-sync --out key.json      a service account and its key\n  carnet token --key key.json --scope invoices.read"
)]
pub(crate) struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub(crate) global: Global,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What can be done.
#[expect(clippy::doc_markdown, reason = "it is what --help prints")]
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start a sandbox: in memory, seeded, not for production.
    Dev(dev::Arguments),
    /// Start the server: SQLite unless told otherwise, PostgreSQL by DATABASE_URL.
    Serve(serve::Arguments),
    /// Write the configuration and the secret key that carnet serve needs.
    Init(init::Arguments),
    /// The configuration of carnet serve.
    #[command(subcommand)]
    Config(config::Verb),
    /// Ask a server on this machine whether it is ready (for containers).
    Healthcheck(healthcheck::Arguments),
    /// Get a token for a service account, or look at one.
    Token(token::Arguments),
    /// Service accounts and their keys.
    #[command(subcommand, visible_alias = "service-account")]
    Sa(sa::Verb),
    /// Which service accounts may act as people of an organization.
    #[command(subcommand)]
    Delegation(delegation::Verb),
    /// Explain an error code, or tell the story of a request by its trace id.
    #[command(after_help = "Examples:\n  carnet explain CRN-2104\n  carnet explain 01JQ7VK3M0T6")]
    Explain {
        /// A code (CRN-2104, or 2104) or a trace id. Unless given, every code is listed.
        what: Option<String>,
    },
    /// Say who the server takes you for.
    Whoami,
    /// Which server, organization, project and key file you work with.
    #[command(subcommand)]
    Context(context::Verb),
    /// Judge JSON lines of tokens and keys, by the code that judges real ones.
    #[command(name = "jose-verify")]
    JoseVerify(jose_verify::Arguments),
}

/// Does it.
pub(crate) fn run(cli: Cli) -> Result<ExitCode, Failure> {
    let global = cli.global;
    let output = Output::new(&global, clock::now().0);
    let exit = match cli.command {
        Command::Dev(arguments) => return Ok(dev::run(arguments)?),
        Command::JoseVerify(arguments) => return Ok(jose_verify::run(&arguments)?),
        Command::Serve(arguments) => serve::run(&arguments)?,
        Command::Init(arguments) => init::run(&arguments, &global, &output)?,
        Command::Config(verb) => config::run(verb, &output)?,
        Command::Healthcheck(arguments) => wait(healthcheck::run(&arguments, &global, &output))?,
        Command::Context(verb) => context::run(verb, &global, &output)?,
        Command::Token(arguments) => wait(token::run(arguments, &global, &output))?,
        Command::Sa(verb) => wait(sa::run(verb, &global, &output))?,
        Command::Delegation(verb) => wait(delegation::run(verb, &global, &output))?,
        Command::Explain { what: None } => explain::all(&output)?,
        Command::Explain { what: Some(what) } => wait(explain::run(&what, &global, &output))?,
        Command::Whoami => wait(whoami::run(&global, &output))?,
    };
    Ok(exit.into())
}

/// Runs a command that speaks to a server. One thread is enough for one conversation.
fn wait(command: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| {
        Failure::new(
            Exit::Failed,
            format!("the asynchronous runtime cannot start: {error}"),
        )
    })?;
    runtime.block_on(command)
}

//! The command line: nouns, then verbs (`carnet help`). What stands here as documentation is what
//! `--help` prints.

mod serving;

use std::future::Future;
use std::process::ExitCode;

use clap::CommandFactory as _;
use clap::FromArgMatches as _;
use clap::Parser;
use clap::Subcommand;

use crate::api;
use crate::app;
use crate::audit;
use crate::auth;
use crate::clock;
use crate::completions;
use crate::config;
use crate::context;
use crate::delegation;
use crate::dev;
use crate::doctor;
use crate::examples;
use crate::exit::Exit;
use crate::explain;
use crate::failure::Failure;
use crate::federation;
use crate::global::Global;
use crate::google;
use crate::group;
use crate::healthcheck;
use crate::init;
use crate::jose_verify;
use crate::login;
use crate::metadata;
use crate::org;
use crate::output::Output;
use crate::policy;
use crate::project;
use crate::role;
use crate::sa;
use crate::serve;
use crate::signing_key;
use crate::token;
use crate::topic;
use crate::trusted_issuer;
use crate::user;
use crate::whoami;

/// An OAuth 2.0 and OpenID Connect authority in one binary: server, admin client, debugging tool.
#[derive(Debug, Parser)]
#[command(
    name = "carnet",
    version,
    arg_required_else_help = true,
    disable_help_flag = true,
    disable_help_subcommand = true,
    infer_long_args = false,
    after_help = "Start here:\n  carnet dev                                        a sandbox with everything in it\n  carnet sa create invoice-sync --out key.json      a service account and its key"
)]
pub(crate) struct Cli {
    /// Print help: -h on one screen, --help all of it.
    #[arg(short, long, global = true, action = clap::ArgAction::Help)]
    help: Option<bool>,
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
    /// Check a deployment: on its machine, or from outside with --url. Nothing is changed.
    Doctor(doctor::Arguments),
    /// Ask a server on this machine whether it is ready (for containers).
    Healthcheck(healthcheck::Arguments),
    /// Give tokens of a service account to programs here, as Google's metadata server does.
    Metadata(metadata::Arguments),
    /// Get a token for a service account, or look at one.
    Token(token::Arguments),
    /// What programs on this machine sign in with, as Google's libraries find it.
    #[command(subcommand)]
    Auth(auth::Verb),
    /// Service accounts and their keys.
    #[command(subcommand, visible_alias = "service-account")]
    Sa(sa::Verb),
    /// Which service accounts may act as people of an organization.
    #[command(subcommand)]
    Delegation(delegation::Verb),
    /// Tokens of others: pools, providers, and whether a token would be let in.
    #[command(subcommand)]
    Federation(federation::Verb),
    /// Issuers elsewhere whose assertions buy tokens here (RFC 7523).
    #[command(subcommand)]
    TrustedIssuer(trusted_issuer::Verb),
    /// Google's host names, held by carnet dev --google or [google] of carnet serve.
    #[command(subcommand)]
    Google(google::Verb),
    /// Apps (OAuth clients), their secrets and redirect URIs.
    #[command(subcommand)]
    App(app::Verb),
    /// Protected APIs and their scopes.
    #[command(subcommand)]
    Api(api::Verb),
    /// Organizations and their domains.
    #[command(subcommand, visible_alias = "organization")]
    Org(org::Verb),
    /// Projects.
    #[command(subcommand)]
    Project(project::Verb),
    /// People in the directory of an organization.
    #[command(subcommand)]
    User(user::Verb),
    /// Groups of an organization.
    #[command(subcommand)]
    Group(group::Verb),
    /// What an organization forbids.
    #[command(subcommand)]
    Policy(policy::Verb),
    /// Who may administer what.
    #[command(subcommand)]
    Role(role::Verb),
    /// The server's own signing keys.
    #[command(subcommand)]
    Key(signing_key::Verb),
    /// What happened, and whether the log of it is whole.
    #[command(subcommand)]
    Audit(audit::Verb),
    /// Print the OpenAPI document of the server's admin API.
    Openapi,
    /// Help on a command, or on: exit-codes, environment, formatting.
    Help {
        /// The command, word by word, or one of these.
        words: Vec<String>,
    },
    /// Explain an error code, or tell the story of a request by its trace id.
    #[command(after_help = "Examples:\n  carnet explain CRN-2104\n  carnet explain 01JQ7VK3M0T6")]
    Explain {
        /// A code (CRN-2104, or 2104) or a trace id. Unless given, every code is listed.
        what: Option<String>,
    },
    /// Sign in, with a browser or a code, and keep it in a context.
    Login(login::Arguments),
    /// Sign out of a context, here and at the server.
    Logout,
    /// Say who the server takes you for, and until when.
    Whoami,
    /// Which server, organization, project and key file you work with.
    #[command(subcommand)]
    Context(context::Verb),
    /// Print completions for a shell.
    Completions(completions::Arguments),
    /// Write manual pages.
    #[command(hide = true)]
    Man(completions::Man),
    /// Judge JSON lines of tokens and keys, by the code that judges real ones.
    #[command(name = "jose-verify", hide = true)]
    JoseVerify(jose_verify::Arguments),
}

/// The commands, each with an example.
pub(crate) fn command() -> clap::Command {
    examples::given_to(Cli::command())
}

/// Reads the command line, or ends with what is wrong with it.
pub(crate) fn parse() -> Cli {
    if serving::begins(std::env::args_os().nth(1).as_deref()) {
        return serving::parse();
    }
    let matches = command().get_matches();
    Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}

/// Does it.
pub(crate) fn run(cli: Cli) -> Result<ExitCode, Failure> {
    let global = cli.global;
    let output = Output::new(&global, clock::now().0);
    let exit = match cli.command {
        Command::Dev(arguments) => return Ok(dev::run(arguments)?),
        Command::JoseVerify(arguments) => return Ok(jose_verify::run(&arguments)?),
        Command::Serve(arguments) => serve::run(&arguments)?,
        Command::Google(verb) => google::run(verb, &output)?,
        Command::Init(arguments) => init::run(&arguments, &global, &output)?,
        Command::Config(verb) => config::run(verb, &output)?,
        Command::Context(verb) => context::run(verb, &global, &output)?,
        Command::Completions(arguments) => completions::run(&arguments, command(), &output)?,
        Command::Man(arguments) => completions::man(&arguments, command(), &output)?,
        Command::Help { words } => topic::help(&words, command(), &output)?,
        Command::Explain { what: None } => explain::all(&output)?,
        remote => wait(speak(remote, &global, &output))?,
    };
    Ok(exit.into())
}

/// The commands that speak to a server.
async fn speak(command: Command, global: &Global, output: &Output) -> Result<Exit, Failure> {
    match command {
        Command::Doctor(arguments) => doctor::run(&arguments, global, output).await,
        Command::Healthcheck(arguments) => healthcheck::run(&arguments, global, output).await,
        Command::Metadata(arguments) => metadata::run(&arguments, global, output).await,
        Command::Token(arguments) => token::run(arguments, global, output).await,
        Command::Auth(verb) => auth::run(verb, global, output).await,
        Command::Sa(verb) => sa::run(verb, global, output).await,
        Command::Delegation(verb) => delegation::run(verb, global, output).await,
        Command::Federation(verb) => federation::run(verb, global, output).await,
        Command::TrustedIssuer(verb) => trusted_issuer::run(verb, global, output).await,
        Command::App(verb) => app::run(verb, global, output).await,
        Command::Api(verb) => api::run(verb, global, output).await,
        Command::Org(verb) => org::run(verb, global, output).await,
        Command::Project(verb) => project::run(verb, global, output).await,
        Command::User(verb) => user::run(verb, global, output).await,
        Command::Group(verb) => group::run(verb, global, output).await,
        Command::Policy(verb) => policy::run(verb, global, output).await,
        Command::Role(verb) => role::run(verb, global, output).await,
        Command::Key(verb) => signing_key::run(verb, global, output).await,
        Command::Audit(verb) => audit::run(verb, global, output).await,
        Command::Openapi => whoami::openapi(global, output).await,
        Command::Explain { what } => explain::run(&what.unwrap_or_default(), global, output).await,
        Command::Login(arguments) => login::run(&arguments, global, output).await,
        Command::Logout => login::out(global, output).await,
        Command::Whoami => whoami::run(global, output).await,
        // Those that need no server were run before.
        _ => Ok(Exit::Success),
    }
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

#[cfg(test)]
mod tests;

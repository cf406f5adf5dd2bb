//! `carnet init`: everything that `carnet serve` needs, written once and never over what is there.
//!
//! On a terminal it asks; with `--yes`, or without a terminal, flags and defaults decide.

mod files;

use std::path::PathBuf;

use carnet_jose::entropy;
use carnet_server::config::http::Listen;
use carnet_server::config::http::NotAListener;
use carnet_server::http::cidr::Cidr;
use clap::Args;

use crate::config;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::key_files;
use crate::output::Output;
use crate::prompt;

/// What is written.
#[expect(clippy::doc_markdown, reason = "it is what --help prints")]
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  carnet init --issuer https://auth.example.com --database sqlite:carnet.db --yes"
)]
pub(crate) struct Arguments {
    /// The public URL of the server. Tokens carry it.
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    /// Where everything is kept: sqlite:PATH or postgres://USER@HOST/DATABASE.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// Where the public listener listens [default: the address in an issuer such as
    /// http://127.0.0.1:8093, else 127.0.0.1:8080].
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// The networks of the proxies in front that speak TLS, like 10.0.0.0/8; several with commas. Without any, and
    /// without http.tls in the file, the server listens on this machine alone.
    #[arg(long, value_name = "NETWORKS", value_delimiter = ',')]
    trusted_proxies: Vec<Cidr>,
    /// The folder that everything is written to.
    #[arg(long, value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// Write a systemd unit too.
    #[arg(long)]
    systemd: bool,
}

/// What was decided.
struct Answers {
    issuer: String,
    database: String,
    listen: String,
    trusted_proxies: Vec<Cidr>,
    systemd: bool,
}

/// Asks and writes.
pub(crate) fn run(
    arguments: &Arguments,
    global: &Global,
    output: &Output,
) -> Result<Exit, Failure> {
    let file = arguments.dir.join("carnet.toml");
    if file.symlink_metadata().is_ok() {
        return Err(Failure::new(
            Exit::Conflict,
            format!("{} is there already", file.display()),
        )
        .why("nothing is written over what is there")
        .fix("edit it, check it with carnet config check, or name another folder with --dir"));
    }
    let answers = answers(arguments, global)?;
    let folder = std::path::absolute(&arguments.dir).map_err(anyhow::Error::from)?;
    let secret = folder.join("secret_key");
    let text = files::toml(&answers, &secret);
    if global.dry_run {
        output.text(&text)?;
        return Ok(Exit::Success);
    }
    let kept = secret.symlink_metadata().is_ok();
    if !kept {
        let bytes: [u8; 32] = entropy::random().map_err(anyhow::Error::from)?;
        key_files::write(&secret, &bytes)?;
    }
    files::write(&file, &text)?;
    output.note(format!("ok {} written", file.display()));
    output.note(if kept {
        format!("ok {} was there, and stays", secret.display())
    } else {
        format!("ok {} written (mode 0600). Keep a copy with each backup: without it the database cannot be used.", secret.display())
    });
    if answers.systemd {
        let unit = arguments.dir.join("carnet.service");
        files::write(&unit, &files::unit(&folder)?)?;
        output.note(format!(
            "ok {} written. It belongs into /etc/systemd/system.",
            unit.display()
        ));
    }
    output.note(format!("  next: carnet serve --config {}", file.display()));
    Ok(Exit::Success)
}

fn answers(arguments: &Arguments, global: &Global) -> Result<Answers, Failure> {
    let asks = !global.yes && prompt::is_possible(global);
    let decide =
        |given: &Option<String>, question: &str, default: Option<&str>| match (given, default) {
            (Some(given), _) => Ok(given.clone()),
            (None, _) if asks => prompt::ask(question, default),
            (None, Some(default)) => Ok(default.to_owned()),
            (None, None) => Err(Failure::usage("which public URL?")
                .why("there is no terminal to ask on, or asking was forbidden")
                .fix("carnet init --issuer https://auth.example.com --yes")),
        };
    let issuer = decide(&arguments.issuer, "Public URL of this server?", None)?;
    let issuer = issuer.trim_end_matches('/').to_owned();
    config::issuer(&issuer).map_err(|reason| Failure::usage(format!("{issuer}: {reason}")))?;
    let question = "Database? sqlite:PATH, or postgres://USER@HOST/DATABASE";
    let database = decide(&arguments.database, question, Some("sqlite:carnet.db"))?;
    if !["sqlite:", "postgres://", "postgresql://"]
        .iter()
        .any(|kind| database.starts_with(kind))
    {
        return Err(Failure::usage(
            "a database begins with sqlite: or postgres://",
        ));
    }
    let default = own_address(&issuer).unwrap_or("127.0.0.1:8080");
    let listen = decide(&arguments.listen, "Listen where?", Some(default))?;
    let place: Listen = listen
        .parse()
        .map_err(|reason: NotAListener| Failure::usage(reason.to_string()))?;
    if place.is_for_others() && arguments.trusted_proxies.is_empty() {
        return Err(Failure::usage(format!("{place} would be plain HTTP for the network"))
            .why("tokens and passwords are not sent in the clear")
            .fix("behind a proxy: --trusted-proxies 10.0.0.0/8; without one: leave --listen out, then write http.tls and http.listen into carnet.toml"));
    }
    let systemd = arguments.systemd
        || (asks && prompt::ask("Write a systemd unit? yes or no", Some("no"))?.starts_with('y'));
    Ok(Answers {
        issuer,
        database,
        listen,
        trusted_proxies: arguments.trusted_proxies.clone(),
        systemd,
    })
}

/// The address of an issuer on this machine that names it with its port: without a proxy in front,
/// that is where it has to listen.
fn own_address(issuer: &str) -> Option<&str> {
    let address = issuer.strip_prefix("http://")?;
    address
        .parse::<std::net::SocketAddr>()
        .is_ok_and(|address| address.ip().is_loopback())
        .then_some(address)
}

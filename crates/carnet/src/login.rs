//! `carnet login` and `carnet logout`: a person administers the server with the powers of their roles.
//!
//! 1. The server's metadata say where to go; they are believed only if they are about that server.
//! 2. Where this machine has a browser, it opens there and comes back to a port of 127.0.0.1
//!    (RFC 8252). Without one, a code is shown that is typed in elsewhere (RFC 8628), where the server
//!    offers that. No password is ever typed here.
//! 3. The tokens are kept as [`crate::sign_in`] tells, and the context that they are for is the active
//!    one from now on.

mod browser;

use std::time::Duration;

use carnet_client::{Ask, Client, Tokens};
use clap::Args;

use crate::context::{Context, Contexts};
use crate::duration;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::Output;
use crate::refused;
use crate::sign_in::{self, SignIn};

/// The app that this program is, in every installation.
const CLIENT: &str = "carnet-cli";

/// What is asked for: who it is, for as long as it is used, and what roles allow.
const SCOPES: [&str; 4] = ["openid", "email", "offline_access", "carnet.admin"];

/// How long a person may take.
const PATIENCE: Duration = Duration::from_mins(5);

/// How to sign in.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  carnet login https://auth.example.com\n  carnet login https://auth.example.com --device\n  carnet login --context staging --no-browser\n\nThe context is named after the server, or by --context. Its tokens are kept in a file that you\nalone can read, under $XDG_STATE_HOME/carnet, and refresh by themselves. carnet logout ends it."
)]
pub(crate) struct Arguments {
    /// The public URL of the server. Unless given, that of the context.
    #[arg(value_name = "URL")]
    server: Option<String>,
    /// Show a code to type in on another device, also where there is a browser.
    #[arg(long)]
    device: bool,
    /// Print the address to open instead of opening it. The browser must be on this machine.
    #[arg(long, conflicts_with = "device")]
    no_browser: bool,
}

/// Signs in.
pub(crate) async fn run(
    arguments: &Arguments,
    global: &Global,
    output: &Output,
) -> Result<Exit, Failure> {
    let mut contexts = Contexts::read()?;
    let url = server(arguments, global, &contexts)?;
    let name = contexts.name_for(global.context.as_deref(), &url)?;
    let client = sign_in::client(&url, CLIENT).await?;
    let ask = Ask::for_scopes(&SCOPES).map_err(|error| refused::of(&error))?;
    let tokens = match way(arguments, &client)? {
        Way::Browser { open } => by_browser(&client, &ask, open).await?,
        Way::Device => by_device(&client, &ask, output).await?,
    };
    let email = who(&client, &tokens).await?;
    let kept = SignIn::keep(&name, &client, &email, &tokens)?;
    let former = contexts.sign_in_to(&name, &url, global)?;
    contexts.write()?;
    output.note(format!(
        "ok Signed in as {email}. Context {name} is active.\nTokens are kept in {} (mode 0600).",
        kept.path().display()
    ));
    if let Some(key) = former {
        output.note(format!("{} is not used by it any more.", key.display()));
    }
    Ok(Exit::Success)
}

/// Signs out.
pub(crate) async fn out(global: &Global, output: &Output) -> Result<Exit, Failure> {
    let contexts = Contexts::read()?;
    let Some(name) = contexts.chosen(global.context.as_deref())? else {
        return Err(Failure::usage("which context?")
            .why("none is active, and --context names none")
            .fix("carnet context list"));
    };
    match SignIn::of(&name)? {
        None => output.note(format!("Nobody is signed in in the context {name}.")),
        Some(found) => {
            let email = found.email.clone();
            found.end().await?;
            output.note(format!("ok {email} is signed out of the context {name}."));
        }
    }
    Ok(Exit::Success)
}

fn server(arguments: &Arguments, global: &Global, contexts: &Contexts) -> Result<String, Failure> {
    let named = arguments.server.clone().or_else(|| global.url.clone());
    let found = match named {
        Some(url) => Some(url),
        None => contexts
            .known(global.context.as_deref())
            .and_then(|known| known.url.clone()),
    };
    let url = found.ok_or_else(|| {
        Failure::usage("which server?")
            .why("neither the command nor CARNET_URL nor a context names one")
            .fix("carnet login https://auth.example.com")
    })?;
    Ok(url.trim_end_matches('/').to_owned())
}

/// The way to sign in.
enum Way {
    Browser { open: bool },
    Device,
}

fn way(arguments: &Arguments, client: &Client) -> Result<Way, Failure> {
    let offered = client.metadata().device_authorization_endpoint().is_some();
    if arguments.device && !offered {
        return Err(Failure::usage("the server has no sign-in by code")
            .fix("carnet login --no-browser, with a browser on this machine"));
    }
    let there = browser::is_there();
    Ok(
        if arguments.device || (offered && !there && !arguments.no_browser) {
            Way::Device
        } else {
            Way::Browser {
                open: there && !arguments.no_browser,
            }
        },
    )
}

async fn by_browser(client: &Client, ask: &Ask, open: bool) -> Result<Tokens, Failure> {
    // It is said in any case, and also with --quiet: without it nobody can go on.
    let show = |url: &str| {
        if open && browser::open(url) {
            eprintln!("Your browser opens. If it does not, go to:\n{url}");
        } else {
            eprintln!("Open this address in a browser on this machine:\n{url}");
        }
    };
    let signed = client.sign_in(ask, show, PATIENCE).await;
    signed.map_err(|error| failed(&error))
}

async fn by_device(client: &Client, ask: &Ask, output: &Output) -> Result<Tokens, Failure> {
    let device = client.ask_device(ask).await;
    let device = device.map_err(|error| refused::of(&error))?;
    eprintln!(
        "Open {} in any browser, and type the code {}",
        device.verification_uri(),
        device.user_code()
    );
    let left = device.ends().saturating_sub(crate::clock::now().0);
    output.note(format!("It is good for {}.", duration::words(left)));
    let signed = client.poll_device(&device).await;
    signed.map_err(|error| failed(&error))
}

fn failed(error: &carnet_client::Error) -> Failure {
    match error.code() {
        Some("expired_token") => {
            Failure::new(Exit::SignIn, "nobody answered in time").fix("carnet login")
        }
        None if error.crn().is_none() => {
            Failure::new(Exit::SignIn, error.to_string()).fix("carnet login")
        }
        _ => refused::of(error),
    }
}

/// Who signed in, as the server says it.
async fn who(client: &Client, tokens: &Tokens) -> Result<String, Failure> {
    let Some(id) = tokens.id_token() else {
        return Ok(String::from("(unnamed)"));
    };
    let claims = client.identity(id).await;
    let claims = claims.map_err(|error| refused::of(&error))?;
    let email = claims.email.unwrap_or(claims.sub);
    Ok(crate::output::printable(&email))
}

impl Contexts {
    /// The context that a sign-in is for: the one that is named, or one after the server.
    fn name_for(&self, named: Option<&str>, url: &str) -> Result<String, Failure> {
        let taken = |name: &str| {
            let known = self.known(Some(name));
            known.is_some_and(|known| known.url.as_deref() != Some(url))
        };
        let name = named.map_or_else(|| after(url), str::to_owned);
        if named.is_none() && taken(&name) {
            let what = format!("the context {name} is for another server");
            let fix = format!("carnet login {url} --context NAME");
            return Err(Failure::usage(what).fix(fix));
        }
        Self::check_name(&name)?;
        Ok(name)
    }

    /// Makes the context one in which a person signs in, and the active one. The key file that it
    /// named before.
    fn sign_in_to(
        &mut self,
        name: &str,
        url: &str,
        global: &Global,
    ) -> Result<Option<std::path::PathBuf>, Failure> {
        let before = self.known(Some(name)).cloned().unwrap_or_default();
        let former = before.key_file.clone();
        let context = Context {
            url: Some(url.to_owned()),
            organization: global.org.clone().or(before.organization),
            project: global.project.clone().or(before.project),
            key_file: None,
        };
        self.put(name, context)?;
        Ok(former)
    }
}

/// `auth-example-com` after `https://auth.example.com`.
fn after(url: &str) -> String {
    let host = url.split_once("://").map_or(url, |(_, host)| host);
    let plain = |letter: char| {
        if letter.is_ascii_alphanumeric() {
            letter.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    let name: String = host.chars().map(plain).take(64).collect();
    name.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests;

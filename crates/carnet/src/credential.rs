//! What a command signs in with, and where.
//!
//! The first of these that is there: `--key`, the context that was named, `CARNET_TOKEN`,
//! `GOOGLE_APPLICATION_CREDENTIALS`, the active context. A context names a key file, or somebody is signed
//! in in it. A secret is never the value of a flag: it
//! would stand in the history of the shell and in the list of processes.

use std::fs;
use std::path::{Path, PathBuf};

use carnet_client::ServiceAccount;
use carnet_jose::{Limits, Unverified};
use carnet_wire::crn::Crn;
use carnet_wire::google::KeyFile;
use serde_json::Value;

use crate::context::{Context, Contexts};
use crate::environment;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::refused;
use crate::sign_in::SignIn;

/// What a command signs in with.
pub(crate) enum Credential {
    /// An access token that somebody else got.
    Token(String),
    /// A service account that gets its own.
    Account(Box<Account>),
    /// A person, who signed in.
    Person(SignIn),
}

/// A service account, and what its key file says.
pub(crate) struct Account {
    /// Gets tokens.
    pub(crate) tokens: ServiceAccount,
    /// The key file.
    pub(crate) file: KeyFile,
    /// Where it is.
    pub(crate) path: PathBuf,
}

/// Everything that a command starts from.
pub(crate) struct Situation {
    /// The context.
    pub(crate) context: Context,
    /// What it signs in with, if there is anything.
    pub(crate) credential: Option<Credential>,
}

impl Situation {
    /// Finds out.
    pub(crate) fn of(global: &Global) -> Result<Self, Failure> {
        let contexts = Contexts::read()?;
        let chosen = contexts.chosen(global.context.as_deref())?;
        let context = contexts.choose(global.context.as_deref())?;
        let person = || -> Result<_, Failure> {
            let found = chosen.as_deref().map(SignIn::of).transpose()?.flatten();
            Ok(found.map(Credential::Person))
        };
        let named = global.context.is_some();
        let of_context = context.key_file.clone();
        let variable = || environment::value("GOOGLE_APPLICATION_CREDENTIALS").map(PathBuf::from);
        let credential = if let Some(path) = &global.key {
            Some(account(path)?)
        } else if let Some(path) = of_context.as_deref().filter(|_| named) {
            Some(account(path)?)
        } else if let Some(person) = if named { person()? } else { None } {
            Some(person)
        } else if let Some(token) = environment::value("CARNET_TOKEN") {
            Some(Credential::Token(token))
        } else if let Some(path) = variable().or(of_context) {
            Some(account(&path)?)
        } else {
            person()?
        };
        Ok(Self {
            context,
            credential,
        })
    }

    /// The public URL of the server, without a slash at its end.
    pub(crate) fn url(&self, global: &Global) -> Result<String, Failure> {
        let known = global.url.clone().or_else(|| self.context.url.clone());
        let found = known.or_else(|| match &self.credential {
            Some(Credential::Account(account)) => base(&account.file.token_uri),
            Some(Credential::Token(token)) => issuer(token),
            Some(Credential::Person(person)) => Some(person.issuer.clone()),
            None => None,
        });
        let url = found.ok_or_else(|| {
            Failure::usage("which server?")
                .why("neither --url nor CARNET_URL nor a context nor a key file names one")
                .fix("carnet ... --url https://auth.example.com")
        })?;
        let url = url.trim_end_matches('/').to_owned();
        match url::Url::parse(&url) {
            Ok(parsed) if matches!(parsed.scheme(), "http" | "https") && parsed.has_host() => {
                Ok(url)
            }
            _ => Err(Failure::usage(format!(
                "{url} is not a URL with http or https"
            ))),
        }
    }

    /// The account, where a key file is needed.
    pub(crate) fn into_account(self) -> Result<Account, Failure> {
        match self.credential {
            Some(Credential::Account(account)) => Ok(*account),
            Some(Credential::Token(_)) => Err(Failure::of(
                Crn::NO_CREDENTIAL,
                "this needs a key file, and CARNET_TOKEN is a token",
            )
            .fix("name the key file: --key key.json")),
            Some(Credential::Person(person)) => Err(Failure::of(
                Crn::NO_CREDENTIAL,
                format!(
                    "this needs a key file, and {} signed in as a person",
                    person.email
                ),
            )
            .fix("name the key file: --key key.json")),
            None => Err(nothing()),
        }
    }
}

/// There is nothing to sign in with.
pub(crate) fn nothing() -> Failure {
    Failure::of(Crn::NO_CREDENTIAL, "there is nothing to sign in with")
        .why("neither --key nor CARNET_TOKEN nor GOOGLE_APPLICATION_CREDENTIALS nor a context names a credential")
        .fix("carnet login https://auth.example.com, or name a key file: --key key.json")
        .exit_with(Exit::SignIn)
}

fn account(path: &Path) -> Result<Credential, Failure> {
    let bytes = fs::read(path).map_err(|error| {
        Failure::of(
            Crn::FILE_NOT_READABLE,
            format!("the key file {} cannot be read: {error}", path.display()),
        )
    })?;
    let unusable = |because: String| {
        Failure::of(Crn::KEY_FILE, format!("{}: {because}", path.display())).fix(format!(
            "let Carnet name the fault: carnet sa key check {}",
            path.display()
        ))
    };
    let file = KeyFile::parse(&bytes).map_err(|fault| unusable(fault.to_string()))?;
    let text = String::from_utf8_lossy(&bytes);
    let tokens = ServiceAccount::from_json(&text).map_err(|error| refused::of(&error))?;
    Ok(Credential::Account(Box::new(Account {
        tokens,
        file,
        path: path.to_owned(),
    })))
}

/// The server whose token endpoint this is.
fn base(token_uri: &str) -> Option<String> {
    let url = ["/oauth2/v4/token", "/o/oauth2/token", "/token"]
        .iter()
        .find_map(|path| token_uri.strip_suffix(path))?;
    Some(url.to_owned())
}

/// Who says that they issued a token. A token may be shown to its own issuer.
fn issuer(token: &str) -> Option<String> {
    let unverified = Unverified::parse(token, Limits::STRICT).ok()?;
    let claims: Value = serde_json::from_slice(unverified.claims_unverified_for_lookup()).ok()?;
    claims.get("iss")?.as_str().map(str::to_owned)
}

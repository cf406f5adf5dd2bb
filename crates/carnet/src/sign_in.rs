//! A person who is signed in: the tokens of one context, kept in a file that its owner alone reads.
//!
//! 1. One file per context, `$XDG_STATE_HOME/carnet/NAME.json` (mode 0600). There is no keychain: those of
//!    Linux need a desktop, and what runs as the same person reads either.
//! 2. An access token is used until a minute before its end. Then it is refreshed under a lock on the
//!    file beside it, so that commands side by side use a refresh token once; a new one is on disk before
//!    anything is done with the access token.
//! 3. The tokens go to the server that gave them and to no other, whatever `--url` says.

use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::io;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use carnet_client::{Authentication, Authorization, Client, Secret, Token, Tokens};
use carnet_wire::crn::Crn;
use serde::{Deserialize, Serialize};

use crate::clock;
use crate::environment;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::key_files;
use crate::refused;

/// How long before its end an access token is not used any more, in seconds.
const MARGIN: i64 = 60;

/// How large a file may be, in bytes.
const LARGEST: u64 = 256 * 1024;

/// Where a person is signed in. The tokens stay in the file until they are needed.
#[derive(Clone, Debug)]
pub(crate) struct SignIn {
    path: PathBuf,
    /// The server.
    pub(crate) issuer: String,
    /// Who.
    pub(crate) email: String,
}

/// What the file holds.
#[derive(Clone, Deserialize, Serialize)]
struct Kept {
    issuer: String,
    client_id: String,
    email: String,
    access_token: String,
    expires: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
}

impl Kept {
    fn with(&self, tokens: &Tokens) -> Self {
        let refresh = tokens.refresh_token();
        Self {
            access_token: tokens.access().value().reveal().to_owned(),
            expires: tokens.access().expires(),
            refresh_token: refresh.map(|secret| secret.reveal().to_owned()),
            ..self.clone()
        }
    }
}

impl SignIn {
    /// The sign-in of a context, if there is one.
    pub(crate) fn of(context: &str) -> Result<Option<Self>, Failure> {
        let path = folder().join(format!("{context}.json"));
        Ok(read(&path)?.map(|kept| Self {
            path,
            issuer: kept.issuer,
            email: kept.email,
        }))
    }

    /// Keeps what a sign-in gave.
    pub(crate) fn keep(
        context: &str,
        client: &Client,
        email: &str,
        tokens: &Tokens,
    ) -> Result<Self, Failure> {
        let path = folder().join(format!("{context}.json"));
        let kept = Kept {
            issuer: client.metadata().issuer().to_owned(),
            client_id: client.id().to_owned(),
            email: email.to_owned(),
            access_token: String::new(),
            expires: 0,
            refresh_token: None,
        };
        let _lock = lock(&path)?;
        write(&path, &kept.with(tokens)).map_err(|error| not_written(&path, &error))?;
        Ok(Self {
            path,
            issuer: kept.issuer,
            email: kept.email,
        })
    }

    /// Where the tokens are.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The access token: the one that is kept, or a new one. `server` is where it will be shown.
    pub(crate) async fn token(&self, server: &str) -> Result<String, Failure> {
        if self.issuer.trim_end_matches('/') != server.trim_end_matches('/') {
            let what = format!(
                "{} is signed in at {}, not at {server}",
                self.email, self.issuer
            );
            return Err(Failure::of(Crn::NO_CREDENTIAL, what)
                .why("a token is shown to the server that gave it and to no other")
                .fix(format!("carnet login {server}")));
        }
        let _lock = lock(&self.path)?;
        let kept =
            read(&self.path)?.ok_or_else(|| ended("it was ended meanwhile", &self.issuer))?;
        if kept.expires.saturating_sub(MARGIN) > clock::now().0 {
            return Ok(kept.access_token);
        }
        let Some(refresh) = kept.refresh_token.as_deref().map(Secret::new) else {
            return Err(ended("it was for an hour only", &self.issuer));
        };
        let client = client(&kept.issuer, &kept.client_id).await?;
        let path = self.path.clone();
        let authorization = Authorization::resume(&client, &refresh)
            .kept_by(move |tokens| write(&path, &kept.with(tokens)));
        let token = authorization.token().await.map_err(|error| {
            if error.code() == Some("invalid_grant") {
                let _ = fs::remove_file(&self.path);
                return ended("the server does not renew it", &self.issuer)
                    .traced(error.trace_id().map(str::to_owned));
            }
            refused::of(&error)
        })?;
        Ok(text(&token))
    }

    /// Ends it: here at once, and at the server, which is told to forget it.
    pub(crate) async fn end(self) -> Result<(), Failure> {
        let kept = {
            let _lock = lock(&self.path)?;
            let kept = read(&self.path)?;
            match fs::remove_file(&self.path) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(not_written(&self.path, &error));
                }
                _ => kept,
            }
        };
        let Some(kept) = kept else { return Ok(()) };
        let newest = kept.refresh_token.as_deref().unwrap_or(&kept.access_token);
        let revoked = async {
            let client = client(&kept.issuer, &kept.client_id).await?;
            let secret = Secret::new(newest);
            client
                .revoke(&secret)
                .await
                .map_err(|error| refused::of(&error))
        };
        revoked.await.map_err(|failure: Failure| {
            failure
                .also("the tokens are gone from here; at the server they stay good until they end")
        })
    }
}

/// The client that this program is at a server.
pub(crate) async fn client(issuer: &str, id: &str) -> Result<Client, Failure> {
    let found = Client::discover(issuer, id, Authentication::None).await;
    found.map_err(|error| refused::of(&error))
}

fn text(token: &Token) -> String {
    token.value().reveal().to_owned()
}

fn ended(because: &str, issuer: &str) -> Failure {
    let what = "the sign-in is no longer good";
    Failure::of(Crn::NO_CREDENTIAL, what)
        .why(format!("{because}, or somebody took it back"))
        .fix(format!("carnet login {issuer}"))
        .exit_with(Exit::SignIn)
}

/// Where sign-ins are.
fn folder() -> PathBuf {
    if let Some(own) = environment::value("CARNET_CONFIG_DIR") {
        return PathBuf::from(own).join("sign-ins");
    }
    let home = || environment::value("HOME").map(|home| Path::new(&home).join(".local/state"));
    let base = environment::value("XDG_STATE_HOME").map(PathBuf::from);
    base.or_else(home).unwrap_or_default().join("carnet")
}

fn read(path: &Path) -> Result<Option<Kept>, Failure> {
    let unreadable = |because: String| {
        let what = format!("{} cannot be read: {because}", path.display());
        Failure::of(Crn::FILE_NOT_READABLE, what)
    };
    match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Ok(about) if about.len() > LARGEST => return Err(unreadable("it is too large".to_owned())),
        _ => {}
    }
    let bytes = fs::read(path).map_err(|error| unreadable(error.to_string()))?;
    // What serde says of a fault may hold a piece of the text, which is a secret.
    let read = serde_json::from_slice(&bytes);
    let kept = read.map_err(|_| unreadable("it is not a sign-in of carnet login".to_owned()))?;
    Ok(Some(kept))
}

fn write(path: &Path, kept: &Kept) -> io::Result<()> {
    let text = serde_json::to_vec_pretty(kept)?;
    key_files::write(path, &text).map_err(|error| io::Error::other(format!("{error:#}")))
}

/// Waits until no other command changes the sign-in. The lock ends with the file.
fn lock(path: &Path) -> Result<File, Failure> {
    let beside = path.with_extension("lock");
    let locked = || -> io::Result<File> {
        if let Some(folder) = beside.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut how = OpenOptions::new();
        let file = how.create(true).append(true).mode(0o600).open(&beside)?;
        file.lock()?;
        Ok(file)
    };
    locked().map_err(|error| not_written(&beside, &error))
}

fn not_written(path: &Path, error: &io::Error) -> Failure {
    let what = format!("{} cannot be written: {error}", path.display());
    Failure::of(Crn::FILE_NOT_READABLE, what)
}

//! Application Default Credentials: where credentials are found, and each kind of them.
//!
//! google-wire 8.1. The order is that of Google's libraries:
//!
//! 1. `GOOGLE_APPLICATION_CREDENTIALS` names the file. Where it is set, nothing else is looked at.
//! 2. Else gcloud's well-known place: `application_default_credentials.json` in `$CLOUDSDK_CONFIG`,
//!    or in `gcloud` under `$XDG_CONFIG_HOME`, `~/.config` or (Windows) `%APPDATA%`.
//! 3. Else the metadata server of the machine: the one that `GCE_METADATA_HOST` names, or Google's
//!    where it answers (`NO_GCE_CHECK=true` says that there is none).
//!
//! | file | what |
//! |---|---|
//! | `credentials` | [`Credentials`]: what a program holds |
//! | `reading` | from a file to the kind of credential that it holds |
//! | `source` | what every kind can be asked |
//! | `service_account`, `authorized_user`, `external_account`, `external_user`, `impersonated`, `gdch`, `metadata_server` | the kinds |
//! | `token_file`, `token_url`, `executable`, `certificate`, `aws` | from where an external account has its own token |
//! | `sts`, `iam_credentials`, `boundary`, `sigv4` | what is sent |
//! | `members`, `environment`, `files` | what is read, within bounds |
//! | `kept` | a refresh token that changes |

mod authorized_user;
mod aws;
mod boundary;
mod calendar;
mod certificate;
mod credentials;
mod environment;
mod executable;
mod external_account;
mod external_user;
mod files;
mod gdch;
mod iam_credentials;
mod impersonated;
mod kept;
mod members;
mod metadata_server;
mod project;
mod reading;
mod service_account;
mod sigv4;
mod source;
mod sts;
mod token_file;
mod token_url;

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::io::Read as _;
use std::path::Path;
use std::path::PathBuf;

use zeroize::Zeroizing;

pub use self::boundary::AccessBoundary;
pub use self::boundary::BoundaryRule;
pub use self::credentials::Credentials;
pub use self::credentials::Origin;
pub use self::iam_credentials::Impersonation;
pub use self::source::CredentialKind;
use crate::adc::environment::variable;
use crate::error::Error;
use crate::error::Kind;

/// The variable that names a key file.
pub const CREDENTIALS: &str = "GOOGLE_APPLICATION_CREDENTIALS";

/// The name of the file at the well-known place.
const WELL_KNOWN: &str = "application_default_credentials.json";

/// The largest file that is read, in bytes, and one more to see that it is larger.
const LARGEST_FILE: u64 = 64 * 1024 + 1;

/// The file that `GOOGLE_APPLICATION_CREDENTIALS` names.
pub fn named_by_environment() -> Option<PathBuf> {
    named_by(variable)
}

/// The places that are well known, the first that counts first.
pub fn well_known() -> Vec<PathBuf> {
    well_known_by(variable)
}

fn named_by(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    variable(CREDENTIALS)
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
}

fn well_known_by(variable: impl Fn(&str) -> Option<OsString>) -> Vec<PathBuf> {
    let directory = |name: &str, below: &[&str]| {
        let mut path = PathBuf::from(variable(name).filter(|value| !value.is_empty())?);
        path.extend(below);
        path.push(WELL_KNOWN);
        Some(path)
    };
    // gcloud looks nowhere else where its directory is named.
    if let Some(path) = directory("CLOUDSDK_CONFIG", &[]) {
        return vec![path];
    }
    [
        directory("XDG_CONFIG_HOME", &["gcloud"]),
        directory("HOME", &[".config", "gcloud"]),
        directory("APPDATA", &["gcloud"]),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The first well-known file that is there.
pub(crate) fn first_there(paths: &[PathBuf]) -> Result<&Path, Error> {
    let there = paths.iter().find(|path| path.is_file());
    there
        .map(PathBuf::as_path)
        .ok_or_else(|| nothing(paths, "nothing else was looked at"))
}

/// There is no credential: neither at these places nor, as is said, elsewhere.
fn nothing(paths: &[PathBuf], elsewhere: &str) -> Error {
    let looked: Vec<_> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let looked = match looked.as_slice() {
        [] => "there is no home directory to look in".to_owned(),
        looked => format!("there is nothing at {}", looked.join(" or ")),
    };
    Error::new(Kind::NoCredential(format!(
        "{CREDENTIALS} is not set, {looked}, and {elsewhere}"
    )))
}

/// Reads a file that should be small, and that holds a secret.
pub(crate) fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, Error> {
    let bytes = || -> io::Result<Zeroizing<Vec<u8>>> {
        let mut bytes = Zeroizing::new(Vec::new());
        File::open(path)?
            .take(LARGEST_FILE)
            .read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    bytes().map_err(|cause| {
        let path = path.to_owned();
        Error::new(Kind::File { path, cause })
    })
}

#[cfg(test)]
mod tests;

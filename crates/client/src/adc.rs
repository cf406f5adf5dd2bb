//! Where key files are found: Application Default Credentials.
//!
//! google-wire 8.1. The order is that of Google's libraries:
//!
//! 1. `GOOGLE_APPLICATION_CREDENTIALS` names the file. Where it is set, nothing else is looked at.
//! 2. Else gcloud's well-known place: `application_default_credentials.json` in `$CLOUDSDK_CONFIG`,
//!    or in `gcloud` under `$XDG_CONFIG_HOME`, `~/.config` or (Windows) `%APPDATA%`.
//!
//! The environment is read by `variable` and nowhere else.

use std::env::VarError;
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::io::Read as _;
use std::path::Path;
use std::path::PathBuf;

use zeroize::Zeroizing;

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
    there.map(PathBuf::as_path).ok_or_else(|| {
        let looked: Vec<_> = paths
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        Error::new(Kind::NoCredential(match looked.as_slice() {
            [] => format!("{CREDENTIALS} is not set, and there is no home directory to look in"),
            looked => format!("nothing at {}", looked.join(" or ")),
        }))
    })
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

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place where the client reads the environment, and only on request"
)]
fn variable(name: &str) -> Option<OsString> {
    match std::env::var(name) {
        Ok(value) => Some(value.into()),
        Err(VarError::NotUnicode(value)) => Some(value),
        Err(VarError::NotPresent) => None,
    }
}

#[cfg(test)]
mod tests;

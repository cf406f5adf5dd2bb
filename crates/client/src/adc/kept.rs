//! The refresh token of a person's file, where the server gives a new one each time it is used.
//!
//! Google's never changes. A server that rotates (RFC 9700 §4.14.2) makes the old one worthless and takes its
//! use for theft, so the file has to follow, for the next program that reads it:
//!
//! 1. Before it is used, the file is looked at again: another program may have written a newer one.
//! 2. A new one is written to the file at once, if that still holds the one that was used. The file is replaced as a
//!    whole, readable for its owner alone.
//! 3. Where the file cannot be written, the new one is kept as long as the program runs.
//!
//! A credential that came as a text, or inside another file, has no file to follow.

use std::fs;
use std::fs::OpenOptions;
use std::io;
use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::PoisonError;

use carnet_jose::json;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::adc;
use crate::token::Secret;

const REFRESH_TOKEN: &str = "refresh_token";
/// How deep a person's file is.
const DEEPEST: u8 = 12;

/// A refresh token, and where it is kept.
#[derive(Debug)]
pub(crate) struct Kept {
    path: Option<PathBuf>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// The newest one.
    held: Secret,
    /// What the file held when it was read or written last.
    seen: Secret,
}

impl Kept {
    pub(crate) fn new(token: Secret, path: Option<&Path>) -> Self {
        Self {
            path: path.map(Path::to_owned),
            state: Mutex::new(State {
                held: token.clone(),
                seen: token,
            }),
        }
    }

    /// The one to use.
    pub(crate) fn token(&self) -> Secret {
        let mut state = self.lock();
        let written = self.path.as_deref().and_then(read);
        if let Some((written, _)) = written.filter(|(written, _)| *written != state.seen) {
            state.held = written.clone();
            state.seen = written;
        }
        state.held.clone()
    }

    /// The server gave a new one.
    pub(crate) fn renew(&self, next: &str) {
        let mut state = self.lock();
        let next = Secret::new(next);
        if next == state.held {
            return;
        }
        let file = self
            .path
            .as_deref()
            .and_then(|path| Some((path, read(path)?)));
        if let Some((path, (written, file))) = file
            && written == state.held
            && write(path, file, &next).is_ok()
        {
            state.seen = next.clone();
        }
        state.held = next;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The refresh token in a file, and the file.
fn read(path: &Path) -> Option<(Secret, Value)> {
    let bytes = adc::read(path).ok()?;
    let object = json::object(&bytes, DEEPEST).ok()?;
    let token = Secret::new(object.get(REFRESH_TOKEN)?.as_str()?);
    Some((token, Value::Object(object)))
}

/// Rule 2.
fn write(path: &Path, mut file: Value, token: &Secret) -> io::Result<()> {
    if let Some(member) = file.get_mut(REFRESH_TOKEN) {
        *member = token.reveal().into();
    }
    let text = Zeroizing::new(serde_json::to_string_pretty(&file)?);
    // A link stays one: what it leads to is replaced.
    let path = fs::canonicalize(path)?;
    let mut beside = path.clone().into_os_string();
    beside.push(format!(".{}.new", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&beside).and_then(|mut new| {
        new.write_all(text.as_bytes())?;
        new.sync_all()?;
        fs::rename(&beside, &path)
    });
    if written.is_err() {
        // It may not be there at all.
        let _ = fs::remove_file(&beside);
    }
    written
}

#[cfg(test)]
mod tests;

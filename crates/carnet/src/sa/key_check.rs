//! `carnet sa key check`: names what is wrong with a key file, without any server.
//!
//! Most of these accidents happen on the way through an environment variable, a template or a
//! clipboard, and the libraries that meet them say "no start line" and nothing more.
//!
//! What is looked at stands in `examine`; here the file is read, and its mode is looked at.

mod examine;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use carnet_wire::crn::Crn;

use self::examine::{LARGEST, examine};
use crate::checklist::{self, Check};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// Reads and checks a file.
pub(super) fn run(file: &Path, output: &Output) -> Result<Exit, Failure> {
    let from_stdin = file.as_os_str() == "-";
    let bytes = if from_stdin {
        read(io::stdin().lock())
    } else {
        File::open(file).and_then(read)
    };
    let bytes = bytes.map_err(|error| {
        Failure::of(
            Crn::FILE_NOT_READABLE,
            format!("{} cannot be read: {error}", file.display()),
        )
    })?;
    let mut checks = examine(&bytes);
    if !from_stdin && let Some(check) = mode(file) {
        checks.push(check);
    }
    checklist::report(&checks, output)
}

fn read(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Only its owner may read it.
fn mode(file: &Path) -> Option<Check> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = file.metadata().ok()?.permissions().mode() & 0o777;
    Some(if mode % 0o100 == 0 {
        Check::pass("mode", format!("{mode:04o}"))
    } else {
        Check::warn(
            "mode",
            format!("{mode:04o}: others on this machine may read it"),
        )
        .fix(format!("chmod 600 {}", file.display()))
    })
}

#[cfg(test)]
mod tests;

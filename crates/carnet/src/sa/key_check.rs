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
use carnet_wire::google::GdchKeyFile;

use self::examine::{LARGEST, examine};
use crate::checklist::{self, Check};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// How a certificate begins in PEM.
const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----";

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
    checks.extend(certificates(&bytes));
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

/// The certificates that the file of a service identity names are there, as far as this machine can say.
fn certificates(bytes: &[u8]) -> Option<Check> {
    let file = GdchKeyFile::parse(bytes).ok()?;
    let path = Some(file.ca_cert_path).filter(|path| !path.is_empty())?;
    let about = "certificates";
    let missing = |why: String| {
        Check::warn(about, why)
            .why("programs believe the token endpoint by that file alone, on the machine that they run on")
    };
    Some(match File::open(&path).and_then(read) {
        Err(error) => missing(format!("ca_cert_path cannot be read here: {error}")),
        Ok(pem) if String::from_utf8_lossy(&pem).contains(CERTIFICATE) => {
            Check::pass(about, "there are some in ca_cert_path")
        }
        Ok(_) => missing("ca_cert_path holds no certificate in PEM".to_owned()),
    })
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

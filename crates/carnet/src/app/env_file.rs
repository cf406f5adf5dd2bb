//! A file of settings that an app reads (`.env`): lines are added to it, and none is changed.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use carnet_wire::crn::Crn;

use crate::failure::Failure;

/// The largest file that is added to, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// Fails where the file says one of these already: asked before anything is made.
pub(super) fn is_free(path: &Path, names: &[&str]) -> Result<(), Failure> {
    let told = read(path)?;
    let taken = told.lines().find_map(|line| {
        let (name, _) = line.trim_start().split_once('=')?;
        let name = name.trim().trim_start_matches("export ");
        names.contains(&name).then(|| name.to_owned())
    });
    let Some(taken) = taken else {
        return Ok(());
    };
    Err(
        Failure::usage(format!("{} says {taken} already", path.display()))
            .why("what a file says is not changed, and which of two counts is hard to see")
            .fix("name another file, or take the lines out of this one"),
    )
}

/// Adds the lines. A new file is its owner's alone.
pub(super) fn append(path: &Path, lines: &[String]) -> Result<(), Failure> {
    let before = read(path)?;
    let gap = if before.is_empty() || before.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    let text = format!("{gap}{}\n", lines.join("\n"));
    let put = || -> std::io::Result<()> {
        let mut options = OpenOptions::new();
        let mut file = options.append(true).create(true).mode(0o600).open(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    put().map_err(|error| failed(path, "written", &error.to_string()))
}

/// How things are called in these lines.
pub(super) fn named(lines: &[String]) -> Vec<String> {
    let names = lines.iter().filter_map(|line| line.split_once('='));
    names.map(|(name, _)| name.to_owned()).collect()
}

fn read(path: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    match File::open(path) {
        Ok(file) => {
            let read = file.take(LARGEST).read_to_string(&mut text);
            read.map_err(|error| failed(path, "read", &error.to_string()))?;
            Ok(text)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(text),
        Err(error) => Err(failed(path, "read", &error.to_string())),
    }
}

fn failed(path: &Path, what: &str, why: &str) -> Failure {
    let path = path.display();
    Failure::of(
        Crn::FILE_NOT_READABLE,
        format!("{path} cannot be {what}: {why}"),
    )
}

//! A token that a person gives to a command: `-` is standard input, `@FILE` a file, so that it need
//! not stand in the history of a shell.

use std::fs::File;
use std::io::{self, Read};

use carnet_wire::crn::Crn;

use crate::failure::Failure;

/// The longest text that is read, in bytes.
const LONGEST: u64 = 64 * 1024;

/// The text, without the white space around it and without a `Bearer` before it.
pub(crate) fn read(argument: &str) -> Result<String, Failure> {
    let text = match argument.strip_prefix('@') {
        _ if argument == "-" => limited(io::stdin().lock(), "standard input")?,
        Some(path) => {
            let file = File::open(path).map_err(|error| unreadable(path, &error))?;
            limited(file, path)?
        }
        None => argument.to_owned(),
    };
    let text = text.trim();
    let text = text
        .strip_prefix("Authorization:")
        .unwrap_or(text)
        .trim_start();
    let text = text.strip_prefix("Bearer ").unwrap_or(text).trim();
    if text.is_empty() {
        return Err(Failure::usage("there is no token").fix("carnet token inspect - < token.txt"));
    }
    Ok(text.to_owned())
}

fn limited(from: impl Read, name: &str) -> Result<String, Failure> {
    let mut text = String::new();
    let read = from.take(LONGEST + 1).read_to_string(&mut text);
    read.map_err(|error| unreadable(name, &error))?;
    if text.len() as u64 > LONGEST {
        return Err(Failure::usage(format!("{name} is longer than any token")));
    }
    Ok(text)
}

fn unreadable(name: &str, error: &io::Error) -> Failure {
    Failure::of(
        Crn::FILE_NOT_READABLE,
        format!("{name} cannot be read: {error}"),
    )
}

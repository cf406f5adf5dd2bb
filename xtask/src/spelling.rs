//! What a file looks like from outside: its length, its header, its name.
//!
//! The longest function is clippy's to judge (`clippy.toml`); the longest file is ours.

use std::path::Path;

use anyhow::Result;

use crate::house::House;
use crate::source;

/// A file of code may have so many lines; tests, comments and blank lines apart.
const LONGEST_FILE: usize = 400;

/// Drawers, and no ideas (style: one idea, one name, one file).
const NO_IDEAS: &[&str] = &[
    "helper", "helpers", "util", "utils", "common", "misc", "prelude",
];

/// Files that are too long.
pub(crate) fn lengths(house: &House) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for file in house.files_ending("rs")? {
        if source::is_test_file(file) {
            continue;
        }
        let lines = source::lines_of_code(&house.read(file)?);
        if lines > LONGEST_FILE {
            findings.push(format!(
                "{}: {lines} lines of code; {LONGEST_FILE} are the most",
                file.display()
            ));
        }
    }
    Ok(findings)
}

/// Files that do not begin with their story.
pub(crate) fn headers(house: &House) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for file in house.files_ending("rs")? {
        if !has_header(&house.read(file)?) {
            findings.push(format!("{}: begins without a `//!` header", file.display()));
        }
    }
    Ok(findings)
}

/// Files and folders whose name is no idea.
pub(crate) fn names(house: &House) -> Result<Vec<String>> {
    let findings = house
        .files()?
        .iter()
        .filter(|file| file.extension().is_some_and(|extension| extension == "rs"))
        .filter_map(|file| {
            drawer(file).map(|name| format!("{}: `{name}` is no idea", file.display()))
        })
        .collect();
    Ok(findings)
}

fn has_header(text: &str) -> bool {
    text.lines()
        .find(|line| !line.trim().is_empty())
        .is_some_and(|line| line.starts_with("//! ") && line.len() > "//! ".len())
}

fn drawer(file: &Path) -> Option<&str> {
    let stem = file.with_extension("");
    let named = |name: &&&str| stem.components().any(|part| part.as_os_str() == **name);
    NO_IDEAS.iter().find(named).copied()
}

#[cfg(test)]
mod tests;

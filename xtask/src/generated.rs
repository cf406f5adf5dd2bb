//! Files that a program writes and Git keeps: each is written anew and must come out the same.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use crate::house::House;
use crate::process;

/// A kept file, and the program whose output it is.
const GENERATED: &[(&str, &[&str])] = &[(
    "docs/openapi.json",
    &[
        "cargo",
        "run",
        "--quiet",
        "-p",
        "carnet-server",
        "--example",
        "openapi",
    ],
)];

/// The gate.
pub(crate) fn gate(house: &House) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for (file, program) in GENERATED {
        let Some((name, arguments)) = program.split_first() else {
            bail!("{file} names no program");
        };
        let fresh = process::captured(process::command(name, house.root()).args(arguments))?;
        let kept = fs::read_to_string(house.root().join(Path::new(file))).unwrap_or_default();
        if kept != fresh {
            findings.push(format!(
                "{file} is not current: {} > {file}",
                program.join(" ")
            ));
        }
    }
    Ok(findings)
}

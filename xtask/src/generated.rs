//! Files that a program writes and Git keeps: each is written anew and must come out the same.
//!
//! The programs are examples of our crates. They are built as `cargo xtask test` builds everything, with the whole
//! workspace's features, so that nothing is built twice.

use std::fs;

use anyhow::Result;

use crate::house::House;
use crate::process;

/// A kept file, and the example whose output it is.
const GENERATED: &[(&str, &str)] = &[("docs/openapi.json", "openapi")];

/// The gate.
pub(crate) fn gate(house: &House) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for (file, example) in GENERATED {
        let mut build = process::command("cargo", house.root());
        build.args(["build", "--workspace", "--locked", "--example", example]);
        if !process::shown(&mut build)?.success() {
            findings.push(format!("the example `{example}` does not build"));
            continue;
        }
        let program = house.target_dir().join("debug/examples").join(example);
        let fresh = process::captured(&mut process::command(
            &program.to_string_lossy(),
            house.root(),
        ))?;
        let kept = fs::read_to_string(house.root().join(file)).unwrap_or_default();
        if kept != fresh {
            findings.push(format!("{file} is not what the example `{example}` prints"));
        }
    }
    Ok(findings)
}

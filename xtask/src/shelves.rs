//! Inside a crate: the shelves of the core, and the rooms of the server.
//!
//! *Shelves* stand in a row, `value ← record ← store ← rule`: a file may use its own shelf and those to its
//! left. Each file of the core stands on a shelf, but for `lib.rs`, which only shows them.
//!
//! *Rooms* (`oauth`, `google`, `web`, …) do not know each other at all. What two of them need is either a rule,
//! and lives in the core, or a craft of HTTP, and lives in `http/`.
//!
//! Tests are left out: they may build what they need from anywhere.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use crate::house::House;
use crate::paths;
use crate::source;

const CORE: &str = "crates/core/src";
const SHELVES: &[&str] = &["value", "record", "store", "rule"];

const SERVER: &str = "crates/server/src";
const ROOMS: &[&str] = &["oauth", "google", "web", "console", "admin", "jobs"];

/// The gate: each source file of the two crates.
pub(crate) fn gate(house: &House) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for file in house.files_ending("rs")? {
        if source::is_test_file(file) {
            continue;
        }
        if let Ok(inside) = file.strip_prefix(CORE) {
            findings.extend(reached_too_far(inside, &house.read(file)?));
        } else if let Ok(inside) = file.strip_prefix(SERVER) {
            findings.extend(walked_across(inside, &house.read(file)?));
        }
    }
    Ok(findings)
}

/// What a file of the core uses from a shelf to its right, or from no shelf.
fn reached_too_far(file: &Path, text: &str) -> Vec<String> {
    let module = module(file);
    let Some(own) = module.first() else {
        return Vec::new();
    };
    let Some(place) = SHELVES.iter().position(|shelf| shelf == own) else {
        return vec![format!("core: {} stands on no shelf", file.display())];
    };
    used(text, &module)
        .into_iter()
        .filter(|name| !SHELVES.iter().take(place + 1).any(|shelf| shelf == name))
        .map(|name| format!("core: {} must not use crate::{name}", file.display()))
        .collect()
}

/// What a file in one room of the server uses from another room.
fn walked_across(file: &Path, text: &str) -> Vec<String> {
    let module = module(file);
    let Some(own) = module.first().filter(|own| ROOMS.contains(own)) else {
        return Vec::new();
    };
    used(text, &module)
        .into_iter()
        .filter(|name| name != own && ROOMS.contains(&name.as_str()))
        .map(|name| format!("server: {} must not use crate::{name}", file.display()))
        .collect()
}

/// The outermost modules that a text goes to.
fn used(text: &str, module: &[&str]) -> BTreeSet<String> {
    let first = |path: Vec<String>| path.into_iter().next();
    paths::paths(text, module)
        .into_iter()
        .filter_map(first)
        .collect()
}

/// The module that a file is: `rule/grant/device.rs` is `rule`, `grant`, `device`; `lib.rs` is the root.
pub(crate) fn module(file: &Path) -> Vec<&str> {
    let mut parts: Vec<&str> = file.iter().filter_map(|part| part.to_str()).collect();
    if let Some(last) = parts.pop() {
        let stem = last.trim_end_matches(".rs");
        if !matches!(stem, "mod" | "lib" | "main") {
            parts.push(stem);
        }
    }
    parts
}

#[cfg(test)]
mod tests;

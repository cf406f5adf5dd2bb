//! What the programs are built from: banned crates, native libraries, and budgets.
//!
//! Judged is what `cargo tree -e normal` shows for this machine. A crate that only stands in `Cargo.lock`,
//! because some feature that nobody turned on could want it, is not used.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::house::House;
use crate::process;

/// So many packages may stand in `Cargo.lock`.
const MOST_PACKAGES: usize = 420;

/// So many packages may be in the build with more than one version. It may sink; to raise it needs a reason.
const MOST_DUPLICATES: usize = 10;

const ONE_TLS: &str = "rustls is our TLS";
const ONE_CRYPTO: &str = "aws-lc-rs is our cryptography";
const UNKEPT: &str = "nobody keeps it any more";

/// Crates that we do not build with, and why. A name that ends with `*` bans all that begin so.
const BANNED: &[(&str, &str)] = &[
    ("native-tls", ONE_TLS),
    ("openssl", ONE_TLS),
    ("openssl-sys", ONE_TLS),
    ("schannel", ONE_TLS),
    ("boring", ONE_TLS),
    ("boring-sys", ONE_TLS),
    ("s2n-tls", ONE_TLS),
    ("ring", ONE_CRYPTO),
    (
        "rsa",
        "it leaks private keys by its timing (RUSTSEC-2023-0071)",
    ),
    ("p256", ONE_CRYPTO),
    ("p384", ONE_CRYPTO),
    ("p521", ONE_CRYPTO),
    ("ed25519-dalek", ONE_CRYPTO),
    ("jsonwebtoken", "carnet-jose is our JOSE"),
    ("rustls-pemfile", UNKEPT),
    ("serde_yaml", UNKEPT),
    ("serde_yml", UNKEPT),
    ("atty", UNKEPT),
    ("paste", UNKEPT),
    ("bincode", UNKEPT),
    ("backoff", UNKEPT),
    ("proc-macro-error*", UNKEPT),
    ("chrono", "jiff is our calendar"),
];

/// Exceptions: crates of [`BANNED`] that someone else brings, and why that is borne.
const BORNE: &[(&str, &str)] = &[];

/// Native libraries that may be linked, by the beginning of their `links` key.
const LINKS: &[(&str, &str)] = &[
    ("aws_lc_", "our cryptography"),
    ("sqlite3", "SQLite, from the source that its crate carries"),
];

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

/// An entry of `Cargo.lock`.
#[derive(Debug, Deserialize)]
pub(crate) struct Locked {
    /// The package's name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
    /// The registry; nothing for a member of the workspace.
    pub(crate) source: Option<String>,
}

/// What `Cargo.lock` holds.
pub(crate) fn locked(house: &House) -> Result<Vec<Locked>> {
    let lock: Lock =
        toml::from_str(&house.read("Cargo.lock".as_ref())?).context("reading Cargo.lock")?;
    Ok(lock.package)
}

/// The gate.
pub(crate) fn gate(house: &House) -> Result<Vec<String>> {
    let built = built(house)?;
    let mut findings = banned(&built);
    findings.extend(over_budget(locked(house)?.len(), &built));
    for package in house.packages()? {
        let Some(links) = &package.links else {
            continue;
        };
        let in_build = built
            .get(&package.name)
            .is_some_and(|found| found.contains(&package.version));
        if in_build && !LINKS.iter().any(|(begin, _)| links.starts_with(begin)) {
            findings.push(format!("{} links the native library {links}", package.name));
        }
    }
    for other in locked(house)? {
        if other
            .source
            .as_ref()
            .is_some_and(|source| !source.starts_with("registry+"))
        {
            findings.push(format!("{} comes from no registry", other.name));
        }
    }
    Ok(findings)
}

/// The versions of each package that the workspace's programs and libraries are built from.
fn built(house: &House) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let text = process::captured(process::command("cargo", house.root()).args([
        "tree",
        "--workspace",
        "--locked",
        "--edges=normal",
        "--prefix=none",
        "--format={p}",
        "--target",
        house.host()?,
    ]))?;
    Ok(read_tree(&text))
}

fn read_tree(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut built: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        if let (Some(name), Some(version)) = (words.next(), words.next()) {
            let version = version.trim_start_matches('v').to_owned();
            built.entry(name.to_owned()).or_default().insert(version);
        }
    }
    built
}

fn banned(built: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let reason = |name: &str| {
        BANNED.iter().find(|(ban, _)| match ban.strip_suffix('*') {
            Some(begin) => name.starts_with(begin),
            None => name == *ban,
        })
    };
    built
        .keys()
        .filter(|name| !BORNE.iter().any(|(borne, _)| borne == name))
        .filter_map(|name| reason(name).map(|(_, why)| format!("{name} is banned: {why}")))
        .collect()
}

fn over_budget(packages: usize, built: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let mut findings = Vec::new();
    if packages > MOST_PACKAGES {
        findings.push(format!(
            "Cargo.lock has {packages} packages; {MOST_PACKAGES} are the most"
        ));
    }
    let twice: Vec<&str> = built
        .iter()
        .filter(|(_, versions)| versions.len() > 1)
        .map(|(name, _)| name.as_str())
        .collect();
    if twice.len() > MOST_DUPLICATES {
        findings.push(format!(
            "{} packages are built in several versions; {MOST_DUPLICATES} are the most: {}",
            twice.len(),
            twice.join(", ")
        ));
    }
    findings
}

#[cfg(test)]
mod tests;

//! The plan of the house: which of its crates may stand on which, and what each may never know.
//!
//! A new arrow is a new word in this file, where a review sees it. The test `each_manifest_keeps_to_the_plan`
//! holds every `Cargo.toml` to it, and so does `cargo xtask check arrows`.
//!
//! What a crate needs to be built (normal and build dependencies, also those of one platform) is judged. For
//! its tests it may use `carnet-testkit` besides.

use std::collections::BTreeSet;

use anyhow::{Context, Result};

use crate::house::House;

/// The allowed arrows, floor by floor.
pub(crate) const MAY_USE: &[(&str, &[&str])] = &[
    // Floor 1 knows nobody.
    ("carnet-wire", &[]),
    ("carnet-jose", &[]),
    ("carnet-pages", &[]),
    // Floor 2.
    ("carnet-saml", &["carnet-jose"]),
    ("carnet-core", &["carnet-wire", "carnet-jose"]),
    ("carnet-client", &["carnet-wire", "carnet-jose"]),
    // Floor 3.
    (
        "carnet-store",
        &["carnet-core", "carnet-wire", "carnet-jose"],
    ),
    (
        "carnet-resource",
        &["carnet-client", "carnet-wire", "carnet-jose"],
    ),
    ("carnet-metadata", &["carnet-client", "carnet-wire"]),
    (
        "carnet-server",
        &[
            "carnet-core",
            "carnet-wire",
            "carnet-jose",
            "carnet-pages",
            // Not in the usual build.
            "carnet-saml",
        ],
    ),
    // Floor 4: the only place that knows everything.
    (
        "carnet",
        &[
            "carnet-server",
            "carnet-store",
            "carnet-resource",
            "carnet-metadata",
            "carnet-core",
            "carnet-client",
            "carnet-pages",
            "carnet-wire",
            "carnet-jose",
        ],
    ),
    // Beside.
    (
        "carnet-testkit",
        &[
            "carnet-server",
            "carnet-store",
            "carnet-resource",
            "carnet-core",
            "carnet-client",
            "carnet-wire",
            "carnet-jose",
        ],
    ),
    ("carnet-bench", &["carnet-wire", "carnet-jose"]),
    ("xtask", &[]),
];

/// What tests may use besides.
const FOR_TESTS: &str = "carnet-testkit";

const RUNTIMES: &[&str] = &["tokio", "async-std", "smol"];
const TRANSPORTS: &[&str] = &[
    "axum",
    "hyper",
    "hyper-util",
    "http",
    "reqwest",
    "tower",
    "tower-http",
];
const DATABASES: &[&str] = &["rusqlite", "tokio-postgres", "deadpool-postgres", "sqlx"];
const CHANCE: &[&str] = &["rand", "getrandom", "aws-lc-rs", "uuid"];

/// What a crate may never know, whoever would like it to.
const NEVER: &[(&str, &[&[&str]])] = &[
    ("carnet-wire", &[RUNTIMES, TRANSPORTS, DATABASES, CHANCE]),
    ("carnet-jose", &[RUNTIMES, TRANSPORTS, DATABASES]),
    ("carnet-pages", &[RUNTIMES, TRANSPORTS, DATABASES, CHANCE]),
    ("carnet-saml", &[RUNTIMES, TRANSPORTS, DATABASES]),
    ("carnet-core", &[RUNTIMES, TRANSPORTS, DATABASES, CHANCE]),
    ("carnet-client", &[DATABASES]),
    ("carnet-resource", &[DATABASES]),
    ("carnet-metadata", &[DATABASES, CHANCE]),
    ("carnet-server", &[DATABASES]),
    ("carnet-store", &[TRANSPORTS]),
];

/// The arrows and the knowledge that a manifest has and should not have.
pub(crate) fn trespasses(name: &str, manifest: &str) -> Result<Vec<String>> {
    let Some((_, allowed)) = MAY_USE.iter().find(|(row, _)| *row == name) else {
        return Ok(vec![format!("{name} has no row in xtask/src/arrows.rs")]);
    };
    let manifest: toml::Table = manifest
        .parse()
        .with_context(|| format!("the manifest of {name}"))?;
    let built_with = dependencies(&manifest, &["dependencies", "build-dependencies"]);
    let tested_with = dependencies(&manifest, &["dev-dependencies"]);
    let ours = |package: &&String| MAY_USE.iter().any(|(row, _)| row == package);
    let not_allowed = |package: &&String| !allowed.contains(&package.as_str());

    let mut found: Vec<String> = built_with
        .iter()
        .filter(ours)
        .filter(not_allowed)
        .map(|package| format!("{name} must not use {package}"))
        .collect();
    found.extend(
        tested_with
            .iter()
            .filter(ours)
            .filter(not_allowed)
            .filter(|package| package.as_str() != FOR_TESTS)
            .map(|package| format!("{name} must not use {package}, not even in tests")),
    );
    let never = NEVER
        .iter()
        .filter(|(row, _)| *row == name)
        .flat_map(|(_, groups)| groups.iter());
    for package in never.flat_map(|group| group.iter()) {
        if built_with.contains(*package) {
            found.push(format!("{name} must not know {package}"));
        }
    }
    Ok(found)
}

/// The gate: each member's manifest, and no row without its crate.
pub(crate) fn gate(house: &House) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    let members = house.members()?;
    for member in &members {
        let manifest = std::fs::read_to_string(&member.manifest_path)
            .with_context(|| format!("reading {}", member.manifest_path.display()))?;
        findings.extend(trespasses(&member.name, &manifest)?);
    }
    for (row, _) in MAY_USE {
        if !members.iter().any(|member| member.name == *row) {
            findings.push(format!(
                "xtask/src/arrows.rs has a row for {row}, which is no crate here"
            ));
        }
    }
    Ok(findings)
}

/// The names of the packages in some tables of a manifest, also in those of one platform.
fn dependencies(manifest: &toml::Table, tables: &[&str]) -> BTreeSet<String> {
    let platforms = manifest
        .get("target")
        .and_then(toml::Value::as_table)
        .into_iter()
        .flat_map(|targets| targets.values().filter_map(toml::Value::as_table));
    let mut names = BTreeSet::new();
    for place in std::iter::once(manifest).chain(platforms) {
        for table in tables
            .iter()
            .filter_map(|name| place.get(*name)?.as_table())
        {
            for (key, value) in table {
                let renamed = value.get("package").and_then(toml::Value::as_str);
                names.insert(renamed.unwrap_or(key).to_owned());
            }
        }
    }
    names
}

#[cfg(test)]
mod tests;

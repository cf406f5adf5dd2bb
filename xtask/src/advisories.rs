//! Known holes: `Cargo.lock` against the facts of the `RustSec` database.
//!
//! The facts are a file beside the project, `../shared/data/rustsec.json`: id, package, patched and unaffected
//! versions. Where it is absent nothing was checked, and the gate says so.
//!
//! 1. A package is touched by an advisory when its version is in none of the patched and unaffected ranges.
//! 2. That fails the gate, also when the advisory only says that nobody keeps the crate any more.
//! 3. Unless a waiver carries a reason and its last day has not passed. A waiver for nothing fails as well.

use std::fs;

use anyhow::{Context, Result};
use semver::{Comparator, Op, Version, VersionReq};
use serde::Deserialize;

use crate::dates;
use crate::house::House;
use crate::judged::Judged;
use crate::supply::{self, Locked};

const FACTS: &str = "../shared/data/rustsec.json";

/// An advisory that we live with for a while.
struct Waiver {
    id: &'static str,
    package: &'static str,
    /// Why it does not hurt us.
    reason: &'static str,
    /// Its last day.
    until: &'static str,
}

const WAIVERS: &[Waiver] = &[];

#[derive(Deserialize)]
struct Database {
    read: String,
    advisories: Vec<Advisory>,
}

#[derive(Debug, Deserialize)]
struct Advisory {
    id: String,
    package: String,
    informational: Option<String>,
    patched: Vec<String>,
    unaffected: Vec<String>,
}

/// The gate.
pub(crate) fn gate(house: &House) -> Result<Judged> {
    let path = house.root().join(FACTS);
    if !path.is_file() {
        return Ok(Judged::Skipped(format!(
            "{FACTS} is not here, so no advisory was matched"
        )));
    }
    let text = fs::read_to_string(&path).with_context(|| format!("reading {FACTS}"))?;
    let database: Database =
        serde_json::from_str(&text).with_context(|| format!("reading {FACTS}"))?;
    let findings = judge(
        &supply::locked(house)?,
        &database.advisories,
        WAIVERS,
        &dates::today(),
    )?;
    println!(
        "    {} advisories, as of {}",
        database.advisories.len(),
        database.read
    );
    Ok(Judged::of(findings))
}

fn judge(
    packages: &[Locked],
    advisories: &[Advisory],
    waivers: &[Waiver],
    today: &str,
) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    let mut needed = vec![false; waivers.len()];
    for package in packages.iter().filter(|package| package.source.is_some()) {
        for advisory in advisories
            .iter()
            .filter(|advisory| advisory.package == package.name)
        {
            if !advisory.touches(&package.version)? {
                continue;
            }
            let kind = advisory.informational.as_deref().unwrap_or("vulnerable");
            let found = format!(
                "{} {} is {kind}: {}",
                package.name, package.version, advisory.id
            );
            let entry = waivers
                .iter()
                .zip(&mut needed)
                .find(|(waiver, _)| waiver.id == advisory.id && waiver.package == package.name);
            match entry {
                None => findings.push(found),
                Some((waiver, needed)) => {
                    *needed = true;
                    if waiver.until < today {
                        findings.push(format!(
                            "{found} (waived until {}: {})",
                            waiver.until, waiver.reason
                        ));
                    }
                }
            }
        }
    }
    for (waiver, _) in waivers.iter().zip(needed).filter(|(_, needed)| !needed) {
        findings.push(format!(
            "the waiver of {} for {} is not needed",
            waiver.id, waiver.package
        ));
    }
    Ok(findings)
}

impl Advisory {
    fn touches(&self, version: &str) -> Result<bool> {
        let version =
            Version::parse(version).with_context(|| format!("{}: {version}", self.package))?;
        for range in self.patched.iter().chain(&self.unaffected) {
            let range =
                VersionReq::parse(range).with_context(|| format!("{}: {range}", self.id))?;
            if contains(&range, &version) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Whether a range holds a version. For Cargo `>= 1.0` holds no `1.1.0-rc.1`; here it does, as a pre-release
/// after the fix has the fix.
fn contains(range: &VersionReq, version: &Version) -> bool {
    if version.pre.is_empty() {
        return range.matches(version);
    }
    range.comparators.iter().all(|comparator| {
        let bound = bound(comparator);
        match comparator.op {
            Op::Greater => *version > bound,
            Op::GreaterEq => *version >= bound,
            Op::Less => *version < bound,
            Op::LessEq => *version <= bound,
            _ => *version >= bound && range.matches(&release_of(version)),
        }
    })
}

fn bound(comparator: &Comparator) -> Version {
    Version {
        major: comparator.major,
        minor: comparator.minor.unwrap_or(0),
        patch: comparator.patch.unwrap_or(0),
        pre: comparator.pre.clone(),
        build: semver::BuildMetadata::EMPTY,
    }
}

fn release_of(version: &Version) -> Version {
    Version::new(version.major, version.minor, version.patch)
}

#[cfg(test)]
mod tests;

//! What is proven, and by which test: `docs/checks.md`, `docs/rfc-coverage.md` and `docs/google-interop.md`.
//!
//! 1. `docs/proof/checks.toml` says for each endpoint and each check which tests hold it, or why it does not apply.
//!    `docs/proof/rfc*.toml` says the same for each rule that an RFC makes with MUST, `docs/proof/google-cases.toml` for each
//!    case in which a library of Google's meets us.
//! 2. Each test that they name must be there ([`named`]); a name that no test bears is a finding.
//! 3. What nobody proves yet is printed as open. How much is proven stands in the file as `floor`, and may only rise.
//! 4. The pages are written from that by `cargo xtask proof`; the gate finds them stale otherwise.

mod checks;
mod google;
mod musts;
mod named;

use std::fs;

use anyhow::Result;

use self::named::Tests;
use crate::house::House;

/// A page that is written, and what is wrong with what it is written from.
struct Page {
    file: &'static str,
    text: String,
    findings: Vec<String>,
}

/// `cargo xtask proof`: writes the pages.
pub(crate) fn write(house: &House) -> Result<bool> {
    let mut sound = true;
    for page in pages(house)? {
        fs::write(house.root().join(page.file), &page.text)?;
        println!("{} written", page.file);
        for finding in &page.findings {
            println!("    {finding}");
            sound = false;
        }
    }
    Ok(sound)
}

/// The gate.
pub(crate) fn gate(house: &House) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for page in pages(house)? {
        findings.extend(page.findings);
        let kept = fs::read_to_string(house.root().join(page.file)).unwrap_or_default();
        if kept != page.text {
            findings.push(format!("{} is stale: run `cargo xtask proof`", page.file));
        }
    }
    Ok(findings)
}

fn pages(house: &House) -> Result<[Page; 3]> {
    let tests = Tests::of(house)?;
    Ok([
        checks::page(house, &tests)?,
        musts::page(house, &tests)?,
        google::page(house, &tests)?,
    ])
}

/// Links to tests, one after the other, for a cell of a table.
fn links(names: &[String], tests: &Tests) -> String {
    let link = |name: &String| match tests.file(name) {
        Some(file) => format!("[`{}`](../{file})", named::short(name)),
        None => format!("`{name}`"),
    };
    names.iter().map(link).collect::<Vec<_>>().join("<br>")
}

/// The names that no test bears, and those that several bear.
fn missing(place: &str, names: &[String], tests: &Tests) -> Vec<String> {
    names
        .iter()
        .filter_map(|name| tests.trouble(name))
        .map(|trouble| format!("{place}: {trouble}"))
        .collect()
}

/// Whether as much is proven as was promised.
fn floor(file: &str, proven: usize, floor: usize) -> Option<String> {
    (proven < floor)
        .then(|| format!("{file}: {proven} are proven, fewer than the floor of {floor}"))
}

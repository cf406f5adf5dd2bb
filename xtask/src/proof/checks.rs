//! Every endpoint against every check: `docs/checks.md` out of `docs/proof/checks.toml`.
//!
//! A table shows the whole at a glance; below it each endpoint lists its checks with the tests that hold them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::named::Tests;
use super::{Page, floor, links, missing};
use crate::house::House;

const SOURCE: &str = "docs/proof/checks.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Checks {
    /// How many cells are proven, at least.
    floor: usize,
    check: Vec<Check>,
    endpoint: Vec<Endpoint>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Check {
    id: String,
    means: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Endpoint {
    name: String,
    cells: BTreeMap<String, Cell>,
}

/// The tests that hold a check, or why it does not apply.
#[derive(Deserialize)]
#[serde(untagged)]
enum Cell {
    Tests(Vec<String>),
    Not(String),
}

/// The page.
pub(super) fn page(house: &House, tests: &Tests) -> Result<Page> {
    let text = house.read(Path::new(SOURCE))?;
    let checks: Checks = toml::from_str(&text).context(SOURCE)?;
    Ok(Page {
        file: "docs/checks.md",
        findings: judge(&checks, tests),
        text: write(&checks, tests),
    })
}

fn judge(checks: &Checks, tests: &Tests) -> Vec<String> {
    let mut findings = Vec::new();
    for endpoint in &checks.endpoint {
        for (id, cell) in &endpoint.cells {
            let place = format!("{SOURCE}: {} / {id}", endpoint.name);
            if !checks.check.iter().any(|check| check.id == *id) {
                findings.push(format!("{place}: there is no such check"));
            }
            match cell {
                Cell::Tests(names) if names.is_empty() => {
                    findings.push(format!(
                        "{place}: names no test; leave it out while it is open"
                    ));
                }
                Cell::Tests(names) => findings.extend(missing(&place, names, tests)),
                Cell::Not(reason) if reason.trim().is_empty() => {
                    findings.push(format!("{place}: gives no reason"));
                }
                Cell::Not(_) => {}
            }
        }
    }
    findings.extend(floor(SOURCE, checks.proven(), checks.floor));
    findings
}

impl Checks {
    fn proven(&self) -> usize {
        let cells = self
            .endpoint
            .iter()
            .flat_map(|endpoint| endpoint.cells.values());
        cells.filter(|cell| matches!(cell, Cell::Tests(_))).count()
    }

    fn applying(&self) -> usize {
        let cells = self
            .endpoint
            .iter()
            .flat_map(|endpoint| endpoint.cells.values());
        let not = cells.filter(|cell| matches!(cell, Cell::Not(_))).count();
        self.endpoint.len() * self.check.len() - not
    }
}

fn write(checks: &Checks, tests: &Tests) -> String {
    let mut page = format!(
        "# Every endpoint, every check\n\nWritten by `cargo xtask proof` from [proof/checks.toml](proof/checks.toml); a gate holds it to the \
         tests that are there.\nA number says how many tests hold a check and leads to their names; – says that the check does not apply, and \
         the list below says why.\n\n**{} of {} proven.**\n\n",
        checks.proven(),
        checks.applying()
    );
    for check in &checks.check {
        let _ = writeln!(page, "- **{}**: {}", check.id, check.means);
    }
    page.push_str("\n| endpoint |");
    for check in &checks.check {
        let _ = write!(page, " {} |", check.id);
    }
    let _ = writeln!(page, "\n|---|{}", "---|".repeat(checks.check.len()));
    for endpoint in &checks.endpoint {
        let _ = write!(page, "| {} |", endpoint.name);
        for check in &checks.check {
            let _ = match endpoint.cells.get(&check.id) {
                Some(Cell::Tests(names)) => {
                    write!(page, " [{}](#{}) |", names.len(), anchor(&endpoint.name))
                }
                Some(Cell::Not(_)) => write!(page, " – |"),
                None => write!(page, " open |"),
            };
        }
        page.push('\n');
    }
    for endpoint in &checks.endpoint {
        page.push_str(&section(endpoint, checks, tests));
    }
    page
}

fn section(endpoint: &Endpoint, checks: &Checks, tests: &Tests) -> String {
    let mut text = format!("\n## {}\n\n| check | held by |\n|---|---|\n", endpoint.name);
    for check in &checks.check {
        let held = match endpoint.cells.get(&check.id) {
            Some(Cell::Tests(names)) => links(names, tests),
            Some(Cell::Not(reason)) => format!("– {reason}"),
            None => "open".to_owned(),
        };
        let _ = writeln!(text, "| {} | {held} |", check.id);
    }
    text
}

/// A heading's anchor, as Git hosts make it.
fn anchor(heading: &str) -> String {
    heading
        .to_lowercase()
        .chars()
        .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'))
        .map(|letter| if letter == ' ' { '-' } else { letter })
        .collect()
}

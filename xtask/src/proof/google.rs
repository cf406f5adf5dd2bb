//! The cases of Google's libraries: `docs/google-interop.md` out of `docs/proof/google-cases.toml`.
//!
//! Each case needs tests that are there, or a reason; each library's version must be the one that its suite pins. How the
//! cases went is told by a run of the suites (`cargo xtask test interop`).

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;

use super::Page;
use super::named::Tests;
use crate::cases::{Case, Cases, FILE, GROUPS, Library};
use crate::house::House;
use crate::interop::SUITES;

/// The page.
pub(super) fn page(house: &House, tests: &Tests) -> Result<Page> {
    let cases = Cases::of(house)?;
    let mut findings = cases.findings();
    for library in &cases.library {
        findings.extend(pinned(house, library));
    }
    for case in &cases.case {
        let known = case
            .library
            .iter()
            .all(|name| cases.library.iter().any(|library| library.name == *name));
        if !known {
            findings.push(format!("{FILE}: {}: an unknown library", case.id));
        }
        for test in &case.tests {
            if file(test, tests).is_none() {
                findings.push(format!("{FILE}: {}: no test is `{test}`", case.id));
            }
        }
    }
    Ok(Page {
        file: "docs/google-interop.md",
        text: write(&cases, tests),
        findings,
    })
}

/// What is wrong with the version of a library.
fn pinned(house: &House, library: &Library) -> Option<String> {
    let (Some(file), Some(pin)) = (&library.file, &library.pin) else {
        return None;
    };
    let text = house.read(Path::new(file)).unwrap_or_default();
    let same = text.contains(pin.as_str()) && pin.contains(&library.version);
    (!same).then(|| format!("{FILE}: {}: {file} does not pin it so", library.name))
}

/// The file of a test that is named `SUITE/NAME`.
fn file<'a>(test: &str, tests: &'a Tests) -> Option<&'a str> {
    let (suite, name) = test.split_once('/')?;
    if SUITES.contains(&suite) {
        tests.inside(&format!("interop/{suite}/"), name)
    } else if matches!(suite, "unit" | "flows") {
        tests.inside("crates/", name)
    } else {
        None
    }
}

fn write(cases: &Cases, tests: &Tests) -> String {
    let tried = cases
        .case
        .iter()
        .filter(|case| !case.tests.is_empty())
        .count();
    let mut page = format!(
        "# Google's libraries against this server, case by case\n\nWritten by `cargo xtask proof` from \
         [proof/google-cases.toml](proof/google-cases.toml); a gate holds it to the tests and versions that are there. \
         `cargo xtask test interop`\nends with how each case went: pass, fail, or why it cannot run. The libraries are \
         unmodified.\n\n**{tried} of {} cases have tests.**\n\n\
         *plain*: over http, by the addresses in the file that Carnet wrote. *held*: Google's own addresses, which the proxy of \
         `--google` leads here\n(with the authority's certificate). *https*: the listener with TLS, by an address in the file. \
         *faults*: the sandbox fails when told to (`/dev/faults`).\n*faulty*: a proxy of the suite spoils the answer.\n",
        cases.case.len()
    );
    for (letter, _, title) in GROUPS {
        let _ = writeln!(
            page,
            "\n## {title}\n\n| case | what | library | how | held by |\n|---|---|---|---|---|"
        );
        for case in cases
            .case
            .iter()
            .filter(|case| case.id.starts_with(*letter))
        {
            row(&mut page, case, &cases.library, tests);
        }
    }
    page
}

fn row(page: &mut String, case: &Case, libraries: &[Library], tests: &Tests) {
    let library = case
        .library
        .iter()
        .filter_map(|name| libraries.iter().find(|library| library.name == *name))
        .map(|library| format!("{} {}", library.name, library.version))
        .next()
        .unwrap_or_else(|| "–".to_owned());
    let mut held = match &case.not {
        Some(reason) => format!("cannot run: {reason}"),
        None => case
            .tests
            .iter()
            .map(|test| link(test, tests))
            .collect::<Vec<_>>()
            .join("<br>"),
    };
    if let Some(note) = &case.note {
        let _ = write!(held, "<br>{note}");
    }
    let _ = writeln!(
        page,
        "| {} | {} | {library} | {} | {held} |",
        case.id, case.what, case.how
    );
}

fn link(test: &str, tests: &Tests) -> String {
    let (suite, name) = test.split_once('/').unwrap_or(("", test));
    match file(test, tests) {
        Some(file) => format!("{suite}: [{name}](../{file})"),
        None => format!("{suite}: {name}"),
    }
}

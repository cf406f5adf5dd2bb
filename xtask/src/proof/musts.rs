//! Each MUST of the RFCs, and the tests that hold it: `docs/rfc-coverage.md` out of `docs/proof/rfc*.toml`.
//!
//! The rules are told in our words, with their sections. A rule that lies with somebody else (a client, a resource server) is
//! not in the files.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::named::Tests;
use super::{Page, floor, links, missing};
use crate::house::House;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    /// `RFC 6749`.
    name: String,
    title: String,
    /// How many rules are proven, at least.
    floor: usize,
    must: Vec<Must>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Must {
    section: String,
    rule: String,
    /// The tests; none while it is open.
    #[serde(default)]
    tests: Vec<String>,
    /// Why it does not concern us.
    not: Option<String>,
}

impl Document {
    fn proven(&self) -> usize {
        self.must
            .iter()
            .filter(|must| !must.tests.is_empty())
            .count()
    }

    fn applying(&self) -> usize {
        self.must.iter().filter(|must| must.not.is_none()).count()
    }
}

/// The page.
pub(super) fn page(house: &House, tests: &Tests) -> Result<Page> {
    let mut documents = Vec::new();
    let mut findings = Vec::new();
    for file in house.files_ending("toml")? {
        if !is_document(file) {
            continue;
        }
        let place = file.display().to_string();
        let document: Document = toml::from_str(&house.read(file)?).context(place.clone())?;
        findings.extend(judge(&place, &document, tests));
        documents.push(document);
    }
    Ok(Page {
        file: "docs/rfc-coverage.md",
        text: write(&documents, tests),
        findings,
    })
}

fn is_document(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    file.starts_with("docs/proof") && name.starts_with("rfc")
}

fn judge(place: &str, document: &Document, tests: &Tests) -> Vec<String> {
    let mut findings = Vec::new();
    for must in &document.must {
        let place = format!("{place}: {}", must.section);
        findings.extend(missing(&place, &must.tests, tests));
        if must.not.is_some() && !must.tests.is_empty() {
            findings.push(format!("{place}: is proven, and is said not to apply"));
        }
    }
    findings.extend(floor(place, document.proven(), document.floor));
    findings
}

fn write(documents: &[Document], tests: &Tests) -> String {
    let (proven, applying) = documents
        .iter()
        .fold((0, 0), |(proven, applying), document| {
            (proven + document.proven(), applying + document.applying())
        });
    let mut page = format!(
        "# The MUSTs of the RFCs, and the tests that hold them\n\nWritten by `cargo xtask proof` from the files in [proof](proof/); a gate \
         holds it to the tests that are there.\nThe rules are those that bind an authorization server (or, where Carnet is one, a resource), \
         told in our words.\n\n**{proven} of {applying} proven.**\n\n| document | proven | open | does not apply |\n|---|---|---|---|\n"
    );
    for document in documents {
        let (proven, applying) = (document.proven(), document.applying());
        let _ = writeln!(
            page,
            "| {}, {} | {proven} | {} | {} |",
            document.name,
            document.title,
            applying - proven,
            document.must.len() - applying
        );
    }
    for document in documents {
        let _ = writeln!(
            page,
            "\n## {}: {}\n\n| section | rule | held by |\n|---|---|---|",
            document.name, document.title
        );
        for must in &document.must {
            let held = match &must.not {
                Some(reason) => format!("– {reason}"),
                None if must.tests.is_empty() => "open".to_owned(),
                None => links(&must.tests, tests),
            };
            let _ = writeln!(page, "| {} | {} | {held} |", must.section, must.rule);
        }
    }
    page
}

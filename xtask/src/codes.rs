//! No code of the catalogue is claimed in vain: each is raised by some line of the program.
//!
//! Whoever reads `/e/` or `carnet explain` takes what stands there for what Carnet does. An entry that nothing raises
//! tells of a check that is not made.
//!
//! 1. The constants of `crates/wire/src/catalogue` are the codes.
//! 2. A code is raised where its constant is named in the code of a crate, outside of the catalogue and of tests.
//! 3. What waits for the code that will raise it stands in [`WAITING`] with the reason, and no longer than it waits.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;

use crate::house::House;
use crate::source;

const CATALOGUE: &str = "crates/wire/src/catalogue";

/// Codes whose texts are there before the code that raises them, and what they wait for.
const WAITING: &[(&str, &str)] = &[];

/// The gate.
pub(crate) fn gate(house: &House) -> Result<Vec<String>> {
    let mut catalogue = Vec::new();
    let mut program = Vec::new();
    for file in house.files_ending("rs")? {
        if file.starts_with(CATALOGUE) {
            catalogue.push(house.read(file)?);
        } else if is_program(file) {
            program.push(house.read(file)?);
        }
    }
    Ok(judge(&catalogue, &program, WAITING))
}

/// Whether what stands in a file can happen. The test kit raises nothing for anybody.
fn is_program(file: &Path) -> bool {
    let inside = file.starts_with("crates") && !file.starts_with("crates/testkit");
    inside && file.iter().any(|part| part == "src") && !source::is_test_file(file)
}

fn judge(catalogue: &[String], program: &[String], waiting: &[(&str, &str)]) -> Vec<String> {
    let codes: BTreeMap<String, String> =
        catalogue.iter().flat_map(|text| constants(text)).collect();
    let raised: BTreeSet<String> = program.iter().flat_map(|text| named(text)).collect();
    let waits = |name: &str| waiting.iter().any(|(waiting, _)| *waiting == name);
    let vain = codes
        .iter()
        .filter(|(name, _)| !raised.contains(*name) && !waits(name))
        .map(|(name, number)| {
            format!("CRN-{number} (Crn::{name}) stands in the catalogue, and nothing raises it")
        });
    let over = waiting.iter().filter_map(|(name, _)| {
        if !codes.contains_key(*name) {
            Some(format!("WAITING names {name}, which is no code"))
        } else if raised.contains(*name) {
            Some(format!(
                "{name} is raised now: take it out of WAITING in xtask/src/codes.rs"
            ))
        } else {
            None
        }
    });
    vain.chain(over).collect()
}

/// The constants of a file of the catalogue, each with its number.
fn constants(text: &str) -> Vec<(String, String)> {
    let bare = source::bare(text);
    let entries = bare.split("pub const ").skip(1).filter_map(|entry| {
        let (name, rest) = entry.split_once(": Self = Self::of(")?;
        let number = rest.split_once("number: ")?.1;
        let digits = number.chars().take_while(char::is_ascii_digit);
        Some((name.to_owned(), digits.collect()))
    });
    entries.collect()
}

/// The constants that are named as `Crn::NAME`.
fn named(text: &str) -> Vec<String> {
    let code = source::without_tests(&source::bare(text));
    let names = code.split("Crn::").skip(1).map(|rest| {
        let name = rest.chars().take_while(|next| source::is_word(*next));
        name.collect::<String>()
    });
    names.collect()
}

#[cfg(test)]
mod tests;

//! The names of all tests: ours in Rust, and those of the interop suites in their languages.
//!
//! A test is asked for by its name, or where several files have a test of that name by `folder/file.rs::name`, of which the
//! front may be left out as far as one file still answers.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;

use crate::house::House;

/// Each name, with the files that have a test of that name.
pub(super) struct Tests {
    files: BTreeMap<String, Vec<String>>,
}

impl Tests {
    /// The tests of the house.
    pub(super) fn of(house: &House) -> Result<Self> {
        let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for file in house.files()? {
            let Some(find) = reader(file) else { continue };
            let place = file.to_string_lossy().into_owned();
            for name in find(&house.read(file)?) {
                let places = files.entry(name).or_default();
                if !places.contains(&place) {
                    places.push(place.clone());
                }
            }
        }
        Ok(Self { files })
    }

    /// The one file that has this test.
    pub(super) fn file(&self, asked: &str) -> Option<&str> {
        match self.found(asked).as_slice() {
            [file] => Some(file),
            _ => None,
        }
    }

    /// Why this is no test's name, if so.
    pub(super) fn trouble(&self, asked: &str) -> Option<String> {
        match self.found(asked).as_slice() {
            [_] => None,
            [] => Some(format!("no test is called `{asked}`")),
            several => Some(format!(
                "`{asked}` is in {}: write `file::name`",
                several.join(" and ")
            )),
        }
    }

    /// A file below this folder that has the test.
    pub(super) fn inside(&self, folder: &str, name: &str) -> Option<&str> {
        let places = self.files.get(name)?;
        places
            .iter()
            .map(String::as_str)
            .find(|place| place.starts_with(folder))
    }

    fn found(&self, asked: &str) -> Vec<&str> {
        let (file, name) = asked.rsplit_once("::").unwrap_or(("", asked));
        let places = self.files.get(name).map_or(&[] as &[String], Vec::as_slice);
        places
            .iter()
            .map(String::as_str)
            .filter(|place| place.ends_with(file))
            .collect()
    }
}

/// The name alone.
pub(super) fn short(asked: &str) -> &str {
    asked.rsplit_once("::").map_or(asked, |(_, name)| name)
}

/// How the names of a file's tests are found; nothing for a file that can have none.
fn reader(file: &Path) -> Option<fn(&str) -> Vec<String>> {
    let interop = file.starts_with("interop");
    let name = file.file_name()?.to_str()?;
    match file.extension()?.to_str()? {
        "rs" if file.starts_with("crates/testkit/src/contract") => Some(contracts),
        "rs" => Some(rust),
        "js" | "mjs" | "ts" if interop && name.contains(".test.") => Some(script),
        "py" if interop => Some(|text| after(text, "def test_", "test_")),
        "go" if interop => Some(|text| after(text, "func Test", "Test")),
        "java" if interop => Some(java),
        "sh" if interop => Some(shell),
        "rb" if interop => Some(ruby),
        _ => None,
    }
}

/// Functions that stand below an attribute which ends in `test` or `test(…)`. Where a macro writes such functions, the
/// names that it is given stand alone on their lines.
fn rust(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut marked = false;
    let mut written = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with("#[") {
            let path = line.trim_start_matches("#[");
            let path = path.split(['(', ']', ' ']).next().unwrap_or_default();
            marked |= path == "test" || path.ends_with("::test");
        } else if let Some(name) = function(line) {
            written |= marked && name.is_empty();
            if marked && !name.is_empty() {
                found.push(name);
            }
            marked = false;
        } else if let Some(name) = alone(line).filter(|_| written) {
            found.push(name.to_owned());
        }
    }
    found
}

/// A name of several words that is all of a line but its comma or colon.
fn alone(line: &str) -> Option<&str> {
    let name = line.strip_suffix([',', ':'])?;
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    (name.contains('_') && name.chars().all(plain)).then_some(name)
}

/// The contract of the stores: each public function is a test on every engine.
fn contracts(text: &str) -> Vec<String> {
    text.lines()
        .filter(|line| line.starts_with("pub async fn ") || line.starts_with("pub fn "))
        .filter_map(function)
        .collect()
}

/// The name of the function that a line begins.
fn function(line: &str) -> Option<String> {
    let mut rest = line;
    for word in ["pub ", "async "] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    Some(word(rest.strip_prefix("fn ")?))
}

/// Methods below `@Test`.
fn java(text: &str) -> Vec<String> {
    let tests = text.split("@Test").skip(1);
    tests
        .filter_map(|rest| rest.split_once("void "))
        .map(|(_, rest)| word(rest))
        .collect()
}

/// `test("…"` and `test('…'`.
fn script(text: &str) -> Vec<String> {
    let calls = text.split("test(").skip(1);
    calls
        .filter_map(|rest| {
            let quote = rest.trim_start().chars().next()?;
            let said = matches!(quote, '"' | '\'' | '`').then(|| rest.trim_start())?;
            said.get(1..)?
                .split_once(quote)
                .map(|(name, _)| name.to_owned())
        })
        .collect()
}

/// `check_…`, and what stands in quotes behind `case_of`.
fn shell(text: &str) -> Vec<String> {
    let mut found = after(text, "check_", "check_");
    let titles = text
        .lines()
        .filter_map(|line| quoted(line.strip_prefix("case_of ")?));
    found.extend(titles);
    found
}

/// `"…" => lambda`, at the beginning of a line.
fn ruby(text: &str) -> Vec<String> {
    text.lines()
        .filter(|line| line.contains("\" => lambda"))
        .filter_map(|line| quoted(line.trim()))
        .collect()
}

/// What stands between the first sign, a quote, and the next of its kind.
fn quoted(text: &str) -> Option<String> {
    let quote = text.chars().next()?;
    let inside = text.strip_prefix(['"', '\''])?;
    inside.split_once(quote).map(|(name, _)| name.to_owned())
}

/// The words that follow a mark, with a front put back.
fn after(text: &str, mark: &str, front: &str) -> Vec<String> {
    text.split(mark)
        .skip(1)
        .map(|rest| format!("{front}{}", word(rest)))
        .collect()
}

fn word(text: &str) -> String {
    text.chars()
        .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
        .collect()
}

#[cfg(test)]
mod tests;

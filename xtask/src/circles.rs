//! No circles between the files of a crate: what uses each other can only be understood together.
//!
//! Each file is a module; a path to something in another module is an arrow. A module and those inside it count as
//! near, not as a circle: the outer one may show what the inner ones hold, and they may use its words.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;

use anyhow::Result;

use crate::house::House;
use crate::paths;
use crate::shelves;
use crate::source;

type Arrows = BTreeMap<String, BTreeSet<String>>;

/// The gate.
pub(crate) fn gate(house: &House) -> Result<Vec<String>> {
    let mut crates: BTreeMap<&str, Vec<(String, String)>> = BTreeMap::new();
    for file in house.files_ending("rs")? {
        if let Some((name, inside)) = place(file)
            && !source::is_test_file(file)
        {
            let module = shelves::module(inside).join("::");
            crates
                .entry(name)
                .or_default()
                .push((module, house.read(file)?));
        }
    }
    let found = crates.iter().flat_map(|(name, files)| {
        let circles = circles(&arrows(files)).into_iter();
        circles.map(move |circle| format!("{name}: a circle: {circle}"))
    });
    Ok(found.collect())
}

/// The crate of a file, and the file's place inside its `src`.
fn place(file: &Path) -> Option<(&str, &Path)> {
    let inside = file.strip_prefix("crates").unwrap_or(file);
    let name = inside.components().next()?.as_os_str().to_str()?;
    let inside = inside.strip_prefix(name).ok()?.strip_prefix("src").ok()?;
    Some((name, inside))
}

/// From each module to those that its text goes to.
fn arrows(files: &[(String, String)]) -> Arrows {
    let known: BTreeSet<&str> = files.iter().map(|(module, _)| module.as_str()).collect();
    let mut arrows = Arrows::new();
    for (from, text) in files {
        let module: Vec<&str> = from.split("::").filter(|name| !name.is_empty()).collect();
        let reached = paths::paths(text, &module)
            .into_iter()
            .filter_map(|path| nearest(&known, &path))
            .filter(|to| !is_near(from, to));
        arrows.entry(from.clone()).or_default().extend(reached);
    }
    arrows
}

/// The innermost module on a path.
fn nearest(known: &BTreeSet<&str>, path: &[String]) -> Option<String> {
    let mut path = path.to_vec();
    while !path.is_empty() {
        let module = path.join("::");
        if known.contains(module.as_str()) {
            return Some(module);
        }
        path.pop();
    }
    None
}

/// Whether one is the other, or stands inside it. Everything stands inside the root.
fn is_near(one: &str, other: &str) -> bool {
    let inside = |inner: &str, outer: &str| {
        outer.is_empty()
            || inner
                .strip_prefix(outer)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    inside(one, other) || inside(other, one)
}

/// Each circle once, as the shortest way around from its first module.
fn circles(arrows: &Arrows) -> Vec<String> {
    let mut told: BTreeSet<String> = BTreeSet::new();
    let mut findings = Vec::new();
    for start in arrows.keys() {
        if told.contains(start) {
            continue;
        }
        if let Some(way) = way_around(arrows, start) {
            findings.push(format!("{} → {start}", way.join(" → ")));
            told.extend(way);
        }
    }
    findings
}

/// The shortest way from a module back to itself.
fn way_around(arrows: &Arrows, start: &str) -> Option<Vec<String>> {
    let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut waiting = VecDeque::from([start]);
    while let Some(module) = waiting.pop_front() {
        for next in arrows.get(module).into_iter().flatten() {
            if next == start {
                let mut way = vec![module.to_owned()];
                let mut at = module;
                while let Some(before) = came_from.get(at) {
                    way.push((*before).to_owned());
                    at = before;
                }
                way.reverse();
                return Some(way);
            }
            if !came_from.contains_key(next.as_str()) {
                came_from.insert(next, module);
                waiting.push_back(next);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests;

//! Links between our pages: each relative link in a Markdown file leads to a file, and to a heading that is there.
//!
//! What stands in code (fenced, or between backticks) is no link. Addresses with a scheme are not visited.

use std::path::{Component, Path, PathBuf};

use anyhow::Result;

use crate::house::House;

/// The gate: each Markdown file.
pub(crate) fn gate(house: &House) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for file in house.files_ending("md")? {
        for target in targets(&house.read(file)?) {
            if let Some(trouble) = trouble(house, file, &target)? {
                findings.push(format!("{}: `{target}` {trouble}", file.display()));
            }
        }
    }
    Ok(findings)
}

fn trouble(house: &House, file: &Path, target: &str) -> Result<Option<&'static str>> {
    let (path, heading) = target.split_once('#').unwrap_or((target, ""));
    let Some(wanted) = resolve(file, path) else {
        return Ok(Some("leads out of the project"));
    };
    let there = house.root().join(&wanted);
    if !there.exists() {
        return Ok(Some("leads nowhere"));
    }
    let is_page = wanted
        .extension()
        .is_some_and(|extension| extension == "md");
    if heading.is_empty() || !is_page {
        return Ok(None);
    }
    let found = anchors(&house.read(&wanted)?)
        .iter()
        .any(|anchor| anchor == heading);
    Ok((!found).then_some("leads to no heading"))
}

/// The file that a link leads to, relative to the root; nothing if it climbs out.
fn resolve(file: &Path, path: &str) -> Option<PathBuf> {
    if path.is_empty() {
        return Some(file.to_path_buf());
    }
    let mut resolved = match path.strip_prefix('/') {
        Some(_) => PathBuf::new(),
        None => file.parent()?.to_path_buf(),
    };
    for part in Path::new(path.trim_start_matches('/')).components() {
        match part {
            Component::Normal(name) => resolved.push(name),
            Component::ParentDir if resolved.pop() => {}
            Component::CurDir => {}
            _ => return None,
        }
    }
    Some(resolved)
}

/// The relative targets of a page's links: `[text](target)` and `[text]: target`.
fn targets(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in prose(text) {
        let mut rest = line.as_str();
        while let Some((_, after)) = rest.split_once("](") {
            let end = after.find([')', ' ']).unwrap_or(after.len());
            let (target, behind) = after.split_at(end);
            found.push(target.trim_matches(['<', '>']).to_owned());
            rest = behind;
        }
        if let Some((label, target)) = line.trim_start().split_once("]: ")
            && label.starts_with('[')
        {
            found.push(
                target
                    .split_whitespace()
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
            );
        }
    }
    found.retain(|target| {
        !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:")
    });
    found
}

/// The anchors of a page's headings, as Git hosts make them: small letters, digits, `-` for a space.
fn anchors(text: &str) -> Vec<String> {
    let mut anchors: Vec<String> = Vec::new();
    for line in fenceless(text) {
        let heading = line.trim_start_matches('#');
        if heading.len() == line.len() || !heading.starts_with(' ') {
            continue;
        }
        let slug: String = heading
            .trim()
            .to_lowercase()
            .chars()
            .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'))
            .map(|letter| if letter == ' ' { '-' } else { letter })
            .collect();
        let again = anchors.iter().filter(|anchor| **anchor == slug).count();
        anchors.push(if again == 0 {
            slug
        } else {
            format!("{slug}-{again}")
        });
    }
    anchors
}

/// The lines outside fences, without what stands between backticks.
fn prose(text: &str) -> Vec<String> {
    let outside = |line: &str| line.split('`').step_by(2).collect::<Vec<_>>().join("``");
    fenceless(text).map(outside).collect()
}

fn fenceless(text: &str) -> impl Iterator<Item = &str> {
    let mut fenced = false;
    text.lines().filter(move |line| {
        let mark = line.trim_start().starts_with("```");
        fenced ^= mark;
        !fenced && !mark
    })
}

#[cfg(test)]
mod tests;

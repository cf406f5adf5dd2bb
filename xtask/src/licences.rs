//! Licences: what a package offers (an SPDX expression) against what we accept.
//!
//! 1. The expression is parsed: `OR`, `AND`, `WITH`, brackets, and the old `/`, which means `OR`.
//! 2. A licence is accepted when its name stands in [`ACCEPTED`].
//! 3. A package whose licence is not there passes only by its own name in [`EXCEPTIONS`], with a reason.

use anyhow::{Context, Result, bail};

use crate::house::House;

/// Licences that ask for no more than to be named.
const ACCEPTED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Package, licence, reason. (MPL-2.0 would be: changed files stay open, ours do not become so.)
const EXCEPTIONS: &[(&str, &str, &str)] = &[];

/// The gate: each package that a build on this machine may need.
pub(crate) fn gate(house: &House) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for package in house.packages()? {
        let Some(text) = &package.license else {
            findings.push(format!(
                "{} {} names no licence",
                package.name, package.version
            ));
            continue;
        };
        let excepted = |licence: &str| {
            EXCEPTIONS
                .iter()
                .any(|(name, by_name, _)| *name == package.name && *by_name == licence)
        };
        let accepted = |licence: &str| ACCEPTED.contains(&licence) || excepted(licence);
        match parse(text) {
            Ok(expression) if expression.holds(&accepted) => {}
            Ok(_) => findings.push(format!(
                "{} {} is under {text}",
                package.name, package.version
            )),
            Err(error) => findings.push(format!("{}: {error:#}", package.name)),
        }
    }
    Ok(findings)
}

/// What a package offers.
#[derive(Debug, PartialEq, Eq)]
enum Expression {
    Licence(String),
    Either(Vec<Expression>),
    All(Vec<Expression>),
}

impl Expression {
    fn holds(&self, accepted: &dyn Fn(&str) -> bool) -> bool {
        match self {
            Self::Licence(name) => accepted(name),
            Self::Either(parts) => parts.iter().any(|part| part.holds(accepted)),
            Self::All(parts) => parts.iter().all(|part| part.holds(accepted)),
        }
    }
}

/// Reads an expression; `AND` binds closer than `OR`.
fn parse(text: &str) -> Result<Expression> {
    let spaced = text
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let mut words: Vec<&str> = spaced.split_whitespace().rev().collect();
    let expression = either(&mut words).with_context(|| format!("the licence `{text}`"))?;
    if let Some(word) = words.last() {
        bail!("the licence `{text}` goes on with `{word}`");
    }
    Ok(expression)
}

fn either(words: &mut Vec<&str>) -> Result<Expression> {
    list(
        words,
        "OR",
        |words| list(words, "AND", one, Expression::All),
        Expression::Either,
    )
}

/// Parts with a word between them; a single one stands for itself.
fn list(
    words: &mut Vec<&str>,
    between: &str,
    part: impl Fn(&mut Vec<&str>) -> Result<Expression>,
    joined: impl Fn(Vec<Expression>) -> Expression,
) -> Result<Expression> {
    let first = part(words)?;
    if words.last() != Some(&between) {
        return Ok(first);
    }
    let mut parts = vec![first];
    while words.last() == Some(&between) {
        words.pop();
        parts.push(part(words)?);
    }
    Ok(joined(parts))
}

fn one(words: &mut Vec<&str>) -> Result<Expression> {
    match words.pop() {
        None => bail!("ends too soon"),
        Some("(") => {
            let inner = either(words)?;
            match words.pop() {
                Some(")") => Ok(inner),
                _ => bail!("has a bracket that nothing closes"),
            }
        }
        Some(word @ (")" | "OR" | "AND" | "WITH")) => {
            bail!("has `{word}` where a licence should be")
        }
        Some(name) if words.last() == Some(&"WITH") => {
            words.pop();
            let exception = words.pop().context("ends after WITH")?;
            Ok(Expression::Licence(format!("{name} WITH {exception}")))
        }
        Some(name) => Ok(Expression::Licence(name.to_owned())),
    }
}

#[cfg(test)]
mod tests;

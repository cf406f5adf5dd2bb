//! The gates. `cargo xtask check` opens them all; a change that one of them holds back does not land.
//!
//! The cheap ones come first. Each is a function that returns what it found; nothing found is a pass.

use anyhow::{Result, bail};

use crate::house::House;
use crate::judged::Judged;
use crate::process;
use crate::{
    advisories, arrows, circles, codes, generated, licences, links, proof, shelves, spelling,
    supply,
};

type Gate = fn(&House) -> Result<Judged>;

const GATES: &[(&str, &str, Gate)] = &[
    ("names", "no drawer instead of an idea", |house| {
        spelling::names(house).map(Judged::of)
    }),
    ("headers", "each file begins with its story", |house| {
        spelling::headers(house).map(Judged::of)
    }),
    ("lengths", "no file is too long", |house| {
        spelling::lengths(house).map(Judged::of)
    }),
    ("arrows", "each crate stands on its floor", |house| {
        arrows::gate(house).map(Judged::of)
    }),
    (
        "shelves",
        "shelves of the core, rooms of the server",
        |house| shelves::gate(house).map(Judged::of),
    ),
    (
        "circles",
        "no circle between the files of a crate",
        |house| circles::gate(house).map(Judged::of),
    ),
    ("codes", "no code is claimed in vain", |house| {
        codes::gate(house).map(Judged::of)
    }),
    ("links", "our pages lead somewhere", |house| {
        links::gate(house).map(Judged::of)
    }),
    (
        "proof",
        "the tests that our pages name are there",
        |house| proof::gate(house).map(Judged::of),
    ),
    ("licences", "each package's licence is accepted", |house| {
        licences::gate(house).map(Judged::of)
    }),
    (
        "supply",
        "banned crates, native libraries, budgets",
        |house| supply::gate(house).map(Judged::of),
    ),
    ("advisories", "no known hole", advisories::gate),
    ("fmt", "rustfmt", fmt),
    ("clippy", "clippy, with warnings denied", clippy),
    ("docs", "rustdoc, with warnings denied", docs),
    ("fuzz", "the fuzz targets still build", fuzz),
    ("generated", "generated files are current", |house| {
        generated::gate(house).map(Judged::of)
    }),
];

/// How many gates were passed, and so on.
#[derive(Default)]
pub(crate) struct Tally {
    /// The names of those that failed.
    pub(crate) failed: Vec<&'static str>,
    /// The names of those that judged nothing, with the reason.
    pub(crate) skipped: Vec<(&'static str, String)>,
}

/// `cargo xtask check`.
pub(crate) fn run(house: &House, words: &[String]) -> Result<bool> {
    if words.first().is_some_and(|word| word == "--list") {
        for (name, what, _) in GATES {
            println!("{name:<12} {what}");
        }
        return Ok(true);
    }
    if let Some(word) = words
        .iter()
        .find(|word| !GATES.iter().any(|(name, ..)| name == word))
    {
        bail!("there is no gate `{word}`; see `cargo xtask check --list`");
    }
    let tally = open(house, words);
    Ok(tally.failed.is_empty())
}

/// Opens the named gates, or all, and prints what each says.
pub(crate) fn open(house: &House, wanted: &[String]) -> Tally {
    let mut tally = Tally::default();
    for (name, what, gate) in GATES {
        if !wanted.is_empty() && !wanted.iter().any(|word| word == name) {
            continue;
        }
        println!("gate {name}: {what}");
        match gate(house) {
            Ok(Judged::Passed) => println!("    passed"),
            Ok(Judged::Skipped(reason)) => {
                println!("    SKIPPED: {reason}");
                tally.skipped.push((name, reason));
            }
            Ok(Judged::Failed(findings)) => {
                for finding in &findings {
                    println!("    {finding}");
                }
                println!("    FAILED: {} found", findings.len());
                tally.failed.push(name);
            }
            Err(error) => {
                println!("    FAILED: {error:#}");
                tally.failed.push(name);
            }
        }
    }
    let passed = if tally.failed.is_empty() {
        "all passed".to_owned()
    } else {
        tally.failed.join(", ")
    };
    let skipped: Vec<&str> = tally.skipped.iter().map(|(name, _)| *name).collect();
    match (tally.failed.is_empty(), skipped.is_empty()) {
        (true, true) => println!("gates: {passed}"),
        (true, false) => println!("gates: all others passed; skipped: {}", skipped.join(", ")),
        (false, _) => println!("gates: failed: {passed}"),
    }
    tally
}

/// Workspaces beside ours, which Cargo does not see from here.
const BESIDE: &[&str] = &["fuzz/Cargo.toml", "interop/rust/Cargo.toml"];

fn fmt(house: &House) -> Result<Judged> {
    let mut judged = cargo(house, &["fmt", "--all", "--", "--check"], &[])?;
    for manifest in BESIDE
        .iter()
        .filter(|manifest| house.root().join(manifest).is_file())
    {
        let words = ["fmt", "--manifest-path", manifest, "--", "--check"];
        if let Judged::Failed(findings) = cargo(house, &words, &[])? {
            judged = Judged::Failed(findings);
        }
    }
    Ok(judged)
}

fn clippy(house: &House) -> Result<Judged> {
    let words = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "-D",
        "warnings",
    ];
    cargo(house, &words, &[])
}

fn docs(house: &House) -> Result<Judged> {
    let words = ["doc", "--workspace", "--no-deps", "--locked"];
    cargo(house, &words, &[("RUSTDOCFLAGS", "-D warnings")])
}

fn fuzz(house: &House) -> Result<Judged> {
    let words = [
        "clippy",
        "--manifest-path",
        "fuzz/Cargo.toml",
        "--all-targets",
        "--locked",
    ];
    cargo(
        house,
        &[words.as_slice(), &["--", "-D", "warnings"]].concat(),
        &[],
    )
}

fn cargo(house: &House, words: &[&str], environment: &[(&str, &str)]) -> Result<Judged> {
    let mut command = process::command("cargo", house.root());
    command.args(words).envs(environment.iter().copied());
    let status = process::shown(&mut command)?;
    Ok(Judged::of(if status.success() {
        Vec::new()
    } else {
        vec![format!("cargo {} ended with {status}", words.join(" "))]
    }))
}

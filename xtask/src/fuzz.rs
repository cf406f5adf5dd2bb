//! `cargo xtask fuzz`: each target of `fuzz/` for some seconds.
//!
//! The targets are Rust's own parsers without `unsafe`, so what is looked for is a panic, an overflow, or an input
//! that takes for ever; no sanitizer is needed, and the stable compiler will do (`-s none`).
//!
//! 1. cargo-fuzz is installed if it is missing.
//! 2. Each target begins with the seeds that Git keeps (`fuzz/seeds/<target>`). What it finds on its way goes
//!    to the target folder, where the next run finds it again.
//! 3. How often it ran is read from libFuzzer's last words. A crash leaves its input in `fuzz/artifacts`.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::house::House;
use crate::process;

/// A fixed version, so that each machine fuzzes alike.
const CARGO_FUZZ: &str = "0.13.2";
const SECONDS: u32 = 60;
/// One input may take so long before it counts as a hang.
const HANG_SECONDS: u32 = 10;
/// The longest input that is tried.
const LONGEST: u32 = 16_384;

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
struct Wish {
    seconds: u32,
    targets: Vec<String>,
}

/// `cargo xtask fuzz`.
pub(crate) fn run(house: &House, words: &[String]) -> Result<bool> {
    let wish = read(words)?;
    let there = targets(house)?;
    if let Some(unknown) = wish.targets.iter().find(|name| !there.contains(name)) {
        bail!(
            "there is no fuzz target `{unknown}`; there are: {}",
            there.join(", ")
        );
    }
    install(house)?;
    let wanted = if wish.targets.is_empty() {
        &there
    } else {
        &wish.targets
    };
    let mut lines = Vec::new();
    let mut failed = 0_usize;
    for name in wanted {
        println!("\n=== fuzz {name}, {} s ===", wish.seconds);
        let (found, executions) = one(house, name, wish.seconds)?;
        failed += usize::from(found || executions == 0);
        let verdict = if found {
            "FOUND SOMETHING"
        } else {
            "nothing found"
        };
        lines.push(format!("{name:<16}{executions:>12} executions  {verdict}"));
    }
    println!(
        "\n{}\n\n{} passed, {failed} failed",
        lines.join("\n"),
        wanted.len() - failed
    );
    Ok(failed == 0)
}

fn read(words: &[String]) -> Result<Wish> {
    let mut wish = Wish {
        seconds: SECONDS,
        targets: Vec::new(),
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if word == "--seconds" {
            let number = words.next().context("--seconds needs a number")?;
            wish.seconds = number
                .parse()
                .with_context(|| format!("--seconds {number}"))?;
        } else if word.starts_with('-') {
            bail!("fuzz knows no `{word}`; see `cargo xtask help`");
        } else {
            wish.targets.push(word.clone());
        }
    }
    if wish.seconds == 0 {
        bail!("--seconds must be 1 or more");
    }
    Ok(wish)
}

/// The names of the `[[bin]]`s of `fuzz/Cargo.toml`.
fn targets(house: &House) -> Result<Vec<String>> {
    let manifest = house.read("fuzz/Cargo.toml".as_ref())?;
    let manifest: toml::Table = manifest.parse().context("fuzz/Cargo.toml")?;
    let names: Vec<String> = manifest
        .get("bin")
        .and_then(toml::Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|target| target.get("name")?.as_str().map(str::to_owned))
        .collect();
    if names.is_empty() {
        bail!("fuzz/Cargo.toml has no target");
    }
    Ok(names)
}

fn install(house: &House) -> Result<()> {
    if process::on_path("cargo-fuzz").is_some() {
        return Ok(());
    }
    let mut command = process::command("cargo", house.root());
    command.args(["install", "--locked", "--version", CARGO_FUZZ, "cargo-fuzz"]);
    if process::shown(&mut command)?.success() {
        Ok(())
    } else {
        bail!("cargo-fuzz could not be installed")
    }
}

/// Whether it found something, and how often it ran.
fn one(house: &House, name: &str, seconds: u32) -> Result<(bool, u64)> {
    let corpus = house.target_dir().join("fuzz-corpus").join(name);
    fs::create_dir_all(&corpus).with_context(|| format!("making {}", corpus.display()))?;
    let seeds = house.root().join("fuzz").join("seeds").join(name);
    // libFuzzer speaks on its standard error; the shell brings both together.
    let mut command = process::command("bash", house.root());
    command
        .args(["-c", "exec \"$@\" 2>&1", "fuzz"])
        .args([
            "cargo",
            "fuzz",
            "run",
            "--sanitizer",
            "none",
            "--fuzz-dir",
            "fuzz",
            name,
        ])
        .arg(&corpus)
        .args(seeds.is_dir().then_some(seeds))
        .arg("--")
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-timeout={HANG_SECONDS}"))
        .arg(format!("-max_len={LONGEST}"))
        .args(["-print_final_stats=1", "-verbosity=0"])
        .env("CARGO_TARGET_DIR", house.target_dir().join("fuzz"));
    let mut executions = 0;
    let status = process::streamed(&mut command, &mut |line| {
        println!("{line}");
        executions = executed(line).unwrap_or(executions);
    })?;
    Ok((!status.success(), executions))
}

/// `stat::number_of_executed_units: 123456`
fn executed(line: &str) -> Option<u64> {
    line.trim()
        .strip_prefix("stat::number_of_executed_units:")?
        .trim()
        .parse()
        .ok()
}

#[cfg(test)]
mod tests;

//! `cargo xtask bench`: builds the release server and hands over to `carnet-bench`, which knows the rest.

use anyhow::{Result, bail};

use crate::house::House;
use crate::process;

/// Builds both in release mode and runs the bench with the words given; it finds the server in `CARNET_BIN`.
pub(crate) fn run(house: &House, words: &[String]) -> Result<bool> {
    let mut build = process::command("cargo", house.root());
    build.args([
        "build",
        "--release",
        "--locked",
        "-p",
        "carnet",
        "-p",
        "carnet-bench",
    ]);
    if !process::shown(&mut build)?.success() {
        bail!("the release build failed");
    }
    let release = house.target_dir().join("release");
    let mut bench = process::command("cargo", house.root());
    bench
        .args([
            "run",
            "--release",
            "--locked",
            "--quiet",
            "-p",
            "carnet-bench",
            "--",
        ])
        .args(words)
        .env("CARNET_BIN", release.join("carnet"));
    Ok(process::shown(&mut bench)?.success())
}

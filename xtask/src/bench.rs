//! `cargo xtask bench`: builds the release server and hands over to `carnet-bench`, which knows the rest.

use std::path::Path;

use anyhow::{Result, bail};

use crate::house::House;
use crate::process;

/// Builds both in release mode and runs the bench with the words given; it finds the server in `CARNET_BIN`.
///
/// Both are built at once and the bench is started as it lies there: built alone, Cargo would choose other
/// features for what the two share, and build most of it again.
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
    let mut bench = process::command(&text(&release.join("carnet-bench")), house.root());
    bench.args(words).env("CARNET_BIN", release.join("carnet"));
    Ok(process::shown(&mut bench)?.success())
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

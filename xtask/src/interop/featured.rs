//! A server with features that the usual build has not, for the suites that ask for some.
//!
//! It is built in the same folder, where the rest of it is built already, with the features of the whole workspace besides.
//! Cargo puts it in the place of the usual one; it is taken from there, and the usual one put back.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

use anyhow::Context;
use anyhow::Result;
use anyhow::bail;

use crate::house::House;
use crate::process;

/// Builds `carnet` with these features, beside the usual one.
pub(super) fn build(house: &House, features: &[String], usual: &Path) -> Result<PathBuf> {
    let name = format!("carnet-with-{}", features.join("-"));
    let (built, kept) = (usual.with_file_name(name), usual.with_extension("usual"));
    fs::copy(usual, &kept).with_context(|| format!("keeping {}", usual.display()))?;
    let of_carnet = features.iter().map(|feature| format!("carnet/{feature}"));
    let of_carnet: Vec<String> = of_carnet.collect();
    let mut command = process::command("cargo", house.root());
    command
        .args(["build", "--workspace", "--locked", "--bin", "carnet"])
        .args(["--features", &of_carnet.join(",")]);
    let status = process::shown(&mut command)?;
    let placed = status.success().then(|| fs::rename(usual, &built));
    fs::rename(&kept, usual).with_context(|| format!("putting {} back", usual.display()))?;
    match placed {
        Some(moved) => moved.with_context(|| format!("taking {}", built.display()))?,
        None => bail!("carnet does not build with {}", features.join(", ")),
    }
    Ok(built)
}

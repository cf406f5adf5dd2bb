//! An interop suite as its folder describes it: `interop/<name>/suite.toml`. The format is told in
//! `interop/README.md`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::counts::Kind;

/// A suite.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Suite {
    /// How its tests are counted.
    pub(crate) kind: Kind,
    /// Programs that the machine must have.
    #[serde(default)]
    pub(crate) tools: Vec<String>,
    /// Programs that cannot be installed from where a fresh machine installs: without them the suite is left out,
    /// in CI too, and says so.
    #[serde(default)]
    pub(crate) only_with: Vec<String>,
    /// Debian packages that may be installed.
    #[serde(default)]
    pub(crate) needs: Vec<String>,
    /// What is done before the server starts.
    #[serde(default)]
    pub(crate) prepare: Vec<String>,
    /// The tests.
    pub(crate) run: String,
    /// Features with which the server is built; none: the usual build.
    #[serde(default)]
    pub(crate) features: Vec<String>,
    /// More arguments for `carnet dev`.
    #[serde(default)]
    pub(crate) dev_args: Vec<String>,
    /// How long the tests may take.
    #[serde(default = "ten_minutes")]
    pub(crate) timeout_seconds: u64,
    /// Its folder.
    #[serde(skip)]
    pub(crate) folder: PathBuf,
}

fn ten_minutes() -> u64 {
    600
}

impl Suite {
    /// Reads a suite from its folder; nothing if there is none.
    pub(crate) fn read(folder: &Path) -> Result<Option<Self>> {
        let file = folder.join("suite.toml");
        if !file.is_file() {
            return Ok(None);
        }
        let text =
            fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
        let mut suite =
            Self::parse(&text).with_context(|| format!("reading {}", file.display()))?;
        folder.clone_into(&mut suite.folder);
        Ok(Some(suite))
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        let suite: Self = toml::from_str(text)?;
        if suite.run.trim().is_empty() {
            bail!("`run` is empty");
        }
        if !(1..=3_600).contains(&suite.timeout_seconds) {
            bail!(
                "timeout_seconds is {}; 1 to 3600 may stand there",
                suite.timeout_seconds
            );
        }
        Ok(suite)
    }
}

#[cfg(test)]
mod tests;

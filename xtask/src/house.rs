//! What the gates look at: the files that Git knows and the packages that Cargo knows.
//!
//! Files are those that are tracked, or new and not ignored, so that a forgotten `git add` does not hide one.

use std::cell::OnceCell;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::process;

/// The workspace, seen from its root.
pub(crate) struct House {
    root: PathBuf,
    files: OnceCell<Vec<PathBuf>>,
    packages: OnceCell<Vec<Package>>,
    host: OnceCell<String>,
}

/// A package as `cargo metadata` describes it.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
    /// The SPDX expression, where it has one.
    pub(crate) license: Option<String>,
    /// The native library that it links, where it says so.
    pub(crate) links: Option<String>,
    /// Where it comes from; nothing for a member of the workspace.
    pub(crate) source: Option<String>,
    /// Its `Cargo.toml`.
    pub(crate) manifest_path: PathBuf,
    /// What it builds.
    pub(crate) targets: Vec<Target>,
}

/// One thing that a package builds.
#[derive(Debug, Deserialize)]
pub(crate) struct Target {
    /// Its name.
    pub(crate) name: String,
    /// `lib`, `bin`, `test`, …
    pub(crate) kind: Vec<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

impl House {
    /// The workspace that this program was built in.
    pub(crate) fn here() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .context("xtask stands in no workspace")?
            .to_path_buf();
        Ok(Self {
            root,
            files: OnceCell::new(),
            packages: OnceCell::new(),
            host: OnceCell::new(),
        })
    }

    /// The workspace's folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Where Cargo builds: `CARGO_TARGET_DIR`, or `target`.
    pub(crate) fn target_dir(&self) -> PathBuf {
        match process::variable("CARGO_TARGET_DIR") {
            Some(folder) => self.root.join(folder),
            None => self.root.join("target"),
        }
    }

    /// The files of the workspace, relative to its root, in order.
    pub(crate) fn files(&self) -> Result<&[PathBuf]> {
        if let Some(files) = self.files.get() {
            return Ok(files);
        }
        let listing = process::captured(process::command("git", &self.root).args([
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "-z",
        ]))?;
        let mut files: Vec<PathBuf> = listing
            .split('\0')
            .filter(|name| !name.is_empty())
            .map(PathBuf::from)
            .filter(|name| self.root.join(name).is_file())
            .collect();
        files.sort();
        files.dedup();
        Ok(self.files.get_or_init(|| files))
    }

    /// The files whose name ends so.
    pub(crate) fn files_ending(&self, extension: &str) -> Result<Vec<&Path>> {
        let ends = |path: &&Path| path.extension().is_some_and(|found| found == extension);
        Ok(self
            .files()?
            .iter()
            .map(PathBuf::as_path)
            .filter(ends)
            .collect())
    }

    /// What a file of the workspace says.
    pub(crate) fn read(&self, file: &Path) -> Result<String> {
        fs::read_to_string(self.root.join(file))
            .with_context(|| format!("reading {}", file.display()))
    }

    /// All packages that a build on this machine may need, members first as Cargo orders them.
    pub(crate) fn packages(&self) -> Result<&[Package]> {
        if let Some(packages) = self.packages.get() {
            return Ok(packages);
        }
        let host = self.host()?.to_owned();
        let text = process::captured(process::command("cargo", &self.root).args([
            "metadata",
            "--locked",
            "--format-version=1",
            "--filter-platform",
            &host,
        ]))?;
        let metadata: Metadata = serde_json::from_str(&text).context("reading `cargo metadata`")?;
        Ok(self.packages.get_or_init(|| metadata.packages))
    }

    /// The workspace's own packages.
    pub(crate) fn members(&self) -> Result<Vec<&Package>> {
        let own = |package: &&Package| package.source.is_none();
        Ok(self.packages()?.iter().filter(own).collect())
    }

    /// The target triple of this machine.
    pub(crate) fn host(&self) -> Result<&str> {
        if let Some(host) = self.host.get() {
            return Ok(host);
        }
        let text = process::captured(process::command("rustc", &self.root).arg("-vV"))?;
        let host = text
            .lines()
            .find_map(|line| line.strip_prefix("host: "))
            .context("rustc names no host")?;
        Ok(self.host.get_or_init(|| host.to_owned()))
    }
}

//! What the sandbox begins with: read from TOML, written by the same store port as anything else.

mod clients;
mod elsewhere;
mod federation;
mod grow;
mod grown;
mod passwords;
mod plan;
mod recall;

use std::fs;
use std::path::Path;

use anyhow::Context as _;

pub(super) use clients::GrownClient;
pub(super) use grow::sow;
pub(super) use grown::Grown;
pub(super) use plan::Seed;

/// The example that is in the binary.
const BUILT_IN: &str = include_str!("seed.toml");

impl Seed {
    /// The scopes of the first API of the first project: what programs of the sandbox mostly want.
    pub(super) fn own_scopes(&self) -> Vec<String> {
        let project = self.projects.first().map(|project| &project.id);
        let first = self.apis.iter().find(|api| Some(&api.project) == project);
        first
            .into_iter()
            .flat_map(|api| &api.scopes)
            .map(|scope| scope.name.to_string())
            .collect()
    }

    /// Reads a seed; the built-in one where no file is named.
    pub(super) fn read(file: Option<&Path>) -> anyhow::Result<Self> {
        match file {
            None => toml::from_str(BUILT_IN).context("the built-in seed"),
            Some(path) => {
                let text = fs::read_to_string(path)
                    .with_context(|| format!("cannot read the seed {}", path.display()))?;
                toml::from_str(&text).with_context(|| format!("the seed {}", path.display()))
            }
        }
    }
}

//! How long something is measured, and on which program: the options that each bench has.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use tempfile::TempDir;
use tokio::runtime::Builder;
use tokio::runtime::Runtime;

use crate::process;

/// What is measured, and how long.
#[derive(Args, Clone, Debug)]
pub(crate) struct Sitting {
    /// How many connections are kept open.
    #[arg(long, value_name = "N", default_value_t = 16)]
    pub(crate) connections: usize,
    /// How often each row is measured on each server.
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(crate) rounds: usize,
    /// How long each measurement takes.
    #[arg(long, value_name = "SECONDS", default_value_t = 2.0)]
    seconds: f64,
    /// Only these rows, by the beginning of their names.
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    rows: Vec<String>,
    /// Keep the folder with data and logs of the servers.
    #[arg(long)]
    keep: bool,
    /// Print tables for docs/performance.md.
    #[arg(long)]
    pub(crate) markdown: bool,
    /// The release server.
    #[arg(long, env = "CARNET_BIN", value_name = "FILE")]
    carnet: Option<PathBuf>,
}

impl Sitting {
    /// How long each measurement takes.
    pub(crate) fn time(&self) -> Duration {
        Duration::from_secs_f64(self.seconds)
    }

    /// Whether a row of this name is asked for.
    pub(crate) fn wants(&self, row: &str) -> bool {
        let named = |name: &String| row.starts_with(name.as_str());
        self.rows.is_empty() || self.rows.iter().any(named)
    }

    /// The server beside this program, where no other is named.
    pub(crate) fn carnet(&self) -> anyhow::Result<PathBuf> {
        match &self.carnet {
            Some(named) => Ok(named.clone()),
            None => Ok(std::env::current_exe()?.with_file_name("carnet")),
        }
    }

    /// Where the requests are made: on this thread, on the core that asks.
    pub(crate) fn runtime() -> anyhow::Result<Runtime> {
        process::pin_here(process::ASKING)?;
        Ok(Builder::new_current_thread().enable_all().build()?)
    }

    /// Where the servers keep their data.
    pub(crate) fn folder(&self) -> anyhow::Result<TempDir> {
        let mut folder = tempfile::tempdir()?;
        if self.keep {
            folder.disable_cleanup(true);
            eprintln!("bench: data and logs stay in {}", folder.path().display());
        }
        Ok(folder)
    }
}

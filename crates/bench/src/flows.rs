//! `cargo xtask bench flows`: what apps and people cost, beside the bare server and node-oidc-provider.
//!
//! 1. Carnet sows a small seed: a client with a secret, one that signs, one person, three APIs. It is started anew on core
//!    0, with its data on disk.
//! 2. The peer is started on core 0 too; it keeps everything in memory. So is the bare server, which knows only the grants
//!    that need no memory.
//! 3. For each row they are asked in turns from core 1; who is not asked does nothing. The best turn of each counts.
//! 4. What hashing costs is measured by hashing, on the same core.

mod goals;
mod job;
mod page;
mod peer;
mod seed;
mod side;
mod table;
mod together;
mod turns;
mod visitor;
mod worker;

use std::path::Path;
use std::path::PathBuf;

use clap::Args;

use self::job::Job;
use self::turns::Figures;
use self::turns::Turns;
use crate::process;

/// What is measured, and how long.
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {
    /// How many connections are kept open.
    #[arg(long, value_name = "N", default_value_t = 16)]
    connections: usize,
    /// How often each row is measured on each server.
    #[arg(long, value_name = "N", default_value_t = 3)]
    rounds: usize,
    /// How long each measurement takes.
    #[arg(long, value_name = "SECONDS", default_value_t = 2.0)]
    seconds: f64,
    /// Only these rows, by the beginning of their names.
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    rows: Vec<String>,
    /// Without node-oidc-provider; the goals against it are not judged then.
    #[arg(long)]
    no_peer: bool,
    /// Keep the folder with data and logs of the servers.
    #[arg(long)]
    keep: bool,
    /// Print tables for docs/performance.md.
    #[arg(long)]
    markdown: bool,
    /// The release server.
    #[arg(long, env = "CARNET_BIN", value_name = "FILE")]
    carnet: Option<PathBuf>,
}

impl Arguments {
    fn jobs(&self) -> Vec<Job> {
        let wanted = |job: &Job| {
            let named = |name: &String| job.name().starts_with(name.as_str());
            self.rows.is_empty() || self.rows.iter().any(named)
        };
        Job::ALL.into_iter().filter(wanted).collect()
    }
}

/// Measures and prints.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    process::pin_here(process::ASKING)?;
    let program = match &arguments.carnet {
        Some(named) => named.clone(),
        None => std::env::current_exe()?.with_file_name("carnet"),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let figures = runtime.block_on(measure(arguments, &program))?;
    let goals = goals::all(&figures);
    if arguments.markdown {
        println!("{}", table::markdown(&figures, &goals));
    } else {
        println!("{}", table::plain(&figures, &goals));
    }
    Ok(())
}

async fn measure(arguments: &Arguments, program: &Path) -> anyhow::Result<Figures> {
    let mut folder = tempfile::tempdir()?;
    if arguments.keep {
        folder.disable_cleanup(true);
        eprintln!("bench: data and logs stay in {}", folder.path().display());
    }
    let turns = Turns::begin(arguments, program, folder.path()).await?;
    let figures = turns.run(arguments).await?;
    turns.end()?;
    Ok(figures)
}

//! `cargo xtask bench flows`: what apps and people cost, beside the bare server and node-oidc-provider.
//!
//! 1. Carnet sows a small seed: a client with a secret, one that signs, one person, three APIs. It is started anew on core
//!    0, with its data on disk.
//! 2. The peer is started on core 0 too; it keeps everything in memory. So is the bare server, which knows only the grants
//!    that need no memory.
//! 3. For each row they are asked in turns from core 1; who is not asked does nothing. The best turn of each counts.
//! 4. What hashing costs is measured by hashing, on the same core.

mod goals;
pub(crate) mod hashing;
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

use clap::Args;

use self::job::Job;
use self::turns::Figures;
use self::turns::Turns;
use crate::sitting::Sitting;

/// What is measured, and how long.
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {
    /// Without node-oidc-provider; the goals against it are not judged then.
    #[arg(long)]
    no_peer: bool,
    #[command(flatten)]
    sitting: Sitting,
}

impl Arguments {
    fn jobs(&self) -> Vec<Job> {
        let wanted = |job: &Job| self.sitting.wants(job.name());
        Job::ALL.into_iter().filter(wanted).collect()
    }
}

/// Measures and prints.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let program = arguments.sitting.carnet()?;
    let runtime = Sitting::runtime()?;
    let figures = runtime.block_on(measure(arguments, &program))?;
    let goals = goals::all(&figures);
    if arguments.sitting.markdown {
        println!("{}", table::markdown(&figures, &goals));
    } else {
        println!("{}", table::plain(&figures, &goals));
    }
    Ok(())
}

async fn measure(arguments: &Arguments, program: &Path) -> anyhow::Result<Figures> {
    let folder = arguments.sitting.folder()?;
    let turns = Turns::begin(arguments, program, folder.path()).await?;
    let figures = turns.run(arguments).await?;
    turns.end()?;
    Ok(figures)
}

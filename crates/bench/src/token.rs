//! `cargo xtask bench token`: what a token costs.
//!
//! For each number of accounts:
//!
//! 1. A seed is written, whose accounts share a few key pairs; assertions are signed for them.
//! 2. Carnet sows the seed into a SQLite file and is started anew on it, on core 0.
//! 3. It is asked once for each kind of answer. The bare server gets these answers as its own, and is
//!    started on core 0 too.
//! 4. For each row the one and the other are asked in turns from core 1, so that what else goes on in
//!    the machine meets both. Whoever is not asked does nothing.
//! 5. The best turn of each counts: noise only ever adds.

mod accounts;
mod goals;
mod markdown;
mod measure;
mod row;
mod table;
mod turns;

use anyhow::Context as _;
use clap::Args;

use self::accounts::Accounts;
use self::measure::Figures;
use self::row::Row;
use self::turns::Turns;
use crate::servers::Carnet;
use crate::sitting::Sitting;

/// What is measured, and how long.
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {
    /// How many service accounts there are; several numbers, one after the other, show whether it matters.
    #[arg(
        long,
        value_name = "N,…",
        default_value = "1000",
        value_delimiter = ','
    )]
    accounts: Vec<usize>,
    /// Only the rows: neither memory nor start nor a single connection.
    #[arg(long)]
    brief: bool,
    #[command(flatten)]
    sitting: Sitting,
}

impl Arguments {
    fn rows(&self) -> Vec<Row> {
        let wanted = |row: &Row| self.sitting.wants(row.name());
        Row::ALL.into_iter().filter(wanted).collect()
    }
}

/// Measures and prints.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let program = arguments.sitting.carnet()?;
    let runtime = Sitting::runtime()?;
    let mut all = Vec::new();
    for accounts in &arguments.accounts {
        let figures = runtime.block_on(one(arguments, &program, *accounts));
        let figures = figures.with_context(|| format!("with {accounts} accounts"))?;
        if arguments.sitting.markdown {
            println!("{}", markdown::rows(&figures));
        } else {
            println!("{}", table::rows(&figures));
        }
        all.push(figures);
    }
    if arguments.sitting.markdown {
        println!("{}", markdown::rest(&all));
    } else {
        println!("{}", table::rest(&all));
    }
    Ok(())
}

/// Everything with so many accounts.
async fn one(
    arguments: &Arguments,
    program: &std::path::Path,
    count: usize,
) -> anyhow::Result<Figures> {
    let folder = arguments.sitting.folder()?;
    eprintln!("bench: {count} accounts: signing assertions");
    let accounts = Accounts::new(count)?;
    eprintln!("bench: {count} accounts: sowing");
    let mut carnet = Carnet::sow(program, folder.path(), &accounts.seed()?).await?;
    let starts = if arguments.brief {
        Vec::new()
    } else {
        carnet.starts(10).await?
    };
    let turns = Turns::begin(carnet, &accounts, folder.path()).await?;
    let figures = turns.run(arguments, starts).await?;
    turns.end()?;
    Ok(figures)
}

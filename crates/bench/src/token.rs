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

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use self::accounts::Accounts;
use self::measure::Figures;
use self::row::Row;
use self::turns::Turns;
use crate::process;
use crate::servers::Carnet;

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
    /// How many connections are kept open.
    #[arg(long, value_name = "N", default_value_t = 16)]
    connections: usize,
    /// How often each row is measured on each server.
    #[arg(long, value_name = "N", default_value_t = 5)]
    rounds: usize,
    /// How long each measurement takes.
    #[arg(long, value_name = "SECONDS", default_value_t = 2.0)]
    seconds: f64,
    /// Only these rows, by the beginning of their names.
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    rows: Vec<String>,
    /// Only the rows: neither memory nor start nor a single connection.
    #[arg(long)]
    brief: bool,
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
    fn rows(&self) -> Vec<Row> {
        let wanted = |row: &Row| {
            let named = |name: &String| row.name().starts_with(name.as_str());
            self.rows.is_empty() || self.rows.iter().any(named)
        };
        Row::ALL.into_iter().filter(wanted).collect()
    }

    /// The server beside this program, where no other is named.
    fn carnet(&self) -> anyhow::Result<PathBuf> {
        if let Some(named) = &self.carnet {
            return Ok(named.clone());
        }
        let own = std::env::current_exe()?;
        Ok(own.with_file_name("carnet"))
    }
}

/// Measures and prints.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    process::pin_here(process::ASKING)?;
    let program = arguments.carnet()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut all = Vec::new();
    for accounts in &arguments.accounts {
        let figures = runtime.block_on(one(arguments, &program, *accounts));
        let figures = figures.with_context(|| format!("with {accounts} accounts"))?;
        if arguments.markdown {
            println!("{}", markdown::rows(&figures));
        } else {
            println!("{}", table::rows(&figures));
        }
        all.push(figures);
    }
    if arguments.markdown {
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
    let mut folder = tempfile::tempdir()?;
    if arguments.keep {
        folder.disable_cleanup(true);
        eprintln!("bench: data and logs stay in {}", folder.path().display());
    }
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

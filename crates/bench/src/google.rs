//! `cargo xtask bench google`: tokens for other tokens, as programs on Google's platform ask for them.
//!
//! For each number of providers and bindings:
//!
//! 1. A seed with pools, providers and bound accounts is sown into a SQLite file, and Carnet started on it, on core 0.
//! 2. Two bare servers get Carnet's answers as their own: one verifies and signs, the other only signs.
//! 3. For each row the one and the other are asked in turns from core 1; the best turn of each counts.
//!
//! The metadata server is a program of its own, measured once beside a server that gives bytes which were made before.

mod row;
mod seed;
mod table;
mod turns;

use std::path::Path;

use anyhow::Context as _;
use clap::Args;

use self::row::Row;
use self::seed::Field;
use self::table::Figures;
use self::turns::Turns;
use crate::servers::Carnet;
use crate::sitting::Sitting;

/// What is measured, and how long.
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {
    /// How many providers there are; several numbers, one after the other, show whether it matters. Each has ten members
    /// bound.
    #[arg(
        long,
        value_name = "N,…",
        default_value = "10,10000",
        value_delimiter = ','
    )]
    providers: Vec<usize>,
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
    for count in &arguments.providers {
        let figures = runtime.block_on(one(arguments, &program, *count));
        all.push(figures.with_context(|| format!("with {count} providers"))?);
    }
    println!("{}", table::all(&all, arguments.sitting.markdown));
    Ok(())
}

/// Everything with so many providers.
async fn one(arguments: &Arguments, program: &Path, count: usize) -> anyhow::Result<Figures> {
    let folder = arguments.sitting.folder()?;
    eprintln!("bench: {count} providers: sowing");
    let field = Field::new(count)?;
    let carnet = Carnet::sow(program, folder.path(), &field.seed()).await?;
    let turns = Turns::begin(&carnet, &field, program, folder.path()).await?;
    let figures = turns.run(arguments).await?;
    turns.end()?;
    Ok(figures)
}

//! `carnet audit tail`: the latest entries, and then each new one as it comes.
//!
//! 1. Entries are numbered without a gap. The newest are asked for, back to the last number that was
//!    printed, and printed oldest first.
//! 2. A server that is away for a moment is asked again. A token that ended is replaced once.
//! 3. Ctrl-C ends it with 130.

use std::time::Duration;

use clap::Args;
use serde_json::Value;

use super::{COLUMNS, Filter};
use crate::clock;
use crate::duration::Span;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Output, printable};
use crate::work::Work;

/// How long it waits before it asks again.
const PAUSE: Duration = Duration::from_secs(2);

/// Entries of a page.
const PAGE: usize = 100;

/// The most entries that are printed of one look, so that a flood does not fill the memory.
const MOST: usize = 10_000;

/// What is followed.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    filter: Filter,
    /// Begin with the entries of this span, like 1h, instead of the latest ten.
    #[arg(long, value_name = "SPAN")]
    since: Option<Span>,
    /// Print what there is, and do not wait for more.
    #[arg(long)]
    no_follow: bool,
}

/// How far back the first look goes.
const FIRST: usize = 10;

/// Follows until Ctrl-C.
pub(super) async fn run(arguments: &Arguments, work: Work<'_>) -> Result<Exit, Failure> {
    tokio::select! {
        ended = follow(arguments, work) => ended,
        _ = tokio::signal::ctrl_c() => Ok(Exit::Stopped),
    }
}

async fn follow(arguments: &Arguments, mut work: Work<'_>) -> Result<Exit, Failure> {
    let (global, output) = (work.global, work.output);
    let from = match arguments.since {
        Some(span) => Start::Moment(moment(clock::now().0.saturating_sub(span.0))),
        None => Start::Latest,
    };
    let mut last = show(look(&work, &arguments.filter, &from).await?, output)?.unwrap_or(0);
    let mut renewed = false;
    if arguments.no_follow {
        return Ok(Exit::Success);
    }
    loop {
        tokio::time::sleep(PAUSE).await;
        match look(&work, &arguments.filter, &Start::After(last)).await {
            Ok(entries) => {
                last = show(entries, output)?.unwrap_or(last);
                renewed = false;
            }
            Err(failure) if failure.exit() == Exit::NotReachable => {
                output.note("no answer; asking again");
            }
            Err(failure) if failure.exit() == Exit::SignIn && !renewed => {
                work = Work::begin(global, output, COLUMNS)?;
                renewed = true;
            }
            Err(failure) => return Err(failure),
        }
    }
}

/// Where a look begins.
enum Start {
    /// With the latest few.
    Latest,
    /// With the first of this moment (RFC 3339 in UTC, which sorts as text).
    Moment(String),
    /// Behind the entry of this number.
    After(i64),
}

impl Start {
    /// Whether this entry lies before it.
    fn is_behind(&self, entry: &Value) -> bool {
        match self {
            Self::Latest => false,
            Self::Moment(from) => {
                let at = entry.get("at").and_then(Value::as_str);
                at.is_some_and(|at| at < from.as_str())
            }
            Self::After(last) => sequence(entry) <= *last,
        }
    }
}

/// The entries from there on, newest first.
async fn look(work: &Work<'_>, filter: &Filter, from: &Start) -> Result<Vec<Value>, Failure> {
    let (size, most) = match from {
        Start::Latest => (FIRST, FIRST),
        _ => (PAGE, MOST),
    };
    let request = filter.request();
    let mut entries: Vec<Value> = Vec::new();
    let mut next: Option<String> = None;
    loop {
        let (page, then) = work.admin.page(&request, next.as_deref(), size).await?;
        for entry in page {
            if from.is_behind(&entry) {
                return Ok(entries);
            }
            entries.push(entry);
        }
        if entries.len() >= most || then.is_none() {
            return Ok(entries);
        }
        next = then;
    }
}

/// Prints them, oldest first; the number of the last.
fn show(entries: Vec<Value>, output: &Output) -> Result<Option<i64>, Failure> {
    let last = entries.first().map(sequence);
    for entry in entries.into_iter().rev() {
        if output.is_for_people() {
            let part = |name: &str| entry.get(name).and_then(Value::as_str).map(printable);
            let at = part("at").unwrap_or_default();
            let sentence = part("sentence").unwrap_or_default();
            output.text(&format!("{at}  {sentence}"))?;
        } else {
            output.line(&entry)?;
        }
    }
    Ok(last)
}

fn sequence(entry: &Value) -> i64 {
    let number = entry.get("sequence").and_then(Value::as_i64);
    number.unwrap_or_default()
}

/// As entries write it.
fn moment(seconds: i64) -> String {
    carnet_core::value::UnixTime(seconds).rfc3339()
}

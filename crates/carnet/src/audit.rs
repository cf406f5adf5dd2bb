//! `carnet audit`: what happened, and whether the log of it is whole.

mod export;
mod tail;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::admin::{Request, path};
use crate::checklist::{self, Check};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::{Column, Output};
use crate::work::Work;

/// What can be done with the audit log.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List entries, newest first.
    #[command(
        after_help = "Example:\n  carnet audit list --action service_account.disable -o jsonl"
    )]
    List {
        #[command(flatten)]
        filter: Filter,
        /// Show at most so many.
        #[arg(long, value_name = "NUMBER", default_value_t = 100)]
        limit: usize,
    },
    /// Print the latest entries and then every new one, a sentence each, until Ctrl-C (ends with 130).
    #[command(
        after_help = "Examples:\n  carnet audit tail --since 1h\n  carnet audit tail --action token.refuse -o jsonl"
    )]
    Tail(tail::Arguments),
    /// Print every entry as a line of JSON, oldest first.
    #[command(after_help = "Example:\n  carnet audit export > audit.jsonl")]
    Export(Filter),
    /// Walk the chain of the log and tell whether it holds. Ends with 8 where it does not.
    Verify,
}

/// Which entries.
#[expect(clippy::doc_markdown, reason = "it is what --help prints")]
#[derive(Args, Clone, Debug)]
pub(crate) struct Filter {
    /// Only by this actor, as entries write it: serviceAccount:NUMBER.
    #[arg(long, value_name = "ACTOR")]
    actor: Option<String>,
    /// Only this action: service_account.disable.
    #[arg(long, value_name = "ACTION")]
    action: Option<String>,
    /// Only about this thing.
    #[arg(long, value_name = "ID")]
    target: Option<String>,
}

impl Filter {
    /// The list of these entries, newest first.
    fn request(&self) -> Request {
        Request::get(path(&["audit"]))
            .maybe("actor", self.actor.as_deref())
            .maybe("action", self.action.as_deref())
            .maybe("target", self.target.as_deref())
    }
}

const COLUMNS: &[Column] = &[
    Column::at("SEQUENCE", "/sequence"),
    Column::moment("AT", "/at"),
    Column::at("OUTCOME", "/outcome"),
    Column::at("CODE", "/code"),
    Column::at("SENTENCE", "/sentence"),
    Column::at("ADDRESS", "/address").wide(),
    Column::at("TRACE", "/trace_id").wide(),
];

/// Does it.
pub(crate) async fn run(verb: Verb, global: &Global, output: &Output) -> Result<Exit, Failure> {
    let work = Work::begin(global, output, COLUMNS)?;
    match verb {
        Verb::List { filter, limit } => work.list(filter.request(), limit).await,
        Verb::Tail(arguments) => tail::run(&arguments, work).await,
        Verb::Export(filter) => export::run(&filter, &work).await,
        Verb::Verify => verify(&work).await,
    }
}

/// Walks step by step, since a log has no bound.
async fn verify(work: &Work<'_>) -> Result<Exit, Failure> {
    let mut next: Option<String> = None;
    let mut count = 0;
    loop {
        // The colon is the API's verb, and not part of a name.
        let request = Request::get("audit:verify".to_owned()).maybe("page_token", next.as_deref());
        let answer = work.admin.send(request).await?;
        count = answer.get("count").and_then(Value::as_i64).unwrap_or(count);
        if let Some(broken) = answer.get("broken").and_then(Value::as_i64) {
            let found = format!("entry {broken} does not follow the one before it");
            let check = Check::fail("chain", found)
                .why("an entry was altered, dropped or put in, or the database is damaged");
            return checklist::report(&[check], work.output);
        }
        next = answer
            .get("next_page_token")
            .and_then(Value::as_str)
            .map(str::to_owned);
        if next.is_none() {
            let head = answer.get("head").cloned().unwrap_or_else(|| json!(""));
            let head = head.as_str().unwrap_or_default();
            let found = format!("{count} entries hold; the last hash is {head}");
            return checklist::report(&[Check::pass("chain", found)], work.output);
        }
    }
}

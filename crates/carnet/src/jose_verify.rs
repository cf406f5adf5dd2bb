//! `carnet jose-verify --jsonl`: reads `{"id","kind","jwk","token"}` a line, and says of each whether
//! it is valid, by the same code that judges tokens in the server and in the `resource` library.

use std::io;
use std::io::BufRead as _;
use std::io::Write as _;
use std::process::ExitCode;

use carnet_jose::vectors;
use carnet_jose::vectors::Judgement;
use clap::Args;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;

/// The longest line that is read, in bytes.
const LONGEST_LINE: usize = 1024 * 1024;

/// What to judge.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Read one JSON object a line from standard input, write one a line to standard output.
    #[arg(long, required = true)]
    jsonl: bool,
}

#[derive(Deserialize)]
struct Question {
    id: Value,
    kind: String,
    jwk: Value,
    token: String,
}

/// Judges until the input ends. A line that is no question is answered `{"error":…}`.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    debug_assert!(arguments.jsonl, "clap asks for it");
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        writeln!(output, "{}", answer(&line))?;
        output.flush()?;
    }
    Ok(ExitCode::SUCCESS)
}

fn answer(line: &str) -> Value {
    if line.len() > LONGEST_LINE {
        return json!({"error": "the line is too long"});
    }
    let Ok(question) = serde_json::from_str::<Question>(line) else {
        return json!({"error": "not an object with id, kind, jwk and token"});
    };
    match vectors::judge(&question.kind, &question.jwk, &question.token) {
        Judgement::Valid => json!({"id": question.id, "valid": true}),
        Judgement::Invalid => json!({"id": question.id, "valid": false}),
        Judgement::Unsupported => json!({"id": question.id, "unsupported": true}),
    }
}

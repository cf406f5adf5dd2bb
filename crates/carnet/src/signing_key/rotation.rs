//! `carnet key rotate` and `carnet key timeline`: a rotation step by step.
//!
//! The server keeps to the rule: a key is published before it signs, for as long as verifiers may keep an
//! older key set, and stays published past the longest token that it signed. This file only finds the
//! step that is next:
//!
//! 1. Where no key of the usage waits, a new one is made: it is published at once.
//! 2. Where one waits and everybody can have fetched it, it is made to sign; the old one retires.
//! 3. Where one waits and it is too early, that is said, with the moment, and nothing is done.
//!
//! So the command may be repeated, by a person or by cron, as often as one likes. `--now` does 1 and 2 at
//! once.

use carnet_core::value::UnixTime;
use serde_json::{Value, json};

use super::COLUMNS;
use crate::admin::{Request, path};
use crate::clock;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::members::Members;
use crate::output::Column;
use crate::prompt;
use crate::work::Work;

const EVENTS: &[Column] = &[
    Column::at("WHEN", "/at"),
    Column::moment("", "/at"),
    Column::at("USAGE", "/usage"),
    Column::at("KEY", "/key"),
    Column::at("WHAT", "/what"),
];

/// The next step of a rotation.
pub(super) async fn step(usage: &str, hurry: bool, work: &Work<'_>) -> Result<Exit, Failure> {
    if hurry {
        let effect = format!(
            "A new {usage} key signs at once. Verifiers that keep an older key set may refuse tokens."
        );
        prompt::confirm(&effect, usage, work.global)?;
    }
    let keys = keys(work).await?;
    let waiting = keys
        .iter()
        .find(|key| text(key, "/usage") == usage && text(key, "/state/state") == "published");
    match waiting {
        None => publish(usage, hurry, work).await,
        Some(key) if hurry || clock::now().0 >= ready(key) => sign(key, hurry, work).await,
        Some(key) => {
            if !work.output.is_for_people() {
                work.output.one(key, COLUMNS)?;
            }
            work.output.note(format!(
                "Key {} is published. It can sign from {} on: repeat the command then.",
                short(key),
                text(key, "/state/ready"),
            ));
            Ok(Exit::Success)
        }
    }
}

async fn publish(usage: &str, hurry: bool, work: &Work<'_>) -> Result<Exit, Failure> {
    let body = Members::default().with("usage", usage);
    let request = Request::post(path(&["signing-keys"])).json(body.into());
    let Some(made) = work.admin.change(request).await? else {
        return Ok(Exit::Success);
    };
    if hurry {
        return sign(&made, true, work).await;
    }
    if !work.output.is_for_people() {
        work.output.one(&made, COLUMNS)?;
    }
    work.output.note(format!(
        "ok Key {} is published. It can sign from {} on: repeat the command then.",
        short(&made),
        text(&made, "/state/ready"),
    ));
    Ok(Exit::Success)
}

async fn sign(key: &Value, hurry: bool, work: &Work<'_>) -> Result<Exit, Failure> {
    let one = path(&["signing-keys", text(key, "/id")]);
    let body = Members::default().with("hurry", hurry);
    let request = Request::post(format!("{one}:activate")).json(body.into());
    let changed = work.admin.change(request).await?;
    work.said(
        changed,
        "signing; the key before it verifies until the last token it signed has expired",
    )
}

/// Everything that happened to the keys and that is to come, the earliest first.
pub(super) async fn timeline(work: &Work<'_>) -> Result<Exit, Failure> {
    let mut events: Vec<Value> = keys(work).await?.iter().flat_map(events).collect();
    // Moments in RFC 3339 and UTC are in order when their texts are.
    events.sort_by(|one, other| text(one, "/at").cmp(text(other, "/at")));
    work.output.list(&events, EVENTS)?;
    Ok(Exit::Success)
}

fn events(key: &Value) -> Vec<Value> {
    let mut all = vec![("/created", "published")];
    match text(key, "/state/state") {
        "published" => all.push(("/state/ready", "may sign")),
        "active" => all.push(("/state/since", "signs")),
        _ => {
            all.push(("/state/since", "retired, verifies on"));
            all.push(("/state/until", "forgotten"));
        }
    }
    all.into_iter()
        .map(|(moment, what)| {
            json!({
                "at": text(key, moment), "usage": text(key, "/usage"), "key": text(key, "/id"),
                "what": what,
            })
        })
        .collect()
}

async fn keys(work: &Work<'_>) -> Result<Vec<Value>, Failure> {
    let answer = work.admin.get(path(&["signing-keys"])).await?;
    let items = answer.get("items").and_then(Value::as_array);
    Ok(items.cloned().unwrap_or_default())
}

fn ready(key: &Value) -> i64 {
    UnixTime::from_rfc3339(text(key, "/state/ready")).map_or(i64::MAX, |moment| moment.0)
}

fn short(key: &Value) -> &str {
    let id = text(key, "/id");
    id.get(..10).unwrap_or(id)
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

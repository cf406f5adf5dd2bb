//! `carnet sa key roll`: a new key takes the place of an old one, and nothing stops in between.
//!
//! 1. The new key is made, and its file written. From now on both work.
//! 2. The old key is given an end: the overlap, counted from the moment at which the server made the new
//!    one. A key that ends sooner anyway is left as it is.

use std::path::PathBuf;

use carnet_core::value::{Seconds, UnixTime};
use clap::Args;
use serde_json::{Value, json};

use super::super::{account_path, key_file};
use super::{Named, Wanted, find, made};
use crate::admin::Request;
use crate::duration::{Span, from_now};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::work::Work;

/// How long two keys may overlap: 90 days. Longer is no roll but a second key.
const LONGEST: i64 = 90 * 86_400;

/// A key to be replaced.
#[derive(Args, Debug)]
pub(crate) struct Roll {
    #[command(flatten)]
    named: Named,
    /// Where the new file is written.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// How long the old key works on: 1m to 90d.
    #[arg(long, value_name = "SPAN", default_value = "24h")]
    overlap: Span,
    /// Disable the old key as soon as the new one is written, without any overlap.
    #[arg(long, conflicts_with = "overlap")]
    disable_old: bool,
    #[command(flatten)]
    wanted: Wanted,
}

/// Does it.
pub(super) async fn run(asked: &Roll, work: &Work<'_>) -> Result<Exit, Failure> {
    let Named { name, key_id: key } = &asked.named;
    if !(60..=LONGEST).contains(&asked.overlap.0) {
        return Err(Failure::usage("the overlap is 1m to 90d")
            .fix("to stop the old key at once: --disable-old"));
    }
    key_file::is_free(&asked.out)?;
    let (old, id) = find(name, key, &work.admin).await?;
    let account = account_path(name, &work.admin)?;
    let Some(new) = made(&account, &asked.out, &asked.wanted, work).await? else {
        return Ok(Exit::Success);
    };
    let short = id.get(..10).unwrap_or(&id);
    let (end, last_used) = stop(asked, (&old, &new), work).await.map_err(|failure| {
        let out = asked.out.display();
        failure.also(format!(
            "the new key is written to {out}; the old key {short} works on"
        ))
    })?;
    let fresh = text(&new, "/id");
    work.output.note(format!(
        "ok New key {} written to {}. Old key {short} {end} ({last_used}).",
        fresh.get(..10).unwrap_or(fresh),
        asked.out.display(),
    ));
    Ok(Exit::Success)
}

/// Gives the old key its end: says which, and when the key was last used.
async fn stop(
    asked: &Roll,
    (old, new): (&str, &Value),
    work: &Work<'_>,
) -> Result<(String, String), Failure> {
    let now = UnixTime::from_rfc3339(text(new, "/created"));
    let now = now.unwrap_or_else(crate::clock::now);
    let before = work.admin.get(old.to_owned()).await?;
    let used = last_used(&before, now);
    if asked.disable_old {
        work.admin
            .change(Request::post(format!("{old}:disable")))
            .await?;
        return Ok(("is disabled".to_owned(), used));
    }
    let end = now + Seconds(asked.overlap.0);
    match UnixTime::from_rfc3339(text(&before, "/expires")) {
        Some(expires) if expires <= now => Ok((format!("expired at {}", said(expires)), used)),
        Some(expires) if expires <= end => Ok((format!("stops at {}", said(expires)), used)),
        _ => {
            let body = json!({"expires": end.rfc3339()});
            work.admin.patch(old.to_owned(), body).await?;
            Ok((format!("stops at {}", said(end)), used))
        }
    }
}

fn last_used(key: &Value, now: UnixTime) -> String {
    match UnixTime::from_rfc3339(text(key, "/last_used/at")) {
        None => "never used".to_owned(),
        Some(at) => format!(
            "used {} from {}",
            from_now(at.0, now.0),
            text(key, "/last_used/address")
        ),
    }
}

/// A moment for people: `2026-04-03 09:12 UTC`.
fn said(moment: UnixTime) -> String {
    let text = moment.rfc3339();
    let minute = text.get(..16).unwrap_or(&text);
    format!("{} UTC", minute.replace('T', " "))
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

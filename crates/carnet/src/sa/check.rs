//! `carnet sa check`: whether a service account works, from what the server knows of it.
//!
//! 1. The account and its project must be in order.
//! 2. It must have a key that works; keys that end soon or lie idle are told.
//! 3. For a user, a delegation must be in force that covers the user and each scope.

use carnet_core::value::UnixTime;
use clap::Args;
use serde_json::Value;

use super::{account_path, key};
use crate::admin::{Admin, MOST, Request, path};
use crate::checklist::{self, Check};
use crate::clock;
use crate::delegation::cover;
use crate::duration;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::nearest::nearest;
use crate::output::Output;

/// What to check.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Name, e-mail or number of the account.
    name: String,
    /// Check whether it may act for this user.
    #[arg(long, value_name = "EMAIL")]
    as_user: Option<String>,
    /// A scope that it wants; several with commas between, or by repeating this.
    #[arg(long, value_name = "SCOPE", value_delimiter = ',')]
    scope: Vec<String>,
}

/// A key is told of when it ends within this time.
const SOON: i64 = 14 * 86_400;

/// A key is told of when it was not used for this time.
const IDLE: i64 = 90 * 86_400;

/// Checks.
pub(super) async fn run(
    arguments: Arguments,
    admin: &Admin,
    output: &Output,
) -> Result<Exit, Failure> {
    let now = clock::now();
    let of = account_path(&arguments.name, admin)?;
    let account = admin.get(of.clone()).await?;
    let id = text(&account, "/project");
    let project = admin.get(path(&["projects", id])).await?;
    let mut checks = vec![
        standing(&account, &arguments.name),
        project_standing(&project),
    ];
    let keys = key::keys(&of, admin).await?;
    checks.extend(keys_in_order(&keys, &arguments.name, now));
    if !arguments.scope.is_empty() {
        checks.extend(known(&arguments.scope, id, admin).await?);
    }
    if let Some(user) = &arguments.as_user {
        checks.extend(cover::checks(&account, user, &arguments.scope, admin).await?);
    }
    checklist::report(&checks, output)
}

fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn standing(account: &Value, name: &str) -> Check {
    let about = "account";
    let since = text(account, "/state/since");
    match text(account, "/state/state") {
        "active" => Check::pass(
            about,
            format!("active, project {}", text(account, "/project")),
        ),
        "disabled" => {
            let reason = text(account, "/state/reason");
            let check = Check::fail(about, format!("disabled since {since}"))
                .fix(format!("carnet sa enable {name}"));
            if reason.is_empty() {
                check
            } else {
                check.why(reason)
            }
        }
        state => Check::fail(about, format!("{state} since {since}")).fix(format!(
            "carnet sa undelete {}",
            text(account, "/unique_id")
        )),
    }
}

fn project_standing(project: &Value) -> Check {
    match text(project, "/state/state") {
        "active" => Check::pass("project", format!("active, {}", text(project, "/audience"))),
        state => Check::fail(
            "project",
            format!("{state} since {}", text(project, "/state/since")),
        )
        .fix(format!("carnet project restore {}", text(project, "/id"))),
    }
}

fn keys_in_order(keys: &[Value], name: &str, now: UnixTime) -> Vec<Check> {
    let mut checks: Vec<Check> = keys.iter().map(|key| one_key(key, name, now)).collect();
    let good = keys.iter().any(|key| works(key, now));
    if !good {
        checks.push(
            Check::fail("keys", "no key works, so it gets no token")
                .fix(format!("carnet sa key create {name} --out key.json")),
        );
    }
    checks
}

fn works(key: &Value, now: UnixTime) -> bool {
    let ended = UnixTime::from_rfc3339(text(key, "/expires")).is_some_and(|end| end <= now);
    text(key, "/state/state") == "active" && !ended
}

fn one_key(key: &Value, name: &str, now: UnixTime) -> Check {
    let id = text(key, "/id");
    let short = id.get(..10).unwrap_or(id);
    let about = format!("key {short}");
    let roll = format!("carnet sa key roll {name} {short} --out key.json");
    if text(key, "/state/state") != "active" {
        return Check::warn(&about, format!("disabled ({})", text(key, "/state/reason")))
            .fix(format!("carnet sa key delete {name} {short}"));
    }
    let ends = UnixTime::from_rfc3339(text(key, "/expires"));
    let used = UnixTime::from_rfc3339(text(key, "/last_used/at"));
    let made = UnixTime::from_rfc3339(text(key, "/created")).unwrap_or(now);
    match (ends, used) {
        (Some(end), _) if end <= now => Check::warn(
            &about,
            format!("expired {}", duration::from_now(end.0, now.0)),
        )
        .fix(roll),
        (Some(end), _) if end.0 - now.0 < SOON => Check::warn(
            &about,
            format!("expires {}", duration::from_now(end.0, now.0)),
        )
        .fix(roll),
        (_, Some(used)) if now.0 - used.0 > IDLE => Check::warn(
            &about,
            format!("last used {}", duration::from_now(used.0, now.0)),
        )
        .fix(format!("carnet sa key disable {name} {short}")),
        (_, Some(used)) => {
            let from = text(key, "/last_used/address");
            Check::pass(
                &about,
                format!("used {} from {from}", duration::from_now(used.0, now.0)),
            )
        }
        (_, None) if now.0 - made.0 > IDLE => {
            Check::warn(&about, "never used").fix(format!("carnet sa key disable {name} {short}"))
        }
        (_, None) => Check::pass(&about, "active, not used yet"),
    }
}

/// Each scope is one that the server makes known, or one of the account's own project.
async fn known(scopes: &[String], project: &str, admin: &Admin) -> Result<Vec<Check>, Failure> {
    let mut names = admin.public_scopes().await?;
    let apis = path(&["projects", project, "apis"]);
    for api in admin.list(Request::get(apis), MOST).await? {
        let of = api.get("scopes").and_then(Value::as_array);
        let of = of
            .into_iter()
            .flatten()
            .filter_map(|scope| scope.get("name")?.as_str());
        names.extend(of.map(str::to_owned));
    }
    let checks = scopes.iter().map(|scope| {
        if names.contains(scope) {
            return Check::pass("scope", format!("{scope} exists"));
        }
        let check = Check::fail("scope", format!("{scope} is not a scope that you can see"));
        match nearest(scope, names.iter().map(String::as_str)) {
            Some(near) => check.fix(format!("did you mean {near}?")),
            None => check.fix("carnet api list"),
        }
    });
    Ok(checks.collect())
}

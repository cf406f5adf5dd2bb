//! `carnet token inspect`: what a token is, what it says, and every check that can be made of it.
//!
//! Of an assertion the server's own checks are made, all of them, where the server would stop at the
//! first that fails. With `--verify` the keys of the issuer are fetched and the signature is checked.

use std::fmt::Write as _;

use carnet_core::rule::assertion::{self, OwnAudiences, examine};
use carnet_core::value::UnixTime;
use carnet_jose::{Limits, Unverified};
use carnet_wire::crn::Crn;
use clap::Args;
use serde_json::{Map, Value, json};

use super::kind::Kind;
use super::{text, verify};
use crate::checklist::{self, Check};
use crate::clock;
use crate::duration;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::{Column, Output, printable};

/// What to look at.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  carnet token inspect - < token.txt\n  carnet token inspect @assertion.txt --issuer https://auth.example.com --verify"
)]
pub(super) struct Arguments {
    /// The token: - for standard input, @FILE for a file.
    token: String,
    /// Fetch the keys of the issuer and check the signature. The command ends with 8 where a check
    /// fails.
    #[arg(long)]
    verify: bool,
    /// The issuer that the token should be of or for. Unless given, the one that the token names.
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
}

/// Looks.
pub(super) async fn run(
    arguments: Arguments,
    global: &Global,
    output: &Output,
) -> Result<Exit, Failure> {
    let token = text::read(&arguments.token)?;
    let now = clock::now();
    let kind = Kind::of(&token);
    let expected = arguments.issuer.as_deref().or(global.url.as_deref());
    let expected = expected.map(|url| url.trim_end_matches('/'));
    let mut checks = match kind {
        Kind::Assertion => of_assertion(&token, expected, now),
        Kind::AccessToken | Kind::IdToken | Kind::SelfSigned | Kind::Jwt => {
            of_token(&token, expected, now)
        }
        Kind::Damaged(_) => vec![
            Check::fail("checksum", "the last six characters do not fit the rest")
                .why("the token was cut off or mistyped")
                .fix("copy it again"),
        ],
        Kind::Opaque(_) => vec![Check::pass(
            "checksum",
            "fits; what it says only the server can read",
        )],
        Kind::Google | Kind::Unknown => Vec::new(),
    };
    if arguments.verify {
        checks.push(verify::signature(&token, kind, (expected, issuer(&token)), global).await?);
    }
    show(&token, kind, &checks, output)?;
    Ok(if arguments.verify {
        checklist::ending(&checks)
    } else {
        Exit::Success
    })
}

const COLUMNS: &[Column] = &[
    Column::at("KIND", "/kind"),
    Column::at("ISS", "/claims/iss"),
    Column::at("SUB", "/claims/sub"),
    Column::at("SCOPE", "/claims/scope"),
    Column::at("AUD", "/claims/aud"),
    Column::at("EXP", "/claims/exp"),
];

fn show(token: &str, kind: Kind, checks: &[Check], output: &Output) -> Result<(), Failure> {
    let parts = apart(token);
    if !output.is_for_people() {
        let (header, claims) = parts.unwrap_or_default();
        let told = json!({
            "kind": kind.words(),
            "header": header,
            "claims": claims,
            "checks": checks,
        });
        return output.one(&told, COLUMNS);
    }
    let mut text = String::new();
    match &parts {
        Some((header, claims)) => {
            let name = |member: &str| header.get(member).map(value).unwrap_or_default();
            let _ = writeln!(
                text,
                "{}, {}, key {}",
                kind.words(),
                name("alg"),
                or_none(&name("kid"))
            );
            for (member, said) in claims {
                let _ = writeln!(text, "{member:16} {}", claim(member, said, clock::now()));
            }
        }
        None => {
            let _ = writeln!(text, "{}", kind.words());
        }
    }
    if matches!(kind, Kind::Opaque(_)) {
        text.push_str("Only the server can read it: carnet token introspect -\n");
    }
    text.push_str(&checklist::lines(checks, output.colour()));
    output.text(&text)
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "none" } else { text }
}

/// The header and the claims, if it can be taken apart.
fn apart(token: &str) -> Option<(Map<String, Value>, Map<String, Value>)> {
    let unverified = Unverified::parse(token, Limits::LENIENT).ok()?;
    let header = unverified.header();
    let mut shown = Map::new();
    shown.insert("alg".to_owned(), json!(header.algorithm.to_string()));
    for (name, value) in [("typ", &header.typ), ("kid", &header.key_id)] {
        if let Some(value) = value {
            shown.insert(name.to_owned(), json!(value));
        }
    }
    let claims = serde_json::from_slice(unverified.claims_unverified_for_lookup()).ok()?;
    Some((shown, claims))
}

/// Who says that they issued it.
pub(super) fn issuer(token: &str) -> Option<String> {
    let (_, claims) = apart(token)?;
    let issuer = claims.get("iss")?.as_str()?;
    issuer
        .starts_with("http")
        .then(|| issuer.trim_end_matches('/').to_owned())
}

/// A claim as people read it.
fn claim(member: &str, said: &Value, now: UnixTime) -> String {
    match (member, said.as_i64()) {
        ("exp" | "iat" | "nbf" | "auth_time", Some(seconds)) if seconds.abs() < 100_000_000_000 => {
            format!(
                "{seconds}  ({}, {})",
                UnixTime(seconds),
                duration::from_now(seconds, now.0)
            )
        }
        _ => value(said),
    }
}

fn value(said: &Value) -> String {
    match said {
        Value::String(text) => printable(text),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            items.iter().map(value).collect::<Vec<_>>().join(" ")
        }
        other => printable(&other.to_string()),
    }
}

fn of_token(token: &str, expected: Option<&str>, now: UnixTime) -> Vec<Check> {
    let Some((_, claims)) = apart(token) else {
        let fault = assertion::read(token).err();
        let found = fault.map_or_else(
            || "the claims are no JSON object".to_owned(),
            |fault| fault.detail,
        );
        return vec![Check::fail("form", found)];
    };
    let mut checks = vec![Check::pass("form", "header.payload.signature")];
    let seconds = |name| claims.get(name).and_then(Value::as_i64);
    checks.push(match seconds("exp") {
        None => Check::warn("exp", "missing: it never ends"),
        Some(exp) if exp <= now.0 => {
            Check::fail("exp", format!("ended {}", duration::from_now(exp, now.0)))
                .fix("get a new one")
        }
        Some(exp) => Check::pass("exp", format!("valid for {}", duration::words(exp - now.0))),
    });
    if let Some(iat) = seconds("iat").filter(|iat| *iat > now.0 + 5) {
        let ahead = duration::words(iat - now.0);
        checks.push(
            Check::warn("iat", format!("{ahead} in the future"))
                .why("this machine's clock is behind"),
        );
    }
    let iss = claims
        .get("iss")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if let Some(expected) = expected.filter(|_| iss.starts_with("http")) {
        checks.push(if iss.trim_end_matches('/') == expected {
            Check::pass("iss", iss)
        } else {
            Check::fail("iss", format!("{iss}, and not {expected}"))
        });
    }
    checks
}

/// Every check that the server makes before it looks anything up.
fn of_assertion(token: &str, expected: Option<&str>, now: UnixTime) -> Vec<Check> {
    let unverified = match assertion::read(token) {
        Ok(unverified) => unverified,
        Err(refusal) => return vec![refused("form", refusal.crn, &refusal.detail)],
    };
    let mut checks = vec![
        Check::pass("form", "header.payload.signature"),
        Check::pass("alg", unverified.header().algorithm.to_string()),
        match &unverified.header().key_id {
            Some(kid) => Check::pass("kid", kid.clone()),
            None => Check::warn(
                "kid",
                "missing: the server has to try every key of the account",
            ),
        },
    ];
    let claims = match assertion::claims(&unverified) {
        Ok(claims) => claims,
        Err(refusal) => {
            checks.push(refused("claims", refusal.crn, &refusal.detail));
            return checks;
        }
    };
    let own = expected.map(OwnAudiences::of);
    for (about, found) in examine(&claims, own.as_ref(), now) {
        checks.push(match found {
            Ok(found) => Check::pass(about, found),
            Err(refusal) => refused(about, refusal.crn, &refusal.detail),
        });
    }
    if own.is_none() {
        let aud: Vec<_> = claims.aud.iter().collect();
        let fix = "name the server to compare with: --issuer https://auth.example.com";
        checks.push(Check::warn("aud", format!("not compared: {}", aud.join(" "))).fix(fix));
    }
    checks
}

fn refused(about: &str, crn: Crn, detail: &str) -> Check {
    let check = Check::fail(about, format!("{crn}: {detail}"));
    match crn.entry().fixes.first() {
        Some(fix) => check.fix(format!("{}   (carnet explain {crn})", fix.action)),
        None => check,
    }
}

#[cfg(test)]
mod tests;

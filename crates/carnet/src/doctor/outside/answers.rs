//! What the server answers: discovery, keys, the token endpoint, a page, its clock.

use carnet_jose::jwks::JwkSet;
use http::{HeaderMap, header};
use serde_json::Value;

use super::Target;
use crate::checklist::Check;
use crate::web::{self, Answer};

/// A clock may be off by so much before it is worth a word, in seconds.
const OFF: i64 = 5;

/// Assertions from the future are refused beyond this, in seconds.
const TOO_FAR_OFF: i64 = 60;

/// A grant that no server knows.
const GRANT: [(&str, &str); 1] = [("grant_type", "urn:carnet:doctor")];

/// How nginx and the configuration are told of each other.
const PROXY: &str = "nginx: proxy_set_header X-Forwarded-Proto $scheme;   and in carnet.toml: http.trusted_proxies = [\"10.0.0.0/8\"]";

/// Looks at what discovery said, and at everything that it names.
pub(super) async fn look(target: &Target, answer: &Answer, now: i64, checks: &mut Vec<Check>) {
    checks.push(clock(&answer.headers, now));
    let Ok(metadata) = serde_json::from_slice::<Value>(&answer.body) else {
        let status = answer.status.as_u16();
        let check = Check::fail("discovery", format!("answered {status} and no JSON"));
        checks.push(check.fix(
            "this is not the public URL of a Carnet, or the proxy does not pass /.well-known/ on",
        ));
        return;
    };
    checks.push(Check::pass("discovery", "fetched"));
    let text = |name: &str| metadata.get(name).and_then(Value::as_str);
    checks.push(issuer(target, text("issuer").unwrap_or_default()));
    checks.push(keys(target, text("jwks_uri")).await);
    checks.push(token(target, text("token_endpoint")).await);
    checks.extend(page(target).await);
}

/// The server's clock against ours, by the `Date` of its answer.
fn clock(headers: &HeaderMap, now: i64) -> Check {
    let date = headers
        .get(header::DATE)
        .and_then(|value| value.to_str().ok());
    let theirs = date.and_then(|text| jiff::fmt::rfc2822::parse(text).ok());
    let Some(theirs) = theirs else {
        return Check::warn("clock", "the answer has no Date").fix("let the proxy pass Date on");
    };
    let off = theirs.timestamp().as_second() - now;
    let found = match off {
        0 => "the server's is ours".to_owned(),
        1.. => format!("the server's is {off} s ahead of ours"),
        _ => format!("the server's is {} s behind ours", -off),
    };
    let fix = "on the machine that is wrong: sudo timedatectl set-ntp true";
    match off.abs() {
        0..=OFF => Check::pass("clock", found),
        ..=TOO_FAR_OFF => Check::warn("clock", found).fix(fix),
        _ => Check::fail("clock", found)
            .why("assertions that seem to come from the future or the past are refused (CRN-2104)")
            .fix(fix),
    }
}

/// RFC 8414 section 3.3: the issuer is the URL, character by character.
fn issuer(target: &Target, named: &str) -> Check {
    if named == target.base {
        return Check::pass("issuer", format!("{named} is the URL that was asked"));
    }
    let rest = |url: &str| url.split_once("://").map(|(_, rest)| rest.to_owned());
    let found = format!(
        "the server calls itself {named}, and was asked as {}",
        target.base
    );
    let check = Check::fail("issuer", found)
        .why("clients refuse a server that calls itself something else");
    if rest(named) == rest(&target.base) {
        return check.fix(format!(
            "the scheme differs: ask it as {named}, or correct issuer in carnet.toml"
        ));
    }
    check.fix(format!(
        "issuer = \"{}\" in carnet.toml, if that is its public URL",
        target.base
    ))
}

async fn keys(target: &Target, uri: Option<&str>) -> Check {
    let about = "jwks";
    let Some(uri) = ours(target, uri) else {
        return Check::fail(about, "discovery names no jwks_uri of this server")
            .fix("correct issuer in carnet.toml");
    };
    let Ok(answer) = web::send(target.client.get(uri), &target.base).await else {
        return Check::fail(about, format!("{uri} gives no answer"))
            .fix("let the proxy pass it on");
    };
    let read = JwkSet::parse(&answer.body).is_ok();
    let set: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let count = set
        .get("keys")
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    match count {
        0 => Check::fail(about, format!("{uri} holds no keys")).fix("carnet key list"),
        _ if !read => Check::fail(about, format!("{uri} cannot be read"))
            .fix("let the proxy pass it on as it is"),
        1 => Check::pass(about, "1 key"),
        _ => Check::pass(about, format!("{count} keys")),
    }
}

/// The token endpoint refuses what nobody grants, in our words.
async fn token(target: &Target, uri: Option<&str>) -> Check {
    let about = "token";
    let Some(uri) = ours(target, uri) else {
        return Check::fail(about, "discovery names no token_endpoint of this server")
            .fix("correct issuer in carnet.toml");
    };
    let Ok(answer) = web::send(target.client.post(uri).form(&GRANT), &target.base).await else {
        return Check::fail(about, format!("{uri} gives no answer"))
            .fix("let the proxy pass POST on");
    };
    let said: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let text = |name: &str| said.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("error") == "unsupported_grant_type" && text("error_description").contains("CRN-") {
        return Check::pass(about, "refuses an unknown grant, with its code");
    }
    let status = answer.status.as_u16();
    Check::fail(
        about,
        format!("{uri} answers {status} to an unknown grant, and not as Carnet does"),
    )
    .fix("let the proxy pass POST and its answers on as they are")
}

/// An endpoint that discovery names, if it is on the server that was asked.
fn ours<'u>(target: &Target, uri: Option<&'u str>) -> Option<&'u str> {
    let of = |url: &str| url::Url::parse(url).ok().map(|url| url.origin());
    uri.filter(|uri| of(uri).is_some_and(|origin| origin == target.url.origin()))
}

/// A page has the headers that keep a browser safe, and shows for which scheme the server takes it.
async fn page(target: &Target) -> Vec<Check> {
    let uri = format!("{}/e/CRN-2104", target.base);
    let Ok(answer) = web::send(target.client.get(uri), &target.base).await else {
        return vec![
            Check::fail("headers", "a page gives no answer").fix("let the proxy pass /e/ on"),
        ];
    };
    let needed = [
        header::CONTENT_SECURITY_POLICY,
        header::X_CONTENT_TYPE_OPTIONS,
        header::REFERRER_POLICY,
        header::X_FRAME_OPTIONS,
    ];
    let missing: Vec<_> = needed
        .iter()
        .filter(|name| !answer.headers.contains_key(*name))
        .map(http::HeaderName::as_str)
        .collect();
    let mut checks = vec![if missing.is_empty() {
        Check::pass("headers", "a page has all that keep a browser safe")
    } else {
        Check::fail(
            "headers",
            format!("a page comes without {}", missing.join(", ")),
        )
        .fix("let the proxy pass headers on as they are, nginx: no proxy_hide_header")
    }];
    if target.url.scheme() == "https" {
        // Only over TLS a page asks the browser to come so again (RFC 6797 section 7.2).
        checks.push(
            if answer
                .headers
                .contains_key(header::STRICT_TRANSPORT_SECURITY)
            {
                Check::pass("proxy", "the server knows that it is reached over https")
            } else {
                Check::fail("proxy", "the server thinks that it is reached over http")
                    .why("X-Forwarded-Proto is missing, or its sender is not trusted")
                    .fix(PROXY)
            },
        );
    }
    checks
}

#[cfg(test)]
mod tests;

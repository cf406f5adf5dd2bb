//! `carnet doctor --profile oauth21`: whether a server and each of its apps keep to OAuth 2.1 and to the security
//! best current practice (RFC 9700).
//!
//! 1. The metadata of the server (RFC 8414) is read as any client reads it.
//! 2. The apps of every project that the caller may see are read through the admin API; an app that is out of
//!    service harms nobody and is passed over.
//! 3. What a document forbids is a failure, with the section that forbids it and the command that mends it; what
//!    it advises against is a doubt. An app without fault has no line of its own.
//!
//! The server refuses most of this by itself, so what is found is what an administrator has switched on.

use std::time::Duration;

use clap::ValueEnum;
use serde_json::Value;
use url::{Host, Url};

use crate::admin::{Admin, MOST, Request, path};
use crate::checklist::Check;
use crate::failure::Failure;
use crate::global::Global;
use crate::web;

/// What a server and its apps are held against.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Profile {
    /// OAuth 2.1 and RFC 9700, the security best current practice
    Oauth21,
}

/// Looks.
pub(super) async fn look(profile: Profile, global: &Global) -> Result<Vec<Check>, Failure> {
    let Profile::Oauth21 = profile;
    let admin = Admin::connect(global)?;
    let client = web::client(Duration::from_secs(global.timeout.clamp(1, 60)))?;
    let metadata = format!("{}/.well-known/openid-configuration", admin.url());
    let answer = web::send(client.get(metadata), admin.url()).await?;
    let mut checks = of_server(&answer.json(admin.url())?);
    let projects = admin.list(Request::get(path(&["projects"])), MOST).await?;
    if projects.is_empty() {
        // "0 of 0 in order" would be taken for a yes.
        let unseen = Check::fail("apps", "these credentials see no project, and so no app");
        checks.push(unseen.fix("carnet role grant: at least viewer, for the whole installation"));
        return Ok(checks);
    }
    let mut apps = Vec::new();
    for project in projects.iter().filter_map(|project| text(project, "/id")) {
        let of = path(&["projects", project, "clients"]);
        apps.extend(admin.list(Request::get(of), MOST).await?);
    }
    checks.extend(of_apps(&apps));
    Ok(checks)
}

/// What the metadata says.
fn of_server(metadata: &Value) -> Vec<Check> {
    let listed = |name: &str| words(metadata.get(name));
    let mut checks = vec![issuer(text(metadata, "/issuer").unwrap_or_default())];
    let methods = listed("code_challenge_methods_supported");
    checks.push(if methods == ["S256"] {
        Check::pass("pkce", "S256, and nothing else")
    } else {
        let found = format!(
            "code_challenge_methods_supported is [{}]",
            methods.join(" ")
        );
        Check::fail("pkce", found).why("RFC 9700 section 2.1.1: S256, since plain protects nobody")
    });
    let kinds = listed("response_types_supported");
    let in_browser = |kind: &&str| kind.split(' ').any(|word| word == "token");
    checks.push(match kinds.iter().find(|kind| in_browser(kind)) {
        None => Check::pass("response types", kinds.join(", ")),
        Some(kind) => Check::fail("response types", format!("{kind} is offered"))
            .why("RFC 9700 section 2.1.2: tokens do not come through the browser"),
    });
    let grants = listed("grant_types_supported");
    let old = |grant: &&str| matches!(*grant, "password" | "implicit");
    checks.push(match grants.iter().find(|grant| old(grant)) {
        None => Check::pass("grants", "neither password nor implicit"),
        Some(grant) => Check::fail("grants", format!("{grant} is offered"))
            .why("RFC 9700 sections 2.1.2 and 2.4"),
    });
    let iss = metadata.get("authorization_response_iss_parameter_supported");
    checks.push(if iss == Some(&Value::Bool(true)) {
        Check::pass("mix-up", "answers name their issuer (RFC 9207)")
    } else {
        Check::fail("mix-up", "answers do not name their issuer")
            .why("RFC 9700 section 2.1: an app at several servers must know which one answered")
    });
    let algorithms = metadata.as_object().into_iter().flatten();
    let none = algorithms
        .filter(|(name, _)| name.ends_with("_alg_values_supported"))
        .find(|(_, values)| words(Some(values)).contains(&"none"));
    checks.push(match none {
        None => Check::pass("algorithms", "none is not among them"),
        Some((name, _)) => Check::fail("algorithms", format!("{name} has none"))
            .why("RFC 8725 section 3.2: what is not signed is believed by nobody"),
    });
    checks
}

/// RFC 8414 section 2; on one's own machine http is for trying things out.
fn issuer(text: &str) -> Check {
    let found = format!("the issuer is {text}");
    match Url::parse(text) {
        Ok(url) if url.scheme() == "https" => Check::pass("issuer", found),
        Ok(url) if url.scheme() == "http" && is_local(&url) => Check::warn("issuer", found)
            .why("http is for this machine alone")
            .fix("give the server a name and a certificate before others use it"),
        _ => Check::fail("issuer", found).why("OAuth 2.1 section 1.5: everything travels over TLS"),
    }
}

fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// What the apps may do.
fn of_apps(apps: &[Value]) -> Vec<Check> {
    let mut checks = Vec::new();
    let (mut looked_at, mut in_order) = (0_usize, 0_usize);
    for app in apps {
        if text(app, "/state/state") != Some("active") {
            continue;
        }
        let found = of_app(app);
        looked_at += 1;
        in_order += usize::from(!found.iter().any(Check::is_failed));
        checks.extend(found);
    }
    let found = format!("{in_order} of {looked_at} in order");
    checks.push(if in_order == looked_at {
        Check::pass("apps", found)
    } else {
        Check::fail("apps", found)
    });
    checks
}

fn of_app(app: &Value) -> Vec<Check> {
    let id = text(app, "/id").unwrap_or_default();
    let is = |pointer: &str| app.pointer(pointer) == Some(&Value::Bool(true));
    let grants = words(app.get("grants"));
    let mend = |flag: &str| format!("carnet app update {id} --{flag}");
    let mut checks = Vec::new();
    let mut fail = |found: &str, why: &str, flag: &str| {
        checks.push(Check::fail(id, found).why(why).fix(mend(flag)));
    };
    if grants.contains(&"authorization_code") && !is("/require_pkce") {
        let why = "OAuth 2.1 section 7.6 and RFC 9700 section 2.1.1: without it a stolen code works elsewhere";
        fail("need not use PKCE", why, "require-pkce true");
    }
    if is("/legacy/implicit") {
        let why = "RFC 9700 section 2.1.2: tokens are in addresses, where they leak";
        fail(
            "may use the implicit grant",
            why,
            "allow-implicit-grant false",
        );
    }
    if is("/legacy/password") {
        let why = "RFC 9700 section 2.4: people's passwords are nothing for an app";
        fail(
            "may use the password grant",
            why,
            "allow-password-grant false",
        );
    }
    if is("/legacy/embedded_user_agents") {
        let why = "RFC 8252 section 8.12: the app that shows the page can read what is typed";
        fail(
            "lets people sign in inside apps",
            why,
            "allow-embedded-user-agents false",
        );
    }
    let bound = is("/require_dpop") || is("/tls_client_certificate_bound_access_tokens");
    let public = text(app, "/authentication") == Some("none");
    if public && grants.contains(&"refresh_token") && !is("/refresh_token_rotation") && !bound {
        let why = "OAuth 2.1 section 4.3.1 and RFC 9700 section 2.2.2: the theft of one is noticed by nobody";
        let found = "has no secret, and its refresh tokens are neither replaced nor bound to a key";
        fail(found, why, "refresh-token-rotation true");
    }
    let named = words(app.get("redirect_uris"));
    let by_name = named.iter().find(|uri| uri.starts_with("http://localhost"));
    if let Some(uri) = by_name {
        checks
            .push(Check::warn(id, format!("is sent back to {uri}")).why(
                "RFC 8252 section 8.3: a name may lead elsewhere; 127.0.0.1 and [::1] do not",
            ));
    }
    checks
}

fn text<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer).and_then(Value::as_str)
}

fn words(list: Option<&Value>) -> Vec<&str> {
    let items = list.and_then(Value::as_array);
    items
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

#[cfg(test)]
mod tests;

//! The signature of a token, checked with the keys that its issuer publishes.
//!
//! Tokens of the server are checked with its JWKS, those that a service account signed with the
//! account's own. The issuer is the one that was named, or the one that the token names: then the
//! check says whose keys they were, since a token that names its own judge proves little.

use std::time::Duration;

use carnet_client::discovery;
use carnet_jose::jwks::JwkSet;
use carnet_jose::{Limits, Unverified};
use carnet_wire::crn::Crn;
use serde_json::Value;

use super::kind::Kind;
use crate::checklist::Check;
use crate::failure::Failure;
use crate::global::Global;
use crate::refused;
use crate::web;

/// Checks the signature.
pub(super) async fn signature(
    token: &str,
    kind: Kind,
    (expected, said): (Option<&str>, Option<String>),
    global: &Global,
) -> Result<Check, Failure> {
    let Ok(unverified) = Unverified::parse(token, Limits::LENIENT) else {
        let found = "it has no signature that could be checked here";
        return Ok(Check::fail("signature", found).fix("ask the server: carnet token introspect -"));
    };
    let own = expected.is_none();
    let Some(server) = expected.map(str::to_owned).or(said) else {
        return Err(Failure::usage("whose keys?")
            .why("the token names no server, and neither --issuer nor --url was given")
            .fix("carnet token inspect - --verify --issuer https://auth.example.com"));
    };
    let jwks = match kind {
        Kind::Assertion | Kind::SelfSigned => account_keys(&unverified, &server)?,
        _ => {
            let metadata = discovery::fetch(&server)
                .await
                .map_err(|error| refused::of(&error))?;
            let uri = metadata.jwks_uri().map(str::to_owned);
            uri.ok_or_else(|| Failure::of(Crn::NOT_CARNET, format!("{server} publishes no keys")))?
        }
    };
    let client = web::client(Duration::from_secs(global.timeout))?;
    let answer = web::send(client.get(&jwks), &server).await?;
    if !answer.status.is_success() {
        let found = format!("{jwks} answered {}", answer.status.as_u16());
        return Ok(
            Check::fail("signature", found).why("the issuer publishes no keys for this token")
        );
    }
    let keys = JwkSet::parse(&answer.body)
        .map_err(|error| Failure::of(Crn::NOT_CARNET, format!("{jwks}: {error}")))?;
    Ok(judge(&unverified, &keys, &server, own))
}

fn judge(unverified: &Unverified<'_>, keys: &JwkSet, server: &str, own: bool) -> Check {
    let kid = unverified.header().key_id.as_deref();
    let found = keys
        .candidates(kid)
        .find(|key| unverified.verify(&key.key).is_ok());
    let whose = if own {
        format!("the keys of {server}, which the token itself names")
    } else {
        format!("the keys of {server}")
    };
    match found {
        Some(_) => Check::pass("signature", format!("right, by {whose}")),
        None if keys.candidates(kid).next().is_none() => Check::fail(
            "signature",
            format!("no key {} among {whose}", kid.unwrap_or_default()),
        )
        .why("the key was deleted, or the token is of somebody else"),
        None => Check::fail("signature", format!("wrong, by {whose}"))
            .why("the token was changed, or signed with another private key"),
    }
}

/// Where the keys of the account are that an assertion is of.
fn account_keys(unverified: &Unverified<'_>, server: &str) -> Result<String, Failure> {
    let claims: Value =
        serde_json::from_slice(unverified.claims_unverified_for_lookup()).unwrap_or_default();
    let email = claims
        .get("iss")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let mut url = url::Url::parse(server)
        .map_err(|error| Failure::usage(format!("{server} is not a URL: {error}")))?;
    match url.path_segments_mut() {
        Ok(mut path) => {
            path.pop_if_empty()
                .extend(["service_accounts", "v1", "jwk", email]);
        }
        Err(()) => return Err(Failure::usage(format!("{server} is not a URL of a server"))),
    }
    Ok(url.into())
}

//! Whether an assertion proves a client (RFC 7521 section 4.2, RFC 7523 sections 2.2 and 3, OpenID Connect
//! Core 1.0 section 9).
//!
//! 1. It is a JWS of the closed list of algorithms: `none` is no algorithm, and an HMAC is not one of a
//!    public key (Keycloak CVE-2026-11800). The method that the client registered says which of the two
//!    readers looks at it; and if it registered one algorithm, it is that one. Its `typ`, where there is one, is not that of another kind
//!    of JWT (RFC 8725 section 3.11).
//! 2. The signature holds under one of the client's keys, each with its own algorithm. `kid` is a hint: the
//!    key of that name is tried first. With `client_secret_jwt`, it is under one of its secrets that live.
//! 3. `iss` and `sub` are the client.
//! 4. `aud` is one name, and it is ours: the issuer, the token endpoint, or where requests are pushed. With several names, or with one
//!    that somebody else chose, an assertion that was made for another server would do here.
//! 5. `exp` is there, is not past and is near, since its `jti` is remembered until then (Keycloak
//!    CVE-2025-2559). `iat` and `nbf`, where they are, are not in the future.
//! 6. `jti` is there, and works once (Fosite CVE-2020-15222).

use carnet_jose::Jwk;
use carnet_jose::JwkSet;
use carnet_jose::jws::Limits;
use carnet_jose::jws::Unverified;
use carnet_jose::jwt;
use carnet_jose::mac::UnverifiedMac;
use carnet_wire::assertion::AssertionClaims;
use carnet_wire::assertion::AudienceClaim;
use carnet_wire::assertion::TimeClaim;
use carnet_wire::legal::Echo;

use crate::record::AssertionAlgorithm;
use crate::record::Client;
use crate::record::SpentAssertion;
use crate::rule::client::At;
use crate::rule::client::Opened;
use crate::value::ClientId;
use crate::value::Seconds;
use crate::value::SecretId;
use crate::value::UnixTime;

/// How wrong a clock may be. FAPI 2.0 wants ten seconds accepted and more than a minute refused.
const TOLERANCE: Seconds = Seconds(60);

/// How far off the end of an assertion may be.
const LONGEST: Seconds = Seconds(3_600);

/// The `typ` that names what it is (draft-ietf-oauth-rfc7523bis).
const TYP: &str = "client-authentication+jwt";

/// The paths of the endpoints by which an assertion may name us, beside the issuer itself: RFC 7523 section 3
/// has the first, RFC 9126 section 2 the second.
const ENDPOINTS: [&str; 2] = ["/token", "/par"];

/// Whom an assertion names, so that their keys can be looked up. Nothing in it is true.
#[must_use]
pub fn subject(assertion: &str) -> Option<String> {
    if let Ok(unverified) = Unverified::parse(assertion, Limits::STRICT) {
        return subject_in(unverified.claims_unverified_for_lookup());
    }
    let unverified = UnverifiedMac::parse(assertion, Limits::STRICT).ok()?;
    subject_in(unverified.claims_unverified_for_lookup())
}

fn subject_in(claims: &[u8]) -> Option<String> {
    let claims = AssertionClaims::parse(claims).ok()?;
    claims.sub.text().map(str::to_owned)
}

/// Whether an assertion is signed with one of these keys: where it is not, there may be newer ones.
pub(super) fn is_signed_with(assertion: &str, keys: &JwkSet) -> bool {
    Unverified::parse(assertion, Limits::STRICT)
        .is_ok_and(|unverified| signed(&unverified, keys).is_ok())
}

/// What an assertion is held against.
pub(super) enum Against<'a> {
    /// The client's public keys.
    Keys(&'a JwkSet),
    /// Its secrets that live.
    Secrets(&'a [&'a Opened]),
}

/// Holds an assertion against the client and what it registered. Gives what is spent, and the secret that
/// it was under. What is wrong with it is for the owner to read.
pub(super) fn prove(
    assertion: &str,
    client: &Client,
    against: &Against<'_>,
    at: At<'_>,
) -> Result<(SpentAssertion, Option<SecretId>), String> {
    match against {
        Against::Keys(keys) => Ok((by_key(assertion, client, keys, at)?, None)),
        Against::Secrets(secrets) => {
            let (spent, secret) = by_secret(assertion, client, secrets, at)?;
            Ok((spent, Some(secret)))
        }
    }
}

fn by_secret(
    assertion: &str,
    client: &Client,
    secrets: &[&Opened],
    at: At<'_>,
) -> Result<(SpentAssertion, SecretId), String> {
    let unverified =
        UnverifiedMac::parse(assertion, Limits::STRICT).map_err(|fault| fault.to_string())?;
    kind(unverified.typ())?;
    registered(AssertionAlgorithm::Secret(unverified.algorithm()), client)?;
    let holds = |secret: &&&Opened| unverified.holds(secret.text.as_bytes());
    let Some(secret) = secrets.iter().find(holds) else {
        let algorithm = unverified.algorithm();
        return Err(format!(
            "it is under none of the client's secrets that live (alg {}, which takes a secret of {} bytes)",
            algorithm.name(),
            algorithm.shortest_secret()
        ));
    };
    let claims = AssertionClaims::parse(unverified.claims_unverified_for_lookup());
    let claims = claims.map_err(|fault| fault.to_string())?;
    Ok((judge(&claims, &client.id, at)?, secret.id))
}

fn by_key(
    assertion: &str,
    client: &Client,
    keys: &JwkSet,
    at: At<'_>,
) -> Result<SpentAssertion, String> {
    let unverified =
        Unverified::parse(assertion, Limits::STRICT).map_err(|fault| fault.to_string())?;
    kind(unverified.header().typ.as_deref())?;
    registered(
        AssertionAlgorithm::Key(unverified.header().algorithm),
        client,
    )?;
    signed(&unverified, keys)?;
    let claims = AssertionClaims::parse(unverified.claims_unverified_for_lookup());
    let claims = claims.map_err(|fault| fault.to_string())?;
    judge(&claims, &client.id, at)
}

/// What a second use of an assertion is to its owner.
pub(super) const REPLAYED: &str = "the assertion was used before";

/// `token_endpoint_auth_signing_alg`: where one is registered, no other will do.
fn registered(used: AssertionAlgorithm, client: &Client) -> Result<(), String> {
    match client.algorithms.assertion {
        Some(only) if only != used => Err(format!(
            "alg is {}, and the client is registered for {}",
            used.as_str(),
            only.as_str()
        )),
        _ => Ok(()),
    }
}

fn kind(typ: Option<&str>) -> Result<(), String> {
    match typ {
        Some(typ)
            if ![jwt::TYP_JWT, TYP]
                .iter()
                .any(|ours| jwt::is_typ(typ, ours)) =>
        {
            Err(format!("typ is '{}', another kind of JWT", Echo::of(typ)))
        }
        _ => Ok(()),
    }
}

/// The key that is named first, then the others.
pub(in crate::rule) fn signed(unverified: &Unverified<'_>, keys: &JwkSet) -> Result<(), String> {
    let kid = unverified.header().key_id.as_deref();
    let named = |jwk: &&Jwk| kid.is_some() && jwk.key_id.as_deref() == kid;
    let rest = keys.keys.iter().filter(|jwk| !named(jwk));
    let mut tried = keys.keys.iter().filter(named).chain(rest);
    if tried.any(|jwk| unverified.verify(&jwk.key).is_ok()) {
        return Ok(());
    }
    let algorithm = unverified.header().algorithm;
    let kid = kid.map_or_else(|| "none".to_owned(), |kid| format!("'{}'", Echo::of(kid)));
    let fitting = |jwk: &Jwk| jwk.key.algorithm() == algorithm;
    let fitting = keys.keys.iter().filter(|jwk| fitting(jwk)).count();
    Err(format!(
        "the signature holds under none of the client's keys (alg {algorithm}, kid {kid}; {fitting} of \
         {} keys are for {algorithm})",
        keys.keys.len()
    ))
}

fn judge(
    claims: &AssertionClaims<'_>,
    client: &ClientId,
    at: At<'_>,
) -> Result<SpentAssertion, String> {
    for (name, claim) in [("iss", &claims.iss), ("sub", &claims.sub)] {
        if claim.text() != Some(client.as_str()) {
            let sent = Echo::of(claim.text().unwrap_or_default());
            return Err(format!("{name} is '{sent}', and must be the client_id"));
        }
    }
    addressed(&claims.aud, at.issuer)?;
    let expires = window(claims, at.now)?;
    let Some(jti) = claims.jti.text() else {
        return Err("jti is missing".to_owned());
    };
    // An id of an assertion is its client's own; no other kind of assertion has the same name.
    let parts = ["client assertion", client.as_str(), jti];
    Ok(SpentAssertion::named(&parts, expires + TOLERANCE))
}

fn addressed(aud: &AudienceClaim<'_>, issuer: &str) -> Result<(), String> {
    let mut names = aud.iter();
    let (Some(name), None) = (names.next(), names.next()) else {
        return Err("aud must be one name: the issuer, or the token endpoint".to_owned());
    };
    let path = name.strip_prefix(issuer);
    if path.is_some_and(|path| path.is_empty() || ENDPOINTS.contains(&path)) {
        return Ok(());
    }
    let name = Echo::of(name);
    Err(format!(
        "aud is '{name}', and must be the issuer or the token endpoint"
    ))
}

fn window(claims: &AssertionClaims<'_>, now: UnixTime) -> Result<UnixTime, String> {
    let Some(expires) = claims.exp.seconds().map(UnixTime) else {
        return Err("exp is missing, or no number of seconds".to_owned());
    };
    if now - expires > TOLERANCE {
        return Err(format!("exp passed {} ago", now - expires));
    }
    if expires > now + LONGEST + TOLERANCE {
        return Err(format!("exp is {} away, and may be an hour", expires - now));
    }
    for (name, claim) in [("iat", &claims.iat), ("nbf", &claims.nbf)] {
        match claim {
            TimeClaim::Absent => {}
            TimeClaim::Seconds(since) if UnixTime(*since) - now <= TOLERANCE => {}
            TimeClaim::Seconds(since) => {
                let ahead = UnixTime(*since) - now;
                return Err(format!("{name} is {ahead} in the future"));
            }
            _ => return Err(format!("{name} is no number of seconds")),
        }
    }
    Ok(expires)
}

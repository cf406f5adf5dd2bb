//! What may be signed in the name of an account for somebody who is bound on it (`signJwt`, `signBlob`; google-wire 5.1).
//!
//! 1. Claims are one JSON object with an `exp` that is not past and within 12 hours, if there is one.
//! 2. Claims that this server would take, at the token endpoint or as a token of the account's own, begin within five
//!    minutes and live an hour at most: whoever may have them signed today does not keep some for the day on which
//!    they may not any more.
//! 3. Bytes that are the beginning of such a JWT are the JWT.

use carnet_wire::assertion::AssertionClaims;
use carnet_wire::assertion::AudienceClaim;
use carnet_wire::assertion::TimeClaim;
use carnet_wire::crn::Crn;
use carnet_wire::google;

use crate::rule::Refusal;
use crate::rule::assertion;
use crate::rule::assertion::OwnAudiences;
use crate::rule::assertion::Roots;
use crate::value::Seconds;
use crate::value::UnixTime;

/// How far ahead the `exp` of a JWT may be that is signed for somebody.
const LONGEST: Seconds = Seconds(43_200);

/// How far ahead the `iat` may be of one that this server would take.
const AHEAD: Seconds = Seconds(300);

/// How long that one may live: an hour, and the 20 seconds that the official Rust client adds.
const LIFE: Seconds = Seconds(3_620);

/// A signature of any length: that of bytes which are to be signed is not there yet.
const UNSIGNED: &str = ".AAAA";

/// The names under which this server takes what an account signed.
#[derive(Clone, Copy, Debug)]
pub struct Here<'a> {
    /// Those of the token endpoint.
    pub token: &'a OwnAudiences,
    /// Those of the APIs that take it as it is.
    pub roots: Roots<'a>,
}

/// Whether these claims may be signed in the name of an account.
pub fn claims(text: &str, here: Here<'_>, now: UnixTime) -> Result<(), Refusal> {
    let parsed = match AssertionClaims::parse(text.as_bytes()) {
        Ok(parsed) => parsed,
        Err(fault) => return refuse(format!("payload: {fault}")),
    };
    match parsed.exp {
        TimeClaim::Seconds(exp) if exp <= now.0 => return refuse("exp is past.".to_owned()),
        TimeClaim::Seconds(exp) if UnixTime(exp) - now > LONGEST => {
            return refuse("exp is more than 12 hours ahead.".to_owned());
        }
        TimeClaim::Absent | TimeClaim::Seconds(_) => {}
        TimeClaim::Milliseconds(_) => return refuse("exp is in milliseconds.".to_owned()),
        _ => return refuse("exp is not a number of seconds.".to_owned()),
    }
    for_now(&parsed, here, now)
}

/// Whether these bytes may be signed in the name of an account.
pub fn bytes(bytes: &[u8], here: Here<'_>, now: UnixTime) -> Result<(), Refusal> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Ok(());
    };
    let text = format!("{text}{UNSIGNED}");
    // What cannot be read as an assertion is none, and is not taken as one.
    let Ok(unverified) = assertion::read(&text) else {
        return Ok(());
    };
    match assertion::claims(&unverified) {
        Ok(parsed) => for_now(&parsed, here, now),
        Err(_) => Ok(()),
    }
}

/// Rule 2. One without `iat` or `exp` is taken nowhere.
fn for_now(claims: &AssertionClaims<'_>, here: Here<'_>, now: UnixTime) -> Result<(), Refusal> {
    let (Some(begins), Some(ends)) = (claims.iat.seconds(), claims.exp.seconds()) else {
        return Ok(());
    };
    if !is_for(claims, here) {
        return Ok(());
    }
    if begins.saturating_sub(now.0) > AHEAD.0 {
        let detail = "iat is more than 300 seconds ahead, in a JWT for this server.";
        return refuse(detail.to_owned());
    }
    if ends.saturating_sub(begins) > LIFE.0 {
        let detail = "exp is more than an hour after iat, in a JWT for this server.";
        return refuse(detail.to_owned());
    }
    Ok(())
}

/// Whether this server would take it. Without `aud` it is taken by its scope.
fn is_for(claims: &AssertionClaims<'_>, here: Here<'_>) -> bool {
    if matches!(claims.aud, AudienceClaim::WrongType(_)) {
        return false;
    }
    let mut named = claims.aud.iter().filter(|name| !name.is_empty()).peekable();
    if named.peek().is_none() {
        return claims.scope.text().is_some();
    }
    named.any(|name| {
        here.token.has(name) || google::TOKEN_AUDIENCES.contains(&name) || here.roots.contain(name)
    })
}

fn refuse(detail: String) -> Result<(), Refusal> {
    Err(Refusal::new(Crn::IAM_JWT_CLAIMS, detail))
}

#[cfg(test)]
mod tests;

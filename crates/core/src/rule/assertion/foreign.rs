//! The trust in an issuer elsewhere: tokens that somebody else signed for a provider of ours (google-wire 6.4,
//! RFC 7523 section 3, RFC 8725).
//!
//! 1. [`read`]: three segments, RS256 or ES256, a `kid`, and a `typ` that is none of another use. Strict
//!    everywhere, since no library of Google's signs these.
//! 2. [`Foreign::is_of`]: `iss` is the issuer, byte for byte. Asked before any key is fetched, so that nobody
//!    makes us fetch for an issuer that they do not claim to be.
//! 3. [`vouch`]: the signature holds under a key of the issuer that has this `kid` and this algorithm; the
//!    algorithm is the key's (Keycloak CVE-2026-11800). Then what was signed is believed and judged: every name in
//!    `aud` is one that is taken (Vault CVE-2020-16250), `exp` is to come, `iat` is past, and between them is
//!    a day at most.
//!
//! A `jti` is not spent here: a file with a token in it is exchanged again each hour as long as the token lives. Where
//! a token is an authorization grant it is, by [`crate::rule::grant::trusted_issuer`].
//! What the trust expects is the owner's to read, not the caller's.

use carnet_jose::Algorithm;
use carnet_jose::Jwk;
use carnet_jose::JwkSet;
use carnet_jose::PublicKey;
use carnet_jose::jws::Limits;
use carnet_jose::jws::Unverified;
use carnet_jose::jwt;
use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use serde_json::Map;
use serde_json::Value;

use super::prove::check_decoy;
use crate::rule::Refusal;
use crate::value::Seconds;
use crate::value::UnixTime;

/// By how much the clock of an issuer may be ahead.
const AHEAD: Seconds = Seconds(60);

/// How long a token may live that is exchanged.
pub const LONGEST: Seconds = Seconds::days(1);

/// The uses that a `typ` may name: a JWT, or an access token that is one (RFC 9068 section 2.1).
const TYPES: [&str; 2] = [jwt::TYP_JWT, "at+jwt"];

/// Whose tokens are trusted.
#[derive(Clone, Copy, Debug)]
pub struct Trust<'a> {
    /// The issuer.
    pub issuer: &'a str,
    /// What every name in `aud` must be one of.
    pub audiences: &'a [String],
    /// How long a token may live.
    pub longest: Seconds,
}

/// A token of which nothing is known to be true.
#[derive(Debug)]
pub struct Foreign<'a> {
    unverified: Unverified<'a>,
    kid: String,
    issuer: String,
}

/// What an issuer elsewhere says of somebody, proved and judged: by [`vouch`], or by whoever reads what the core does
/// not ([`Vouched::elsewhere`]).
#[derive(Clone, Debug, PartialEq)]
pub struct Vouched {
    claims: Value,
    expires: UnixTime,
}

impl Vouched {
    /// What was proved and judged outside of the core: claims are an object.
    #[must_use]
    pub const fn elsewhere(claims: Value, expires: UnixTime) -> Self {
        Self { claims, expires }
    }

    /// All claims: an object.
    #[must_use]
    pub const fn claims(&self) -> &Value {
        &self.claims
    }

    /// Until when it says so.
    #[must_use]
    pub const fn expires(&self) -> UnixTime {
        self.expires
    }
}

/// Takes a token apart.
pub fn read(text: &str) -> Result<Foreign<'_>, Refusal> {
    let unverified =
        Unverified::parse(text, Limits::STRICT).map_err(|fault| malformed(format!("{fault}.")))?;
    let header = unverified.header();
    if !matches!(header.algorithm, Algorithm::RS256 | Algorithm::ES256) {
        let detail = format!("alg is {}; it must be RS256 or ES256.", header.algorithm);
        return Err(malformed(detail));
    }
    let Some(kid) = header.key_id.clone().filter(|kid| !kid.is_empty()) else {
        return Err(malformed("the header names no kid."));
    };
    if let Some(typ) = &header.typ
        && !TYPES.iter().any(|taken| jwt::is_typ(typ, taken))
    {
        let detail = format!("typ is '{}', another use of a JWT.", Echo::of(typ));
        return Err(malformed(detail));
    }
    let claims = claims(unverified.claims_unverified_for_lookup());
    let Some(Value::String(issuer)) = claims?.remove("iss") else {
        return Err(malformed("the claim iss is missing, or no text."));
    };
    Ok(Foreign {
        unverified,
        kid,
        issuer,
    })
}

impl Foreign<'_> {
    /// Who says that they made it.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The first name in `aud`, as far as there is one.
    #[must_use]
    pub fn audience(&self) -> Option<String> {
        let claims = claims(self.unverified.claims_unverified_for_lookup()).ok()?;
        match claims.get("aud")? {
            Value::String(one) => Some(one.clone()),
            Value::Array(many) => many.first()?.as_str().map(str::to_owned),
            _ => None,
        }
    }

    /// As much work as a check with a key of the issuer, where nobody trusts it. The key is nobody's.
    pub fn check_decoy(&self, decoy: &PublicKey) {
        check_decoy(&self.unverified, decoy);
    }

    /// Whether it says that this issuer made it.
    pub fn is_of(&self, trust: Trust<'_>) -> Result<(), Refusal> {
        if self.issuer == trust.issuer {
            return Ok(());
        }
        let sent = Echo::of(&self.issuer);
        let detail = format!("iss is '{sent}', and another issuer is trusted.");
        Err(Refusal::new(Crn::FOREIGN_ISSUER, detail).because("expected_issuer", trust.issuer))
    }

    /// Whether one of these keys made it: where none did, there may be newer ones.
    #[must_use]
    pub fn is_signed_with(&self, keys: &JwkSet) -> bool {
        self.candidates(keys)
            .any(|jwk| self.unverified.verify(&jwk.key).is_ok())
    }

    /// The keys that may have signed it: of its name and its algorithm.
    fn candidates<'k>(&'k self, keys: &'k JwkSet) -> impl Iterator<Item = &'k Jwk> {
        let algorithm = self.unverified.header().algorithm;
        let named = keys.keys.iter();
        named.filter(move |jwk| {
            jwk.key_id.as_deref() == Some(&self.kid) && jwk.key.algorithm() == algorithm
        })
    }

    fn wrong_signature(&self, keys: &JwkSet) -> Refusal {
        let kid = Echo::of(&self.kid);
        let algorithm = self.unverified.header().algorithm;
        let detail = format!("no key of the issuer with kid '{kid}' for {algorithm} verifies it.");
        let known = keys.keys.iter().filter_map(|jwk| jwk.key_id.as_deref());
        let known: Vec<_> = known.map(|kid| Echo::of(kid).to_string()).collect();
        let why = match self.candidates(keys).next() {
            Some(_) => "another private key signed",
            None => "the issuer has no such key",
        };
        Refusal::new(Crn::FOREIGN_SIGNATURE, detail)
            .because("why", why)
            .because("known_kids", known.join(" "))
    }
}

/// Holds a token against the keys of its issuer, and what it says against the trust. It has been asked whether it
/// [`is_of`](Foreign::is_of) the issuer; it is asked again.
pub fn vouch(
    foreign: &Foreign<'_>,
    keys: &JwkSet,
    trust: Trust<'_>,
    now: UnixTime,
) -> Result<Vouched, Refusal> {
    foreign.is_of(trust)?;
    let mut candidates = foreign.candidates(keys);
    let verified = candidates.find_map(|jwk| foreign.unverified.verify(&jwk.key).ok());
    let Some(verified) = verified else {
        return Err(foreign.wrong_signature(keys));
    };
    let claims = verified.claims_object();
    let claims = claims.map_err(|fault| malformed(format!("the claims: {fault}.")))?;
    audience(&claims, trust)?;
    let expires = window(&claims, trust.longest, now)?;
    Ok(Vouched {
        claims: Value::Object(claims),
        expires,
    })
}

/// `aud` is a text, or a list of texts (RFC 7519 section 4.1.3).
fn audience(claims: &Map<String, Value>, trust: Trust<'_>) -> Result<(), Refusal> {
    let sent: Option<Vec<&str>> = match claims.get("aud") {
        Some(Value::String(one)) => Some(vec![one]),
        Some(Value::Array(many)) => many.iter().map(Value::as_str).collect(),
        _ => None,
    };
    let refuse = |detail: String| {
        let expected = trust.audiences.join(" ");
        Err(Refusal::new(Crn::FOREIGN_AUDIENCE, detail).because("expected_audiences", expected))
    };
    let Some(sent) = sent.filter(|sent| !sent.is_empty()) else {
        return refuse("aud is missing, or no text and no list of texts.".to_owned());
    };
    let taken = |name: &&str| trust.audiences.iter().any(|taken| taken == name);
    match sent.iter().find(|name| !taken(name)) {
        None => Ok(()),
        Some(other) => {
            let other = Echo::of(other);
            refuse(format!("aud is '{other}', which is not taken."))
        }
    }
}

fn window(
    claims: &Map<String, Value>,
    longest: Seconds,
    now: UnixTime,
) -> Result<UnixTime, Refusal> {
    let refuse = |crn: Crn, detail: String| Err(Refusal::new(crn, detail));
    let (issued, expires) = (moment(claims, "iat")?, moment(claims, "exp")?);
    let (Some(issued), Some(expires)) = (issued, expires) else {
        let detail = "iat or exp is missing.".to_owned();
        return refuse(Crn::FOREIGN_TIMES, detail);
    };
    if expires <= now {
        let detail = format!("exp passed {} ago.", now - expires);
        let says = format!("ID Token issued at {} is stale to sign-in.", issued.0);
        return refuse(Crn::FOREIGN_EXPIRED, detail).map_err(|no: Refusal| no.says(says));
    }
    let mut starts = vec![("iat", issued)];
    starts.extend(moment(claims, "nbf")?.map(|moment| ("nbf", moment)));
    for (name, start) in starts {
        if start - now > AHEAD {
            let detail = format!("{name} is {} in the future.", start - now);
            return refuse(Crn::FOREIGN_TIMES, detail);
        }
    }
    if expires - issued > longest {
        let life = (expires - issued).0;
        let detail = format!(
            "it lives {life} s (exp minus iat). The limit is {} s.",
            longest.0
        );
        return refuse(Crn::FOREIGN_TIMES, detail);
    }
    Ok(expires)
}

/// A moment that can be meant: nothing before 1970 or after the year 9999.
fn moment(claims: &Map<String, Value>, name: &str) -> Result<Option<UnixTime>, Refusal> {
    match claims.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Number(number)) => match number.as_i64() {
            Some(seconds) if (0..=253_402_300_799).contains(&seconds) => {
                Ok(Some(UnixTime(seconds)))
            }
            _ => {
                let detail = format!("{name} is no whole number of seconds.");
                Err(Refusal::new(Crn::FOREIGN_TIMES, detail))
            }
        },
        Some(_) => {
            let detail = format!("{name} is no number.");
            Err(Refusal::new(Crn::FOREIGN_TIMES, detail))
        }
    }
}

fn claims(payload: &[u8]) -> Result<Map<String, Value>, Refusal> {
    serde_json::from_slice(payload).map_err(|_| malformed("its claims are no JSON object."))
}

fn malformed(detail: impl Into<String>) -> Refusal {
    Refusal::new(Crn::FOREIGN_MALFORMED, detail)
}

#[cfg(test)]
mod tests;

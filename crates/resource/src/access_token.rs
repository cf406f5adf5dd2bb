//! What a JWT access token must say.
//!
//! RFC 9068 §4, RFC 7519 §4.1, RFC 8725 §3. The signature holds already; here the claims are judged,
//! in this order:
//!
//! 1. The claims that RFC 9068 §2.2 requires are there: `iss`, `exp`, `aud`, `sub`, `client_id`,
//!    `iat`.
//! 2. `iss` is the issuer that this API trusts, character by character.
//! 3. `aud` names this API.
//! 4. `exp` is not past, `nbf` and `iat` are not to come, with [`SKEW`] seconds for clocks that
//!    differ.

use carnet_jose::jws;
use carnet_jose::jwt::Audience;
use carnet_jose::jwt::NumericDate;
use carnet_wire::confirmation::Confirmation;
use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use carnet_wire::scope::Scope;
use serde::Deserialize;

use crate::refusal::Refusal;
use crate::verified::Actor;
use crate::verified::Facts;
use crate::verified::TokenKind;

/// How far clocks may differ, in seconds.
pub(crate) const SKEW: i64 = 60;

/// Whose tokens, for whom.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    /// The `iss`.
    pub(crate) issuer: String,
    /// What this API is called; one of them is enough.
    pub(crate) audiences: Vec<String>,
}

#[derive(Deserialize)]
struct Claims<'a> {
    iss: String,
    exp: NumericDate,
    aud: Audience,
    sub: String,
    client_id: String,
    iat: NumericDate,
    nbf: Option<NumericDate>,
    scope: Option<String>,
    email: Option<String>,
    act: Option<Acting>,
    #[serde(borrow)]
    cnf: Option<Confirmation<'a>>,
}

#[derive(Deserialize)]
struct Acting {
    sub: String,
    email: Option<String>,
    act: Option<Box<Self>>,
}

impl From<Acting> for Actor {
    fn from(act: Acting) -> Self {
        Self {
            subject: act.sub,
            email: act.email,
            before: act.act.map(|before| Box::new(Self::from(*before))),
        }
    }
}

/// Judges a token whose signature holds.
pub(crate) fn judge(
    token: &jws::Verified<'_>,
    policy: &Policy,
    now: i64,
) -> Result<Facts, Refusal> {
    let claims: Claims<'_> = token
        .claims()
        .map_err(|fault| Refusal::new(Crn::TOKEN_MALFORMED, format!("the claims: {fault}")))?;
    policy.check_issuer(&claims.iss)?;
    policy.check_audience(claims.aud.values().iter().map(String::as_str))?;
    if claims.exp.0 <= claims.iat.0 {
        return Err(Refusal::new(Crn::TOKEN_MALFORMED, "exp is not after iat"));
    }
    let begins = claims
        .nbf
        .map_or(claims.iat.0, |nbf| nbf.0.max(claims.iat.0));
    check_time(Some(begins), claims.exp.0, now)?;
    Ok(Facts {
        kind: TokenKind::Jwt,
        subject: claims.sub,
        client_id: Some(claims.client_id),
        email: claims.email.filter(|email| !email.is_empty()),
        scope: scope(claims.scope.as_deref())?,
        actor: claims.act.map(Actor::from),
        expires: claims.exp.0,
        bound: claims.cnf.map(Confirmation::into_owned),
        boundary: None,
    })
}

impl Policy {
    /// RFC 9068 §4: "MUST exactly match".
    pub(crate) fn check_issuer(&self, issuer: &str) -> Result<(), Refusal> {
        if issuer == self.issuer {
            return Ok(());
        }
        let detail = format!(
            "iss is {}; this API trusts {}",
            Echo::of(issuer),
            self.issuer
        );
        Err(Refusal::new(Crn::TOKEN_OF_ANOTHER_ISSUER, detail))
    }

    /// RFC 9068 §4: the audience must hold "an identifier the resource server expects for itself".
    pub(crate) fn check_audience<'a>(
        &self,
        audiences: impl Iterator<Item = &'a str> + Clone,
    ) -> Result<(), Refusal> {
        let ours = |audience: &str| self.audiences.iter().any(|known| known == audience);
        if audiences.clone().any(ours) {
            return Ok(());
        }
        let theirs = audiences.into_iter().next().map_or_else(
            || "no audience".to_owned(),
            |audience| Echo::of(audience).as_str().to_owned(),
        );
        let here = self.audiences.first().map_or("another", String::as_str);
        let detail = format!("the token is for {theirs}; this API is {here}");
        Err(Refusal::new(Crn::TOKEN_FOR_ANOTHER_AUDIENCE, detail))
    }
}

/// RFC 7519 §4.1.4 to §4.1.6, with [`SKEW`].
pub(crate) fn check_time(begins: Option<i64>, ends: i64, now: i64) -> Result<(), Refusal> {
    if now >= ends.saturating_add(SKEW) {
        let detail = format!("the token expired {} s ago", now.saturating_sub(ends));
        return Err(Refusal::new(Crn::TOKEN_EXPIRED, detail));
    }
    match begins {
        Some(begins) if begins > now.saturating_add(SKEW) => {
            let detail = format!(
                "the token is valid in {} s by the clock of this API",
                begins.saturating_sub(now)
            );
            Err(Refusal::new(Crn::TOKEN_NOT_YET_VALID, detail))
        }
        _ => Ok(()),
    }
}

/// The scope of a token; one that says none has none.
pub(crate) fn scope(text: Option<&str>) -> Result<Scope, Refusal> {
    Scope::parse(text.unwrap_or_default())
        .map_err(|fault| Refusal::new(Crn::TOKEN_MALFORMED, fault.to_string()))
}

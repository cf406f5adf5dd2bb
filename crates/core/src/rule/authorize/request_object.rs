//! Opens a request object (RFC 9101 section 6, OpenID Connect Core 1.0 section 6.1).
//!
//! 1. It is a JWS of the closed list of algorithms: `none` is no algorithm, and what is encrypted is not read.
//!    Its `typ`, where there is one, is not that of another kind of JWT (section 10.8).
//! 2. The signature holds under one of the keys that the app registered, or has at its `jwks_uri` (section 6.2).
//! 3. `iss` and `client_id` are the app that the browser names (section 5), and `aud` is us.
//! 4. `exp` is there, is not past and is near; `iat` and `nbf`, where they are, are not in the future.
//! 5. The request is what is in it, and nothing else (section 6.3). What is outside is ignored, but that
//!    `response_type` and `scope`, which OpenID Connect wants outside too, must say the same.

use carnet_jose::JwkSet;
use carnet_jose::jws::Limits;
use carnet_jose::jws::Unverified;
use carnet_jose::jwt;
use carnet_wire::assertion::AssertionClaims;
use carnet_wire::assertion::TimeClaim;
use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use carnet_wire::params::Params;
use carnet_wire::request_object::RequestObject;
use carnet_wire::request_object::TYP;

use crate::rule::Refusal;
use crate::rule::client::Fetched;
use crate::rule::client::signed;
use crate::value::Seconds;
use crate::value::UnixTime;

/// How wrong a clock may be.
const TOLERANCE: Seconds = Seconds(60);

/// How far off its end may be.
const LONGEST: Seconds = Seconds(3_600);

/// The parameters of the request in the object, as a form. `outside` is what came beside it.
pub fn open(
    object: &str,
    outside: &Params<'_>,
    (client_id, keys): (&str, &Fetched),
    (issuer, now): (&str, UnixTime),
) -> Result<String, Refusal> {
    let opened = verified(object, keys, (client_id, issuer), now);
    let form = opened.map_err(|why| {
        let detail = format!("the request object cannot be used: {why}.");
        let refusal = Refusal::new(Crn::REQUEST_OBJECT, detail).because("client_id", client_id);
        // What happened when we fetched is for the owner alone: whoever sends a browser here sees the rest.
        match &keys.fault {
            Some(fault) => refusal.because("jwks_uri", fault.clone()),
            None => refusal,
        }
    })?;
    agrees(&form, outside)?;
    Ok(form)
}

/// Whether one of these keys signed the object. Where none did, there may be newer ones.
#[must_use]
pub fn is_signed_with(object: &str, keys: &JwkSet) -> bool {
    let unverified = Unverified::parse(object, Limits::STRICT);
    unverified.is_ok_and(|unverified| signed(&unverified, keys).is_ok())
}

fn verified(
    object: &str,
    Fetched { keys, fault }: &Fetched,
    (client_id, issuer): (&str, &str),
    now: UnixTime,
) -> Result<String, String> {
    let unverified =
        Unverified::parse(object, Limits::STRICT).map_err(|fault| fault.to_string())?;
    let typ = unverified.header().typ.as_deref();
    let ours = |typ: &str| {
        [TYP, jwt::TYP_JWT]
            .iter()
            .any(|ours| jwt::is_typ(typ, ours))
    };
    if let Some(typ) = typ.filter(|typ| !ours(typ)) {
        return Err(format!("typ is '{}', another kind of JWT", Echo::of(typ)));
    }
    if keys.keys.is_empty() {
        return Err(match fault {
            Some(_) => "the keys at the app's jwks_uri could not be fetched",
            None => "the app has registered no keys",
        }
        .to_owned());
    }
    signed(&unverified, keys)?;
    let bytes = unverified.claims_unverified_for_lookup();
    let claims = AssertionClaims::parse(bytes).map_err(|fault| fault.to_string())?;
    if claims.iss.text() != Some(client_id) {
        let sent = Echo::of(claims.iss.text().unwrap_or_default());
        return Err(format!("iss is '{sent}', and must be the client_id"));
    }
    if !claims.aud.iter().any(|name| name == issuer) {
        return Err("aud does not name the issuer of this server".to_owned());
    }
    window(&claims, now)?;
    let object = RequestObject::parse(bytes).map_err(|fault| fault.to_string())?;
    if object.client_id == client_id {
        Ok(object.form)
    } else {
        let sent = Echo::of(&object.client_id);
        Err(format!(
            "client_id in it is '{sent}', and another one beside it"
        ))
    }
}

fn window(claims: &AssertionClaims<'_>, now: UnixTime) -> Result<(), String> {
    let Some(expires) = claims.exp.seconds().map(UnixTime) else {
        return Err("exp is missing, or no number of seconds".to_owned());
    };
    if now - expires > TOLERANCE {
        return Err("exp has passed".to_owned());
    }
    if expires > now + LONGEST + TOLERANCE {
        return Err("exp is more than an hour away".to_owned());
    }
    for (name, claim) in [("iat", &claims.iat), ("nbf", &claims.nbf)] {
        match claim {
            TimeClaim::Absent => {}
            TimeClaim::Seconds(since) if UnixTime(*since) - now <= TOLERANCE => {}
            TimeClaim::Seconds(_) => return Err(format!("{name} is in the future")),
            _ => return Err(format!("{name} is no number of seconds")),
        }
    }
    Ok(())
}

/// OpenID Connect Core 1.0 section 6.1: what is said twice says the same.
fn agrees(form: &str, outside: &Params<'_>) -> Result<(), Refusal> {
    let inside = Params::parse(form.as_bytes())
        .map_err(|error| Refusal::new(error.crn(), error.to_string()))?;
    for name in ["response_type", "scope"] {
        let (within, beside) = (inside.clone().take(name), outside.clone().take(name));
        if beside.is_some() && within.is_some() && within != beside {
            let detail = format!("{name} in the request object is another one than beside it.");
            return Err(Refusal::new(Crn::REQUEST_OBJECT, detail));
        }
    }
    Ok(())
}

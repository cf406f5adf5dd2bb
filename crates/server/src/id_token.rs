//! ID tokens of ours that somebody shows to us: at tokeninfo, and at the token endpoint in an exchange.
//!
//! They are RS256 with the `typ` of any JWT, so neither an access token (`at+jwt`) nor an answer of
//! introspection passes for one (RFC 8725 section 3.11).

use carnet_core::rule::token::IdClaims;
use carnet_core::value::UnixTime;
use carnet_jose::Header;
use carnet_jose::Limits;
use carnet_jose::Unverified;
use carnet_jose::jwt;

use crate::keyring::Keyring;

/// What an ID token says, if the text is one that this issuer made and that has not expired.
pub fn read<T>(
    text: &str,
    ours: (&str, &Keyring),
    now: UnixTime,
    tell: impl FnOnce(&IdClaims<'_>, &Header) -> T,
) -> Option<T> {
    let in_time =
        |claims: &IdClaims<'_>, header: &Header| (claims.exp > now.0).then(|| tell(claims, header));
    written(text, ours, in_time).flatten()
}

/// The same whether it has expired or not: whom it was about does not change (OpenID Connect Core 1.0 section
/// 3.1.2.1, `id_token_hint`).
pub fn written<T>(
    text: &str,
    (issuer, keyring): (&str, &Keyring),
    tell: impl FnOnce(&IdClaims<'_>, &Header) -> T,
) -> Option<T> {
    let unverified = Unverified::parse(text, Limits::STRICT).ok()?;
    let header = unverified.header();
    let plain = |typ: &str| jwt::is_typ(typ, jwt::TYP_JWT);
    if !header.typ.as_deref().is_none_or(plain) {
        return None;
    }
    let key = keyring.verifying(header.key_id.as_deref()?)?;
    let verified = unverified.verify(key).ok()?;
    let claims: IdClaims<'_> = verified.claims().ok()?;
    (claims.iss == issuer).then(|| tell(&claims, header))
}

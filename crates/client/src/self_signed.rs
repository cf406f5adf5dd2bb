//! The token that needs no token endpoint: the service account signs it for the API itself.
//!
//! google-wire 3.1. `iss` and `sub` are the account, and there is exactly one of `aud` (the root
//! address of the API) and `scope`. It lives one hour, and the API looks the key up by the
//! account's address.

use serde::Serialize;

use crate::error::Error;
use crate::jwt_bearer::LIFETIME;
use crate::signing_key::SigningKey;
use crate::token::Token;
use crate::token::TokenKind;

/// What the token opens.
#[derive(Clone, Copy, Debug)]
pub enum Opens<'a> {
    /// Everything at the API with this root address, such as `https://api.example/`.
    Audience(&'a str),
    /// These space-separated scopes, wherever they are.
    Scope(&'a str),
}

/// Signs a token for an account.
pub fn token(email: &str, opens: Opens<'_>, key: &SigningKey, now: i64) -> Result<Token, Error> {
    #[derive(Serialize)]
    struct Claims<'a> {
        iss: &'a str,
        sub: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        aud: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        scope: Option<&'a str>,
        iat: i64,
        exp: i64,
    }
    let (aud, scope) = match opens {
        Opens::Audience(audience) => (Some(audience), None),
        Opens::Scope(scope) => (None, Some(scope)),
    };
    let expires = now.saturating_add(LIFETIME);
    let claims = Claims {
        iss: email,
        sub: email,
        aud,
        scope,
        iat: now,
        exp: expires,
    };
    // Strings and numbers always serialise.
    let signed = key.sign(&serde_json::to_vec(&claims).unwrap_or_default())?;
    Token::new(signed.reveal(), TokenKind::SelfSigned, expires)
        .map(|token| token.with_scope(scope))
        .ok_or_else(|| Error::argument("the token cannot be sent in a header"))
}

//! Codes and refresh tokens as texts: sealed, each for its own use.
//!
//! What was sealed as the one never opens as the other (lesson 3 of `security.md`), and the prefix and the
//! checksum of their texts refuse what was cut before any key is touched (lesson 23).

use carnet_core::rule::grant::authorization_code::Code;
use carnet_core::rule::grant::refresh_token::RefreshToken;
use carnet_core::store::Fault;
use carnet_core::value::AuthorizationId;
use carnet_jose::Prefixed;

use crate::keyring::Keyring;

/// What codes are bound to.
const CODE: &[u8] = b"carnet authorization code 1";

/// What refresh tokens are bound to.
const REFRESH_TOKEN: &[u8] = b"carnet refresh token 1";

/// What codes of sign-ins of workforces are bound to.
const SIGN_IN_CODE: &[u8] = b"carnet workforce code 1";

/// What their refresh tokens are bound to.
const SIGN_IN_REFRESH_TOKEN: &[u8] = b"carnet workforce refresh token 1";

/// The text of the code of a sign-in of a workforce.
pub fn seal_sign_in_code(id: AuthorizationId, keyring: &Keyring) -> Result<String, Fault> {
    let kind = Prefixed::AuthorizationCode;
    seal(kind, id.as_bytes(), SIGN_IN_CODE, keyring)
}

/// The sign-in of which this text is the code, if it is one of ours.
pub fn open_sign_in_code(text: &str, keyring: &Keyring) -> Option<AuthorizationId> {
    let plain = open(Prefixed::AuthorizationCode, text, SIGN_IN_CODE, keyring)?;
    plain.try_into().ok().map(AuthorizationId::from_bytes)
}

/// The text of the refresh token of a sign-in of a workforce.
pub fn seal_sign_in_refresh_token(id: AuthorizationId, keyring: &Keyring) -> Result<String, Fault> {
    let kind = Prefixed::RefreshToken;
    seal(kind, id.as_bytes(), SIGN_IN_REFRESH_TOKEN, keyring)
}

/// The sign-in of which this text is the refresh token, if it is one of ours.
pub fn open_sign_in_refresh_token(text: &str, keyring: &Keyring) -> Option<AuthorizationId> {
    let plain = open(Prefixed::RefreshToken, text, SIGN_IN_REFRESH_TOKEN, keyring)?;
    plain.try_into().ok().map(AuthorizationId::from_bytes)
}

/// The text of a code.
pub fn seal_code(code: &Code, keyring: &Keyring) -> Result<String, Fault> {
    seal(Prefixed::AuthorizationCode, &code.to_bytes(), CODE, keyring)
}

/// The code that this text is, if it is one of ours.
pub fn open_code(text: &str, keyring: &Keyring) -> Option<Code> {
    Code::from_bytes(&open(Prefixed::AuthorizationCode, text, CODE, keyring)?)
}

/// The text of a refresh token.
pub fn seal_refresh_token(token: RefreshToken, keyring: &Keyring) -> Result<String, Fault> {
    let plain = token.to_bytes();
    seal(Prefixed::RefreshToken, &plain, REFRESH_TOKEN, keyring)
}

/// The refresh token that this text is, if it is one of ours.
pub fn open_refresh_token(text: &str, keyring: &Keyring) -> Option<RefreshToken> {
    RefreshToken::from_bytes(&open(Prefixed::RefreshToken, text, REFRESH_TOKEN, keyring)?)
}

fn seal(kind: Prefixed, plain: &[u8], aad: &[u8], keyring: &Keyring) -> Result<String, Fault> {
    let sealed = keyring.sealing().seal(plain, aad);
    Ok(kind.encode(&sealed.map_err(Fault::lasting)?))
}

fn open(kind: Prefixed, text: &str, aad: &[u8], keyring: &Keyring) -> Option<Vec<u8>> {
    let sealed = kind.decode(text).ok()?;
    keyring.sealing().open(&sealed, aad).ok()
}

#[cfg(test)]
mod tests;

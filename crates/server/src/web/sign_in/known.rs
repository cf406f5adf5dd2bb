//! Browsers in which somebody has signed in before. They have a counter of their own for wrong passwords,
//! so that a guesser elsewhere cannot keep the owner waiting (decision 0008).
//!
//! The cookie holds the user's id, sealed. It lets nobody in, and a year later it is gone.

use axum::http::HeaderMap;
use axum::http::HeaderValue;
use carnet_core::value::Seconds;
use carnet_core::value::UserId;
use carnet_jose::base64url;
use carnet_jose::base64url::Padding;
use carnet_jose::digest::sha256;

use crate::attempts::Place;
use crate::parts::Parts;
use crate::web::cookie::Cookie;

/// For what the cookie is sealed.
const PLACE: &str = "known browser";

const YEAR: Seconds = Seconds::days(365);

/// The browser has a cookie that says that this user signed in with it.
pub(super) fn place(parts: &Parts, asked: &HeaderMap, user: &UserId) -> Option<Place> {
    let text = Cookie::Known.read(asked, &parts.issuer)?;
    let sealed = base64url::decode(&text, Padding::Strict, 512).ok()?;
    let opened = parts.encryption.open(&sealed, PLACE).ok()?;
    (opened.as_slice() == user.as_str().as_bytes()).then(|| Place::Known(sha256(&sealed)))
}

/// The field that makes it one.
pub(super) fn cookie(parts: &Parts, user: &UserId) -> Option<HeaderValue> {
    let sealed = parts
        .encryption
        .seal(user.as_str().as_bytes(), PLACE)
        .ok()?;
    Cookie::Known.set(&base64url::encode(sealed), YEAR, &parts.issuer)
}

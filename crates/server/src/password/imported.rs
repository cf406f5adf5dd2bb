//! Hashes that other systems made, so that people move here with the passwords they have.
//!
//! Each is read in full, and its cost bounded, before anything is computed: a hash that would keep a
//! thread busy for long is refused when it is imported ([`supported`]), and is not right should it be
//! found in the store all the same. A password that was right is hashed anew, as ours.
//!
//! | form | who writes it |
//! |---|---|
//! | `$argon2id$…`, `$argon2i$…`, `$argon2d$…` | PHC strings; Ory, ZITADEL, Rauthy, Authelia |
//! | `argon2$argon2id$…` | Django |
//! | `$2a$…`, `$2b$…`, `$2x$…`, `$2y$…` | bcrypt; Auth0, Laravel, Rails |
//! | `bcrypt$$2b$…` | Django |
//!
//! bcrypt looks at the first 72 bytes of a password only.

use argon2::Block;
use carnet_core::value::PasswordHash;

use super::argon::Argon;

/// The most rounds of bcrypt, as a power of two: about 0.4 s.
const BCRYPT_MOST: u32 = 13;

/// The hash is of no form that is known here, or would cost too much to verify.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "not a hash that can be verified here: argon2 (at most 128 MiB) and bcrypt (cost 4 to 13) can"
)]
pub struct NotSupported;

enum Form<'a> {
    Argon(Argon),
    Bcrypt(&'a str),
}

/// Whether passwords can be verified against this hash.
pub fn supported(hash: &PasswordHash) -> Result<(), NotSupported> {
    form(hash.as_str()).map(drop).ok_or(NotSupported)
}

/// Whether this is the hash of this password; none where it is of no known form.
pub(super) fn holds(password: &str, kept: &PasswordHash, memory: &mut [Block]) -> Option<bool> {
    Some(match form(kept.as_str())? {
        Form::Argon(argon) => argon.holds(password, memory),
        Form::Bcrypt(text) => bcrypt::verify(password, text).unwrap_or(false),
    })
}

fn form(text: &str) -> Option<Form<'_>> {
    let bare = text.strip_prefix("bcrypt$").unwrap_or(text);
    if bare.starts_with("$2") {
        return is_bcrypt(bare).then_some(Form::Bcrypt(bare));
    }
    let bare = match text.strip_prefix("argon2") {
        Some(django) if django.starts_with('$') => django,
        _ => text,
    };
    Argon::read(bare).map(Form::Argon)
}

/// `$2b$12$` and 53 characters.
fn is_bcrypt(text: &str) -> bool {
    let mut parts = text.split('$').skip(1);
    let version = parts
        .next()
        .is_some_and(|version| matches!(version, "2a" | "2b" | "2x" | "2y"));
    let cost = parts.next().filter(|cost| cost.len() == 2);
    let cost = cost.and_then(|cost| cost.parse::<u32>().ok());
    let rest = parts.next().is_some_and(|rest| {
        rest.len() == 53
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"./".contains(&byte))
    });
    let bounded = cost.is_some_and(|cost| (4..=BCRYPT_MOST).contains(&cost));
    version && bounded && rest && parts.next().is_none()
}

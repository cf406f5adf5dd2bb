//! Hashes that other systems made, so that people move here with the passwords they have.
//!
//! Each is read in full, and its cost bounded, before anything is computed: about half a second of a
//! core and 128 MiB. A hash that would cost more is refused when it is imported ([`import`]), and is not
//! right should it be found in the store all the same. A password that was right is hashed anew, as ours.
//!
//! | form | who writes it |
//! |---|---|
//! | `$argon2id$…`, `$argon2i$…`, `$argon2d$…` | PHC strings; Ory, ZITADEL, Rauthy, Authelia |
//! | `argon2$argon2id$…` | Django |
//! | `$2a$…`, `$2b$…`, `$2x$…`, `$2y$…` | bcrypt; Auth0, Laravel, Rails |
//! | `bcrypt$$2b$…`, `bcrypt_sha256$$2b$…` | Django |
//! | `$scrypt$ln=…`, `scrypt$16384$…` | PHC strings; Django |
//! | `$fbscrypt$v=1,…` | Firebase's own scrypt, as Supabase writes it |
//! | `$pbkdf2-sha256$…`, `$pbkdf2-sha512$…`, `$pbkdf2$…` | PHC strings; passlib |
//! | `pbkdf2_sha256$…`, `pbkdf2_sha1$…` | Django |
//! | `{"credentialData":…,"secretData":…}` | a credential of a Keycloak realm export; kept as a PHC string |
//! | `$5$…`, `$6$…`, `{CRYPT}$6$…` | sha256-crypt and sha512-crypt of crypt(3) |
//! | `{SSHA}…`, `{SSHA256}…`, `{SSHA512}…` | LDAP directories |
//!
//! Two things come with old hashes. bcrypt looks at the first 72 bytes of a password only. `{SSHA}` and
//! its kin cost nothing to guess, so until the first sign-in whoever gets hold of the store has the
//! password too.

mod base64;
mod bcrypt;
mod keycloak;
mod pbkdf2;
mod scrypt;
mod sha_crypt;
mod ssha;

use argon2::Block;
use carnet_core::value::PasswordHash;

use self::bcrypt::Bcrypt;
use self::pbkdf2::Pbkdf2;
use self::scrypt::Scrypt;
use self::sha_crypt::ShaCrypt;
use self::ssha::Ssha;
use super::argon::Argon;

/// How long a text may be that is imported, in bytes.
const LONGEST: usize = 4_096;

/// The hash is of no form that is known here, or would cost too much to verify.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "not a hash that can be verified here (argon2, bcrypt, scrypt, pbkdf2, sha-crypt, SSHA), or one that would cost more than half a second or 128 MiB"
)]
pub struct NotSupported;

enum Form<'a> {
    Argon(Argon),
    Bcrypt(Bcrypt<'a>),
    Scrypt(Scrypt),
    Pbkdf2(Pbkdf2),
    ShaCrypt(ShaCrypt<'a>),
    Ssha(Ssha),
}

/// What is kept of a hash that another system made, if passwords can be verified against it.
pub fn import(text: &str) -> Result<PasswordHash, NotSupported> {
    if text.len() > LONGEST {
        return Err(NotSupported);
    }
    let text = text.trim();
    let kept = if text.starts_with('{') && text.ends_with('}') {
        keycloak::phc(text).ok_or(NotSupported)?
    } else {
        text.to_owned()
    };
    let hash: PasswordHash = kept.parse().map_err(|_| NotSupported)?;
    if read(hash.as_str()).is_none() {
        return Err(NotSupported);
    }
    Ok(hash)
}

/// In which form it is kept, in a word for people.
#[must_use]
pub fn form(hash: &PasswordHash) -> &'static str {
    match read(hash.as_str()) {
        Some(Form::Argon(argon)) => argon.name(),
        Some(Form::Bcrypt(bcrypt)) => bcrypt.name(),
        Some(Form::Scrypt(scrypt)) => scrypt.name(),
        Some(Form::Pbkdf2(pbkdf2)) => pbkdf2.name(),
        Some(Form::ShaCrypt(crypt)) => crypt.name(),
        Some(Form::Ssha(ssha)) => ssha.name(),
        None => "unknown",
    }
}

/// Whether this is the hash of this password; none where it is of no known form.
pub(super) fn holds(password: &str, kept: &PasswordHash, memory: &mut [Block]) -> Option<bool> {
    Some(match read(kept.as_str())? {
        Form::Argon(argon) => argon.holds(password, memory),
        Form::Bcrypt(bcrypt) => bcrypt.holds(password),
        Form::Scrypt(scrypt) => scrypt.holds(password),
        Form::Pbkdf2(pbkdf2) => pbkdf2.holds(password),
        Form::ShaCrypt(crypt) => crypt.holds(password),
        Form::Ssha(ssha) => ssha.holds(password),
    })
}

fn read(text: &str) -> Option<Form<'_>> {
    let bare = match text.strip_prefix("argon2") {
        Some(django) if django.starts_with('$') => django,
        _ => text,
    };
    Argon::read(bare)
        .map(Form::Argon)
        .or_else(|| Bcrypt::read(text).map(Form::Bcrypt))
        .or_else(|| Scrypt::read(text).map(Form::Scrypt))
        .or_else(|| Pbkdf2::read(text).map(Form::Pbkdf2))
        .or_else(|| ShaCrypt::read(text).map(Form::ShaCrypt))
        .or_else(|| Ssha::read(text).map(Form::Ssha))
}

#[cfg(test)]
mod tests;

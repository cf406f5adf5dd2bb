//! Who is signed in with the browser that asks.
//!
//! The cookie holds `crn_se_` and 256 random bits; the store knows their digest. A session counts while
//! it lives and its user is active ([`sign_in::stands`]). It is read from the store each time: a session
//! that was ended is over at once, on every node. Its use is noted, and written with others.

use axum::http::HeaderMap;
use axum::http::HeaderValue;
use carnet_core::record::Session;
use carnet_core::record::User;
use carnet_core::rule::sign_in;
use carnet_core::store::Fault;
use carnet_core::value::Entropy;
use carnet_core::value::Secret;
use carnet_core::value::UnixTime;
use carnet_jose::Prefixed;
use carnet_pages::Person;
use zeroize::Zeroizing;

use crate::entropy::SystemEntropy;
use crate::parts::Parts;
use crate::web::cookie::Cookie;

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub user: User,
    /// With which session.
    pub session: Session,
}

impl SignedIn {
    /// As the audit log writes them.
    #[must_use]
    pub fn actor(&self) -> String {
        format!("user:{}", self.user.id)
    }

    /// As a page shows them.
    #[must_use]
    pub fn person(&self) -> Person {
        let email = self.user.email.to_string();
        let name = self.user.name.to_string();
        Person {
            name: if name.is_empty() { email.clone() } else { name },
            email,
        }
    }
}

/// Who is signed in, if anybody is.
pub async fn signed_in(
    parts: &Parts,
    asked: &HeaderMap,
    now: UnixTime,
) -> Result<Option<SignedIn>, Fault> {
    let Some(secret) = Cookie::Session.read(asked, &parts.issuer) else {
        return Ok(None);
    };
    if Prefixed::Session.decode(&secret).is_err() {
        return Ok(None);
    }
    let digest = Secret::new(secret).digest();
    let Some(session) = parts.store.session_by_digest(digest).await? else {
        return Ok(None);
    };
    let Some(user) = parts.store.user(&session.user).await? else {
        return Ok(None);
    };
    if !sign_in::stands(&session, &user, now) {
        return Ok(None);
    }
    if let Some(seen) = sign_in::seen(&session, parts.session, now) {
        parts.journal.seen(seen);
    }
    Ok(Some(SignedIn { user, session }))
}

/// A new secret of a session.
#[must_use]
pub fn fresh_secret() -> Secret {
    let mut bytes = Zeroizing::new([0; 32]);
    SystemEntropy.fill(bytes.as_mut_slice());
    Secret::new(Prefixed::Session.encode(bytes.as_slice()))
}

/// The field that gives a browser its session, for as long as it may last at most.
#[must_use]
pub fn cookie(parts: &Parts, session: &Session, secret: Secret) -> Option<HeaderValue> {
    let life = session.ends - session.created;
    Cookie::Session.set(&secret.reveal(), life, &parts.issuer)
}

//! Access tokens of ours, presented to us: at introspection, at the admin API, at revocation.
//!
//! 1. The text is a sealed `crn_at_…` or a JWT as of RFC 9068; it is opened or verified with our
//!    own keys. What was verified once is remembered by the hash of the text, so that a busy token
//!    costs one hash.
//! 2. The issuer must be us, and the token must not have expired.
//! 3. Everything that it hangs on must stand at this moment ([`carnet_core::rule::token`]). That it did
//!    is remembered together with the number of changes that had been told before it was looked at, and
//!    believed only as long as nothing else was told. A delegation also ends by time alone, so a token
//!    that acts for somebody is looked at each time.

use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use carnet_core::rule::token;
use carnet_core::rule::token::AccessClaims;
use carnet_core::store::Fault;
use carnet_core::store::Snapshots;
use carnet_core::value::TokenId;
use carnet_core::value::UnixTime;
use carnet_jose::Limits;
use carnet_jose::Prefixed;
use carnet_jose::Unverified;
use carnet_jose::digest;
use carnet_jose::jwt;
use moka::sync::Cache;

use crate::keyring::Keyring;
use crate::revoked::Revoked;

/// How many verified tokens are remembered. Each takes about 1.7 KB.
const REMEMBERED: u64 = 10_000;

/// The longest token that is looked at.
pub const LONGEST: usize = 8 * 1024;

/// What sealed tokens are bound to, so that a sealed thing of another kind is not a token.
pub const SEALED_AS: &[u8] = b"carnet access token 1";

/// What those are bound to that have an access boundary: a node that knows of no boundaries cannot open them, and
/// so never takes one for a whole token.
pub const BOUNDED_AS: &[u8] = b"carnet bounded access token 1";

/// A token of ours that was opened or verified.
#[derive(Debug)]
pub struct Verified {
    /// What it says.
    pub claims: Arc<AccessClaims<'static>>,
    id: Option<TokenId>,
    /// The authorization that it hangs on, as a revocation names it.
    authorization: Option<TokenId>,
    /// The tokens that it was made of (RFC 8693, google-wire 6.5).
    made_of: Vec<TokenId>,
    /// What introspection says of it, once somebody asked.
    said: OnceLock<Bytes>,
    /// The number of the keyring with which it was opened.
    keyring: u64,
    /// The number of changes after which it was last found to stand, plus one; zero before that.
    stood: AtomicU64,
}

impl Verified {
    fn new(claims: AccessClaims<'static>, keyring: &Keyring) -> Self {
        Self {
            id: claims.jti.parse().ok(),
            authorization: claims
                .whose()
                .and_then(|whose| whose.authorization())
                .map(|id| id.as_token()),
            made_of: made_of(&claims),
            keyring: keyring.number(),
            claims: Arc::new(claims),
            said: OnceLock::new(),
            stood: AtomicU64::new(0),
        }
    }

    /// What introspection says of it while it stands: made once, since it tells only what is in it.
    pub fn said(&self, say: impl FnOnce(&AccessClaims<'static>) -> Vec<u8>) -> Bytes {
        let said = self.said.get_or_init(|| say(&self.claims).into());
        said.clone()
    }

    /// Its `jti`.
    #[must_use]
    pub const fn id(&self) -> Option<TokenId> {
        self.id
    }

    /// Whether it was revoked, or a token that it was made of; or the authorization that it hangs on has
    /// ended.
    #[must_use]
    pub fn is_revoked(&self, revoked: &Revoked) -> bool {
        let names = [self.id, self.authorization];
        let mut names = names.iter().flatten().chain(&self.made_of);
        names.any(|id| revoked.has(id))
    }

    /// Whether nothing was told since it was last found to stand.
    fn still_stands(&self, told: Option<u64>) -> bool {
        told.is_some_and(|told| self.stood.load(Ordering::Acquire) == told.wrapping_add(1))
    }

    fn note(&self, told: Option<u64>) {
        if let Some(told) = told
            && self.claims.act.is_none()
        {
            self.stood.store(told.wrapping_add(1), Ordering::Release);
        }
    }
}

/// Reads tokens of ours.
#[derive(Debug)]
pub struct TokenReader {
    issuer: String,
    verified: Cache<[u8; 32], Arc<Verified>>,
}

impl TokenReader {
    /// Reads tokens of this issuer.
    #[must_use]
    pub fn new(issuer: String) -> Self {
        Self {
            issuer,
            verified: Cache::new(REMEMBERED),
        }
    }

    /// The token, if the text is one that we made and that has not expired. Whether it still stands is
    /// another question: [`stands`].
    #[must_use]
    pub fn read(&self, text: &str, keyring: &Keyring, now: UnixTime) -> Option<Arc<Verified>> {
        if text.len() > LONGEST {
            return None;
        }
        let hash = digest::sha256(text.as_bytes());
        // What another keyring opened does not count: a key of it may have been withdrawn since, and a
        // request that began before that may have put it here afterwards.
        let known = self.verified.get(&hash);
        let token = if let Some(known) = known.filter(|known| known.keyring == keyring.number()) {
            known
        } else {
            let claims = open(text, keyring).filter(|claims| claims.iss == self.issuer)?;
            let token = Arc::new(Verified::new(claims, keyring));
            self.verified.insert(hash, Arc::clone(&token));
            token
        };
        (token.claims.exp > now.0).then_some(token)
    }

    /// Gives back the memory of what earlier keyrings verified.
    pub fn forget(&self) {
        self.verified.invalidate_all();
    }
}

/// Whether everything that a token hangs on stands at this moment.
pub async fn stands(
    token: &Verified,
    snapshots: &dyn Snapshots,
    revoked: &Revoked,
    now: UnixTime,
) -> Result<bool, Fault> {
    if token.is_revoked(revoked) {
        return Ok(false);
    }
    // Before the facts are read: what is told meanwhile must count as later.
    let told = snapshots.told();
    if token.still_stands(told) {
        return Ok(token.claims.exp > now.0);
    }
    let facts = token::load(&token.claims, snapshots).await?;
    let stands = token::stands(&token.claims, &facts, false, now);
    if stands {
        token.note(told);
    }
    Ok(stands)
}

fn made_of(claims: &AccessClaims<'_>) -> Vec<TokenId> {
    let via = claims.via.iter().filter_map(|step| step.jti.as_deref());
    let whole = claims.narrowed.iter().map(|narrowed| &*narrowed.of);
    via.chain(whole).filter_map(|id| id.parse().ok()).collect()
}

fn open(text: &str, keyring: &Keyring) -> Option<AccessClaims<'static>> {
    if text.starts_with(Prefixed::AccessToken.prefix()) {
        let sealed = Prefixed::AccessToken.decode(text).ok()?;
        let open = |bound| keyring.sealing().open(&sealed, bound).ok();
        let (plain, bounded) = match open(SEALED_AS) {
            Some(plain) => (plain, false),
            None => (open(BOUNDED_AS)?, true),
        };
        let claims: AccessClaims<'_> = serde_json::from_slice(&plain).ok()?;
        return (claims.narrowed.is_some() == bounded).then(|| claims.into_owned());
    }
    let unverified = Unverified::parse(text, Limits::STRICT).ok()?;
    let header = unverified.header();
    // RFC 8725 section 3.11: an ID token is never an access token.
    if !header
        .typ
        .as_deref()
        .is_some_and(|typ| jwt::is_typ(typ, jwt::TYP_ACCESS_TOKEN))
    {
        return None;
    }
    let key = keyring.verifying(header.key_id.as_deref()?)?;
    let verified = unverified.verify(key).ok()?;
    let claims: AccessClaims<'_> = verified.claims().ok()?;
    claims.narrowed.is_none().then(|| claims.into_owned())
}

#[cfg(test)]
mod tests;

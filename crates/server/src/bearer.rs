//! Access tokens of ours, presented to us: at introspection, at the admin API, at revocation.
//!
//! 1. The text is a sealed `crn_at_…` or a JWT as of RFC 9068; it is opened or verified with our
//!    own keys. What was verified once is remembered by the hash of the text, so that a busy token
//!    costs one hash; nothing but the claims is remembered, never that the token is good.
//! 2. The issuer must be us, and the token must not have expired.
//! 3. Everything that it hangs on must stand at this moment ([`carnet_core::rule::token`]).

use std::sync::Arc;

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

/// How many verified tokens are remembered.
const REMEMBERED: u64 = 20_000;

/// The longest token that is looked at.
const LONGEST: usize = 8 * 1024;

/// What sealed tokens are bound to, so that a sealed thing of another kind is not a token.
pub const SEALED_AS: &[u8] = b"carnet access token 1";

/// Reads tokens of ours.
#[derive(Debug)]
pub struct TokenReader {
    issuer: String,
    verified: Cache<[u8; 32], Arc<AccessClaims<'static>>>,
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

    /// The claims, if the text is a token that we made and that has not expired. Whether it still
    /// stands is another question: [`stands`].
    #[must_use]
    pub fn read(
        &self,
        text: &str,
        keyring: &Keyring,
        now: UnixTime,
    ) -> Option<Arc<AccessClaims<'static>>> {
        if text.len() > LONGEST {
            return None;
        }
        let hash = digest::sha256(text.as_bytes());
        let claims = if let Some(known) = self.verified.get(&hash) {
            known
        } else {
            let claims = Arc::new(open(text, keyring).filter(|claims| claims.iss == self.issuer)?);
            self.verified.insert(hash, Arc::clone(&claims));
            claims
        };
        (claims.exp > now.0).then_some(claims)
    }

    /// Forgets what was verified: a key was withdrawn.
    pub fn forget(&self) {
        self.verified.invalidate_all();
    }
}

/// Whether everything that a token hangs on stands at this moment.
pub async fn stands(
    claims: &AccessClaims<'_>,
    snapshots: &dyn Snapshots,
    revoked: &Revoked,
    now: UnixTime,
) -> Result<bool, Fault> {
    let gone = claims
        .jti
        .parse::<TokenId>()
        .is_ok_and(|id| revoked.has(&id));
    if gone {
        return Ok(false);
    }
    let facts = token::load(claims, snapshots).await?;
    Ok(token::stands(claims, &facts, gone, now))
}

fn open(text: &str, keyring: &Keyring) -> Option<AccessClaims<'static>> {
    if text.starts_with(Prefixed::AccessToken.prefix()) {
        let sealed = Prefixed::AccessToken.decode(text).ok()?;
        let plain = keyring.sealing().open(&sealed, SEALED_AS).ok()?;
        let claims: AccessClaims<'_> = serde_json::from_slice(&plain).ok()?;
        return Some(claims.into_owned());
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
    Some(claims.into_owned())
}

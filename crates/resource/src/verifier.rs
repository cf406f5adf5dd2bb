//! The verifier: a token comes in, and who calls or a refusal comes out.
//!
//! RFC 9068 §4, RFC 7662, google-wire 3.3. The order:
//!
//! 1. A token that was verified a short while ago is known by its SHA-256: at most a minute, and
//!    never past its own end. (Opaque tokens have a memory of their own, which is shorter.)
//! 2. A prefix (`crn_at_`) says that it is opaque: the issuer is asked.
//! 3. Else it is a JWT. `typ` and `iss` say which kind, and so whose keys; nothing else of it is
//!    believed yet. A token of the wrong issuer or kind is refused before any key is looked for.
//! 4. The key is the one that `kid` names; the algorithm is the key's. An unknown `kid` makes the
//!    keys be fetched again, as rarely as [`carnet_client::jwks`] says.
//! 5. The signature, then the claims.
//! 6. A token that has an access boundary is refused, unless the API said that it evaluates it.

use std::fmt;
use std::sync::Arc;

use carnet_client::Clock;
use carnet_client::jwks;
use carnet_jose::JwkSet;
use carnet_jose::Limits;
use carnet_jose::Prefixed;
use carnet_jose::Unverified;
use carnet_jose::digest::sha256;
use carnet_jose::json;
use carnet_jose::jws;
use carnet_jose::jwt::TYP_ACCESS_TOKEN;
use carnet_jose::jwt::is_typ;
use carnet_wire::bearer::MAX_TOKEN_BYTES;
use carnet_wire::bearer::is_b64token;
use carnet_wire::crn::Crn;
use carnet_wire::dpop;
use carnet_wire::legal::Echo;
use http::HeaderMap;
use http::HeaderValue;
use http::Request;
use http::Response;
use moka::sync::Cache;
use serde::Deserialize;

use crate::access_token;
use crate::access_token::Policy;
use crate::account_keys::AccountKeys;
use crate::answers::Answers;
use crate::description::Document;
use crate::description::Publish;
use crate::opaque::Opaque;
use crate::possession::Proofs;
use crate::possession::Shown;
use crate::presented;
use crate::presented::InQuery;
use crate::refusal::Refusal;
use crate::self_signed::SelfSigned;
use crate::self_signed::is_account;
use crate::verified::Verified;

/// How many verified tokens are remembered.
pub(crate) const MOST_REMEMBERED: u64 = 10_000;
/// For how long, in seconds.
const REMEMBERED: i64 = 60;

/// Verifies tokens for one API. Clones share keys and memory.
#[derive(Clone)]
pub struct Verifier(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) policy: Policy,
    pub(crate) keys: jwks::Cache,
    pub(crate) self_signed: Option<(SelfSigned, AccountKeys)>,
    pub(crate) opaque: Option<Opaque>,
    pub(crate) remembered: Cache<[u8; 32], Remembered>,
    pub(crate) answers: Answers,
    pub(crate) proofs: Option<Proofs>,
    pub(crate) described: Option<Arc<Document>>,
    pub(crate) boundaries: bool,
    pub(crate) clock: Clock,
}

#[derive(Clone)]
pub(crate) struct Remembered {
    verified: Verified,
    until: i64,
}

impl Verifier {
    /// Who calls with this bearer token. One that is bound to a key or a certificate is none: it is for
    /// [`Verifier::verify_request`].
    pub async fn verify(&self, token: &str) -> Result<Verified, Refusal> {
        let verified = self.good(token).await?;
        match verified.bound() {
            None => Ok(verified),
            Some(_) => Err(Refusal::new(
                Crn::TOKEN_IS_BOUND,
                "the token is bound, and nothing of the request was looked at",
            )),
        }
    }

    /// Who calls with this request: the token in its header, the proof or the certificate beside it.
    pub async fn verify_request<B>(&self, request: &Request<B>) -> Result<Verified, Refusal> {
        let (query, headers) = (request.uri().query(), request.headers());
        let (scheme, token, _) = presented::token(headers, query, InQuery::Refused)?;
        let shown = Shown {
            scheme,
            token: &token,
            method: request.method(),
            path: request.uri().path(),
            headers,
            extensions: request.extensions(),
        };
        self.verify_shown(shown).await
    }

    pub(crate) async fn verify_shown(&self, shown: Shown<'_>) -> Result<Verified, Refusal> {
        let verified = self.good(shown.token).await?;
        let inner = &*self.0;
        shown.holds(verified.bound(), inner.proofs.as_ref(), inner.clock.now())?;
        Ok(verified)
    }

    /// The nonce that the next proof shall carry, as a header.
    pub(crate) fn tell_nonce(&self, headers: &mut HeaderMap) {
        let inner = &*self.0;
        let nonce = inner.proofs.as_ref();
        let nonce = nonce.and_then(|proofs| proofs.nonce(inner.clock.now()));
        if let Some(Ok(nonce)) = nonce.map(HeaderValue::try_from) {
            headers.insert(dpop::NONCE_HEADER, nonce);
        }
    }

    async fn good(&self, token: &str) -> Result<Verified, Refusal> {
        let inner = &*self.0;
        let outcome = inner.verify(token).await.and_then(|verified| {
            if inner.boundaries || verified.access_boundary().is_none() {
                return Ok(verified);
            }
            let detail = "the token has an access boundary, and this API evaluates none";
            Err(Refusal::new(Crn::TOKEN_HAS_BOUNDARY, detail))
        });
        if let Err(refusal) = &outcome
            && refusal.is_temporary()
        {
            let cause = std::error::Error::source(refusal).map(ToString::to_string);
            tracing::warn!(cause, "a token cannot be checked");
        }
        outcome
    }

    /// A layer that answers with what the API says about itself, at the place where clients look for it
    /// ([`describe`](crate::VerifierBuilder::describe)). Everything else goes on; without a description, everything does.
    pub fn publish(&self) -> Publish {
        Publish(self.0.described.clone())
    }

    /// Whether the API tells strangers about itself.
    pub(crate) fn is_described(&self) -> bool {
        self.0.described.is_some()
    }

    /// What a refused request is answered: status, challenge and body.
    pub fn answer(&self, refusal: &Refusal) -> Response<Vec<u8>> {
        let mut response = self.0.answers.response(refusal);
        self.tell_nonce(response.headers_mut());
        response
    }
}

impl Inner {
    async fn verify(&self, token: &str) -> Result<Verified, Refusal> {
        if token.len() > MAX_TOKEN_BYTES || !is_b64token(token) {
            let detail = "the token is too long, or has characters that no token has";
            return Err(Refusal::new(Crn::TOKEN_MALFORMED, detail));
        }
        match Prefixed::of(token) {
            Some(Prefixed::AccessToken) => match &self.opaque {
                Some(opaque) => opaque.verify(token, &self.policy, &self.clock).await,
                None => Err(kind("opaque tokens are not taken here")),
            },
            Some(_) => Err(kind(
                "a secret of another kind was sent; it should be replaced now",
            )),
            None => self.remember(token).await,
        }
    }

    /// Station 1.
    async fn remember(&self, token: &str) -> Result<Verified, Refusal> {
        let hash = sha256(token);
        let now = self.clock.now();
        if let Some(known) = self.remembered.get(&hash)
            && now < known.until
        {
            return Ok(known.verified);
        }
        let verified = self.jwt(token, now).await?;
        let until = verified.expires().min(now.saturating_add(REMEMBERED));
        let remembered = Remembered {
            verified: verified.clone(),
            until,
        };
        self.remembered.insert(hash, remembered);
        Ok(verified)
    }

    /// Stations 3 to 5.
    async fn jwt(&self, token: &str, now: i64) -> Result<Verified, Refusal> {
        let unverified = Unverified::parse(token, Limits::STRICT)
            .map_err(|refused| Refusal::unreadable(&refused))?;
        let header = unverified.header();
        let key_id = header.key_id.as_deref();
        let issuer = claimed_issuer(&unverified)?;
        let facts = match self.signer(header.typ.as_deref(), &issuer)? {
            Signer::Issuer => {
                let keys = self
                    .keys
                    .keys_for(key_id)
                    .await
                    .map_err(Refusal::unavailable)?;
                let token = signed_by(&unverified, &keys, &self.policy.issuer)?;
                access_token::judge(&token, &self.policy, now)?
            }
            Signer::Account(allowed, accounts) => {
                let keys = accounts.keys_for(&issuer, key_id).await;
                let keys = keys.map_err(Refusal::unavailable)?;
                let token = signed_by(&unverified, &keys, &issuer)?;
                allowed.judge(&token, &issuer, now)?
            }
        };
        Ok(Verified::new(facts))
    }

    /// Whose key it should be, by what the token says. It decides where to look, not what to
    /// believe.
    fn signer(&self, typ: Option<&str>, issuer: &str) -> Result<Signer<'_>, Refusal> {
        if typ.is_some_and(|typ| is_typ(typ, TYP_ACCESS_TOKEN)) {
            self.policy.check_issuer(issuer)?;
            return Ok(Signer::Issuer);
        }
        if !is_account(issuer) {
            self.policy.check_issuer(issuer)?;
            return Err(kind(
                "typ is not at+jwt: this is not an access token, perhaps an ID token",
            ));
        }
        match &self.self_signed {
            None => Err(kind(
                "tokens that service accounts sign themselves are not taken here",
            )),
            Some((allowed, accounts)) if allowed.trusts(issuer) => {
                Ok(Signer::Account(allowed, accounts))
            }
            Some(_) => {
                let detail = format!("self-signed tokens of {} are not taken", Echo::of(issuer));
                Err(Refusal::new(Crn::TOKEN_OF_ANOTHER_ISSUER, detail))
            }
        }
    }
}

enum Signer<'a> {
    Issuer,
    Account(&'a SelfSigned, &'a AccountKeys),
}

/// The `iss`, before the signature was checked: good for finding a key, and for nothing else.
fn claimed_issuer(token: &Unverified<'_>) -> Result<String, Refusal> {
    #[derive(Deserialize)]
    struct Claims {
        iss: String,
    }
    json::typed(token.claims_unverified_for_lookup(), json::CLAIMS_DEPTH)
        .map(|claims: Claims| claims.iss)
        .map_err(|fault| Refusal::new(Crn::TOKEN_MALFORMED, format!("the claims: {fault}")))
}

/// Station 4: the keys that may have signed it, and whether one of them did.
fn signed_by<'a>(
    token: &'a Unverified<'_>,
    keys: &JwkSet,
    whose: &str,
) -> Result<jws::Verified<'a>, Refusal> {
    let key_id = token.header().key_id.as_deref();
    let mut refused = None;
    for candidate in keys.candidates(key_id) {
        match token.verify(&candidate.key) {
            Ok(verified) => return Ok(verified),
            Err(because) => refused = Some(because),
        }
    }
    Err(match refused {
        Some(because) => Refusal::unreadable(&because),
        None => Refusal::new(
            Crn::TOKEN_KEY_UNKNOWN,
            match key_id {
                Some(key_id) => format!("{whose} has no key {}", Echo::of(key_id)),
                None => format!("{whose} has no key that could have signed this"),
            },
        ),
    })
}

fn kind(detail: &str) -> Refusal {
    Refusal::new(Crn::TOKEN_OF_ANOTHER_KIND, detail)
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("policy", &self.0.policy)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

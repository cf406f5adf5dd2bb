//! The signature: step 3 of the engine.
//!
//! 1. The key that `kid` names is tried first, then the others of the same algorithm: a wrong or
//!    missing `kid` is a hint that did not help, not an error (rule 4).
//! 2. Where no key verifies, an unknown account and a known one give the same answer after the same
//!    work: a signature is checked against a decoy where there was nothing to check against.
//! 3. Where one does, the caller has proved that they hold it (level 1), and is told its state.

use std::hint::black_box;
use std::sync::Arc;

use carnet_jose::PublicKey;
use carnet_jose::jws::Unverified;
use carnet_wire::assertion::AssertionClaims;
use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;

use crate::record::KeyState;
use crate::record::ServiceAccountKey;
use crate::rule::Refusal;
use crate::store::AccountSnapshot;
use crate::store::HeldKey;
use crate::value::UnixTime;

/// An assertion whose signature holds under a living key of the account that it names. There is no
/// other way to get one than [`prove`].
#[derive(Debug)]
pub struct Proven<'a> {
    claims: AssertionClaims<'a>,
    snapshot: Arc<AccountSnapshot>,
    key: Arc<ServiceAccountKey>,
    kid: KidHint,
}

/// How helpful the `kid` was.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum KidHint {
    /// It named the key.
    Right,
    /// There was none.
    Absent,
    /// It named another.
    Wrong(Echo),
}

impl<'a> Proven<'a> {
    /// What the signer claims.
    #[must_use]
    pub const fn claims(&self) -> &AssertionClaims<'a> {
        &self.claims
    }

    /// The account that signed.
    #[must_use]
    pub fn snapshot(&self) -> &AccountSnapshot {
        &self.snapshot
    }

    /// The key that verified.
    #[must_use]
    pub fn key(&self) -> &ServiceAccountKey {
        &self.key
    }

    /// Whether the key is one that we hold for the account. Whoever may have something signed by it is bound on the
    /// account, and what they have signed says nothing of who they are.
    #[must_use]
    pub fn is_of_system_key(&self) -> bool {
        let mut held = self.snapshot.system.iter();
        held.any(|system| system.id == self.key.id)
    }

    /// How helpful the `kid` was.
    #[must_use]
    pub const fn kid(&self) -> &KidHint {
        &self.kid
    }
}

/// Who claims to have signed, if that could be an account at all. A service identity has another name, and its token
/// another door ([`super::identity`]).
pub(super) fn issuer<'c>(claims: &'c AssertionClaims<'_>) -> Result<&'c str, Refusal> {
    let Some(issuer) = claims.iss.text() else {
        return Err(issuer_missing());
    };
    if !is_an_account(issuer) {
        let issuer = Echo::of(issuer);
        let detail = format!("iss is '{issuer}'; it must be the e-mail of a service account.");
        return Err(Refusal::new(Crn::ISS_NOT_AN_ACCOUNT, detail));
    }
    Ok(issuer)
}

/// Finds the key under which the signature holds. `decoy` is any key of the assertion's algorithm, or an RSA key of
/// 2048 bits.
pub fn prove<'a>(
    unverified: &Unverified<'_>,
    claims: AssertionClaims<'a>,
    snapshot: Option<Arc<AccountSnapshot>>,
    now: UnixTime,
    decoy: &PublicKey,
) -> Result<Proven<'a>, Refusal> {
    issuer(&claims)?;
    by_a_key(unverified, claims, snapshot, now, decoy)
}

/// The same once `iss` was looked at.
pub(super) fn by_a_key<'a>(
    unverified: &Unverified<'_>,
    claims: AssertionClaims<'a>,
    snapshot: Option<Arc<AccountSnapshot>>,
    now: UnixTime,
    decoy: &PublicKey,
) -> Result<Proven<'a>, Refusal> {
    let kid = unverified.header().key_id.as_deref();
    let Some(snapshot) = snapshot else {
        check_decoy(unverified, decoy);
        return Err(signature_refused("unknown account"));
    };
    let Some(held) = find(unverified, kid, &snapshot.keys) else {
        if !snapshot
            .keys
            .iter()
            .any(|key| key.public.algorithm() == unverified.header().algorithm)
        {
            check_decoy(unverified, decoy);
        }
        return Err(wrong_signature(&snapshot, kid));
    };
    let key = Arc::clone(&held.record);
    living(&key, now)?;
    let kid = match kid {
        None => KidHint::Absent,
        Some(kid) if kid == key.id.as_str() => KidHint::Right,
        Some(kid) => KidHint::Wrong(Echo::of(kid)),
    };
    Ok(Proven {
        claims,
        snapshot,
        key,
        kid,
    })
}

/// The named key first, then the others.
fn find<'k>(
    unverified: &Unverified<'_>,
    kid: Option<&str>,
    keys: &'k [HeldKey],
) -> Option<&'k HeldKey> {
    let named = |key: &&HeldKey| kid == Some(key.record.id.as_str());
    let rest = keys.iter().filter(|key| !named(key));
    keys.iter()
        .filter(named)
        .chain(rest)
        .find(|key| unverified.verify(&key.public).is_ok())
}

/// As much work as a real check, so that time does not tell who exists. What comes of it is nothing: the decoy is a key
/// of our own, and an ID token of ours has its signature.
pub(super) fn check_decoy(unverified: &Unverified<'_>, decoy: &PublicKey) {
    black_box(unverified.verify(decoy).is_ok());
}

/// E-mail form or 21 digits: what can be told from the text alone.
fn is_an_account(issuer: &str) -> bool {
    issuer.parse::<crate::value::UniqueId>().is_ok()
        || issuer.parse::<crate::value::Email>().is_ok()
}

pub(super) fn issuer_missing() -> Refusal {
    let detail = "iss is missing. Put the e-mail of the service account into the claim 'iss'.";
    Refusal::new(Crn::ISS_MISSING, detail)
}

/// One text for everybody below level 1 (`ux.md` 4.2).
pub(super) fn signature_refused(why: &str) -> Refusal {
    let detail = "The signature does not match an active key of this account.";
    Refusal::new(Crn::SIGNATURE, detail).because("why", why)
}

fn wrong_signature(snapshot: &AccountSnapshot, kid: Option<&str>) -> Refusal {
    let known = kid.is_some_and(|kid| {
        snapshot
            .keys
            .iter()
            .any(|key| key.record.id.as_str() == kid)
    });
    let (cause, why) = match (kid, known) {
        (None, _) => (
            Crn::SIGNATURE,
            "no kid, and no key of this account verifies",
        ),
        (Some(_), true) => (
            Crn::SIGNED_WITH_ANOTHER_KEY,
            "kid is right, but another private key signed",
        ),
        (Some(_), false) => (Crn::KID_UNKNOWN, "kid is no key of this account"),
    };
    signature_refused(why)
        .because("cause", cause.to_string())
        .because("account", snapshot.account.email.to_string())
        .because(
            "kid",
            kid.map_or_else(String::new, |kid| Echo::of(kid).to_string()),
        )
}

/// The state of a key, told to whoever holds it. Google answers for all of them that the signature
/// is invalid (google-wire 2.4).
fn living(key: &ServiceAccountKey, now: UnixTime) -> Result<(), Refusal> {
    let refuse = |crn, detail| Err(Refusal::new(crn, detail).because("key", key.id.to_string()));
    if let KeyState::Disabled { since, note, .. } = &key.state {
        let detail = format!("Key {} was disabled on {}.", key.id.short(), since.day());
        return refuse(Crn::KEY_DISABLED, detail)
            .map_err(|no: Refusal| no.because("note", note.to_string()));
    }
    if let Some(expires) = key.expires.filter(|expires| *expires <= now) {
        return refuse(
            Crn::KEY_EXPIRED,
            format!("Key {} expired at {expires}.", key.id.short()),
        );
    }
    Ok(())
}

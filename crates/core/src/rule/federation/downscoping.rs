//! A token of ours is exchanged for a weaker one (google-wire 6.5): the same subject, the same scope, and an
//! access boundary that whoever gets it cannot take off.
//!
//! 1. [`asked`]: the boundary is one ([`carnet_wire::google::access_boundary`]), and nothing else is asked for.
//! 2. The token stands at this moment, as everywhere; whoever holds it may weaken it, so nobody authenticates.
//! 3. [`weaker`]: it has no boundary yet. A second one would have to be compared with the first.
//! 4. Its conditions compile ([`crate::rule::federation::mapping::check_availability`]). The API that is called
//!    evaluates them; what cannot be read there would be found out too late.
//! 5. The new token says what the old one said, lives no longer, hangs on all that the old one hung on and on the
//!    old one itself, and is bound to the same key. It is sealed, whatever the API's own tokens are: a JWT could be
//!    verified by somebody who has never heard of boundaries.

use carnet_wire::crn::Crn;
use carnet_wire::google::access_boundary::AccessBoundary;
use carnet_wire::google::sts::Options;
use carnet_wire::scope::Scope;

use crate::rule::Refusal;
use crate::rule::token::AccessClaims;
use crate::rule::token::Narrowed;
use crate::value::Entropy;
use crate::value::TokenId;
use crate::value::UnixTime;

/// The longest that a weaker token lives, in seconds.
const LIFETIME: i64 = 3_600;

fn wrong(detail: impl Into<String>) -> Refusal {
    Refusal::new(Crn::STS_BOUNDARY, detail)
}

/// The boundary that is asked for.
pub fn asked(options: &Options) -> Result<AccessBoundary, Refusal> {
    if options.bind_cert_fingerprint.is_some() {
        let detail = "bindCertFingerprint cannot be had for this kind of subject_token.";
        return Err(Refusal::new(Crn::STS_OPTIONS, detail));
    }
    let sent = options.access_boundary.as_ref();
    let sent = sent.ok_or_else(|| wrong("options has no accessBoundary."))?;
    AccessBoundary::of(sent).map_err(|fault| wrong(format!("{fault}.")))
}

/// Whether this token may be made weaker, with this scope asked for beside the boundary.
pub fn may(claims: &AccessClaims<'_>, scope: Option<&Scope>) -> Result<(), Refusal> {
    if claims.narrowed.is_some() {
        let detail = "the subject_token has an access boundary already.";
        return Err(Refusal::new(Crn::STS_BOUNDED_ALREADY, detail));
    }
    let same = |scope: &Scope| Scope::parse(&claims.scope).is_ok_and(|own| own == *scope);
    if scope.is_some_and(|scope| !same(scope)) {
        return Err(wrong("the scope stays as it is: leave it out."));
    }
    Ok(())
}

/// What the weaker token says.
#[must_use]
pub fn weaker(
    claims: &AccessClaims<'static>,
    boundary: AccessBoundary,
    (now, entropy): (UnixTime, &mut dyn Entropy),
) -> AccessClaims<'static> {
    let narrowed = Narrowed {
        of: claims.jti.clone(),
        boundary,
    };
    AccessClaims {
        iat: now.0,
        exp: claims.exp.min(now.0.saturating_add(LIFETIME)),
        jti: TokenId::mint(now, entropy).to_string().into(),
        narrowed: Some(Box::new(narrowed)),
        ..claims.clone()
    }
}

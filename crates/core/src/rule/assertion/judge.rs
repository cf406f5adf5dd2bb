//! The claims: step 4 of the engine, with the policy of the service-account trust (google-wire 2.2
//! and 2.4). All of it follows from the caller's own request, our clock and our public names, so
//! every fault is told with what was measured.
//!
//! 1. `iat` and `exp` are there and are times.
//! 2. The window is short and is now: `exp > iat`, at most 3900 s, 300 s of tolerance for clocks.
//! 3. Something is asked for: a scope, or the audience of an ID token.
//! 4. `aud` is us. It is a set of names (rule 1).
//! 5. `sub`, where it names somebody else, is an e-mail address.

use std::collections::HashSet;

use carnet_wire::assertion::AssertionClaims;
use carnet_wire::assertion::TextClaim;
use carnet_wire::assertion::TimeClaim;
use carnet_wire::crn::Crn;
use carnet_wire::google;
use carnet_wire::google_text;
use carnet_wire::legal::Echo;
use carnet_wire::scope::Scope;
use carnet_wire::scope::without_commas;

use crate::record::KeyOrigin;
use crate::rule::Refusal;
use crate::rule::assertion::Proven;
use crate::value::Email;
use crate::value::Seconds;
use crate::value::UnixTime;

/// How wrong a clock may be (decided in `ux.md` section 10).
pub(super) const TOLERANCE: Seconds = Seconds(300);

/// How long an assertion may live: Google's hour and the five minutes that its table allows.
const LONGEST: Seconds = Seconds(3_900);

/// The most characters of a `target_audience`.
const LONGEST_TARGET: usize = 1_024;

/// What an assertion asks for, once its claims are in order.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Asked {
    /// An access token for these, or an ID token.
    pub what: Wanted,
    /// For whom, if not for the account itself.
    pub for_user: Option<Email>,
    /// Whether both a scope and a target audience were named. Google gives the ID token.
    pub both: bool,
    /// When the assertion ends, tolerance included: how long a `jti` must be remembered.
    pub remembered_until: UnixTime,
}

/// Which token is wanted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Wanted {
    /// An access token with this scope.
    Access(Scope),
    /// An ID token for this audience (rule 9).
    Id(String),
    /// An access token for one API, as a service identity asks (google-wire 8.4).
    At {
        /// The API's identifier.
        api: String,
        /// Its scopes that are wanted; all that the account may have where none is named.
        scope: Option<Scope>,
    },
}

/// The names under which our token endpoint is known: each public URL of it, and the issuer.
#[derive(Clone, Debug, Default)]
pub struct OwnAudiences(HashSet<String>);

impl OwnAudiences {
    /// The names of the token endpoint of this issuer, aliases included.
    #[must_use]
    pub fn of(issuer: &str) -> Self {
        let issuer = issuer.trim_end_matches('/');
        let paths = ["", "/", "/token", "/oauth2/v4/token", "/o/oauth2/token"];
        Self(paths.iter().map(|path| format!("{issuer}{path}")).collect())
    }

    /// Whether this is one of them.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// All of them.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// Holds the claims against the policy. `google` says whether Google's own names for its token
/// endpoint are accepted with a key of this origin.
pub fn judge(
    proven: &Proven<'_>,
    own: &OwnAudiences,
    google_for_uploaded: bool,
    now: UnixTime,
) -> Result<Asked, Refusal> {
    let claims = proven.claims();
    let expires = window(claims, now)?;
    let (what, both) = wanted(claims)?;
    let google = google_for_uploaded || proven.key().origin == KeyOrigin::Made;
    audience(claims, own, google)?;
    let for_user = user(proven)?;
    Ok(Asked {
        what,
        for_user,
        both,
        remembered_until: expires + TOLERANCE,
    })
}

pub(super) fn window(claims: &AssertionClaims<'_>, now: UnixTime) -> Result<UnixTime, Refusal> {
    let issued = moment("iat", &claims.iat)?;
    let expires = moment("exp", &claims.exp)?;
    let life = expires - issued;
    let ahead = issued - now;
    let (crn, detail) = if expires <= issued {
        (
            Crn::EXP_BEFORE_IAT,
            format!("exp is {} before iat.", issued - expires),
        )
    } else if ahead > TOLERANCE {
        let detail = format!(
            "iat is {ahead} in the future (limit {TOLERANCE}). The clock of the machine that signs is ahead of this server."
        );
        (Crn::IAT_IN_THE_FUTURE, detail)
    } else if now - expires > TOLERANCE {
        let detail = format!(
            "exp passed {} ago. Sign a new JWT for each request, or the clock of the machine that signs is behind.",
            now - expires
        );
        (Crn::EXP_PASSED, detail)
    } else if life > LONGEST && now - issued > LONGEST {
        let detail = format!(
            "iat is {} in the past although exp is valid: JWTs that were made in advance are refused.",
            now - issued
        );
        (Crn::IAT_TOO_OLD, detail)
    } else if life > LONGEST {
        let detail = format!(
            "lifetime is {} s (exp minus iat). The limit is 3600 s.",
            life.0
        );
        (Crn::LIFETIME_TOO_LONG, detail)
    } else {
        return Ok(expires);
    };
    Err(short_lived(crn, detail))
}

fn moment(name: &'static str, claim: &TimeClaim) -> Result<UnixTime, Refusal> {
    let sentence = if name == "iat" {
        google_text::IAT_NOT_SET
    } else {
        google_text::EXP_NOT_SET
    };
    let not_a_time = |detail: String| Refusal::new(Crn::TIME_NOT_A_NUMBER, detail).says(sentence);
    match claim {
        TimeClaim::Seconds(seconds) => Ok(UnixTime(*seconds)),
        TimeClaim::Absent => Err(not_a_time(format!("{name} is missing."))),
        TimeClaim::Milliseconds(sent) => Err(short_lived(
            Crn::TIME_IN_MILLISECONDS,
            format!("{name} {sent} is in milliseconds. Use seconds."),
        )),
        TimeClaim::OutOfRange => Err(not_a_time(format!("{name} is no time that can be meant."))),
        TimeClaim::Fraction(sent) => {
            Err(not_a_time(format!("{name} is {sent}, not a whole number.")))
        }
        TimeClaim::NotDigits(sent) => Err(not_a_time(format!(
            "{name} is the string '{sent}'. Use a number of seconds."
        ))),
        TimeClaim::WrongType(kind) => Err(not_a_time(format!("{name} is {kind}, not a number."))),
    }
}

fn short_lived(crn: Crn, detail: String) -> Refusal {
    Refusal::new(crn, detail)
}

/// A scope or a target audience. Where both are named, the ID token wins, as at Google
/// (google-wire 2.2); a strict project refuses later.
pub(super) fn wanted(claims: &AssertionClaims<'_>) -> Result<(Wanted, bool), Refusal> {
    let asked = [
        ("scope", &claims.scope),
        ("target_audience", &claims.target_audience),
    ];
    for (name, claim) in asked {
        if let TextClaim::WrongType(kind) = claim {
            let detail = format!("{name} is {kind}. It must be one string.");
            return Err(invalid_scope(Crn::SCOPE_MALFORMED, &detail));
        }
    }
    let scope = claims.scope.text();
    if let Some(target) = claims.target_audience.text() {
        if target.len() > LONGEST_TARGET || target.chars().any(char::is_control) {
            let detail =
                "target_audience is longer than 1024 characters, or has control characters.";
            return Err(invalid_scope(Crn::SCOPE_MALFORMED, detail));
        }
        return Ok((Wanted::Id(target.to_owned()), scope.is_some()));
    }
    let Some(text) = scope else {
        return Err(if claims.has_scopes {
            invalid_scope(
                Crn::SCOPES_MISNAMED,
                "the claim is called 'scopes'. It must be 'scope'.",
            )
        } else {
            let detail = "scope is empty. Put a space-separated list into the claim 'scope'.";
            invalid_scope(Crn::SCOPE_EMPTY, detail)
        });
    };
    if let Some(meant) = without_commas(text) {
        let detail = format!(
            "scope contains commas. Separate scopes with spaces: {}",
            Echo::of(&meant)
        );
        return Err(invalid_scope(Crn::SCOPE_WITH_COMMAS, &detail));
    }
    match Scope::parse(text) {
        Ok(scope) if scope.is_empty() => {
            let detail = "scope is empty. Put a space-separated list into the claim 'scope'.";
            Err(invalid_scope(Crn::SCOPE_EMPTY, detail))
        }
        Ok(scope) => Ok((Wanted::Access(scope), false)),
        Err(fault) => Err(invalid_scope(Crn::SCOPE_MALFORMED, &fault.to_string())),
    }
}

fn invalid_scope(crn: Crn, detail: &str) -> Refusal {
    Refusal::new(crn, detail)
}

/// Every name in `aud` must be ours: one that also addresses somebody else could be replayed there,
/// or come from there.
pub(super) fn audience(
    claims: &AssertionClaims<'_>,
    own: &OwnAudiences,
    google: bool,
) -> Result<(), Refusal> {
    let ours = |name: &str| own.has(name) || (google && google::TOKEN_AUDIENCES.contains(&name));
    let mut names = claims.aud.iter().peekable();
    let refuse = |detail: String| Err(Refusal::new(Crn::AUDIENCE, detail));
    if names.peek().is_none() {
        return refuse("aud is missing. It must be the URL of this token endpoint.".to_owned());
    }
    match names.find(|name| !ours(name)) {
        None => Ok(()),
        Some(other) if google::TOKEN_AUDIENCES.contains(&other) => refuse(format!(
            "aud is Google's '{other}', and the key was uploaded. The project can accept that audience for uploaded keys."
        )),
        Some(other) => {
            let other = Echo::of(other);
            refuse(format!(
                "aud is '{other}'. It must be the URL of this token endpoint, or the issuer."
            ))
        }
    }
}

/// Whom to act for. Null, empty, the account's e-mail and its number mean nobody else (rule 6).
fn user(proven: &Proven<'_>) -> Result<Option<Email>, Refusal> {
    let account = &proven.snapshot().account;
    delegated(
        proven.claims(),
        &[account.email.as_str(), account.unique_id.as_str()],
    )
}

/// The user whom the claims name, if it is somebody else than the account under these names.
pub(super) fn delegated(
    claims: &AssertionClaims<'_>,
    own: &[&str],
) -> Result<Option<Email>, Refusal> {
    let named = claims.delegated_user().map_err(|fault| {
        Refusal::new(fault.crn(), format!("{fault}.")).says(google_text::INVALID_SUB)
    })?;
    let Some(name) = named.filter(|name| !own.contains(name)) else {
        return Ok(None);
    };
    name.parse().map(Some).map_err(|_| {
        let name = Echo::of(name);
        let sentence = format!("{}{name}", google_text::INVALID_SUB);
        let detail = "sub is not an e-mail address.";
        Refusal::new(Crn::SUB_NOT_AN_EMAIL, detail).says(sentence)
    })
}

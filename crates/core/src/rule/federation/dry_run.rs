//! Whether a provider would let a token in, and as whom: every step of the exchange, for the owner's eyes (pains P3).
//!
//! The steps are judged by the same rules as a real request ([`foreign`], [`Mapping`]), so that the two cannot
//! differ. Where a step fails the others go on as far as they can: an owner with a token of yesterday wants to know
//! about the condition too. Nothing is issued, and nothing is written.
//!
//! 1. `provider`: it, its pool and its project are in use.
//! 2. `token`: it can be read, and is of a kind that is taken.
//! 3. `issuer`: it is of the provider's issuer.
//! 4. `keys`: the issuer's keys are there.
//! 5. `signature`, `audience`, `times`: as they are judged, in this order. An assertion of SAML says whose it is only once
//!    its signature holds, so there `issuer` comes after it. Each kind of credential has its order ([`judged`]).
//! 6. Each mapping by its key, and `attribute_condition`. They are tried on claims that nothing proved, too.
//! 7. `principal`: who it would be, if nothing failed.

use carnet_jose::JwkSet;
use carnet_jose::jws::Limits;
use carnet_jose::jws::Unverified;
use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use serde_json::Value;

use crate::rule::Refusal;
use crate::rule::assertion::foreign;
use crate::rule::assertion::foreign::Foreign;
use crate::rule::assertion::foreign::Trust;
use crate::rule::federation::mapping::Came;
use crate::rule::federation::mapping::Faulty;
use crate::rule::federation::mapping::Mapped;
use crate::rule::federation::mapping::Mapping;
use crate::rule::federation::mapping::Step as MappingStep;
use crate::value::UnixTime;

/// How many groups are shown.
const SHOWN: usize = 20;

/// A step of the exchange.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Which: one of the words above, or the key of a mapping.
    pub name: String,
    /// How it came out.
    pub outcome: Outcome,
    /// What was found.
    pub detail: String,
    /// The cause, where it failed.
    pub crn: Option<Crn>,
    /// The expression, where it is one.
    pub expression: Option<String>,
}

/// How a step came out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// In order.
    Pass,
    /// The exchange would end here.
    Fail,
    /// It could not be looked at, because of another that failed.
    Skipped,
}

/// What the dry run found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Every step.
    pub steps: Vec<Step>,
    /// What the mapping gave, whether or not the token was proved; nothing where it gave nobody.
    pub mapped: Option<Mapped>,
}

impl Found {
    /// Whether the provider would let the token in.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        let passed = |step: &Step| step.outcome == Outcome::Pass;
        self.mapped.is_some() && self.steps.iter().all(passed)
    }

    /// Ends where the provider's expressions cannot be used: another version of this program saved them.
    pub fn unusable(&mut self, faulty: &Faulty) {
        let refusal = Refusal::new(Crn::FOREIGN_MAPPING, format!("{faulty}"));
        self.note(Step::fail(&faulty.which, &refusal));
    }

    fn note(&mut self, step: Step) {
        self.steps.push(step);
    }
}

impl Step {
    fn pass(name: &str, detail: impl Into<String>) -> Self {
        Self::new(name, Outcome::Pass, detail.into())
    }

    fn skipped(name: &str, why: &str) -> Self {
        Self::new(name, Outcome::Skipped, why.to_owned())
    }

    /// A no with all of its story: the owner reads it.
    fn fail(name: &str, refusal: &Refusal) -> Self {
        let story = refusal.story.iter();
        let story = story.map(|(name, value)| format!(" {}: {value}.", name.replace('_', " ")));
        let detail = format!("{}{}", refusal.detail, story.collect::<String>());
        Self {
            crn: Some(refusal.crn),
            ..Self::new(name, Outcome::Fail, detail)
        }
    }

    fn new(name: &str, outcome: Outcome, detail: String) -> Self {
        Self {
            name: name.to_owned(),
            outcome,
            detail,
            crn: None,
            expression: None,
        }
    }
}

/// Begins with what is known of the provider: why it lets nobody in, if it does not.
#[must_use]
pub fn begin(provider: &str, off: Option<&str>) -> Found {
    let step = match off {
        None => Step::pass("provider", provider),
        Some(why) => {
            let detail = format!("{why}.");
            Step::fail("provider", &Refusal::new(Crn::STS_TARGET, detail))
        }
    };
    Found {
        steps: vec![step],
        mapped: None,
    }
}

/// Reads the token, and asks whether it is of the issuer. Only then are keys looked for.
pub fn read<'t>(found: &mut Found, text: &'t str, trust: Trust<'_>) -> Option<Foreign<'t>> {
    let foreign = match foreign::read(text) {
        Ok(foreign) => foreign,
        Err(refusal) => {
            found.note(Step::fail("token", &refusal));
            skip(
                found,
                &["issuer", "keys", "signature", "audience", "times"],
                "the token cannot be read",
            );
            return None;
        }
    };
    found.note(Step::pass("token", "a JWT that can be read"));
    if let Err(refusal) = foreign.is_of(trust) {
        found.note(Step::fail("issuer", &refusal));
        skip(
            found,
            &["keys", "signature", "audience", "times"],
            "it is of another issuer",
        );
        return None;
    }
    found.note(Step::pass("issuer", trust.issuer));
    Some(foreign)
}

/// Holds the token against the issuer's keys, or says why there are none.
pub fn verify(
    found: &mut Found,
    foreign: &Foreign<'_>,
    keys: Result<&JwkSet, &Refusal>,
    trust: Trust<'_>,
    now: UnixTime,
) {
    let keys = match keys {
        Ok(keys) => keys,
        Err(refusal) => {
            found.note(Step::fail("keys", refusal));
            skip(
                found,
                &["signature", "audience", "times"],
                "there are no keys",
            );
            return;
        }
    };
    found.note(Step::pass(
        "keys",
        format!("{} of the issuer", keys.keys.len()),
    ));
    let judged = foreign::vouch(foreign, keys, trust, now);
    let refusal = match judged {
        Ok(vouched) => {
            found.note(Step::pass("signature", "holds"));
            found.note(Step::pass("audience", "is one that is taken"));
            let until = vouched.expires().rfc3339();
            return found.note(Step::pass("times", format!("good until {until}")));
        }
        Err(refusal) => refusal,
    };
    if refusal.crn == Crn::FOREIGN_SIGNATURE {
        found.note(Step::fail("signature", &refusal));
        return skip(found, &["audience", "times"], "the signature does not hold");
    }
    found.note(Step::pass("signature", "holds"));
    if refusal.crn == Crn::FOREIGN_AUDIENCE {
        found.note(Step::fail("audience", &refusal));
        return skip(found, &["times"], "the audience comes first");
    }
    found.note(Step::pass("audience", "is one that is taken"));
    found.note(Step::fail("times", &refusal));
}

/// An assertion whose signature holds.
#[derive(Clone, Debug)]
pub struct Asserted {
    /// What it says, as mappings read it.
    pub claims: Value,
    /// Until when it is taken, or why it is not.
    pub judged: Result<UnixTime, Refusal>,
}

/// The steps of a credential that is no JWT, in the order in which it is judged: how each is called, the causes that end
/// it, and what is said where it is in order.
pub type Judged = [(&'static str, &'static [Crn], &'static str)];

/// Those of an assertion of SAML.
pub const OF_ASSERTIONS: &Judged = &[
    (
        "token",
        &[Crn::FOREIGN_MALFORMED, Crn::STS_NO_SAML],
        "a SAML assertion that can be read",
    ),
    ("signature", &[Crn::FOREIGN_SIGNATURE], "holds"),
    ("issuer", &[Crn::FOREIGN_ISSUER], "is the provider's"),
    ("audience", &[Crn::FOREIGN_AUDIENCE], "is one that is taken"),
    ("times", &[Crn::FOREIGN_EXPIRED, Crn::FOREIGN_TIMES], ""),
];

/// Those of a request that was signed for AWS.
pub const OF_AWS: &Judged = &[
    (
        "token",
        &[Crn::FOREIGN_MALFORMED],
        "a signed request that can be read",
    ),
    ("audience", &[Crn::FOREIGN_AUDIENCE], "is the provider"),
    (
        "times",
        &[Crn::FOREIGN_EXPIRED, Crn::FOREIGN_TIMES],
        "was signed just now",
    ),
    ("keys", &[Crn::FOREIGN_KEYS], "who signed could be asked"),
    ("signature", &[Crn::FOREIGN_SIGNATURE], "holds"),
    (
        "issuer",
        &[Crn::FOREIGN_ISSUER],
        "is the provider's account",
    ),
];

/// Those of a chain of certificates. Whether the connection proves the key cannot be looked at here.
pub const OF_CHAINS: &Judged = &[
    (
        "token",
        &[Crn::FOREIGN_MALFORMED],
        "certificates that can be read",
    ),
    (
        "signature",
        &[Crn::FOREIGN_SIGNATURE],
        "the chain leads to an authority",
    ),
    ("times", &[Crn::FOREIGN_EXPIRED], ""),
];

/// Notes the steps of a credential that was read and judged elsewhere: until when it is taken, or why it is not.
pub fn judged(found: &mut Found, steps: &Judged, outcome: Result<UnixTime, &Refusal>) {
    let mut ended = false;
    for (name, causes, said) in steps {
        let refusal = outcome
            .err()
            .filter(|refusal| causes.contains(&refusal.crn));
        found.note(match (refusal, outcome) {
            _ if ended => Step::skipped(name, "an earlier step failed"),
            (Some(refusal), _) => {
                ended = true;
                Step::fail(name, refusal)
            }
            (None, Ok(until)) if said.is_empty() => {
                Step::pass(name, format!("good until {}", until.rfc3339()))
            }
            (None, _) => Step::pass(name, *said),
        });
    }
}

fn skip(found: &mut Found, names: &[&str], why: &str) {
    for name in names {
        found.note(Step::skipped(name, why));
    }
}

/// Tries the mapping and the condition on what the token says, and ends with who it would be.
pub fn map(
    found: &mut Found,
    claims: Option<&Value>,
    mapping: &Mapping,
    principal: impl Fn(&str) -> String,
) {
    let Some(claims) = claims else {
        return skip(
            found,
            &["attribute_mapping", "principal"],
            "the token cannot be read",
        );
    };
    let trace = mapping.trace(claims);
    for step in trace.steps {
        found.note(mapped(step));
    }
    let Ok(who) = trace.outcome else {
        return skip(
            found,
            &["principal"],
            "the mapping and the condition give nobody",
        );
    };
    let name = principal(&who.subject);
    let all_passed = found.steps.iter().all(|step| step.outcome == Outcome::Pass);
    found.note(if all_passed {
        Step::pass("principal", name)
    } else {
        Step::skipped("principal", &format!("it would be {name}"))
    });
    found.mapped = Some(who);
}

/// The claims of a JWT of which nothing is known to be true.
#[must_use]
pub fn claims(text: &str) -> Option<Value> {
    let unverified = Unverified::parse(text, Limits::STRICT).ok()?;
    let claims: Value = serde_json::from_slice(unverified.claims_unverified_for_lookup()).ok()?;
    claims.is_object().then_some(claims)
}

fn mapped(step: MappingStep) -> Step {
    let name = step.which.as_str();
    let mut noted = match step.came {
        Came::Text(text) => Step::pass(name, format!("'{}'", Echo::of(&text))),
        Came::List(all) => Step::pass(name, listed(&all)),
        Came::True => Step::pass(name, "true"),
        Came::False(term) => {
            let refusal = Refusal::new(Crn::FOREIGN_CONDITION, format!("{term}."));
            Step::fail(name, &refusal)
        }
        Came::Failed(why) => Step::fail(name, &Refusal::new(Crn::FOREIGN_MAPPING, why)),
    };
    noted.expression = Some(step.text);
    noted
}

fn listed(all: &[String]) -> String {
    let shown = all.iter().take(SHOWN);
    let shown: Vec<_> = shown.map(|one| format!("'{}'", Echo::of(one))).collect();
    match all.len().saturating_sub(SHOWN) {
        0 => format!("[{}]", shown.join(", ")),
        more => format!("[{}] and {more} more", shown.join(", ")),
    }
}

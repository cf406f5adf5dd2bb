//! Whether a provider would let a token in, and as whom: every step of the exchange, for the owner's eyes (pains P3).
//!
//! The steps are judged by the same rules as a real request ([`crate::rule::dry_run`], [`Mapping`]), so that the two cannot
//! differ. Where a step fails the others go on as far as they can: an owner with a token of yesterday wants to know
//! about the condition too. Nothing is issued, and nothing is written.
//!
//! 1. `provider`: it, its pool and its project are in use.
//! 2. `token`: it can be read, and is of a kind that is taken.
//! 3. `issuer`: it is of the provider's issuer.
//! 4. `keys`: the issuer's keys are there.
//! 5. `signature`, `audience`, `times`: as they are judged, in this order. An assertion of SAML says whose it is only once
//!    its signature holds, so there `issuer` comes after it. Each kind of credential has its order ([`judged`]).
//!    `possession`, where a JWT is bound to a key.
//! 6. Each mapping by its key, and `attribute_condition`. They are tried on claims that nothing proved, too.
//! 7. `principal`: who it would be, if nothing failed.

use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use serde_json::Value;

use crate::rule::Refusal;
use crate::rule::dry_run::Step;
use crate::rule::dry_run::Steps;
use crate::rule::federation::mapping::Came;
use crate::rule::federation::mapping::Faulty;
use crate::rule::federation::mapping::Mapped;
use crate::rule::federation::mapping::Mapping;
use crate::rule::federation::mapping::Step as MappingStep;
use crate::value::UnixTime;

/// How many groups are shown.
const SHOWN: usize = 20;

/// What the dry run found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Every step.
    pub steps: Steps,
    /// What the mapping gave, whether or not the token was proved; nothing where it gave nobody.
    pub mapped: Option<Mapped>,
}

impl Found {
    /// Whether the provider would let the token in.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.mapped.is_some() && self.steps.all_passed()
    }

    /// Ends where the provider's expressions cannot be used: another version of this program saved them.
    pub fn unusable(&mut self, faulty: &Faulty) {
        let refusal = Refusal::new(Crn::FOREIGN_MAPPING, format!("{faulty}"));
        self.steps.note(Step::fail(&faulty.which, &refusal));
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
        steps: Steps::from(step),
        mapped: None,
    }
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
        found.steps.note(match (refusal, outcome) {
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

/// Tries the mapping and the condition on what the token says, and ends with who it would be.
pub fn map(
    found: &mut Found,
    claims: Option<&Value>,
    mapping: &Mapping,
    principal: impl Fn(&str) -> String,
) {
    let Some(claims) = claims else {
        return found.steps.skip(
            &["attribute_mapping", "principal"],
            "the token cannot be read",
        );
    };
    let trace = mapping.trace(claims);
    for step in trace.steps {
        found.steps.note(mapped(step));
    }
    let Ok(who) = trace.outcome else {
        return found
            .steps
            .skip(&["principal"], "the mapping and the condition give nobody");
    };
    let name = principal(&who.subject);
    found.steps.note(if found.steps.all_passed() {
        Step::pass("principal", name)
    } else {
        Step::skipped("principal", &format!("it would be {name}"))
    });
    found.mapped = Some(who);
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

//! Dry runs: what would be done with a token that somebody else signed, step by step, for the owner's eyes (pains P3).
//!
//! Each step is judged by the rules of the real request, so that the two cannot differ; nothing is issued, and nothing is
//! written. Here is what dry runs have in common: [`Steps`], and the first steps of a JWT of an issuer elsewhere
//! ([`Steps::read`], [`Steps::verify`], [`Steps::possession`]). What comes then is in [`crate::rule::federation::dry_run`] and
//! [`crate::rule::grant::trusted_issuer::dry_run`].

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
use crate::rule::assertion::foreign::Vouched;
use crate::rule::possession::elsewhere;
use crate::value::UnixTime;

/// A step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Which.
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
    /// The request would end here.
    Fail,
    /// It could not be looked at, because of another that failed.
    Skipped,
}

impl Step {
    pub(in crate::rule) fn pass(name: &str, detail: impl Into<String>) -> Self {
        Self::new(name, Outcome::Pass, detail.into())
    }

    pub(in crate::rule) fn skipped(name: &str, why: &str) -> Self {
        Self::new(name, Outcome::Skipped, why.to_owned())
    }

    /// A no with all of its story: the owner reads it.
    pub(in crate::rule) fn fail(name: &str, refusal: &Refusal) -> Self {
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

/// The steps so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Steps(Vec<Step>);

impl From<Step> for Steps {
    fn from(first: Step) -> Self {
        Self(vec![first])
    }
}

impl IntoIterator for Steps {
    type Item = Step;
    type IntoIter = std::vec::IntoIter<Step>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Steps {
    /// Whether each of them is in order.
    #[must_use]
    pub fn all_passed(&self) -> bool {
        self.0.iter().all(|step| step.outcome == Outcome::Pass)
    }

    pub(in crate::rule) fn note(&mut self, step: Step) {
        self.0.push(step);
    }

    pub(in crate::rule) fn skip(&mut self, names: &[&str], why: &str) {
        self.0
            .extend(names.iter().map(|name| Step::skipped(name, why)));
    }

    /// Calls causes what another endpoint calls them.
    pub(in crate::rule) fn rename(&mut self, called: impl Fn(Crn) -> Crn) {
        for step in &mut self.0 {
            step.crn = step.crn.map(&called);
        }
    }

    /// `token`, `issuer`: reads the token, and asks whether it is of the issuer. Only then are keys looked for.
    pub fn read<'t>(&mut self, text: &'t str, trust: Trust<'_>) -> Option<Foreign<'t>> {
        let behind = ["issuer", "keys", "signature", "audience", "times"];
        let foreign = match foreign::read(text) {
            Ok(foreign) => foreign,
            Err(refusal) => {
                self.note(Step::fail("token", &refusal));
                self.skip(&behind, "the token cannot be read");
                return None;
            }
        };
        self.note(Step::pass("token", "a JWT that can be read"));
        if let Err(refusal) = foreign.is_of(trust) {
            self.note(Step::fail("issuer", &refusal));
            self.skip(&behind[1..], "it is of another issuer");
            return None;
        }
        self.note(Step::pass("issuer", trust.issuer));
        Some(foreign)
    }

    /// `keys`, `signature`, `audience`, `times`: holds the token against the issuer's keys, or says why there are none.
    pub fn verify(
        &mut self,
        foreign: &Foreign<'_>,
        keys: Result<&JwkSet, &Refusal>,
        trust: Trust<'_>,
        now: UnixTime,
    ) -> Option<Vouched> {
        let keys = match keys {
            Ok(keys) => keys,
            Err(refusal) => {
                self.note(Step::fail("keys", refusal));
                self.skip(&["signature", "audience", "times"], "there are no keys");
                return None;
            }
        };
        self.note(Step::pass(
            "keys",
            format!("{} of the issuer", keys.keys.len()),
        ));
        match foreign::vouch(foreign, keys, trust, now) {
            Ok(vouched) => {
                self.note(Step::pass("signature", "holds"));
                self.note(Step::pass("audience", "is one that is taken"));
                let until = vouched.expires().rfc3339();
                self.note(Step::pass("times", format!("good until {until}")));
                Some(vouched)
            }
            Err(refusal) => {
                self.not_vouched(&refusal);
                None
            }
        }
    }

    /// `possession`: what the request must prove, where the claims say that their token is bound to a key. Whether it does
    /// cannot be looked at here.
    pub fn possession(&mut self, claims: &Value) {
        match elsewhere::bound(claims) {
            Ok(None) => {}
            Ok(Some(bound)) => {
                let jkt = bound
                    .jkt
                    .map(|jkt| format!("the key {} by a proof in the header DPoP", Echo::of(&jkt)));
                let digest = bound.certificate.map(|digest| {
                    format!("the certificate {} by the connection", Echo::of(&digest))
                });
                let wanted: Vec<_> = jkt.into_iter().chain(digest).collect();
                let detail = format!("the request must prove {}", wanted.join(", and "));
                self.note(Step::pass("possession", detail));
            }
            Err(refusal) => self.note(Step::fail("possession", &refusal)),
        }
    }

    fn not_vouched(&mut self, refusal: &Refusal) {
        if refusal.crn == Crn::FOREIGN_SIGNATURE {
            self.note(Step::fail("signature", refusal));
            return self.skip(&["audience", "times"], "the signature does not hold");
        }
        self.note(Step::pass("signature", "holds"));
        if refusal.crn == Crn::FOREIGN_MALFORMED {
            // What was signed is read strictly only now.
            if let Some(token) = self.0.iter_mut().find(|step| step.name == "token") {
                *token = Step::fail("token", refusal);
            }
            return self.skip(&["audience", "times"], "the token cannot be read");
        }
        if refusal.crn == Crn::FOREIGN_AUDIENCE {
            self.note(Step::fail("audience", refusal));
            return self.skip(&["times"], "the audience comes first");
        }
        self.note(Step::pass("audience", "is one that is taken"));
        self.note(Step::fail("times", refusal));
    }
}

/// The claims of a JWT of which nothing is known to be true.
#[must_use]
pub fn claims(text: &str) -> Option<Value> {
    let unverified = Unverified::parse(text, Limits::STRICT).ok()?;
    let claims: Value = serde_json::from_slice(unverified.claims_unverified_for_lookup()).ok()?;
    claims.is_object().then_some(claims)
}

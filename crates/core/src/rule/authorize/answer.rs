//! What a person answers, and what that gives the app.
//!
//! 1. The answer is held against the question as it is now: a scope that was not asked is not granted,
//!    whatever the form says.
//! 2. A yes is remembered, scope by scope; what the person left out is forgotten.

use std::collections::BTreeMap;

use carnet_wire::crn::Crn;
use carnet_wire::scope::Scope;
use carnet_wire::scope::ScopeToken;
use serde_json::json;

use crate::record::AuditDraft;
use crate::record::Client;
use crate::record::Consent;
use crate::record::Outcome;
use crate::rule::Refusal;
use crate::rule::Verdict;
use crate::rule::admin::Context;
use crate::rule::authorize::Answer;
use crate::rule::authorize::Asked;
use crate::rule::authorize::Destination;
use crate::rule::authorize::Facts;
use crate::rule::authorize::Moment;
use crate::rule::authorize::consent::whole;
use crate::rule::authorize::step;
use crate::rule::grant::authorization_code::Code;
use crate::store::Catalog;
use crate::store::Change;
use crate::store::Record;
use crate::value::Entropy;
use crate::value::UnixTime;
use crate::value::Version;

/// What a person's answer gives the app. The request is judged as if it had just come: whoever is no longer
/// signed in, or may no longer use the app, gets no code however old the page is.
#[must_use]
pub fn answer(
    (asked, destination, facts): (&Asked, &Destination, &Facts),
    answer: Answer<'_>,
    catalog: &Catalog,
    (answered, context): (bool, &Context<'_>),
    entropy: &mut dyn Entropy,
) -> Verdict<Code> {
    let moment = Moment {
        answered,
        now: context.now,
    };
    if !step::fresh(asked, facts, moment) {
        let detail = "the person must sign in again.";
        return Verdict::refuse(Refusal::new(Crn::LOGIN_REQUIRED, detail));
    }
    if let Err(refusal) = step::may_use(destination.project(), facts) {
        return Verdict::refuse(refusal);
    }
    if let Err(refusal) = step::blocked(destination.project(), facts, &asked.scope) {
        return Verdict::refuse(refusal);
    }
    if !answer.allow {
        return Verdict::refuse(denied("The user pressed Cancel."));
    }
    let question = whole(asked, destination, facts.consent.as_ref(), catalog, None);
    let granted = question.granted(answer);
    if granted.is_empty() && asked.details.is_none() {
        return Verdict::refuse(denied("The user allowed nothing."));
    }
    let of = (destination.client(), &asked.scope);
    let remembered = remember(of, facts, ("consent.allow", &granted), context);
    let stamp = (context.now, entropy);
    match Code::new(asked, destination, facts, granted, stamp) {
        Ok(code) => Verdict::allow(code, remembered),
        Err(refusal) => Verdict::refuse(refusal),
    }
}

fn denied(detail: &str) -> Refusal {
    Refusal::new(Crn::USER_DENIED, detail)
}

/// What a yes writes: the consent, and what the audit log calls it.
pub(in crate::rule) fn remember(
    (client, asked): (&Client, &Scope),
    facts: &Facts,
    (action, granted): (&str, &Scope),
    context: &Context<'_>,
) -> Vec<Change> {
    let user = &facts.person.0;
    let now = context.now;
    let before = facts.consent.clone();
    let mut scopes: BTreeMap<ScopeToken, UnixTime> = before
        .as_ref()
        .map_or_else(BTreeMap::new, |consent| consent.scopes.clone());
    scopes.retain(|name, _| granted.contains(name.as_str()) || !asked.contains(name.as_str()));
    for name in granted.iter().filter_map(|name| name.parse().ok()) {
        scopes.entry(name).or_insert(now);
    }
    let change = if let Some(consent) = before {
        let version = consent.version.next();
        Change::Replace(Record::Consent(Consent {
            scopes,
            changed: now,
            version,
            ..consent
        }))
    } else {
        Change::Insert(Record::Consent(Consent {
            user: user.id.clone(),
            client: client.id.clone(),
            scopes,
            created: now,
            changed: now,
            version: Version::FIRST,
        }))
    };
    let entry = AuditDraft {
        at: now,
        actor: format!("user:{}", user.id),
        action: action.to_owned(),
        target: client.id.to_string(),
        outcome: Outcome::Done,
        address: context.address.to_owned(),
        trace: context.trace.to_owned(),
        detail: json!({"scope": granted.as_str(), "session": facts.person.1.id}).to_string(),
    };
    vec![change, Change::Audited(entry)]
}

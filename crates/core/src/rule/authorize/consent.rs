//! The question that a person is asked, and what they answer.
//!
//! 1. What says who somebody is (`openid`, `profile`, `email`) is part of every yes, and so is what the app
//!    cannot do without: its default scopes, what only looks, or the one scope of an API that it asks for. The
//!    rest is a choice.
//! 2. What was not in the last yes is marked as new, and is not ticked for the person.
//! 3. The answer is held against the question as it is now: a scope that was not asked is not granted,
//!    whatever the form says.
//! 4. A yes is remembered, scope by scope; what the person left out is forgotten.

use std::collections::BTreeMap;

use carnet_wire::crn::Crn;
use carnet_wire::scope::Scope;
use carnet_wire::scope::ScopeToken;
use serde_json::json;

use crate::record::AuditDraft;
use crate::record::Consent;
use crate::record::Outcome;
use crate::record::Risk;
use crate::rule::Refusal;
use crate::rule::Verdict;
use crate::rule::admin::Context;
use crate::rule::authorization::OFFLINE_ACCESS;
use crate::rule::authorize::Asked;
use crate::rule::authorize::Destination;
use crate::rule::authorize::Facts;
use crate::rule::authorize::Moment;
use crate::rule::authorize::is_standard;
use crate::rule::authorize::step;
use crate::rule::grant::authorization_code::Code;
use crate::store::Catalog;
use crate::store::CatalogScope;
use crate::store::Change;
use crate::store::Record;
use crate::value::Entropy;
use crate::value::UnixTime;
use crate::value::Version;

/// What a person is asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// One for each scope: the server's own first, then by API.
    pub permissions: Vec<Permission>,
    /// Whether something was agreed to before.
    pub again: bool,
    /// The policy that forbids to say yes, if one does.
    pub admin: Option<Refusal>,
}

/// One scope of a question.
#[derive(Clone, Debug)]
pub struct Permission {
    /// The scope.
    pub scope: Box<str>,
    /// The API that it belongs to; none for the server's own.
    pub api: Option<CatalogScope>,
    /// Whether it can be left out.
    pub choice: Choice,
    /// Whether it was not part of the last yes, where there was one.
    pub new: bool,
}

/// Whether a scope can be left out of a yes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Choice {
    /// It is part of every yes.
    Required,
    /// The person chooses.
    Optional {
        /// Whether it is chosen unless the person does something.
        ticked: bool,
    },
}

/// What a person answered.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// Yes or no.
    pub allow: bool,
    /// The scopes that were ticked.
    pub ticked: &'a [&'a str],
}

impl Question {
    /// The scopes that were not part of the last yes; all, where there was none.
    pub fn added(&self) -> impl Iterator<Item = &str> {
        let added = self
            .permissions
            .iter()
            .filter(|permission| permission.new || !self.again);
        added.map(|permission| &*permission.scope)
    }

    /// What this answer grants.
    fn granted(&self, answer: Answer<'_>) -> Scope {
        let chosen = |permission: &&Permission| match permission.choice {
            Choice::Required => true,
            Choice::Optional { .. } => answer.ticked.contains(&&*permission.scope),
        };
        let names = self.permissions.iter().filter(chosen);
        // They are scopes already, and no more than were asked for.
        Scope::from_tokens(names.map(|permission| &*permission.scope)).unwrap_or_default()
    }
}

/// The question that this request is.
pub(super) fn question(
    asked: &Asked,
    destination: &Destination,
    facts: &Facts,
    catalog: &Catalog,
    admin: Option<Refusal>,
) -> Question {
    let client = destination.client();
    let agreed = |name: &str| {
        let consent = facts.consent.as_ref();
        consent.is_some_and(|consent| consent.scopes.keys().any(|known| known.as_str() == name))
    };
    let again = facts.consent.is_some();
    let looks_only = |name: &str| {
        let known = catalog.scope(name);
        known.is_some_and(|known| known.scope.risk == Risk::Read)
    };
    let of_apis = asked.scope.iter().filter(|name| !is_standard(name)).count();
    let mut permissions: Vec<Permission> = asked
        .scope
        .iter()
        .map(|name| {
            let choice = match name {
                OFFLINE_ACCESS => Choice::Optional {
                    ticked: agreed(name) || !again,
                },
                _ if is_standard(name)
                    || of_apis == 1
                    || client.default_scopes.contains(name)
                    || looks_only(name) =>
                {
                    Choice::Required
                }
                _ => Choice::Optional {
                    ticked: agreed(name),
                },
            };
            Permission {
                scope: name.into(),
                api: catalog.scope(name).cloned(),
                choice,
                new: again && !agreed(name),
            }
        })
        .collect();
    permissions.sort_by_key(|permission| {
        let api = permission.api.as_ref();
        api.map(|known| known.api.id)
    });
    Question {
        permissions,
        again,
        admin,
    }
}

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
    if let Err(refusal) = step::may_use(destination, facts) {
        return Verdict::refuse(refusal);
    }
    if let Err(refusal) = step::blocked(destination, facts, &asked.scope) {
        return Verdict::refuse(refusal);
    }
    if !answer.allow {
        return Verdict::refuse(denied("The user pressed Cancel."));
    }
    let question = question(asked, destination, facts, catalog, None);
    let granted = question.granted(answer);
    if granted.is_empty() {
        return Verdict::refuse(denied("The user allowed nothing."));
    }
    let remembered = remember(asked, destination, facts, &granted, context);
    let stamp = (context.now, entropy);
    match Code::new(asked, destination, facts, granted, stamp) {
        Ok(code) => Verdict::allow(code, remembered),
        Err(refusal) => Verdict::refuse(refusal),
    }
}

fn denied(detail: &str) -> Refusal {
    Refusal::new(Crn::USER_DENIED, detail)
}

fn remember(
    asked: &Asked,
    destination: &Destination,
    facts: &Facts,
    granted: &Scope,
    context: &Context<'_>,
) -> Vec<Change> {
    let (user, client) = (&facts.person.0, destination.client());
    let now = context.now;
    let before = facts.consent.clone();
    let mut scopes: BTreeMap<ScopeToken, UnixTime> = before
        .as_ref()
        .map_or_else(BTreeMap::new, |consent| consent.scopes.clone());
    scopes
        .retain(|name, _| granted.contains(name.as_str()) || !asked.scope.contains(name.as_str()));
    for name in granted.iter().filter_map(|name| name.parse().ok()) {
        scopes.entry(name).or_insert(now);
    }
    let (record, replaces) = if let Some(consent) = before {
        let version = consent.version.next();
        let consent = Consent {
            scopes,
            changed: now,
            version,
            ..consent
        };
        (consent, true)
    } else {
        let consent = Consent {
            user: user.id.clone(),
            client: client.id.clone(),
            scopes,
            created: now,
            changed: now,
            version: Version::FIRST,
        };
        (consent, false)
    };
    let record = Record::Consent(record);
    let change = if replaces {
        Change::Replace(record)
    } else {
        Change::Insert(record)
    };
    let entry = AuditDraft {
        at: now,
        actor: format!("user:{}", user.id),
        action: "consent.allow".to_owned(),
        target: client.id.to_string(),
        outcome: Outcome::Done,
        address: context.address.to_owned(),
        trace: context.trace.to_owned(),
        detail: json!({"scope": granted.as_str(), "session": facts.person.1.id}).to_string(),
    };
    vec![change, Change::Audited(entry)]
}

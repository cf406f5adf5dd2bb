//! The question that a person is asked.
//!
//! 1. What says who somebody is (`openid`, `profile`, `email`) is part of every yes, and so is what the app
//!    cannot do without: its default scopes, what only looks, or the one scope of an API that it asks for. The
//!    rest is a choice.
//! 2. Details (RFC 9396) are about one thing, this payment: they are part of the yes, and never remembered.
//! 3. What was not in the last yes is marked as new, and is not ticked for the person.

use std::sync::Arc;

use carnet_wire::authorization_details::AuthorizationDetail;
use carnet_wire::authorization_details::AuthorizationDetails;
use carnet_wire::scope::Scope;

use crate::record::Api;
use crate::record::Client;
use crate::record::Consent;
use crate::record::Risk;
use crate::rule::Refusal;
use crate::rule::authorization::OFFLINE_ACCESS;
use crate::rule::authorize::Asked;
use crate::rule::authorize::Destination;
use crate::rule::authorize::is_standard;
use crate::rule::details;
use crate::store::Catalog;
use crate::store::CatalogScope;

/// What a person is asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// One for each scope: the server's own first, then by API.
    pub permissions: Vec<Permission>,
    /// What is asked for in detail, each with the API that it is for. They are part of every yes.
    pub details: Vec<(Arc<Api>, AuthorizationDetail)>,
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
    pub fn news(&self) -> impl Iterator<Item = &str> {
        let news = self
            .permissions
            .iter()
            .filter(|permission| permission.new || !self.again);
        news.map(|permission| &*permission.scope)
    }

    /// What this answer grants.
    pub(in crate::rule) fn granted(&self, answer: Answer<'_>) -> Scope {
        let chosen = |permission: &&Permission| match permission.choice {
            Choice::Required => true,
            Choice::Optional { .. } => answer.ticked.contains(&&*permission.scope),
        };
        let names = self.permissions.iter().filter(chosen);
        // They are scopes already, and no more than were asked for.
        Scope::from_tokens(names.map(|permission| &*permission.scope)).unwrap_or_default()
    }
}

/// The question that this request is, with what it asks in detail.
pub(super) fn whole(
    asked: &Asked,
    destination: &Destination,
    agreed: Option<&Consent>,
    catalog: &Catalog,
    admin: Option<Refusal>,
) -> Question {
    let details = asked.details.iter().flat_map(AuthorizationDetails::iter);
    let details = details.filter_map(|detail| {
        let here = |api: &&Arc<Api>| {
            asked.audience.contains(&api.identifier) && details::declared(api, detail).is_some()
        };
        let api = catalog.apis().iter().find(here)?;
        Some((Arc::clone(api), detail.clone()))
    });
    let of = (destination.client(), &asked.scope);
    Question {
        details: details.collect(),
        ..question(of, agreed, catalog, admin)
    }
}

/// The question that asking for this scope is.
pub(in crate::rule) fn question(
    (client, scope): (&Client, &Scope),
    agreed: Option<&Consent>,
    catalog: &Catalog,
    admin: Option<Refusal>,
) -> Question {
    let again = agreed.is_some();
    let agreed = |name: &str| {
        agreed.is_some_and(|consent| consent.scopes.keys().any(|known| known.as_str() == name))
    };
    let looks_only = |name: &str| {
        let known = catalog.scope(name);
        known.is_some_and(|known| known.scope.risk == Risk::Read)
    };
    let of_apis = scope.iter().filter(|name| !is_standard(name)).count();
    let mut permissions: Vec<Permission> = scope
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
        details: Vec::new(),
        permissions,
        again,
        admin,
    }
}

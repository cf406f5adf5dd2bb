//! What a service identity gets at the API that it names (google-wire 8.4, RFC 8693 section 2.1).
//!
//! Its libraries cannot ask for scopes. So it gets what the account could have by asking for each: as with a JWT that
//! is self-signed for an API (google-wire 3.3), never more and never less.
//!
//! 1. The API is one of which the account may know a scope. Another looks like one that does not exist.
//! 2. Without a scope: all of them that no policy of the organization blocks. Where all are blocked, that is the answer.
//! 3. With a scope: each is one of them, and no policy blocks any.

use std::sync::Arc;

use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use carnet_wire::scope::Scope;

use crate::record::Api;
use crate::record::Project;
use crate::record::ServiceAccount;
use crate::rule::Refusal;
use crate::rule::nearest::nearest;
use crate::rule::policy;
use crate::rule::scopes;
use crate::store::Catalog;
use crate::store::ProjectSnapshot;

/// The API of this identifier, and the scope that the account has there.
pub(super) fn at(
    (identifier, sent): (&str, Option<&Scope>),
    account: &ServiceAccount,
    catalog: &Catalog,
    of: &ProjectSnapshot,
) -> Result<(Scope, Arc<Api>), Refusal> {
    let project = &of.project;
    let known = |api: &&Arc<Api>| may_know(api, catalog, project).next().is_some();
    let mut apis = catalog.apis().iter().filter(known);
    let Some(api) = apis.find(|api| api.identifier.as_str() == identifier) else {
        return Err(unknown(identifier, catalog, project));
    };
    let permitted = |scope: &Scope| policy::permits_scopes(&of.policies, &account.unique_id, scope);
    let scope = if let Some(sent) = sent {
        asked(sent, api, catalog, project)?
    } else {
        let all = || may_know(api, catalog, project);
        let open = |name: &&str| scope_of([*name]).is_ok_and(|one| permitted(&one).is_ok());
        let open = scope_of(all().filter(open))?;
        // Where nothing is open, all that there is: so the answer names the policy.
        if open.is_empty() {
            scope_of(all())?
        } else {
            open
        }
    };
    permitted(&scope)?;
    Ok((scope, Arc::clone(api)))
}

/// An API may have more scopes than a token holds. Then some must be named.
fn scope_of<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Scope, Refusal> {
    Scope::from_tokens(names).map_err(|fault| Refusal::new(Crn::SCOPE_MALFORMED, fault.to_string()))
}

/// The scopes of the API that accounts of the project may know.
fn may_know<'a>(
    api: &'a Api,
    catalog: &'a Catalog,
    project: &'a Project,
) -> impl Iterator<Item = &'a str> {
    let names = api.scopes.iter().map(|scope| scope.name.as_str());
    names.filter(|name| {
        let known = catalog.scope(name);
        known.is_some_and(|known| scopes::visible(known, project))
    })
}

fn asked(sent: &Scope, api: &Api, catalog: &Catalog, project: &Project) -> Result<Scope, Refusal> {
    let has = |name: &&str| may_know(api, catalog, project).any(|known| known == *name);
    match sent.iter().find(|name| !has(name)) {
        None => Ok(sent.clone()),
        Some(name) => {
            let name = Echo::of(name);
            let detail = format!("scope '{name}' is not one of the API that audience names.");
            Err(Refusal::new(Crn::SCOPE_UNKNOWN, detail))
        }
    }
}

fn unknown(identifier: &str, catalog: &Catalog, project: &Project) -> Refusal {
    let known = catalog.apis().iter();
    let known = known.filter(|api| may_know(api, catalog, project).next().is_some());
    let names = known.map(|api| api.identifier.as_str());
    let closest = nearest(identifier, names)
        .map_or_else(String::new, |name| format!(" Closest: {}", Echo::of(name)));
    let detail = format!(
        "audience {} is no API that is known here.{closest}",
        Echo::of(identifier)
    );
    Refusal::new(Crn::RESOURCE_UNKNOWN, detail)
}

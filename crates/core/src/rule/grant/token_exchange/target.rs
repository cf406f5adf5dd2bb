//! For which API, with which scope (RFC 8693 section 2.1, RFC 8707).

use std::sync::Arc;

use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use carnet_wire::scope::Scope;
use carnet_wire::token::TokenExchangeRequest;

use crate::record::Api;
use crate::rule::Refusal;
use crate::rule::client::Authenticated;
use crate::rule::grant::access;
use crate::rule::grant::token_exchange::Asked;
use crate::rule::grant::token_exchange::Facts;
use crate::rule::grant::token_exchange::asked::scope_of;
use crate::rule::policy;
use crate::rule::scopes;
use crate::store::Catalog;
use crate::store::CatalogScope;

/// For how many APIs one token is.
const MOST: usize = 8;

/// The APIs that the new token will be for. What does not exist and what is not allowed look the same.
pub(super) fn of(
    client: &Authenticated,
    request: &TokenExchangeRequest<'_>,
    catalog: &Catalog,
) -> Result<Vec<Arc<Api>>, Refusal> {
    let allowed = &client.client().exchange.audiences;
    let sent = request.audience.iter().chain(&request.resource);
    let mut names: Vec<&str> = sent.map(AsRef::as_ref).collect();
    if names.is_empty() {
        match allowed.as_slice() {
            [only] => names.push(only.as_str()),
            [] => return Err(cannot("this client may not exchange tokens for any API.")),
            _ => {
                let detail = "this client may exchange for several APIs: name one in audience or \
                              resource.";
                return Err(cannot(detail));
            }
        }
    }
    names.sort_unstable();
    names.dedup();
    if names.len() > MOST {
        return Err(cannot(format!("a token is for {MOST} APIs at most.")));
    }
    let known = |name: &&str| {
        let mut apis = catalog.apis().iter();
        let api = apis.find(|api| api.identifier.as_str() == *name);
        api.filter(|api| allowed.contains(&api.identifier))
            .cloned()
            .ok_or_else(|| {
                let sent = Echo::of(name);
                cannot(format!("this client may not exchange tokens for {sent}."))
            })
    };
    names.iter().map(known).collect()
}

/// What the new token will allow: asked for or not, never more than the subject's token does.
pub(super) fn scope(
    client: &Authenticated,
    asked: Asked<'_>,
    apis: &[Arc<Api>],
    catalog: &Catalog,
) -> Result<Scope, Refusal> {
    let held = scope_of(&asked.subject.0.scope);
    let record = client.client();
    let project = &client.project().project;
    let may = |name: &str| {
        let known = catalog.scope(name);
        let here = |known: &CatalogScope| {
            apis.iter().any(|api| known.api.id == api.id) && scopes::visible(known, project)
        };
        held.contains(name) && record.scopes.contains(name) && known.is_some_and(here)
    };
    let scope = match asked.request.scope.as_ref() {
        Some(wanted) if !wanted.is_empty() => {
            if let Some(name) = wanted.iter().find(|name| !may(name)) {
                let sent = Echo::of(name);
                let detail = format!(
                    "scope '{sent}' is not in the subject_token, not of the target, or not this \
                     client's to ask for."
                );
                return Err(Refusal::new(Crn::EXCHANGE_SCOPE, detail));
            }
            wanted.clone()
        }
        // They were a scope before.
        _ => Scope::from_tokens(held.iter().filter(|name| may(name))).unwrap_or_default(),
    };
    if scope.is_empty() {
        let detail = "the subject_token allows nothing at the target that this client may ask for.";
        return Err(Refusal::new(Crn::EXCHANGE_SCOPE, detail));
    }
    // Who is named in `aud` is somebody at whom the token allows something.
    let of = |name: &str| catalog.scope(name).map(|known| known.api.id);
    let idle = |api: &&Arc<Api>| !scope.iter().any(|name| of(name) == Some(api.id));
    if let Some(api) = apis.iter().find(idle) {
        let name = Echo::of(api.identifier.as_str());
        let detail = format!("the new token would allow nothing at {name}: leave it out.");
        return Err(cannot(detail));
    }
    Ok(scope)
}

/// The organizations of both sides allow it.
pub(super) fn permitted(
    client: &Authenticated,
    facts: &Facts,
    scope: &Scope,
) -> Result<(), Refusal> {
    let project = client.project();
    let permitted = match &facts.person {
        Some((user, policies)) => access::permitted(user, policies, project, scope),
        None => policy::permits_scopes_to_app(&project.policies, scope),
    };
    permitted.map_err(|no| {
        let mut refusal = Refusal::new(Crn::EXCHANGE_FORBIDDEN, no.detail);
        refusal.story = no.story;
        refusal.because("policy_cause", no.crn.to_string())
    })
}

fn cannot(detail: impl Into<String>) -> Refusal {
    Refusal::new(Crn::EXCHANGE_TARGET, detail)
}

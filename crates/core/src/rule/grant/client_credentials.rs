//! The client credentials grant: a client asks for itself (RFC 6749 section 4.4).
//!
//! The client has authenticated ([`crate::rule::client`]). Then:
//!
//! 1. It must have proved who it is: what a public client says, anybody may say.
//! 2. It must be registered for this grant.
//! 3. Each scope is one that it may ask for, of an API that its project may know. An unknown scope and one
//!    that is not this client's look the same. Who asks for none gets the client's own choice (section 3.3),
//!    without what is about a person, since there is none.
//!    So is each detail of a type that such an API declares (RFC 9396); who asks in detail need not ask for a scope.
//! 4. The policies of its own organization must allow them.
//! 5. `resource` restricts the token to those APIs and the scope to theirs (RFC 8707 section 2.2).
//! 6. The token is bound to the key that the request showed.
//! 7. There is no refresh token (section 4.4.3): the client can ask again.

use std::borrow::Cow;
use std::sync::Arc;

use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use carnet_wire::scope::Scope;
use carnet_wire::token::ClientCredentialsRequest;

use crate::record::Api;
use crate::record::GrantType;
use crate::rule::Refusal;
use crate::rule::authorize::is_standard;
use crate::rule::client::Authenticated;
use crate::rule::details;
use crate::rule::nearest::nearest;
use crate::rule::policy;
use crate::rule::scopes;
use crate::rule::token::AccessGrant;
use crate::rule::token::Subject;
use crate::store::Catalog;
use crate::value::Entropy;
use crate::value::TokenId;
use crate::value::UnixTime;

/// Decides. Nothing is written for a yes.
pub fn decide(
    client: &Authenticated,
    request: &ClientCredentialsRequest<'_>,
    catalog: &Catalog,
    now: UnixTime,
    entropy: &mut dyn Entropy,
) -> Result<AccessGrant, Refusal> {
    let told = |refusal| client.tell(refusal);
    if !client.is_confidential() {
        let detail = "this client proves nothing, so it cannot ask for itself.";
        return Err(told(Refusal::new(Crn::CLIENT_IS_PUBLIC, detail)));
    }
    client.may(GrantType::ClientCredentials)?;
    let details = request.authorization_details.as_ref();
    let scope = match (&request.scope, details) {
        (None, Some(_)) => Scope::default(),
        (sent, _) => asked(client, sent.as_ref(), catalog).map_err(told)?,
    };
    policy::permits_scopes_to_app(&client.project().policies, &scope).map_err(told)?;
    let may_ask = |api: &Api| may_ask(client, api, catalog);
    let detailed = details.map(|details| details::apis_of(details, catalog, may_ask));
    let detailed = detailed.transpose().map_err(told)?.unwrap_or_default();
    let wanted = (request.resource.as_slice(), detailed);
    let (scope, apis) = restricted(scope, wanted, catalog).map_err(told)?;
    let subject = Subject::Client(client.client().id.clone());
    let id = TokenId::mint(now, entropy);
    let mut grant = AccessGrant::new(id, subject, scope, &apis, now);
    grant.details = details::narrow(details, None, &apis)?;
    let most = now + client.client().lifetimes.access_token;
    grant.expires = grant.expires.min(most);
    Ok(grant.bound_to(client.binding()))
}

/// What is asked for, if the client may ask for all of it.
fn asked(
    client: &Authenticated,
    sent: Option<&Scope>,
    catalog: &Catalog,
) -> Result<Scope, Refusal> {
    let record = client.client();
    let scope = match sent {
        Some(scope) if !scope.is_empty() => scope.clone(),
        _ => Scope::from_tokens(
            record
                .default_scopes
                .iter()
                .filter(|name| !is_standard(name)),
        )
        .unwrap_or_default(),
    };
    if scope.is_empty() {
        let detail = "scope is missing, and this client has no scope by default.";
        return Err(Refusal::new(Crn::SCOPE_EMPTY, detail));
    }
    let project = &client.project().project;
    let known = |name: &str| {
        let known = catalog.scope(name);
        known.is_some_and(|known| scopes::visible(known, project))
    };
    let may = |name: &str| record.scopes.contains(name) && known(name);
    let Some(name) = scope.iter().find(|name| !may(name)) else {
        return Ok(scope);
    };
    let own = record.scopes.iter().filter(|name| known(name));
    let closest = nearest(name, own).map_or_else(String::new, |own| {
        format!(" Closest that it may: {}", Echo::of(own))
    });
    let sent = Echo::of(name);
    let detail = format!("scope '{sent}' is not one that this client may ask for.{closest}");
    Err(Refusal::new(Crn::SCOPE_UNKNOWN, detail))
}

/// Whether the client may ask for something of this API: otherwise the API looks unknown to it.
fn may_ask(client: &Authenticated, api: &Api, catalog: &Catalog) -> bool {
    api.scopes.iter().any(|scope| {
        let name = scope.name.as_str();
        let known = catalog.scope(name);
        client.client().scopes.contains(name)
            && known.is_some_and(|known| scopes::visible(known, &client.project().project))
    })
}

/// The APIs of the details and of the scope, or those of them that were asked for, with their part of the scope.
fn restricted(
    scope: Scope,
    (resources, detailed): (&[Cow<'_, str>], Vec<Arc<Api>>),
    catalog: &Catalog,
) -> Result<(Scope, Vec<Arc<Api>>), Refusal> {
    let api = |name: &str| catalog.scope(name).map(|known| &known.api);
    let mut apis: Vec<Arc<Api>> = detailed;
    for of in scope.iter().filter_map(api) {
        if !apis.iter().any(|known| known.id == of.id) {
            apis.push(Arc::clone(of));
        }
    }
    if resources.is_empty() {
        return Ok((scope, apis));
    }
    let named = |api: &Api, resource: &str| api.identifier.as_str() == resource;
    for resource in resources {
        if !apis.iter().any(|api| named(api, resource)) {
            let detail = format!(
                "resource {} is not known here, or none of the scopes asked for is of it.",
                Echo::of(resource)
            );
            return Err(Refusal::new(Crn::RESOURCE_UNKNOWN, detail));
        }
    }
    apis.retain(|api| resources.iter().any(|resource| named(api, resource)));
    let kept = scope
        .iter()
        .filter(|name| api(name).is_some_and(|of| apis.iter().any(|known| known.id == of.id)));
    // They were a scope before.
    let scope = Scope::from_tokens(kept).unwrap_or_default();
    Ok((scope, apis))
}

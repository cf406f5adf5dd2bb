//! What an access token of an authorization is good for at this moment. Asked at each redemption and at each
//! refresh, of the APIs and policies as they are then (lesson 39 of `security.md`).

use std::borrow::Cow;
use std::sync::Arc;

use carnet_wire::authorization_details::AuthorizationDetails;
use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use carnet_wire::scope::Scope;

use crate::record::Api;
use crate::record::Authorization;
use crate::record::Binding;
use crate::record::Client;
use crate::record::Policy;
use crate::record::User;
use crate::rule::Refusal;
use crate::rule::authorize::USERINFO;
use crate::rule::authorize::is_standard;
use crate::rule::details;
use crate::rule::policy;
use crate::rule::token::AccessGrant;
use crate::rule::token::IdGrant;
use crate::rule::token::PersonSubject;
use crate::rule::token::SignedIn;
use crate::rule::token::Subject;
use crate::store::Catalog;
use crate::store::ProjectSnapshot;
use crate::value::ApiIdentifier;
use crate::value::Entropy;
use crate::value::TokenId;
use crate::value::UnixTime;

/// What an access token is good for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Access {
    /// With which scope.
    pub scope: Scope,
    /// At which APIs.
    pub apis: Vec<Arc<Api>>,
    /// In detail (RFC 9396).
    pub details: Option<AuthorizationDetails>,
}

/// What was granted, as far as it counts at this moment.
#[derive(Clone, Copy, Debug)]
pub struct Held<'a> {
    /// Which scopes.
    pub scope: &'a Scope,
    /// What in detail (RFC 9396).
    pub details: Option<&'a AuthorizationDetails>,
    /// At which APIs.
    pub audience: &'a [ApiIdentifier],
}

/// Of what was granted, what is asked for now (RFC 8707 section 2.2). An API that is gone falls away, and
/// its scopes with it; so does one of which nothing is granted, neither a scope nor a detail. Userinfo is granted
/// with the scope `openid`, whatever else was named.
pub fn narrow(
    held: Held<'_>,
    resources: &[Cow<'_, str>],
    catalog: &Catalog,
) -> Result<Access, Refusal> {
    let granted = held.scope;
    let of = |name: &str| catalog.scope(name).map(|known| known.api.id);
    let wanted = |api: &&Arc<Api>| {
        held.audience.contains(&api.identifier)
            && (granted.iter().any(|name| of(name) == Some(api.id))
                || held.details.is_some_and(|details| is_of(details, api)))
    };
    let mut apis: Vec<Arc<Api>> = catalog.apis().iter().filter(wanted).cloned().collect();
    let known = |name: &str| {
        apis.iter().any(|api| api.identifier.as_str() == name)
            || (name == USERINFO && granted.contains("openid"))
    };
    if let Some(strange) = resources.iter().find(|name| !known(name)) {
        let detail = format!(
            "resource {} is not one of which something was granted.",
            Echo::of(strange)
        );
        return Err(Refusal::new(Crn::RESOURCE_UNKNOWN, detail));
    }
    let named = |api: &Arc<Api>| resources.iter().any(|one| one == api.identifier.as_str());
    apis.retain(|api| resources.is_empty() || named(api));
    let kept = granted.iter().filter(|name| {
        is_standard(name) || of(name).is_some_and(|id| apis.iter().any(|api| api.id == id))
    });
    Ok(Access {
        // They were a scope before.
        scope: Scope::from_tokens(kept).unwrap_or_default(),
        apis,
        details: None,
    })
}

/// Whether one of the details is for this API.
fn is_of(details: &AuthorizationDetails, api: &Api) -> bool {
    details.iter().any(|detail| details::is_for(api, detail))
}

/// The tokens that an app gets of a person.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Tokens {
    /// The access token.
    pub access: AccessGrant,
    /// Who the person is, where the app may know (scope `openid`).
    pub id: Option<IdGrant>,
}

/// On what tokens hang.
#[derive(Clone, Copy, Debug)]
pub struct Of<'a> {
    /// The app.
    pub client: &'a Client,
    /// What it holds.
    pub authorization: &'a Authorization,
    /// Of whom.
    pub user: &'a User,
    /// What the ID token repeats.
    pub nonce: Option<&'a str>,
    /// The key that the request showed.
    pub binding: Option<&'a Binding>,
}

impl Access {
    /// The same with what was granted in detail, as far as it is good at these APIs and asked for. An API of
    /// which nothing is left then is none of the audience.
    pub fn in_detail(
        self,
        granted: Option<&AuthorizationDetails>,
        asked: Option<&AuthorizationDetails>,
    ) -> Result<Self, Refusal> {
        let details = details::narrow(granted, asked, &self.apis)?;
        let mut apis = self.apis;
        apis.retain(|api| {
            let mut scopes = api.scopes.iter();
            scopes.any(|one| self.scope.contains(one.name.as_str()))
                || details.as_ref().is_some_and(|details| is_of(details, api))
        });
        Ok(Self {
            scope: self.scope,
            apis,
            details,
        })
    }

    /// The tokens that this is. `issuer` is the audience where no API is: such a token is good for this
    /// server's own userinfo endpoint.
    #[must_use]
    pub fn tokens(
        &self,
        of: Of<'_>,
        issuer: &str,
        now: UnixTime,
        entropy: &mut dyn Entropy,
    ) -> Tokens {
        let (authorization, user) = (of.authorization, of.user);
        let client = &of.client.id;
        let subject = Subject::Person(PersonSubject {
            client: client.clone(),
            user: user.id.clone(),
            email: self.scope.contains("email").then(|| user.email.clone()),
            authorization: authorization.id,
            authenticated: Some(authorization.authenticated),
            may_act: of.client.exchange.may_act.clone(),
            trust: None,
        });
        let id = TokenId::mint(now, entropy);
        let mut access = AccessGrant::new(id, subject, self.scope.clone(), &self.apis, now);
        access.details.clone_from(&self.details);
        if access.audience.is_empty() {
            access.audience.extend(issuer.parse().ok());
        }
        let most = now + of.client.lifetimes.access_token;
        access.expires = access.expires.min(most).min(authorization.ends);
        access.binding = of.binding.cloned();
        let about = || {
            let nonce = of.nonce.map(str::to_owned);
            let authenticated = authorization.authenticated;
            SignedIn::new(client, user, &self.scope, nonce, authenticated)
                .hanging_on(authorization.id)
        };
        let openid = self.scope.contains("openid");
        Tokens {
            access,
            id: openid.then(|| {
                IdGrant::of_person(about(), now).signed_with(of.client.algorithms.id_token)
            }),
        }
    }
}

/// The person's and the app's organization still allow it.
pub fn permitted(
    user: &User,
    policies: &[Policy],
    project: &ProjectSnapshot,
    scope: &Scope,
) -> Result<(), Refusal> {
    let (organization, email) = (user.organization, user.email.as_str());
    policy::permits_people_of_to_app(organization, policies, &project.project, email)
        .and_then(|()| policy::permits_scopes_to_app(policies, scope))
        .and_then(|()| policy::permits_scopes_to_app(&project.policies, scope))
        .map_err(|no| {
            let mut refusal = Refusal::new(Crn::GRANT_FORBIDDEN, no.detail);
            refusal.story = no.story;
            refusal.because("cause", no.crn.to_string())
        })
}

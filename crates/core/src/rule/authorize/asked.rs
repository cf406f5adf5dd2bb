//! May this app ask for this, in this way?
//!
//! 1. A request object was opened before ([`super::request_object`]), and nothing that lies elsewhere is
//!    fetched: to ignore either would be to answer another request than was made. Who must push has pushed
//!    (RFC 9126 section 6), and who must sign has signed (RFC 9101 section 10.5).
//! 2. The response type is `code`, and the app is registered for that grant. Where an administrator has switched
//!    the implicit grant on for it (RFC 6749 section 4.2), it may also be `token`, `id_token` or both; then no
//!    token is bound to a key, and nothing goes on without the person.
//! 3. PKCE with S256, where the app must use it, and always for one without a secret (RFC 9700 section
//!    2.1.1). `plain` protects nobody, so it counts as none and is refused.
//! 4. Every scope is one that the app may ask for. An unknown scope and one that is not this app's look the
//!    same. Whoever asks for none gets the app's own choice (RFC 6749 section 3.3).
//! 5. Every detail is of a type that an API declares of which the app may ask something (RFC 9396 section 5).
//!    Who asks in detail need not ask for a scope.
//! 6. Every resource is an API of which the request asks something, a scope or a detail, or userinfo where it asks
//!    for `openid` (RFC 8707 section 2): nobody is named as an audience of whom the person read nothing.

use std::borrow::Cow;
use std::sync::Arc;

use carnet_wire::authorization_details::AuthorizationDetails;
use carnet_wire::authorize::AuthorizationRequest;
use carnet_wire::authorize::Prompt;
use carnet_wire::authorize::ResponseMode;
use carnet_wire::authorize::ResponseType;
use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use carnet_wire::pkce::ChallengeMethod;
use carnet_wire::scope::Scope;

use crate::record::Api;
use crate::record::Client;
use crate::record::ClientAuthentication;
use crate::record::GrantType;
use crate::record::Project;
use crate::record::Risk;
use crate::rule::Refusal;
use crate::rule::authorization::OFFLINE_ACCESS;
use crate::rule::authorize::Destination;
use crate::rule::authorize::USERINFO;
use crate::rule::authorize::is_standard;
use crate::rule::details;
use crate::rule::scopes;
use crate::store::Catalog;
use crate::value::ApiIdentifier;
use crate::value::Seconds;
use crate::value::UserId;

/// A request that this app may make.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Asked {
    /// What comes back.
    pub kind: ResponseType,
    /// What is asked for, or the app's own choice.
    pub scope: Scope,
    /// The APIs for which it is: those that the request names, else those of the scopes.
    pub audience: Vec<ApiIdentifier>,
    /// What is asked for in detail (RFC 9396).
    pub details: Option<AuthorizationDetails>,
    /// PKCE, always S256: the hash of the verifier in base64url.
    pub challenge: Option<Box<str>>,
    /// The key that the redemption must show, by its thumbprint (`dpop_jkt`, RFC 9449 section 10).
    pub key: Option<Box<str>>,
    /// The word that the ID token repeats.
    pub nonce: Option<Box<str>>,
    /// What the person is to be asked again.
    pub prompt: Prompt,
    /// How long ago the person may have signed in.
    pub max_age: Option<Seconds>,
    /// Whom the app expects; nobody in particular where it does not say.
    pub expected: Option<Expected>,
    /// How the answer travels.
    pub mode: ResponseMode,
}

/// Whom the app expects to be signed in (`id_token_hint`, OpenID Connect Core 1.0 section 3.1.2.1; `sub` among
/// the claims, section 5.5.1).
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Expected {
    /// This person.
    Person(UserId),
    /// Somebody whom we cannot tell: the hint is none of ours, or too old. Whoever signs in now may be it.
    Unknown,
}

impl Asked {
    /// The same, about whom the app expects.
    #[must_use]
    pub fn expecting(mut self, expected: Option<Expected>) -> Self {
        self.expected = expected;
        self
    }

    /// Whether the app may be told about this person. `answered` says that they signed in for this request.
    #[must_use]
    pub fn expects(&self, user: &UserId, answered: bool) -> bool {
        match &self.expected {
            None => true,
            Some(Expected::Person(expected)) => expected == user,
            Some(Expected::Unknown) => answered,
        }
    }
}

/// Which way a request came.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Way {
    /// In a browser, with all its parameters.
    Browser {
        /// Whether every app of this server must push.
        push_required: bool,
        /// Whether they were in a request object that was opened (RFC 9101).
        signed: bool,
    },
    /// From the app itself (RFC 9126).
    Pushed {
        /// Whether they were in a request object that was opened.
        signed: bool,
    },
}

/// Judges a request. What is wrong is told to the app.
pub fn judge(
    (request, way): (&AuthorizationRequest<'_>, Way),
    destination: &Destination,
    catalog: &Catalog,
) -> Result<Asked, Refusal> {
    let client = destination.client();
    came(request, way, client)?;
    kind(request, client)?;
    let implicit = !request.response_type.has_code();
    let challenge = if implicit {
        None
    } else {
        challenge(request, client)?
    };
    let app = (client, &destination.project().project);
    let details = request.authorization_details.as_ref();
    let scope = match (&request.scope, details) {
        (None, Some(_)) => Scope::default(),
        (sent, _) => scope((sent.as_ref(), &request.resource), app, catalog)?,
    };
    let scope = if implicit {
        in_the_answer(request, &scope)?
    } else {
        scope
    };
    let may_ask = |api: &Api| may_ask(app, api, catalog);
    let detailed = details.map(|details| details::apis_of(details, catalog, may_ask));
    let detailed = detailed.transpose()?.unwrap_or_default();
    let audience = audience(&request.resource, (&scope, &detailed), catalog)?;
    Ok(Asked {
        kind: request.response_type,
        scope,
        audience,
        details: details.cloned(),
        challenge,
        key: request.dpop_jkt.as_deref().map(Into::into),
        nonce: request.nonce.as_deref().map(Into::into),
        prompt: request.prompt,
        max_age: request.max_age.map(|seconds| Seconds(i64::from(seconds))),
        expected: None,
        mode: request.response_mode,
    })
}

/// Whether it came as it must.
fn came(request: &AuthorizationRequest<'_>, way: Way, client: &Client) -> Result<(), Refusal> {
    if request.request.is_some() {
        let detail = "the parameter request was not opened.";
        return Err(Refusal::new(Crn::REQUEST_OBJECT, detail));
    }
    if let Way::Browser { push_required, .. } = way
        && (push_required || client.require_par)
    {
        let detail = "this app must push its requests to /par.";
        return Err(Refusal::new(Crn::PUSH_REQUIRED, detail));
    }
    let (Way::Browser { signed, .. } | Way::Pushed { signed }) = way;
    if client.require_signed_request_object && !signed {
        let detail = "this app must send its requests as signed request objects.";
        return Err(Refusal::new(Crn::REQUEST_OBJECT_REQUIRED, detail));
    }
    Ok(())
}

/// Whether the app may get what it wants to come back.
fn kind(request: &AuthorizationRequest<'_>, client: &Client) -> Result<(), Refusal> {
    use ResponseType::{Code, IdToken, IdTokenToken, Token};
    let kind = request.response_type;
    let may = match kind {
        Code => true,
        Token | IdToken | IdTokenToken => client.legacy.implicit,
        _ => false,
    };
    if !may {
        let detail = format!("response_type {kind} is off here. Use code with PKCE.");
        return Err(Refusal::new(Crn::RESPONSE_TYPE, detail));
    }
    if kind != Code && (client.require_dpop || client.certificate_bound) {
        let detail = format!("response_type {kind} is off: this app's tokens are bound to a key.");
        return Err(Refusal::new(Crn::RESPONSE_TYPE, detail));
    }
    if !client.grants.contains(&GrantType::AuthorizationCode) {
        let detail = "this app is not registered for the grant authorization_code.";
        return Err(Refusal::new(Crn::GRANT_NOT_REGISTERED, detail));
    }
    Ok(())
}

/// What a request must have, and must not, whose tokens come through the browser; and its scope, without
/// `offline_access` (OpenID Connect Core 1.0 section 11: it is ignored where no code comes).
fn in_the_answer(request: &AuthorizationRequest<'_>, scope: &Scope) -> Result<Scope, Refusal> {
    let refuse = |detail: &str| Err(Refusal::new(Crn::AUTHORIZE_PARAMETER, detail));
    if request.response_type.has_id_token() {
        if request.nonce.is_none() {
            return refuse(
                "nonce is missing; an ID token that comes through the browser needs it.",
            );
        }
        if !scope.contains("openid") {
            return refuse("an ID token needs the scope openid.");
        }
    }
    if request.dpop_jkt.is_some() {
        return refuse(
            "dpop_jkt: a token that comes through the browser cannot be bound to a key.",
        );
    }
    if request.authorization_details.is_some() {
        return refuse("authorization_details needs response_type code.");
    }
    let online = scope.iter().filter(|name| *name != OFFLINE_ACCESS);
    let online = Scope::from_tokens(online).unwrap_or_default();
    if online.is_empty() {
        let detail = "scope is empty: offline_access needs response_type code.";
        return Err(Refusal::new(Crn::SCOPE_EMPTY, detail));
    }
    Ok(online)
}

fn challenge(
    request: &AuthorizationRequest<'_>,
    client: &Client,
) -> Result<Option<Box<str>>, Refusal> {
    let refuse = |detail: &str| Err(Refusal::new(Crn::PKCE_MISSING, detail));
    match &request.code_challenge {
        Some(challenge) if challenge.method() == ChallengeMethod::Plain => {
            refuse("code_challenge_method plain is refused. Use S256.")
        }
        Some(challenge) => Ok(Some(challenge.as_str().into())),
        None if needs_pkce(client) => refuse("This app must send code_challenge (S256)."),
        None => Ok(None),
    }
}

fn needs_pkce(client: &Client) -> bool {
    client.require_pkce || client.authentication == ClientAuthentication::None
}

/// What is asked for, if this app of this project may ask for all of it.
pub(in crate::rule) fn scope(
    (asked, resources): (Option<&Scope>, &[Cow<'_, str>]),
    (client, project): (&Client, &Project),
    catalog: &Catalog,
) -> Result<Scope, Refusal> {
    let scope = match asked {
        Some(scope) if !scope.is_empty() => scope,
        _ => &unsaid(resources, (client, project), catalog),
    };
    if scope.is_empty() {
        let detail = "scope is missing, and this app has no scopes by default.";
        return Err(Refusal::new(Crn::SCOPE_EMPTY, detail));
    }
    let known = |name: &str| {
        is_standard(name)
            || catalog
                .scope(name)
                .is_some_and(|known| scopes::visible(known, project))
    };
    let strange = scope
        .iter()
        .find(|name| !client.scopes.contains(name) || !known(name));
    match strange {
        None => Ok(scope.clone()),
        Some(name) => {
            let detail = format!(
                "scope '{}' is not one that this app may ask for.",
                Echo::of(name)
            );
            Err(Refusal::new(Crn::SCOPE_UNKNOWN, detail))
        }
    }
}

/// What an app gets that names no scope: what it has by default. An API that it names (RFC 8707), and of which that is
/// nothing, is one that it wants to read: its scopes that read, as far as the app may ask for them. People see them.
fn unsaid(
    resources: &[Cow<'_, str>],
    (client, project): (&Client, &Project),
    catalog: &Catalog,
) -> Scope {
    let default = &client.default_scopes;
    let mut names: Vec<&str> = default.iter().collect();
    for resource in resources {
        let mut apis = catalog.apis().iter();
        let api = apis.find(|api| api.identifier.as_str() == resource.as_ref());
        let own = api.map_or(&[][..], |api| &api.scopes);
        if own
            .iter()
            .any(|scope| default.contains(scope.name.as_str()))
        {
            continue;
        }
        let reads = own.iter().filter(|scope| scope.risk == Risk::Read);
        names.extend(reads.map(|scope| scope.name.as_str()).filter(|name| {
            let known = catalog.scope(name);
            client.scopes.contains(name)
                && known.is_some_and(|known| scopes::visible(known, project))
        }));
    }
    Scope::from_tokens(names).unwrap_or_default()
}

/// The APIs of the details, with those that are named, or else those of the scope. What is named must be an API
/// of the details or of the scope, which the app may ask for.
pub(in crate::rule) fn audience(
    resources: &[Cow<'_, str>],
    (scope, detailed): (&Scope, &[Arc<Api>]),
    catalog: &Catalog,
) -> Result<Vec<ApiIdentifier>, Refusal> {
    let of_scope = scope.iter().filter_map(|name| catalog.scope(name));
    let of_scope: Vec<_> = of_scope.map(|known| &known.api).collect();
    let mut audience: Vec<ApiIdentifier> = Vec::new();
    let mut add = |name: ApiIdentifier| {
        if !audience.contains(&name) {
            audience.push(name);
        }
    };
    if resources.is_empty() {
        for api in &of_scope {
            add(api.identifier.clone());
        }
    }
    for resource in resources {
        if resource == USERINFO && scope.contains("openid") {
            USERINFO.parse().into_iter().for_each(&mut add);
            continue;
        }
        let mut apis = of_scope.iter().copied().chain(detailed);
        let Some(api) = apis.find(|api| api.identifier.as_str() == resource.as_ref()) else {
            let sent = Echo::of(resource);
            let detail = format!(
                "resource {sent} is not known here, or none of the scopes asked for is of it."
            );
            return Err(Refusal::new(Crn::RESOURCE_UNKNOWN, detail));
        };
        add(api.identifier.clone());
    }
    for api in detailed {
        add(api.identifier.clone());
    }
    Ok(audience)
}

/// Whether the app may ask for something of this API: otherwise the API looks unknown to it.
fn may_ask((client, project): (&Client, &Project), api: &Api, catalog: &Catalog) -> bool {
    api.scopes.iter().any(|scope| {
        let name = scope.name.as_str();
        let known = catalog.scope(name);
        client.scopes.contains(name) && known.is_some_and(|known| scopes::visible(known, project))
    })
}

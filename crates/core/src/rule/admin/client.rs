//! Apps: made, changed, disabled, enabled, deleted.
//!
//! RFC 6749 section 2; RFC 7591 section 2 has the names of most settings.
//!
//! 1. The kind says with what an app begins: a server proves itself with a secret and signs people in;
//!    what runs in a browser or on somebody's device keeps no secret and has PKCE instead; a daemon acts
//!    for itself.
//! 2. The whole of the record as it would be is held against the rules, at creation and at each change
//!    (`client/sound.rs`; Keycloak CVE-2026-15572).
//! 3. An app that people are told to trust may go past them without a question. So only who
//!    administers those people's organization says that of an app, and only they may change one of
//!    which it was said ([`covered`]; Keycloak CVE-2026-3121). To disable one is free: it gives nothing.
//! 4. A secret is another record ([`super::client_secret`]).

mod sound;
mod words;

use std::collections::BTreeSet;

use carnet_wire::origin::Origin;
use carnet_wire::redirect_uri::RedirectUri;
use carnet_wire::scope::Scope;

use super::access::{Place, Powers, name};
use super::{Context, Decision, Done, No};
use crate::record::{
    About, AssertionAlgorithm, CertificateName, Client, ClientAlgorithms, ClientAuthentication,
    ClientKeys, ClientKind, ClientSecret, ClientSource, ClientState, Credentials, Exchange,
    GrantType, IdTokenAlgorithm, Legacy, Lifetimes, Project, Role, Trust,
};
use crate::store::{Catalog, Change, Record, RecordKey};
use crate::value::{
    ApiIdentifier, ClientId, Description, Email, Entropy, Seconds, Title, UnixTime, Version,
    WebPage,
};

pub(in crate::rule) use sound::check;
pub use sound::{
    LONGEST_ABSOLUTE, LONGEST_IDLE, MOST_CONTACTS, MOST_EXCHANGE_AUDIENCES, MOST_ORIGINS,
    MOST_REDIRECT_URIS,
};
pub(in crate::rule) use words::described;
pub use words::kind_word;

/// What an app for people may ask for, unless it is said: who they are.
const SIGN_IN: &str = "openid email profile";

/// An app to be made.
#[derive(Clone, Debug)]
pub struct NewClient {
    /// Its `client_id`, where somebody wants a certain one.
    pub id: Option<ClientId>,
    /// Where it runs.
    pub kind: ClientKind,
    /// What differs from what its kind begins with.
    pub settings: ClientPatch,
}

/// What may be changed of an app. Absent: stays. Its id, project and kind stay.
#[derive(Clone, Debug, Default)]
pub struct ClientPatch {
    /// What people call it.
    pub title: Option<Title>,
    /// How it proves itself.
    pub authentication: Option<ClientAuthentication>,
    /// Its public keys; none takes them away.
    pub keys: Option<Option<ClientKeys>>,
    /// The name in its certificate; none takes it away.
    pub certificate: Option<Option<CertificateName>>,
    /// What its ID tokens are signed with.
    pub id_token_algorithm: Option<IdTokenAlgorithm>,
    /// The only algorithm of its assertions; none: any that fits.
    pub assertion_algorithm: Option<Option<AssertionAlgorithm>>,
    /// Where the browser may be sent back to: all of them.
    pub redirect_uris: Option<Vec<RedirectUri>>,
    /// Whose scripts may read our answers: all of them.
    pub origins: Option<Vec<Origin>>,
    /// The grants that it may use: all of them.
    pub grants: Option<BTreeSet<GrantType>>,
    /// The scopes that it may ask for: all of them.
    pub scopes: Option<Scope>,
    /// What it gets where it asks for none.
    pub default_scopes: Option<Scope>,
    /// Whether the authorization code needs PKCE.
    pub require_pkce: Option<bool>,
    /// Whether its requests must be pushed.
    pub require_par: Option<bool>,
    /// Whether its requests must be signed.
    pub require_signed_request_object: Option<bool>,
    /// Whether its tokens must be bound to a key.
    pub require_dpop: Option<bool>,
    /// Whether its tokens are bound to its certificate.
    pub certificate_bound: Option<bool>,
    /// Whether each refresh replaces its refresh token.
    pub refresh_token_rotation: Option<bool>,
    /// For which APIs it may exchange tokens: all of them.
    pub exchange_audiences: Option<Vec<ApiIdentifier>>,
    /// Whether it may leave out who acts when it does.
    pub exchange_impersonate: Option<bool>,
    /// Whether it may come with people's passwords.
    pub password: Option<bool>,
    /// Whether tokens come to it through the browser.
    pub implicit: Option<bool>,
    /// Whether people sign in for it in embedded user agents.
    pub embedded_user_agents: Option<bool>,
    /// Who may act with its tokens; none: whoever may otherwise.
    pub may_act: Option<Option<ClientId>>,
    /// How long an access token lives at most.
    pub access_token: Option<Seconds>,
    /// How long a refresh token lives that is not used.
    pub refresh_idle: Option<Seconds>,
    /// How long an authorization lives, however often it is refreshed.
    pub refresh_absolute: Option<Seconds>,
    /// Its home page; none takes it away.
    pub home: Option<Option<WebPage>>,
    /// Its picture.
    pub logo: Option<Option<WebPage>>,
    /// How it treats data.
    pub policy: Option<Option<WebPage>>,
    /// Its terms of service.
    pub terms: Option<Option<WebPage>>,
    /// Who answers for it: all of them.
    pub contacts: Option<Vec<Email>>,
    /// How well its users' organization knows it.
    pub trust: Option<Trust>,
}

/// What a client stands in.
#[derive(Clone, Copy, Debug)]
pub struct Around<'a> {
    /// Its project.
    pub project: &'a Project,
    /// Every scope that there is.
    pub catalog: &'a Catalog,
    /// What the caller may do.
    pub powers: &'a Powers,
}

/// Makes an app.
pub fn create(
    new: NewClient,
    around: &Around<'_>,
    context: &Context<'_>,
    entropy: &mut dyn Entropy,
) -> Decision<Client> {
    let title = new.settings.title.clone().unwrap_or_default();
    let id = new.id.unwrap_or_else(|| ClientId::mint(&title, entropy));
    if id.document().is_some() {
        let detail = "An id that is a URL belongs to the document there; nobody can give it.";
        return Err(No::field("/client_id", detail));
    }
    let mut client = beginning(id, new.kind, around.project, context.now);
    let own_origins = new.settings.origins.is_some();
    // Who makes an app for people makes one that can sign them in.
    if client.kind != ClientKind::Daemon {
        client.scopes = SIGN_IN.parse().unwrap_or_default();
    }
    apply(&mut client, new.settings);
    if client.kind == ClientKind::Browser && !own_origins {
        let origins: BTreeSet<_> = client.redirect_uris.iter().filter_map(Origin::of).collect();
        client.origins = origins.into_iter().collect();
    }
    covered(&client, around.project, around.powers)?;
    sound::check(&client, &[], around)?;
    let mut detail = described(&client);
    detail.retain(|(_, value)| !value.is_empty());
    let audit = audited(context, "client.create", &client, detail);
    let row = Record::Client(client.clone());
    Ok(Done::inserted(client, row, audit))
}

/// Changes an app. `secrets` are those that it has.
pub fn update(
    client: Client,
    patch: ClientPatch,
    secrets: &[ClientSecret],
    around: &Around<'_>,
    context: &Context<'_>,
) -> Decision<Client> {
    let mut next = client.clone();
    apply(&mut next, patch);
    if next == client {
        return Ok(Done::already(client));
    }
    covered(&client, around.project, around.powers)?;
    covered(&next, around.project, around.powers)?;
    sound::check(&next, secrets, around)?;
    let before = described(&client);
    let mut detail = described(&next);
    detail.retain(|setting| !before.contains(setting));
    Ok(written(&client, next, context, ("client.update", detail)))
}

/// Disables an app: it gets no token any more. One that is disabled stays so, since when it was; a new
/// reason is kept.
pub fn disable(client: Client, reason: Description, context: &Context<'_>) -> Decision<Client> {
    let since = match &client.state {
        ClientState::Disabled { since, .. } => {
            if reason.as_str().is_empty() {
                return Ok(Done::already(client));
            }
            *since
        }
        ClientState::Active => context.now,
    };
    let detail = vec![("reason", reason.to_string())];
    let mut next = client.clone();
    next.state = ClientState::Disabled { since, reason };
    if next == client {
        return Ok(Done::already(client));
    }
    Ok(written(&client, next, context, ("client.disable", detail)))
}

/// Enables an app.
pub fn enable(client: Client, context: &Context<'_>) -> Decision<Client> {
    if client.state == ClientState::Active {
        return Ok(Done::already(client));
    }
    let mut next = client.clone();
    next.state = ClientState::Active;
    let action = ("client.enable", Vec::new());
    Ok(written(&client, next, context, action))
}

/// Deletes an app, with its secrets and with what people have let it do.
pub fn delete(client: Client, context: &Context<'_>) -> Decision<Client> {
    let detail = vec![("title", client.title.to_string())];
    let audit = audited(context, "client.delete", &client, detail);
    let key = RecordKey::Client(client.id.clone());
    let version = client.version;
    Ok(Done::removed(client, key, version, audit))
}

/// Who gives something to an app that is trusted must administer the organization that trusts it, or
/// the installation where the project belongs to none.
pub fn covered(client: &Client, project: &Project, powers: &Powers) -> Result<(), No> {
    match client.trust {
        Trust::Unknown => return Ok(()),
        Trust::Own | Trust::Known => {}
    }
    let (place, whose) = match project.organization {
        Some(organization) => (Place::Organization(organization), "the organization"),
        None => (Place::Installation, "the installation"),
    };
    if powers.role(&place).is_some_and(|held| held >= Role::Admin) {
        return Ok(());
    }
    Err(No::new(
        carnet_wire::crn::Crn::ADMIN_ROLE,
        format!(
            "What makes an app trusted, or changes one that is, takes the role {} of {whose}.",
            name(Role::Admin)
        ),
    ))
}

/// How an audit entry names a client. No other thing has a name of this form, so that nobody can read
/// of another thing by giving an app its name.
#[must_use]
pub fn target(id: &ClientId) -> String {
    format!("{TARGET}{id}")
}

/// What the name of a client begins with in an audit entry.
pub const TARGET: &str = "client:";

/// What an app of this kind begins with.
pub(in crate::rule) fn beginning(
    id: ClientId,
    kind: ClientKind,
    project: &Project,
    now: UnixTime,
) -> Client {
    let (authentication, grants) = match kind {
        ClientKind::Web => (
            ClientAuthentication::SecretBasic,
            [GrantType::AuthorizationCode, GrantType::RefreshToken].into(),
        ),
        ClientKind::Browser | ClientKind::Native => (
            ClientAuthentication::None,
            [GrantType::AuthorizationCode, GrantType::RefreshToken].into(),
        ),
        ClientKind::Device => (
            ClientAuthentication::None,
            [GrantType::DeviceCode, GrantType::RefreshToken].into(),
        ),
        ClientKind::Daemon => (
            ClientAuthentication::SecretBasic,
            [GrantType::ClientCredentials].into(),
        ),
    };
    Client {
        id,
        project: project.id.clone(),
        title: Title::default(),
        kind,
        authentication,
        redirect_uris: Vec::new(),
        origins: Vec::new(),
        grants,
        scopes: Scope::default(),
        default_scopes: Scope::default(),
        credentials: Credentials::default(),
        require_pkce: true,
        require_par: false,
        require_signed_request_object: false,
        algorithms: ClientAlgorithms::default(),
        require_dpop: false,
        refresh_token_rotation: true,
        exchange: Exchange::default(),
        legacy: Legacy::default(),
        certificate_bound: false,
        lifetimes: Lifetimes::default(),
        about: About::default(),
        trust: Trust::Unknown,
        source: ClientSource::Admin,
        state: ClientState::Active,
        created: now,
        changed: now,
        version: Version::FIRST,
    }
}

fn apply(client: &mut Client, patch: ClientPatch) {
    fn set<T>(place: &mut T, value: Option<T>) {
        if let Some(value) = value {
            *place = value;
        }
    }
    set(&mut client.title, patch.title);
    set(&mut client.authentication, patch.authentication);
    set(&mut client.credentials.keys, patch.keys);
    set(&mut client.credentials.certificate, patch.certificate);
    set(&mut client.algorithms.id_token, patch.id_token_algorithm);
    set(&mut client.algorithms.assertion, patch.assertion_algorithm);
    set(&mut client.redirect_uris, patch.redirect_uris);
    set(&mut client.origins, patch.origins);
    set(&mut client.grants, patch.grants);
    set(&mut client.scopes, patch.scopes);
    set(&mut client.default_scopes, patch.default_scopes);
    set(&mut client.require_pkce, patch.require_pkce);
    set(&mut client.require_par, patch.require_par);
    set(
        &mut client.require_signed_request_object,
        patch.require_signed_request_object,
    );
    set(&mut client.require_dpop, patch.require_dpop);
    set(&mut client.certificate_bound, patch.certificate_bound);
    set(
        &mut client.refresh_token_rotation,
        patch.refresh_token_rotation,
    );
    set(&mut client.exchange.audiences, patch.exchange_audiences);
    set(&mut client.exchange.impersonate, patch.exchange_impersonate);
    set(&mut client.exchange.may_act, patch.may_act);
    set(&mut client.legacy.password, patch.password);
    set(&mut client.legacy.implicit, patch.implicit);
    set(
        &mut client.legacy.embedded_user_agents,
        patch.embedded_user_agents,
    );
    set(&mut client.lifetimes.access_token, patch.access_token);
    set(&mut client.lifetimes.refresh_idle, patch.refresh_idle);
    set(
        &mut client.lifetimes.refresh_absolute,
        patch.refresh_absolute,
    );
    set(&mut client.about.home, patch.home);
    set(&mut client.about.logo, patch.logo);
    set(&mut client.about.policy, patch.policy);
    set(&mut client.about.terms, patch.terms);
    set(&mut client.about.contacts, patch.contacts);
    set(&mut client.trust, patch.trust);
}

fn written(
    before: &Client,
    mut next: Client,
    context: &Context<'_>,
    (action, detail): (&str, Vec<(&'static str, String)>),
) -> Done<Client> {
    next.changed = context.now;
    next.version = before.version.next();
    let audit = audited(context, action, &next, detail);
    let row = Record::Client(next.clone());
    Done::replaced(next, row, audit)
}

pub(in crate::rule) fn audited(
    context: &Context<'_>,
    action: &str,
    client: &Client,
    mut detail: Vec<(&'static str, String)>,
) -> Change {
    detail.insert(0, ("project", client.project.to_string()));
    context.audited(action, target(&client.id), &detail)
}

#[cfg(test)]
mod tests;

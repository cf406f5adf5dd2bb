//! The steps of the decision, each as the story of the file above numbers them. The grant ends at the first no; a dry run
//! shows them all. So each is judged by itself, as far as it needs nothing of another.

use std::sync::Arc;

use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use carnet_wire::scope::Scope;
use serde_json::Value;

use super::Beside;
use super::Bringer;
use super::Facts;
use super::Who;
use super::in_our_words;
use crate::record::Api;
use crate::record::Binding;
use crate::record::IssuerOwner;
use crate::record::Policy;
use crate::record::ProjectState;
use crate::record::Risk;
use crate::record::SpentAssertion;
use crate::record::TrustedIssuer;
use crate::record::TrustedSubject;
use crate::record::User;
use crate::record::UserState;
use crate::rule::Refusal;
use crate::rule::grant::access;
use crate::rule::grant::access::Access;
use crate::rule::grant::access::Held;
use crate::rule::grant::jwt_bearer;
use crate::rule::policy;
use crate::rule::possession::Possession;
use crate::rule::possession::elsewhere;
use crate::rule::scopes;
use crate::store::AccountSnapshot;
use crate::store::Catalog;
use crate::store::ProjectSnapshot;
use crate::value::AllowedAudience;
use crate::value::ApiIdentifier;
use crate::value::Seconds;
use crate::value::UnixTime;

/// The longest `sub` and `jti`.
const LONGEST_NAME: usize = 255;

/// For how much longer than an assertion lives its `jti` is remembered.
const TOLERANCE: Seconds = Seconds(60);

/// What each step found.
pub(super) struct Steps<'a> {
    /// Step 3: to what the token is bound, because the assertion is.
    pub(super) held: Result<Option<Binding>, Refusal>,
    /// Step 3.
    pub(super) on: Result<(), Refusal>,
    /// Step 4: `sub`.
    pub(super) subject: Result<&'a str, Refusal>,
    /// Step 7: what is spent.
    pub(super) jti: Result<SpentAssertion, Refusal>,
    /// Step 5.
    pub(super) client: Result<Option<Bringer<'a>>, Refusal>,
    /// Step 6: what is asked for, within what the trust and the assertion allow.
    pub(super) scope: Result<Scope, Refusal>,
    /// Step 4: who it is about.
    pub(super) who: Result<Whom<'a>, Refusal>,
}

/// Who an assertion is about, and may have tokens.
#[derive(Clone, Copy)]
pub(super) enum Whom<'a> {
    /// The account of the trust.
    Account(&'a AccountSnapshot, &'a ProjectSnapshot),
    /// A user, with the policies of their organization.
    User(&'a User, &'a [Policy]),
}

/// What they may have at which APIs.
pub(super) enum Allowed {
    /// Of an account.
    Account(Scope, Vec<Arc<Api>>),
    /// Of a user, with all the APIs of the scope.
    User(Scope, Vec<ApiIdentifier>, Access),
}

impl<'a> Steps<'a> {
    /// Takes them. `claims` are those of the assertion, which is good until `expires`.
    pub(super) fn of(
        trust: &TrustedIssuer,
        (claims, expires): (&'a Value, UnixTime),
        beside: Beside<'a>,
        facts: &'a Facts,
    ) -> Self {
        Self {
            held: held(claims, beside.shown),
            on: is_on(trust, facts.project.as_deref()),
            subject: subject(trust, claims),
            jti: spent(trust, claims, expires),
            client: client(trust, beside.client),
            scope: scope(trust, claims, beside.scope),
            who: match &facts.who {
                Who::Account(found) => account(trust, found.as_ref()),
                Who::User(found, policies) => {
                    user(trust, found.as_deref()).map(|user| Whom::User(user, policies))
                }
            },
        }
    }
}

/// Step 6, once it is known who it is about: the scopes exist, and the policies allow them.
pub(super) fn allowed(
    whom: Whom<'_>,
    client: Option<Bringer<'_>>,
    scope: Scope,
    (catalog, own_api): (&Catalog, &str),
) -> Result<Allowed, Refusal> {
    match whom {
        Whom::Account(account, project) => {
            let apis = scopes::resolve(&scope, catalog, &project.project)?;
            let id = &account.account.unique_id;
            policy::permits_scopes(&project.policies, id, &scope)?;
            Ok(Allowed::Account(scope, apis))
        }
        Whom::User(user, policies) => {
            let client = client.ok_or_else(no_client)?;
            let scope = for_user(scope, client, (catalog, own_api))?;
            access::permitted(user, policies, client.project, &scope)?;
            let mut audience: Vec<ApiIdentifier> = Vec::new();
            for known in scope.iter().filter_map(|name| catalog.scope(name)) {
                if !audience.contains(&known.api.identifier) {
                    audience.push(known.api.identifier.clone());
                }
            }
            let held = Held {
                scope: &scope,
                details: None,
                audience: &audience,
            };
            let access = access::narrow(held, &[], catalog)?;
            Ok(Allowed::User(scope, audience, access))
        }
    }
}

/// Step 3.
fn held(claims: &Value, shown: Option<&Possession>) -> Result<Option<Binding>, Refusal> {
    let held = elsewhere::bound(claims).and_then(|bound| match bound.zip(shown) {
        None => Ok(None),
        Some((bound, shown)) => elsewhere::held(&bound, shown),
    });
    held.map_err(in_our_words)
}

/// Step 3.
pub(super) fn is_on(
    trust: &TrustedIssuer,
    project: Option<&ProjectSnapshot>,
) -> Result<(), Refusal> {
    if trust.disabled {
        let detail = "this issuer is not trusted at this time.";
        return Err(Refusal::new(Crn::TRUST_DISABLED, detail));
    }
    let suspended = |project: &ProjectSnapshot| project.project.state != ProjectState::Active;
    let gone = project.is_none() && matches!(trust.owner, IssuerOwner::Project(_));
    if gone || project.is_some_and(suspended) {
        let detail = "the project that trusts this issuer is suspended.";
        return Err(Refusal::new(Crn::TRUST_DISABLED, detail));
    }
    Ok(())
}

/// Step 4: `sub`, if it is taken.
fn subject<'v>(trust: &TrustedIssuer, claims: &'v Value) -> Result<&'v str, Refusal> {
    let sub = text(claims, "sub");
    let Some(sub) = sub else {
        let detail = "sub is missing, or no text of 1 to 255 characters.";
        return Err(Refusal::new(Crn::TRUST_SUBJECT, detail));
    };
    if trust.takes(sub) {
        return Ok(sub);
    }
    let detail = format!(
        "sub is '{}', which is not one that is taken.",
        Echo::of(sub)
    );
    let taken: Vec<_> = trust.subjects.iter().map(ToString::to_string).collect();
    Err(Refusal::new(Crn::TRUST_SUBJECT, detail).because("taken", taken.join(" ")))
}

/// A claim that is a name: printable, and not too long.
fn text<'v>(claims: &'v Value, claim: &str) -> Option<&'v str> {
    let text = claims.get(claim)?.as_str()?;
    let fits = (1..=LONGEST_NAME).contains(&text.len()) && !text.chars().any(char::is_control);
    fits.then_some(text)
}

/// Step 7.
fn spent(
    trust: &TrustedIssuer,
    claims: &Value,
    expires: UnixTime,
) -> Result<SpentAssertion, Refusal> {
    let Some(jti) = text(claims, "jti") else {
        let detail = "jti is missing, or no text of 1 to 255 characters: an assertion works once.";
        return Err(Refusal::new(Crn::TRUST_JTI, detail));
    };
    // By what names the trust, so that it stays spent where a trust is taken away and made anew, and nobody else who
    // trusts an issuer of this name spends it.
    let audience = trust.audience.as_ref().map_or("", AllowedAudience::as_str);
    let parts = [trust.issuer.as_str(), audience, jti];
    let until = expires + TOLERANCE;
    Ok(SpentAssertion::named(&parts, until))
}

/// Step 5: the client, if it may bring this.
fn client<'c>(
    trust: &TrustedIssuer,
    client: Option<Bringer<'c>>,
) -> Result<Option<Bringer<'c>>, Refusal> {
    let needed = !trust.clients.is_empty() || matches!(trust.subject, TrustedSubject::User(_));
    let Some(client) = client else {
        return if needed { Err(no_client()) } else { Ok(None) };
    };
    if !needed {
        return Ok(Some(client));
    }
    let listed = trust.clients.contains(&client.client.id);
    if listed && client.is_confidential() && trust.owner.has(&client.project.project) {
        return Ok(Some(client));
    }
    let detail = "this client is not one that may bring assertions of this issuer.";
    Err(client.tell(Refusal::new(Crn::CLIENT_GRANT_NOT_ALLOWED, detail)))
}

pub(super) fn no_client() -> Refusal {
    let detail = "a client must authenticate to bring an assertion of this issuer.";
    Refusal::new(Crn::CLIENT_AUTHENTICATION_MISSING, detail)
}

/// Step 6: what is asked for, within what may be.
fn scope(trust: &TrustedIssuer, claims: &Value, asked: Option<&str>) -> Result<Scope, Refusal> {
    let parsed = |text: &str| {
        Scope::parse(text).map_err(|fault| Refusal::new(Crn::SCOPE_MALFORMED, fault.to_string()))
    };
    let claimed = match claims.get("scope") {
        None | Some(serde_json::Value::Null) => None,
        Some(serde_json::Value::String(text)) => Some(parsed(text)?),
        Some(_) => {
            let detail = "the claim scope is no text.";
            return Err(Refusal::new(Crn::SCOPE_MALFORMED, detail));
        }
    };
    let asked = match asked.filter(|text| !text.is_empty()) {
        None => claimed.clone().unwrap_or_else(|| trust.scopes.clone()),
        Some(text) => parsed(text)?,
    };
    if asked.is_empty() {
        let detail = "scope is empty. Say what the token shall be good for.";
        return Err(Refusal::new(Crn::SCOPE_EMPTY, detail));
    }
    let within = |name: &&str| {
        let claimed = claimed
            .as_ref()
            .is_none_or(|claimed| claimed.contains(name));
        claimed && trust.scopes.contains(name)
    };
    if let Some(name) = asked.iter().find(|name| !within(name)) {
        let detail = format!(
            "scope '{}' is not one that assertions of this issuer may ask for.",
            Echo::of(name)
        );
        return Err(Refusal::new(Crn::SCOPE_UNKNOWN, detail));
    }
    Ok(asked)
}

/// The account of the trust, which is still the owner's.
fn account<'f>(
    trust: &TrustedIssuer,
    found: Option<&'f (Arc<AccountSnapshot>, Arc<ProjectSnapshot>)>,
) -> Result<Whom<'f>, Refusal> {
    let (account, project) = found
        .filter(|(_, project)| trust.owner.has(&project.project))
        .ok_or_else(|| {
            let detail = "the service account of this trust is gone.";
            Refusal::new(Crn::TRUST_SUBJECT, detail)
        })?;
    jwt_bearer::standing(&account.account, &project.project)?;
    Ok(Whom::Account(account, project))
}

const NOT_OURS: &str =
    "the organization has no such user, or the address is not said to be verified";

/// The user whom the assertion names, if they are one of the organization's.
fn user<'f>(trust: &TrustedIssuer, found: Option<&'f User>) -> Result<&'f User, Refusal> {
    let why = match found {
        // Nobody hears whether another organization has them.
        None => NOT_OURS,
        Some(user) if trust.owner != IssuerOwner::Organization(user.organization) => NOT_OURS,
        Some(user) if user.state != UserState::Active => "the user is suspended",
        Some(user) => return Ok(user),
    };
    let detail = "the assertion names no user of the organization that trusts this issuer.";
    Err(Refusal::new(Crn::TRUST_NO_USER, detail).because("why", why))
}

/// What a client may have of a user without asking them: scopes of APIs, that are the client's too, and none that
/// administers anything.
fn for_user(
    scope: Scope,
    client: Bringer<'_>,
    (catalog, own_api): (&Catalog, &str),
) -> Result<Scope, Refusal> {
    let project = &client.project.project;
    let may = |name: &str| {
        let known = catalog.scope(name);
        client.client.scopes.contains(name)
            && known.is_some_and(|known| {
                scopes::visible(known, project)
                    && known.scope.risk != Risk::Administer
                    && known.api.identifier.as_str() != own_api
            })
    };
    if let Some(name) = scope.iter().find(|name| !may(name)) {
        let detail = format!(
            "scope '{}' is not one that this client may have of a user so.",
            Echo::of(name)
        );
        return Err(client.tell(Refusal::new(Crn::SCOPE_UNKNOWN, detail)));
    }
    Ok(scope)
}

//! The steps of the decision, each as the story of the file above numbers them, and what a yes is made of.

use std::sync::Arc;

use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use carnet_wire::scope::Scope;

use super::Beside;
use super::Facts;
use super::Named;
use super::Who;
use crate::record::IssuerOwner;
use crate::record::Obtained;
use crate::record::ProjectState;
use crate::record::Risk;
use crate::record::SpentAssertion;
use crate::record::TrustedIssuer;
use crate::record::TrustedSubject;
use crate::record::User;
use crate::record::UserState;
use crate::rule::Refusal;
use crate::rule::admin::Context;
use crate::rule::assertion::foreign::Vouched;
use crate::rule::client::Authenticated;
use crate::rule::grant::access;
use crate::rule::grant::access::Of;
use crate::rule::grant::begin;
use crate::rule::grant::begin::Allowed;
use crate::rule::grant::jwt_bearer;
use crate::rule::policy;
use crate::rule::possession;
use crate::rule::scopes;
use crate::rule::token::AccessGrant;
use crate::rule::token::AccountSubject;
use crate::rule::token::Actor;
use crate::rule::token::Subject;
use crate::store::AccountSnapshot;
use crate::store::Catalog;
use crate::store::Change;
use crate::store::ProjectSnapshot;
use crate::value::AllowedAudience;
use crate::value::ApiIdentifier;
use crate::value::AuthorizationId;
use crate::value::Entropy;
use crate::value::Seconds;
use crate::value::TokenId;
use crate::value::UnixTime;

/// The longest `sub` and `jti`.
const LONGEST_NAME: usize = 255;

/// For how much longer than an assertion lives its `jti` is remembered.
const TOLERANCE: Seconds = Seconds(60);

type Yes = (AccessGrant, Vec<Change>);

pub(super) fn granted(
    (named, vouched): (&Named, &Vouched),
    beside: Beside<'_>,
    facts: &Facts,
    (context, entropy): (&Context<'_>, &mut dyn Entropy),
) -> Result<Yes, Refusal> {
    let trust = &named.issuer;
    is_on(trust, facts.project.as_deref())?;
    let sub = subject(trust, vouched)?;
    let spent = spent(trust, vouched)?;
    let client = client(trust, beside.client)?;
    let scope = scope(trust, vouched, beside.scope)?;
    let (grant, mut changes) = match &facts.who {
        Who::Account(found) => {
            let account = account(trust, found.as_ref())?;
            let id = TokenId::mint(context.now, entropy);
            let at = (id, context.now);
            let grant = of_account((trust, sub), account, (scope, &facts.catalog), at)?;
            (grant, Vec::new())
        }
        Who::User(found, policies) => {
            let user = user(trust, found.as_deref())?;
            let client = client.ok_or_else(no_client)?;
            let scope = for_user(scope, client, (&facts.catalog, beside.own_api))?;
            access::permitted(user, policies, client.project(), &scope)?;
            let of = (trust, client, user);
            of_user(
                of,
                &scope,
                vouched,
                (beside.us, &facts.catalog),
                (context, entropy),
            )?
        }
    };
    changes.insert(0, spent);
    changes.push(audited(trust, sub, &grant, context));
    Ok((grant, changes))
}

/// Step 3.
fn is_on(trust: &TrustedIssuer, project: Option<&ProjectSnapshot>) -> Result<(), Refusal> {
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
fn subject<'v>(trust: &TrustedIssuer, vouched: &'v Vouched) -> Result<&'v str, Refusal> {
    let sub = text(vouched, "sub");
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
fn text<'v>(vouched: &'v Vouched, claim: &str) -> Option<&'v str> {
    let text = vouched.claims().get(claim)?.as_str()?;
    let fits = (1..=LONGEST_NAME).contains(&text.len()) && !text.chars().any(char::is_control);
    fits.then_some(text)
}

/// Step 7.
fn spent(trust: &TrustedIssuer, vouched: &Vouched) -> Result<Change, Refusal> {
    let Some(jti) = text(vouched, "jti") else {
        let detail = "jti is missing, or no text of 1 to 255 characters: an assertion works once.";
        return Err(Refusal::new(Crn::TRUST_JTI, detail));
    };
    // By what names the trust, so that it stays spent where a trust is taken away and made anew, and nobody else who
    // trusts an issuer of this name spends it.
    let audience = trust.audience.as_ref().map_or("", AllowedAudience::as_str);
    let parts = [trust.issuer.as_str(), audience, jti];
    let until = vouched.expires() + TOLERANCE;
    Ok(Change::AssertionSpent(SpentAssertion::named(&parts, until)))
}

/// Step 5: the client, if it may bring this.
fn client<'c>(
    trust: &TrustedIssuer,
    client: Option<&'c Authenticated>,
) -> Result<Option<&'c Authenticated>, Refusal> {
    let needed = !trust.clients.is_empty() || matches!(trust.subject, TrustedSubject::User(_));
    let Some(client) = client else {
        return if needed { Err(no_client()) } else { Ok(None) };
    };
    if !needed {
        return Ok(Some(client));
    }
    let listed = trust.clients.contains(&client.client().id);
    if listed && client.is_confidential() && trust.owner.has(&client.project().project) {
        return Ok(Some(client));
    }
    let detail = "this client is not one that may bring assertions of this issuer.";
    Err(client.tell(Refusal::new(Crn::CLIENT_GRANT_NOT_ALLOWED, detail)))
}

fn no_client() -> Refusal {
    let detail = "a client must authenticate to bring an assertion of this issuer.";
    Refusal::new(Crn::CLIENT_AUTHENTICATION_MISSING, detail)
}

/// Step 6: what is asked for, within what may be.
fn scope(trust: &TrustedIssuer, vouched: &Vouched, asked: Option<&str>) -> Result<Scope, Refusal> {
    let parsed = |text: &str| {
        Scope::parse(text).map_err(|fault| Refusal::new(Crn::SCOPE_MALFORMED, fault.to_string()))
    };
    let claimed = match vouched.claims().get("scope") {
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

type Account<'f> = (&'f AccountSnapshot, &'f ProjectSnapshot);

/// The account of the trust, which is still the owner's.
fn account<'f>(
    trust: &TrustedIssuer,
    found: Option<&'f (Arc<AccountSnapshot>, Arc<ProjectSnapshot>)>,
) -> Result<Account<'f>, Refusal> {
    let (account, project) = found
        .filter(|(_, project)| trust.owner.has(&project.project))
        .ok_or_else(|| {
            let detail = "the service account of this trust is gone.";
            Refusal::new(Crn::TRUST_SUBJECT, detail)
        })?;
    jwt_bearer::standing(&account.account, &project.project)?;
    Ok((account, project))
}

fn of_account(
    (trust, sub): (&TrustedIssuer, &str),
    (account, project): Account<'_>,
    (scope, catalog): (Scope, &Catalog),
    (id, now): (TokenId, UnixTime),
) -> Result<AccessGrant, Refusal> {
    let record = &account.account;
    let apis = scopes::resolve(&scope, catalog, &project.project)?;
    policy::permits_scopes(&project.policies, &record.unique_id, &scope)?;
    let subject = AccountSubject {
        id: record.unique_id.clone(),
        email: record.email.clone(),
        user: None,
        acting: Some(Actor {
            sub: sub.to_owned().into(),
            email: None,
            provider: Some(trust.id.to_string().into()),
            act: None,
        }),
    };
    Ok(AccessGrant::new(
        id,
        Subject::Account(subject),
        scope,
        &apis,
        now,
    ))
}

/// The user whom the assertion names, if they are one of the organization's.
fn user<'f>(trust: &TrustedIssuer, found: Option<&'f User>) -> Result<&'f User, Refusal> {
    let why = match found {
        None => "there is no such user, or the address is not said to be verified",
        Some(user) if trust.owner != IssuerOwner::Organization(user.organization) => {
            "the user is of another organization"
        }
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
    client: &Authenticated,
    (catalog, own_api): (&Catalog, &str),
) -> Result<Scope, Refusal> {
    let project = &client.project().project;
    let may = |name: &str| {
        let known = catalog.scope(name);
        client.client().scopes.contains(name)
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

fn of_user(
    (trust, client, user): (&TrustedIssuer, &Authenticated, &User),
    scope: &Scope,
    vouched: &Vouched,
    (us, catalog): (&str, &Catalog),
    (context, entropy): (&Context<'_>, &mut dyn Entropy),
) -> Result<Yes, Refusal> {
    let mut audience: Vec<ApiIdentifier> = Vec::new();
    for known in scope.iter().filter_map(|name| catalog.scope(name)) {
        if !audience.contains(&known.api.identifier) {
            audience.push(known.api.identifier.clone());
        }
    }
    let access = access::narrow(scope, &audience, &[], catalog)?;
    let issued = vouched
        .claims()
        .get("iat")
        .and_then(serde_json::Value::as_i64);
    let record = client.client();
    let allowed = Allowed {
        id: AuthorizationId::mint(context.now, entropy),
        scope,
        details: None,
        audience: &audience,
        obtained: Obtained::Assertion,
        authenticated: issued.map_or(context.now, UnixTime),
        session: None,
        nonce: None,
        binding: possession::lasting(record, client.binding()),
    };
    let (granted, changes) = begin::begin(&allowed, record, (user.clone(), access), context);
    let of = Of {
        client: record,
        authorization: &granted.authorization,
        user,
        nonce: None,
        binding: client.binding(),
    };
    let mut grant = granted.access.tokens(of, us, context.now, entropy).access;
    if let Subject::Person(person) = &mut grant.subject {
        person.trust = Some(trust.id);
    }
    Ok((grant, changes.into()))
}

fn audited(trust: &TrustedIssuer, sub: &str, grant: &AccessGrant, context: &Context<'_>) -> Change {
    let whom = if let Subject::Person(person) = &grant.subject {
        format!("user:{}", person.user)
    } else {
        let account = trust.account().map(ToString::to_string);
        format!("serviceAccount:{}", account.unwrap_or_default())
    };
    let detail = [
        ("issuer", trust.issuer.to_string()),
        ("sub", Echo::of(sub).to_string()),
        ("for", whom),
        ("scope", grant.scope.to_string()),
        ("token", grant.id.to_string()),
    ];
    context.audited("trusted_issuer.grant", trust.id, &detail)
}

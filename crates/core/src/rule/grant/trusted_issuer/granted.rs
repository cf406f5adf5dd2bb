//! What a yes is made of, once no step said no.

use std::sync::Arc;

use carnet_wire::legal::Echo;
use carnet_wire::scope::Scope;
use serde_json::Value;

use super::Beside;
use super::Bringer;
use super::Facts;
use super::Named;
use super::steps;
use super::steps::Allowed;
use super::steps::Steps;
use super::steps::Whom;
use crate::record::Api;
use crate::record::Obtained;
use crate::record::ServiceAccount;
use crate::record::TrustedIssuer;
use crate::record::User;
use crate::rule::Refusal;
use crate::rule::admin::Context;
use crate::rule::assertion::foreign::Vouched;
use crate::rule::grant::access::Access;
use crate::rule::grant::access::Of;
use crate::rule::grant::begin;
use crate::rule::possession;
use crate::rule::token::AccessGrant;
use crate::rule::token::AccountSubject;
use crate::rule::token::Actor;
use crate::rule::token::Subject;
use crate::store::Change;
use crate::value::ApiIdentifier;
use crate::value::AuthorizationId;
use crate::value::Entropy;
use crate::value::TokenId;
use crate::value::UnixTime;

type Yes = (AccessGrant, Vec<Change>);

pub(super) fn granted(
    (named, vouched): (&Named, &Vouched),
    beside: Beside<'_>,
    facts: &Facts,
    (context, entropy): (&Context<'_>, &mut dyn Entropy),
) -> Result<Yes, Refusal> {
    let trust = named.issuer.as_ref();
    let proved = (vouched.claims(), vouched.expires());
    let steps = Steps::of(trust, proved, beside, facts);
    let held = steps.held?;
    steps.on?;
    let sub = steps.subject?;
    let spent = steps.jti?;
    let client = steps.client?;
    let (scope, whom) = (steps.scope?, steps.who?);
    let among = (facts.catalog.as_ref(), beside.own_api);
    let allowed = steps::allowed(whom, client, scope, among)?;
    let (mut grant, mut changes) = match (whom, allowed, client) {
        (Whom::User(user, _), Allowed::User(scope, audience, access), Some(client)) => {
            let good_for = (&scope, audience.as_slice(), access);
            let of = (trust, client, user);
            of_user(
                of,
                good_for,
                (vouched.claims(), beside.us),
                (context, entropy),
            )
        }
        (Whom::Account(account, _), Allowed::Account(scope, apis), _) => {
            let id = TokenId::mint(context.now, entropy);
            let at = (id, context.now);
            let grant = of_account((trust, sub), &account.account, (scope, &apis), at);
            (grant, Vec::new())
        }
        // Who it is about is what it was allowed for.
        _ => return Err(steps::no_client()),
    };
    grant.binding = held.or(grant.binding);
    changes.insert(0, Change::AssertionSpent(spent));
    changes.push(audited(trust, sub, &grant, context));
    Ok((grant, changes))
}

fn of_account(
    (trust, sub): (&TrustedIssuer, &str),
    account: &ServiceAccount,
    (scope, apis): (Scope, &[Arc<Api>]),
    (id, now): (TokenId, UnixTime),
) -> AccessGrant {
    let subject = AccountSubject {
        id: account.unique_id.clone(),
        email: account.email.clone(),
        user: None,
        acting: Some(Actor {
            sub: sub.to_owned().into(),
            email: None,
            provider: Some(trust.id.to_string().into()),
            act: None,
        }),
    };
    AccessGrant::new(id, Subject::Account(subject), scope, apis, now)
}

fn of_user(
    (trust, client, user): (&TrustedIssuer, Bringer<'_>, &User),
    (scope, audience, access): (&Scope, &[ApiIdentifier], Access),
    (claims, us): (&Value, &str),
    (context, entropy): (&Context<'_>, &mut dyn Entropy),
) -> Yes {
    let issued = moment(claims, "iat").unwrap_or(context.now);
    let record = client.client;
    let allowed = begin::Allowed {
        id: AuthorizationId::mint(context.now, entropy),
        scope,
        details: None,
        audience,
        obtained: Obtained::Assertion,
        // What ends it later is held against this; when they signed in elsewhere may be long ago.
        authenticated: issued,
        session: None,
        nonce: None,
        binding: possession::lasting(record, client.binding),
    };
    let (granted, changes) = begin::begin(&allowed, record, (user.clone(), access), context);
    let of = Of {
        client: record,
        authorization: &granted.authorization,
        user,
        nonce: None,
        binding: client.binding,
    };
    let mut grant = granted.access.tokens(of, us, context.now, entropy).access;
    if let Subject::Person(person) = &mut grant.subject {
        person.trust = Some(trust.id);
        person.authenticated = authenticated(claims, issued).map(|at| at.min(context.now));
    }
    (grant, changes.into())
}

/// When the user authenticated, as far as the issuer says so (RFC 9068 section 2.2.1): not when it signed, which proves nothing
/// of them. What cannot be meant, a moment behind its own `iat`, is left out.
fn authenticated(claims: &Value, issued: UnixTime) -> Option<UnixTime> {
    moment(claims, "auth_time").filter(|at| at.0 > 0 && *at <= issued)
}

fn moment(claims: &Value, name: &str) -> Option<UnixTime> {
    claims.get(name)?.as_i64().map(UnixTime)
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

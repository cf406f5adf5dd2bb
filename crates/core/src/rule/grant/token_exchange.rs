//! The token exchange grant: a token for a token (RFC 8693).
//!
//! A service that was called with a token calls another one, and shows neither its caller's token, which was
//! not meant for that, nor its own, which says nothing of the caller. It exchanges. The client has
//! authenticated, and both tokens were opened or verified as ours and stand ([`Shown`]). Then:
//!
//! 1. The client proved who it is and is registered for this grant ([`may`]).
//! 2. The subject's token is this client's to show: issued to it, or meant for an API of its own project.
//!    Otherwise a stolen token could be laundered here (confused deputy; section 5, RFC 9700 section 2.3).
//!    If it is bound to a key, the request shows that key, to which the new token is bound too.
//! 3. What a person allowed must be allowed still: the session, the password and the authorization are looked
//!    at as before a refresh.
//! 4. Who acts is the subject of `actor_token`, which must have been issued to this client, or nobody is said to
//!    act (impersonation), which takes leave in the client's settings. `may_act` in the subject's token is
//!    stricter than both (section 4.4).
//! 5. The targets are APIs that the client's settings name (section 2.1, RFC 8707). By default there is none.
//! 6. The scope can only become smaller: within the subject's token, within what the client may ask for, of
//!    the target's scopes. The policies of both organizations must allow it.
//! 7. The new token ends no later than those it was made of, carries what they hung on, and repeats who acted
//!    before. It is audited in the commit that goes before the answer.

mod asked;
mod target;

use std::sync::Arc;

use carnet_wire::crn::Crn;
use carnet_wire::token::TokenExchangeRequest;
use carnet_wire::token::TokenTypeUri;

use crate::record::GrantType;
use crate::record::Policy;
use crate::record::User;
use crate::rule::Refusal;
use crate::rule::Verdict;
use crate::rule::admin::Context;
use crate::rule::authorization;
use crate::rule::client::Authenticated;
use crate::rule::token::AccessClaims;
use crate::rule::token::AccessGrant;
use crate::rule::token::Actor;
use crate::rule::token::ExchangedSubject;
use crate::rule::token::IdGrant;
use crate::rule::token::MOST_EXCHANGES;
use crate::rule::token::Step;
use crate::rule::token::Subject;
use crate::rule::token::Whose;
use crate::rule::token::confirmation;
use crate::store::Catalog;
use crate::store::Change;
use crate::store::Fault;
use crate::store::Snapshots;
use crate::store::Store;
use crate::value::Entropy;
use crate::value::TokenId;
use crate::value::UnixTime;

pub use asked::{Kind, given, taken};

/// A token that is shown: ours, and standing at this moment.
#[derive(Clone, Debug)]
pub struct Shown(pub Arc<AccessClaims<'static>>);

/// What is to be exchanged.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The request.
    pub request: &'a TokenExchangeRequest<'a>,
    /// About whom the new token will be.
    pub subject: &'a Shown,
    /// Who acts, if that is said.
    pub actor: Option<&'a Shown>,
}

/// What the decision rests on beside the tokens.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Every API and scope.
    pub catalog: Arc<Catalog>,
    /// The authorization that the subject's token hangs on, where it hangs on one.
    pub authorization: Option<authorization::Facts>,
    /// The person that the token is about, and the policies in force of their organization.
    pub person: Option<(User, Arc<Vec<Policy>>)>,
}

/// What the client gets.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Issued {
    /// An access token, and of which type it is said to be.
    Access(AccessGrant, TokenTypeUri),
    /// An ID token.
    Id(IdGrant),
}

/// Whether the client may exchange at all. Asked before any token is looked at.
pub fn may(client: &Authenticated) -> Result<(), Refusal> {
    if !client.is_confidential() {
        let detail = "this client proves nothing, so it cannot exchange tokens.";
        return Err(client.tell(Refusal::new(Crn::CLIENT_IS_PUBLIC, detail)));
    }
    client.may(GrantType::TokenExchange)
}

/// What whoever shows a subject token is told that is not good.
#[must_use]
pub fn not_good(why: &'static str) -> Refusal {
    Refusal::new(Crn::SUBJECT_TOKEN, "the subject_token is not valid.").because("why", why)
}

/// What whoever shows an actor's token is told that is not good.
#[must_use]
pub fn actor_not_good(why: &'static str) -> Refusal {
    let detail = "the actor_token is not valid for this client.";
    Refusal::new(Crn::ACTOR_TOKEN, detail).because("why", why)
}

/// Reads the facts.
pub async fn load(
    subject: &Shown,
    store: &dyn Store,
    snapshots: &dyn Snapshots,
) -> Result<Facts, Fault> {
    let catalog = snapshots.catalog().await?;
    let whose = subject.0.whose();
    let authorization = match whose.as_ref().and_then(Whose::authorization) {
        Some(id) => authorization::load(id, (store, snapshots)).await?,
        None => None,
    };
    let person = match whose.as_ref().and_then(Whose::user) {
        Some(id) => match snapshots.user(id).await? {
            Some(user) => {
                let policies = snapshots.policies(user.organization).await?;
                Some((User::clone(&user), policies))
            }
            None => None,
        },
        None => None,
    };
    Ok(Facts {
        catalog,
        authorization,
        person,
    })
}

/// Decides on them.
pub fn decide(
    client: &Authenticated,
    asked: Asked<'_>,
    facts: &Facts,
    context: &Context<'_>,
    entropy: &mut dyn Entropy,
) -> Verdict<Issued> {
    match exchanged(client, asked, facts, context.now, entropy) {
        Ok(issued) => {
            let audit = audited(client, asked, &issued, context);
            Verdict::allow(issued, vec![audit])
        }
        Err(refusal) => Verdict::refuse(client.tell(refusal)),
    }
}

fn exchanged(
    client: &Authenticated,
    asked: Asked<'_>,
    facts: &Facts,
    now: UnixTime,
    entropy: &mut dyn Entropy,
) -> Result<Issued, Refusal> {
    let claims = &asked.subject.0;
    if !client.may_know(claims, &facts.catalog) {
        return Err(not_good("of others")
            .because("cause", Crn::SUBJECT_TOKEN_OF_OTHERS.to_string())
            .because("issued_to", claims.client_id.to_string()));
    }
    for shown in [Some(asked.subject), asked.actor].into_iter().flatten() {
        if shown.0.narrowed.is_some() {
            // What is made of it would be whole again.
            return Err(not_good("it has an access boundary"));
        }
        held(client, shown)?;
    }
    let whose = claims.whose().ok_or_else(|| not_good("of nobody"))?;
    if matches!(whose, Whose::Federated { .. }) {
        // Whom a pool let in is known by what their token says beside their name, which a new one would not.
        return Err(not_good("of a federated principal"));
    }
    still_allowed(&whose, facts, now)?;
    let kind = given(asked.request)?;
    if kind == Kind::Id {
        // To itself, of its own: nobody acts.
        return asked::id_token(client, asked, &whose, (facts, now)).map(Issued::Id);
    }
    acts(client, asked)?;
    let apis = target::of(client, asked.request, &facts.catalog)?;
    let scope = target::scope(client, asked, &apis, &facts.catalog)?;
    target::permitted(client, facts, &scope)?;
    let subject = subject(client, asked, &whose)?;
    let id = TokenId::mint(now, entropy);
    let subject = Subject::Exchanged(Box::new(subject));
    let mut grant = AccessGrant::new(id, subject, scope, &apis, now).bound_to(client.binding());
    let most = now + client.client().lifetimes.access_token;
    grant.expires = grant.expires.min(most).min(UnixTime(claims.exp));
    if let Some(actor) = asked.actor {
        grant.expires = grant.expires.min(UnixTime(actor.0.exp));
    }
    if let Some(facts) = &facts.authorization {
        grant.expires = grant.expires.min(facts.authorization.ends);
    }
    asked::in_format(kind, grant.format)?;
    let issued_type = match kind {
        Kind::Jwt => TokenTypeUri::Jwt,
        Kind::Access | Kind::Id => TokenTypeUri::AccessToken,
    };
    let grant = grant.bound_to(client.binding());
    Ok(Issued::Access(grant, issued_type))
}

/// Station 2: whoever shows a token that is bound to a key shows the key too (RFC 9449 section 7.2).
fn held(client: &Authenticated, shown: &Shown) -> Result<(), Refusal> {
    let Some(bound) = &shown.0.cnf else {
        return Ok(());
    };
    let key = client.binding().map(confirmation);
    if key.as_ref() == Some(bound) {
        return Ok(());
    }
    let detail = "a token was shown that is bound to a key, and not the key.";
    Err(Refusal::new(Crn::EXCHANGE_WITHOUT_KEY, detail))
}

/// Station 3.
fn still_allowed(whose: &Whose, facts: &Facts, now: UnixTime) -> Result<(), Refusal> {
    let Some(id) = whose.authorization() else {
        return Ok(());
    };
    let authorization = facts
        .authorization
        .as_ref()
        .filter(|facts| facts.authorization.id == id)
        .ok_or_else(|| not_good("the authorization is gone"))?;
    match authorization::standing(authorization, now) {
        Ok(_) => Ok(()),
        Err(over) => Err(not_good("over").because("cause", over.crn.to_string())),
    }
}

/// Station 4.
fn acts(client: &Authenticated, asked: Asked<'_>) -> Result<(), Refusal> {
    let own = client.client();
    let acting = match asked.actor {
        Some(actor) => {
            let actor = &actor.0;
            if actor.client_id != own.id.as_str() {
                return Err(actor_not_good("issued to another client"));
            }
            if actor.act.is_some() || !actor.via.is_empty() || actor.federated.is_some() {
                return Err(actor_not_good("of somebody who acts for another"));
            }
            actor.sub.as_ref()
        }
        None => own.id.as_str(),
    };
    let may = asked.subject.0.may_act.as_ref();
    if may.is_some_and(|may| may.sub != acting) {
        let detail = "the subject_token says who may act, and it is not this one.";
        return Err(Refusal::new(Crn::MAY_NOT_ACT, detail).because("acting", acting));
    }
    if asked.actor.is_none() && !own.exchange.impersonate {
        let detail = "this client must say who acts: send an actor_token.";
        return Err(Refusal::new(Crn::EXCHANGE_WITHOUT_ACTOR, detail));
    }
    Ok(())
}

/// Station 7: what the new token carries of the old ones.
fn subject(
    client: &Authenticated,
    asked: Asked<'_>,
    whose: &Whose,
) -> Result<ExchangedSubject, Refusal> {
    let claims = &asked.subject.0;
    let before = claims.act.clone();
    let act = match asked.actor {
        Some(actor) => Some(Actor {
            provider: None,
            sub: actor.0.sub.clone(),
            email: None,
            act: before.map(Box::new),
        }),
        None => before,
    };
    let mut via = claims.via.clone();
    via.push(Step {
        jti: (!claims.jti.is_empty()).then(|| claims.jti.clone()),
        client_id: claims.client_id.clone(),
    });
    let actors = act.as_ref().map_or(0, Actor::count);
    if via.len() > MOST_EXCHANGES || actors > MOST_EXCHANGES {
        let detail = format!("this token was exchanged {MOST_EXCHANGES} times already.");
        return Err(Refusal::new(Crn::EXCHANGED_TOO_OFTEN, detail));
    }
    let of_account = match whose {
        Whose::Exchanged { origin, .. } => has_address(origin),
        first => has_address(first),
    };
    let email = claims.email.as_ref().filter(|_| of_account);
    Ok(ExchangedSubject {
        client: client.client().id.clone(),
        sub: claims.sub.to_string(),
        email: email.map(ToString::to_string),
        authorization: whose.authorization(),
        authenticated: claims.auth_time.map(UnixTime),
        act,
        may_act: claims.may_act.as_ref().map(|may| may.sub.to_string()),
        via,
        trust: whose.trust(),
    })
}

/// Whether its tokens always say an e-mail. Of a person in front of an app it is the app's to know.
const fn has_address(whose: &Whose) -> bool {
    matches!(
        whose,
        Whose::Account(_) | Whose::Impersonated { .. } | Whose::Delegated { .. }
    )
}

fn audited(
    client: &Authenticated,
    asked: Asked<'_>,
    issued: &Issued,
    context: &Context<'_>,
) -> Change {
    let claims = &asked.subject.0;
    let (audience, scope, jti) = match issued {
        Issued::Access(grant, _) => {
            let audience = grant.audience.iter().map(ToString::to_string);
            let audience: Vec<_> = audience.collect();
            (
                audience.join(" "),
                grant.scope.to_string(),
                grant.id.to_string(),
            )
        }
        Issued::Id(grant) => (grant.audience.clone(), "openid".to_owned(), String::new()),
    };
    let acts = asked.actor.map(|actor| actor.0.sub.to_string());
    let mut detail = vec![
        ("project", client.client().project.to_string()),
        ("audience", audience),
        ("scope", scope),
        ("token", jti),
        ("of_token", claims.jti.to_string()),
        ("of_client", claims.client_id.to_string()),
        ("acts", acts.unwrap_or_default()),
    ];
    detail.retain(|(_, value)| !value.is_empty());
    context.audited("token.exchange", &claims.sub, &detail)
}

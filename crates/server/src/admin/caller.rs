//! Who calls: an access token of ours for the admin API, and the roles of its subject.
//!
//! 1. The token stands in `Authorization`, is one of ours that stands at this moment, is shown as it is bound
//!    ([`crate::presented`]), and is for this API.
//! 2. Its scope says whether it may write (`carnet.admin`) or only read (`carnet.admin.read`).
//! 3. The roles of the subject, and of the account that acts for it, say where and how much.

use std::sync::Arc;

use axum::http::Method;
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::request::Parts as Head;
use carnet_core::record::Holder;
use carnet_core::rule::Refusal;
use carnet_core::rule::admin::access::Powers;
use carnet_core::rule::admin::role::holder_text;
use carnet_core::rule::token::{AccessClaims, Impersonator, Whose};
use carnet_core::value::UnixTime;
use carnet_wire::bearer::{Challenge, Scheme};
use carnet_wire::crn::{Answer, Crn};

use super::desk::Desk;
use super::problem::Problem;
use crate::presented;
use crate::protected_resources::Own;
use crate::standing::{reach, roles};
use crate::system::{ADMIN_API, SCOPE_ADMIN, SCOPE_ADMIN_READ};

/// Somebody who may call.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// What the token says.
    pub claims: Arc<AccessClaims<'static>>,
    /// Who it is about.
    pub holder: Holder,
    /// As the audit log writes it.
    pub actor: String,
    /// Their roles.
    pub powers: Powers,
}

/// Finds out who calls, and whether their token lets them use this method at all.
pub(crate) async fn known(desk: &Desk, head: &Head, now: UnixTime) -> Result<Caller, Problem> {
    let parts = &*desk.parts;
    let refuse = |refusal: &Refusal| Err(unauthenticated(desk, refusal));
    let shown = match presented::in_header(&head.headers) {
        None => {
            let detail = "There is no access token in Authorization.";
            return refuse(&Refusal::new(Crn::TOKEN_MISSING, detail));
        }
        // Something was sent that should have been a token.
        Some(Err(_)) => {
            let detail = "Authorization has no access token.";
            return refuse(&Refusal::new(Crn::TOKEN_MALFORMED, detail));
        }
        Some(Ok(shown)) => shown,
    };
    let other = || {
        let detail = "The access token is not one of this server, has expired, or does not stand.";
        Refusal::new(Crn::TOKEN_REVOKED, detail)
    };
    let token = match presented::standing(shown.1, now, parts).await? {
        Ok(token) if token.claims.aud.has(ADMIN_API) => token,
        Err(refusal) if refusal.crn == Crn::TOKEN_HAS_BOUNDARY => return refuse(&refusal),
        _ => return refuse(&other()),
    };
    if let Err(refusal) = presented::held(&token, shown, head, (now, parts)).await? {
        return refuse(&refusal);
    }
    let claims = Arc::clone(&token.claims);
    scope_allows(desk, &claims, (&head.method, shown.0))?;
    let Some(whose) = claims.whose() else {
        return refuse(&other());
    };
    let Some(reach) = reach(&claims, parts.snapshots.as_ref()).await? else {
        return refuse(&other());
    };
    let Some((holder, actor, text)) = holders(whose) else {
        let detail = "An OAuth client has no roles of its own, and what was exchanged for another token has \
                      none here: call as a person or a service account.";
        return refuse(&Refusal::new(Crn::TOKEN_OF_ANOTHER_KIND, detail));
    };
    let powers = Powers {
        subject: roles(desk.store(), &holder).await?,
        actor: match &actor {
            Some(actor) => Some(roles(desk.store(), actor).await?),
            None => None,
        },
        reach,
    };
    Ok(Caller {
        claims,
        holder,
        actor: text,
        powers,
    })
}

/// The subject, the account that acts for it where one does, and both as the audit log writes them.
fn holders(whose: Whose) -> Option<(Holder, Option<Holder>, String)> {
    match whose {
        Whose::Account(account) => {
            let account = Holder::ServiceAccount(account);
            let text = holder_text(&account);
            Some((account, None, text))
        }
        // Whoever became the account has its roles, as far as `Powers::reach` says.
        Whose::Impersonated { account, by } => {
            let account = Holder::ServiceAccount(account);
            let by: Vec<_> = by.iter().rev().map(Impersonator::to_string).collect();
            let text = format!("{} as {}", by.join(" as "), holder_text(&account));
            Some((account, None, text))
        }
        Whose::Delegated { account, user, .. } => {
            let (account, user) = (Holder::ServiceAccount(account), Holder::User(user));
            let text = format!("{} for {}", holder_text(&account), holder_text(&user));
            Some((user, Some(account), text))
        }
        Whose::Person { client, user, .. } => {
            let user = Holder::User(user);
            let text = format!("client:{client} for {}", holder_text(&user));
            Some((user, None, text))
        }
        Whose::Client(_) | Whose::Exchanged { .. } | Whose::Federated { .. } => None,
    }
}

fn scope_allows(
    desk: &Desk,
    claims: &AccessClaims<'_>,
    (method, scheme): (&Method, Scheme),
) -> Result<(), Problem> {
    let reads = matches!(*method, Method::GET | Method::HEAD);
    let allowed = claims
        .scope
        .split(' ')
        .any(|scope| scope == SCOPE_ADMIN || (reads && scope == SCOPE_ADMIN_READ));
    if allowed {
        return Ok(());
    }
    let needed = if reads { SCOPE_ADMIN_READ } else { SCOPE_ADMIN };
    let challenge = Challenge {
        scheme,
        realm: Some(desk.parts.issuer.as_str().into()),
        error: Some("insufficient_scope".into()),
        scope: Some(needed.into()),
        resource_metadata: Own::Admin.document(&desk.parts.issuer).map(Into::into),
        ..Challenge::default()
    };
    let detail = format!("The token needs the scope {needed}.");
    Err(Problem::new(Crn::ADMIN_SCOPE, detail)
        .with_header(WWW_AUTHENTICATE, &challenge.to_string()))
}

/// RFC 6750 §3: no error code where no token came. What is wrong with a proof is told with its own code.
fn unauthenticated(desk: &Desk, refusal: &Refusal) -> Problem {
    let detail = match refusal.crn.answer() {
        Answer::Token { .. } => refusal.description(),
        _ => refusal.detail.clone(),
    };
    let challenges =
        presented::challenges(refusal, &desk.parts.issuer, Some((Own::Admin, SCOPE_ADMIN)));
    Problem::new(Crn::ADMIN_NOT_AUTHENTICATED, detail)
        .with_header(WWW_AUTHENTICATE, &challenges.join(", "))
}

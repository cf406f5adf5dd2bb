//! Who calls: an access token of ours for the admin API, and the roles of its subject.
//!
//! 1. The token stands in `Authorization: Bearer` (RFC 6750 §2.1), is one of ours that stands at this
//!    moment, and is for this API.
//! 2. Its scope says whether it may write (`carnet.admin`) or only read (`carnet.admin.read`).
//! 3. The roles of the subject, and of the account that acts for it, say where and how much.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::Method;
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use carnet_core::record::{Holder, RoleBinding};
use carnet_core::rule::admin::access::Powers;
use carnet_core::rule::admin::role::{MOST_PER_HOLDER, holder_text};
use carnet_core::rule::token::{AccessClaims, Whose};
use carnet_core::store::{Fault, Page, Store};
use carnet_core::value::UnixTime;
use carnet_wire::bearer::{self, Challenge};
use carnet_wire::crn::Crn;

use super::desk::Desk;
use super::problem::Problem;
use crate::bearer::stands;
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
pub(crate) async fn known(
    desk: &Desk,
    method: &Method,
    headers: &HeaderMap,
    now: UnixTime,
) -> Result<Caller, Problem> {
    let header = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let Some(header) = header else {
        return Err(unauthenticated(
            desk,
            "There is no access token in Authorization.",
            false,
        ));
    };
    let refused = "The access token is not one of this server, has expired, or does not stand.";
    let Ok(token) = bearer::parse_authorization(header) else {
        return Err(unauthenticated(
            desk,
            "Authorization has no bearer token.",
            true,
        ));
    };
    let parts = &desk.parts;
    let token = parts.tokens.read(token, &parts.keyring.load(), now);
    let Some(token) = token.filter(|token| token.claims.aud.has(ADMIN_API)) else {
        return Err(unauthenticated(desk, refused, true));
    };
    if !stands(&token, parts.snapshots.as_ref(), &parts.revoked, now).await? {
        return Err(unauthenticated(desk, refused, true));
    }
    let claims = Arc::clone(&token.claims);
    scope_allows(desk, &claims, method)?;
    let Some(whose) = claims.whose() else {
        return Err(unauthenticated(desk, refused, true));
    };
    let Some((holder, actor, text)) = holders(whose) else {
        let detail = "An OAuth client has no roles of its own, and what was exchanged for another token has \
                      none here: call as a person or a service account.";
        return Err(unauthenticated(desk, detail, true));
    };
    let powers = Powers {
        subject: roles(desk.store(), &holder).await?,
        actor: match &actor {
            Some(actor) => Some(roles(desk.store(), actor).await?),
            None => None,
        },
    };
    Ok(Caller {
        claims,
        holder,
        actor: text,
        powers,
    })
}

/// The roles of a holder. A rule bounds them.
pub(crate) async fn roles(store: &dyn Store, holder: &Holder) -> Result<Vec<RoleBinding>, Fault> {
    let most = u16::try_from(MOST_PER_HOLDER).unwrap_or(Page::MOST);
    let listing = store
        .role_bindings(Some(holder), &Page::first(most))
        .await?;
    Ok(listing.items)
}

/// The subject, the account that acts for it where one does, and both as the audit log writes them.
fn holders(whose: Whose) -> Option<(Holder, Option<Holder>, String)> {
    match whose {
        Whose::Account(account) => {
            let account = Holder::ServiceAccount(account);
            let text = holder_text(&account);
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
        Whose::Client(_) | Whose::Exchanged { .. } => None,
    }
}

fn scope_allows(desk: &Desk, claims: &AccessClaims<'_>, method: &Method) -> Result<(), Problem> {
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
        realm: Some(desk.parts.issuer.as_str().into()),
        error: Some("insufficient_scope".into()),
        scope: Some(needed.into()),
        ..Challenge::default()
    };
    let detail = format!("The token needs the scope {needed}.");
    Err(Problem::new(Crn::ADMIN_SCOPE, detail)
        .with_header(WWW_AUTHENTICATE, &challenge.to_string()))
}

/// RFC 6750 §3: no error code where no token came.
fn unauthenticated(desk: &Desk, detail: &str, came: bool) -> Problem {
    let challenge = Challenge {
        realm: Some(desk.parts.issuer.as_str().into()),
        error: came.then(|| "invalid_token".into()),
        scope: Some(SCOPE_ADMIN.into()),
        ..Challenge::default()
    };
    Problem::new(Crn::ADMIN_NOT_AUTHENTICATED, detail)
        .with_header(WWW_AUTHENTICATE, &challenge.to_string())
}

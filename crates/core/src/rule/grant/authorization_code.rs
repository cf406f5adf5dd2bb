//! The authorization code grant (RFC 6749 section 4.1.3): what a browser brought is redeemed by the program
//! that sent it.
//!
//! 1. The code is of the client that shows it, or it is not valid: nobody is told whose it is (lesson 20 of
//!    `security.md`).
//! 2. PKCE in both directions: a challenge needs its verifier (lesson 37), and a verifier without a challenge
//!    is somebody else's (RFC 9700 section 2.1.1).
//! 3. The redirect URI is the one of the request, and the key the one that it named (`dpop_jkt`, RFC 9449
//!    section 10). What a public client gets stays bound to the key that it shows.
//! 4. A code is good once. What a first redemption wrote ends, should the code come again.
//! 5. It is good for a minute.
//! 6. The person, their password and their session are looked at as they are now, and so are the policies
//!    of both organizations, and what the app may ask for.
//! 7. Where the implicit grant is on, [`at_once`] decides in the place of a redemption: the code never leaves.
//! 8. The authorization is written under the id that the code carries: of two redemptions at the same
//!    moment the store lets one through, and [`replayed`] is what the other is told.

mod code;

use std::borrow::Cow;
use std::sync::Arc;

use carnet_jose::digest;
use carnet_wire::authorization_details::AuthorizationDetails;
use carnet_wire::crn::Crn;
use carnet_wire::pkce::CodeChallenge;
use carnet_wire::pkce::CodeVerifier;
use carnet_wire::scope::Scope;

use crate::record::Authorization;
use crate::record::Binding;
use crate::record::Client;
use crate::record::Obtained;
use crate::record::Password;
use crate::record::Policy;
use crate::record::Session;
use crate::record::User;
use crate::record::UserState;
use crate::record::WhyEnded;
use crate::rule::Refusal;
use crate::rule::Verdict;
use crate::rule::admin::Context;
use crate::rule::authorization::OFFLINE_ACCESS;
use crate::rule::grant::access;
use crate::rule::grant::access::Access;
use crate::rule::grant::access::Held;
use crate::rule::grant::begin;
use crate::rule::grant::begin::Allowed;
use crate::rule::grant::begin::Granted;
use crate::rule::grant::refresh_token::LONGEST_ACCESS_TOKEN;
use crate::rule::possession;
use crate::store::Catalog;
use crate::store::Change;
use crate::store::Fault;
use crate::store::ProjectSnapshot;
use crate::store::Snapshots;
use crate::store::Store;
use crate::value::UnixTime;

pub use code::{Code, LIFETIME};

/// What the request says beside the code.
#[derive(Clone, Copy, Debug)]
pub struct Redemption<'a> {
    /// Where the browser was sent back to.
    pub redirect_uri: Option<&'a str>,
    /// The proof that this is the program that asked.
    pub verifier: Option<&'a CodeVerifier<'a>>,
    /// For which of the APIs the access token shall be good.
    pub resource: &'a [Cow<'a, str>],
    /// The key that the request shows.
    pub binding: Option<&'a Binding>,
    /// Some of the details, or all of them.
    pub details: Option<&'a AuthorizationDetails>,
}

/// What the decision rests on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// What an earlier redemption of the code wrote.
    pub before: Option<Authorization>,
    /// The person; none who is deleted.
    pub user: Option<User>,
    /// Their password, if they have one.
    pub password: Option<Password>,
    /// The session in which they agreed, if it is still known.
    pub session: Option<Session>,
    /// The policies in force of their organization.
    pub policies: Arc<Vec<Policy>>,
}

/// Reads the facts.
pub async fn load(
    code: &Code,
    (store, snapshots): (&dyn Store, &dyn Snapshots),
) -> Result<Facts, Fault> {
    let user = store.user(&code.user).await?;
    let policies = match &user {
        Some(user) => snapshots.policies(user.organization).await?,
        None => Arc::default(),
    };
    Ok(Facts {
        before: store.authorization(code.authorization).await?,
        password: store.password(&code.user).await?,
        session: store.session(code.session).await?,
        user,
        policies,
    })
}

/// Decides on them.
#[must_use]
pub fn decide(
    code: &Code,
    redemption: Redemption<'_>,
    (client, project): (&Client, &ProjectSnapshot),
    (facts, catalog): (&Facts, &Catalog),
    context: &Context<'_>,
) -> Verdict<Granted> {
    let code = &today(code, client);
    if let Err(refusal) = presented(code, redemption, client, context.now) {
        return Verdict::refuse(tell(refusal, code));
    }
    if facts.before.is_some() {
        return replayed(code, context.now);
    }
    let age = context.now - code.issued;
    if age > LIFETIME {
        let detail = format!(
            "The code was valid for {} s; it is {} s old.",
            LIFETIME.0, age.0
        );
        return Verdict::refuse(tell(Refusal::new(Crn::CODE_EXPIRED, detail), code));
    }
    let granted = standing(code, facts, context.now).and_then(|user| {
        access::permitted(user, &facts.policies, project, &code.scope)?;
        let access = access::narrow(held(code)?, redemption.resource, catalog)?
            .in_detail(code.details.as_ref(), redemption.details)?;
        Ok((user.clone(), access))
    });
    match granted {
        Ok(granted) => {
            let lasting = possession::lasting(client, redemption.binding);
            allow(code, (client, lasting), granted, (Obtained::Code, context))
        }
        Err(refusal) => Verdict::refuse(tell(refusal, code)),
    }
}

/// Decides on them where no code leaves, and the tokens come in the answer of the authorization endpoint
/// (RFC 6749 section 4.2.2). There is nobody who proves anything: what comes is bound to no key, and there is
/// no refresh token.
#[must_use]
pub fn at_once(
    code: &Code,
    (client, project): (&Client, &ProjectSnapshot),
    (facts, catalog): (&Facts, &Catalog),
    context: &Context<'_>,
) -> Verdict<Granted> {
    let code = &today(code, client);
    let granted = standing(code, facts, context.now).and_then(|user| {
        access::permitted(user, &facts.policies, project, &code.scope)?;
        let access = access::narrow(held(code)?, &[], catalog)?;
        Ok((user.clone(), access))
    });
    match granted {
        Ok(granted) => allow(code, (client, None), granted, (Obtained::Implicit, context)),
        Err(refusal) => Verdict::refuse(tell(refusal, code)),
    }
}

/// What can be held against the request alone.
fn presented(
    code: &Code,
    redemption: Redemption<'_>,
    client: &Client,
    now: UnixTime,
) -> Result<(), Refusal> {
    if code.client != client.id {
        return Err(unknown().because("shown_by", client.id.to_string()));
    }
    if code.issued > now + LIFETIME {
        // A clock of ours that was set back; a code of the future is good for longer than a minute.
        return Err(unknown().because("issued", code.issued.to_string()));
    }
    let refuse = |detail: &str| Err(Refusal::new(Crn::PKCE_MISMATCH, detail));
    match (&code.challenge, redemption.verifier) {
        (None, None) => {}
        (Some(_), None) => return refuse("code_verifier is missing; the request had a challenge."),
        (None, Some(_)) => {
            return refuse("code_verifier was sent, but the request had no code_challenge.");
        }
        (Some(challenge), Some(verifier)) => {
            let held = CodeChallenge::parse(&**challenge, Some("S256"))
                .is_ok_and(|challenge| challenge.holds(verifier, |bytes| digest::sha256(bytes)));
            if !held {
                let detail = format!(
                    "code_verifier does not match this code. SHA-256 base64url of what you sent is {}",
                    verifier.s256(|bytes| digest::sha256(bytes))
                );
                return Err(Refusal::new(Crn::PKCE_MISMATCH, detail));
            }
        }
    }
    if !code.returned_to(redemption.redirect_uri) {
        let detail = match redemption.redirect_uri {
            Some(_) => "redirect_uri differs from the one in the authorization request.",
            None => "redirect_uri is missing; the authorization request had one.",
        };
        return Err(Refusal::new(Crn::CODE_REDIRECT_URI, detail));
    }
    let named = code.key.as_ref().map(|key| Binding::Key(key.to_string()));
    possession::same(named.as_ref(), redemption.binding)
}

/// The code with the scopes that its client may ask for at this moment.
fn today<'a>(code: &'a Code, client: &Client) -> Cow<'a, Code> {
    if code.scope.within(&client.scopes) {
        return Cow::Borrowed(code);
    }
    let scope = code.scope.intersection(&client.scopes);
    let mut code = code.clone();
    code.online |= offline(&code.scope) && !offline(&scope);
    code.scope = scope;
    Cow::Owned(code)
}

fn offline(scope: &Scope) -> bool {
    scope.contains(OFFLINE_ACCESS)
}

fn held(code: &Code) -> Result<Held<'_>, Refusal> {
    if code.scope.is_empty() && code.details.is_none() {
        let detail = "Nothing of what the person allowed is still this app's to ask for.";
        return Err(Refusal::new(Crn::CODE_UNKNOWN, detail));
    }
    Ok(Held {
        scope: &code.scope,
        details: code.details.as_ref(),
        audience: &code.audience,
    })
}

/// The person, if everything that the code hangs on stands at this moment.
fn standing<'a>(code: &Code, facts: &'a Facts, now: UnixTime) -> Result<&'a User, Refusal> {
    let active = |user: &&User| user.state == UserState::Active;
    let Some(user) = facts.user.as_ref().filter(active) else {
        return Err(unknown().because("why", "the person is suspended or gone"));
    };
    let over = |why: &str| {
        let detail = "The person has signed out, changed the password or was suspended since. Sign in again.";
        Err(Refusal::new(Crn::CODE_UNKNOWN, detail).because("why", why))
    };
    let changed = facts.password.as_ref().map(|password| password.changed);
    if changed.is_some_and(|changed| changed > code.authenticated) {
        return over("password changed");
    }
    if !user.counts_sign_in_at(code.authenticated) {
        return over("suspended, or the password was changed or taken away");
    }
    let stands = |session: &Session| session.user == user.id && session.lives(now);
    if !facts.session.as_ref().is_some_and(stands) {
        return over("session ended");
    }
    Ok(user)
}

fn allow(
    code: &Code,
    (client, binding): (&Client, Option<Binding>),
    (user, access): (User, Access),
    (obtained, context): (Obtained, &Context<'_>),
) -> Verdict<Granted> {
    // Who asks who somebody is, is told so for as long as that holds (OpenID Connect Core 1.0 section 11). Who
    // asked to go on without the person, and may not, does not.
    let bound = code.scope.contains("openid") || code.online;
    let allowed = Allowed {
        id: code.authorization,
        scope: &code.scope,
        details: code.details.as_ref(),
        audience: &code.audience,
        obtained,
        authenticated: code.authenticated,
        session: bound.then_some(code.session),
        nonce: code.nonce.as_deref(),
        binding,
    };
    let (granted, changes) = begin::begin(&allowed, client, (user, access), context);
    Verdict::allow(granted, changes.into())
}

/// What becomes of a code that comes a second time, and of what it gave the first time.
#[must_use]
pub fn replayed(code: &Code, now: UnixTime) -> Verdict<Granted> {
    let detail = "The code was already used; its tokens have been revoked.";
    Verdict {
        changes: vec![Change::AuthorizationEnded {
            id: code.authorization,
            since: now,
            why: WhyEnded::CodeReplayed,
            until: now + LONGEST_ACCESS_TOKEN,
        }],
        outcome: Err(tell(Refusal::new(Crn::CODE_REUSED, detail), code)),
    }
}

/// The same for whatever is not a code of this client.
#[must_use]
pub fn unknown() -> Refusal {
    Refusal::new(Crn::CODE_UNKNOWN, "The code is not valid.")
}

fn tell(refusal: Refusal, code: &Code) -> Refusal {
    refusal
        .because("client_id", code.client.to_string())
        .because("user", code.user.to_string())
        .because("authorization", code.authorization.to_string())
}

#[cfg(test)]
mod tests;

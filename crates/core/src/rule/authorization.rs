//! Whether an authorization still stands: asked before each refresh.
//!
//! 1. It hangs on the person, on the password by which they proved who they are, and, unless it was granted
//!    for longer (`offline_access`), on the session in which it was granted. All of them are looked at as
//!    they are now (lessons 12 and 22 of `security.md`). A person who was suspended, and one who has another
//!    password or none, has proved nothing since.
//! 2. What it is good for is what was granted, as far as the client may still ask for it and the person still
//!    lets it: an administrator who takes a scope from the client, and a person who unticks one, take it out of
//!    what was granted before ([`today`], lesson 17).

use std::borrow::Cow;
use std::sync::Arc;

use carnet_wire::crn::Crn;
use carnet_wire::scope::Scope;
use carnet_wire::scope::ScopeToken;

use crate::record::Authorization;
use crate::record::Client;
use crate::record::Consent;
use crate::record::Obtained;
use crate::record::Password;
use crate::record::Policy;
use crate::record::Session;
use crate::record::Trust;
use crate::record::User;
use crate::record::UserState;
use crate::record::WhyEnded;
use crate::rule::Refusal;
use crate::store::Fault;
use crate::store::Snapshots;
use crate::store::Store;
use crate::value::AuthorizationId;
use crate::value::Seconds;
use crate::value::UnixTime;

/// The scope that lets an authorization outlive the session (OpenID Connect Core 1.0 section 11).
pub const OFFLINE_ACCESS: &str = "offline_access";

/// An authorization and what it hangs on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Itself.
    pub authorization: Authorization,
    /// The person; none who is deleted.
    pub user: Option<User>,
    /// Their password, if they have one.
    pub password: Option<Password>,
    /// What they let the client do, as they said last.
    pub consent: Option<Consent>,
    /// The session in which it was granted, if that is still known.
    pub session: Option<Session>,
    /// The policies in force of the person's organization.
    pub policies: Arc<Vec<Policy>>,
}

/// Reads the facts.
pub async fn load(
    id: AuthorizationId,
    (store, snapshots): (&dyn Store, &dyn Snapshots),
) -> Result<Option<Facts>, Fault> {
    let Some(authorization) = store.authorization(id).await? else {
        return Ok(None);
    };
    let session = match authorization.session {
        Some(id) => store.session(id).await?,
        None => None,
    };
    let user = store.user(&authorization.user).await?;
    let policies = match &user {
        Some(user) => snapshots.policies(user.organization).await?,
        None => Arc::default(),
    };
    let consent = store.consent(&authorization.user, &authorization.client);
    Ok(Some(Facts {
        consent: consent.await?,
        password: store.password(&authorization.user).await?,
        user,
        session,
        policies,
        authorization,
    }))
}

/// Decides on them. Told to whoever holds a refresh token and proved to be its client.
pub fn standing(facts: &Facts, now: UnixTime) -> Result<&User, Refusal> {
    let authorization = &facts.authorization;
    if let Some(ended) = authorization.ended {
        return Err(over(ended.why));
    }
    if authorization.ends <= now {
        let age = words(authorization.ends - authorization.created);
        let detail = format!("The authorization is over its greatest age of {age}.");
        return Err(Refusal::new(Crn::REFRESH_TOKEN_AGE, detail));
    }
    if authorization.idle_end() <= now {
        let idle = words(authorization.idle);
        let detail = format!("The refresh token was not used for {idle}. Sign in again.");
        return Err(Refusal::new(Crn::REFRESH_TOKEN_IDLE, detail));
    }
    let Some(user) = facts
        .user
        .as_ref()
        .filter(|user| user.state == UserState::Active)
    else {
        let detail = "The refresh token is not valid.";
        return Err(Refusal::new(Crn::REFRESH_TOKEN_UNKNOWN, detail)
            .because("user", authorization.user.to_string()));
    };
    let changed = facts.password.as_ref().map(|password| password.changed);
    if changed.is_some_and(|changed| changed > authorization.authenticated) {
        let detail = "The password was changed since. Sign in again.";
        return Err(Refusal::new(Crn::REFRESH_PASSWORD_CHANGED, detail));
    }
    if !user.counts_sign_in_at(authorization.authenticated) {
        let detail =
            "The account was suspended since, or has another password or none. Sign in again.";
        return Err(Refusal::new(Crn::REFRESH_PASSWORD_CHANGED, detail));
    }
    let bound = authorization.session.is_some() && !offline(authorization);
    let lives = |session: &Session| session.lives(now);
    if bound && !facts.session.as_ref().is_some_and(lives) {
        let detail = "The session has ended. Sign in again, or ask for offline_access.";
        return Err(Refusal::new(Crn::REFRESH_SESSION_ENDED, detail));
    }
    Ok(user)
}

/// What the authorization is good for today: of what was granted, what its client may still ask for and what the
/// person lets it do. Who is not asked about a client (one's own, one with passwords) takes nothing back there.
pub fn today<'a>(facts: &'a Facts, client: &Client) -> Result<Cow<'a, Facts>, Refusal> {
    let granted = &facts.authorization.scope;
    let mut scope = granted.intersection(&client.scopes);
    let asked = matches!(
        facts.authorization.obtained,
        Obtained::Code | Obtained::Device | Obtained::Implicit
    );
    if asked && client.trust != Trust::Own {
        let scopes = facts
            .consent
            .iter()
            .flat_map(|consent| consent.scopes.keys());
        let agreed = Scope::from_tokens(scopes.map(ScopeToken::as_str)).unwrap_or_default();
        scope = scope.intersection(&agreed);
    }
    if scope == *granted {
        return Ok(Cow::Borrowed(facts));
    }
    if scope.is_empty() && facts.authorization.details.is_none() {
        let detail = "Nothing is left of what was granted. Ask for a new authorization.";
        return Err(Refusal::new(Crn::REFRESH_CONSENT_REMOVED, detail));
    }
    let mut facts = facts.clone();
    let was_offline = offline(&facts.authorization);
    facts.authorization.scope = scope;
    if was_offline && !offline(&facts.authorization) && facts.authorization.session.is_none() {
        let detail = "offline_access was taken back. Sign in again.";
        return Err(Refusal::new(Crn::REFRESH_SESSION_ENDED, detail));
    }
    Ok(Cow::Owned(facts))
}

/// A length of time in the greatest unit of which it has one or more.
fn words(long: Seconds) -> String {
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute")];
    let found = units.into_iter().find(|(unit, _)| long.0 >= *unit);
    let (unit, name) = found.unwrap_or((1, "second"));
    let count = long.0 / unit;
    let more = if count == 1 { "" } else { "s" };
    format!("{count} {name}{more}")
}

/// Whether it was granted for longer than the session.
#[must_use]
pub fn offline(authorization: &Authorization) -> bool {
    authorization
        .scope
        .iter()
        .any(|name| name == OFFLINE_ACCESS)
}

fn over(why: WhyEnded) -> Refusal {
    match why {
        WhyEnded::Removed => {
            let detail = "The person has removed this app. Ask for a new authorization.";
            Refusal::new(Crn::REFRESH_CONSENT_REMOVED, detail)
        }
        WhyEnded::SignedOut => {
            let detail = "The session has ended. Sign in again, or ask for offline_access.";
            Refusal::new(Crn::REFRESH_SESSION_ENDED, detail)
        }
        // Whoever holds a stolen token learns nothing of what was noticed.
        WhyEnded::RefreshReplayed | WhyEnded::CodeReplayed => reused(),
        WhyEnded::Revoked | WhyEnded::Administrator => {
            let detail = "The refresh token is not valid.";
            Refusal::new(Crn::REFRESH_TOKEN_UNKNOWN, detail)
        }
    }
}

/// What a refresh token is told that came a second time, and whatever came from the same authorization.
pub(crate) fn reused() -> Refusal {
    let detail = "The refresh token is no longer valid.";
    Refusal::new(Crn::REFRESH_TOKEN_REUSED, detail)
}

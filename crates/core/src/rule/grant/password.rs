//! The password grant (RFC 6749 section 4.3): a program has its user's password in its own hands. RFC 9700
//! section 2.4 forbids it to whoever can do otherwise, so it is off; an administrator switches it on for one
//! of the organization's own apps that is on its way to something better.
//!
//! 1. The app is one's own, and the switch is on: the answer to everybody else is the same.
//! 2. Whoever tried too often waits, as at the sign-in page and counted with it; that is decided before a
//!    password is hashed ([`crate::rule::sign_in::slow_down`]).
//! 3. An address that nobody has, a user without a password, a wrong password and a suspended user are one
//!    refusal: there is no page here that could tell the person more.
//! 4. Each scope is one that the app may ask for, and the policies of both organizations allow it. Nobody is
//!    asked: the app is one's own.
//! 5. There is no session. What the app gets hangs on the password, and ends when that changes.

use std::sync::Arc;

use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use carnet_wire::scope::Scope;
use carnet_wire::token::PasswordRequest;
use serde_json::json;

use crate::record::AuditDraft;
use crate::record::Authorization;
use crate::record::Client;
use crate::record::GrantType;
use crate::record::Obtained;
use crate::record::Outcome;
use crate::record::Password;
use crate::record::Policy;
use crate::record::Trust;
use crate::record::User;
use crate::record::UserState;
use crate::rule::Refusal;
use crate::rule::Verdict;
use crate::rule::admin::Context;
use crate::rule::authorize::is_standard;
use crate::rule::client::Authenticated;
use crate::rule::grant::access;
use crate::rule::grant::access::Access;
use crate::rule::grant::access::Held;
use crate::rule::grant::refresh_token::RefreshToken;
use crate::rule::possession;
use crate::rule::scopes;
use crate::rule::signing::LONGEST_SEALED;
use crate::store::Catalog;
use crate::store::Change;
use crate::store::Fault;
use crate::store::Record;
use crate::store::Snapshots;
use crate::store::Store;
use crate::value::ApiIdentifier;
use crate::value::AuthorizationId;
use crate::value::Email;
use crate::value::Entropy;
use crate::value::PasswordHash;
use crate::value::UserId;

/// What is known of whoever the request names.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Who has the address, if anybody.
    pub user: Option<User>,
    /// What is kept of their password.
    pub password: Option<Password>,
    /// The policies in force of their organization.
    pub policies: Arc<Vec<Policy>>,
}

/// What the hash said.
#[derive(Clone, Debug)]
pub struct Verified {
    /// Whether the password was right.
    pub right: bool,
    /// What to keep of it from now on, if something else than before.
    pub anew: Option<PasswordHash>,
}

/// A yes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Granted {
    /// The authorization as it is once the changes are made.
    pub authorization: Authorization,
    /// Whose it is.
    pub user: User,
    /// What the access token is good for.
    pub access: Access,
    /// The refresh token, if the client may use one.
    pub refresh: Option<RefreshToken>,
}

/// Whether this client may come with passwords at all.
pub fn may(client: &Authenticated) -> Result<(), Refusal> {
    let record = client.client();
    if record.legacy.password && record.trust == Trust::Own {
        return Ok(());
    }
    let detail = "this client is not registered for password.";
    Err(client.tell(Refusal::new(Crn::CLIENT_GRANT_NOT_ALLOWED, detail)))
}

/// Reads the facts. For somebody who is not there as much is read as for somebody who is.
pub async fn load(
    name: &str,
    (store, snapshots): (&dyn Store, &dyn Snapshots),
    entropy: &mut (dyn Entropy + Send),
) -> Result<Facts, Fault> {
    let user = match name.parse::<Email>() {
        Ok(email) => store.user_by_email(&email).await?,
        Err(_) => None,
    };
    let nobody = UserId::mint(entropy);
    let of = user.as_ref().map_or(&nobody, |user| &user.id);
    let password = store.password(of).await?;
    let policies = match &user {
        Some(user) => snapshots.policies(user.organization).await?,
        None => Arc::default(),
    };
    Ok(Facts {
        user,
        password,
        policies,
    })
}

/// Decides.
pub fn decide(
    client: &Authenticated,
    request: &PasswordRequest<'_>,
    (facts, verified): (Facts, Verified),
    catalog: &Catalog,
    (context, entropy): (&Context<'_>, &mut dyn Entropy),
) -> Verdict<Granted> {
    let told = |refusal| Verdict::refuse(client.tell(refusal));
    let active = |user: &User| verified.right && user.state == UserState::Active;
    let Some(user) = facts.user.filter(active) else {
        return told(no_match());
    };
    let allowed = asked(client, request.scope.as_ref(), catalog).and_then(|(scope, audience)| {
        access::permitted(&user, &facts.policies, client.project(), &scope)?;
        let held = Held {
            scope: &scope,
            details: None,
            audience: &audience,
        };
        let access = access::narrow(held, &[], catalog)?;
        Ok((scope, audience, access))
    });
    let (scope, audience, access) = match allowed {
        Ok(allowed) => allowed,
        Err(refusal) => return told(refusal),
    };
    let record = client.client();
    let refreshes = record.grants.contains(&GrantType::RefreshToken);
    let mut authorization = begun(record, &user, (scope, audience), (context, entropy));
    authorization.binding = possession::lasting(record, client.binding());
    let mut changes = Vec::new();
    if let Some((password, hash)) = facts.password.zip(verified.anew) {
        let version = password.version.next();
        let password = Password {
            hash,
            version,
            ..password
        };
        changes.push(Change::Replace(Record::Password(password)));
    }
    changes.push(Change::Insert(Record::Authorization(authorization.clone())));
    changes.push(Change::Audited(entry(&authorization, context)));
    let granted = Granted {
        refresh: refreshes.then_some(RefreshToken {
            authorization: authorization.id,
            generation: 0,
        }),
        authorization,
        user,
        access,
    };
    Verdict::allow(granted, changes)
}

/// Whoever the name is of.
#[must_use]
pub fn no_match() -> Refusal {
    let detail = "The user name and the password do not match.";
    Refusal::new(Crn::PASSWORD_NO_MATCH, detail)
}

/// What is asked for, if the app may ask for all of it, and the APIs of that.
fn asked(
    client: &Authenticated,
    sent: Option<&Scope>,
    catalog: &Catalog,
) -> Result<(Scope, Vec<ApiIdentifier>), Refusal> {
    let (record, project) = (client.client(), &client.project().project);
    let scope = match sent {
        Some(scope) if !scope.is_empty() => scope,
        _ => &record.default_scopes,
    };
    if scope.is_empty() {
        let detail = "scope is missing, and this client has no scope by default.";
        return Err(Refusal::new(Crn::SCOPE_EMPTY, detail));
    }
    let known = |name: &str| {
        let visible = |known: &_| scopes::visible(known, project);
        is_standard(name) || catalog.scope(name).is_some_and(visible)
    };
    let strange = scope
        .iter()
        .find(|name| !record.scopes.contains(name) || !known(name));
    if let Some(name) = strange {
        let sent = Echo::of(name);
        let detail = format!("scope '{sent}' is not one that this client may ask for.");
        return Err(Refusal::new(Crn::SCOPE_UNKNOWN, detail));
    }
    let mut audience: Vec<ApiIdentifier> = Vec::new();
    for known in scope.iter().filter_map(|name| catalog.scope(name)) {
        if !audience.contains(&known.api.identifier) {
            audience.push(known.api.identifier.clone());
        }
    }
    Ok((scope.clone(), audience))
}

fn begun(
    client: &Client,
    user: &User,
    (scope, audience): (Scope, Vec<ApiIdentifier>),
    (context, entropy): (&Context<'_>, &mut dyn Entropy),
) -> Authorization {
    let now = context.now;
    let lives = client.lifetimes;
    let (idle, absolute) = if client.grants.contains(&GrantType::RefreshToken) {
        (lives.refresh_idle, lives.refresh_absolute)
    } else {
        (lives.access_token, lives.access_token)
    };
    Authorization {
        id: AuthorizationId::mint(now, entropy),
        client: client.id.clone(),
        user: user.id.clone(),
        scope,
        details: None,
        audience,
        obtained: Obtained::Password,
        authenticated: now,
        session: None,
        binding: None,
        created: now,
        ends: now + absolute.min(LONGEST_SEALED),
        idle,
        generation: 0,
        rotated: now,
        ended: None,
    }
}

fn entry(authorization: &Authorization, context: &Context<'_>) -> AuditDraft {
    let detail = json!({
        "client_id": authorization.client,
        "scope": authorization.scope.as_str(),
        "until": authorization.ends,
        "obtained": "password",
        "warning": "the app has the person's password in its hands (RFC 9700 section 2.4)",
    });
    AuditDraft {
        at: context.now,
        actor: format!("user:{}", authorization.user),
        action: "authorization.begin".to_owned(),
        target: authorization.id.to_string(),
        outcome: Outcome::Done,
        address: context.address.to_owned(),
        trace: context.trace.to_owned(),
        detail: detail.to_string(),
    }
}

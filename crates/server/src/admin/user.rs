//! `organizations/{organization}/users`: the people of an organization.

use axum::http::Method;
use carnet_core::record::{self, Holder};
use carnet_core::rule::admin::access::{Place, Right};
use carnet_core::rule::admin::directory::{
    self, EntryPatch, NewEntry, NewUser, UserPatch, in_own_domain,
};
use carnet_core::rule::admin::password::NewPassword;
use carnet_core::rule::admin::role::OwnersLeft;
use carnet_core::rule::admin::{Done, No};
use carnet_core::value::{Email, OrganizationId, UnixTime};
use carnet_wire::crn::Crn;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::answer::{Answer, List};
use super::body::Read;
use super::call::Call;
use super::etag::{self, Needed};
use super::people;
use super::problem::Problem;
use super::route::{Route, route};
use super::service_account::Reason;
use crate::entropy::SystemEntropy;
use crate::password::{form, import};
use crate::standing::{Leaving, held, owners_left};

/// A person in an organization's directory.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct User {
    /// The id, and the `sub` of tokens about the person: 21 digits. Never given to another.
    pub id: String,
    /// The id of the organization.
    pub organization: String,
    /// The address; its domain is one of the organization's.
    #[schema(example = "dana@acme.example")]
    pub email: String,
    /// Whether somebody has made sure that the address is theirs.
    pub email_verified: bool,
    /// What the person is called.
    pub name: String,
    /// Whether the person may be acted for.
    pub state: UserState,
    /// When the entry was made.
    #[schema(format = DateTime)]
    pub created: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    pub changed: String,
    /// Its ETag.
    pub etag: String,
}

/// Whether a user may be acted for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserState {
    /// `active` or `suspended`.
    pub state: UserStateName,
    /// Since when, if suspended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub since: Option<String>,
    /// Why, if suspended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The states of a user.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UserStateName {
    /// As usual.
    Active,
    /// Nothing works for or as this person until restored.
    Suspended,
}

/// A user to be added.
#[derive(Deserialize, ToSchema)]
pub(crate) struct CreateUser {
    /// The address; its domain must be one of the organization's.
    #[schema(max_length = 254, example = "dana@acme.example")]
    email: String,
    /// What the person is called: at most 100 bytes.
    #[serde(default)]
    #[schema(max_length = 100, default = "")]
    name: String,
    /// Whether the address is known to be theirs: false unless given. Takes an owner of the
    /// installation.
    email_verified: Option<bool>,
    /// The hash of the password that they had in another system, as `password_hash` of `SetPassword`.
    /// Takes an owner of the installation.
    #[schema(max_length = 4096, format = Password, write_only)]
    password_hash: Option<String>,
}

/// Changes to a user. What is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct PatchUser {
    /// The address; its domain must be one of the organization's.
    #[schema(max_length = 254)]
    email: Option<String>,
    /// What the person is called: at most 100 bytes.
    #[schema(max_length = 100)]
    name: Option<String>,
    /// Whether the address is known to be theirs. A new address is not, unless this says so. Takes an
    /// owner of the installation.
    email_verified: Option<bool>,
}

/// Where users answer.
pub(crate) fn routes() -> [Route; 7] {
    const LIST: &str = "organizations/{organization}/users";
    const ONE: &str = "organizations/{organization}/users/{user}";
    [
        route(
            Method::GET,
            LIST,
            "Lists the users of an organization, by address.",
            |call| Box::pin(list(call)),
        )
        .gives::<List<User>>()
        .paged(),
        route(
            Method::POST,
            LIST,
            "Adds a user to the directory of an organization.",
            |call| Box::pin(create(call)),
        )
        .takes::<CreateUser>()
        .creates::<User>(),
        route(Method::GET, ONE, "Shows a user.", |call| {
            Box::pin(get(call))
        })
        .gives::<User>(),
        route(Method::PATCH, ONE, "Changes a user.", |call| {
            Box::pin(update(call))
        })
        .takes::<PatchUser>()
        .gives::<User>(),
        route(
            Method::DELETE,
            ONE,
            "Takes a user out of the directory; memberships and roles go too.",
            |call| Box::pin(delete(call)),
        ),
        route(
            Method::POST,
            "organizations/{organization}/users/{user}:suspend",
            "Suspends a user: nobody can act for them, and tokens about them stop at once.",
            |call| Box::pin(suspend(call)),
        )
        .may_take::<Reason>()
        .gives::<User>(),
        route(
            Method::POST,
            "organizations/{organization}/users/{user}:restore",
            "Restores a suspended user.",
            |call| Box::pin(restore(call)),
        )
        .gives::<User>(),
    ]
}

async fn list(call: Call) -> Result<Answer, Problem> {
    let organization = call.organization(Right::Read).await?;
    let page = call.page()?;
    let listing = call.desk.store().users(organization.id, &page).await?;
    Ok(call.listed(listing, User::from))
}

async fn create(call: Call) -> Result<Answer, Problem> {
    let organization = call.organization(Right::Write).await?;
    let body: CreateUser = call.read()?;
    vouched(&call, body.email_verified)?;
    let hash = body.password_hash.map(Zeroizing::new);
    let hash = hash.map(|hash| imported(&call, "/password_hash", &hash));
    let new = NewUser {
        entry: entry(&call, organization.id, ("/name", &body.name), &body.email).await?,
        email_verified: body.email_verified == Some(true),
        password: hash.transpose()?,
    };
    let existing = call.desk.store().user_by_email(&new.entry.email).await?;
    let context = call.context();
    let done = directory::create_user(new, existing.as_ref(), &context, &mut SystemEntropy)?;
    let made = call.commit(done).await?;
    let (location, version) = (call.location(&made.id), made.version);
    Ok(Answer::created(&User::from(made), location).tagged(version))
}

async fn get(call: Call) -> Result<Answer, Problem> {
    let user = found(&call, Right::Read).await?;
    let version = user.version;
    Ok(call.record(&User::from(user), version))
}

async fn update(call: Call) -> Result<Answer, Problem> {
    let user = found(&call, Right::Write).await?;
    let body: PatchUser = call.read()?;
    vouched(&call, body.email_verified)?;
    call.if_match(user.version, Needed::Yes)?;
    let name = ("/name", body.name.as_deref());
    let patch = UserPatch {
        entry: patch(&call, user.organization, name, body.email.as_deref()).await?,
        email_verified: body.email_verified,
    };
    let done = directory::update_user(user, patch, &call.context())?;
    done_with(&call, done).await
}

async fn delete(call: Call) -> Result<Answer, Problem> {
    let (user, left) = leaving(&call).await?;
    let done = directory::delete_user(user, left, &call.context())?;
    call.commit(done).await?;
    Ok(Answer::gone())
}

async fn suspend(call: Call) -> Result<Answer, Problem> {
    let (user, left) = leaving(&call).await?;
    let body: Reason = call.read()?;
    let mut read = Read::default();
    let reason = read.one("/reason", &body.reason);
    let reason = read.finish(reason)?;
    let done = directory::suspend_user(user, reason, left, &call.context())?;
    done_with(&call, done).await
}

async fn restore(call: Call) -> Result<Answer, Problem> {
    let user = found(&call, Right::Write).await?;
    call.if_match(user.version, Needed::No)?;
    let done = directory::restore_user(user, &call.context())?;
    done_with(&call, done).await
}

async fn done_with(call: &Call, done: Done<record::User>) -> Result<Answer, Problem> {
    let now = call.commit(done).await?;
    let version = now.version;
    Ok(Answer::ok(&User::from(now)).tagged(version))
}

/// Who says whether an address is verified owns the installation: an organization does not vouch for
/// its own people to others (lesson 24).
fn vouched(call: &Call, said: Option<bool>) -> Result<(), Problem> {
    match said {
        None => Ok(()),
        Some(_) => installation_owner(call, "Whether an address is verified is said"),
    }
}

/// The caller owns the installation; `what` begins the sentence that says why that is needed.
pub(crate) fn installation_owner(call: &Call, what: &str) -> Result<(), Problem> {
    let owns = call.permit(Right::Grant, &Place::Installation);
    owns.map_err(|_| {
        let detail = format!("{what} by an owner of the installation.");
        Problem::new(Crn::ADMIN_ROLE, detail)
    })
}

/// The user that the path names, in their organization.
pub(crate) async fn found(call: &Call, right: Right) -> Result<record::User, Problem> {
    let organization = call.organization(right).await?;
    let found = people::user(call.desk.store(), call.text("user")).await?;
    let found = found.filter(|found| found.organization == organization.id);
    Ok(found.ok_or_else(No::hidden)?)
}

/// The user who is about to be taken out of service. Whoever does it must have the roles that the user
/// has.
async fn leaving(call: &Call) -> Result<(record::User, OwnersLeft), Problem> {
    let user = found(call, Right::Write).await?;
    call.if_match(user.version, Needed::No)?;
    let store = call.desk.store();
    let holder = Holder::User(user.id.clone());
    call.caller.powers.cover(&held(store, &holder).await?)?;
    let left = owners_left(store, Leaving::Holder(&holder)).await?;
    Ok((user, left))
}

/// A new entry of the directory; its address must be in a domain of the organization.
pub(crate) async fn entry(
    call: &Call,
    organization: OrganizationId,
    (pointer, name): (&str, &str),
    email: &str,
) -> Result<NewEntry, Problem> {
    let mut read = Read::default();
    let email: Option<Email> = read.one("/email", email);
    let name = read.one(pointer, name);
    let (email, name) = read.finish(email.zip(name))?;
    let domain = call.desk.store().domain(email.domain()).await?;
    in_own_domain(&email, organization, domain.as_ref())?;
    Ok(NewEntry {
        organization,
        email,
        name,
    })
}

/// Changes to an entry of the directory.
pub(crate) async fn patch(
    call: &Call,
    organization: OrganizationId,
    (pointer, name): (&str, Option<&str>),
    email: Option<&str>,
) -> Result<EntryPatch, Problem> {
    let mut read = Read::default();
    let patch = EntryPatch {
        email: read.maybe("/email", email),
        name: read.maybe(pointer, name),
    };
    let patch = read.finish(Some(patch))?;
    if let Some(email) = &patch.email {
        let domain = call.desk.store().domain(email.domain()).await?;
        in_own_domain(email, organization, domain.as_ref())?;
    }
    Ok(patch)
}

impl From<record::User> for User {
    fn from(user: record::User) -> Self {
        let (state, since, reason) = match user.state {
            record::UserState::Active => (UserStateName::Active, None, None),
            record::UserState::Suspended { since, reason } => (
                UserStateName::Suspended,
                Some(since),
                Some(reason.to_string()),
            ),
        };
        Self {
            id: user.id.to_string(),
            organization: user.organization.to_string(),
            email: user.email.to_string(),
            email_verified: user.email_verified,
            name: user.name.to_string(),
            state: UserState {
                state,
                since: since.map(UnixTime::rfc3339),
                reason,
            },
            created: user.created.rfc3339(),
            changed: user.changed.rfc3339(),
            etag: etag::of(user.version),
        }
    }
}

/// A hash that another system made, at this place of the body.
pub(crate) fn imported(call: &Call, pointer: &str, text: &str) -> Result<NewPassword, Problem> {
    installation_owner(call, "A hash that another system made is imported")?;
    let hash = import(text).map_err(|why| No::field(pointer, format!("It is {why}.")))?;
    Ok(NewPassword {
        form: form(&hash),
        hash,
        imported: true,
    })
}

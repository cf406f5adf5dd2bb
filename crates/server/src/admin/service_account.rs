//! `projects/{project}/service-accounts`: accounts that belong to programs.

use axum::http::Method;
use carnet_core::record::{self, Holder};
use carnet_core::rule::admin::Done;
use carnet_core::rule::admin::access::Right;
use carnet_core::rule::admin::role::OwnersLeft;
use carnet_core::rule::admin::service_account::{
    self, AccountPatch, NewAccount, RESTORABLE, is_deleted,
};
use carnet_core::store::Listing;
use carnet_core::value::{ServiceAccountEmail, UnixTime};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::account_usage::{self, Usage};
use super::answer::{Answer, List};
use super::body::Read;
use super::call::Call;
use super::etag::{self, Needed};
use super::problem::Problem;
use super::route::{Route, route};
use crate::entropy::SystemEntropy;
use crate::standing::{Leaving, held, owners_left};

/// A service account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServiceAccount {
    /// The 21-digit number by which the account is known: its OAuth client ID, the `sub` of its tokens,
    /// and what a delegation names. Never given to another account.
    #[schema(example = "104857291830027466113")]
    pub unique_id: String,
    /// Its e-mail: the `iss` of its assertions. A new account may have it after this one was deleted.
    #[schema(example = "invoice-sync@billing.iam.gserviceaccount.com")]
    pub email: String,
    /// The local part of the e-mail.
    pub account_id: String,
    /// The id of its project.
    pub project: String,
    /// What people call it.
    pub display_name: String,
    /// What it is for.
    pub description: String,
    /// Whether it gets tokens.
    pub state: AccountState,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    pub changed: String,
    /// What it is used for, where the list was asked for it (`show_usage`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub usage: Option<Usage>,
    /// Its ETag.
    pub etag: String,
}

/// Whether a service account works.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountState {
    /// `active`, `disabled` or `deleted`.
    pub state: AccountStateName,
    /// Since when, if it is not active.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub since: Option<String>,
    /// Why it was disabled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Until when a deleted account can be brought back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub restorable_until: Option<String>,
}

/// The states of a service account.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AccountStateName {
    /// As usual.
    Active,
    /// Gets no token, and the tokens it has are refused until it is enabled.
    Disabled,
    /// Gone, but may be brought back for 30 days.
    Deleted,
}

/// A service account to be made.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct CreateServiceAccount {
    /// The local part of its e-mail: 2 to 30 lower-case letters, digits and hyphens; first a letter,
    /// last not a hyphen.
    #[schema(min_length = 2, max_length = 30, example = "invoice-sync")]
    account_id: String,
    /// What people call it: at most 100 bytes.
    #[serde(default)]
    #[schema(max_length = 100, default = "")]
    display_name: String,
    /// What it is for: at most 256 bytes.
    #[serde(default)]
    #[schema(max_length = 256, default = "")]
    description: String,
}

/// Changes to a service account. What is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct PatchServiceAccount {
    /// What people call it: at most 100 bytes.
    #[schema(max_length = 100)]
    display_name: Option<String>,
    /// What it is for: at most 256 bytes.
    #[schema(max_length = 256)]
    description: Option<String>,
}

/// Why something is taken out of service.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct Reason {
    /// For administrators: at most 256 bytes.
    #[schema(max_length = 256, default = "")]
    pub reason: String,
}

/// Where they are.
const LIST: &str = "projects/{project}/service-accounts";

/// Where one is.
const ONE: &str = "projects/{project}/service-accounts/{account}";

/// What `show_usage` does.
const USAGE: &str =
    "`true`: with how many keys work, the last token, and as whom the account may act.";

/// Where service accounts answer.
pub(crate) fn routes() -> [Route; 8] {
    [
        route(
            Method::GET,
            LIST,
            "Lists the service accounts of a project.",
            |call| Box::pin(list(call)),
        )
        .gives::<List<ServiceAccount>>()
        .with(
            "show_deleted",
            "`true`: deleted accounts too, which can be brought back for 30 days.",
        )
        .with("show_usage", USAGE)
        .paged(),
        route(Method::POST, LIST, "Makes a service account.", |call| {
            Box::pin(create(call))
        })
        .takes::<CreateServiceAccount>()
        .creates::<ServiceAccount>(),
        route(Method::GET, ONE, "Shows a service account.", |call| {
            Box::pin(get(call))
        })
        .with("show_usage", USAGE)
        .gives::<ServiceAccount>(),
        route(Method::PATCH, ONE, "Changes a service account.", |call| {
            Box::pin(update(call))
        })
        .takes::<PatchServiceAccount>()
        .gives::<ServiceAccount>(),
        route(
            Method::DELETE,
            ONE,
            "Deletes a service account. It can be brought back for 30 days.",
            |call| Box::pin(delete(call)),
        ),
        route(
            Method::POST,
            "projects/{project}/service-accounts/{account}:disable",
            "Disables a service account: its tokens stop at once.",
            |call| Box::pin(disable(call)),
        )
        .may_take::<Reason>()
        .gives::<ServiceAccount>(),
        route(
            Method::POST,
            "projects/{project}/service-accounts/{account}:enable",
            "Enables a service account.",
            |call| Box::pin(enable(call)),
        )
        .gives::<ServiceAccount>(),
        route(
            Method::POST,
            "projects/{project}/service-accounts/{account}:undelete",
            "Brings a deleted service account back, within 30 days, by its unique id or e-mail. It is as it \
             was: one that was disabled is disabled.",
            |call| Box::pin(undelete(call)),
        )
        .gives::<ServiceAccount>(),
    ]
}

async fn list(call: Call) -> Result<Answer, Problem> {
    let project = call.project(Right::Read).await?;
    let page = call.page()?;
    let deleted = call.query.is_on("show_deleted")?;
    let listing = call
        .desk
        .store()
        .service_accounts(&project.id, &page)
        .await?;
    let used = call.query.is_on("show_usage")?;
    let mut items = Vec::with_capacity(listing.items.len());
    for account in listing.items {
        if !deleted && is_deleted(&account) {
            continue;
        }
        let usage = if used {
            Some(account_usage::of(&account, &call).await?)
        } else {
            None
        };
        items.push(ServiceAccount {
            usage,
            ..ServiceAccount::from(account)
        });
    }
    let next = listing.next;
    Ok(call.listed(Listing { items, next }, |shown| shown))
}

async fn create(call: Call) -> Result<Answer, Problem> {
    let project = call.project(Right::Write).await?;
    let body: CreateServiceAccount = call.read()?;
    let mut read = Read::default();
    let account_id = read.one("/account_id", &body.account_id);
    let title = read.one("/display_name", &body.display_name);
    let description = read.one("/description", &body.description);
    let ((account_id, title), description) = read.finish(account_id.zip(title).zip(description))?;
    let email = ServiceAccountEmail::of(&account_id, &project.id);
    let held = call.desk.store().service_account_by_email(&email).await?;
    let new = NewAccount {
        account_id,
        title,
        description,
    };
    let done = service_account::create(
        new,
        &project,
        held.as_ref(),
        &call.context(),
        &mut SystemEntropy,
    )?;
    let made = call.commit(done).await?;
    let location = call.location(&made.unique_id);
    let version = made.version;
    Ok(Answer::created(&ServiceAccount::from(made), location).tagged(version))
}

async fn get(call: Call) -> Result<Answer, Problem> {
    let (account, _) = call.account(Right::Read).await?;
    let version = account.version;
    if call.query.is_on("show_usage")? {
        let usage = Some(account_usage::of(&account, &call).await?);
        let shown = ServiceAccount {
            usage,
            ..ServiceAccount::from(account)
        };
        return Ok(Answer::ok(&shown).tagged(version));
    }
    Ok(call.record(&ServiceAccount::from(account), version))
}

async fn update(call: Call) -> Result<Answer, Problem> {
    let (account, _) = call.account(Right::Write).await?;
    let body: PatchServiceAccount = call.read()?;
    let mut read = Read::default();
    let patch = AccountPatch {
        title: read.maybe("/display_name", body.display_name.as_deref()),
        description: read.maybe("/description", body.description.as_deref()),
    };
    let patch = read.finish(Some(patch))?;
    call.if_match(account.version, Needed::Yes)?;
    let done = service_account::update(account, patch, &call.context())?;
    done_with(&call, done).await
}

async fn disable(call: Call) -> Result<Answer, Problem> {
    let (account, left) = leaving(&call).await?;
    let body: Reason = call.read()?;
    let mut read = Read::default();
    let reason = read.one("/reason", &body.reason);
    let reason = read.finish(reason)?;
    let done = service_account::disable(account, reason, &call.context())?;
    done_with(&call, left.guard(done)?).await
}

async fn enable(call: Call) -> Result<Answer, Problem> {
    let (account, _) = call.account(Right::Write).await?;
    call.if_match(account.version, Needed::No)?;
    covered(&call, &account).await?;
    let done = service_account::enable(account, &call.context())?;
    done_with(&call, done).await
}

async fn delete(call: Call) -> Result<Answer, Problem> {
    let (account, left) = leaving(&call).await?;
    let done = service_account::delete(account, &call.context())?;
    call.commit(left.guard(done)?).await?;
    Ok(Answer::gone())
}

async fn undelete(call: Call) -> Result<Answer, Problem> {
    let (account, _) = call.account(Right::Write).await?;
    call.if_match(account.version, Needed::No)?;
    covered(&call, &account).await?;
    let held = call
        .desk
        .store()
        .service_account_by_email(&account.email)
        .await?;
    let done = service_account::undelete(account, held.as_ref(), &call.context())?;
    done_with(&call, done).await
}

/// The account that is about to be taken out of service, if the installation can do without it.
async fn leaving(call: &Call) -> Result<(record::ServiceAccount, OwnersLeft), Problem> {
    let (account, _) = call.account(Right::Write).await?;
    call.if_match(account.version, Needed::No)?;
    covered(call, &account).await?;
    let holder = Holder::ServiceAccount(account.unique_id.clone());
    let left = owners_left(call.desk.store(), Leaving::Holder(&holder)).await?;
    left.suffice()?;
    Ok((account, left))
}

/// Whoever changes what an account with roles can do must have those roles too.
pub(crate) async fn covered(call: &Call, account: &record::ServiceAccount) -> Result<(), Problem> {
    let holder = Holder::ServiceAccount(account.unique_id.clone());
    let roles = held(call.desk.store(), &holder).await?;
    Ok(call.caller.powers.cover(&roles)?)
}

async fn done_with(call: &Call, done: Done<record::ServiceAccount>) -> Result<Answer, Problem> {
    let now = call.commit(done).await?;
    let version = now.version;
    Ok(Answer::ok(&ServiceAccount::from(now)).tagged(version))
}

impl From<record::ServiceAccount> for ServiceAccount {
    fn from(account: record::ServiceAccount) -> Self {
        Self {
            unique_id: account.unique_id.to_string(),
            email: account.email.to_string(),
            account_id: account.account_id.to_string(),
            project: account.project.to_string(),
            display_name: account.title.to_string(),
            description: account.description.to_string(),
            state: account.state.into(),
            created: account.created.rfc3339(),
            changed: account.changed.rfc3339(),
            usage: None,
            etag: etag::of(account.version),
        }
    }
}

impl From<record::AccountState> for AccountState {
    fn from(state: record::AccountState) -> Self {
        let (state, since, reason, until) = match state {
            record::AccountState::Active => (AccountStateName::Active, None, None, None),
            record::AccountState::Disabled { since, reason } => (
                AccountStateName::Disabled,
                Some(since),
                Some(reason.to_string()),
                None,
            ),
            record::AccountState::Deleted { since, .. } => (
                AccountStateName::Deleted,
                Some(since),
                None,
                Some(since + RESTORABLE),
            ),
        };
        Self {
            state,
            since: since.map(UnixTime::rfc3339),
            reason,
            restorable_until: until.map(UnixTime::rfc3339),
        }
    }
}

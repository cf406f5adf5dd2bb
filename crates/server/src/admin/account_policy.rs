//! `projects/{project}/service-accounts/{account}/policy`: who may do what with an account.

use axum::http::Method;
use carnet_core::record::{self, AccountRole};
use carnet_core::rule::admin::access::Right;
use carnet_core::rule::admin::{No, account_policy as rule};
use carnet_core::rule::iam::members;
use carnet_core::value::{Member, MemberName, Version};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::Answer;
use super::body::Read;
use super::call::Call;
use super::etag;
use super::problem::Problem;
use super::route::{Route, route};
use super::service_account::covered;
use crate::bindable::{self, Onto};

/// Who may do what with a service account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountPolicy {
    /// One for each role and condition.
    pub bindings: Vec<AccountBinding>,
    /// Its ETag.
    pub etag: String,
}

/// A role and who has it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountBinding {
    /// The role, as Google calls it.
    #[schema(example = "roles/iam.serviceAccountTokenCreator")]
    pub role: String,
    /// Who has it, as Google names them. Somebody who is gone is `deleted:KIND:EMAIL?uid=ID`.
    #[schema(example = json!(["serviceAccount:ci@build.iam.gserviceaccount.com"]))]
    pub members: Vec<String>,
    /// When it counts. Absent: always.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<BindingCondition>,
}

/// When a binding counts: it is written by Google's `setIamPolicy`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BindingCondition {
    /// The expression that must be true.
    #[schema(example = "request.time < timestamp('2027-01-01T00:00:00Z')")]
    pub expression: String,
    /// What people call it.
    pub title: String,
    /// What it is for.
    pub description: String,
}

impl BindingCondition {
    fn of(condition: &record::BindingCondition) -> Self {
        Self {
            expression: condition.expression.clone(),
            title: condition.title.clone(),
            description: condition.description.clone(),
        }
    }
}

/// A member of a role.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct MemberOfRole {
    /// The role.
    #[schema(example = "roles/iam.serviceAccountTokenCreator")]
    role: String,
    /// Who: `serviceAccount:EMAIL`, `user:EMAIL`, `group:EMAIL`, `domain:NAME`, `principal://…` or
    /// `principalSet://…`.
    #[schema(
        max_length = 1024,
        example = "serviceAccount:ci@build.iam.gserviceaccount.com"
    )]
    member: String,
}

/// Where policies of accounts answer.
pub(crate) fn routes() -> [Route; 3] {
    const ONE: &str = "projects/{project}/service-accounts/{account}/policy";
    [
        route(
            Method::GET,
            ONE,
            "Shows who may do what with a service account.",
            |call| Box::pin(get(call)),
        )
        .gives::<AccountPolicy>(),
        route(
            Method::POST,
            "projects/{project}/service-accounts/{account}/policy:add",
            "Lets somebody do something with a service account, always. It takes the role owner.",
            |call| Box::pin(add(call)),
        )
        .takes::<MemberOfRole>()
        .gives::<AccountPolicy>(),
        route(
            Method::POST,
            "projects/{project}/service-accounts/{account}/policy:remove",
            "Takes that away, whatever its conditions were: what somebody has of the account through this stops at once.",
            |call| Box::pin(remove(call)),
        )
        .takes::<MemberOfRole>()
        .gives::<AccountPolicy>(),
    ]
}

async fn get(call: Call) -> Result<Answer, Problem> {
    let (account, _) = call.account(Right::Read).await?;
    let store = call.desk.store();
    let policy = store.account_policy(&account.unique_id).await?;
    let version = policy.as_ref().map_or(Version(0), |policy| policy.version);
    let bindings = policy.map(|policy| policy.bindings).unwrap_or_default();
    Ok(Answer::ok(&show(&call, &bindings, version).await?).tagged(version))
}

async fn add(call: Call) -> Result<Answer, Problem> {
    let (account, project) = call.account(Right::Grant).await?;
    let before = call.desk.store().account_policy(&account.unique_id).await?;
    let (role, member) = asked(&call, &project, before.as_ref()).await?;
    covered(&call, &account).await?;
    let done = rule::add(before, &account, (role, member), &call.context())?;
    let now = call.commit(done).await?;
    answer(&call, now).await
}

async fn remove(call: Call) -> Result<Answer, Problem> {
    let (account, project) = call.account(Right::Grant).await?;
    let before = call.desk.store().account_policy(&account.unique_id).await?;
    let (role, member) = asked(&call, &project, before.as_ref()).await?;
    let done = rule::remove(before, &account, (role, &member), &call.context())?;
    let now = call.commit(done).await?;
    answer(&call, now).await
}

async fn asked(
    call: &Call,
    project: &record::Project,
    held: Option<&record::AccountPolicy>,
) -> Result<(AccountRole, Member), Problem> {
    let body: MemberOfRole = call.read()?;
    let mut read = Read::default();
    let role = read.one("/role", &body.role);
    let name: Option<MemberName> = read.one("/member", &body.member);
    let (role, name) = read.finish(role.zip(name))?;
    let onto = Onto {
        project,
        held,
        sees: &|at| call.caller.powers.role(at).is_some(),
    };
    let member = bindable::resolve(&name, &onto, call.desk.store()).await?;
    let member = member.map_err(|fault| No::field("/member", format!("{fault}.")))?;
    Ok((role, member))
}

async fn answer(call: &Call, now: record::AccountPolicy) -> Result<Answer, Problem> {
    let version = now.version;
    Ok(Answer::ok(&show(call, &now.bindings, version).await?).tagged(version))
}

async fn show(
    call: &Call,
    bindings: &[record::AccountBinding],
    version: Version,
) -> Result<AccountPolicy, Problem> {
    let mut shown = Vec::with_capacity(bindings.len());
    for binding in bindings {
        let mut named = Vec::with_capacity(binding.members.len());
        for member in &binding.members {
            named.push(members::name(member, call.desk.store()).await?.to_string());
        }
        shown.push(AccountBinding {
            role: binding.role.name().to_owned(),
            members: named,
            condition: binding.condition.as_ref().map(BindingCondition::of),
        });
    }
    Ok(AccountPolicy {
        bindings: shown,
        etag: etag::of(version),
    })
}

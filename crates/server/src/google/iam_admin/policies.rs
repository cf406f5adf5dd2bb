//! Who may use a service account: `getIamPolicy`, `setIamPolicy`, `testIamPermissions`.
//!
//! 1. A policy is read and written whole. Its `etag` says which state the writer has read; one without is written
//!    to whatever there is.
//! 2. Conditions are refused, not left out: a binding that should hold at times would hold always.
//! 3. Who is of another organization is told only to whoever may look there ([`crate::bindable`]).
//! 4. Who says who may become an account must have the roles that the account has.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use carnet_core::record::AccountBinding;
use carnet_core::record::AccountPolicy;
use carnet_core::record::AccountRole;
use carnet_core::rule::admin;
use carnet_core::rule::admin::access::Right;
use carnet_core::rule::admin::account_policy as rule;
use carnet_core::rule::admin::service_account::is_deleted;
use carnet_core::rule::iam::Permission;
use carnet_core::rule::iam::members;
use carnet_core::value::Member;
use carnet_core::value::MemberName;
use carnet_core::value::Version;
use carnet_wire::crn::Crn;
use carnet_wire::google::iam_admin as wire;
use carnet_wire::google::iam_admin::Mask;
use serde_json::json;

use super::Answered;
use super::account;
use super::account::etag;
use super::call::Call;
use super::halt::Halt;
use super::halt::wrong;
use crate::bindable;
use crate::bindable::Onto;
use crate::place;

/// The `etag` of a policy that nobody ever wrote, as Google has it.
const NEVER_WRITTEN: &str = "ACAB";

/// The most permissions that are asked for at once.
const MOST_PERMISSIONS: usize = 100;

/// Shows the policy of an account.
pub(super) async fn get(call: &Call<'_>, named: (&str, &str)) -> Answered {
    let (account, _) = account::there(call, named, Permission::GetIamPolicy).await?;
    let policy = call.store().account_policy(&account.unique_id).await?;
    shown(call, policy.as_ref()).await
}

/// Writes the policy of an account.
pub(super) async fn set(call: &Call<'_>, named: (&str, &str)) -> Answered {
    let (account, project) = account::there(call, named, Permission::SetIamPolicy).await?;
    call.covered(&account).await?;
    let body: wire::SetPolicy = call.read()?;
    let given = body
        .policy
        .ok_or_else(|| wrong("policy", "It is missing."))?;
    let mask = Mask::parse(
        body.update_mask.as_deref(),
        &["bindings", "etag", "version"],
    )?;
    let held = call.store().account_policy(&account.unique_id).await?;
    let seen = given.etag.as_deref().filter(|seen| !seen.is_empty());
    if seen.is_some_and(|seen| seen != etag_of(held.as_ref())) {
        let detail = "The policy was changed after you had read it: read it again.";
        return Err(admin::No::new(Crn::ETAG_MISMATCH, detail).into());
    }
    // Without a mask what is not said is empty: the policy is the whole of it.
    let bindings = match body.update_mask {
        None => Some(given.bindings.unwrap_or_default()),
        Some(_) => mask.of("bindings", given.bindings),
    };
    let Some(bindings) = bindings else {
        return shown(call, held.as_ref()).await;
    };
    let onto = Onto {
        project: &project,
        held: held.as_ref(),
        sees: &|at| call.has(Right::Read, at),
    };
    let bindings = read(call, bindings, &onto).await?;
    let done = rule::set(held, &account, bindings, &call.context())?;
    shown(call, Some(&call.commit(done).await?)).await
}

/// Which of these things the caller may do with an account.
pub(super) async fn test(call: &Call<'_>, named: (&str, &str)) -> Answered {
    let body: wire::Permissions = call.read()?;
    let asked = body.permissions.unwrap_or_default();
    if asked.len() > MOST_PERMISSIONS {
        return Err(wrong("permissions", "There are more than 100."));
    }
    let mut permissions = Vec::new();
    for name in asked {
        let permission = Permission::named(&name).ok_or_else(|| {
            let why = "There is a permission that cannot be had on a service account.";
            wrong("permissions", why)
        })?;
        permissions.push((name, permission));
    }
    let found = place::account(call.store(), named.1).await?;
    let mut has = Vec::new();
    // Who may do nothing is told the same whether there is such an account or not.
    if let Some(account) = found.filter(|found| !is_deleted(found))
        && let Some(of) = call.store().project(&account.project).await?
        && ["-", of.id.as_str(), of.number.as_str()].contains(&named.0)
    {
        let bound = call.parts.snapshots.bound(&account.unique_id).await?;
        let at = place::of(&of);
        let may = |(_, permission): &(String, Permission)| call.may(*permission, &bound, &at);
        has.extend(permissions.into_iter().filter(may).map(|(name, _)| name));
    }
    Ok(wire::print(&wire::Permissions {
        permissions: Some(has).filter(|has| !has.is_empty()),
    }))
}

/// What a request says, as roles and ids.
async fn read(
    call: &Call<'_>,
    bindings: Vec<wire::Binding>,
    onto: &Onto<'_>,
) -> Result<Vec<(AccountRole, Vec<Member>)>, Halt> {
    let mut read = Vec::new();
    let count = |binding: &wire::Binding| binding.members.as_ref().map_or(0, Vec::len);
    if bindings.iter().map(count).sum::<usize>() > AccountPolicy::MOST_MEMBERS
        || bindings.len() > AccountPolicy::MOST_MEMBERS
    {
        return Err(wrong(
            "policy/bindings",
            "There are more than 1,500 members.",
        ));
    }
    for binding in bindings {
        if binding
            .condition
            .is_some_and(|condition| !condition.is_null())
        {
            let why = "Conditions are not offered: a binding here holds always or not at all.";
            return Err(wrong("policy/bindings/condition", why));
        }
        let role = binding.role.unwrap_or_default();
        let role: AccountRole = role.parse().map_err(|_| {
            let role: String = role
                .chars()
                .filter(|one| !one.is_control())
                .take(100)
                .collect();
            let why = format!("Role {role} is not supported for this resource.");
            wrong("policy/bindings/role", why)
        })?;
        let mut members = Vec::new();
        for text in binding.members.unwrap_or_default() {
            let bad = |why: String| {
                let text: String = text
                    .chars()
                    .filter(|one| !one.is_control())
                    .take(200)
                    .collect();
                wrong("policy/bindings/members", format!("{text}: {why}."))
            };
            let name: MemberName = text.parse().map_err(|why| bad(format!("{why}")))?;
            let found = bindable::resolve(&name, onto, call.store()).await?;
            members.push(found.map_err(|why| bad(why.to_string()))?);
        }
        read.push((role, members));
    }
    Ok(read)
}

/// A policy, as it is shown.
async fn shown(call: &Call<'_>, policy: Option<&AccountPolicy>) -> Answered {
    let etag = etag_of(policy);
    let mut bindings = Vec::new();
    for binding in policy.map_or(&[][..], |policy| policy.bindings.as_slice()) {
        bindings.push(binding_shown(call, binding).await?);
    }
    Ok(wire::print(&wire::Policy {
        version: (!bindings.is_empty()).then(|| json!(1)),
        etag: Some(etag),
        bindings: Some(bindings).filter(|bindings| !bindings.is_empty()),
    }))
}

async fn binding_shown(call: &Call<'_>, binding: &AccountBinding) -> Result<wire::Binding, Halt> {
    let mut named = Vec::with_capacity(binding.members.len());
    for member in &binding.members {
        let name = members::name(member, call.store()).await?;
        named.push(name.to_string());
    }
    Ok(wire::Binding {
        role: Some(binding.role.name().to_owned()),
        members: Some(named),
        condition: None,
    })
}

fn etag_of(policy: Option<&AccountPolicy>) -> String {
    policy.map_or_else(
        || NEVER_WRITTEN.to_owned(),
        |policy| policy_etag(policy.version),
    )
}

/// Apart from that of an account's record: the two are told apart by whoever compares them.
fn policy_etag(version: Version) -> String {
    STANDARD.encode([b"policy".as_slice(), etag(version).as_bytes()].concat())
}

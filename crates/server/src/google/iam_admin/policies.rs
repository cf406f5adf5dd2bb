//! Who may use a service account: `getIamPolicy`, `setIamPolicy`, `testIamPermissions`.
//!
//! 1. A policy is read and written whole. Its `etag` says which state the writer has read; one without is written
//!    to whatever there is.
//! 2. A binding may have a condition ([`carnet_core::rule::iam`] decides by it). Only who says version 3 writes one,
//!    changes a policy that has one, or is shown it: to anybody else its role is shown with `_withcond_` behind it, so
//!    that what they write back is refused and never holds always. As with Google, who writes version 1 without an
//!    `etag` puts a policy without conditions in the place of whatever there was.
//! 3. Who is of another organization is told only to whoever may look there ([`crate::bindable`]).
//! 4. Who says who may become an account must have the roles that the account has.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use carnet_core::record::AccountBinding;
use carnet_core::record::AccountPolicy;
use carnet_core::record::AccountRole;
use carnet_core::record::BindingCondition;
use carnet_core::record::ServiceAccount;
use carnet_core::rule::admin;
use carnet_core::rule::admin::access::Right;
use carnet_core::rule::admin::account_policy as rule;
use carnet_core::rule::admin::service_account::is_deleted;
use carnet_core::rule::iam::Permission;
use carnet_core::rule::iam::members;
use carnet_core::value::MemberName;
use carnet_core::value::Version;
use carnet_jose::digest;
use carnet_wire::crn::Crn;
use carnet_wire::google::iam_admin as wire;
use carnet_wire::google::iam_admin::Mask;
use serde_json::Value;
use serde_json::json;

use super::Answered;
use super::account;
use super::account::etag;
use super::call::Call;
use super::halt::Halt;
use super::halt::come_back;
use super::halt::wrong;
use crate::bindable;
use crate::bindable::Onto;
use crate::place;

/// The `etag` of a policy that nobody ever wrote, as Google has it.
const NEVER_WRITTEN: &str = "ACAB";

/// The form of a policy that has conditions.
const CONDITIONAL: i64 = 3;

/// Where a reader says which form they understand.
const REQUESTED: &str = "options.requestedPolicyVersion";

/// The most permissions that are asked for at once.
const MOST_PERMISSIONS: usize = 100;

/// Shows the policy of an account.
pub(super) async fn get(call: &Call<'_>, named: (&str, &str)) -> Answered {
    let (account, _) = account::there(call, named, Permission::GetIamPolicy).await?;
    let body: wire::GetPolicy = call.read()?;
    let asked = body
        .options
        .and_then(|options| options.requested_policy_version);
    let asked = asked.or_else(|| call.query.one(REQUESTED).map(Value::from));
    let wanted = version(REQUESTED, asked.as_ref())?;
    let policy = call.store().account_policy(&account.unique_id).await?;
    shown(call, policy.as_ref(), wanted == CONDITIONAL).await
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
    let said = version("policy/version", given.version.as_ref())?;
    let kept = held.as_ref().filter(|_| seen.is_some());
    if said != CONDITIONAL && kept.is_some_and(AccountPolicy::is_conditional) {
        let why = "The policy has conditions: read it with requestedPolicyVersion 3, and write it with version 3.";
        return Err(wrong("policy/version", why));
    }
    // Without a mask what is not said is empty: the policy is the whole of it.
    let bindings = match body.update_mask {
        None => Some(given.bindings.unwrap_or_default()),
        Some(_) => mask.of("bindings", given.bindings),
    };
    let Some(bindings) = bindings else {
        return shown(call, held.as_ref(), said == CONDITIONAL).await;
    };
    let onto = Onto {
        project: &project,
        held: held.as_ref(),
        sees: &|at| call.has(Right::Read, at),
    };
    let bindings = read(call, bindings, &onto).await?;
    if said != CONDITIONAL && bindings.iter().any(|one| one.condition.is_some()) {
        let why = "A policy with conditions is written with version 3.";
        return Err(wrong("policy/version", why));
    }
    sound(call, &account, &bindings).await?;
    let done = rule::set(held, &account, bindings, &call.context())?;
    shown(call, Some(&call.commit(done).await?), true).await
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
) -> Result<Vec<AccountBinding>, Halt> {
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
        let condition = binding.condition.map(|said| BindingCondition {
            expression: said.expression.unwrap_or_default(),
            title: said.title.unwrap_or_default(),
            description: said.description.unwrap_or_default(),
        });
        read.push(AccountBinding {
            role,
            condition,
            members,
        });
    }
    Ok(read)
}

/// Whether the conditions can be conditions. Each text is looked at once.
async fn sound(
    call: &Call<'_>,
    account: &ServiceAccount,
    bindings: &[AccountBinding],
) -> Result<(), Halt> {
    let conditions = bindings.iter().filter_map(|one| one.condition.as_ref());
    let texts: BTreeSet<_> = conditions.map(|one| one.expression.clone()).collect();
    if texts.is_empty() {
        return Ok(());
    }
    if texts.len() > AccountPolicy::MOST_CONDITIONS {
        let why = "There are more than 20 different conditions.";
        return Err(wrong("policy/bindings/condition", why));
    }
    let about = (account.resource_name(), call.told.now);
    let texts = texts.into_iter().collect();
    match call.parts.expressions.check_bindings(texts, about).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(faulty)) => {
            let why = match faulty.at {
                Some(at) => format!("At character {at}: {}", faulty.why),
                None => faulty.why,
            };
            Err(wrong("policy/bindings/condition/expression", why))
        }
        Err(busy) => Err(come_back(busy)),
    }
}

/// Which form of a policy is meant: 0 and 1 know no conditions, 3 does.
fn version(field: &'static str, said: Option<&Value>) -> Result<i64, Halt> {
    let number = match said {
        None | Some(Value::Null) => Some(0),
        Some(Value::String(text)) => text.parse().ok(),
        Some(other) => other.as_i64(),
    };
    number
        .filter(|number| matches!(*number, 0 | 1 | CONDITIONAL))
        .ok_or_else(|| wrong(field, "It is 0, 1 or 3."))
}

/// A policy, as it is shown to those who know conditions and to those who do not.
async fn shown(call: &Call<'_>, policy: Option<&AccountPolicy>, knows: bool) -> Answered {
    let etag = etag_of(policy);
    let mut bindings = Vec::new();
    for binding in policy.map_or(&[][..], |policy| policy.bindings.as_slice()) {
        bindings.push(binding_shown(call, binding, knows).await?);
    }
    Ok(wire::print(&wire::Policy {
        version: (!bindings.is_empty()).then(|| {
            let conditional = knows && policy.is_some_and(AccountPolicy::is_conditional);
            json!(if conditional { CONDITIONAL } else { 1 })
        }),
        etag: Some(etag),
        bindings: Some(bindings).filter(|bindings| !bindings.is_empty()),
    }))
}

async fn binding_shown(
    call: &Call<'_>,
    binding: &AccountBinding,
    knows: bool,
) -> Result<wire::Binding, Halt> {
    let mut named = Vec::with_capacity(binding.members.len());
    for member in &binding.members {
        let name = members::name(member, call.store()).await?;
        named.push(name.to_string());
    }
    let role = binding.role.name();
    let condition = binding.condition.as_ref();
    let some = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    Ok(wire::Binding {
        role: Some(match condition.filter(|_| !knows) {
            None => role.to_owned(),
            Some(condition) => format!("{role}_withcond_{}", mark(condition)),
        }),
        members: Some(named),
        condition: condition
            .filter(|_| knows)
            .map(|condition| wire::Condition {
                expression: Some(condition.expression.clone()),
                title: some(&condition.title),
                description: some(&condition.description),
            }),
    })
}

/// By which one condition is told from another.
fn mark(condition: &BindingCondition) -> String {
    let BindingCondition {
        expression,
        title,
        description,
    } = condition;
    let whole = json!([expression, title, description]).to_string();
    let mut mark = digest::hex(&digest::sha256(whole.as_bytes()));
    mark.truncate(20);
    mark
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

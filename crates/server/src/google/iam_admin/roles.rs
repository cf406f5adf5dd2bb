//! `roles`: what can be bound on a service account, and what that permits. One table says it
//! ([`carnet_core::rule::iam`]); there are no custom roles.

use axum::http::Method;
use carnet_core::record::AccountRole;
use carnet_core::rule::admin::access::Right;
use carnet_core::rule::iam::Permission;
use carnet_wire::google::iam_admin as wire;

use super::Answered;
use super::Named;
use super::account;
use super::call::Call;
use super::halt::Halt;
use super::halt::not_offered;
use super::halt::unknown;
use super::halt::wrong;

/// What a resource is called whose roles are asked for.
const RESOURCE: &str = "//iam.googleapis.com/projects/";

const NO_CUSTOM: &str = "Custom roles are not offered: a service account has the predefined ones.";

/// How finished all of it is.
const STAGE: &str = "GA";

/// Answers what this noun has.
pub(super) async fn answer(call: &Call<'_>, asked: Named<'_>) -> Option<Answered> {
    Some(match asked {
        (&Method::GET, ["v1", "roles"], "") => Ok(list(call.query.one("view") == Some("FULL"))),
        (&Method::POST, ["v1", "roles"], "queryGrantableRoles") => grantable(call).await,
        (&Method::POST, ["v1", "permissions"], "queryTestablePermissions") => testable(call).await,
        (&Method::GET, ["v1", "roles", role], "") => get(role),
        (_, ["v1", "projects" | "organizations", of, "roles", role @ ..], _) => {
            custom(call, (asked.0, asked.1), (of, role)).await
        }
        _ => return None,
    })
}

fn list(full: bool) -> Vec<u8> {
    let roles = AccountRole::ALL.iter().map(|role| shown(*role, full));
    wire::print(&wire::RoleList {
        roles: roles.collect(),
    })
}

fn get(role: &str) -> Answered {
    let name = format!("roles/{role}");
    match name.parse::<AccountRole>() {
        Ok(role) => Ok(wire::print(&shown(role, true))),
        Err(_) => Err(unknown(format!("The role named {name} was not found."))),
    }
}

async fn grantable(call: &Call<'_>) -> Answered {
    let body: wire::GrantableRoles = call.read()?;
    resource(call, body.full_resource_name).await?;
    Ok(list(body.view.as_deref() == Some("FULL")))
}

async fn testable(call: &Call<'_>) -> Answered {
    let body: wire::TestablePermissions = call.read()?;
    resource(call, body.full_resource_name).await?;
    let all = Permission::ALL.iter().map(|permission| wire::Permission {
        name: permission.name(),
        stage: STAGE,
    });
    Ok(wire::print(&wire::PermissionList {
        permissions: all.collect(),
    }))
}

/// Roles are bound on service accounts alone.
async fn resource(call: &Call<'_>, name: Option<String>) -> Result<(), Halt> {
    let name = name.unwrap_or_default();
    let rest = name.strip_prefix(RESOURCE);
    let account = rest.and_then(|rest| rest.split_once("/serviceAccounts/"));
    let Some(named) = account.filter(|(_, account)| !account.contains('/')) else {
        let why = "It names no service account: //iam.googleapis.com/projects/P/serviceAccounts/A.";
        return Err(wrong("full_resource_name", why));
    };
    account::there(call, named, Permission::Get).await?;
    Ok(())
}

/// There is none of them, and none can be made.
async fn custom(
    call: &Call<'_>,
    (method, parts): (&Method, &[&str]),
    (of, role): (&str, &[&str]),
) -> Answered {
    if *method != Method::GET {
        return Err(not_offered(NO_CUSTOM));
    }
    if parts.get(1) == Some(&"projects") {
        call.project(of, ("iam.roles.list", Right::Read)).await?;
    }
    match role {
        [] => Ok(b"{}".to_vec()),
        [role, ..] => Err(unknown(format!("The role named {role} was not found."))),
    }
}

fn shown(role: AccountRole, full: bool) -> wire::Role {
    let (title, description) = told(role);
    let all = Permission::ALL.iter().filter(|_| full);
    let included = all.filter(|permission| permission.roles().contains(&role));
    wire::Role {
        name: role.name(),
        title,
        description,
        included_permissions: included.map(|permission| permission.name()).collect(),
        stage: STAGE,
        etag: "AA==",
    }
}

const fn told(role: AccountRole) -> (&'static str, &'static str) {
    match role {
        AccountRole::TokenCreator => (
            "Service Account Token Creator",
            "Gets tokens of the account and signs in its name.",
        ),
        AccountRole::OpenIdTokenCreator => (
            "Service Account OpenID Connect Identity Token Creator",
            "Gets ID tokens of the account.",
        ),
        AccountRole::WorkloadIdentityUser => (
            "Workload Identity User",
            "Gets tokens of the account from outside, for those whom a pool let in.",
        ),
        AccountRole::User => (
            "Service Account User",
            "Attaches the account to what runs as it.",
        ),
        AccountRole::Admin => (
            "Service Account Admin",
            "Manages the account and who may use it.",
        ),
        AccountRole::KeyAdmin => (
            "Service Account Key Admin",
            "Makes, uploads, disables and deletes keys of the account.",
        ),
        AccountRole::Viewer => (
            "View Service Accounts",
            "Reads the account, its keys and who may use it.",
        ),
    }
}

//! `projects/{project}/locations/global/workloadIdentityPools`: pools of workload identity.
//!
//! The same pools as the admin API has under `projects/{project}/workload-pools`, by the same rules
//! ([`carnet_core::rule::admin::workload_pool`]). Every change is an operation ([`super::operations`]).

use axum::http::Method;
use carnet_core::record::PoolOwner;
use carnet_core::record::Project;
use carnet_core::record::WorkloadPool;
use carnet_core::rule::admin::access::Right;
use carnet_core::rule::admin::workload_pool as rule;
use carnet_core::rule::admin::workload_pool::Home;
use carnet_core::rule::admin::workload_pool::NewPool;
use carnet_core::rule::admin::workload_pool::PoolPatch;
use carnet_core::value::NotAText;
use carnet_core::value::UnixTime;
use carnet_wire::google::iam_admin as wire;
use carnet_wire::google::iam_admin::Mask;

use super::Answered;
use super::Named;
use super::call::Call;
use super::halt::Halt;
use super::halt::not_offered;
use super::halt::renamed;
use super::halt::unknown;
use super::halt::wrong;
use super::operations;

/// How many pools a page has, unless asked otherwise and at most.
const PAGE: (u16, u16) = (50, 1_000);

/// What can be written of a pool.
const WRITABLE: [&str; 3] = ["displayName", "description", "disabled"];

/// Members of which our rules have another name than Google.
const NAMES: [(&str, &str); 1] = [("/id", "/workload_identity_pool_id")];

/// The type of the response of an operation.
const TYPE: &str = "type.googleapis.com/google.iam.v1.WorkloadIdentityPool";

/// Answers what this noun has.
pub(super) async fn answer(call: &Call<'_>, asked: Named<'_>) -> Option<Answered> {
    let (method, parts, word) = asked;
    let &[
        "v1",
        "projects",
        project,
        "locations",
        "global",
        "workloadIdentityPools",
        ref rest @ ..,
    ] = parts
    else {
        return None;
    };
    Some(match (method, rest, word) {
        (&Method::GET, [], "") => list(call, project).await,
        (&Method::POST, [], "") => create(call, project).await,
        (&Method::GET, [pool], "") => get(call, (project, pool)).await,
        (&Method::PATCH, [pool], "") => patch(call, (project, pool)).await,
        (&Method::DELETE, [pool], "") => delete(call, (project, pool)).await,
        (&Method::POST, [pool], "undelete") => undelete(call, (project, pool)).await,
        (&Method::GET, [pool, "operations", id], "") => operation(call, (project, pool), id).await,
        _ => return None,
    })
}

async fn list(call: &Call<'_>, project: &str) -> Answered {
    let needed = ("iam.workloadIdentityPools.list", Right::Read);
    let project = call.project(project, needed).await?;
    let list = format!("{}/workloadIdentityPools", project.id);
    let page = call.page(&list, PAGE)?;
    let owner = PoolOwner::Project(project.id.clone());
    let listing = call.store().workload_pools(&owner, &page).await?;
    let next_page_token = call.next(&list, &listing);
    let deleted = call.flag("showDeleted")?;
    let there = listing.items.iter();
    let there = there.filter(|pool| deleted || pool.deleted.is_none());
    Ok(wire::print(&wire::PoolList {
        workload_identity_pools: there.map(shown).collect(),
        next_page_token,
    }))
}

async fn create(call: &Call<'_>, project: &str) -> Answered {
    let needed = ("iam.workloadIdentityPools.create", Right::Write);
    let project = call.project(project, needed).await?;
    let given: wire::PoolGiven = call.read()?;
    mode(given.mode.as_deref())?;
    let id = call.query.one("workloadIdentityPoolId");
    let id = id.unwrap_or_default().to_owned();
    let home = Home::Project(&project);
    let existing = match home.name(&id) {
        Ok(name) => call.store().workload_pool(&name).await?,
        Err(_) => None,
    };
    let new = NewPool {
        id,
        title: given
            .display_name
            .unwrap_or_default()
            .parse()
            .map_err(|why| text("display_name", why))?,
        description: given
            .description
            .unwrap_or_default()
            .parse()
            .map_err(|why| text("description", why))?,
        disabled: given.disabled.unwrap_or_default(),
        session: None,
    };
    let done = rule::create(new, home, existing.as_ref(), &call.context());
    let done = done.map_err(|no| renamed(no, &NAMES))?;
    Ok(done_with(&call.commit(done).await?))
}

async fn get(call: &Call<'_>, named: (&str, &str)) -> Answered {
    let (found, _) = pool(call, named, ("iam.workloadIdentityPools.get", Right::Read)).await?;
    Ok(wire::print(&shown(&found)))
}

async fn patch(call: &Call<'_>, named: (&str, &str)) -> Answered {
    let needed = ("iam.workloadIdentityPools.update", Right::Grant);
    let (found, _) = pool(call, named, needed).await?;
    let given: wire::PoolGiven = call.read()?;
    mode(given.mode.as_deref())?;
    let mask = Mask::parse(call.query.one("updateMask"), &WRITABLE)?;
    let title = mask.of("displayName", given.display_name);
    let title = title.map(|text| text.parse()).transpose();
    let description = mask.of("description", given.description);
    let description = description.map(|text| text.parse()).transpose();
    let patch = PoolPatch {
        title: title.map_err(|why| text("display_name", why))?,
        description: description.map_err(|why| text("description", why))?,
        disabled: mask.of("disabled", given.disabled),
        session: None,
    };
    let done = rule::update(found, patch, &call.context())?;
    Ok(done_with(&call.commit(done).await?))
}

async fn delete(call: &Call<'_>, named: (&str, &str)) -> Answered {
    let needed = ("iam.workloadIdentityPools.delete", Right::Write);
    let (found, _) = pool(call, named, needed).await?;
    let done = rule::delete(found, &call.context())?;
    Ok(done_with(&call.commit(done).await?))
}

async fn undelete(call: &Call<'_>, named: (&str, &str)) -> Answered {
    let needed = ("iam.workloadIdentityPools.undelete", Right::Grant);
    let (found, _) = pool(call, named, needed).await?;
    let done = rule::undelete(found, &call.context())?;
    Ok(done_with(&call.commit(done).await?))
}

async fn operation(call: &Call<'_>, named: (&str, &str), id: &str) -> Answered {
    let (found, _) = pool(call, named, ("iam.workloadIdentityPools.get", Right::Read)).await?;
    let version = operations::made(id, found.version)?;
    Ok(operations::done(&found.name, version, typed(&found)))
}

/// The pool that is named, deleted ones too, and its project.
pub(super) async fn pool(
    call: &Call<'_>,
    (project, id): (&str, &str),
    needed: (&'static str, Right),
) -> Result<(WorkloadPool, Project), Halt> {
    let project = call.project(project, needed).await?;
    let found = match Home::Project(&project).name(id) {
        Ok(name) => call.store().workload_pool(&name).await?,
        Err(_) => None,
    };
    let found = found.ok_or_else(|| unknown("There is no such pool.".to_owned()))?;
    Ok((found, project))
}

/// A text of a request is too long for its place.
pub(super) fn text(field: &'static str, why: NotAText) -> Halt {
    wrong(field, format!("It is {why}."))
}

fn done_with(pool: &WorkloadPool) -> Vec<u8> {
    operations::done(&pool.name, pool.version, typed(pool))
}

fn mode(mode: Option<&str>) -> Result<(), Halt> {
    match mode {
        None | Some("" | "MODE_UNSPECIFIED" | "FEDERATION_ONLY") => Ok(()),
        Some(_) => Err(not_offered(
            "Pools of this mode are not offered: FEDERATION_ONLY is.",
        )),
    }
}

fn typed(pool: &WorkloadPool) -> wire::Pool {
    wire::Pool {
        kind: Some(TYPE),
        ..shown(pool)
    }
}

fn shown(pool: &WorkloadPool) -> wire::Pool {
    wire::Pool {
        kind: None,
        name: pool.name.to_string(),
        display_name: pool.title.to_string(),
        description: pool.description.to_string(),
        state: state(pool.deleted),
        disabled: pool.disabled,
        mode: "FEDERATION_ONLY",
        expire_time: expires(pool.deleted),
    }
}

/// Whether it is there.
pub(super) const fn state(deleted: Option<UnixTime>) -> &'static str {
    match deleted {
        None => "ACTIVE",
        Some(_) => "DELETED",
    }
}

/// When it is gone for good.
pub(super) fn expires(deleted: Option<UnixTime>) -> Option<String> {
    deleted.map(|since| (since + rule::RESTORABLE).rfc3339())
}

//! Pools of workload identity (`projects/{project}/locations/global/workloadIdentityPools`) and of workforces
//! (`locations/global/workforcePools`).
//!
//! The same pools as the admin API has under `projects/{project}/workload-pools` and
//! `organizations/{organization}/workforce-pools`, by the same rules ([`carnet_core::rule::admin::workload_pool`]).
//! Every change is an operation ([`super::operations`]). A pool itself has no policy here: who may change it is a matter
//! of the roles in its project or organization.

use axum::http::Method;
use carnet_core::record::PoolOwner;
use carnet_core::record::WorkloadPool;
use carnet_core::rule::admin::access::Right;
use carnet_core::rule::admin::workload_pool as rule;
use carnet_core::rule::admin::workload_pool::NewPool;
use carnet_core::rule::admin::workload_pool::PoolPatch;
use carnet_core::value::NotAText;
use carnet_core::value::Seconds;
use carnet_core::value::UnixTime;
use carnet_wire::google::iam_admin as wire;
use carnet_wire::google::iam_admin::Mask;
use carnet_wire::google::iam_credentials;
use serde_json::Value;

use super::Answered;
use super::call::Call;
use super::halt::Halt;
use super::halt::not_offered;
use super::halt::renamed;
use super::halt::wrong;
use super::homes::Below;
use super::homes::Home;
use super::homes::Needs;
use super::operations;

/// How many pools a page has, unless asked otherwise and at most.
const PAGE: (u16, u16) = (50, 1_000);

/// What can be written of each pool.
const WRITABLE: [&str; 3] = ["displayName", "description", "disabled"];

/// What can be written of a workforce pool besides.
const SESSION: &str = "sessionDuration";

const PROGRAMS: Needs = Needs {
    list: ("iam.workloadIdentityPools.list", Right::Read),
    create: ("iam.workloadIdentityPools.create", Right::Write),
    get: ("iam.workloadIdentityPools.get", Right::Read),
    update: ("iam.workloadIdentityPools.update", Right::Grant),
    delete: ("iam.workloadIdentityPools.delete", Right::Write),
    undelete: ("iam.workloadIdentityPools.undelete", Right::Grant),
};

const PEOPLE: Needs = Needs {
    list: ("iam.workforcePools.list", Right::Read),
    create: ("iam.workforcePools.create", Right::Write),
    get: ("iam.workforcePools.get", Right::Read),
    update: ("iam.workforcePools.update", Right::Grant),
    delete: ("iam.workforcePools.delete", Right::Write),
    undelete: ("iam.workforcePools.undelete", Right::Grant),
};

const fn needs(home: Home<'_>) -> &'static Needs {
    match home {
        Home::Project(_) => &PROGRAMS,
        Home::Organization => &PEOPLE,
    }
}

/// Answers what this noun has.
pub(super) async fn answer(
    call: &Call<'_>,
    home: Home<'_>,
    below: Below<'_, '_>,
) -> Option<Answered> {
    Some(match below {
        (&Method::GET, [], "") => list(call, home).await,
        (&Method::POST, [], "") => create(call, home).await,
        (&Method::GET, [pool], "") => get(call, home, pool).await,
        (&Method::PATCH, [pool], "") => patch(call, home, pool).await,
        (&Method::DELETE, [pool], "") => delete(call, home, pool).await,
        (&Method::POST, [pool], "undelete") => undelete(call, home, pool).await,
        (&Method::GET, [pool, "operations", id], "") => operation(call, home, (pool, id)).await,
        _ => return None,
    })
}

async fn list(call: &Call<'_>, home: Home<'_>) -> Answered {
    let parent = call.query.one("parent");
    let within = home.within(call, parent, needs(home).list).await?;
    let owner = within.home().owner();
    let list = match &owner {
        PoolOwner::Project(id) => format!("{id}/workloadIdentityPools"),
        PoolOwner::Organization(id) => format!("{id}/workforcePools"),
    };
    let page = call.page(&list, PAGE)?;
    let listing = call.store().workload_pools(&owner, &page).await?;
    let next_page_token = call.next(&list, &listing);
    let deleted = call.flag("showDeleted")?;
    let there = listing.items.iter();
    let there = there.filter(|pool| deleted || pool.deleted.is_none());
    let (programs, people) = there
        .map(shown)
        .partition(|_| matches!(owner, PoolOwner::Project(_)));
    Ok(wire::print(&wire::PoolList {
        workload_identity_pools: programs,
        workforce_pools: people,
        next_page_token,
    }))
}

async fn create(call: &Call<'_>, home: Home<'_>) -> Answered {
    let given: wire::PoolGiven = call.read()?;
    let parent = given.parent.as_deref().or(call.query.one("parent"));
    let within = home.within(call, parent, needs(home).create).await?;
    let session = of_home(home, &given)?;
    let id = home.choose("workloadIdentityPoolId", "workforcePoolId");
    let id = call.query.one(id).unwrap_or_default().to_owned();
    let existing = match within.home().name(&id) {
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
        session,
    };
    let done = rule::create(new, within.home(), existing.as_ref(), &call.context());
    let done = done.map_err(|no| renamed(no, &names(home)))?;
    Ok(done_with(&call.commit(done).await?))
}

async fn get(call: &Call<'_>, home: Home<'_>, id: &str) -> Answered {
    let found = home.pool(call, id, needs(home).get).await?;
    Ok(wire::print(&shown(&found)))
}

async fn patch(call: &Call<'_>, home: Home<'_>, id: &str) -> Answered {
    let found = home.pool(call, id, needs(home).update).await?;
    let mut given: wire::PoolGiven = call.read()?;
    let more = home.choose(None, Some(SESSION));
    let writable: Vec<_> = WRITABLE.into_iter().chain(more).collect();
    let mask = Mask::parse(call.query.one("updateMask"), &writable)?;
    // What is named and not said is what it is where nobody says it.
    let session = match of_home(home, &given)? {
        None if mask.names(SESSION) => Some(rule::SESSION),
        session => session.filter(|_| mask.is_absent() || mask.names(SESSION)),
    };
    let title = mask.of("displayName", given.display_name.take());
    let title = title.map(|text| text.parse()).transpose();
    let description = mask.of("description", given.description.take());
    let description = description.map(|text| text.parse()).transpose();
    let patch = PoolPatch {
        title: title.map_err(|why| text("display_name", why))?,
        description: description.map_err(|why| text("description", why))?,
        disabled: mask.of("disabled", given.disabled),
        session,
    };
    let done = rule::update(found, patch, &call.context());
    let done = done.map_err(|no| renamed(no, &names(home)))?;
    Ok(done_with(&call.commit(done).await?))
}

async fn delete(call: &Call<'_>, home: Home<'_>, id: &str) -> Answered {
    let found = home.pool(call, id, needs(home).delete).await?;
    let done = rule::delete(found, &call.context())?;
    Ok(done_with(&call.commit(done).await?))
}

async fn undelete(call: &Call<'_>, home: Home<'_>, id: &str) -> Answered {
    let found = home.pool(call, id, needs(home).undelete).await?;
    let done = rule::undelete(found, &call.context())?;
    Ok(done_with(&call.commit(done).await?))
}

async fn operation(call: &Call<'_>, home: Home<'_>, (pool, id): (&str, &str)) -> Answered {
    let found = home.pool(call, pool, needs(home).get).await?;
    let version = operations::made(id, found.version)?;
    Ok(operations::done(&found.name, version, typed(&found)))
}

/// A text of a request is too long for its place.
pub(super) fn text(field: &'static str, why: NotAText) -> Halt {
    wrong(field, format!("It is {why}."))
}

/// Members of which our rules have another name than Google.
const fn names(home: Home<'_>) -> [(&'static str, &'static str); 2] {
    let id = match home {
        Home::Project(_) => "/workload_identity_pool_id",
        Home::Organization => "/workforce_pool_id",
    };
    [("/id", id), ("/session_seconds", "/session_duration")]
}

/// What only one sort of pool can have: the mode of one, the session of the other.
fn of_home(home: Home<'_>, given: &wire::PoolGiven) -> Result<Option<Seconds>, Halt> {
    let mode = given.mode.as_deref();
    if !matches!(
        mode,
        None | Some("" | "MODE_UNSPECIFIED" | "FEDERATION_ONLY")
    ) {
        let what = "Pools of this mode are not offered: FEDERATION_ONLY is.";
        return Err(not_offered(what));
    }
    // gcloud sends it empty where nothing is said of it.
    let restricted = given.access_restrictions.as_ref();
    if restricted.is_some_and(says_something) {
        let what =
            "Restrictions of access (accessRestrictions) are not offered: bind less to the pool.";
        return Err(not_offered(what));
    }
    let Some(said) = given.session_duration.as_deref() else {
        return Ok(None);
    };
    if !home.is_workforce() {
        let why = "The tokens of a pool of workload identity live an hour.";
        return Err(wrong("session_duration", why));
    }
    let seconds = iam_credentials::seconds(said).map(Seconds);
    let why = "It is not a number of seconds from 900 to 43200, such as 3600s.";
    seconds
        .map(Some)
        .ok_or_else(|| wrong("session_duration", why))
}

/// Whether there is anything in a message but what goes without saying.
pub(super) fn says_something(message: &Value) -> bool {
    match message {
        Value::Null | Value::Bool(false) => false,
        Value::Array(all) => !all.is_empty(),
        Value::Object(members) => members.values().any(says_something),
        Value::Bool(true) | Value::Number(_) | Value::String(_) => true,
    }
}

fn done_with(pool: &WorkloadPool) -> Vec<u8> {
    operations::done(&pool.name, pool.version, typed(pool))
}

fn typed(pool: &WorkloadPool) -> wire::Pool {
    wire::Pool {
        kind: Some(match pool.owner {
            PoolOwner::Project(_) => "type.googleapis.com/google.iam.v1.WorkloadIdentityPool",
            PoolOwner::Organization(_) => "type.googleapis.com/google.iam.admin.v1.WorkforcePool",
        }),
        ..shown(pool)
    }
}

fn shown(pool: &WorkloadPool) -> wire::Pool {
    let (mode, parent, session_duration) = match &pool.owner {
        PoolOwner::Project(_) => (Some("FEDERATION_ONLY"), None, None),
        PoolOwner::Organization(id) => (
            None,
            Some(format!("organizations/{id}")),
            Some(format!("{}s", pool.session.0)),
        ),
    };
    wire::Pool {
        kind: None,
        name: pool.name.to_string(),
        parent,
        display_name: pool.title.to_string(),
        description: pool.description.to_string(),
        state: state(pool.deleted),
        disabled: pool.disabled,
        mode,
        session_duration,
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

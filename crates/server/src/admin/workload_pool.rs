//! `projects/{project}/workload-pools` and `organizations/{organization}/workforce-pools`: programs, or people, that
//! prove themselves to somebody else.

use axum::http::Method;
use carnet_core::record;
use carnet_core::record::PoolOwner;
use carnet_core::record::Project;
use carnet_core::rule::admin::Done;
use carnet_core::rule::admin::No;
use carnet_core::rule::admin::access::Right;
use carnet_core::rule::admin::workload_pool;
use carnet_core::rule::admin::workload_pool::Home;
use carnet_core::rule::admin::workload_pool::NewPool;
use carnet_core::rule::admin::workload_pool::PoolPatch;
use carnet_core::store::Listing;
use carnet_core::value::OrganizationId;
use carnet_core::value::Seconds;
use serde::Deserialize;
use utoipa::ToSchema;

use super::answer::Answer;
use super::answer::List;
use super::body::Read;
use super::call::Call;
use super::etag::Needed;
use super::problem::Problem;
use super::route::Route;
use super::route::route;
use super::workload_view::WorkloadPool;

/// A pool to be made.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct CreateWorkloadPool {
    /// The last part of its name, which stays: in a project 4 to 32 lower-case letters, digits and hyphens, not
    /// beginning with `gcp-`; in an organization 6 to 63, first a letter.
    #[schema(min_length = 4, max_length = 63, example = "ci-runners")]
    id: String,
    /// What people call it: at most 32 bytes.
    #[serde(default)]
    #[schema(max_length = 32, default = "")]
    display_name: String,
    /// What it is for: at most 256 bytes.
    #[serde(default)]
    #[schema(max_length = 256, default = "")]
    description: String,
    /// Whether it begins disabled.
    #[serde(default)]
    disabled: bool,
    /// How long a token of a principal lives at most, in seconds. A workload pool has 3600; a workforce pool may say
    /// 900 to 43200.
    #[schema(minimum = 900, maximum = 43200)]
    session_seconds: Option<i64>,
}

/// Changes to a pool. What is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct PatchWorkloadPool {
    /// What people call it: at most 32 bytes.
    #[schema(max_length = 32)]
    display_name: Option<String>,
    /// What it is for: at most 256 bytes.
    #[schema(max_length = 256)]
    description: Option<String>,
    /// Whether nobody gets in, and what its principals hold is refused.
    disabled: Option<bool>,
    /// How long a token of a principal lives at most, in seconds. Workforce pools alone.
    #[schema(minimum = 900, maximum = 43200)]
    session_seconds: Option<i64>,
}

/// The paths of one kind of pool.
struct Paths {
    list: &'static str,
    one: &'static str,
    undelete: &'static str,
}

const WORKLOAD: Paths = Paths {
    list: "projects/{project}/workload-pools",
    one: "projects/{project}/workload-pools/{pool}",
    undelete: "projects/{project}/workload-pools/{pool}:undelete",
};

const WORKFORCE: Paths = Paths {
    list: "organizations/{organization}/workforce-pools",
    one: "organizations/{organization}/workforce-pools/{pool}",
    undelete: "organizations/{organization}/workforce-pools/{pool}:undelete",
};

/// Where pools answer.
pub(crate) fn routes() -> impl Iterator<Item = Route> {
    of(&WORKLOAD).into_iter().chain(of(&WORKFORCE))
}

fn of(paths: &Paths) -> [Route; 6] {
    [
        route(Method::GET, paths.list, "Lists the pools.", |call| {
            Box::pin(list(call))
        })
        .gives::<List<WorkloadPool>>()
        .with(
            "show_deleted",
            "`true`: deleted pools too, which can be brought back for 30 days.",
        )
        .paged(),
        route(Method::POST, paths.list, "Makes a pool.", |call| {
            Box::pin(create(call))
        })
        .takes::<CreateWorkloadPool>()
        .creates::<WorkloadPool>(),
        route(Method::GET, paths.one, "Shows a pool.", |call| {
            Box::pin(get(call))
        })
        .gives::<WorkloadPool>(),
        route(
            Method::PATCH,
            paths.one,
            "Changes a pool. One that is disabled lets nobody in, and what its principals hold is refused at once.",
            |call| Box::pin(update(call)),
        )
        .takes::<PatchWorkloadPool>()
        .gives::<WorkloadPool>(),
        route(
            Method::DELETE,
            paths.one,
            "Deletes a pool with its providers. It can be brought back for 30 days.",
            |call| Box::pin(delete(call)),
        ),
        route(
            Method::POST,
            paths.undelete,
            "Brings a deleted pool back, within 30 days, as it was.",
            |call| Box::pin(undelete(call)),
        )
        .gives::<WorkloadPool>(),
    ]
}

/// Where the pools are that a path names.
pub(crate) enum Place {
    /// In this project.
    Project(Box<Project>),
    /// In this organization.
    Organization(OrganizationId),
}

impl Place {
    fn home(&self) -> Home<'_> {
        match self {
            Self::Project(project) => Home::Project(project),
            Self::Organization(id) => Home::Organization(*id),
        }
    }

    fn owner(&self) -> PoolOwner {
        self.home().owner()
    }
}

impl Call {
    /// Where the pools are that the path names, if the caller may do this there.
    pub(crate) async fn pools(&self, right: Right) -> Result<Place, Problem> {
        if self.text("organization").is_empty() {
            let project = self.project(right).await?;
            return Ok(Place::Project(Box::new(project)));
        }
        Ok(Place::Organization(self.organization(right).await?.id))
    }

    /// The pool that the path names, in its place, deleted ones too.
    pub(crate) async fn pool(&self, right: Right) -> Result<record::WorkloadPool, Problem> {
        let place = self.pools(right).await?;
        let name = place.home().name(self.text("pool"));
        let name = name.map_err(|_| No::hidden())?;
        let found = self.desk.store().workload_pool(&name).await?;
        let found = found.filter(|found| found.owner == place.owner());
        Ok(found.ok_or_else(No::hidden)?)
    }
}

async fn list(call: Call) -> Result<Answer, Problem> {
    let place = call.pools(Right::Read).await?;
    let page = call.page()?;
    let deleted = call.query.is_on("show_deleted")?;
    let owner = place.owner();
    let listing = call.desk.store().workload_pools(&owner, &page).await?;
    let items = listing.items.into_iter();
    let items = items.filter(|pool| deleted || pool.deleted.is_none());
    let listing = Listing {
        items: items.collect(),
        next: listing.next,
    };
    Ok(call.listed(listing, |pool| WorkloadPool::of(&pool)))
}

async fn create(call: Call) -> Result<Answer, Problem> {
    let place = call.pools(Right::Write).await?;
    let body: CreateWorkloadPool = call.read()?;
    let mut read = Read::default();
    let title = read.one("/display_name", &body.display_name);
    let description = read.one("/description", &body.description);
    let (title, description) = read.finish(title.zip(description))?;
    let existing = match place.home().name(&body.id) {
        Ok(name) => call.desk.store().workload_pool(&name).await?,
        Err(_) => None,
    };
    let new = NewPool {
        id: body.id,
        title,
        description,
        disabled: body.disabled,
        session: body.session_seconds.map(Seconds),
    };
    let done = workload_pool::create(new, place.home(), existing.as_ref(), &call.context())?;
    let made = call.commit(done).await?;
    let location = call.location(made.name.id());
    Ok(Answer::created(&WorkloadPool::of(&made), location).tagged(made.version))
}

async fn get(call: Call) -> Result<Answer, Problem> {
    let pool = call.pool(Right::Read).await?;
    Ok(call.record(&WorkloadPool::of(&pool), pool.version))
}

async fn update(call: Call) -> Result<Answer, Problem> {
    let pool = call.pool(Right::Grant).await?;
    let body: PatchWorkloadPool = call.read()?;
    let mut read = Read::default();
    let patch = PoolPatch {
        title: read.maybe("/display_name", body.display_name.as_deref()),
        description: read.maybe("/description", body.description.as_deref()),
        disabled: body.disabled,
        session: body.session_seconds.map(Seconds),
    };
    let patch = read.finish(Some(patch))?;
    call.if_match(pool.version, Needed::Yes)?;
    let done = workload_pool::update(pool, patch, &call.context())?;
    done_with(&call, done).await
}

async fn delete(call: Call) -> Result<Answer, Problem> {
    let pool = call.pool(Right::Write).await?;
    call.if_match(pool.version, Needed::No)?;
    let done = workload_pool::delete(pool, &call.context())?;
    call.commit(done).await?;
    Ok(Answer::gone())
}

async fn undelete(call: Call) -> Result<Answer, Problem> {
    let pool = call.pool(Right::Grant).await?;
    call.if_match(pool.version, Needed::No)?;
    let done = workload_pool::undelete(pool, &call.context())?;
    done_with(&call, done).await
}

async fn done_with(call: &Call, done: Done<record::WorkloadPool>) -> Result<Answer, Problem> {
    let now = call.commit(done).await?;
    Ok(Answer::ok(&WorkloadPool::of(&now)).tagged(now.version))
}

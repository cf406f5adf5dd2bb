//! `projects`: projects and their settings.

use std::collections::BTreeMap;

use axum::http::Method;
use carnet_core::record::{self, AssertionRules, Territory};
use carnet_core::rule::admin::No;
use carnet_core::rule::admin::access::{Place, Right};
use carnet_core::rule::admin::project::{self, NewProject, ProjectPatch};
use carnet_core::store::{Listing, Page};
use carnet_core::value::{OrganizationId, ProjectId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Answer, List};
use super::body::Read;
use super::call::Call;
use super::etag::{self, Needed};
use super::problem::Problem;
use super::route::{Route, route};
use crate::entropy::SystemEntropy;
use crate::standing::{Leaving, owners_left};

/// A project: service accounts, keys and APIs that belong together.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Project {
    /// The id that people chose. It is never given to another project.
    #[schema(example = "billing")]
    pub id: String,
    /// The number that the server chose: 12 digits.
    pub number: String,
    /// What people call it.
    pub title: String,
    /// The id of the organization that it belongs to, if to any.
    pub organization: Option<String>,
    /// Whom its clients may serve.
    pub audience: Audience,
    /// Whether its clients get tokens.
    pub state: ProjectState,
    /// How the assertions of its service accounts are judged.
    pub assertions: Assertions,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    pub changed: String,
    /// Its ETag.
    pub etag: String,
}

/// Whom the clients of a project may serve.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Audience {
    /// Only users of the project's own organization.
    Internal,
    /// Anybody who lets them.
    External,
}

/// Whether a project works.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProjectState {
    /// `active`, or `suspended`: every token path of its clients is closed.
    pub state: ProjectStateName,
    /// Since when, if suspended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub since: Option<String>,
}

/// The states of a project.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ProjectStateName {
    /// As usual.
    Active,
    /// Every token path of its clients is closed.
    Suspended,
}

/// How the assertions of a project's service accounts are judged.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default)]
pub(crate) struct Assertions {
    /// Refuse a `kid` that is not the key that signed, and `scope` beside `target_audience`.
    #[schema(default = false)]
    pub strict: bool,
    /// Accept Google's own `aud` values with uploaded keys too. Their private halves may also be known
    /// at Google, and an assertion meant for Google could then be used here.
    #[schema(default = false)]
    pub google_audience_for_uploaded_keys: bool,
}

/// A project to be made.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct CreateProject {
    /// 4 to 30 lower-case letters, digits and hyphens; first a letter, last not a hyphen.
    #[schema(min_length = 4, max_length = 30, example = "billing")]
    id: String,
    /// What people call it: at most 100 bytes.
    #[serde(default)]
    #[schema(max_length = 100, default = "")]
    title: String,
    /// The id of the organization that it belongs to. It stays.
    organization: Option<String>,
    /// `internal` where it has an organization, `external` where not, unless said otherwise.
    audience: Option<Audience>,
    /// How the assertions of its service accounts are judged.
    #[serde(default)]
    #[schema(required = false)]
    assertions: Assertions,
}

/// Changes to a project. What is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct PatchProject {
    /// What people call it: at most 100 bytes.
    #[schema(max_length = 100)]
    title: Option<String>,
    /// Whom its clients may serve.
    audience: Option<Audience>,
    /// How the assertions of its service accounts are judged.
    assertions: Option<PatchAssertions>,
}

/// Changes to how assertions are judged. What is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct PatchAssertions {
    /// Refuse a `kid` that is not the key that signed, and `scope` beside `target_audience`.
    strict: Option<bool>,
    /// Accept Google's own `aud` values with uploaded keys too.
    google_audience_for_uploaded_keys: Option<bool>,
}

/// Where projects answer.
pub(crate) fn routes() -> [Route; 6] {
    [
        route(
            Method::GET,
            "projects",
            "Lists the projects that you may see.",
            |call| Box::pin(list(call)),
        )
        .gives::<List<Project>>()
        .with("organization", "Only the projects of this organization.")
        .paged(),
        route(Method::POST, "projects", "Makes a project.", |call| {
            Box::pin(create(call))
        })
        .takes::<CreateProject>()
        .creates::<Project>(),
        route(
            Method::GET,
            "projects/{project}",
            "Shows a project.",
            |call| Box::pin(get(call)),
        )
        .gives::<Project>(),
        route(
            Method::PATCH,
            "projects/{project}",
            "Changes a project.",
            |call| Box::pin(update(call)),
        )
        .takes::<PatchProject>()
        .gives::<Project>(),
        route(
            Method::POST,
            "projects/{project}:suspend",
            "Suspends a project: its service accounts get no token, and their tokens stop at once.",
            |call| Box::pin(suspend(call)),
        )
        .gives::<Project>(),
        route(
            Method::POST,
            "projects/{project}:restore",
            "Opens a suspended project again.",
            |call| Box::pin(restore(call)),
        )
        .gives::<Project>(),
    ]
}

async fn list(call: Call) -> Result<Answer, Problem> {
    let page = call.page()?;
    let of: Option<OrganizationId> = call.query.parsed("organization")?;
    let listing = if let Some(of) = of {
        call.permit(Right::Read, &Place::Organization(of))?;
        call.desk.store().projects(Some(of), &page).await?
    } else if call.permit(Right::Read, &Place::Installation).is_ok() {
        call.desk.store().projects(None, &page).await?
    } else {
        visible(&call, &page).await?
    };
    Ok(call.listed(listing, Project::from))
}

/// The projects on which the caller has a role: by name, or with their organization. Merged in the
/// order of the list.
async fn visible(call: &Call, page: &Page) -> Result<Listing<record::Project>, Problem> {
    let store = call.desk.store();
    let mut found: BTreeMap<ProjectId, record::Project> = BTreeMap::new();
    for binding in &call.caller.powers.subject {
        match &binding.territory {
            Territory::Installation => {}
            Territory::Organization(id) => {
                let listing = store.projects(Some(*id), page).await?;
                found.extend(
                    listing
                        .items
                        .into_iter()
                        .map(|item| (item.id.clone(), item)),
                );
            }
            Territory::Project(id) => {
                let later = page
                    .after
                    .as_deref()
                    .is_none_or(|after| id.as_str() > after);
                if let Some(project) = store.project(id).await?.filter(|_| later) {
                    found.insert(id.clone(), project);
                }
            }
        }
    }
    let items = found.into_values().filter(|project| {
        call.permit(Right::Read, &super::territory::of(project))
            .is_ok()
    });
    Ok(Listing::cut(items.collect(), page, |project| {
        project.id.to_string()
    }))
}

async fn create(call: Call) -> Result<Answer, Problem> {
    let body: CreateProject = call.read()?;
    let mut read = Read::default();
    let id = read.one("/id", &body.id);
    let title = read.one("/title", &body.title);
    let organization = read.maybe("/organization", body.organization.as_deref());
    let (id, title) = read.finish(id.zip(title))?;
    let place = organization.map_or(Place::Installation, Place::Organization);
    call.permit(Right::Write, &place)?;
    if let Some(organization) = organization {
        let found = call.desk.store().organization(organization).await?;
        found.ok_or_else(No::hidden)?;
    }
    let new = NewProject {
        id,
        title,
        organization,
        audience: body.audience.map(Into::into),
        assertions: body.assertions.into(),
    };
    let existing = call.desk.store().project(&new.id).await?;
    let done = project::create(new, existing.as_ref(), &call.context(), &mut SystemEntropy)?;
    let made = call.commit(done).await?;
    let version = made.version;
    let location = call.location(&made.id);
    Ok(Answer::created(&Project::from(made), location).tagged(version))
}

async fn get(call: Call) -> Result<Answer, Problem> {
    let found = call.project(Right::Read).await?;
    let version = found.version;
    Ok(call.record(&Project::from(found), version))
}

async fn update(call: Call) -> Result<Answer, Problem> {
    let found = call.project(Right::Write).await?;
    let body: PatchProject = call.read()?;
    let mut read = Read::default();
    let title = read.maybe("/title", body.title.as_deref());
    read.finish(Some(()))?;
    call.if_match(found.version, Needed::Yes)?;
    let patch = ProjectPatch {
        title,
        audience: body.audience.map(Into::into),
        strict: body.assertions.as_ref().and_then(|rules| rules.strict),
        google_audience_for_uploaded_keys: body
            .assertions
            .and_then(|rules| rules.google_audience_for_uploaded_keys),
    };
    let done = project::update(found, patch, &call.context())?;
    done_with(&call, done).await
}

async fn suspend(call: Call) -> Result<Answer, Problem> {
    let found = call.project(Right::Write).await?;
    call.if_match(found.version, Needed::No)?;
    let left = owners_left(call.desk.store(), Leaving::Project(&found.id)).await?;
    let done = project::suspend(found, left, &call.context())?;
    done_with(&call, done).await
}

async fn restore(call: Call) -> Result<Answer, Problem> {
    let found = call.project(Right::Write).await?;
    call.if_match(found.version, Needed::No)?;
    let done = project::restore(found, &call.context())?;
    done_with(&call, done).await
}

async fn done_with(
    call: &Call,
    done: carnet_core::rule::admin::Done<record::Project>,
) -> Result<Answer, Problem> {
    let now = call.commit(done).await?;
    let version = now.version;
    Ok(Answer::ok(&Project::from(now)).tagged(version))
}

impl From<record::Project> for Project {
    fn from(project: record::Project) -> Self {
        let state = match project.state {
            record::ProjectState::Active => ProjectState {
                state: ProjectStateName::Active,
                since: None,
            },
            record::ProjectState::Suspended { since } => ProjectState {
                state: ProjectStateName::Suspended,
                since: Some(since.rfc3339()),
            },
        };
        Self {
            id: project.id.to_string(),
            number: project.number.to_string(),
            title: project.title.to_string(),
            organization: project.organization.map(|id| id.to_string()),
            audience: project.audience.into(),
            state,
            assertions: Assertions {
                strict: project.assertions.strict,
                google_audience_for_uploaded_keys: project
                    .assertions
                    .google_audience_for_uploaded_keys,
            },
            created: project.created.rfc3339(),
            changed: project.changed.rfc3339(),
            etag: etag::of(project.version),
        }
    }
}

impl From<record::Audience> for Audience {
    fn from(audience: record::Audience) -> Self {
        match audience {
            record::Audience::Internal => Self::Internal,
            record::Audience::External => Self::External,
        }
    }
}

impl From<Audience> for record::Audience {
    fn from(audience: Audience) -> Self {
        match audience {
            Audience::Internal => Self::Internal,
            Audience::External => Self::External,
        }
    }
}

impl From<Assertions> for AssertionRules {
    fn from(rules: Assertions) -> Self {
        Self {
            strict: rules.strict,
            google_audience_for_uploaded_keys: rules.google_audience_for_uploaded_keys,
        }
    }
}

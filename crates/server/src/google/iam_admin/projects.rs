//! Projects, as Resource Manager shows them: what libraries ask for the id behind a number, and what gcloud lists.

use axum::http::Method;
use carnet_core::record;
use carnet_core::record::ProjectState;
use carnet_core::rule::admin::access::Right;
use carnet_wire::google::iam_admin as wire;

use super::Answered;
use super::Named;
use super::account::etag;
use super::call::Call;
use crate::place;

const GET: (&str, Right) = ("resourcemanager.projects.get", Right::Read);

/// How many projects a page has, unless asked otherwise and at most.
const PAGE: (u16, u16) = (100, 500);

/// Answers what this noun has.
pub(super) async fn answer(call: &Call<'_>, asked: Named<'_>) -> Option<Answered> {
    Some(match asked {
        (&Method::GET, ["v1", "projects"], "") => list(call, older).await,
        (&Method::GET, ["v3", "projects"], "" | "search") => list(call, newer).await,
        (&Method::GET, ["v1", "projects", project], "") => one(call, project, older).await,
        (&Method::GET, ["v3", "projects", project], "") => one(call, project, newer).await,
        _ => return None,
    })
}

async fn one<T: serde::Serialize>(
    call: &Call<'_>,
    named: &str,
    shown: fn(&record::Project) -> T,
) -> Answered {
    Ok(wire::print(&shown(&call.project(named, GET).await?)))
}

/// Those that the caller may read. A page may have fewer than were asked for, and even none.
async fn list<T: serde::Serialize>(call: &Call<'_>, shown: fn(&record::Project) -> T) -> Answered {
    let page = call.page("projects", PAGE)?;
    let listing = call.store().projects(None, &page).await?;
    let next_page_token = call.next("projects", &listing);
    let readable = listing.items.iter();
    let readable = readable.filter(|project| call.has(Right::Read, &place::of(project)));
    Ok(wire::print(&wire::ProjectList {
        projects: readable.map(shown).collect(),
        next_page_token,
    }))
}

fn older(project: &record::Project) -> wire::OlderProject {
    wire::OlderProject {
        project_number: project.number.to_string(),
        project_id: project.id.to_string(),
        lifecycle_state: state(project),
        name: title(project),
        create_time: project.created.rfc3339(),
        parent: project.organization.map(|id| wire::OlderParent {
            kind: "organization",
            id: id.to_string(),
        }),
    }
}

fn newer(project: &record::Project) -> wire::Project {
    wire::Project {
        name: format!("projects/{}", project.number),
        project_id: project.id.to_string(),
        state: state(project),
        display_name: title(project),
        create_time: project.created.rfc3339(),
        update_time: project.changed.rfc3339(),
        etag: etag(project.version),
        parent: project.organization.map(|id| format!("organizations/{id}")),
    }
}

/// Google knows no suspended projects. One is there and cannot be used, as one that waits to be deleted.
const fn state(project: &record::Project) -> &'static str {
    match project.state {
        ProjectState::Active => "ACTIVE",
        ProjectState::Suspended { .. } => "DELETE_REQUESTED",
    }
}

fn title(project: &record::Project) -> String {
    match project.title.as_str() {
        "" => project.id.to_string(),
        title => title.to_owned(),
    }
}

//! Projects: service accounts, keys and APIs that belong together.
//!
//! 1. A project's id is chosen once and never given again: there is no way to delete a project, only
//!    to suspend it.
//! 2. Its organization is set when it is made and stays: another organization's policies would
//!    otherwise come into force, or cease to be, by a side door.
//! 3. An internal project serves the people of its organization, so it needs one.
//! 4. A suspended project closes every token path of its accounts at once.

use super::decision::changed;
use super::role::OwnersLeft;
use super::{Context, Decision, Done, No};
use crate::record::{AssertionRules, Audience, Project, ProjectState};
use crate::store::{Change, Record};
use crate::value::{Entropy, OrganizationId, ProjectId, ProjectNumber, Title, Version};

/// A project to be made.
#[derive(Clone, Debug)]
pub struct NewProject {
    /// Its id.
    pub id: ProjectId,
    /// What people call it.
    pub title: Title,
    /// Whose it is, if an organization's.
    pub organization: Option<OrganizationId>,
    /// Whom its clients may serve; internal where it has an organization, unless said otherwise.
    pub audience: Option<Audience>,
    /// How assertions are judged.
    pub assertions: AssertionRules,
}

/// What may be changed of a project. Absent: stays.
#[derive(Clone, Debug, Default)]
pub struct ProjectPatch {
    /// What people call it.
    pub title: Option<Title>,
    /// Whom its clients may serve.
    pub audience: Option<Audience>,
    /// Whether assertions are judged strictly.
    pub strict: Option<bool>,
    /// Whether Google's audience constants are taken with uploaded keys.
    pub google_audience_for_uploaded_keys: Option<bool>,
}

/// Makes a project.
pub fn create(
    new: NewProject,
    existing: Option<&Project>,
    context: &Context<'_>,
    entropy: &mut dyn Entropy,
) -> Decision<Project> {
    if existing.is_some() {
        return Err(No::taken(format!("Project {} exists already.", new.id)));
    }
    let default = match new.organization {
        Some(_) => Audience::Internal,
        None => Audience::External,
    };
    let project = Project {
        id: new.id,
        number: ProjectNumber::mint(entropy),
        organization: new.organization,
        title: new.title,
        audience: new.audience.unwrap_or(default),
        state: ProjectState::Active,
        assertions: new.assertions,
        created: context.now,
        changed: context.now,
        version: Version::FIRST,
    };
    internal_needs_organization(&project)?;
    let detail = vec![
        (
            "organization",
            project
                .organization
                .map_or_else(String::new, |id| id.to_string()),
        ),
        ("audience", audience_text(project.audience).to_owned()),
    ];
    let audit = context.audited("project.create", &project.id, &detail);
    let row = Record::Project(project.clone());
    Ok(Done::inserted(project, row, audit))
}

/// Changes a project.
pub fn update(project: Project, patch: ProjectPatch, context: &Context<'_>) -> Decision<Project> {
    let mut detail = Vec::new();
    let mut next = project.clone();
    if let Some(title) = patch.title {
        changed(&mut detail, "title", &project.title, &title);
        next.title = title;
    }
    if let Some(audience) = patch.audience {
        let (before, after) = (audience_text(project.audience), audience_text(audience));
        changed(&mut detail, "audience", &before, &after);
        next.audience = audience;
    }
    if let Some(strict) = patch.strict {
        changed(&mut detail, "strict", &project.assertions.strict, &strict);
        next.assertions.strict = strict;
    }
    if let Some(google) = patch.google_audience_for_uploaded_keys {
        let before = project.assertions.google_audience_for_uploaded_keys;
        changed(
            &mut detail,
            "google_audience_for_uploaded_keys",
            &before,
            &google,
        );
        next.assertions.google_audience_for_uploaded_keys = google;
    }
    internal_needs_organization(&next)?;
    Ok(written(project, next, context, "project.update", &detail))
}

/// Suspends a project. The accounts of it that own the installation count as gone.
pub fn suspend(project: Project, left: OwnersLeft, context: &Context<'_>) -> Decision<Project> {
    if let ProjectState::Suspended { .. } = project.state {
        return Ok(Done::already(project));
    }
    let mut next = project.clone();
    next.state = ProjectState::Suspended { since: context.now };
    left.guard(written(project, next, context, "project.suspend", &[]))
}

/// Opens a suspended project again.
pub fn restore(project: Project, context: &Context<'_>) -> Decision<Project> {
    let mut next = project.clone();
    next.state = ProjectState::Active;
    Ok(written(project, next, context, "project.restore", &[]))
}

fn internal_needs_organization(project: &Project) -> Result<(), No> {
    if project.audience == Audience::Internal && project.organization.is_none() {
        return Err(No::field(
            "/audience",
            "An internal project serves the people of its organization, and this one has none.",
        ));
    }
    Ok(())
}

const fn audience_text(audience: Audience) -> &'static str {
    match audience {
        Audience::Internal => "internal",
        Audience::External => "external",
    }
}

fn written(
    before: Project,
    mut next: Project,
    context: &Context<'_>,
    action: &str,
    detail: &[(&'static str, String)],
) -> Done<Project> {
    if before == next {
        return Done::already(before);
    }
    next.changed = context.now;
    next.version = before.version.next();
    let audit: Change = context.audited(action, &next.id, detail);
    let row = Record::Project(next.clone());
    Done::replaced(next, row, audit)
}

//! Projects.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a contract fails by panicking"
)]

use std::sync::Arc;

use carnet_core::record::AssertionRules;
use carnet_core::record::Audience;
use carnet_core::record::ProjectState;
use carnet_core::store::Change;
use carnet_core::store::Page;
use carnet_core::store::Record;
use carnet_core::store::RecordKey;
use carnet_core::store::Store;
use carnet_core::store::Why;
use carnet_core::value::Version;

use super::sample::NOW;
use super::sample::Sample;
use super::sample::World;
use super::sample::no;
use super::sample::yes;

/// With every field on either side.
pub async fn a_project_is_read_as_it_was_written(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        mut project,
        ..
    } = World::of(store).await;
    let found = store.project(&project.id).await.expect("a read");
    assert_eq!(found.as_ref(), Some(&project));
    let found = store
        .project_by_number(&project.number)
        .await
        .expect("a read");
    assert_eq!(found.as_ref(), Some(&project));
    let other = sample.project(None);
    let found = store
        .project_by_number(&other.number)
        .await
        .expect("a read");
    assert_eq!(found, None);
    project.organization = None;
    project.audience = Audience::External;
    project.state = ProjectState::Suspended { since: NOW };
    project.version = Version(2);
    for (strict, google) in [(true, false), (false, true)] {
        project.assertions = AssertionRules {
            strict,
            google_audience_for_uploaded_keys: google,
        };
        yes(store, &[Change::Replace(Record::Project(project.clone()))]).await;
        let found = store.project(&project.id).await.expect("a read");
        assert_eq!(found.as_ref(), Some(&project));
        project.version = project.version.next();
    }
}

/// Both are unique, each by itself.
pub async fn an_id_and_a_number_belong_to_one_project(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        project,
        ..
    } = World::of(store).await;
    let mut same_id = sample.project(None);
    same_id.id = project.id.clone();
    let mut same_number = sample.project(None);
    same_number.number = project.number.clone();
    let nowhere = sample.organization().id;
    let stray = sample.project(Some(nowhere));
    for (record, why) in [
        (same_id, Why::Taken),
        (same_number, Why::Taken),
        (stray, Why::Referenced),
    ] {
        let insert = [Change::Insert(Record::Project(record))];
        assert_eq!(no(store, &insert).await, (0, why));
    }
}

/// Accounts and APIs each hold it; an account that was deleted for thirty days does too.
pub async fn a_project_goes_when_nothing_belongs_to_it(store: &Arc<dyn Store>) {
    let mut sample = Sample::new();
    let project = sample.project(None);
    yes(store, &[Change::Insert(Record::Project(project.clone()))]).await;
    let (account, api) = (
        sample.account(&project),
        sample.api(&project, &["invoices.read"]),
    );
    let held = [
        (
            Record::ServiceAccount(account.clone()),
            RecordKey::ServiceAccount(account.unique_id, account.email.to_string()),
        ),
        (Record::Api(api.clone()), RecordKey::Api(api.id)),
    ];
    let remove = [Change::Remove(
        RecordKey::Project(project.id.clone()),
        Version::FIRST,
    )];
    for (record, key) in held {
        yes(store, &[Change::Insert(record)]).await;
        assert_eq!(
            no(store, &remove).await,
            (0, Why::Referenced),
            "held by {key:?}"
        );
        yes(store, &[Change::Remove(key, Version::FIRST)]).await;
    }
    yes(store, &remove).await;
    assert_eq!(store.project(&project.id).await.expect("a read"), None);
}

/// As for every record with a version.
pub async fn only_the_version_before_is_replaced_or_removed(store: &Arc<dyn Store>) {
    let mut project = Sample::new().project(None);
    yes(store, &[Change::Insert(Record::Project(project.clone()))]).await;
    for version in [Version(1), Version(3)] {
        project.version = version;
        let replace = [Change::Replace(Record::Project(project.clone()))];
        assert_eq!(no(store, &replace).await, (0, Why::Stale));
        let remove = [Change::Remove(
            RecordKey::Project(project.id.clone()),
            Version(2),
        )];
        assert_eq!(no(store, &remove).await, (0, Why::Stale));
    }
}

/// And a list of all has those without an organization too.
pub async fn an_organizations_projects_are_its_own(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        project,
        ..
    } = World::of(store).await;
    let alone = sample.project(None);
    yes(store, &[Change::Insert(Record::Project(alone.clone()))]).await;
    let page = Page::first(10);
    let all = store.projects(None, &page).await.expect("a read");
    assert_eq!(all.items, [project.clone(), alone]);
    let its = store
        .projects(Some(organization.id), &page)
        .await
        .expect("a read");
    assert_eq!(its.items, [project]);
    let none = store
        .projects(Some(sample.organization().id), &page)
        .await
        .expect("a read");
    assert_eq!(none.items, []);
}

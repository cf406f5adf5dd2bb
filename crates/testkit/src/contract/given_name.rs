//! Names that are given to nobody else, however long ago their bearer went (security.md, lesson 29): tokens, consents and
//! configurations elsewhere still know them.

#![expect(clippy::missing_panics_doc, reason = "a contract fails by panicking")]

use std::sync::Arc;

use carnet_core::record::ClientSource;
use carnet_core::store::Change;
use carnet_core::store::Record;
use carnet_core::store::RecordKey;
use carnet_core::store::Store;
use carnet_core::store::Why;
use carnet_core::value::Version;

use super::sample::World;
use super::sample::no;
use super::sample::parsed;
use super::sample::yes;

/// Neither by its own project nor by another.
pub async fn lesson_29_the_name_of_an_app_is_never_given_again(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        project,
        ..
    } = World::of(store).await;
    let other = sample.project(None);
    let mut client = sample.client(&project);
    let insert = [
        Change::Insert(Record::Project(other.clone())),
        Change::Insert(Record::Client(client.clone())),
    ];
    yes(store, &insert).await;
    let remove = Change::Remove(RecordKey::Client(client.id.clone()), client.version);
    yes(store, &[remove]).await;
    for project in [project.id, other.id] {
        client.project = project;
        let again = [Change::Insert(Record::Client(client.clone()))];
        assert_eq!(no(store, &again).await, (0, Why::Taken));
    }
}

/// Its name is an address, whose owner comes back.
pub async fn an_app_that_is_a_document_may_come_back(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        project,
        ..
    } = World::of(store).await;
    let mut client = sample.client(&project);
    client.id = parsed("https://app.example/client.json");
    client.source = ClientSource::Document;
    for _ in 0..2 {
        yes(store, &[Change::Insert(Record::Client(client.clone()))]).await;
        let remove = Change::Remove(RecordKey::Client(client.id.clone()), client.version);
        yes(store, &[remove]).await;
    }
}

/// A project's number stays with it too.
pub async fn lesson_29_the_name_of_a_project_is_never_given_again(store: &Arc<dyn Store>) {
    let mut sample = World::of(store).await.sample;
    let project = sample.project(None);
    yes(store, &[Change::Insert(Record::Project(project.clone()))]).await;
    let remove = Change::Remove(RecordKey::Project(project.id.clone()), project.version);
    yes(store, &[remove]).await;
    let again = [Change::Insert(Record::Project(project))];
    assert_eq!(no(store, &again).await, (0, Why::Taken));
}

/// Whoever agreed to a scope agreed to that one, and its project may give it again.
pub async fn lesson_29_apis_and_scopes_are_given_again_by_their_own_project_alone(
    store: &Arc<dyn Store>,
) {
    let World {
        mut sample,
        project,
        ..
    } = World::of(store).await;
    let other = sample.project(None);
    yes(store, &[Change::Insert(Record::Project(other.clone()))]).await;
    let api = sample.api(&project, &["ledger.read", "ledger.write"]);
    yes(store, &[Change::Insert(Record::Api(api.clone()))]).await;

    // The scopes go, and the API with them.
    let mut bare = api.clone();
    bare.scopes.clear();
    bare.version = Version(2);
    yes(store, &[Change::Replace(Record::Api(bare.clone()))]).await;
    let mut stranger = sample.api(&other, &[]);
    stranger.scopes.clone_from(&api.scopes);
    let insert = [Change::Insert(Record::Api(stranger.clone()))];
    assert_eq!(no(store, &insert).await, (0, Why::Taken));
    let remove = Change::Remove(RecordKey::Api(bare.id), bare.version);
    yes(store, &[remove]).await;
    assert_eq!(no(store, &insert).await, (0, Why::Taken));
    stranger.scopes.clear();
    stranger.identifier = api.identifier.clone();
    let insert = [Change::Insert(Record::Api(stranger.clone()))];
    assert_eq!(no(store, &insert).await, (0, Why::Taken));

    // A stranger's API cannot take them later either.
    stranger.identifier = sample.api(&other, &[]).identifier;
    yes(store, &[Change::Insert(Record::Api(stranger.clone()))]).await;
    stranger.scopes.clone_from(&api.scopes);
    stranger.version = Version(2);
    let replace = [Change::Replace(Record::Api(stranger))];
    assert_eq!(no(store, &replace).await, (0, Why::Taken));

    yes(store, &[Change::Insert(Record::Api(api))]).await;
}

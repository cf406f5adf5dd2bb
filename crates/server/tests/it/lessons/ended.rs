//! Lesson 22: what is switched off, suspended or deleted stops each way to a token, and each token.

use carnet_core::record::ClientState;
use carnet_core::record::ProjectState;
use carnet_core::store::Change;
use carnet_core::store::Record;
use carnet_core::store::RecordKey;
use carnet_core::value::UnixTime;
use carnet_testkit::world::ALICE;
use carnet_testkit::world::DAEMON;
use carnet_testkit::world::NOW;
use carnet_testkit::world::READ;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::WEB;

use super::scene::Held;
use super::scene::Scene;
use super::scene::gives_a_code;
use crate::code::actor::authorize;
use crate::device::tv::TV;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Code,
    Refresh,
    Device,
    Exchange,
    Userinfo,
    Introspection,
    Tokeninfo,
    Password,
    Authorize,
    PushedRequest,
    Push,
    DeviceAuthorization,
    ClientCredentials,
    JwtBearer,
}

/// What people, apps and projects have to do with. A pushed request is of an app and a person.
const OF_PEOPLE: [Way; 10] = [
    Way::Code,
    Way::Refresh,
    Way::Device,
    Way::Exchange,
    Way::Userinfo,
    Way::Introspection,
    Way::Tokeninfo,
    Way::Password,
    Way::Authorize,
    Way::PushedRequest,
];
const OF_APPS: [Way; 10] = [
    Way::Code,
    Way::Refresh,
    Way::Exchange,
    Way::Userinfo,
    Way::Introspection,
    Way::Tokeninfo,
    Way::Password,
    Way::Authorize,
    Way::PushedRequest,
    Way::Push,
];
const OF_PROJECTS: [Way; 14] = [
    Way::Code,
    Way::Refresh,
    Way::Device,
    Way::Exchange,
    Way::Userinfo,
    Way::Introspection,
    Way::Tokeninfo,
    Way::Password,
    Way::Authorize,
    Way::PushedRequest,
    Way::Push,
    Way::DeviceAuthorization,
    Way::ClientCredentials,
    Way::JwtBearer,
];

impl Scene {
    /// Whether this way leads to something.
    async fn is_open(&self, way: Way, held: &Held) -> bool {
        let (actor, provider) = (self.actor(), self.provider());
        let asked = [("token", held.access.as_str())];
        let daemon = (DAEMON, SECRET);
        let own = [("grant_type", "client_credentials"), ("scope", READ)];
        let quiet = authorize(WEB, &[("scope", READ), ("prompt", "none")]);
        let tokeninfo = format!("/tokeninfo?access_token={}", held.access);
        match way {
            Way::Code => actor.redeem(&held.code).await.status == 200,
            Way::Refresh => actor.refresh(&held.refresh).await.status == 200,
            Way::Device => self.poll(&held.device).await.status == 200,
            Way::Exchange => self.exchange(&held.access).await.status == 200,
            Way::Userinfo => actor.userinfo(&held.access).await.status == 200,
            Way::Introspection => {
                let told = provider.post_basic("/introspect", &asked, daemon).await;
                told.json()["active"] == true
            }
            Way::Tokeninfo => provider.get(&tokeninfo).await.status == 200,
            Way::Password => self.password().await.status == 200,
            Way::Authorize => gives_a_code(&actor.get(&quiet).await),
            Way::PushedRequest => gives_a_code(&self.bring(&held.pushed).await),
            Way::Push => self.push().await.status == 201,
            Way::DeviceAuthorization => {
                let form = [("client_id", TV), ("scope", READ)];
                let path = "/device_authorization";
                provider.post(path, &form).await.status == 200
            }
            Way::ClientCredentials => {
                provider.post_basic("/token", &own, daemon).await.status == 200
            }
            Way::JwtBearer => provider.redeem(&provider.world.claims()).await.status == 200,
        }
    }

    /// Only these ways are closed.
    async fn are_closed(&self, held: &Held, closed: &[Way], why: &str) {
        for way in OF_PROJECTS {
            let open = self.is_open(way, held).await;
            assert_eq!(open, !closed.contains(&way), "{why}: {way:?}");
        }
    }
}

#[tokio::test]
async fn lesson_22_each_way_is_open_before_anything_ends() {
    let scene = Scene::new().await;
    let held = scene.held().await;
    scene.are_closed(&held, &[], "nothing ended").await;
}

#[tokio::test]
async fn lesson_22_a_suspended_person_has_no_way_to_a_token_and_no_token() {
    let scene = Scene::new().await;
    let held = scene.held().await;
    scene.provider().suspend(ALICE, true).await;
    scene.are_closed(&held, &OF_PEOPLE, "suspended").await;
}

#[tokio::test]
async fn lesson_22_a_deleted_person_has_no_way_to_a_token_and_no_token() {
    let scene = Scene::new().await;
    let held = scene.held().await;
    let store = scene.provider().world.store();
    let user = store.user_by_email(&ALICE.parse().unwrap()).await.unwrap();
    let user = user.unwrap();
    let key = RecordKey::User(user.id);
    scene.commit(Change::Remove(key, user.version)).await;
    scene.are_closed(&held, &OF_PEOPLE, "deleted").await;
}

#[tokio::test]
async fn lesson_22_a_disabled_app_has_no_way_to_a_token_and_no_token() {
    let scene = Scene::new().await;
    let held = scene.held().await;
    let off = ClientState::Disabled {
        since: UnixTime(NOW),
        reason: "test".parse().unwrap(),
    };
    scene.change(WEB, |app| app.state = off).await;
    scene.are_closed(&held, &OF_APPS, "disabled").await;
}

#[tokio::test]
async fn lesson_22_a_deleted_app_has_no_way_to_a_token_and_no_token() {
    let scene = Scene::new().await;
    let held = scene.held().await;
    let store = scene.provider().world.store();
    let app = store.client(&WEB.parse().unwrap()).await.unwrap().unwrap();
    let key = RecordKey::Client(app.id);
    scene.commit(Change::Remove(key, app.version)).await;
    scene.are_closed(&held, &OF_APPS, "deleted").await;
}

#[tokio::test]
async fn lesson_22_a_suspended_project_has_no_way_to_a_token_and_no_token() {
    let scene = Scene::new().await;
    let held = scene.held().await;
    let store = scene.provider().world.store();
    let project = store.project(&"billing".parse().unwrap()).await.unwrap();
    let mut project = project.unwrap();
    project.state = ProjectState::Suspended {
        since: UnixTime(NOW),
    };
    project.version = project.version.next();
    scene
        .commit(Change::Replace(Record::Project(project)))
        .await;
    scene.are_closed(&held, &OF_PROJECTS, "suspended").await;
}

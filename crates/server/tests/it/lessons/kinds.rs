//! Lesson 3: a secret of one kind is nothing at the place of another. Lesson 23: one that was cut is nothing at all.

use axum::body::Body;
use axum::http::Request;
use carnet_testkit::world::DAEMON;
use carnet_testkit::world::SECRET;

use super::scene::Held;
use super::scene::Scene;
use super::scene::gives_a_code;
use crate::code::actor::field;
use crate::code::actor::member;

const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

/// Where a secret may be shown.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    Code,
    RefreshToken,
    DeviceCode,
    PushedRequest,
    Userinfo,
    Introspection,
    SubjectToken,
    Session,
    Registration,
}

const ALL: [Place; 9] = [
    Place::Code,
    Place::RefreshToken,
    Place::DeviceCode,
    Place::PushedRequest,
    Place::Userinfo,
    Place::Introspection,
    Place::SubjectToken,
    Place::Session,
    Place::Registration,
];

/// All secrets, and where each belongs.
struct Secrets {
    held: Held,
    user_code: String,
    session: String,
    registration: (String, String),
    pending: String,
}

impl Secrets {
    async fn of(scene: &Scene) -> Self {
        let held = scene.held().await;
        let form = [("client_id", crate::device::tv::TV)];
        let asked = scene.provider().post("/device_authorization", &form).await;
        let made = scene.register().await;
        let (_, session) = scene.actor().cookie.split_once('=').unwrap();
        let path = crate::code::actor::authorize(
            carnet_testkit::world::WEB,
            &[("scope", "openid"), ("prompt", "consent")],
        );
        let page = scene.actor().get(&path).await;
        Self {
            held,
            user_code: member(&asked, "user_code"),
            session: session.to_owned(),
            registration: (
                member(&made, "client_id"),
                member(&made, "registration_access_token"),
            ),
            pending: field(&page, "request"),
        }
    }

    fn all(&self) -> Vec<(&str, &[Place])> {
        let reference = self.held.pushed.strip_prefix(PREFIX).unwrap();
        vec![
            (&self.held.code, &[Place::Code]),
            (&self.held.refresh, &[Place::RefreshToken]),
            (
                &self.held.access,
                &[Place::Userinfo, Place::Introspection, Place::SubjectToken],
            ),
            (&self.held.id_token, &[]),
            (&self.held.device, &[Place::DeviceCode]),
            (&self.user_code, &[]),
            (reference, &[Place::PushedRequest]),
            (&self.session, &[Place::Session]),
            (&self.registration.1, &[Place::Registration]),
            (&self.pending, &[]),
            (SECRET, &[]),
        ]
    }

    async fn is_good(&self, scene: &Scene, place: Place, text: &str) -> bool {
        let (actor, provider) = (scene.actor(), scene.provider());
        match place {
            Place::Code => actor.redeem(text).await.status == 200,
            Place::RefreshToken => actor.refresh(text).await.status == 200,
            Place::DeviceCode => scene.poll(text).await.status == 200,
            Place::PushedRequest => gives_a_code(&scene.bring(&format!("{PREFIX}{text}")).await),
            Place::Userinfo => actor.userinfo(text).await.status == 200,
            Place::Introspection => {
                let form = [("token", text)];
                let daemon = (DAEMON, SECRET);
                let told = provider.post_basic("/introspect", &form, daemon).await;
                told.json()["active"] == true
            }
            Place::SubjectToken => scene.exchange(text).await.status == 200,
            Place::Session => {
                let cookie = format!("__Host-carnet={text}");
                let request = Request::get("/account").header("cookie", cookie);
                let request = request.header("accept", "text/html");
                let answer = provider.send(request.body(Body::empty()).unwrap()).await;
                answer.status == 200
            }
            Place::Registration => {
                let path = format!("/register/{}", self.registration.0);
                scene.with_token(&path, text).await.status == 200
            }
        }
    }
}

#[tokio::test]
async fn lesson_3_each_kind_of_secret_is_nothing_at_the_place_of_another() {
    let scene = Scene::new().await;
    let secrets = Secrets::of(&scene).await;
    for place in ALL {
        for (text, own) in secrets.all() {
            if own.contains(&place) {
                continue;
            }
            let good = secrets.is_good(&scene, place, text).await;
            assert!(!good, "{place:?} takes {text}");
        }
    }
    for (text, own) in secrets.all() {
        for place in own {
            let good = secrets.is_good(&scene, *place, text).await;
            assert!(good, "{place:?} was spent by a wrong try: {text}");
        }
    }
}

#[tokio::test]
async fn lesson_23_each_kind_of_secret_is_whole_or_nothing() {
    let scene = Scene::new().await;
    let secrets = Secrets::of(&scene).await;
    for (text, own) in secrets.all() {
        let more = format!("{text}A");
        let twice = format!("{text}{text}");
        let wrong = [
            &text[..text.len() - 1],
            &text[1..],
            &text[..text.len() / 2],
            "",
            &more,
            &twice,
        ];
        for place in own {
            for cut in wrong {
                let good = secrets.is_good(&scene, *place, cut).await;
                assert!(!good, "{place:?} takes {cut} of {text}");
            }
            let good = secrets.is_good(&scene, *place, text).await;
            assert!(good, "{place:?}: {text}");
        }
    }
}

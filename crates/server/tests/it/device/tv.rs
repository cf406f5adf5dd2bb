//! A device, and its person in front of a browser in which they are signed in.

use axum::http::StatusCode;
use carnet_core::record::ClientAuthentication;
use carnet_core::record::ClientKind;
use carnet_core::record::GrantType;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Record;
use carnet_testkit::provider::Answer;
use carnet_testkit::world::READ;
use carnet_testkit::world::SPA;
use carnet_testkit::world::World;

use crate::code::actor::Actor;
use crate::code::actor::field;
use crate::code::actor::member;
use crate::code::actor::world;

/// The public client on the device.
pub(crate) const TV: &str = "tv";
/// The grant.
pub(crate) const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// The codes that a device was given.
pub(crate) struct Codes {
    pub(crate) device: String,
    pub(super) user: String,
}

/// A person and a device.
pub(crate) struct Tv {
    pub(crate) actor: Actor,
}

/// A world in which there is a device.
pub(crate) async fn world_with_tv() -> World {
    with_tv(world().await).await
}

/// A world with apps of people, and devices.
pub(crate) async fn with_tv(world: World) -> World {
    let store = world.store();
    let spa = store.client(&SPA.parse().unwrap()).await.unwrap().unwrap();
    let mut tv = spa.clone();
    tv.id = TV.parse().unwrap();
    tv.title = "Runboard TV".parse().unwrap();
    tv.kind = ClientKind::Device;
    tv.authentication = ClientAuthentication::None;
    tv.redirect_uris = Vec::new();
    tv.grants = [GrantType::DeviceCode, GrantType::RefreshToken].into();
    tv.version = carnet_core::value::Version::FIRST;
    let mut other = tv.clone();
    other.id = "other-tv".parse().unwrap();
    let changes = [tv, other].map(|client| Change::Insert(Record::Client(client)));
    let committed = store.commit(&changes).await.unwrap();
    assert_eq!(committed, Committed::Yes);
    world
}

impl Tv {
    pub(super) async fn new() -> Self {
        Self {
            actor: Actor::in_front_of(world_with_tv().await).await,
        }
    }

    /// Asks for codes, with these fields beside the name of the client.
    pub(super) async fn ask(&self, more: &[(&str, &str)]) -> Answer {
        let mut form = vec![("client_id", TV)];
        form.extend(more);
        let path = "/device_authorization";
        self.actor.provider.post(path, &form).await
    }

    /// Codes for this scope.
    pub(crate) async fn codes(&self, scope: &str) -> Codes {
        let answer = self.ask(&[("scope", scope)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        Codes {
            device: member(&answer, "device_code"),
            user: member(&answer, "user_code"),
        }
    }

    /// Polls as this client.
    pub(super) async fn poll_as(&self, client: &str, code: &str) -> Answer {
        let form = [
            ("grant_type", DEVICE_CODE),
            ("device_code", code),
            ("client_id", client),
        ];
        self.actor.provider.post("/token", &form).await
    }

    /// Polls.
    pub(super) async fn poll(&self, codes: &Codes) -> Answer {
        self.poll_as(TV, &codes.device).await
    }

    /// The page to enter a code, with the code sent.
    pub(super) async fn enter(&self, typed: &str) -> Answer {
        let page = self.actor.get("/device").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let csrf = field(&page, "csrf");
        let fields = [("csrf", csrf.as_str()), ("user_code", typed)];
        self.actor.post("/device", &fields).await
    }

    /// Enters the code, and answers on the page that comes.
    pub(super) async fn answer(&self, codes: &Codes, answer: &[(&str, &str)]) -> Answer {
        let page = self.enter(&codes.user).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let (csrf, code) = (field(&page, "csrf"), field(&page, "user_code"));
        let mut fields = vec![("csrf", csrf.as_str()), ("user_code", code.as_str())];
        fields.extend(answer);
        self.actor.post("/device/confirm", &fields).await
    }

    /// The person allows it.
    pub(crate) async fn allow(&self, codes: &Codes) {
        let answer = [("decision", "allow"), ("scope", "offline_access")];
        let done = self.answer(codes, &answer).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.body);
        assert!(done.body.contains("Your device is connected"));
    }

    /// Refreshes as the device.
    pub(super) async fn refresh(&self, token: &str) -> Answer {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", token),
            ("client_id", TV),
        ];
        self.actor.provider.post("/token", &form).await
    }
}

/// That an answer is this error, for this cause.
pub(super) fn refused(answer: &Answer, status: StatusCode, error: &str, crn: &str) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(member(answer, "error"), error, "{}", answer.body);
    let description = member(answer, "error_description");
    assert!(description.contains(crn), "{description}");
    unkept(answer);
}

/// That nobody keeps an answer (RFC 6749 section 5.1).
pub(super) fn unkept(answer: &Answer) {
    let kept = answer.headers["cache-control"].to_str().unwrap();
    assert!(kept.contains("no-store"), "{kept}");
}

/// A scope that all tests may ask for.
pub(super) fn scope() -> String {
    format!("email {READ} offline_access openid")
}

//! A person who is signed in, an app that may do everything, a device, and all that they hold.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use carnet_core::record::Client;
use carnet_core::record::GrantType;
use carnet_core::record::Trust;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Memory;
use carnet_core::store::Record;
use carnet_core::store::Store;
use carnet_server::config::registration::Dynamic;
use carnet_server::config::registration::Registration;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::Provider;
use carnet_testkit::provider::Ways;
use carnet_testkit::world::ALICE;
use carnet_testkit::world::READ;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::WEB;
use carnet_testkit::world::World;

use crate::code::actor::Actor;
use crate::code::actor::authorize;
use crate::code::actor::encoded;
use crate::code::actor::member;
use crate::code::actor::of_apps;
use crate::device::tv::TV;
use crate::device::tv::Tv;
use crate::device::tv::with_tv;
use crate::people::PASSWORD;

/// The grant of devices, and the one of services.
pub(super) const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";
pub(super) const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
pub(super) const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
/// The API of the world.
pub(super) const API: &str = "https://billing.example";
/// Everything of a person.
pub(super) const OFFLINE: &str =
    "openid email offline_access https://billing.example/auth/invoices.read";

/// All of it. The app is [`WEB`].
pub(super) struct Scene {
    pub(super) tv: Tv,
}

/// What the app, the device and the browser have in their hands, each unused.
pub(super) struct Held {
    /// A code that nobody redeemed.
    pub(super) code: String,
    pub(super) access: String,
    pub(super) refresh: String,
    pub(super) id_token: String,
    /// A code that its person allowed.
    pub(super) device: String,
    /// The name of a pushed request.
    pub(super) pushed: String,
}

impl Scene {
    pub(super) async fn new() -> Self {
        Self::over(Arc::new(Memory::new())).await
    }

    pub(super) async fn over(store: Arc<dyn Store>) -> Self {
        let registration = Registration {
            dynamic: Dynamic::Open,
            project: Some("billing".parse().unwrap()),
            often: None,
            ..Registration::default()
        };
        let ways = Ways {
            registration,
            ..Ways::default()
        };
        let world = with_tv(of_apps(World::over(store).await).await).await;
        let actor = Actor::of(world, ways).await;
        actor.provider.give_password(ALICE, PASSWORD).await;
        let scene = Self { tv: Tv { actor } };
        scene
            .change(WEB, |app| {
                app.trust = Trust::Own;
                app.legacy.password = true;
                app.grants.insert(GrantType::TokenExchange);
                app.exchange.audiences = vec![API.parse().unwrap()];
                app.exchange.impersonate = true;
            })
            .await;
        scene
    }

    pub(super) fn actor(&self) -> &Actor {
        &self.tv.actor
    }

    pub(super) fn provider(&self) -> &Provider {
        &self.tv.actor.provider
    }

    pub(super) async fn commit(&self, change: Change) {
        let store = self.provider().world.store();
        assert_eq!(store.commit(&[change]).await.unwrap(), Committed::Yes);
    }

    pub(super) async fn change(&self, id: &str, change: impl FnOnce(&mut Client)) {
        let store = self.provider().world.store();
        let found = store.client(&id.parse().unwrap()).await.unwrap();
        let mut client = found.unwrap();
        change(&mut client);
        client.version = client.version.next();
        self.commit(Change::Replace(Record::Client(client))).await;
    }

    pub(super) async fn held(&self) -> Held {
        let actor = self.actor();
        let tokens = actor.redeem(&actor.code(OFFLINE).await).await;
        assert_eq!(tokens.status, 200, "{}", tokens.body);
        let codes = self.tv.codes(READ).await;
        self.tv.allow(&codes).await;
        let pushed = self.push().await;
        Held {
            code: actor.code(OFFLINE).await,
            access: member(&tokens, "access_token"),
            refresh: member(&tokens, "refresh_token"),
            id_token: member(&tokens, "id_token"),
            device: codes.device,
            pushed: member(&pushed, "request_uri"),
        }
    }

    /// Pushes as the app.
    pub(super) async fn push(&self) -> Answer {
        let path = authorize(WEB, &[("scope", READ)]);
        let (_, query) = path.split_once('?').unwrap();
        let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).collect();
        let form: Vec<_> = pairs.iter().map(|(a, b)| (&**a, &**b)).collect();
        self.provider()
            .post_basic("/par", &form, (WEB, SECRET))
            .await
    }

    /// Brings a pushed request as this browser.
    pub(super) async fn bring(&self, pushed: &str) -> Answer {
        let query = encoded(&[("client_id", WEB), ("request_uri", pushed)]);
        self.actor().get(&format!("/authorize?{query}")).await
    }

    /// Polls as the device.
    pub(super) async fn poll(&self, code: &str) -> Answer {
        let form = [
            ("grant_type", DEVICE_CODE),
            ("device_code", code),
            ("client_id", TV),
        ];
        self.provider().post("/token", &form).await
    }

    /// Exchanges as the app, for the API that the token is for.
    pub(super) async fn exchange(&self, subject: &str) -> Answer {
        let form = [
            ("grant_type", EXCHANGE),
            ("subject_token", subject),
            ("subject_token_type", ACCESS_TOKEN),
            ("audience", API),
        ];
        self.actor().token(&form).await
    }

    /// Signs in by the password of the person.
    pub(super) async fn password(&self) -> Answer {
        let form = [
            ("grant_type", "password"),
            ("username", ALICE),
            ("password", PASSWORD),
            ("scope", READ),
        ];
        self.actor().token(&form).await
    }

    /// Registers a client.
    pub(super) async fn register(&self) -> Answer {
        let body =
            r#"{"redirect_uris":["http://127.0.0.1/cb"],"token_endpoint_auth_method":"none"}"#;
        let request = Request::post("/register").header("content-type", "application/json");
        let request = request.body(Body::from(body)).unwrap();
        self.provider().send(request).await
    }

    /// Fetches with a token.
    pub(super) async fn with_token(&self, path: &str, token: &str) -> Answer {
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        let request = request.body(Body::empty()).unwrap();
        self.provider().send(request).await
    }
}

/// Whether a code goes back to the app.
pub(super) fn gives_a_code(answer: &Answer) -> bool {
    let to = answer.headers.get("location");
    to.is_some_and(|to| to.to_str().unwrap().contains("code=crn_ac_"))
}

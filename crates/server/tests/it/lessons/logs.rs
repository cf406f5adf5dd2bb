//! What a person agrees to and what an app is told of them, over a socket, with every line of the log heard: no
//! secret is in any of them, nor in the audit log, whether it went well or was refused.

use carnet_core::record::Trust;
use carnet_core::store::AuditFilter;
use carnet_core::store::Page;
use carnet_testkit::provider::Answer;
use carnet_testkit::world::WEB;

use super::scene::OFFLINE;
use super::scene::Scene;
use crate::code::actor::answered;
use crate::code::actor::authorize;
use crate::code::actor::encoded;
use crate::code::actor::field;
use crate::house::House;
use crate::house::config;
use crate::line::Heard;

/// A browser, or an app, that speaks bytes; and everything that is logged of it.
struct Overheard {
    scene: Scene,
    house: House,
    heard: Heard,
}

impl Overheard {
    async fn new() -> Self {
        let scene = Scene::new().await;
        scene.change(WEB, |app| app.trust = Trust::Unknown).await;
        let house = House::of(scene.provider().front(), config());
        Self {
            scene,
            house,
            heard: Heard::of("trace"),
        }
    }

    async fn say(&self, line: &str, headers: &str, body: &str) -> String {
        let kind = "Content-Type: application/x-www-form-urlencoded";
        let length = body.len();
        let request = format!(
            "{line} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{headers}\r\n{kind}\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        );
        self.house.say(request).await
    }

    /// Nothing of these is in the log or in the audit log, and the log has lines of this path.
    async fn kept_back(&self, path: &str, secrets: &[&str]) {
        self.scene.provider().settle().await;
        let store = self.scene.provider().world.store();
        let page = Page::first(200);
        let audited = store.audit(&AuditFilter::default(), &page).await.unwrap();
        let audited = format!("{:?}", audited.items);
        let lines = self.heard.text();
        assert!(lines.contains(path), "the requests were logged: {lines}");
        for secret in secrets {
            assert!(!secret.is_empty());
            assert!(!lines.contains(secret), "{secret} is in the log: {lines}");
            assert!(!audited.contains(secret), "{secret} is in the audit log");
        }
    }
}

#[tokio::test]
async fn security_no_secret_of_a_consent_is_in_the_log() {
    let all = Overheard::new().await;
    let actor = all.scene.actor();
    let cookie = format!("Cookie: {}", actor.cookie);
    let path = authorize(WEB, &[("scope", OFFLINE), ("nonce", "a-nonce-of-the-app")]);
    let page: Answer = actor.get(&path).await;
    let (csrf, request) = (field(&page, "csrf"), field(&page, "request"));
    let form = |csrf: &str, decision: &str| {
        let fields = [
            ("csrf", csrf),
            ("request", request.as_str()),
            ("decision", decision),
            ("scope", "offline_access"),
        ];
        encoded(&fields)
    };
    let wrong = form("a-wrong-token-of-a-form", "allow");
    let again = all.say("POST /consent", &cookie, &wrong).await;
    assert!(again.starts_with("HTTP/1.1 303 "), "{again}");
    let broken = all
        .say("POST /consent", &cookie, "request=broken-and-secret")
        .await;
    assert!(broken.starts_with("HTTP/1.1 400 "), "{broken}");
    let denied = all
        .say("POST /consent", &cookie, &form(&csrf, "deny"))
        .await;
    assert!(denied.contains("error=access_denied"), "{denied}");
    let given = all
        .say("POST /consent", &cookie, &form(&csrf, "allow"))
        .await;
    let (_, code) = given.split_once("code=").unwrap();
    let (code, _) = code.split_once(['&', '\r']).unwrap();
    assert!(code.starts_with("crn_ac_"), "{given}");
    let session = actor.cookie.split_once('=').unwrap().1;
    let secrets = [
        session,
        code,
        csrf.as_str(),
        &request,
        "a-wrong-token-of-a-form",
        "broken-and-secret",
        "a-nonce-of-the-app",
    ];
    all.kept_back("/consent", &secrets).await;
    let redeemed = actor.redeem(code).await;
    assert_eq!(redeemed.status, 200, "it was a code: {}", redeemed.body);
}

#[tokio::test]
async fn security_no_token_that_userinfo_was_shown_is_in_the_log() {
    let all = Overheard::new().await;
    let actor = all.scene.actor();
    let path = authorize(WEB, &[("scope", OFFLINE)]);
    let answers = [("decision", "allow"), ("scope", "offline_access")];
    let back = actor.consent(&path, &answers).await;
    let code = answered(&back, "code").unwrap();
    let tokens = actor.redeem(&code).await.json();
    let token = tokens["access_token"].as_str().unwrap();
    let signature = token.rsplit('.').next().unwrap();
    let bearer = |token: &str| format!("Authorization: Bearer {token}");
    let told = all.say("GET /userinfo", &bearer(token), "").await;
    assert!(told.starts_with("HTTP/1.1 200 "), "{told}");
    let forged = format!("{token}AAAA");
    for (line, headers, body) in [
        ("GET /userinfo", bearer(&forged), String::new()),
        (
            "GET /userinfo",
            bearer("crn_at_guessed-and-secret"),
            String::new(),
        ),
        (
            "GET /userinfo",
            "Authorization: Basic c2VjcmV0".to_owned(),
            String::new(),
        ),
        (
            "POST /userinfo",
            bearer(token),
            format!("access_token={token}"),
        ),
        (
            "GET /userinfo?access_token=in-the-query",
            "Accept: */*".to_owned(),
            String::new(),
        ),
        (
            "GET /tokeninfo?access_token=in-the-query",
            "Accept: */*".to_owned(),
            String::new(),
        ),
    ] {
        let no = all.say(line, &headers, &body).await;
        assert!(no.starts_with("HTTP/1.1 40"), "{line}: {no}");
        assert!(!no.contains(signature) && !no.contains("secret"), "{no}");
    }
    let email = carnet_testkit::world::ALICE;
    let secrets = [
        token,
        signature,
        "guessed-and-secret",
        "c2VjcmV0",
        "in-the-query",
        email,
    ];
    let lines = all.heard.text();
    assert!(!lines.contains(email), "whom it told about: {lines}");
    all.kept_back("/userinfo", &secrets[..5]).await;
}

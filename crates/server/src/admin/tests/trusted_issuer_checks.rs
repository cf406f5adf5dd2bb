//! The dry run of a trusted issuer: each step of the grant is named, with what it saw, and nothing is spent.

use std::sync::OnceLock;

use axum::body::Body;
use axum::http::Request;
use axum::http::header::CONTENT_TYPE;
use carnet_core::record::Role;
use carnet_core::record::Territory;
use carnet_core::store::Ledger as _;
use carnet_jose::Jwk;
use carnet_jose::JwkSet;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_jose::base64url;
use serde_json::Value;
use serde_json::json;

use super::installation::ISSUER;
use super::installation::Installation;
use super::installation::Said;
use super::installation::acme;

const OF_BILLING: &str = "projects/billing/trusted-issuers";
const CI: &str = "https://ci.example";
const GRANT: &str = "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer";

fn key() -> &'static KeyPair {
    static KEY: OnceLock<KeyPair> = OnceLock::new();
    KEY.get_or_init(|| KeyPair::generate(KeyType::P256).unwrap())
}

fn signed_with(key: &KeyPair, kid: &str, claims: &Value) -> String {
    let header = json!({"alg": "ES256", "typ": "JWT", "kid": kid});
    let input = [header.to_string(), claims.to_string()]
        .map(base64url::encode)
        .join(".");
    let signature = key.sign(input.as_bytes()).unwrap();
    format!("{input}.{}", base64url::encode(signature))
}

fn signed(claims: &Value) -> String {
    signed_with(key(), "one", claims)
}

fn keys() -> Value {
    let set = JwkSet {
        keys: vec![Jwk::new(key().public_key().clone(), "one")],
        skipped: Vec::new(),
    };
    serde_json::to_value(&set).unwrap()
}

struct Scene {
    carnet: Installation,
    owner: String,
    account: String,
    /// The path of the trust.
    trust: String,
}

impl Scene {
    async fn new() -> Self {
        let carnet = Installation::new().await;
        let owner = carnet.owner().await;
        let scopes = json!([
            {"name": "invoices.read", "title": "Read invoices"},
            {"name": "invoices.write", "title": "Write invoices"},
        ]);
        let api = json!({"identifier": "https://api.acme.example/invoices", "scopes": scopes});
        let made = carnet.post(&owner, "projects/billing/apis", api).await;
        made.expect(201);
        let account = carnet.account("deployer", "billing").await;
        let account = account.email.to_string();
        let body = json!({
            "title": "CI", "issuer": CI, "account": account, "jwks": keys(),
            "subjects": ["repo:acme/site:*"], "scopes": ["invoices.read"],
        });
        let made = carnet.post(&owner, OF_BILLING, body).await.expect(201);
        let trust = format!("{OF_BILLING}/{}", made["id"].as_str().unwrap());
        Self {
            carnet,
            owner,
            account,
            trust,
        }
    }

    /// As a CI service writes them.
    fn claims(&self) -> Value {
        let now = self.carnet.now().0;
        json!({
            "iss": CI, "aud": ISSUER, "sub": "repo:acme/site:ref:refs/heads/main", "iat": now - 10, "exp": now + 600,
            "jti": "run-1", "repository": "acme/site", "ref": "refs/heads/main",
        })
    }

    /// The same with other members; null takes one away.
    fn with(&self, changes: &Value) -> Value {
        let mut claims = self.claims();
        let all = claims.as_object_mut().unwrap();
        all.extend(changes.as_object().unwrap().clone());
        all.retain(|_, value| !value.is_null());
        claims
    }

    async fn ask(&self, caller: &str, body: Value) -> Said {
        let path = format!("{}:check", self.trust);
        self.carnet.post(caller, &path, body).await
    }

    async fn check(&self, token: &str) -> Value {
        let asked = self.ask(&self.owner, json!({ "token": token }));
        asked.await.expect(200)
    }

    async fn patch(&self, changes: Value) {
        let shown = self.carnet.get(&self.owner, &self.trust).await;
        let etag = shown.header("etag").to_owned();
        let way = ("PATCH", self.trust.as_str());
        let said = self.carnet.ask_if(&self.owner, way, changes, Some(&etag));
        said.await.expect(200);
    }

    /// Brings the assertion to the token endpoint.
    async fn redeem(&self, token: &str) -> Said {
        let request = Request::post("/token")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(format!("grant_type={GRANT}&assertion={token}")));
        self.carnet.send(request.unwrap()).await
    }
}

fn text<'v>(step: &'v Value, name: &str) -> &'v str {
    step[name].as_str().unwrap_or_default()
}

/// Each step by its name, with its outcome.
fn outcomes(told: &Value) -> Vec<(&str, &str)> {
    let steps = told["steps"].as_array().unwrap().iter();
    steps
        .map(|step| (text(step, "step"), text(step, "outcome")))
        .collect()
}

/// The steps that failed, with their codes and what they saw.
fn failed(told: &Value) -> Vec<(&str, &str, &str)> {
    let steps = told["steps"].as_array().unwrap().iter();
    let steps = steps.filter(|step| step["outcome"] == "fail");
    steps
        .map(|step| (text(step, "step"), text(step, "code"), text(step, "detail")))
        .collect()
}

const STEPS: [&str; 13] = [
    "trust",
    "token",
    "issuer",
    "keys",
    "signature",
    "audience",
    "times",
    "subject",
    "jti",
    "client",
    "scope",
    "account",
    "grant",
];

#[tokio::test]
async fn pains_p3_an_assertion_that_comes_in_passes_every_step_and_says_what_it_would_buy() {
    let scene = Scene::new().await;
    let told = scene.check(&signed(&scene.claims())).await;
    assert_eq!(told["accepted"], true, "{told}");
    let passed: Vec<_> = STEPS.iter().map(|step| (*step, "pass")).collect();
    assert_eq!(outcomes(&told), passed);
    let given = &told["given"];
    assert_eq!(given["email"], scene.account.as_str());
    assert_eq!(given["scopes"], json!(["invoices.read"]));
    let audience = json!(["https://api.acme.example/invoices"]);
    assert_eq!(given["audience"], audience);
}

#[tokio::test]
async fn a_dry_run_spends_nothing_and_sees_what_was_spent() {
    let scene = Scene::new().await;
    let assertion = signed(&scene.claims());
    let before = scene.carnet.store().audit_after(0).await.unwrap().len();
    for _ in 0..2 {
        let told = scene.check(&assertion).await;
        assert_eq!(told["accepted"], true, "{told}");
        let signature = assertion.rsplit('.').next().unwrap();
        assert!(!told.to_string().contains(signature));
    }
    let after = scene.carnet.store().audit_after(0).await.unwrap().len();
    assert_eq!(after, before, "a dry run is not audited");
    let bought = scene.redeem(&assertion).await.expect(200);
    assert_eq!(bought["scope"], "invoices.read");
    let told = scene.check(&assertion).await;
    let [("jti", "CRN-2111", _)] = failed(&told).as_slice() else {
        panic!("{told}");
    };
    assert!(outcomes(&told).contains(&("grant", "skipped")));
    let refused = scene.redeem(&assertion).await;
    assert_eq!(refused.status, 400);
}

/// Tokens of which one thing is wrong, each with the step that fails, its code and what is told of it.
fn wrong_in_one_thing(scene: &Scene) -> [(String, &'static str, &'static str, &'static str); 8] {
    let now = scene.carnet.now().0;
    let stranger = KeyPair::generate(KeyType::P256).unwrap();
    let changed = |changes: Value| signed(&scene.with(&changes));
    let none = "no key of the issuer";
    [
        (
            signed_with(&stranger, "one", &scene.claims()),
            "signature",
            "CRN-2516",
            none,
        ),
        (
            signed_with(key(), "two", &scene.claims()),
            "signature",
            "CRN-2516",
            "no such key",
        ),
        (
            changed(json!({"aud": [ISSUER, "urn:x"]})),
            "audience",
            "CRN-2602",
            "urn:x",
        ),
        (
            changed(json!({"iat": now - 900, "exp": now - 300})),
            "times",
            "CRN-2603",
            "300 s ago",
        ),
        (
            changed(json!({"exp": now + 9_000})),
            "times",
            "CRN-2603",
            "3600",
        ),
        (
            changed(json!({"sub": "repo:acme/shop:x"})),
            "subject",
            "CRN-2605",
            "repo:acme/site:*",
        ),
        (changed(json!({"jti": null})), "jti", "CRN-2607", "missing"),
        (
            changed(json!({"scope": "invoices.write"})),
            "scope",
            "CRN-2217",
            "invoices.write",
        ),
    ]
}

/// What the dry run says fails is what the token endpoint refuses, and what it says passes is taken.
#[tokio::test]
async fn rfc7523_3_each_step_that_fails_is_named_and_the_grant_fails_there_too() {
    let scene = Scene::new().await;
    for (token, step, code, saw) in wrong_in_one_thing(&scene) {
        let told = scene.check(&token).await;
        assert_eq!(told["accepted"], false, "{step}");
        let failed = failed(&told);
        let [(name, crn, detail)] = failed.as_slice() else {
            panic!("{step}: {failed:?}");
        };
        assert_eq!((*name, *crn), (step, code), "{detail}");
        assert!(detail.contains(saw), "{step}: {detail}");
        let refused = scene.redeem(&token).await;
        assert_eq!(refused.status, 400, "{step}");
        let said = refused.body["error_description"].as_str().unwrap();
        // Whoever proves nothing hears nothing.
        let told = if step == "signature" {
            "CRN-2005"
        } else {
            code
        };
        assert!(said.contains(told), "{step}: {said}");
    }
    let of_others = signed(&scene.with(&json!({"iss": "https://other.example"})));
    let told = scene.check(&of_others).await;
    assert_eq!(failed(&told)[0].0, "issuer", "{told}");
    let told = scene.check("no.token").await;
    assert_eq!(failed(&told)[0].0, "token", "{told}");
    assert_eq!(outcomes(&told).len(), STEPS.len());
}

/// A token of Kubernetes names its service account, and writes what it is bound to as an object.
#[tokio::test]
async fn pains_p3_a_token_of_a_cluster_of_another_namespace_and_of_yesterday_tells_both() {
    let scene = Scene::new().await;
    scene
        .patch(json!({"subjects": ["system:serviceaccount:prod:*"]}))
        .await;
    let now = scene.carnet.now().0;
    let of = |namespace: &str, iat: i64| {
        scene.with(&json!({
            "sub": format!("system:serviceaccount:{namespace}:deployer"), "aud": [ISSUER],
            "iat": iat, "nbf": iat, "exp": iat + 3_600,
            "kubernetes.io": {"namespace": namespace, "serviceaccount": {"name": "deployer", "uid": "7"}},
        }))
    };
    let told = scene.check(&signed(&of("prod", now - 60))).await;
    assert_eq!(told["accepted"], true, "{told}");
    let told = scene.check(&signed(&of("dev", now - 90_000))).await;
    let names: Vec<_> = failed(&told).iter().map(|(name, ..)| *name).collect();
    assert_eq!(names, ["times", "subject"]);
    assert_eq!(told["given"]["email"], scene.account.as_str());
    let grant = told["steps"].as_array().unwrap().last().unwrap();
    assert_eq!(grant["outcome"], "skipped");
}

#[tokio::test]
async fn pains_p3_what_is_switched_off_is_named() {
    let scene = Scene::new().await;
    let (carnet, owner) = (&scene.carnet, &scene.owner);
    let token = signed(&scene.claims());
    let off = format!("{}:disable", scene.trust);
    carnet.post(owner, &off, Value::Null).await.expect(200);
    let told = scene.check(&token).await;
    let [("trust", "CRN-2604", _)] = failed(&told).as_slice() else {
        panic!("{told}");
    };
    let on = format!("{}:enable", scene.trust);
    carnet.post(owner, &on, Value::Null).await.expect(200);
    let account = format!(
        "projects/billing/service-accounts/{}:disable",
        scene.account
    );
    let off = carnet.post(owner, &account, json!({}));
    off.await.expect(200);
    let told = scene.check(&token).await;
    let [("account", "CRN-2012", _)] = failed(&told).as_slice() else {
        panic!("{told}");
    };
    assert!(told.get("given").is_none());
}

#[tokio::test]
async fn lesson_38_a_dry_run_is_for_who_may_change_the_trust() {
    let scene = Scene::new().await;
    let carnet = &scene.carnet;
    let asked = json!({ "token": signed(&scene.claims()) });
    let billing = Territory::Project("billing".parse().unwrap());
    for (role, status) in [
        (Role::Viewer, 403),
        (Role::Auditor, 403),
        (Role::Admin, 200),
    ] {
        let caller = carnet.caller(role, billing.clone()).await;
        let said = scene.ask(&caller, asked.clone()).await;
        assert_eq!(said.status, status, "{role:?}");
    }
    let solo = Territory::Project("solo".parse().unwrap());
    let stranger = carnet.caller(Role::Owner, solo).await;
    assert_eq!(scene.ask(&stranger, asked.clone()).await.status, 404);
    // Nor under the organization, whose trust it is not.
    let (_, id) = scene.trust.rsplit_once('/').unwrap();
    let path = format!("organizations/{}/trusted-issuers/{id}:check", acme());
    assert_eq!(carnet.post(&scene.owner, &path, asked).await.status, 404);
    let long = json!({ "token": "x".repeat(65_537) });
    let said = scene.ask(&scene.owner, long).await;
    said.refused(400, "CRN-6007");
}

#[tokio::test]
async fn keys_that_cannot_be_fetched_are_told_with_why() {
    let scene = Scene::new().await;
    scene
        .patch(json!({"jwks_uri": "https://nobody.invalid/keys"}))
        .await;
    let told = scene.check(&signed(&scene.claims())).await;
    let [("keys", "CRN-2515", detail)] = failed(&told)[..] else {
        panic!("{told}");
    };
    assert!(detail.contains("why: "), "{detail}");
}

#[tokio::test]
async fn of_users_the_client_is_looked_at_and_nobody_hears_of_users_of_others() {
    let scene = Scene::new().await;
    let (carnet, owner) = (&scene.carnet, &scene.owner);
    let alice = carnet.user("alice@acme.example").await;
    let app = json!({"title": "Bot", "kind": "daemon", "scopes": ["invoices.read"]});
    let app = carnet.post(owner, "projects/billing/clients", app).await;
    let app = app.expect(201)["id"].as_str().unwrap().to_owned();
    let body = json!({
        "title": "Desk", "issuer": "https://idp.example", "user_claim": "email", "jwks": keys(),
        "clients": [app], "scopes": ["invoices.read"],
    });
    let path = format!("organizations/{}/trusted-issuers", acme());
    let made = carnet.post(owner, &path, body).await.expect(201);
    let check = format!("{path}/{}:check", made["id"].as_str().unwrap());
    let about = |email: &str, verified: bool| {
        let who = json!({"iss": "https://idp.example", "email": email, "email_verified": verified});
        signed(&scene.with(&who))
    };
    let ask = async |token: String, client: Option<&str>| {
        let body = json!({ "token": token, "client": client });
        carnet.post(owner, &check, body).await.expect(200)
    };
    let told = ask(about("alice@acme.example", true), None).await;
    assert_eq!(told["accepted"], true, "{told}");
    assert_eq!(told["given"]["user"], alice.id.to_string());
    let told = ask(about("alice@acme.example", true), Some("another")).await;
    assert_eq!(failed(&told)[0].0, "client", "{told}");
    let mut heard = Vec::new();
    for token in [
        about("alice@acme.example", false),
        about("nobody@acme.example", true),
        about("nobody@other.example", true),
    ] {
        let told = ask(token, None).await;
        let [("user", "CRN-2606", detail)] = failed(&told)[..] else {
            panic!("{told}");
        };
        heard.push(detail.to_owned());
    }
    heard.dedup();
    assert_eq!(heard.len(), 1, "{heard:?}");
}

#[tokio::test]
async fn rfc7800_3_a_dry_run_says_what_an_assertion_is_bound_to() {
    let scene = Scene::new().await;
    let bound = json!({"cnf": {"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}});
    let told = scene.check(&signed(&scene.with(&bound))).await;
    assert_eq!(told["accepted"], true, "{told}");
    assert!(outcomes(&told).contains(&("possession", "pass")));
    assert!(
        told.to_string()
            .contains("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I")
    );
    let strange = json!({"cnf": {"kid": "one"}});
    let told = scene.check(&signed(&scene.with(&strange))).await;
    let [("possession", "CRN-2608", _)] = failed(&told)[..] else {
        panic!("{told}");
    };
}

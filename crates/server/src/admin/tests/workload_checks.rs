//! The dry run of a provider: each step that can fail is named, with what it saw (pains P3), and nothing is issued.

use std::sync::OnceLock;

use carnet_core::record::AccountBinding;
use carnet_core::record::AccountPolicy;
use carnet_core::record::AccountRole;
use carnet_core::record::Role;
use carnet_core::record::Territory;
use carnet_core::store::Ledger as _;
use carnet_core::store::Record;
use carnet_core::value::Member;
use carnet_core::value::OfPool;
use carnet_core::value::PoolName;
use carnet_jose::Jwk;
use carnet_jose::JwkSet;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_jose::base64url;
use serde_json::Value;
use serde_json::json;

use super::installation::Installation;

const PROVIDERS: &str = "projects/billing/workload-pools/ci-runners/providers";
const CHECK: &str = "projects/billing/workload-pools/ci-runners/providers/github:check";

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

struct Scene {
    carnet: Installation,
    owner: String,
    pool: PoolName,
}

impl Scene {
    async fn new() -> Self {
        let carnet = Installation::new().await;
        let owner = carnet.owner().await;
        let made = carnet.post(
            &owner,
            "projects/billing/workload-pools",
            json!({"id": "ci-runners"}),
        );
        let pool = made.await.expect(201)["name"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap();
        let set = JwkSet {
            keys: vec![Jwk::new(key().public_key().clone(), "one")],
            skipped: Vec::new(),
        };
        let body = json!({
            "id": "github",
            "oidc": {
                "issuer": "https://issuer.example",
                "allowed_audiences": ["carnet"],
                "jwks": serde_json::to_value(&set).unwrap()
            },
            "attribute_mapping": {
                "google.subject": "assertion.sub",
                "google.groups": "assertion.groups",
                "attribute.repository": "assertion.repository"
            },
            "attribute_condition": "assertion.owner == 'acme' && assertion.ref.startsWith('refs/heads/')"
        });
        carnet.post(&owner, PROVIDERS, body).await.expect(201);
        Self {
            carnet,
            owner,
            pool,
        }
    }

    fn claims(&self) -> Value {
        let now = self.carnet.now().0;
        json!({
            "iss": "https://issuer.example", "aud": "carnet", "sub": "repo:acme/app", "iat": now - 10, "exp": now + 600,
            "groups": ["eng"], "repository": "acme/app", "owner": "acme", "ref": "refs/heads/main"
        })
    }

    fn with(&self, changes: &Value) -> Value {
        let mut claims = self.claims();
        let changes = changes.as_object().unwrap().clone();
        claims.as_object_mut().unwrap().extend(changes);
        claims
    }

    async fn check(&self, token: &str) -> Value {
        let asked = self
            .carnet
            .post(&self.owner, CHECK, json!({ "token": token }));
        asked.await.expect(200)
    }

    /// The steps that did not pass, with their outcomes and codes.
    async fn failed(&self, token: &str) -> Vec<(String, String, String)> {
        let told = self.check(token).await;
        assert_eq!(told["accepted"], false);
        let text = |step: &Value, name: &str| step[name].as_str().unwrap_or_default().to_owned();
        let steps = told["steps"].as_array().unwrap().iter();
        let steps = steps.filter(|step| step["outcome"] == "fail");
        steps
            .map(|step| (text(step, "step"), text(step, "code"), text(step, "detail")))
            .collect()
    }
}

#[tokio::test]
async fn lesson_38_who_may_not_change_a_provider_does_not_make_it_fetch() {
    let scene = Scene::new().await;
    let asked = json!({ "token": signed(&scene.claims()) });
    let project = Territory::Project("billing".parse().unwrap());
    for (role, status) in [
        (Role::Viewer, 403),
        (Role::Auditor, 403),
        (Role::Admin, 200),
    ] {
        let caller = scene.carnet.caller(role, project.clone()).await;
        let said = scene.carnet.post(&caller, CHECK, asked.clone()).await;
        assert_eq!(said.status, status, "{role:?}");
    }
}

fn detail<'v>(told: &'v Value, step: &str) -> &'v str {
    let steps = told["steps"].as_array().unwrap();
    let step = steps.iter().find(|known| known["step"] == step).unwrap();
    step["detail"].as_str().unwrap()
}

#[tokio::test]
async fn pains_p3_a_token_that_comes_in_passes_every_step_and_has_a_name() {
    let scene = Scene::new().await;
    let told = scene.check(&signed(&scene.claims())).await;
    assert_eq!(told["accepted"], true, "{told}");
    let steps: Vec<_> = told["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["step"].as_str().unwrap())
        .collect();
    assert_eq!(
        steps,
        [
            "provider",
            "token",
            "issuer",
            "keys",
            "signature",
            "audience",
            "times",
            "google.subject",
            "attribute.repository",
            "google.groups",
            "attribute_condition",
            "principal"
        ]
    );
    let principal = format!(
        "principal://iam.googleapis.com/{}/subject/repo:acme/app",
        scene.pool
    );
    assert_eq!(detail(&told, "principal"), principal);
    let mapped = json!({"subject": "repo:acme/app", "groups": ["eng"], "attributes": {"repository": "acme/app"}});
    assert_eq!(told["mapped"], mapped);
    assert_eq!(told["service_accounts"], json!([]));
    assert_eq!(told["more_accounts"], false);
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table")]
async fn pains_p3_each_step_that_fails_is_named_with_its_code_and_what_it_saw() {
    let scene = Scene::new().await;
    let now = scene.carnet.now().0;
    let stranger = KeyPair::generate(KeyType::P256).unwrap();
    let cases = [
        ("no.token".to_owned(), "token", "CRN-2510", ""),
        (
            signed(&scene.with(&json!({"iss": "https://other.example"}))),
            "issuer",
            "CRN-2511",
            "https://other.example",
        ),
        (
            signed_with(&stranger, "one", &scene.claims()),
            "signature",
            "CRN-2516",
            "another private key",
        ),
        (
            signed_with(key(), "two", &scene.claims()),
            "signature",
            "CRN-2516",
            "no such key",
        ),
        (
            signed(&scene.with(&json!({"aud": "elsewhere"}))),
            "audience",
            "CRN-2512",
            "carnet",
        ),
        (
            signed(&scene.with(&json!({"iat": now - 900, "exp": now - 300}))),
            "times",
            "CRN-2513",
            "300 s ago",
        ),
        (
            signed(&scene.with(&json!({"exp": now + 100_000}))),
            "times",
            "CRN-2514",
            "86400",
        ),
        (
            signed(&scene.with(&json!({"sub": 7}))),
            "google.subject",
            "CRN-2521",
            "string(...)",
        ),
        (
            signed(&scene.with(&json!({"ref": "refs/tags/v1"}))),
            "attribute_condition",
            "CRN-2520",
            "assertion.ref.startsWith('refs/heads/') is not true; assertion.ref is 'refs/tags/v1'",
        ),
        (
            signed(&scene.with(&json!({"owner": "evil"}))),
            "attribute_condition",
            "CRN-2520",
            "assertion.owner is 'evil'",
        ),
    ];
    for (token, step, code, saw) in cases {
        let failed = scene.failed(&token).await;
        let [(name, crn, detail)] = failed.as_slice() else {
            panic!("{step}: {failed:?}");
        };
        assert_eq!((name.as_str(), crn.as_str()), (step, code), "{detail}");
        assert!(detail.contains(saw), "{step}: {detail}");
    }
}

#[tokio::test]
async fn pains_p3_a_token_of_yesterday_still_tells_about_the_condition() {
    let scene = Scene::new().await;
    let now = scene.carnet.now().0;
    let claims = scene.with(&json!({"iat": now - 9_000, "exp": now - 8_000, "owner": "evil"}));
    let failed = scene.failed(&signed(&claims)).await;
    let names: Vec<_> = failed.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(names, ["times", "attribute_condition"]);
    let claims = scene.with(&json!({"iat": now - 9_000, "exp": now - 8_000}));
    let told = scene.check(&signed(&claims)).await;
    assert_eq!(told["accepted"], false);
    assert!(detail(&told, "principal").starts_with("it would be principal://"));
}

#[tokio::test]
async fn pains_p3_what_is_switched_off_is_named() {
    let scene = Scene::new().await;
    let (carnet, owner) = (&scene.carnet, &scene.owner);
    let token = signed(&scene.claims());
    for (path, why) in [
        (format!("{PROVIDERS}/github"), "the provider is disabled."),
        (
            "projects/billing/workload-pools/ci-runners".to_owned(),
            "the pool is disabled.",
        ),
    ] {
        let etag = carnet.get(owner, &path).await.header("etag").to_owned();
        let off = json!({"disabled": true});
        carnet
            .ask_if(owner, ("PATCH", &path), off, Some(&etag))
            .await
            .expect(200);
        let failed = scene.failed(&token).await;
        assert_eq!(
            failed,
            [("provider".to_owned(), "CRN-2502".to_owned(), why.to_owned())]
        );
    }
}

#[tokio::test]
async fn google_wire_6_4_the_accounts_as_which_it_could_act_are_named() {
    let scene = Scene::new().await;
    let carnet = &scene.carnet;
    let attribute = |value: &str| OfPool::Attribute("repository".to_owned(), value.to_owned());
    let bound = [
        (
            "by-subject",
            AccountRole::WorkloadIdentityUser,
            OfPool::Subject("repo:acme/app".to_owned()),
        ),
        (
            "by-group",
            AccountRole::TokenCreator,
            OfPool::Group("eng".to_owned()),
        ),
        (
            "by-attribute",
            AccountRole::WorkloadIdentityUser,
            attribute("acme/app"),
        ),
        (
            "by-pool",
            AccountRole::WorkloadIdentityUser,
            OfPool::Everybody,
        ),
        (
            "other-value",
            AccountRole::WorkloadIdentityUser,
            attribute("acme/shop"),
        ),
        ("other-role", AccountRole::Viewer, OfPool::Everybody),
    ];
    for (name, role, which) in bound {
        let account = carnet.account(name, "billing").await;
        let policy = AccountPolicy {
            bindings: vec![AccountBinding {
                role,
                condition: None,
                members: vec![Member::Pool(scene.pool.clone(), which)],
            }],
            ..AccountPolicy::empty(account.unique_id, carnet.now())
        };
        carnet.insert(Record::AccountPolicy(policy)).await;
    }
    let told = scene.check(&signed(&scene.claims())).await;
    let accounts = told["service_accounts"].as_array().unwrap().iter();
    let mut emails: Vec<_> = accounts
        .map(|account| account["email"].as_str().unwrap())
        .collect();
    emails.sort_unstable();
    let wanted = ["by-attribute", "by-group", "by-pool", "by-subject"];
    let wanted = wanted.map(|name| format!("{name}@billing.iam.gserviceaccount.com"));
    assert_eq!(emails, wanted);
}

#[tokio::test]
async fn a_dry_run_is_for_who_may_change_the_provider_and_leaves_nothing_behind() {
    let scene = Scene::new().await;
    let carnet = &scene.carnet;
    let token = signed(&scene.claims());
    let billing = Territory::Project("billing".parse().unwrap());
    let admin = carnet.caller(Role::Admin, billing).await;
    let before = carnet.store().audit_after(0).await.unwrap().len();
    let told = carnet
        .post(&admin, CHECK, json!({ "token": token }))
        .await
        .expect(200);
    assert_eq!(told["accepted"], true);
    assert!(
        !told.to_string().contains(token.rsplit('.').next().unwrap()),
        "the signature is not repeated"
    );
    let after = carnet.store().audit_after(0).await.unwrap().len();
    assert_eq!(after, before, "a dry run is not audited");
    let stranger = carnet
        .caller(Role::Owner, Territory::Project("solo".parse().unwrap()))
        .await;
    assert_eq!(
        carnet
            .post(&stranger, CHECK, json!({ "token": token }))
            .await
            .status,
        404
    );
    let long = "x".repeat(65_537);
    carnet
        .post(&admin, CHECK, json!({ "token": long }))
        .await
        .refused(400, "CRN-6007");
}

#[tokio::test]
async fn keys_that_cannot_be_fetched_are_told_with_why() {
    let scene = Scene::new().await;
    let (carnet, owner) = (&scene.carnet, &scene.owner);
    let path = format!("{PROVIDERS}/github");
    let etag = carnet.get(owner, &path).await.header("etag").to_owned();
    let elsewhere =
        json!({"oidc": {"issuer": "https://nobody.invalid", "allowed_audiences": ["carnet"]}});
    carnet
        .ask_if(owner, ("PATCH", &path), elsewhere, Some(&etag))
        .await
        .expect(200);
    let token = signed(&scene.with(&json!({"iss": "https://nobody.invalid"})));
    let failed = scene.failed(&token).await;
    assert_eq!(
        (failed[0].0.as_str(), failed[0].1.as_str()),
        ("keys", "CRN-2515"),
        "{failed:?}"
    );
    assert!(failed[0].2.contains("why: "), "{failed:?}");
}

#[tokio::test]
async fn rfc7800_3_a_dry_run_says_what_a_token_is_bound_to() {
    let scene = Scene::new().await;
    let bound =
        scene.with(&json!({"cnf": {"x5t#S256": "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0"}}));
    let told = scene.check(&signed(&bound)).await;
    assert_eq!(told["accepted"], true, "{told}");
    let said = detail(&told, "possession");
    assert!(
        said.contains("A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0"),
        "{said}"
    );
    let failed = scene
        .failed(&signed(&scene.with(&json!({"cnf": {"kid": "one"}}))))
        .await;
    assert_eq!(
        (failed[0].0.as_str(), failed[0].1.as_str()),
        ("possession", "CRN-2518")
    );
}

//! Credentials of others for tokens of principals (google-wire 6): issuers that run on this machine, found by
//! discovery or with their keys given, as a cluster and as a CI system make tokens.

mod aws;
mod bound;
mod hostile;
mod impersonation;
mod keys;
mod saml;
pub(crate) mod scene;
mod standing;
mod workforce;
mod x509;

use axum::body::Body;
use axum::http::Request;
use carnet_core::record::PoolOwner;
use carnet_core::record::ProviderKeys;
use carnet_core::store::Record;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_testkit::contract::workload_pool::provider_of;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::world::READ;
use carnet_testkit::world::WRITE;
use serde_json::Value;
use serde_json::json;

use self::scene::EXCHANGE;
use self::scene::JWT;
use self::scene::Scene;
use self::scene::key_set;
use self::scene::payload;
use self::scene::pool_named;
use self::scene::signed;
use self::scene::trusts;

#[tokio::test]
async fn google_wire_6_1_a_token_of_an_issuer_elsewhere_buys_a_token_of_a_principal() {
    let scene = Scene::new().await;
    let answer = scene.exchange(&scene.issuer.sign(&scene.claims())).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let body = answer.json();
    let members = body.as_object().unwrap();
    assert_eq!(members.len(), 4, "all four, and no other: {body}");
    let kind = "urn:ietf:params:oauth:token-type:access_token";
    assert_eq!(body["issued_token_type"], kind);
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["expires_in"], 600, "no longer than the subject token");
    let cached = answer.headers["cache-control"].to_str().unwrap();
    assert!(cached.contains("no-store"), "{cached}");

    let claims = payload(body["access_token"].as_str().unwrap());
    let pool = &scene.pool.name;
    let sub = format!("principal://iam.googleapis.com/{pool}/subject/job-7");
    assert_eq!(claims["sub"], sub.as_str());
    assert_eq!(claims["client_id"], scene.provider.name.as_str());
    assert_eq!(claims["scope"], READ);
    assert_eq!(claims["iss"], ISSUER);
    assert_eq!(claims["aud"], scene.server.world.api_identifier().as_str());
    assert_eq!(claims["federated"], json!({}));
    assert_eq!(claims["exp"], scene.now + 600);
}

#[tokio::test]
async fn google_wire_6_1_a_token_lives_an_hour_at_most() {
    let scene = Scene::new().await;
    let long = scene.with(json!({ "exp": scene.now + 40_000 }));
    let answer = scene.exchange(&scene.issuer.sign(&long)).await;
    assert_eq!(answer.json()["expires_in"], 3_600, "{}", answer.body);
}

#[tokio::test]
async fn google_wire_6_1_a_request_may_be_json_and_its_options_encoded_twice() {
    let scene = Scene::new().await;
    let token = scene.issuer.sign(&scene.claims());
    let body = json!({
        "grantType": EXCHANGE, "audience": scene.provider.name.audience(), "scope": READ,
        "requestedTokenType": "urn:ietf:params:oauth:token-type:access_token",
        "subjectToken": token, "subjectTokenType": "urn:ietf:params:oauth:token-type:id_token",
        "options": "{\"userProject\":\"billing\"}",
    });
    let request = Request::post("/v1/token").header("content-type", "application/json");
    let request = request.body(Body::from(body.to_string())).unwrap();
    let answer = scene.server.send(request).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    // google-auth's way: percent-encoded, then encoded for the form; a file's line end at the token's end.
    let audience = scene.provider.name.audience();
    let token = format!("{token}\n");
    let form = [
        ("grant_type", EXCHANGE),
        ("audience", &audience),
        ("scope", READ),
        ("subject_token_type", JWT),
        ("subject_token", &token),
        ("options", "%7B%22userProject%22%3A+%22billing%22%7D"),
    ];
    let answer = scene.server.post("/v1/token", &form).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

#[tokio::test]
async fn google_wire_6_4_a_cluster_whose_keys_are_given_is_never_asked() {
    let mut scene = Scene::new().await;
    let pair = KeyPair::generate(KeyType::Rsa2048).unwrap();
    let issuer = "https://kubernetes.default.svc.cluster.local";
    scene
        .set(|provider| {
            let keys = ProviderKeys::Inline(key_set(&[("cluster", &pair)]));
            trusts(provider, issuer, &["carnet"], keys);
            let groups = "assertion['kubernetes.io'].namespace == 'prod' ? ['prod'] : ['other']";
            provider.mapping.extend([
                ("google.groups".to_owned(), groups.to_owned()),
                (
                    "attribute.namespace".to_owned(),
                    "assertion['kubernetes.io'].namespace".to_owned(),
                ),
            ]);
        })
        .await;
    // As the API server makes them: a list of audiences, `nbf`, no `typ`.
    let claims = json!({
        "aud": ["carnet"], "exp": scene.now + 3_607, "iat": scene.now, "nbf": scene.now,
        "iss": issuer, "jti": "6f8a", "sub": "system:serviceaccount:prod:builder",
        "kubernetes.io": {
            "namespace": "prod", "serviceaccount": { "name": "builder", "uid": "u-1" },
        },
    });
    let token = signed(&pair, &json!({"alg": "RS256", "kid": "cluster"}), &claims);
    let answer = scene.exchange(&token).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let claims = payload(answer.json()["access_token"].as_str().unwrap());
    let own = json!({ "groups": ["prod"], "attributes": { "namespace": "prod" } });
    assert_eq!(claims["federated"], own);
    assert_eq!(scene.issuer.fetched(), 0);
}

#[tokio::test]
async fn google_wire_6_1_a_job_that_the_condition_does_not_let_in_is_told_so_and_its_owner_why() {
    let mut scene = Scene::new().await;
    scene
        .set(|provider| {
            let repository = "assertion.repository".to_owned();
            let attribute = "attribute.repository".to_owned();
            provider.mapping.insert(attribute, repository);
            let condition =
                "assertion.repository_owner == 'acme' && assertion.ref == 'refs/heads/main'";
            provider.condition = Some(condition.to_owned());
        })
        .await;
    let job = |owner: &str, branch: &str| {
        scene.with(json!({
            "sub": format!("repo:{owner}/app:ref:{branch}"), "repository": format!("{owner}/app"),
            "repository_owner": owner, "ref": branch,
        }))
    };
    let good = job("acme", "refs/heads/main");
    let answer = scene.exchange(&scene.issuer.sign(&good)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let claims = payload(answer.json()["access_token"].as_str().unwrap());
    assert_eq!(claims["federated"]["attributes"]["repository"], "acme/app");

    for bad in [job("evil", "refs/heads/main"), job("acme", "refs/heads/x")] {
        let answer = scene.exchange(&scene.issuer.sign(&bad)).await;
        let said = answer.json()["error_description"]
            .as_str()
            .unwrap()
            .to_owned();
        let google = "The given credential is rejected by the attribute condition.";
        assert!(said.starts_with(google), "{said}");
        assert!(
            !said.contains("repository_owner"),
            "the condition is the owner's: {said}"
        );
        let story = scene.refused(&answer, "unauthorized_client", 2_520).await;
        for part in [
            "steps",
            "google.subject = ",
            "is not true",
            "billing",
            "providers/main",
        ] {
            assert!(story.contains(part), "{part}: {story}");
        }
    }
}

#[tokio::test]
async fn google_wire_6_1_a_mapping_that_gives_nothing_is_a_refusal() {
    let mut scene = Scene::new().await;
    let set = |text: &str| {
        let text = text.to_owned();
        move |provider: &mut carnet_core::record::WorkloadProvider| {
            provider.mapping.insert("google.subject".to_owned(), text);
        }
    };
    for text in ["assertion.missing", "assertion.sub + assertion.long", "''"] {
        scene.set(set(text)).await;
        let claims = scene.with(json!({ "long": "x".repeat(128) }));
        let answer = scene.exchange(&scene.issuer.sign(&claims)).await;
        let story = scene.refused(&answer, "invalid_grant", 2_521).await;
        assert!(story.contains("google.subject"), "{story}");
    }
}

#[tokio::test]
async fn rfc6749_3_3_a_scope_must_be_said_and_known() {
    let scene = Scene::new().await;
    let token = scene.issuer.sign(&scene.claims());
    let audience = scene.provider.name.audience();
    let ask = async |scope: &str| {
        let form = [
            ("grant_type", EXCHANGE),
            ("audience", audience.as_str()),
            ("subject_token_type", JWT),
            ("subject_token", token.as_str()),
            ("scope", scope),
        ];
        scene.server.post("/v1/token", &form).await
    };
    for scope in ["", "nothing.like.it"] {
        let answer = ask(scope).await;
        assert_eq!(answer.json()["error"], "invalid_scope", "{}", answer.body);
        assert_eq!(answer.status, 400, "{scope}");
    }
    let both = format!("{READ} {WRITE}");
    let answer = ask(&both).await;
    let claims = payload(answer.json()["access_token"].as_str().unwrap());
    assert_eq!(claims["scope"], both.as_str());
}

#[tokio::test]
async fn lesson_22_a_policy_that_blocks_a_scope_blocks_it_for_principals_too() {
    let mut scene = Scene::new().await;
    scene.server.world.reading_is_blocked().await;
    let answer = scene.exchange(&scene.issuer.sign(&scene.claims())).await;
    assert_eq!(
        answer.json()["error"],
        "admin_policy_enforced",
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn google_wire_6_4_a_pool_of_an_organization_lets_its_people_in() {
    let scene = Scene::new().await;
    let organization = scene.project.organization.unwrap();
    let name = "locations/global/workforcePools/acme-staff";
    let owner = PoolOwner::Organization(organization);
    let pool = pool_named(name, owner, &scene.pool);
    let mut provider = provider_of(&pool, "corp");
    trusts(
        &mut provider,
        &scene.issuer.url,
        &["staff"],
        ProviderKeys::Discovery,
    );
    scene.insert(Record::WorkloadPool(pool)).await;
    scene.add(&provider).await;
    let claims = scene.with(json!({ "aud": "staff", "sub": "dana" }));
    let audience = provider.name.audience();
    let answer = scene
        .exchange_at(&audience, &scene.issuer.sign(&claims))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    let sub = format!("principal://iam.googleapis.com/{name}/subject/dana");
    assert_eq!(payload(&token)["sub"], sub.as_str());
    assert_eq!(scene.introspect(&token).await["username"], sub.as_str());
}

#[tokio::test]
async fn google_wire_6_2_introspection_names_the_principal() {
    let mut scene = Scene::new().await;
    let token = scene.token().await;
    let said = scene.introspect(&token).await;
    let claims = payload(&token);
    assert_eq!(said["active"], true);
    for (name, value) in [
        ("username", &claims["sub"]),
        ("sub", &claims["sub"]),
        ("client_id", &claims["client_id"]),
        ("scope", &claims["scope"]),
        ("exp", &claims["exp"]),
        ("iat", &claims["iat"]),
        ("iss", &claims["iss"]),
    ] {
        assert_eq!(&said[name], value, "{name}: {said}");
    }
    let account = scene.server.token(&scene.server.world.claims()).await;
    for other in [account.as_str(), "nothing", &token[..token.len() - 4]] {
        assert_eq!(scene.introspect(other).await, json!({ "active": false }));
    }
    let answer = scene.server.post("/v1/introspect", &[]).await;
    assert_eq!(answer.status, 400);
    assert_eq!(scene.server.get("/v1/introspect").await.status, 405);
    scene.wait(700);
    assert_eq!(scene.introspect(&token).await["active"], Value::Bool(false));
}

#[tokio::test]
async fn who_came_stands_in_the_audit_log() {
    let scene = Scene::new().await;
    scene.token().await;
    scene.server.settle().await;
    let filter = carnet_core::store::AuditFilter {
        action: Some("sts.exchange".to_owned()),
        ..carnet_core::store::AuditFilter::default()
    };
    let page = carnet_core::store::Page::first(10);
    let store = scene.server.world.store();
    let entries = store.audit(&filter, &page).await.unwrap().items;
    let [entry] = entries.as_slice() else {
        unreachable!("{entries:?}")
    };
    assert!(entry.draft.actor.ends_with("/subject/job-7"));
    assert_eq!(entry.draft.target, scene.provider.name.as_str());
    assert!(entry.draft.detail.contains(READ));
}

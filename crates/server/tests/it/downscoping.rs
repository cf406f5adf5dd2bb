//! Tokens that are made weaker by an access boundary (google-wire 6.5), and what they are not good for.

use axum::body::Body;
use axum::http::Request;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::Provider;
use carnet_testkit::world::NOW;
use carnet_testkit::world::READ;
use serde_json::Value;
use serde_json::json;

use crate::federation::scene::EXCHANGE;
use crate::federation::scene::Scene;

pub(crate) const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const CLOUD: &str = "https://www.googleapis.com/auth/cloud-platform";
const CONDITION: &str = "resource.name.startsWith('projects/_/buckets/B/objects/mine') || \
                         api.getAttribute('storage.googleapis.com/objectListPrefix', '').startsWith('mine')";

fn rule() -> Value {
    json!({
        "availableResource": "//storage.googleapis.com/projects/_/buckets/B",
        "availablePermissions": ["inRole:roles/storage.objectViewer"],
        "availabilityCondition": { "expression": CONDITION },
    })
}

pub(crate) fn boundary() -> Value {
    json!({ "accessBoundaryRules": [rule()] })
}

/// Asks as Google's library for Python does: the options percent-encoded, then encoded for the form.
pub(crate) async fn weaker(server: &Provider, token: &str, options: &Value) -> Answer {
    let options = options.to_string();
    let encoded: Vec<_> = options.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let encoded = encoded.concat();
    let form = [
        ("grant_type", EXCHANGE),
        ("requested_token_type", ACCESS_TOKEN),
        ("subject_token_type", ACCESS_TOKEN),
        ("subject_token", token),
        ("options", &encoded),
    ];
    server.post("/v1/token", &form).await
}

/// A weaker token.
async fn weak(server: &Provider, token: &str) -> String {
    let answer = weaker(server, token, &json!({ "accessBoundary": boundary() })).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

async fn own(server: &Provider, scope: &str) -> String {
    server
        .token(&server.world.with(json!({ "scope": scope })))
        .await
}

/// What is told about a token to whoever may ask about all, and knows boundaries or not.
async fn told(server: &Provider, token: &str, knows: bool) -> Value {
    let asker = own(server, "carnet.introspect").await;
    let mut form = vec![("token", token)];
    if knows {
        form.push(("understands", "access_boundary"));
    }
    server
        .post_as("/introspect", &form, Some(&asker))
        .await
        .json()
}

fn code(answer: &Answer) -> String {
    let found = answer.body.find("CRN-");
    assert!(found.is_some(), "{}", answer.body);
    let found = found.unwrap();
    answer.body[found..found + 8].to_owned()
}

async fn called(server: &Provider, method: &str, path: &str, token: &str) -> (u16, String) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json");
    let body = if method == "GET" {
        String::new()
    } else {
        json!({ "scope": [READ] }).to_string()
    };
    let answer = server.send(request.body(Body::from(body)).unwrap()).await;
    (answer.status.as_u16(), code(&answer))
}

#[tokio::test]
async fn google_wire_6_5_a_token_is_made_weaker_and_says_otherwise_the_same() {
    let server = Provider::new().await;
    let whole = own(&server, READ).await;
    server.wait(60);
    let answer = weaker(&server, &whole, &json!({ "accessBoundary": boundary() })).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let body = answer.json();
    assert_eq!(body["issued_token_type"], ACCESS_TOKEN);
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["expires_in"], 3_540, "no longer than the whole one");
    let token = body["access_token"].as_str().unwrap();
    assert!(
        token.starts_with("crn_at_"),
        "sealed, though the API's tokens are JWTs"
    );
    let (old, new) = (
        told(&server, &whole, true).await,
        told(&server, token, true).await,
    );
    for name in ["sub", "scope", "aud", "client_id", "email", "exp", "iss"] {
        assert_eq!(new[name], old[name], "{name}");
    }
    assert_eq!(new["iat"], NOW + 60);
    assert_ne!(new["jti"], old["jti"]);
    assert_eq!(new["access_boundary"], boundary());
    assert!(old.get("access_boundary").is_none());
}

#[tokio::test]
async fn google_wire_6_5_whoever_does_not_know_boundaries_hears_nothing_of_such_a_token() {
    let server = Provider::new().await;
    let token = weak(&server, &own(&server, READ).await).await;
    let inactive = json!({ "active": false });
    assert_eq!(told(&server, &token, false).await, inactive);
    assert_eq!(told(&server, &token, true).await["active"], true);
    let answer = server.post("/tokeninfo", &[("access_token", &token)]).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    let answer = server.post("/v1/introspect", &[("token", &token)]).await;
    assert_eq!(answer.json(), inactive);
}

#[tokio::test]
async fn google_wire_6_5_a_bounded_token_opens_no_api_of_this_server() {
    let server = Provider::new().await;
    let token = own(&server, CLOUD).await;
    let admin = own(&server, "carnet.admin").await;
    let email = server.world.email();
    let account = format!("/v1/projects/-/serviceAccounts/{email}");
    let refused = (403, "CRN-4014".to_owned());
    let bounded = weak(&server, &token).await;
    for verb in [
        "generateAccessToken",
        "generateIdToken",
        "signBlob",
        "signJwt",
    ] {
        let path = format!("{account}:{verb}");
        assert_eq!(
            called(&server, "POST", &path, &bounded).await,
            refused,
            "{verb}"
        );
    }
    assert_eq!(called(&server, "GET", &account, &bounded).await, refused);
    assert_eq!(called(&server, "GET", "/userinfo", &bounded).await, refused);
    // Google's older address says no more than Google does.
    let request =
        Request::get("/oauth2/v3/userinfo").header("authorization", format!("Bearer {bounded}"));
    let answer = server.send(request.body(Body::empty()).unwrap()).await;
    assert!(
        [401, 403].contains(&answer.status.as_u16()),
        "{}",
        answer.body
    );
    let bounded = weak(&server, &admin).await;
    let request =
        Request::get("/admin/v1/projects").header("authorization", format!("Bearer {bounded}"));
    let answer = server.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, 401);
    assert!(answer.body.contains("access boundary"), "{}", answer.body);
    // Nor does it ask about others.
    let asker = weak(&server, &own(&server, "carnet.introspect").await).await;
    let answer = server
        .post_as("/introspect", &[("token", &token)], Some(&asker))
        .await;
    assert_eq!(answer.status, 401, "{}", answer.body);
}

#[tokio::test]
async fn google_wire_6_5_a_boundary_is_put_on_once() {
    let server = Provider::new().await;
    let token = weak(&server, &own(&server, READ).await).await;
    let wider = json!({ "accessBoundaryRules": [{
        "availableResource": "//storage.googleapis.com",
        "availablePermissions": ["inRole:roles/storage.admin"],
    }] });
    for again in [wider, boundary()] {
        let answer = weaker(&server, &token, &json!({ "accessBoundary": again })).await;
        assert_eq!(
            (answer.status.as_u16(), code(&answer)),
            (400, "CRN-2531".to_owned())
        );
    }
}

#[tokio::test]
async fn google_wire_6_5_a_boundary_that_cannot_be_taken_gives_no_token() {
    let server = Provider::new().await;
    let token = own(&server, READ).await;
    let with = |condition: &str| {
        let mut rule = rule();
        rule["availabilityCondition"]["expression"] = condition.into();
        json!({ "accessBoundaryRules": [rule] })
    };
    let deep = format!("{}true{}", "(".repeat(40), ")".repeat(40));
    for wrong in [
        Value::Null,
        json!({ "accessBoundaryRules": [] }),
        json!({ "accessBoundaryRules": vec![rule(); 11] }),
        with(&"x".repeat(3_100)),
        with("resource.name.startsWith("),
        with("assertion.sub == 'x'"),
        with("resource.name.readsMinds()"),
        with(&deep),
    ] {
        let answer = weaker(&server, &token, &json!({ "accessBoundary": wrong })).await;
        let seen = (answer.status.as_u16(), code(&answer));
        assert_eq!(
            seen,
            (400, "CRN-2530".to_owned()),
            "{wrong} {}",
            answer.body
        );
    }
    let odd = json!({ "accessBoundary": boundary(), "bindCertFingerprint": "x" });
    assert_eq!(code(&weaker(&server, &token, &odd).await), "CRN-2504");
}

#[tokio::test]
async fn google_wire_6_5_a_token_that_does_not_stand_gives_no_weaker_one() {
    let mut server = Provider::new().await;
    let token = own(&server, READ).await;
    let options = json!({ "accessBoundary": boundary() });
    let foreign = server.world.forge(&server.world.claims());
    for strange in ["x", "crn_at_x", foreign.as_str()] {
        assert_eq!(
            code(&weaker(&server, strange, &options).await),
            "CRN-1323",
            "{strange}"
        );
    }
    server.world.account_is_disabled().await;
    assert_eq!(code(&weaker(&server, &token, &options).await), "CRN-1323");
    let server = Provider::new().await;
    let token = own(&server, READ).await;
    server.wait(3_600);
    assert_eq!(
        code(&weaker(&server, &token, &options).await),
        "CRN-1323",
        "expired"
    );
}

#[tokio::test]
async fn google_wire_6_5_a_scope_beside_the_boundary_is_the_tokens_own_or_refused() {
    let server = Provider::new().await;
    let token = own(&server, READ).await;
    let options = json!({ "accessBoundary": boundary() }).to_string();
    for (scope, status) in [(READ, 200), (CLOUD, 400)] {
        let form = [
            ("grant_type", EXCHANGE),
            ("subject_token_type", ACCESS_TOKEN),
            ("subject_token", &token),
            ("options", &options),
            ("scope", scope),
        ];
        let answer = server.post("/v1/token", &form).await;
        assert_eq!(answer.status, status, "{}", answer.body);
    }
}

#[tokio::test]
async fn google_wire_6_5_what_ends_the_whole_token_ends_the_weaker_one() {
    let mut server = Provider::new().await;
    let whole = own(&server, READ).await;
    let token = weak(&server, &whole).await;
    assert_eq!(told(&server, &token, true).await["active"], true);
    let answer = server.post("/revoke", &[("token", &whole)]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(told(&server, &token, true).await["active"], false);

    // The other way round the whole one stays.
    let whole = own(&server, READ).await;
    let token = weak(&server, &whole).await;
    server.post("/revoke", &[("token", &token)]).await;
    assert_eq!(told(&server, &token, true).await["active"], false);
    assert_eq!(told(&server, &whole, true).await["active"], true);

    let asker = own(&server, "carnet.introspect").await;
    let token = weak(&server, &whole).await;
    server.world.account_is_disabled().await;
    let form = [
        ("token", token.as_str()),
        ("understands", "access_boundary"),
    ];
    let answer = server.post_as("/introspect", &form, Some(&asker)).await;
    assert_ne!(answer.json()["active"], true, "{}", answer.body);
}

#[tokio::test]
async fn google_wire_6_5_a_principals_token_is_made_weaker_too() {
    let scene = Scene::new().await;
    let whole = scene.token().await;
    let token = weak(&scene.server, &whole).await;
    let (old, new) = (
        told(&scene.server, &whole, true).await,
        told(&scene.server, &token, true).await,
    );
    assert_eq!(new["sub"], old["sub"]);
    assert_eq!(new["access_boundary"], boundary());
    // Named beside a provider, a token of ours is a credential that no provider takes.
    let audience = scene.provider.name.audience();
    let form = [
        ("grant_type", EXCHANGE),
        ("audience", &audience),
        ("subject_token_type", ACCESS_TOKEN),
        ("subject_token", &whole),
    ];
    let answer = scene.server.post("/v1/token", &form).await;
    assert_eq!(code(&answer), "CRN-2505");
}

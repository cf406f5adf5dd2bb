//! Pools of workload identity and their providers, through the admin API.

use carnet_core::record::Role;
use carnet_core::record::Territory;
use serde_json::Value;
use serde_json::json;

use super::installation::Installation;
use super::installation::acme;

const POOLS: &str = "projects/billing/workload-pools";
const PROVIDERS: &str = "projects/billing/workload-pools/ci-runners/providers";

async fn pool(carnet: &Installation, owner: &str) -> Value {
    let body = json!({"id": "ci-runners", "display_name": "CI", "description": "Runners"});
    carnet.post(owner, POOLS, body).await.expect(201)
}

fn github() -> Value {
    json!({
        "id": "github",
        "oidc": {"issuer": "https://token.actions.example", "allowed_audiences": ["https://carnet.example"]},
        "attribute_mapping": {
            "google.subject": "assertion.sub",
            "attribute.repository": "assertion.repository"
        },
        "attribute_condition": "attribute.repository.startsWith('acme/')"
    })
}

#[tokio::test]
async fn google_wire_6_4_a_pool_is_made_shown_listed_changed_deleted_and_brought_back() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let made = pool(&carnet, &owner).await;
    let name = made["name"].as_str().unwrap();
    assert!(
        name.starts_with("projects/")
            && name.ends_with("/locations/global/workloadIdentityPools/ci-runners")
    );
    assert_eq!(made["project"], "billing");
    assert_eq!(made["state"], json!({"state": "active"}));
    assert_eq!(made["session_seconds"], 3600);

    let one = format!("{POOLS}/ci-runners");
    let shown = carnet.get(&owner, &one).await;
    assert_eq!(shown.header("etag"), made["etag"]);
    assert_eq!(shown.expect(200), made);

    let etag = made["etag"].as_str().unwrap();
    let patch = json!({"disabled": true, "display_name": "Runners"});
    let changed = carnet
        .ask_if(&owner, ("PATCH", &one), patch.clone(), Some(etag))
        .await
        .expect(200);
    assert_eq!(changed["state"]["state"], "disabled");
    assert_eq!(changed["display_name"], "Runners");
    carnet
        .ask_if(&owner, ("PATCH", &one), patch.clone(), Some(etag))
        .await
        .refused(412, "CRN-6006");
    carnet
        .ask(&owner, "PATCH", &one, patch)
        .await
        .refused(428, "CRN-6015");

    assert_eq!(
        carnet.ask(&owner, "DELETE", &one, Value::Null).await.status,
        204
    );
    let listed = carnet.get(&owner, POOLS).await.expect(200);
    assert_eq!(listed["items"], json!([]));
    let listed = carnet
        .get(&owner, &format!("{POOLS}?show_deleted=true"))
        .await
        .expect(200);
    assert_eq!(listed["items"][0]["state"]["state"], "deleted");
    assert!(listed["items"][0]["state"]["restorable_until"].is_string());
    carnet
        .post(&owner, POOLS, json!({"id": "ci-runners"}))
        .await
        .refused(409, "CRN-6005");
    let back = carnet
        .post(&owner, &format!("{one}:undelete"), Value::Null)
        .await
        .expect(200);
    assert_eq!(back["state"]["state"], "disabled", "it is as it was");
}

#[tokio::test]
async fn google_wire_6_4_a_pool_of_a_workforce_is_an_organizations() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let pools = format!("organizations/{}/workforce-pools", acme());
    let made = carnet.post(
        &owner,
        &pools,
        json!({"id": "acme-people", "session_seconds": 43200}),
    );
    let made = made.await.expect(201);
    assert_eq!(made["name"], "locations/global/workforcePools/acme-people");
    assert_eq!(made["organization"], acme().to_string());
    let mut body = github();
    body["attribute_mapping"]["google.groups"] = json!("assertion.groups");
    let made = carnet
        .post(&owner, &format!("{pools}/acme-people/providers"), body)
        .await
        .expect(201);
    assert_eq!(made["pool"], "locations/global/workforcePools/acme-people");
    let short = json!({"id": "ci-runners", "session_seconds": 900});
    let problem = carnet
        .post(&owner, POOLS, short)
        .await
        .refused(400, "CRN-6007");
    assert_eq!(problem["errors"][0]["pointer"], "/session_seconds");
}

#[tokio::test]
async fn google_wire_6_4_a_provider_is_made_shown_listed_changed_deleted_and_brought_back() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    pool(&carnet, &owner).await;
    let made = carnet.post(&owner, PROVIDERS, github()).await.expect(201);
    let name = made["name"].as_str().unwrap();
    assert_eq!(made["audience"], format!("//iam.googleapis.com/{name}"));
    assert_eq!(
        made["oidc"],
        json!({"issuer": "https://token.actions.example", "allowed_audiences": ["https://carnet.example"]})
    );
    assert_eq!(made["attribute_mapping"], github()["attribute_mapping"]);

    let one = format!("{PROVIDERS}/github");
    let etag = made["etag"].as_str().unwrap();
    let patch = json!({"attribute_condition": null, "attribute_mapping": {"google.subject": "assertion.email"}});
    let changed = carnet
        .ask_if(&owner, ("PATCH", &one), patch, Some(etag))
        .await
        .expect(200);
    assert_eq!(changed.get("attribute_condition"), None);
    assert_eq!(
        changed["attribute_mapping"],
        json!({"google.subject": "assertion.email"})
    );
    assert_eq!(carnet.get(&owner, &one).await.expect(200), changed);
    let listed = carnet.get(&owner, PROVIDERS).await.expect(200);
    assert_eq!(listed["items"], json!([changed]));

    assert_eq!(
        carnet.ask(&owner, "DELETE", &one, Value::Null).await.status,
        204
    );
    assert_eq!(
        carnet.get(&owner, PROVIDERS).await.expect(200)["items"],
        json!([])
    );
    let back = carnet
        .post(&owner, &format!("{one}:undelete"), Value::Null)
        .await
        .expect(200);
    assert_eq!(back["state"]["state"], "active");
}

#[tokio::test]
async fn providers_are_listed_page_by_page() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    pool(&carnet, &owner).await;
    for id in ["prov-c", "prov-a", "prov-b"] {
        let mut body = github();
        body["id"] = json!(id);
        carnet.post(&owner, PROVIDERS, body).await.expect(201);
    }
    let first = carnet
        .get(&owner, &format!("{PROVIDERS}?page_size=2"))
        .await
        .expect(200);
    let ids = |page: &Value| {
        let items = page["items"].as_array().unwrap().iter();
        items
            .map(|item| item["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&first), ["prov-a", "prov-b"]);
    let next = first["next_page_token"].as_str().unwrap();
    let path = format!("{PROVIDERS}?page_size=2&page_token={next}");
    let second = carnet.get(&owner, &path).await.expect(200);
    assert_eq!(ids(&second), ["prov-c"]);
    assert_eq!(second.get("next_page_token"), None);
}

#[tokio::test]
async fn a_pool_has_fifty_providers_at_most_and_says_so() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    pool(&carnet, &owner).await;
    let mut body = github();
    for at in 0..50 {
        body["id"] = json!(format!("provider-{at}"));
        let made = carnet.post(&owner, PROVIDERS, body.clone()).await;
        assert_eq!(made.status, 201);
    }
    body["id"] = json!("one-more");
    let full = carnet.post(&owner, PROVIDERS, body).await;
    full.refused(409, "CRN-6012");
}

#[tokio::test]
async fn an_expression_that_is_wrong_is_not_saved_and_told_at_its_character() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    pool(&carnet, &owner).await;
    let cases = [
        (
            "/attribute_mapping/google.subject",
            "At character 13: there is no function 'lower'.",
        ),
        (
            "/attribute_mapping/attribute.Team",
            "the name of an attribute has 1 to 100 characters of a-z, 0-9 and _.",
        ),
        (
            "/attribute_condition",
            "At character 9: attribute.team is not mapped by this provider.",
        ),
    ];
    let bodies = [
        json!({"google.subject": "assertion.s.lower()"}),
        json!({"google.subject": "assertion.sub", "attribute.Team": "'x'"}),
        json!({"google.subject": "assertion.sub"}),
    ];
    for ((pointer, detail), mapping) in cases.into_iter().zip(bodies) {
        let mut body = github();
        body["attribute_mapping"] = mapping;
        body["attribute_condition"] = json!("true && attribute.team == 'x'");
        let problem = carnet
            .post(&owner, PROVIDERS, body)
            .await
            .refused(400, "CRN-6007");
        let error = &problem["errors"][0];
        assert_eq!(error["pointer"], pointer);
        assert_eq!(error["detail"], detail);
    }
    carnet.post(&owner, PROVIDERS, github()).await.expect(201);
    let one = format!("{PROVIDERS}/github");
    let etag = carnet.get(&owner, &one).await.header("etag").to_owned();
    let etag = etag.as_str();
    let patch = json!({"attribute_mapping": {"google.subject": "assertion.sub"}});
    let problem = carnet
        .ask_if(&owner, ("PATCH", &one), patch, Some(etag))
        .await
        .refused(400, "CRN-6007");
    assert_eq!(
        problem["errors"][0]["pointer"], "/attribute_condition",
        "the condition that stays reads what goes"
    );
}

#[tokio::test]
async fn what_a_provider_cannot_be_is_told_at_its_member() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    pool(&carnet, &owner).await;
    let wrong: [(&str, Value, &str); 8] = [
        (
            "/oidc/issuer",
            json!("token.actions.example"),
            "/oidc/issuer",
        ),
        (
            "/oidc/issuer",
            json!("http://issuer.example"),
            "/oidc/issuer",
        ),
        ("/oidc/issuer", json!("https://10.1.2.3"), "/oidc/issuer"),
        (
            "/oidc/allowed_audiences",
            json!(["a", ""]),
            "/oidc/allowed_audiences/1",
        ),
        ("/oidc/jwks", json!({"keys": []}), "/oidc/jwks"),
        (
            "/oidc/jwks",
            json!({"keys": [{"kty": "oct", "k": "AAAA"}]}),
            "/oidc/jwks",
        ),
        (
            "/attribute_mapping",
            json!({"google.subject": 7}),
            "/attribute_mapping/google.subject",
        ),
        (
            "/attribute_mapping",
            json!({}),
            "/attribute_mapping/google.subject",
        ),
    ];
    for (place, value, pointer) in wrong {
        let mut body = github();
        body.as_object_mut().unwrap().remove("attribute_condition");
        let (within, member) = place.rsplit_once('/').unwrap();
        body.pointer_mut(within).unwrap()[member] = value.clone();
        let problem = carnet
            .post(&owner, PROVIDERS, body)
            .await
            .refused(400, "CRN-6007");
        assert_eq!(
            problem["errors"][0]["pointer"], pointer,
            "{place} {value}: {problem}"
        );
    }
}

#[tokio::test]
async fn pools_are_their_projects_viewers_read_and_admins_write() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    pool(&carnet, &owner).await;
    carnet.post(&owner, PROVIDERS, github()).await.expect(201);
    let billing = || Territory::Project("billing".parse().unwrap());
    let viewer = carnet.caller(Role::Viewer, billing()).await;
    carnet.get(&viewer, POOLS).await.expect(200);
    carnet
        .get(&viewer, &format!("{PROVIDERS}/github"))
        .await
        .expect(200);
    let made = carnet.post(&viewer, POOLS, json!({"id": "others"})).await;
    assert_eq!(made.status, 403);
    assert_eq!(
        carnet
            .ask(
                &viewer,
                "DELETE",
                &format!("{PROVIDERS}/github"),
                Value::Null
            )
            .await
            .status,
        403
    );
    let admin = carnet.caller(Role::Admin, billing()).await;
    carnet
        .post(&admin, POOLS, json!({"id": "others"}))
        .await
        .expect(201);
    let stranger = carnet
        .caller(Role::Owner, Territory::Project("solo".parse().unwrap()))
        .await;
    assert_eq!(carnet.get(&stranger, POOLS).await.status, 404);
    assert_eq!(
        carnet
            .get(&stranger, &format!("{PROVIDERS}/github"))
            .await
            .status,
        404
    );
    let elsewhere = "projects/solo/workload-pools/ci-runners";
    assert_eq!(
        carnet.get(&stranger, elsewhere).await.status,
        404,
        "a pool of another project"
    );
}

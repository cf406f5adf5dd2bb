//! Pools of workload identity in Google's form (google-wire 5.3): what is answered, what a mask leaves alone, who
//! may, and for how long a deleted pool comes back. `interop/gcloud` and `interop/python` try Google's clients.

use carnet_core::record::Outcome;
use carnet_core::record::Role;
use carnet_core::record::Territory;
use carnet_testkit::provider::Answer;
use serde_json::Value;
use serde_json::json;

use super::administration::no;
use super::house::House;
use super::house::told;

/// The pools of the project where everything here is.
pub(super) const POOLS: &str = "/v1/projects/billing/locations/global/workloadIdentityPools";

impl House {
    /// The name of this pool as Google has it, with the number of the project.
    pub(super) async fn pool_named(&self, id: &str) -> String {
        let store = self.provider.world.store();
        let project = store.project(&"billing".parse().unwrap()).await.unwrap();
        let number = project.unwrap().number;
        format!("projects/{number}/locations/global/workloadIdentityPools/{id}")
    }

    /// Makes this pool, and gives the operation.
    pub(super) async fn make_pool(&self, id: &str, body: Value) -> Value {
        let path = format!("{POOLS}?workloadIdentityPoolId={id}");
        let answer = self.iam("POST", &path, body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    pub(super) async fn read(&self, path: &str) -> Value {
        let answer = self.iam("GET", path, Value::Null).await;
        assert_eq!(answer.status, 200, "{path} {}", answer.body);
        answer.json()
    }
}

/// The members of a refusal that are wrong.
pub(super) fn fields(answer: &Answer) -> Vec<String> {
    let details = answer.json()["error"]["details"]
        .as_array()
        .unwrap()
        .clone();
    let violations = details
        .iter()
        .filter_map(|one| one["fieldViolations"].as_array());
    let names = violations.flatten();
    names
        .map(|one| one["field"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn google_wire_5_3_a_pool_is_made_by_an_operation_that_is_done() {
    let house = House::administered(Role::Owner).await;
    let body =
        json!({"displayName": "CI", "description": "Jobs", "mode": "FEDERATION_ONLY", "new": 1});
    let operation = house.make_pool("ci-pool", body).await;
    let name = house.pool_named("ci-pool").await;
    assert_eq!(operation["name"], format!("{name}/operations/v1"));
    assert_eq!(operation["done"], true);
    let metadata = operation["metadata"]["@type"].as_str().unwrap();
    assert!(metadata.starts_with("type.googleapis.com/"), "{metadata}");
    let mut pool = operation["response"].clone();
    assert_eq!(
        pool,
        json!({
            "@type": "type.googleapis.com/google.iam.v1.WorkloadIdentityPool",
            "name": name, "displayName": "CI", "description": "Jobs", "state": "ACTIVE",
            "mode": "FEDERATION_ONLY",
        })
    );
    pool.as_object_mut().unwrap().remove("@type");
    assert_eq!(house.read(&format!("{POOLS}/ci-pool")).await, pool);
    assert_eq!(house.read(&format!("/v1/{name}")).await, pool, "by number");
    let again = house.read(&format!("/v1/{name}/operations/v1")).await;
    assert_eq!(again, operation);
    for unknown in ["v0", "v2", "1", "v-1", "x"] {
        let path = format!("/v1/{name}/operations/{unknown}");
        let answer = house.iam("GET", &path, Value::Null).await;
        assert_eq!(told(&answer), no(404, "NOT_FOUND", "CRN-6004"), "{unknown}");
    }
    let actions = house.audited().await;
    let made = actions.iter().any(|one| {
        one.action == "workload_pool.create" && one.target == name && one.outcome == Outcome::Done
    });
    assert!(
        made,
        "it stands in the audit log as a change by the admin API does"
    );
}

#[tokio::test]
async fn google_wire_5_3_a_pool_that_was_made_in_one_api_is_there_in_the_other() {
    let house = House::administered(Role::Owner).await;
    house
        .make_pool("ci-pool", json!({"displayName": "CI"}))
        .await;
    let store = house.provider.world.store();
    let name = house.pool_named("ci-pool").await.parse().unwrap();
    let record = store.workload_pool(&name).await.unwrap().unwrap();
    assert_eq!(record.title.as_str(), "CI");
    assert!(record.is_on());
}

#[tokio::test]
async fn google_wire_5_3_a_mask_says_what_of_a_pool_is_written() {
    let house = House::administered(Role::Owner).await;
    let body = json!({"displayName": "CI", "description": "Jobs"});
    house.make_pool("ci-pool", body).await;
    let pool = format!("{POOLS}/ci-pool");
    let patch = |mask: &str, body: Value| {
        let path = format!("{pool}?updateMask={mask}&alt=json");
        let house = &house;
        async move { house.iam("PATCH", &path, body).await }
    };
    let sent = json!({"displayName": "Other", "description": "New", "disabled": true});
    let answer = patch("description", sent.clone()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let operation = answer.json();
    assert!(
        operation["name"]
            .as_str()
            .unwrap()
            .ends_with("/operations/v2")
    );
    let now = &operation["response"];
    assert_eq!(
        (&now["displayName"], &now["description"]),
        (&json!("CI"), &json!("New"))
    );
    assert!(now.get("disabled").is_none(), "not named in the mask");
    let now = patch("display_name,disabled", json!({"disabled": true}))
        .await
        .json();
    let now = &now["response"];
    assert_eq!(now["disabled"], true);
    assert!(
        now.get("displayName").is_none(),
        "named and not said: empty"
    );
    let now = house
        .iam("PATCH", &pool, json!({"displayName": "CI"}))
        .await
        .json();
    let now = &now["response"];
    assert_eq!(
        (&now["displayName"], &now["disabled"]),
        (&json!("CI"), &json!(true))
    );
    for mask in ["state", "name", "displayName,nothing"] {
        let answer = patch(mask, sent.clone()).await;
        assert_eq!(told(&answer).1, "INVALID_ARGUMENT", "{mask}");
    }
    // The operation that made an earlier version tells the resource of today.
    let earlier = house.read(&format!("{pool}/operations/v2")).await;
    assert_eq!(earlier["response"]["displayName"], "CI");
}

#[tokio::test]
async fn google_wire_5_3_a_deleted_pool_is_shown_when_asked_for_and_comes_back_within_30_days() {
    let house = House::administered(Role::Owner).await;
    house.make_pool("ci-pool", json!({})).await;
    house.make_pool("pipelines", json!({})).await;
    let pool = format!("{POOLS}/ci-pool");
    let deleted = house.iam("DELETE", &pool, Value::Null).await.json();
    assert_eq!(deleted["response"]["state"], "DELETED");
    assert_eq!(deleted["response"]["expireTime"], "2026-05-02T09:10:58Z");
    assert_eq!(house.read(&pool).await["state"], "DELETED");
    let ids = |list: &Value| {
        let all = list["workloadIdentityPools"].as_array().unwrap();
        let names = all.iter().map(|one| one["name"].as_str().unwrap());
        let ids = names.map(|name| name.rsplit('/').next().unwrap().to_owned());
        ids.collect::<Vec<_>>()
    };
    assert_eq!(ids(&house.read(POOLS).await), ["pipelines"]);
    let all = house.read(&format!("{POOLS}?showDeleted=true")).await;
    assert_eq!(ids(&all), ["ci-pool", "pipelines"]);
    let as_gcloud = house.read(&format!("{POOLS}?showDeleted=True")).await;
    assert_eq!(as_gcloud, all);
    let again = house.iam("DELETE", &pool, Value::Null).await;
    let state = no(400, "FAILED_PRECONDITION", "CRN-6012");
    assert_eq!(told(&again), state, "{}", again.body);
    let change = json!({"displayName": "x"});
    assert_eq!(told(&house.iam("PATCH", &pool, change).await), state);
    let path = format!("{POOLS}?workloadIdentityPoolId=ci-pool");
    let taken = house.iam("POST", &path, json!({})).await;
    assert_eq!(told(&taken), no(409, "ALREADY_EXISTS", "CRN-6005"));
    house.provider.wait(30 * 86_400 - 1);
    let undelete = format!("{pool}:undelete");
    let back = house.iam("POST", &undelete, json!({})).await;
    assert_eq!(back.status, 200, "{}", back.body);
    assert_eq!(back.json()["response"]["state"], "ACTIVE");
    let twice = house.iam("POST", &undelete, json!({})).await;
    assert_eq!(told(&twice), state);
    house.iam("DELETE", &pool, Value::Null).await;
    house.provider.wait(30 * 86_400);
    let late = house.iam("POST", &undelete, json!({})).await;
    assert_eq!(told(&late), state);
}

#[tokio::test]
async fn google_wire_5_3_pools_come_in_pages() {
    let house = House::administered(Role::Owner).await;
    for id in ["first", "second", "third"] {
        house.make_pool(id, json!({})).await;
    }
    let mut seen = Vec::new();
    let mut token = String::new();
    loop {
        let page = house
            .read(&format!("{POOLS}?pageSize=2&pageToken={token}"))
            .await;
        let pools = page["workloadIdentityPools"].as_array().unwrap();
        assert!(pools.len() <= 2);
        seen.extend(pools.iter().map(|one| one["name"].to_string()));
        match page["nextPageToken"].as_str() {
            Some(next) => next.clone_into(&mut token),
            None => break,
        }
    }
    assert_eq!(seen.len(), 3, "{seen:?}");
    for wrong in ["pageToken=AAAA", "pageSize=many", "showDeleted=perhaps"] {
        let answer = house
            .iam("GET", &format!("{POOLS}?{wrong}"), Value::Null)
            .await;
        assert_eq!(told(&answer).1, "INVALID_ARGUMENT", "{wrong}");
    }
}

#[tokio::test]
async fn google_wire_5_4_what_is_wrong_with_a_pool_is_told_at_its_member() {
    let house = House::administered(Role::Owner).await;
    let long = "x".repeat(33);
    let longer = "x".repeat(257);
    let create = |id: &str, body: Value| {
        let path = format!("{POOLS}?workloadIdentityPoolId={id}");
        let house = &house;
        async move { house.iam("POST", &path, body).await }
    };
    let id = "workload_identity_pool_id";
    for (name, body, field) in [
        ("", json!({}), id),
        ("gcp-pool", json!({}), id),
        ("UPPER", json!({}), id),
        ("abc", json!({}), id),
        ("ci-pool", json!({"displayName": long}), "display_name"),
        ("ci-pool", json!({"description": longer}), "description"),
    ] {
        let answer = create(name, body).await;
        assert_eq!(told(&answer).1, "INVALID_ARGUMENT", "{name}");
        assert_eq!(fields(&answer), [field], "{}", answer.body);
    }
    let other = create("ci-pool", json!({"mode": "TRUST_DOMAIN"})).await;
    assert_eq!(told(&other), no(400, "INVALID_ARGUMENT", "CRN-2404"));
    let text = create("ci-pool", json!({"disabled": "perhaps"})).await;
    assert_eq!(told(&text).0, 400);
    assert_eq!(house.read(POOLS).await, json!({}), "an empty list");
}

#[tokio::test]
async fn google_wire_5_3_a_pool_is_its_projects_and_takes_a_role_there() {
    let house = House::administered(Role::Viewer).await;
    let denied = no(403, "PERMISSION_DENIED", "CRN-2401");
    assert_eq!(house.read(POOLS).await, json!({}));
    let create = format!("{POOLS}?workloadIdentityPoolId=ci-pool");
    let refused = house.iam("POST", &create, json!({})).await;
    assert_eq!(told(&refused), denied, "a viewer only reads");
    let message = refused.json()["error"]["message"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        message.contains("iam.workloadIdentityPools.create"),
        "{message}"
    );
    let unknown = house
        .iam("GET", &format!("{POOLS}/ci-pool"), Value::Null)
        .await;
    assert_eq!(told(&unknown), no(404, "NOT_FOUND", "CRN-6004"));
    let other = POOLS.replace("billing", "elsewhere");
    for (method, path) in [
        ("GET", other.clone()),
        ("GET", format!("{other}/ci-pool")),
        ("DELETE", format!("{other}/ci-pool")),
        ("POST", format!("{other}/ci-pool:undelete")),
        ("GET", format!("{other}/ci-pool/operations/v1")),
    ] {
        let answer = house.iam(method, &path, Value::Null).await;
        assert_eq!(told(&answer), denied, "{method} {path}");
    }
    // A role elsewhere opens nothing here.
    let house = House::new().await;
    let caller = house.caller().await;
    let elsewhere = Territory::Project("elsewhere".parse().unwrap());
    let email = caller.email.as_str();
    house.grant(email, Role::Owner, elsewhere).await;
    let answer = house.iam("GET", POOLS, Value::Null).await;
    assert_eq!(told(&answer), denied);
    assert_eq!(house.read(&other).await, json!({}));
}

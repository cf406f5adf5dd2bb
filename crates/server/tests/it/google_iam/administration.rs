//! IAM Admin (google-wire 5.3): who may, and what a policy, a key and an account do there. What Google's own
//! clients make of it is tried in `interop/gcloud` and `interop/python`.

use axum::body::Body;
use axum::http::Request;
use carnet_core::record::AccountRole;
use carnet_core::record::Holder;
use carnet_core::record::Role;
use carnet_core::record::RoleBinding;
use carnet_core::record::Territory;
use carnet_core::store::Change;
use carnet_core::store::Record;
use carnet_core::value::BindingId;
use carnet_core::value::Member;
use carnet_core::value::UnixTime;
use carnet_testkit::provider::Answer;
use carnet_testkit::world::NOW;
use serde_json::Value;
use serde_json::json;

use super::house::CLOUD;
use super::house::House;
use super::house::IAM;
use super::house::MIDDLE;
use super::house::TARGET;
use super::house::told;
use crate::api_discovery::methods;
use crate::api_discovery::path_of;

const BILLING: &str = "/v1/projects/billing/serviceAccounts";
const ANY: &str = "/v1/projects/-/serviceAccounts";

impl House {
    /// The account has this role in this territory.
    pub(super) async fn grant(&self, email: &str, role: Role, territory: Territory) {
        let account = self.account(email).await.unique_id;
        let binding = RoleBinding {
            id: BindingId::from_bytes([u8::try_from(email.len()).unwrap(); 16]),
            holder: Holder::ServiceAccount(account),
            role,
            territory,
            created: UnixTime(NOW),
        };
        self.commit(Change::Insert(Record::RoleBinding(binding)))
            .await;
    }

    /// The caller has this role in the project of all accounts here.
    pub(super) async fn administered(role: Role) -> Self {
        let house = Self::new().await;
        let caller = house.caller().await;
        let territory = Territory::Project(caller.project.clone());
        house.grant(caller.email.as_str(), role, territory).await;
        house
    }

    pub(super) async fn iam(&self, method: &str, path: &str, body: Value) -> Answer {
        let token = self.token(IAM).await;
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json");
        let body = if body.is_null() {
            Body::empty()
        } else {
            Body::from(body.to_string())
        };
        self.provider.send(request.body(body).unwrap()).await
    }
}

pub(super) fn no(status: u16, name: &str, crn: &str) -> (u16, String, String) {
    (status, name.to_owned(), crn.to_owned())
}

#[tokio::test]
async fn google_wire_5_3_whoever_has_no_role_is_not_told_what_there_is() {
    let house = House::new().await;
    let denied = no(403, "PERMISSION_DENIED", "CRN-2401");
    let nobody = "nobody@billing.iam.gserviceaccount.com";
    let stranger = format!("{BILLING}/{nobody}");
    for path in [
        BILLING,
        stranger.as_str(),
        "/v1/projects/other/serviceAccounts",
    ] {
        let answer = house.iam("GET", path, Value::Null).await;
        assert_eq!(told(&answer), denied, "{path}");
    }
    // A token creator may read the account, and not change it.
    let own = format!("{ANY}/{TARGET}");
    assert_eq!(house.iam("GET", &own, Value::Null).await.status, 200);
    let answer = house.iam("DELETE", &own, Value::Null).await;
    assert_eq!(told(&answer), denied);
}

#[tokio::test]
async fn google_wire_5_3_an_unknown_account_is_404_in_its_project_and_403_in_any() {
    let house = House::administered(Role::Viewer).await;
    let nobody = "nobody@billing.iam.gserviceaccount.com";
    let here = house
        .iam("GET", &format!("{BILLING}/{nobody}"), Value::Null)
        .await;
    assert_eq!(told(&here), no(404, "NOT_FOUND", "CRN-6004"));
    let any = house
        .iam("GET", &format!("{ANY}/{nobody}"), Value::Null)
        .await;
    assert_eq!(told(&any), no(403, "PERMISSION_DENIED", "CRN-2401"));
}

#[tokio::test]
async fn google_wire_5_3_an_account_is_made_once_and_read_by_either_name_and_either_project() {
    let house = House::administered(Role::Admin).await;
    let body = json!({"accountId": "robot", "serviceAccount": {"displayName": "Robot"}, "new": 1});
    let made = house.iam("POST", BILLING, body.clone()).await;
    assert_eq!(made.status, 200, "{}", made.body);
    let made = made.json();
    assert_eq!(made["email"], "robot@billing.iam.gserviceaccount.com");
    assert_eq!(made["oauth2ClientId"], made["uniqueId"]);
    let again = house.iam("POST", BILLING, body).await;
    assert_eq!(told(&again), no(409, "ALREADY_EXISTS", "CRN-6005"));
    assert_eq!(
        again.json()["error"]["message"],
        "Service account robot already exists within project projects/billing."
    );
    let store = house.provider.world.store();
    let project = store.project(&"billing".parse().unwrap()).await.unwrap();
    let number = project.unwrap().number;
    let id = made["uniqueId"].as_str().unwrap();
    for project in ["-", "billing", number.as_str()] {
        let path = format!("/v1/projects/{project}/serviceAccounts/{id}");
        let read = house.iam("GET", &path, Value::Null).await;
        assert_eq!(read.json(), made, "{path}");
    }
}

#[tokio::test]
async fn google_wire_5_3_pages_of_accounts_and_their_tokens() {
    let house = House::administered(Role::Viewer).await;
    let mut seen = Vec::new();
    let mut token = String::new();
    loop {
        let path = format!("{BILLING}?pageSize=1&pageToken={token}&fields=x&alt=json");
        let page = house.iam("GET", &path, Value::Null).await.json();
        let accounts = page["accounts"].as_array().cloned().unwrap_or_default();
        seen.extend(accounts.iter().map(|one| one["email"].to_string()));
        match page["nextPageToken"].as_str() {
            Some(next) => next.clone_into(&mut token),
            None => break,
        }
    }
    assert_eq!(seen.len(), 3, "{seen:?}");
    let forged = format!("{BILLING}?pageToken=AAAA");
    let answer = house.iam("GET", &forged, Value::Null).await;
    assert_eq!(told(&answer), no(400, "INVALID_ARGUMENT", "CRN-6007"));
}

#[tokio::test]
async fn google_wire_5_3_a_policy_is_written_to_the_state_that_was_read() {
    let house = House::administered(Role::Owner).await;
    let path = format!("{ANY}/{TARGET}");
    let held = house
        .iam("POST", &format!("{path}:getIamPolicy"), Value::Null)
        .await
        .json();
    let bindings = json!([{"role": "roles/iam.serviceAccountUser", "members": [format!("serviceAccount:{MIDDLE}")]}]);
    let policy = json!({"policy": {"bindings": bindings, "etag": held["etag"], "version": 3}});
    let set = format!("{path}:setIamPolicy");
    let written = house.iam("POST", &set, policy.clone()).await;
    assert_eq!(written.status, 200, "{}", written.body);
    assert_eq!(written.json()["bindings"], bindings);
    let stale = house.iam("POST", &set, policy).await;
    assert_eq!(told(&stale), no(409, "ABORTED", "CRN-6006"));
    let condition = json!({"policy": {"bindings": [{
        "role": "roles/iam.serviceAccountUser", "members": [format!("serviceAccount:{MIDDLE}")],
        "condition": {"expression": "false"},
    }]}});
    let refused = house.iam("POST", &set, condition).await;
    assert_eq!(told(&refused), no(400, "INVALID_ARGUMENT", "CRN-6007"));
    let everybody = json!({"policy": {"bindings": [{"role": "roles/iam.serviceAccountUser", "members": ["allUsers"]}]}});
    let refused = house.iam("POST", &set, everybody).await;
    assert_eq!(told(&refused), no(400, "INVALID_ARGUMENT", "CRN-6007"));
}

#[tokio::test]
async fn keycloak_cve_2026_3121_nobody_gets_at_more_than_they_hold_by_way_of_an_account() {
    let house = House::administered(Role::Owner).await;
    house
        .grant(TARGET, Role::Owner, Territory::Installation)
        .await;
    let path = format!("{ANY}/{TARGET}");
    let policy = json!({"policy": {"bindings": []}});
    for (path, body) in [
        (format!("{path}:setIamPolicy"), policy),
        (format!("{path}/keys"), json!({})),
        (format!("{path}:disable"), json!({})),
    ] {
        let answer = house.iam("POST", &path, body).await;
        assert_eq!(told(&answer).0, 403, "{path} {}", answer.body);
    }
}

#[tokio::test]
async fn google_wire_5_3_test_iam_permissions_tells_what_one_may_and_of_strangers_nothing() {
    let house = House::new().await;
    let asked = [
        "iam.serviceAccounts.getAccessToken",
        "iam.serviceAccounts.delete",
    ];
    let body = json!({"permissions": asked});
    let own = format!("{ANY}/{TARGET}:testIamPermissions");
    let answer = house.iam("POST", &own, body.clone()).await;
    assert_eq!(answer.json(), json!({"permissions": [asked[0]]}));
    let nobody = format!("{ANY}/nobody@billing.iam.gserviceaccount.com:testIamPermissions");
    assert_eq!(house.iam("POST", &nobody, body).await.json(), json!({}));
}

#[tokio::test]
async fn google_wire_5_3_a_bound_key_admin_manages_keys_and_nothing_else() {
    let house = House::new().await;
    let own = Member::ServiceAccount(house.caller().await.unique_id);
    house.bind(TARGET, &[(AccountRole::KeyAdmin, own)]).await;
    let keys = format!("{ANY}/{TARGET}/keys");
    let made = house.iam("POST", &keys, json!({})).await;
    assert_eq!(made.status, 200, "{}", made.body);
    let made = made.json();
    assert_eq!(made["keyAlgorithm"], "KEY_ALG_RSA_2048");
    assert!(made["privateKeyData"].as_str().unwrap().len() > 1_000);
    let path = format!("/v1/{}", made["name"].as_str().unwrap());
    let shown = house
        .iam(
            "GET",
            &format!("{path}?publicKeyType=TYPE_X509_PEM_FILE"),
            Value::Null,
        )
        .await
        .json();
    assert!(shown.get("privateKeyData").is_none() && shown["publicKeyData"].is_string());
    let reason = "SERVICE_ACCOUNT_KEY_DISABLE_REASON_EXPOSED";
    let body = json!({"serviceAccountKeyDisableReason": reason});
    let disabled = house.iam("POST", &format!("{path}:disable"), body).await;
    assert_eq!(
        (disabled.status.as_u16(), disabled.json()),
        (200, json!({}))
    );
    let shown = house.iam("GET", &path, Value::Null).await.json();
    assert_eq!(
        (&shown["disabled"], &shown["disableReason"]),
        (&json!(true), &json!(reason))
    );
    assert_eq!(
        house.iam("DELETE", &path, Value::Null).await.json(),
        json!({})
    );
    let gone = house.iam("GET", &path, Value::Null).await;
    assert_eq!(gone.status, 404);
    let policy = house
        .iam("POST", &format!("{ANY}/{TARGET}:getIamPolicy"), Value::Null)
        .await;
    assert_eq!(policy.status, 403);
}

#[tokio::test]
async fn google_wire_10_3_a_get_that_had_to_be_a_post_is_a_get() {
    let house = House::administered(Role::Viewer).await;
    let token = house.token(CLOUD).await;
    let request = Request::post(BILLING)
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("x-http-method-override", "GET")
        .body(Body::from("pageSize=2"));
    let answer = house.provider.send(request.unwrap()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.json()["accounts"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn google_wire_5_3_custom_roles_are_refused_and_the_table_is_shown() {
    let house = House::administered(Role::Owner).await;
    let custom = house
        .iam("POST", "/v1/projects/billing/roles", json!({"roleId": "x"}))
        .await;
    assert_eq!(told(&custom), no(400, "INVALID_ARGUMENT", "CRN-2404"));
    let none = house
        .iam("GET", "/v1/projects/billing/roles", Value::Null)
        .await;
    assert_eq!(none.json(), json!({}));
    let role = "/v1/roles/iam.serviceAccountOpenIdTokenCreator";
    let shown = house.iam("GET", role, Value::Null).await.json();
    let only = json!(["iam.serviceAccounts.getOpenIdToken"]);
    assert_eq!(shown["includedPermissions"], only);
}

#[tokio::test]
async fn google_wire_5_3_the_older_sign_blob_has_other_names() {
    let house = House::new().await;
    let path = format!("{BILLING}/{TARGET}:signBlob");
    let answer = house
        .iam("POST", &path, json!({"bytesToSign": "YWJj"}))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let said = answer.json();
    assert!(
        said["keyId"].is_string() && said["signature"].is_string(),
        "{said}"
    );
}

#[tokio::test]
async fn google_wire_6_3_a_project_is_found_by_its_number() {
    let house = House::administered(Role::Viewer).await;
    let shown = house
        .iam("GET", "/v1/projects/billing", Value::Null)
        .await
        .json();
    let number = shown["projectNumber"].as_str().unwrap();
    let path = format!("/v1/projects/{number}");
    assert_eq!(house.iam("GET", &path, Value::Null).await.json(), shown);
    let newer = house
        .iam("GET", &format!("/v3/projects/{number}"), Value::Null)
        .await;
    assert_eq!(newer.json()["name"], format!("projects/{number}"));
    let other = house.iam("GET", "/v1/projects/nowhere", Value::Null).await;
    assert_eq!(told(&other), no(403, "PERMISSION_DENIED", "CRN-2401"));
}

#[tokio::test]
async fn google_wire_10_2_every_method_that_the_document_of_iam_names_is_there() {
    let house = House::administered(Role::Owner).await;
    let path = "/discovery/v1/apis/iam/v1/rest";
    let document: Value = house.provider.get(path).await.json();
    let mut all = Vec::new();
    methods(&document, &mut all);
    assert_eq!(all.len(), 55);
    for method in all {
        let path = format!("/{}", path_of(&method));
        let verb = method["httpMethod"].as_str().unwrap();
        let answer = house.iam(verb, &path, json!({})).await;
        assert_ne!(answer.status, 405, "{verb} {path}");
        // What is answered is JSON of this API, and not that there is no such method.
        let said = answer.json()["error"]["message"].clone();
        assert_ne!(said, "Method not found.", "{verb} {path}");
    }
    let path = format!("{BILLING}/some:nothing");
    let none = house.iam("POST", &path, json!({})).await;
    let said = none.json()["error"]["message"].clone();
    assert_eq!(said, "Method not found.");
}

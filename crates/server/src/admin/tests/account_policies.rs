//! Who may do what with a service account, over HTTP.

use carnet_core::record::{Holder, Role, Territory};
use serde_json::json;

use super::installation::Installation;

const ROLE: &str = "roles/iam.serviceAccountTokenCreator";
const POLICY: &str =
    "projects/billing/service-accounts/reports@billing.iam.gserviceaccount.com/policy";

fn member(of: &str) -> serde_json::Value {
    json!({"member": of, "role": ROLE})
}

#[tokio::test]
async fn google_wire_5_3_members_are_shown_as_google_names_them() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    carnet.account("reports", "billing").await;
    carnet.account("ci", "billing").await;
    carnet.user("dana@acme.example").await;
    let empty = carnet.get(&owner, POLICY).await.expect(200);
    assert_eq!(empty["bindings"], json!([]));
    let add = format!("{POLICY}:add");
    let pool = "principalSet://iam.googleapis.com/projects/412345678901/locations/global/workloadIdentityPools/ci-pool/*";
    for name in [
        "serviceAccount:ci@billing.iam.gserviceaccount.com",
        "user:dana@acme.example",
        "domain:acme.example",
        pool,
    ] {
        carnet.post(&owner, &add, member(name)).await.expect(200);
    }
    let shown = carnet.get(&owner, POLICY).await.expect(200);
    let [binding] = shown["bindings"].as_array().unwrap().as_slice() else {
        panic!("{shown}");
    };
    assert_eq!(binding["role"], ROLE);
    let mut members: Vec<_> = binding["members"].as_array().unwrap().iter().collect();
    members.sort_by_key(ToString::to_string);
    assert_eq!(
        members,
        [
            "domain:acme.example",
            pool,
            "serviceAccount:ci@billing.iam.gserviceaccount.com",
            "user:dana@acme.example",
        ]
    );
    let remove = format!("{POLICY}:remove");
    let gone = carnet
        .post(&owner, &remove, member("domain:acme.example"))
        .await;
    let members = gone.expect(200)["bindings"][0]["members"].clone();
    assert_eq!(members.as_array().unwrap().len(), 3);
    let again = carnet
        .post(&owner, &remove, member("domain:acme.example"))
        .await;
    again.refused(400, "CRN-6007");
}

#[tokio::test]
async fn who_is_not_there_cannot_be_bound_and_who_goes_is_named_as_gone() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    carnet.account("reports", "billing").await;
    let ci = carnet.account("ci", "billing").await;
    let add = format!("{POLICY}:add");
    for nobody in [
        "serviceAccount:nobody@billing.iam.gserviceaccount.com",
        "user:nobody@acme.example",
        "group:nobody@acme.example",
        "allUsers",
        "ci@billing.iam.gserviceaccount.com",
    ] {
        let said = carnet.post(&owner, &add, member(nobody)).await;
        said.refused(400, "CRN-6007");
    }
    let role = json!({"member": "domain:acme.example", "role": "roles/owner"});
    carnet
        .post(&owner, &add, role)
        .await
        .refused(400, "CRN-6007");
    let name = format!("serviceAccount:{}", ci.email);
    carnet.post(&owner, &add, member(&name)).await.expect(200);
    let one = format!("projects/billing/service-accounts/{}", ci.email);
    let gone = carnet.ask(&owner, "DELETE", &one, json!(null)).await;
    assert_eq!(gone.status, 204);
    // A new account has the address, and nothing of what was bound to the old one.
    carnet.account("ci", "billing").await;
    let shown = carnet.get(&owner, POLICY).await.expect(200);
    let named = format!("deleted:serviceAccount:{}?uid={}", ci.email, ci.unique_id);
    assert_eq!(shown["bindings"][0]["members"], json!([named]));
    let remove = format!("{POLICY}:remove");
    let left = carnet
        .post(&owner, &remove, member(&named))
        .await
        .expect(200);
    assert_eq!(left["bindings"], json!([]));
}

#[tokio::test]
async fn google_wire_5_3_only_an_owner_says_who_may() {
    let carnet = Installation::new().await;
    carnet.account("reports", "billing").await;
    let territory = Territory::Project("billing".parse().unwrap());
    let add = format!("{POLICY}:add");
    for role in [Role::Viewer, Role::Auditor, Role::Admin] {
        let caller = carnet.caller(role, territory.clone()).await;
        carnet.get(&caller, POLICY).await.expect(200);
        let said = carnet
            .post(&caller, &add, member("domain:acme.example"))
            .await;
        assert_eq!(said.status, 403, "{role:?}");
    }
    let owner = carnet.caller(Role::Owner, territory).await;
    carnet
        .post(&owner, &add, member("domain:acme.example"))
        .await
        .expect(200);
}

#[tokio::test]
async fn keycloak_cve_2026_3121_nobody_gives_away_an_account_with_roles_that_they_have_not() {
    let carnet = Installation::new().await;
    let reports = carnet.account("reports", "billing").await;
    let holder = Holder::ServiceAccount(reports.unique_id);
    carnet
        .grant(holder, Role::Owner, Territory::Installation)
        .await;
    let project = Territory::Project("billing".parse().unwrap());
    let owner = carnet.caller(Role::Owner, project).await;
    let add = format!("{POLICY}:add");
    let said = carnet
        .post(&owner, &add, member("domain:acme.example"))
        .await;
    assert_eq!(said.status, 403);
    let all = carnet.owner().await;
    carnet
        .post(&all, &add, member("domain:acme.example"))
        .await
        .expect(200);
}

#[tokio::test]
async fn google_wire_5_3_who_there_is_in_another_organization_is_told_to_whoever_may_look_there() {
    let carnet = Installation::new().await;
    carnet.account("reports", "billing").await;
    carnet.account("ci-runner", "billing").await;
    let far = carnet.account("far-bot", "solo").await;
    let project = Territory::Project("billing".parse().unwrap());
    let owner = carnet.caller(Role::Owner, project).await;
    let add = format!("{POLICY}:add");
    let said = async |token: &str, name: &str| {
        let email = format!("{name}.iam.gserviceaccount.com");
        let member = member(&format!("serviceAccount:{email}"));
        let said = carnet.post(token, &add, member).await;
        let errors = said.body["errors"].to_string();
        (said.status, errors.replace(&email, "E-MAIL"))
    };
    assert_eq!(said(&owner, "ci-runner@billing").await.0, 200);
    let nobody = said(&owner, "nobody@solo").await;
    assert_eq!(nobody.0, 400, "{}", nobody.1);
    assert_eq!(said(&owner, "far-bot@solo").await, nobody);
    // Whoever may look into both binds across, and who is bound is no secret any more.
    let both = carnet.owner().await;
    assert_eq!(said(&both, "far-bot@solo").await.0, 200);
    assert_eq!(said(&owner, "far-bot@solo").await.0, 200);
    let remove = format!("{POLICY}:remove");
    let named = format!("serviceAccount:{}", far.email);
    carnet
        .post(&owner, &remove, member(&named))
        .await
        .expect(200);
    assert_eq!(said(&owner, "far-bot@solo").await, nobody);
}

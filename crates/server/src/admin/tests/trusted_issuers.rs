//! Whom a project or an organization trusts to vouch for its accounts and users, over HTTP.

use carnet_core::record::{Holder, Role, Territory};
use serde_json::{Value, json};

use super::installation::{Installation, acme};

const OF_BILLING: &str = "projects/billing/trusted-issuers";

fn body(account: &str) -> Value {
    json!({
        "title": "CI", "issuer": "https://ci.example", "account": account,
        "subjects": ["repo:acme/*"], "scopes": ["invoices.read"],
    })
}

fn pointers(problem: &Value) -> Vec<&str> {
    let errors = problem["errors"].as_array().unwrap();
    errors
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect()
}

async fn invoices(carnet: &Installation, owner: &str) {
    let scopes = json!([
        {"name": "invoices.read", "title": "Read invoices"},
        {"name": "invoices.rule", "title": "Rule over invoices", "risk": "administer"},
    ]);
    let body = json!({"identifier": "https://api.acme.example/invoices", "scopes": scopes});
    let made = carnet.post(owner, "projects/billing/apis", body).await;
    made.expect(201);
}

#[tokio::test]
async fn lesson_19_whoever_lets_an_issuer_become_an_account_has_its_roles() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    invoices(&carnet, &owner).await;
    let project = Territory::Project("billing".parse().unwrap());
    let admin = carnet.caller(Role::Admin, project.clone()).await;
    let viewer = carnet.caller(Role::Viewer, project).await;
    let account = carnet.account("invoice-sync", "billing").await;
    let wanted = body(account.email.as_str());
    let said = carnet.post(&viewer, OF_BILLING, wanted.clone()).await;
    said.refused(403, "CRN-6003");
    let made = carnet.post(&admin, OF_BILLING, wanted).await.expect(201);

    let holder = Holder::ServiceAccount(account.unique_id.clone());
    let everything = Territory::Installation;
    carnet.grant(holder, Role::Viewer, everything).await;
    let mut another = body(account.email.as_str());
    another["issuer"] = json!("https://other.example");
    let said = carnet.post(&admin, OF_BILLING, another.clone()).await;
    said.refused(403, "CRN-6003");
    let one = format!("{OF_BILLING}/{}", made["id"].as_str().unwrap());
    let shown = carnet.get(&admin, &one).await;
    let etag = shown.header("etag").to_owned();
    let wider = json!({"subjects": ["*"]});
    let said = carnet
        .ask_if(&admin, ("PATCH", &one), wider, Some(&etag))
        .await;
    said.refused(403, "CRN-6003");
    let off = carnet
        .post(&admin, &format!("{one}:disable"), Value::Null)
        .await;
    off.expect(200);
    let on = carnet
        .post(&admin, &format!("{one}:enable"), Value::Null)
        .await;
    on.refused(403, "CRN-6003");
    carnet.post(&owner, OF_BILLING, another).await.expect(201);
}

#[tokio::test]
async fn lesson_19_of_an_account_of_others_nothing_is_told() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    invoices(&carnet, &owner).await;
    let project = Territory::Project("billing".parse().unwrap());
    let admin = carnet.caller(Role::Admin, project).await;
    let plain = carnet.account("plain", "solo").await;
    let mighty = carnet.account("mighty", "solo").await;
    let holder = Holder::ServiceAccount(mighty.unique_id.clone());
    let installation = Territory::Installation;
    carnet.grant(holder, Role::Owner, installation).await;
    let mut heard = Vec::new();
    for account in [plain, mighty] {
        let said = carnet
            .post(&admin, OF_BILLING, body(account.email.as_str()))
            .await;
        let problem = said.refused(400, "CRN-6007");
        assert_eq!(pointers(&problem), ["/account"]);
        heard.push(problem["errors"].to_string());
    }
    assert_eq!(heard[0], heard[1]);
}

#[tokio::test]
async fn lesson_19_nobody_gets_of_a_user_what_administers() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    invoices(&carnet, &owner).await;
    let app = json!({"title": "Bot", "kind": "daemon"});
    let app = carnet.post(&owner, "projects/billing/clients", app).await;
    let app = app.expect(201);
    let path = format!("organizations/{}/trusted-issuers", acme());
    for scope in [
        "invoices.rule",
        "carnet.admin",
        "carnet.admin.read",
        "https://www.googleapis.com/auth/cloud-platform",
        "https://www.googleapis.com/auth/iam",
    ] {
        let wanted = json!({
            "title": "Desk", "issuer": "https://idp.example", "user_claim": "email",
            "clients": [app["id"]], "scopes": [scope],
        });
        let said = carnet.post(&owner, &path, wanted).await;
        let problem = said.refused(400, "CRN-6007");
        let at = pointers(&problem);
        assert!(
            !at.is_empty() && at.iter().all(|at| at.starts_with("/scopes")),
            "{scope}: {problem}"
        );
    }
}

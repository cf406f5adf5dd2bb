//! How people sign in at a provider in their browsers, through the admin API.

use carnet_core::record::ProviderKind;
use serde_json::Value;
use serde_json::json;

use super::installation::Installation;
use super::installation::acme;

fn pools() -> String {
    format!("organizations/{}/workforce-pools", acme())
}

fn providers() -> String {
    format!("{}/acme-people/providers", pools())
}

fn login() -> Value {
    json!({
        "id": "login",
        "oidc": {
            "issuer": "https://login.example",
            "web_sign_in": {
                "client_id": "carnet",
                "client_secret": "tell-nobody",
                "response_type": "code",
                "assertion_claims": "userinfo",
                "additional_scopes": ["groups"],
            },
        },
        "attribute_mapping": {"google.subject": "assertion.sub"},
    })
}

async fn acme_people(carnet: &Installation) -> String {
    let owner = carnet.owner().await;
    let body = json!({"id": "acme-people"});
    carnet.post(&owner, &pools(), body).await.expect(201);
    owner
}

/// As it is at rest.
async fn sealed(carnet: &Installation) -> Option<Vec<u8>> {
    let name = "locations/global/workforcePools/acme-people/providers/login";
    let name = name.parse().unwrap();
    let found = carnet.started.parts.store.workload_provider(&name).await;
    match found.unwrap().unwrap().kind {
        ProviderKind::Oidc(oidc) => oidc.web.unwrap().client_secret,
        _ => unreachable!("it is an issuer"),
    }
}

#[tokio::test]
async fn google_wire_6_4_the_secret_of_a_provider_is_sealed_and_never_shown() {
    let carnet = Installation::new().await;
    let owner = acme_people(&carnet).await;
    let made = carnet.post(&owner, &providers(), login()).await.expect(201);
    let shown = json!({
        "client_id": "carnet",
        "has_client_secret": true,
        "response_type": "code",
        "assertion_claims": "userinfo",
        "additional_scopes": ["groups"],
    });
    assert_eq!(made["oidc"]["web_sign_in"], shown);
    let one = format!("{}/login", providers());
    let got = carnet.get(&owner, &one).await.expect(200);
    assert!(!got.to_string().contains("tell-nobody"));
    let kept = sealed(&carnet).await.unwrap();
    assert!(!kept.windows(4).any(|some| some == b"tell"));
}

#[tokio::test]
async fn google_wire_6_4_a_secret_stays_only_with_the_issuer_and_client_it_was_given_for() {
    let carnet = Installation::new().await;
    let owner = acme_people(&carnet).await;
    let made = carnet.post(&owner, &providers(), login()).await.expect(201);
    let one = format!("{}/login", providers());
    let mut oidc = login()["oidc"].clone();
    let web = oidc["web_sign_in"].as_object_mut().unwrap();
    web.remove("client_secret");
    web["additional_scopes"] = json!(["email"]);
    let etag = made["etag"].as_str();
    let body = json!({ "oidc": oidc.clone() });
    let changed = carnet.ask_if(&owner, ("PATCH", &one), body, etag).await;
    let changed = changed.expect(200);
    assert_eq!(changed["oidc"]["web_sign_in"]["has_client_secret"], true);
    let kept = sealed(&carnet).await;
    assert!(kept.is_some());
    let etag = changed["etag"].as_str();
    for (member, elsewhere) in [
        ("/issuer", "https://evil.example"),
        ("/web_sign_in/client_id", "another"),
    ] {
        let mut oidc = oidc.clone();
        *oidc.pointer_mut(member).unwrap() = json!(elsewhere);
        let body = json!({ "oidc": oidc });
        let problem = carnet.ask_if(&owner, ("PATCH", &one), body, etag).await;
        let problem = problem.refused(400, "CRN-6007");
        let pointer = &problem["errors"][0]["pointer"];
        assert_eq!(pointer, "/oidc/web_sign_in/client_secret", "{member}");
    }
    assert_eq!(sealed(&carnet).await, kept);
}

#[tokio::test]
async fn what_sign_in_in_the_browser_cannot_be_is_told_at_its_member() {
    let carnet = Installation::new().await;
    let owner = acme_people(&carnet).await;
    let many: Vec<String> = (0..11).map(|at| format!("s{at}")).collect();
    for (member, value, pointer) in [
        ("client_secret", Value::Null, "client_secret"),
        ("client_id", json!(""), "client_id"),
        ("response_type", json!("token"), "response_type"),
        ("assertion_claims", json!("both"), "assertion_claims"),
        ("response_type", json!("id_token"), "assertion_claims"),
        ("additional_scopes", json!(many), "additional_scopes"),
        ("additional_scopes", json!(["a\"b"]), "additional_scopes"),
    ] {
        let mut body = login();
        let web = body["oidc"]["web_sign_in"].as_object_mut().unwrap();
        if value.is_null() {
            web.remove(member);
        } else {
            web[member] = value;
        }
        let problem = carnet.post(&owner, &providers(), body).await;
        let problem = problem.refused(400, "CRN-6007");
        let told = problem["errors"][0]["pointer"].as_str().unwrap();
        let expected = format!("/oidc/web_sign_in/{pointer}");
        assert!(told.starts_with(&expected), "{told}");
    }
    let body = json!({"id": "ci-runners"});
    let workload = "projects/billing/workload-pools";
    carnet.post(&owner, workload, body).await.expect(201);
    let workload = format!("{workload}/ci-runners/providers");
    let problem = carnet.post(&owner, &workload, login()).await;
    let problem = problem.refused(400, "CRN-6007");
    assert_eq!(problem["errors"][0]["pointer"], "/oidc/web_sign_in");
}

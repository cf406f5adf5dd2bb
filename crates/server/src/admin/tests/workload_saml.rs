//! Providers of SAML 2.0 over the admin API: made and tried where the build has it, refused by name where it has not.

use carnet_testkit::saml::IdentityProvider;
use serde_json::Value;
use serde_json::json;

use super::installation::Installation;

const PROVIDERS: &str = "projects/billing/workload-pools/ci-runners/providers";

struct Scene {
    carnet: Installation,
    owner: String,
    identity: IdentityProvider,
}

impl Scene {
    async fn new() -> Self {
        let carnet = Installation::new().await;
        let owner = carnet.owner().await;
        let pool = json!({ "id": "ci-runners" });
        let pools = "projects/billing/workload-pools";
        carnet.post(&owner, pools, pool).await.expect(201);
        let now = carnet.now();
        Self {
            identity: IdentityProvider::new("https://idp.example/saml", now),
            owner,
            carnet,
        }
    }

    fn body(&self) -> Value {
        json!({
            "id": "corporate",
            "saml": { "idp_metadata_xml": self.identity.metadata() },
            "attribute_mapping": { "google.subject": "assertion.subject" },
        })
    }
}

#[cfg(not(feature = "saml"))]
#[tokio::test]
async fn a_build_without_saml_says_so_where_a_provider_of_it_is_saved() {
    let scene = Scene::new().await;
    let made = scene.carnet.post(&scene.owner, PROVIDERS, scene.body());
    let problem = made.await.refused(400, "CRN-2506");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("the feature saml"), "{detail}");
    let listed = scene.carnet.get(&scene.owner, PROVIDERS).await.expect(200);
    assert_eq!(listed["items"], json!([]));
}

#[tokio::test]
async fn a_provider_is_of_one_kind() {
    let scene = Scene::new().await;
    let mut body = scene.body();
    body["oidc"] = json!({ "issuer": "https://issuer.example" });
    let made = scene.carnet.post(&scene.owner, PROVIDERS, body).await;
    let problem = made.refused(400, "CRN-6007");
    assert_eq!(problem["errors"][0]["pointer"], "/oidc", "{problem}");
    let mut body = scene.body();
    body.as_object_mut().unwrap().remove("saml");
    let made = scene.carnet.post(&scene.owner, PROVIDERS, body).await;
    let problem = made.refused(400, "CRN-6007");
    assert_eq!(problem["errors"][0]["pointer"], "/oidc", "{problem}");
}

#[cfg(feature = "saml")]
mod with {
    use carnet_core::value::Seconds;
    use carnet_testkit::saml::IdentityProvider;
    use carnet_testkit::saml::Said;
    use serde_json::Value;
    use serde_json::json;

    use super::PROVIDERS;
    use super::Scene;

    #[tokio::test]
    async fn google_wire_6_4_a_provider_is_made_of_metadata_shown_and_changed() {
        let scene = Scene::new().await;
        let (carnet, owner) = (&scene.carnet, &scene.owner);
        let made = carnet
            .post(owner, PROVIDERS, scene.body())
            .await
            .expect(201);
        let shown = json!({
            "idp_metadata_xml": scene.identity.metadata(),
            "entity_id": "https://idp.example/saml",
            "certificates": 1,
        });
        assert_eq!(made["saml"], shown);
        assert!(made.get("oidc").is_none(), "{made}");
        let path = format!("{PROVIDERS}/corporate");
        let etag = made["etag"].as_str().unwrap();
        let change = |body: Value| carnet.ask_if(owner, ("PATCH", &path), body, Some(etag));
        let oidc = json!({ "oidc": { "issuer": "https://issuer.example" } });
        change(oidc).await.refused(409, "CRN-6012");
        let broken = json!({ "saml": { "idp_metadata_xml": "<x/>" } });
        let problem = change(broken).await.refused(400, "CRN-6007");
        assert_eq!(problem["errors"][0]["pointer"], "/saml/idp_metadata_xml");
        let other = IdentityProvider::new("https://other.example", carnet.now());
        let changed = other.metadata_with(&[&scene.identity]);
        let changed = json!({ "saml": { "idp_metadata_xml": changed } });
        let changed = change(changed).await.expect(200);
        assert_eq!(changed["saml"]["entity_id"], "https://other.example");
        assert_eq!(changed["saml"]["certificates"], 2);
    }

    #[tokio::test]
    async fn google_wire_6_4_a_key_is_replaced_in_two_steps() {
        let scene = Scene::new().await;
        let (carnet, owner) = (&scene.carnet, &scene.owner);
        let body = scene.body();
        carnet.post(owner, PROVIDERS, body).await.expect(201);
        let next = IdentityProvider::new("https://idp.example/saml", carnet.now());
        let path = format!("{PROVIDERS}/corporate");
        let change = async |xml: String| {
            let held = carnet.get(owner, &path).await.expect(200);
            let body = json!({ "saml": { "idp_metadata_xml": xml } });
            let etag = held["etag"].as_str();
            carnet.ask_if(owner, ("PATCH", &path), body, etag).await
        };
        let problem = change(next.metadata()).await.refused(400, "CRN-6007");
        assert_eq!(problem["errors"][0]["pointer"], "/saml/idp_metadata_xml");
        let detail = problem["errors"][0]["detail"].as_str().unwrap();
        assert!(detail.contains("the old key"), "{problem}");
        let both = next.metadata_with(&[&scene.identity]);
        change(both).await.expect(200);
        let only = change(next.metadata()).await.expect(200);
        assert_eq!(only["saml"]["certificates"], 1);
    }

    #[tokio::test]
    async fn pains_p3_the_steps_of_an_assertion_are_told_one_by_one() {
        let scene = Scene::new().await;
        let (carnet, owner) = (&scene.carnet, &scene.owner);
        let made = carnet
            .post(owner, PROVIDERS, scene.body())
            .await
            .expect(201);
        let now = carnet.now();
        let said = Said {
            subject: "build-7".to_owned(),
            audience: made["audience"].as_str().unwrap().to_owned(),
            recipient: "https://sts.googleapis.com/v1/token".to_owned(),
            issued: now,
            expires: now + Seconds(60),
            attributes: Vec::new(),
        };
        let elsewhere = Said {
            audience: "https://elsewhere.example".to_owned(),
            ..said.clone()
        };
        let check = format!("{PROVIDERS}/corporate:check");
        let mut failed = Vec::new();
        let good = scene.identity.sign(&said);
        for token in [
            &good,
            &scene.identity.sign(&elsewhere),
            &good.replace('A', "B"),
        ] {
            let asked = carnet.post(owner, &check, json!({ "token": token })).await;
            let told = asked.expect(200);
            let steps = told["steps"].as_array().unwrap().iter();
            let step = steps.filter(|step| step["outcome"] == "fail");
            let names: Vec<_> = step.map(|step| step["step"].clone()).collect();
            failed.push((told["accepted"].clone(), names, told["mapped"].clone()));
        }
        let who = json!({ "subject": "build-7", "groups": [], "attributes": {} });
        assert_eq!(failed[0], (json!(true), vec![], who.clone()));
        assert_eq!(failed[1], (json!(false), vec![json!("audience")], who));
        assert_eq!(failed[2].0, json!(false));
        assert_eq!(failed[2].2, Value::Null, "what is not signed is not read");
    }
}

//! Providers of pools in Google's form (google-wire 5.3, 6.4), and that what is made of them here lets principals in
//! and keeps them out.

use carnet_core::record::Role;
use carnet_core::record::WorkloadProvider;
use carnet_core::store::Change;
use carnet_core::store::Record;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_testkit::contract::workload_pool::provider_of;
use carnet_testkit::provider::Answer;
use carnet_testkit::world::READ;
use serde_json::Value;
use serde_json::json;

use super::administration::no;
use super::house::House;
use super::house::told;
use super::pools::POOLS;
use super::pools::fields;
use crate::federation::scene::EXCHANGE;
use crate::federation::scene::JWT;
use crate::federation::scene::key_set;
use crate::federation::scene::signed;

const ISSUER: &str = "https://token.ci.example";

/// A house with a pool, and an issuer whose keys are known.
struct Trusted {
    house: House,
    pair: KeyPair,
    providers: String,
}

impl Trusted {
    async fn new() -> Self {
        let house = House::administered(Role::Owner).await;
        house.make_pool("ci-pool", json!({})).await;
        Self {
            house,
            pair: KeyPair::generate(KeyType::P256).unwrap(),
            providers: format!("{POOLS}/ci-pool/providers"),
        }
    }

    fn keys(&self) -> String {
        key_set(&[("one", &self.pair)]).to_json()
    }

    /// A provider as gcloud sends one.
    fn body(&self) -> Value {
        json!({
            "displayName": "CI",
            "attributeMapping": {"google.subject": "assertion.sub", "attribute.branch": "assertion.branch"},
            "attributeCondition": "assertion.branch == 'main'",
            "oidc": {"issuerUri": ISSUER, "allowedAudiences": ["carnet"], "jwksJson": self.keys()},
        })
    }

    async fn create(&self, id: &str, body: Value) -> Answer {
        let path = format!("{}?workloadIdentityPoolProviderId={id}", self.providers);
        self.house.iam("POST", &path, body).await
    }

    async fn patch(&self, mask: &str, body: Value) -> Answer {
        let path = format!("{}/main?updateMask={mask}", self.providers);
        self.house.iam("PATCH", &path, body).await
    }

    async fn main(&self) -> Value {
        self.house.read(&format!("{}/main", self.providers)).await
    }

    async fn done(&self, method: &str, path: &str) -> Value {
        let answer = self.house.iam(method, path, json!({})).await;
        assert_eq!(answer.status, 200, "{method} {path} {}", answer.body);
        answer.json()["response"].clone()
    }

    /// Exchanges a token of the issuer for this audience.
    async fn exchange(&self, audience: &str) -> Answer {
        let now = self.house.provider.parts().now().0;
        let claims = json!({
            "iss": ISSUER, "sub": "job-7", "aud": audience, "branch": "main", "iat": now - 5,
            "exp": now + 600,
        });
        let token = signed(&self.pair, &json!({"alg": "ES256", "kid": "one"}), &claims);
        let name = self.house.pool_named("ci-pool").await;
        let provider = format!("//iam.googleapis.com/{name}/providers/main");
        let form = [
            ("grant_type", EXCHANGE),
            ("audience", provider.as_str()),
            ("scope", READ),
            (
                "requested_token_type",
                "urn:ietf:params:oauth:token-type:access_token",
            ),
            ("subject_token_type", JWT),
            ("subject_token", token.as_str()),
        ];
        self.house.provider.post("/v1/token", &form).await
    }

    async fn lets_in(&self) -> bool {
        self.exchange("carnet").await.status == 200
    }
}

#[tokio::test]
async fn lesson_19_who_is_let_in_is_said_by_owners_alone() {
    let house = House::administered(Role::Admin).await;
    house.make_pool("ci-pool", json!({})).await;
    let pool = format!("{POOLS}/ci-pool");
    let denied = no(403, "PERMISSION_DENIED", "CRN-2401");
    for (method, path) in [
        (
            "POST",
            format!("{pool}/providers?workloadIdentityPoolProviderId=main"),
        ),
        ("PATCH", format!("{pool}?updateMask=disabled")),
        ("POST", format!("{pool}:undelete")),
    ] {
        let answer = house.iam(method, &path, json!({})).await;
        assert_eq!(told(&answer), denied, "{method} {path}");
    }
    let answer = house.iam("DELETE", &pool, Value::Null).await;
    assert_eq!(answer.status, 200, "to end it is another matter");
}

#[tokio::test]
async fn google_wire_6_4_a_provider_that_was_made_lets_its_principals_in() {
    let trusted = Trusted::new().await;
    let name = trusted.house.pool_named("ci-pool").await;
    let made = trusted.create("main", trusted.body()).await;
    assert_eq!(made.status, 200, "{}", made.body);
    let operation = made.json();
    let provider = format!("{name}/providers/main");
    assert_eq!(operation["name"], format!("{provider}/operations/v1"));
    assert_eq!(operation["done"], true);
    let mut shown = operation["response"].clone();
    let kind = shown.as_object_mut().unwrap().remove("@type").unwrap();
    let wanted = "type.googleapis.com/google.iam.v1.WorkloadIdentityPoolProvider";
    assert_eq!(kind, wanted);
    assert_eq!(trusted.main().await, shown);
    let mut said = trusted.body();
    let members = said.as_object_mut().unwrap();
    members.insert("name".to_owned(), json!(provider));
    members.insert("state".to_owned(), json!("ACTIVE"));
    let keys = |body: &mut Value| -> Value {
        let text = body["oidc"]["jwksJson"].take();
        serde_json::from_str(text.as_str().unwrap()).unwrap()
    };
    assert_eq!(keys(&mut shown), keys(&mut said));
    assert_eq!(shown, said);
    let again = format!("/v1/{provider}/operations/v1");
    assert_eq!(trusted.house.read(&again).await, operation);
    let answer = trusted.exchange("carnet").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(trusted.exchange("other").await.status != 200);
}

#[tokio::test]
async fn google_wire_6_4_who_is_disabled_or_deleted_lets_nobody_in() {
    let trusted = Trusted::new().await;
    trusted.create("main", trusted.body()).await;
    assert!(trusted.lets_in().await);
    let on = |disabled: bool| json!({"disabled": disabled});
    trusted.patch("disabled", on(true)).await;
    assert!(!trusted.lets_in().await);
    trusted.patch("disabled", on(false)).await;
    assert!(trusted.lets_in().await);
    let provider = format!("{}/main", trusted.providers);
    let gone = trusted.done("DELETE", &provider).await;
    assert_eq!(gone["state"], "DELETED");
    assert_eq!(gone["expireTime"], "2026-05-02T09:10:58Z");
    assert!(!trusted.lets_in().await);
    let back = trusted.done("POST", &format!("{provider}:undelete")).await;
    assert_eq!(back["state"], "ACTIVE");
    assert!(trusted.lets_in().await);
    let pool = format!("{POOLS}/ci-pool");
    trusted.done("DELETE", &pool).await;
    assert!(!trusted.lets_in().await);
    // In a pool that is deleted nothing is made, and nothing comes back.
    let state = no(400, "FAILED_PRECONDITION", "CRN-6012");
    let made = trusted.create("second", trusted.body()).await;
    assert_eq!(told(&made), state, "{}", made.body);
    trusted.done("POST", &format!("{pool}:undelete")).await;
    assert!(trusted.lets_in().await, "its providers are as they were");
    trusted.done("DELETE", &provider).await;
    trusted.house.provider.wait(30 * 86_400);
    let late = trusted
        .house
        .iam("POST", &format!("{provider}:undelete"), json!({}))
        .await;
    assert_eq!(told(&late), state);
}

#[tokio::test]
async fn google_wire_5_3_a_mask_says_what_of_a_provider_is_written() {
    let trusted = Trusted::new().await;
    trusted.create("main", trusted.body()).await;
    let before = trusted.main().await;
    let sent = json!({
        "displayName": "Other",
        "oidc": {"issuerUri": "https://other.example", "allowedAudiences": ["a", "b"]},
    });
    let answer = trusted.patch("oidc.allowedAudiences", sent.clone()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let mut wanted = before.clone();
    wanted["oidc"]["allowedAudiences"] = json!(["a", "b"]);
    assert_eq!(trusted.main().await, wanted);
    // Named and not said: no audience of its own any more.
    let none = trusted.patch("oidc.allowed_audiences", json!({})).await;
    assert_eq!(none.status, 200, "{}", none.body);
    let oidc = wanted["oidc"].as_object_mut().unwrap();
    oidc.remove("allowedAudiences");
    assert_eq!(trusted.main().await, wanted);
    // The whole of it: what is not said is gone, so its keys are where it publishes them.
    let whole = trusted.patch("oidc", sent).await;
    assert_eq!(whole.status, 200, "{}", whole.body);
    wanted["oidc"] = json!({"issuerUri": "https://other.example", "allowedAudiences": ["a", "b"]});
    assert_eq!(trusted.main().await, wanted);
    let condition = trusted.patch("attributeCondition", json!({})).await;
    assert_eq!(condition.status, 200, "{}", condition.body);
    wanted.as_object_mut().unwrap().remove("attributeCondition");
    assert_eq!(trusted.main().await, wanted);
    for mask in ["aws", "saml.idpMetadataXml", "state", "attributeMapping,x"] {
        let answer = trusted.patch(mask, json!({})).await;
        assert_eq!(told(&answer).1, "INVALID_ARGUMENT", "{mask}");
    }
    let empty = trusted.patch("oidc", json!({})).await;
    assert_eq!(fields(&empty), ["oidc.issuer_uri"], "{}", empty.body);
    let unmapped = trusted.patch("attributeMapping", json!({})).await;
    assert_eq!(
        fields(&unmapped),
        ["attribute_mapping.google.subject"],
        "{}",
        unmapped.body
    );
    assert_eq!(
        trusted.main().await,
        wanted,
        "what is refused changes nothing"
    );
}

#[tokio::test]
async fn google_wire_5_4_what_is_wrong_with_a_provider_is_told_at_its_member() {
    let trusted = Trusted::new().await;
    let with = |pointer: &str, value: Value| {
        let mut body = trusted.body();
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    let subject = "/attributeMapping/google.subject";
    let many: Vec<_> = (0..11).map(|at| format!("audience-{at}")).collect();
    let long = "x".repeat(257);
    for (body, field) in [
        (with("/oidc", Value::Null), "oidc"),
        (with("/oidc/issuerUri", json!("")), "oidc.issuer_uri"),
        (with("/oidc/issuerUri", json!("ftp://x")), "oidc.issuer_uri"),
        (
            with("/oidc/allowedAudiences", json!(many)),
            "oidc.allowed_audiences",
        ),
        (
            with("/oidc/allowedAudiences", json!([long])),
            "oidc.allowed_audiences",
        ),
        (
            with("/oidc/allowedAudiences", json!(["a", "a"])),
            "oidc.allowed_audiences.1",
        ),
        (with("/oidc/jwksJson", json!("{")), "oidc.jwks_json"),
        (
            with("/oidc/jwksJson", json!("{\"keys\":[]}")),
            "oidc.jwks_json",
        ),
        (
            with("/attributeMapping", json!({})),
            "attribute_mapping.google.subject",
        ),
        (
            with(subject, json!("assertion.")),
            "attribute_mapping.google.subject",
        ),
        (
            with("/attributeCondition", json!("1 +")),
            "attribute_condition",
        ),
        (with("/displayName", json!("x".repeat(33))), "display_name"),
    ] {
        let answer = trusted.create("main", body).await;
        assert_eq!(told(&answer).1, "INVALID_ARGUMENT", "{}", answer.body);
        assert_eq!(fields(&answer), [field], "{}", answer.body);
    }
    let list = trusted.house.read(&trusted.providers).await;
    assert_eq!(list, json!({}), "nothing was made");
}

#[tokio::test]
async fn google_wire_6_4_a_name_that_cannot_be_and_an_issuer_that_would_never_be_asked() {
    let trusted = Trusted::new().await;
    let mut inside = trusted.body();
    inside["oidc"] = json!({"issuerUri": "https://10.0.0.1"});
    let inside = trusted.create("main", inside).await;
    assert_eq!(fields(&inside), ["oidc.issuer_uri"], "{}", inside.body);
    for id in ["", "gcp-main", "A"] {
        let answer = trusted.create(id, trusted.body()).await;
        assert_eq!(
            fields(&answer),
            ["workload_identity_pool_provider_id"],
            "{id}"
        );
    }
}

#[tokio::test]
async fn google_wire_5_3_a_pool_has_fifty_providers_at_most() {
    let trusted = Trusted::new().await;
    let name = trusted.house.pool_named("ci-pool").await.parse().unwrap();
    let store = trusted.house.provider.world.store();
    let pool = store.workload_pool(&name).await.unwrap().unwrap();
    for at in 0..WorkloadProvider::MOST {
        let row = provider_of(&pool, &format!("provider-{at}"));
        let row = Record::WorkloadProvider(row);
        trusted.house.commit(Change::Insert(row)).await;
    }
    let full = trusted.create("main", trusted.body()).await;
    assert_eq!(told(&full), no(400, "FAILED_PRECONDITION", "CRN-6012"));
    let message = full.json()["error"]["message"].as_str().unwrap().to_owned();
    assert!(message.starts_with("A pool has 50 providers"), "{message}");
}

#[tokio::test]
async fn google_wire_5_3_providers_of_aws_and_of_certificates() {
    let trusted = Trusted::new().await;
    let aws = json!({ "aws": { "accountId": "123456789012" } });
    let made = trusted.create("amazon", aws.clone()).await;
    assert_eq!(made.status, 200, "{}", made.body);
    let shown = &made.json()["response"];
    assert_eq!(shown["aws"], aws["aws"]);
    assert_eq!(shown["attributeMapping"]["google.subject"], "assertion.arn");
    let wrong = trusted
        .create("wrong", json!({ "aws": { "accountId": "12" } }))
        .await;
    assert_eq!(fields(&wrong), ["aws.account_id"], "{}", wrong.body);
    let key = rcgen::KeyPair::generate().unwrap();
    let pem = rcgen::CertificateParams::default()
        .self_signed(&key)
        .unwrap()
        .pem();
    let x509 = |pem: &str| {
        json!({
            "x509": { "trustStore": { "trustAnchors": [{ "pemCertificate": pem }] } },
            "attributeMapping": { "google.subject": "assertion.subject.dn.cn" },
        })
    };
    let made = trusted.create("certified", x509(&pem)).await;
    assert_eq!(made.status, 200, "{}", made.body);
    let shown = &made.json()["response"]["x509"]["trustStore"]["trustAnchors"][0];
    let line = |text: &str| text.split_whitespace().collect::<String>();
    assert_eq!(line(shown["pemCertificate"].as_str().unwrap()), line(&pem));
    let wrong = trusted.create("wrong", x509("nonsense")).await;
    let place = ["x509.trust_store.trust_anchors.0"];
    assert_eq!(fields(&wrong), place, "{}", wrong.body);
    let mut both = trusted.body();
    both["aws"] = aws["aws"].clone();
    assert_eq!(trusted.create("wrong", both).await.status, 400);
}

#[tokio::test]
async fn google_wire_5_3_a_mask_leaves_the_other_certificates_and_never_changes_nothing_silently() {
    let trusted = Trusted::new().await;
    let certificate = || {
        let key = rcgen::KeyPair::generate().unwrap();
        let made = rcgen::CertificateParams::default().self_signed(&key);
        json!([{ "pemCertificate": made.unwrap().pem() }])
    };
    let (first, second, between) = (certificate(), certificate(), certificate());
    let body = json!({
        "x509": { "trustStore": { "trustAnchors": first, "intermediateCas": between } },
        "attributeMapping": { "google.subject": "assertion.subject.dn.cn" },
    });
    assert_eq!(trusted.create("main", body).await.status, 200);
    let line = |all: &Value| {
        let text = all[0]["pemCertificate"].as_str().unwrap_or_default();
        text.split_whitespace().collect::<String>()
    };
    let part = json!({ "x509": { "trustStore": { "trustAnchors": second } } });
    for (mask, wanted, rest) in [
        ("displayName", &first, &between),
        ("x509.trustStore.trustAnchors", &second, &between),
        ("x509.trustStore", &second, &json!([])),
    ] {
        let patched = trusted.patch(mask, part.clone()).await;
        assert_eq!(patched.status, 200, "{mask}: {}", patched.body);
        let shown = trusted.main().await["x509"]["trustStore"].clone();
        assert_eq!(line(&shown["trustAnchors"]), line(wanted), "{mask}");
        assert_eq!(line(&shown["intermediateCas"]), line(rest), "{mask}");
    }
    for mask in ["x509", "x509.trustStore", "x509.trustStore.trustAnchors"] {
        let empty = trusted.patch(mask, json!({})).await;
        assert_eq!(empty.status, 400, "{mask}: {}", empty.body);
    }
    let aws = json!({ "aws": { "accountId": "123456789012" } });
    assert_eq!(trusted.create("amazon", aws).await.status, 200);
    for (mask, body, status) in [
        ("aws", json!({}), 400),
        ("aws.accountId", json!({}), 400),
        (
            "aws.accountId",
            json!({ "aws": { "accountId": "210987654321" } }),
            200,
        ),
    ] {
        let path = format!("{}/amazon?updateMask={mask}", trusted.providers);
        let answer = trusted.house.iam("PATCH", &path, body).await;
        assert_eq!(answer.status, status, "{mask}: {}", answer.body);
    }
}

#[tokio::test]
async fn google_wire_5_3_what_is_not_offered_is_refused_by_name() {
    let trusted = Trusted::new().await;
    let mut elsewhere = trusted.body();
    elsewhere["oidc"]["discoveryUri"] = json!("https://elsewhere.example");
    let answer = trusted.create("main", elsewhere).await;
    assert_eq!(told(&answer), no(400, "INVALID_ARGUMENT", "CRN-2404"));
}

#[tokio::test]
async fn google_wire_5_3_providers_come_in_pages_without_those_that_are_deleted() {
    let trusted = Trusted::new().await;
    for id in ["first", "second", "third"] {
        let made = trusted.create(id, trusted.body()).await;
        assert_eq!(made.status, 200, "{}", made.body);
    }
    let again = trusted.create("second", trusted.body()).await;
    assert_eq!(told(&again), no(409, "ALREADY_EXISTS", "CRN-6005"));
    trusted
        .done("DELETE", &format!("{}/second", trusted.providers))
        .await;
    for (deleted, wanted) in [
        ("false", vec!["first", "third"]),
        ("true", vec!["first", "second", "third"]),
    ] {
        let mut seen = Vec::new();
        let mut token = String::new();
        loop {
            let asked = format!("pageSize=1&showDeleted={deleted}&pageToken={token}");
            let page = format!("{}?{asked}", trusted.providers);
            let page = trusted.house.read(&page).await;
            let all = page["workloadIdentityPoolProviders"]
                .as_array()
                .unwrap()
                .clone();
            assert_eq!(all.len(), 1);
            let name = all[0]["name"].as_str().unwrap();
            seen.push(name.rsplit('/').next().unwrap().to_owned());
            match page["nextPageToken"].as_str() {
                Some(next) => next.clone_into(&mut token),
                None => break,
            }
        }
        assert_eq!(seen, wanted);
    }
}

#[tokio::test]
async fn google_wire_5_3_a_provider_takes_a_role_in_the_project_of_its_pool() {
    let trusted = Trusted::new().await;
    trusted.create("main", trusted.body()).await;
    let unknown = no(404, "NOT_FOUND", "CRN-6004");
    let nowhere = trusted.providers.replace("ci-pool", "no-pool");
    for path in [
        format!("{}/other", trusted.providers),
        format!("{}/main/operations/v2", trusted.providers),
        format!("{nowhere}/main"),
        nowhere,
    ] {
        let answer = trusted.house.iam("GET", &path, Value::Null).await;
        assert_eq!(told(&answer), unknown, "{path}");
    }
    let denied = no(403, "PERMISSION_DENIED", "CRN-2401");
    let other = trusted.providers.replace("billing", "elsewhere");
    for (method, path) in [
        ("GET", other.clone()),
        (
            "POST",
            format!("{other}?workloadIdentityPoolProviderId=main"),
        ),
        ("GET", format!("{other}/main")),
        ("PATCH", format!("{other}/main")),
        ("DELETE", format!("{other}/main")),
        ("POST", format!("{other}/main:undelete")),
    ] {
        let answer = trusted.house.iam(method, &path, json!({})).await;
        assert_eq!(told(&answer), denied, "{method} {path}");
    }
}

//! Pools and providers of a workforce in Google's form (google-wire 5.3, 6.4): whose they are, what an issuer is told as,
//! who may, and that whoever is let in by one gets a token of the pool.

use carnet_core::record::ProviderKind;
use carnet_core::record::Role;
use carnet_core::record::Territory;
use carnet_core::record::WebSignIn;
use carnet_core::value::OrganizationId;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_testkit::provider::Answer;
use carnet_testkit::world::READ;
use serde_json::Value;
use serde_json::json;

use super::administration::no;
use super::house::House;
use super::house::told;
use super::pools::fields;
use crate::federation::scene::EXCHANGE;
use crate::federation::scene::JWT;
use crate::federation::scene::key_set;
use crate::federation::scene::signed;

const POOLS: &str = "/v1/locations/global/workforcePools";
const STAFF: &str = "/v1/locations/global/workforcePools/acme-staff";
const ISSUER: &str = "https://login.acme.example";

/// A house whose caller has a role in the organization.
struct Employer {
    house: House,
    organization: OrganizationId,
    pair: KeyPair,
}

impl Employer {
    async fn new(role: Role) -> Self {
        let house = House::new().await;
        let caller = house.caller().await;
        let store = house.provider.world.store();
        let project = store.project(&caller.project).await.unwrap().unwrap();
        let organization = project.organization.unwrap();
        let territory = Territory::Organization(organization);
        house.grant(caller.email.as_str(), role, territory).await;
        Self {
            house,
            organization,
            pair: KeyPair::generate(KeyType::P256).unwrap(),
        }
    }

    fn parent(&self) -> String {
        format!("organizations/{}", self.organization)
    }

    async fn create(&self, id: &str, mut body: Value) -> Answer {
        body["parent"] = json!(self.parent());
        let path = format!("{POOLS}?workforcePoolId={id}");
        self.house.iam("POST", &path, body).await
    }

    async fn with_staff(role: Role) -> Self {
        let employer = Self::new(role).await;
        let made = employer.create("acme-staff", json!({})).await;
        assert_eq!(made.status, 200, "{}", made.body);
        employer
    }

    async fn list(&self, query: &str) -> Value {
        let parent = self.parent();
        let path = format!("{POOLS}?parent={parent}{query}");
        self.house.read(&path).await
    }

    fn keys(&self) -> String {
        key_set(&[("one", &self.pair)]).to_json()
    }

    /// A provider as gcloud sends one.
    fn login(&self) -> Value {
        json!({
            "displayName": "Login",
            "attributeMapping": {
                "google.subject": "assertion.sub", "google.groups": "assertion.groups",
                "google.display_name": "assertion.name",
            },
            "oidc": {
                "issuerUri": ISSUER, "clientId": "carnet", "jwksJson": self.keys(),
                "clientSecret": {"value": {"plainText": "tell-nobody"}},
                "webSsoConfig": {
                    "responseType": "CODE",
                    "assertionClaimsBehavior": "MERGE_USER_INFO_OVER_ID_TOKEN_CLAIMS",
                    "additionalScopes": ["groups"],
                },
            },
        })
    }

    async fn provide(&self, id: &str, body: Value) -> Answer {
        let path = format!("{STAFF}/providers?workforcePoolProviderId={id}");
        self.house.iam("POST", &path, body).await
    }

    async fn patch(&self, mask: &str, oidc: Value) -> Answer {
        let path = format!("{STAFF}/providers/login?updateMask={mask}");
        self.house.iam("PATCH", &path, json!({"oidc": oidc})).await
    }

    async fn patched(&self, mask: &str, oidc: Value) -> Value {
        let answer = self.patch(mask, oidc).await;
        assert_eq!(answer.status, 200, "{mask} {}", answer.body);
        answer.json()["response"]["oidc"].clone()
    }

    /// How people sign in in their browsers, as it is remembered.
    async fn web(&self) -> Option<Box<WebSignIn>> {
        let store = self.house.provider.world.store();
        let name = "locations/global/workforcePools/acme-staff/providers/login";
        let found = store.workload_provider(&name.parse().unwrap()).await;
        match found.unwrap().unwrap().kind {
            ProviderKind::Oidc(oidc) => oidc.web,
            other => unreachable!("{other:?}"),
        }
    }

    /// Exchanges what the issuer says of Dana, for this audience.
    async fn exchange(&self, audience: &str) -> Answer {
        let now = self.house.provider.parts().now().0;
        let claims = json!({
            "iss": ISSUER, "sub": "dana", "name": "Dana", "groups": ["all"], "aud": audience,
            "iat": now - 5, "exp": now + 600,
        });
        let token = signed(&self.pair, &json!({"alg": "ES256", "kid": "one"}), &claims);
        let provider =
            "//iam.googleapis.com/locations/global/workforcePools/acme-staff/providers/login";
        let form = [
            ("grant_type", EXCHANGE),
            ("audience", provider),
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
}

#[tokio::test]
async fn google_wire_5_3_a_workforce_pool_is_an_organizations() {
    let employer = Employer::new(Role::Owner).await;
    let body = json!({"displayName": "Staff", "description": "People", "sessionDuration": "7200s"});
    let made = employer.create("acme-staff", body).await;
    assert_eq!(made.status, 200, "{}", made.body);
    let operation = made.json();
    let name = "locations/global/workforcePools/acme-staff";
    assert_eq!(operation["name"], format!("{name}/operations/v1"));
    assert_eq!(operation["done"], true);
    let mut pool = operation["response"].clone();
    pool.as_object_mut().unwrap().remove("@type");
    assert_eq!(
        pool,
        json!({
            "name": name, "parent": employer.parent(), "displayName": "Staff",
            "description": "People", "state": "ACTIVE", "sessionDuration": "7200s",
        })
    );
    let house = &employer.house;
    assert_eq!(house.read(STAFF).await, pool);
    assert_eq!(
        house.read(&format!("/v1/{name}/operations/v1")).await,
        operation
    );
    assert_eq!(employer.list("").await, json!({"workforcePools": [pool]}));
    let record = house.provider.world.store();
    let record = record.workload_pool(&name.parse().unwrap()).await.unwrap();
    assert_eq!(
        record.unwrap().session.0,
        7_200,
        "the admin API has the same one"
    );
    let again = employer.create("acme-staff", json!({})).await;
    assert_eq!(told(&again), no(409, "ALREADY_EXISTS", "CRN-6005"));
}

#[tokio::test]
async fn google_wire_6_4_a_session_is_a_quarter_of_an_hour_to_twelve_hours() {
    let employer = Employer::new(Role::Owner).await;
    for (said, field) in [
        (json!({"sessionDuration": "899s"}), "session_duration"),
        (json!({"sessionDuration": "43201s"}), "session_duration"),
        (json!({"sessionDuration": "an hour"}), "session_duration"),
        (json!({"displayName": "x".repeat(33)}), "display_name"),
    ] {
        let answer = employer.create("acme-staff", said.clone()).await;
        assert_eq!(told(&answer).1, "INVALID_ARGUMENT", "{said}");
        assert_eq!(fields(&answer), [field], "{}", answer.body);
    }
    let short = employer.create("acme", json!({})).await;
    assert_eq!(fields(&short), ["workforce_pool_id"], "{}", short.body);
    let restricted = json!({"accessRestrictions": {"disableProgrammaticSignin": true}});
    let restricted = employer.create("acme-staff", restricted).await;
    assert_eq!(told(&restricted), no(400, "INVALID_ARGUMENT", "CRN-2404"));
    assert_eq!(employer.list("").await, json!({}), "nothing was made");
    // gcloud sends it empty where nothing is said of it.
    let empty = json!({"accessRestrictions": {"allowedServices": []}});
    let made = employer.create("acme-staff", empty).await;
    assert_eq!(made.status, 200, "{}", made.body);
    for said in ["900s", "43200s", "900.0s"] {
        let id = format!("pool-{}", said.replace('.', "-"));
        let made = employer.create(&id, json!({"sessionDuration": said})).await;
        assert_eq!(made.status, 200, "{said} {}", made.body);
    }
}

#[tokio::test]
async fn google_wire_5_3_a_mask_says_what_of_a_workforce_pool_is_written() {
    let employer = Employer::with_staff(Role::Owner).await;
    let sent = json!({"displayName": "Staff", "sessionDuration": "900s", "disabled": true});
    let patch = |mask: &'static str| {
        let (house, sent) = (&employer.house, sent.clone());
        async move {
            let path = format!("{STAFF}?updateMask={mask}");
            house.iam("PATCH", &path, sent).await.json()["response"].clone()
        }
    };
    let now = patch("sessionDuration").await;
    assert_eq!(now["sessionDuration"], "900s");
    assert!(now.get("displayName").is_none() && now.get("disabled").is_none());
    let now = patch("display_name,disabled").await;
    assert_eq!(
        (&now["displayName"], &now["disabled"]),
        (&json!("Staff"), &json!(true))
    );
    let one = format!("{STAFF}?updateMask=sessionDuration");
    let now = employer.house.iam("PATCH", &one, json!({})).await.json();
    assert_eq!(
        now["response"]["sessionDuration"], "3600s",
        "named and not said"
    );
    for mask in ["state", "parent", "mode"] {
        let unknown = format!("{STAFF}?updateMask={mask}");
        let answer = employer.house.iam("PATCH", &unknown, sent.clone()).await;
        assert_eq!(told(&answer).1, "INVALID_ARGUMENT", "{mask}");
    }
}

#[tokio::test]
async fn google_wire_5_3_a_deleted_workforce_pool_comes_back_and_pools_come_in_pages() {
    let employer = Employer::with_staff(Role::Owner).await;
    for id in ["contractors", "partners"] {
        employer.create(id, json!({})).await;
    }
    let house = &employer.house;
    let deleted = house.iam("DELETE", STAFF, Value::Null).await.json();
    assert_eq!(deleted["response"]["state"], "DELETED");
    assert_eq!(deleted["response"]["expireTime"], "2026-05-02T09:10:58Z");
    let count = |list: &Value| list["workforcePools"].as_array().unwrap().len();
    assert_eq!(count(&employer.list("").await), 2);
    assert_eq!(count(&employer.list("&showDeleted=true").await), 3);
    let page = employer.list("&pageSize=2&showDeleted=true").await;
    assert_eq!(count(&page), 2);
    let token = page["nextPageToken"].as_str().unwrap();
    let rest = employer
        .list(&format!("&showDeleted=true&pageToken={token}"))
        .await;
    assert_eq!(count(&rest), 1);
    let path = format!("{POOLS}?parent={}&pageToken=AAAA", employer.parent());
    let wrong = house.iam("GET", &path, Value::Null).await;
    assert_eq!(told(&wrong).1, "INVALID_ARGUMENT");
    let undelete = format!("{STAFF}:undelete");
    let back = house.iam("POST", &undelete, json!({})).await.json();
    assert_eq!(back["response"]["state"], "ACTIVE");
    let twice = house.iam("POST", &undelete, json!({})).await;
    assert_eq!(told(&twice), no(400, "FAILED_PRECONDITION", "CRN-6012"));
}

#[tokio::test]
async fn google_wire_5_3_who_has_no_role_in_the_organization_is_not_told_what_there_is() {
    let employer = Employer::with_staff(Role::Owner).await;
    let denied = no(403, "PERMISSION_DENIED", "CRN-2401");
    let missing = format!("{POOLS}/nobody-there");
    let answer = employer.house.iam("GET", &missing, Value::Null).await;
    assert_eq!(
        told(&answer),
        denied,
        "one that is another's is told so too"
    );
    let unsaid = employer.house.iam("GET", POOLS, Value::Null).await;
    assert_eq!(fields(&unsaid), ["parent"], "{}", unsaid.body);
    for other in [
        "organizations/42",
        "organizations/org_00000000000000000000000000",
    ] {
        let path = format!("{POOLS}?parent={other}");
        let answer = employer.house.iam("GET", &path, Value::Null).await;
        assert_eq!(told(&answer), denied, "{other}");
        let path = format!("{POOLS}?workforcePoolId=another-one");
        let body = json!({"parent": other});
        let answer = employer.house.iam("POST", &path, body).await;
        assert_eq!(told(&answer), denied, "{other}");
    }
    // A role in the project alone opens nothing of its organization.
    let house = House::administered(Role::Owner).await;
    let path = format!("{POOLS}?parent={}", employer.parent());
    for (method, path) in [
        ("GET", path.as_str()),
        ("GET", STAFF),
        ("PATCH", STAFF),
        ("DELETE", STAFF),
        (
            "GET",
            "/v1/locations/global/workforcePools/acme-staff/providers",
        ),
        (
            "POST",
            "/v1/locations/global/workforcePools/acme-staff:undelete",
        ),
    ] {
        let answer = house.iam(method, path, json!({})).await;
        assert_eq!(told(&answer), denied, "{method} {path}");
    }
}

#[tokio::test]
async fn lesson_19_who_is_of_a_workforce_is_said_by_owners_alone() {
    let employer = Employer::with_staff(Role::Admin).await;
    let denied = no(403, "PERMISSION_DENIED", "CRN-2401");
    let refused = employer.provide("login", employer.login()).await;
    assert_eq!(told(&refused), denied);
    let message = refused.json()["error"]["message"].to_string();
    assert!(message.contains("iam.workforcePoolProviders.create"));
    let house = &employer.house;
    for (method, path) in [
        ("PATCH", format!("{STAFF}?updateMask=disabled")),
        ("POST", format!("{STAFF}:undelete")),
    ] {
        let answer = house.iam(method, &path, json!({})).await;
        assert_eq!(told(&answer), denied, "{method} {path}");
    }
    let answer = house.iam("DELETE", STAFF, Value::Null).await;
    assert_eq!(answer.status, 200, "to end it is another matter");
}

#[tokio::test]
async fn google_wire_6_4_an_issuer_of_a_workforce_is_told_as_a_client_at_it() {
    let employer = Employer::with_staff(Role::Owner).await;
    let made = employer.provide("login", employer.login()).await;
    assert_eq!(made.status, 200, "{}", made.body);
    assert!(!made.body.contains("tell-nobody"));
    let name = "locations/global/workforcePools/acme-staff/providers/login";
    let operation = made.json();
    assert_eq!(operation["name"], format!("{name}/operations/v1"));
    let shown = employer.house.read(&format!("/v1/{name}")).await;
    let mut oidc = shown["oidc"].clone();
    let secret = oidc
        .as_object_mut()
        .unwrap()
        .remove("clientSecret")
        .unwrap();
    let thumbprint = secret["value"]["thumbprint"].as_str().unwrap();
    assert_eq!(thumbprint.len(), 64);
    assert!(secret["value"].get("plainText").is_none());
    oidc.as_object_mut().unwrap().remove("jwksJson");
    let sso = employer.login()["oidc"]["webSsoConfig"].clone();
    assert_eq!(
        oidc,
        json!({"issuerUri": ISSUER, "clientId": "carnet", "webSsoConfig": sso})
    );
    let listed = employer.house.read(&format!("{STAFF}/providers")).await;
    assert_eq!(listed, json!({"workforcePoolProviders": [shown]}));
    let again = employer
        .house
        .read(&format!("/v1/{name}/operations/v1"))
        .await;
    assert_eq!(again, operation);
    // What the issuer signs for the client is taken, and nothing else.
    let answer = employer.exchange("carnet").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(employer.exchange("another").await.status, 400);
}

#[tokio::test]
async fn google_wire_6_4_a_mask_says_what_of_an_issuer_of_a_workforce_is_written() {
    let employer = Employer::with_staff(Role::Owner).await;
    employer.provide("login", employer.login()).await;
    let before = employer.web().await.unwrap();
    let mask = "oidc.webSsoConfig.assertionClaimsBehavior";
    let said = json!({"webSsoConfig": {"assertionClaimsBehavior": "ONLY_ID_TOKEN_CLAIMS"}});
    let now = employer.patched(mask, said).await;
    let sso = &now["webSsoConfig"];
    assert_eq!(sso["assertionClaimsBehavior"], "ONLY_ID_TOKEN_CLAIMS");
    assert_eq!(
        (&sso["responseType"], &sso["additionalScopes"]),
        (&json!("CODE"), &json!(["groups"]))
    );
    assert_eq!(
        employer.web().await.unwrap().client_secret,
        before.client_secret
    );
    // Another secret is another text.
    let mask = "oidc.clientSecret.value.plainText";
    let said = json!({"clientSecret": {"value": {"plainText": "another"}}});
    let other = employer.patched(mask, said).await;
    assert_ne!(other["clientSecret"], now["clientSecret"]);
    // A code takes a secret; the ID token from the browser does not.
    let goes = employer.patch("oidc.clientSecret", json!({})).await;
    assert_eq!(
        fields(&goes),
        ["oidc.client_secret.value.plain_text"],
        "{}",
        goes.body
    );
    let mask = "oidc.clientSecret,oidc.webSsoConfig.responseType";
    let said = json!({"webSsoConfig": {"responseType": "ID_TOKEN"}});
    let now = employer.patched(mask, said).await;
    assert!(now.get("clientSecret").is_none(), "{now}");
    assert_eq!(now["webSsoConfig"]["responseType"], "ID_TOKEN");
    // The client may be called otherwise, and what is signed for the former one is refused then.
    let now = employer
        .patched("oidc.clientId", json!({"clientId": "renamed"}))
        .await;
    assert_eq!(now["clientId"], "renamed");
    assert_eq!(employer.exchange("renamed").await.status, 200);
    assert_eq!(employer.exchange("carnet").await.status, 400);
    let now = employer.patched("oidc.webSsoConfig", json!({})).await;
    assert!(now.get("webSsoConfig").is_none(), "{now}");
    assert_eq!(now["clientId"], "renamed");
    assert_eq!(employer.exchange("renamed").await.status, 200);
}

#[tokio::test]
async fn google_wire_6_4_a_secret_goes_where_the_client_or_the_issuer_becomes_another() {
    let employer = Employer::with_staff(Role::Owner).await;
    employer.provide("login", employer.login()).await;
    for (mask, said) in [
        ("oidc.clientId", json!({"clientId": "other"})),
        (
            "oidc.issuerUri",
            json!({"issuerUri": "https://elsewhere.example"}),
        ),
    ] {
        let answer = employer.patch(mask, said).await;
        let field = "oidc.client_secret.value.plain_text";
        assert_eq!(fields(&answer), [field], "{mask} {}", answer.body);
    }
    let mask = "oidc.clientId,oidc.clientSecret.value.plainText";
    let said = json!({"clientId": "other", "clientSecret": {"value": {"plainText": "anew"}}});
    assert_eq!(employer.patched(mask, said).await["clientId"], "other");
    // The whole of it without its secret: it stays, as nobody can send it back.
    let before = employer.web().await.unwrap();
    let mut whole = employer.login()["oidc"].clone();
    whole["clientId"] = json!("other");
    whole.as_object_mut().unwrap().remove("clientSecret");
    employer.patched("oidc", whole).await;
    assert_eq!(
        employer.web().await.unwrap().client_secret,
        before.client_secret
    );
}

#[tokio::test]
async fn google_wire_5_4_what_is_wrong_with_a_provider_of_a_workforce_is_told_at_its_member() {
    let employer = Employer::with_staff(Role::Owner).await;
    let with = |member: &str, value: Value| {
        let mut body = employer.login();
        let mut at = &mut body;
        for part in member.split('.') {
            at = &mut at[part];
        }
        *at = value;
        body
    };
    let sso = "oidc.webSsoConfig";
    for (body, field) in [
        (with("oidc.clientId", json!("")), "oidc.client_id"),
        (with("oidc.issuerUri", json!("login")), "oidc.issuer_uri"),
        (
            with("oidc.allowedAudiences", json!(["a"])),
            "oidc.allowed_audiences",
        ),
        (
            with("oidc.clientSecret", Value::Null),
            "oidc.client_secret.value.plain_text",
        ),
        (
            with(
                "oidc.clientSecret.value.plainText",
                json!("x".repeat(1_025)),
            ),
            "oidc.client_secret.value.plain_text",
        ),
        (with(sso, Value::Null), "oidc.web_sso_config"),
        (
            with("oidc.webSsoConfig.responseType", json!("TOKEN")),
            "oidc.web_sso_config.response_type",
        ),
        (
            with("oidc.webSsoConfig.assertionClaimsBehavior", Value::Null),
            "oidc.web_sso_config.assertion_claims_behavior",
        ),
        (
            with("oidc.webSsoConfig.additionalScopes", json!(["a b"])),
            "oidc.web_sso_config.additional_scopes",
        ),
    ] {
        let answer = employer.provide("login", body).await;
        assert_eq!(fields(&answer), [field], "{}", answer.body);
    }
    for (more, value) in [
        ("detailedAuditLogging", json!(true)),
        ("extraAttributesOauth2Client", json!({"issuerUri": ISSUER})),
    ] {
        let answer = employer.provide("login", with(more, value)).await;
        let wrong = no(400, "INVALID_ARGUMENT", "CRN-2404");
        assert_eq!(told(&answer), wrong, "{more}");
    }
    let short = employer.provide("abc", employer.login()).await;
    assert_eq!(fields(&short), ["workforce_pool_provider_id"]);
    let listed = employer.house.read(&format!("{STAFF}/providers")).await;
    assert_eq!(listed, json!({}));
}

//! IAM Credentials (google-wire 5.1): endpoints in process, over a store in memory, with a clock that stands
//! still.

mod administration;
mod conditions;
mod ends;
mod house;
mod lent;
mod pools;
mod providers;
mod signed;
mod workforce;

use axum::body::Body;
use axum::http::Request;
use carnet_core::record::AccountRole;
use carnet_core::record::Outcome;
use carnet_core::value::Member;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::world::NOW;
use carnet_testkit::world::READ;
use carnet_testkit::world::WRITE;
use serde_json::json;

use self::house::CLOUD;
use self::house::House;
use self::house::IAM;
use self::house::MIDDLE;
use self::house::TARGET;
use self::house::claims;
use self::house::told;

#[tokio::test]
async fn google_wire_5_1_a_token_creator_gets_an_access_token_of_the_account() {
    let house = House::new().await;
    let (caller, target) = (house.caller().await, house.account(TARGET).await);
    let token = house.token(IAM).await;
    let body = json!({"scope": [READ, WRITE], "delegates": null, "lifetime": "1200.0s"});
    for name in [TARGET, target.unique_id.as_str()] {
        let named = format!("{name}:generateAccessToken");
        let answer = house.call(&token, &named, body.clone()).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let given = answer.json();
        assert_eq!(given["expireTime"], "2026-04-02T09:30:58Z");
        assert_eq!(given.as_object().unwrap().len(), 2);
        let said = claims(given["accessToken"].as_str().unwrap());
        assert_eq!(said["iss"], ISSUER);
        assert_eq!(said["sub"], target.unique_id.as_str());
        assert_eq!(said["client_id"], target.unique_id.as_str());
        assert_eq!(said["email"], TARGET);
        assert_eq!(said["scope"], format!("{READ} {WRITE}"));
        assert_eq!(said["exp"], NOW + 1_200);
        let act = json!({"sub": caller.unique_id, "email": caller.email});
        assert_eq!(said["act"], act, "who became it");
        let cached = answer.headers["cache-control"].to_str().unwrap();
        assert!(cached.contains("no-store"), "{cached}");
    }
}

#[tokio::test]
async fn google_wire_5_1_a_chain_of_delegates_stands_in_the_token_and_in_the_audit_log() {
    let house = House::new().await;
    let (caller, middle) = (house.caller().await, house.account(MIDDLE).await);
    let target = house.account(TARGET).await;
    let delegates = json!([format!("projects/-/serviceAccounts/{MIDDLE}")]);
    let token = house
        .become_target(json!({"scope": [READ], "delegates": delegates}))
        .await;
    let act = json!({
        "sub": middle.unique_id, "email": MIDDLE,
        "act": {"sub": caller.unique_id, "email": caller.email},
    });
    assert_eq!(claims(&token)["act"], act);
    assert!(house.stands(&token).await);
    let entries = house.audited().await;
    let entry = entries.last().unwrap();
    assert_eq!(entry.action, "service_account.access_token");
    assert_eq!(entry.actor, format!("serviceAccount:{}", caller.unique_id));
    assert_eq!(entry.target, target.unique_id.as_str());
    assert_eq!(entry.outcome, Outcome::Done);
    let detail: serde_json::Value = serde_json::from_str(&entry.detail).unwrap();
    assert_eq!(detail["act"], act);
    assert_eq!(detail["through"], json!([MIDDLE]));
    assert_eq!(detail["token"], claims(&token)["jti"]);
    assert!(
        !entry.detail.contains(&token),
        "the token itself is in no log"
    );
}

#[tokio::test]
async fn google_wire_5_1_a_token_of_the_account_goes_on_as_the_account() {
    let house = House::new().await;
    let body = json!({"scope": [CLOUD]});
    let answer = house
        .ask(&format!("{MIDDLE}:generateAccessToken"), body)
        .await;
    let first = answer.json()["accessToken"].as_str().unwrap().to_owned();
    let named = format!("{TARGET}:generateAccessToken");
    let answer = house.call(&first, &named, json!({"scope": [READ]})).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let said = claims(answer.json()["accessToken"].as_str().unwrap());
    assert_eq!(said["act"]["email"], MIDDLE);
    assert_eq!(
        said["act"]["act"]["email"],
        house.caller().await.email.as_str()
    );
}

#[tokio::test]
async fn google_wire_5_1_the_lifetime_is_an_hour_unless_the_organization_says_more() {
    let house = House::new().await;
    let named = format!("{TARGET}:generateAccessToken");
    let ask = |lifetime: &str| house.ask(&named, json!({"scope": [READ], "lifetime": lifetime}));
    let hour = house.ask(&named, json!({"scope": [READ]})).await;
    assert_eq!(hour.json()["expireTime"], "2026-04-02T10:10:58Z");
    let long = ask("43200s").await;
    let invalid = (400, "INVALID_ARGUMENT".to_owned(), "CRN-2403".to_owned());
    assert_eq!(told(&long), invalid);
    let message = long.json()["error"]["message"].as_str().unwrap().to_owned();
    assert!(message.starts_with("The access token lifetime cannot exceed 3600 seconds."));
    house.extend(TARGET).await;
    assert_eq!(
        ask("43200s").await.json()["expireTime"],
        "2026-04-02T21:10:58Z"
    );
    assert_eq!(told(&ask("43201s").await), invalid);
    assert_eq!(told(&ask("12h").await), invalid);
    let other = json!({"scope": [READ], "lifetime": "43200s"});
    let other = house
        .ask(&format!("{MIDDLE}:generateAccessToken"), other)
        .await;
    assert_eq!(told(&other), invalid, "it lists one account");
}

#[tokio::test]
async fn google_wire_5_1_an_id_token_tells_what_is_asked_for() {
    let house = House::new().await;
    let target = house.account(TARGET).await;
    let named = format!("{TARGET}:generateIdToken");
    let bare = house
        .ask(&named, json!({"audience": "https://api.example"}))
        .await;
    assert_eq!(bare.status, 200, "{}", bare.body);
    let said = claims(bare.json()["token"].as_str().unwrap());
    assert_eq!(said["aud"], "https://api.example");
    assert_eq!(said["azp"], target.unique_id.as_str());
    assert_eq!(said["sub"], target.unique_id.as_str());
    assert_eq!(said["exp"], NOW + 3_600);
    assert!(said.get("email").is_none() && said.get("google").is_none());
    let all = json!({
        "audience": "https://api.example", "includeEmail": "true", "organizationNumberIncluded": true,
        "useEmailAzp": true,
    });
    let said = claims(
        house.ask(&named, all).await.json()["token"]
            .as_str()
            .unwrap(),
    );
    assert_eq!(said["email"], TARGET);
    assert_eq!(said["email_verified"], true);
    assert!(said["google"]["organization_number"].is_u64());
    assert_eq!(said["act"]["email"], house.caller().await.email.as_str());
    let none = house.ask(&named, json!({})).await;
    assert_eq!(told(&none).2, "CRN-2404");
}

#[tokio::test]
async fn google_wire_0_14_an_id_token_may_be_asked_for_with_a_form() {
    let house = House::new().await;
    let token = house.token(CLOUD).await;
    let path = format!("/v1/projects/-/serviceAccounts/{TARGET}:generateIdToken");
    let form = [
        ("audience", "https://api.example"),
        ("includeEmail", "true"),
    ];
    let answer = house.provider.post_as(&path, &form, Some(&token)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(
        claims(answer.json()["token"].as_str().unwrap())["email"],
        TARGET
    );
}

#[tokio::test]
async fn google_wire_8_6_what_gcloud_asks_for_at_activation_is_given() {
    let house = House::new().await;
    let asked = format!(
        "openid https://www.googleapis.com/auth/userinfo.email {CLOUD} https://www.googleapis.com/auth/appengine.admin \
         https://www.googleapis.com/auth/sqlservice.login https://www.googleapis.com/auth/compute"
    );
    let token = house.token(&asked).await;
    let request =
        Request::get("/oauth2/v2/userinfo").header("authorization", format!("Bearer {token}"));
    let answer = house
        .provider
        .send(request.body(Body::empty()).unwrap())
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.json()["email"], house.caller().await.email.as_str());
    let request = Request::get("/userinfo").header("authorization", format!("Bearer {token}"));
    let answer = house
        .provider
        .send(request.body(Body::empty()).unwrap())
        .await;
    assert_eq!(
        answer.status, 403,
        "an account is no person: {}",
        answer.body
    );
}

#[tokio::test]
async fn google_wire_5_1_who_may_not_is_told_the_same_as_of_an_account_that_is_not_there() {
    let house = House::new().await;
    house.bind(TARGET, &[]).await;
    let mut bodies = Vec::new();
    for name in [TARGET, "nobody@billing.iam.gserviceaccount.com"] {
        for method in ["generateAccessToken", "signJwt"] {
            let body = json!({"scope": [READ], "payload": "{}"});
            let answer = house.ask(&format!("{name}:{method}"), body).await;
            assert_eq!(
                told(&answer),
                (403, "PERMISSION_DENIED".to_owned(), "CRN-2401".to_owned())
            );
            let mut error = answer.json()["error"].clone();
            for detail in error["details"].as_array_mut().unwrap() {
                if detail["domain"] == "carnet" {
                    detail["metadata"]["trace_id"] = json!("");
                    detail["metadata"]["cause"] = json!("");
                }
            }
            bodies.push(error);
        }
    }
    assert_eq!(bodies[0], bodies[2]);
    assert_eq!(bodies[1], bodies[3]);
    assert_eq!(
        bodies[0]["message"],
        "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist)."
    );
    let entries = house.audited().await;
    let refused = |entry: &&carnet_core::record::AuditDraft| entry.outcome != Outcome::Done;
    assert_eq!(entries.iter().filter(refused).count(), 4);
}

#[tokio::test]
async fn google_wire_5_1_each_method_has_its_own_permission() {
    let house = House::new().await;
    let own = Member::ServiceAccount(house.caller().await.unique_id);
    let body = json!({"scope": [READ], "audience": "a", "payload": "{}"});
    house
        .bind(TARGET, &[(AccountRole::OpenIdTokenCreator, own.clone())])
        .await;
    let ask = async |method: &str| house.ask(&format!("{TARGET}:{method}"), body.clone()).await;
    assert_eq!(ask("generateIdToken").await.status, 200);
    assert_eq!(ask("generateAccessToken").await.status, 403);
    house
        .bind(TARGET, &[(AccountRole::WorkloadIdentityUser, own.clone())])
        .await;
    assert_eq!(ask("generateAccessToken").await.status, 200);
    assert_eq!(ask("signJwt").await.status, 403);
    house.bind(TARGET, &[(AccountRole::Admin, own)]).await;
    assert_eq!(ask("generateAccessToken").await.status, 403);
}

#[tokio::test]
async fn google_wire_5_1_what_is_asked_for_must_be_there_and_in_order() {
    let house = House::new().await;
    let named = format!("{TARGET}:generateAccessToken");
    for (body, code) in [
        (json!({}), "CRN-2404"),
        (json!({"scope": []}), "CRN-2404"),
        (json!({"scope": "one"}), "CRN-2404"),
        (json!([]), "CRN-2404"),
        (
            json!({"scope": ["https://nowhere.example/auth/x"]}),
            "CRN-2217",
        ),
        (json!({"scope": [READ], "delegates": [MIDDLE]}), "CRN-2402"),
    ] {
        let answer = house.ask(&named, body.clone()).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.body);
        assert_eq!(told(&answer).2, code, "{body}");
        let message = &answer.json()["error"]["message"];
        assert_eq!(message, "Request contains an invalid argument.");
    }
    let unknown = house.ask(&format!("{TARGET}:frobnicate"), json!({})).await;
    assert_eq!(unknown.status, 404);
    let elsewhere = house.ask(TARGET, json!({})).await;
    assert_eq!(elsewhere.status, 404);
}

#[tokio::test]
async fn google_wire_5_2_no_location_is_excluded() {
    let house = House::new().await;
    for path in [
        format!("/v1/projects/-/serviceAccounts/{TARGET}/allowedLocations"),
        "/v1/projects/412345678901/locations/global/workloadIdentityPools/ci/allowedLocations"
            .to_owned(),
        "/v1/locations/global/workforcePools/staff/allowedLocations".to_owned(),
    ] {
        let answer = house.provider.get(&path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.json()["encodedLocations"], "0x0");
        assert!(answer.json()["locations"].is_array());
    }
}

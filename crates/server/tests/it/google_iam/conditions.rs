//! Conditions of bindings (google-wire 5.3): who is bound for a time or for one account may while it is so, and not
//! longer; what has no value grants nothing; and nobody who knows no conditions loses one or takes it to hold always.

use carnet_core::record::Role;
use carnet_testkit::provider::Answer;
use serde_json::Value;
use serde_json::json;

use super::administration::no;
use super::house::CLOUD;
use super::house::House;
use super::house::MIDDLE;
use super::house::TARGET;
use super::house::told;
use super::pools::fields;

const CREATOR: &str = "roles/iam.serviceAccountTokenCreator";

/// The clock of the world begins at 2026-04-02T09:10:58Z.
const SOON: &str = "request.time < timestamp('2026-04-02T09:20:00Z')";

fn policy(account: &str, verb: &str) -> String {
    format!("/v1/projects/billing/serviceAccounts/{account}:{verb}")
}

impl House {
    /// Binds the caller on an account, when this is true.
    async fn bind_if(&self, account: &str, expression: &str) -> Answer {
        let member = format!("serviceAccount:{}", self.provider.world.email());
        let condition = json!({"title": "for a while", "expression": expression});
        let binding = json!({"role": CREATOR, "members": [member], "condition": condition});
        let body = json!({"policy": {"version": 3, "bindings": [binding]}});
        self.iam("POST", &policy(account, "setIamPolicy"), body)
            .await
    }

    async fn policy_of(&self, account: &str, version: &str) -> Value {
        let path = format!("{}?{version}", policy(account, "getIamPolicy"));
        let answer = self.iam("POST", &path, json!({})).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    /// Asks for a token of the account.
    async fn becomes(&self, account: &str, delegates: &[&str]) -> Answer {
        let delegates = delegates
            .iter()
            .map(|one| format!("projects/-/serviceAccounts/{one}"));
        let delegates: Vec<_> = delegates.collect();
        let body = json!({"scope": [CLOUD], "delegates": delegates});
        self.ask(&format!("{account}:generateAccessToken"), body)
            .await
    }

    async fn may(&self, account: &str, permission: &str) -> bool {
        let body = json!({"permissions": [permission]});
        let path = policy(account, "testIamPermissions");
        let answer = self.iam("POST", &path, body).await.json();
        answer["permissions"] == json!([permission])
    }
}

#[tokio::test]
async fn google_wire_5_3_who_is_bound_for_a_time_may_until_it_is_over() {
    let house = House::administered(Role::Owner).await;
    let set = house.bind_if(TARGET, SOON).await;
    assert_eq!(set.status, 200, "{}", set.body);
    let permission = "iam.serviceAccounts.getAccessToken";
    assert!(house.may(TARGET, permission).await);
    let answer = house.becomes(TARGET, &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let token = answer.json()["accessToken"].as_str().unwrap().to_owned();
    assert!(house.stands(&token).await);
    house.provider.wait(10 * 60);
    assert!(
        !house.stands(&token).await,
        "as where a binding was taken away"
    );
    let late = house.becomes(TARGET, &[]).await;
    assert_eq!(told(&late), no(403, "PERMISSION_DENIED", "CRN-2401"));
    assert!(!house.may(TARGET, permission).await);
    let audited = house.audited().await;
    let told = audited
        .iter()
        .any(|entry| entry.detail.contains("the condition of the binding"));
    assert!(told, "its owner is told why");
}

#[tokio::test]
async fn google_wire_5_1_a_condition_counts_at_each_link_of_a_chain() {
    let house = House::administered(Role::Owner).await;
    assert_eq!(house.becomes(TARGET, &[MIDDLE]).await.status, 200);
    house.bind_if(MIDDLE, SOON).await;
    assert_eq!(house.becomes(TARGET, &[MIDDLE]).await.status, 200);
    house
        .bind_if(MIDDLE, "request.time < timestamp('2026-04-02T09:00:00Z')")
        .await;
    assert_eq!(house.becomes(TARGET, &[MIDDLE]).await.status, 403);
}

#[tokio::test]
async fn google_wire_5_3_what_a_condition_can_ask() {
    let house = House::administered(Role::Owner).await;
    let name = format!("projects/billing/serviceAccounts/{TARGET}");
    for (expression, may) in [
        ("true", true),
        ("false", false),
        (format!("resource.name == '{name}'").as_str(), true),
        (format!("resource.name == '{name}x'").as_str(), false),
        (
            "resource.name.endsWith('/reports@billing.iam.gserviceaccount.com')",
            true,
        ),
        ("resource.type == 'iam.googleapis.com/ServiceAccount'", true),
        ("resource.service == 'iam.googleapis.com'", true),
        ("resource.type == 'storage.googleapis.com/Bucket'", false),
        (
            "request.time.getHours() == 9 && request.time.getDayOfWeek() == 4",
            true,
        ),
        ("request.time.getHours('+02:00') == 11", true),
        ("request.time.getHours('-08:00') == 9", false),
        (
            "request.time - duration('1h') < timestamp('2026-04-02T09:00:00Z')",
            true,
        ),
        // Neither of both has a value when the hour is over, and then nothing is granted.
        ("request.time.getMinutes() == 10 || {'a': true}['b']", true),
    ] {
        let set = house.bind_if(TARGET, expression).await;
        assert_eq!(set.status, 200, "{expression} {}", set.body);
        let status = house.becomes(TARGET, &[]).await.status.as_u16();
        assert_eq!(status, if may { 200 } else { 403 }, "{expression}");
    }
    house.provider.wait(60);
    let failed = house.becomes(TARGET, &[]).await;
    assert_eq!(
        failed.status, 403,
        "an expression that fails grants nothing"
    );
}

#[tokio::test]
async fn google_wire_5_3_a_condition_that_cannot_be_is_refused_when_it_is_saved() {
    let house = House::administered(Role::Owner).await;
    let field = "policy.bindings.condition.expression";
    for (expression, why) in [
        ("", "At character 1"),
        ("request.time <", "At character 15"),
        ("'text'", "true or false is wanted"),
        ("request.host == 'x'", "there is no request.host here"),
        (
            "request.auth.claims.sub == 'x'",
            "there is no request.auth here",
        ),
        ("resource['tag'] == 'x'", "there is no resource.tag here"),
        (
            "resource.matchTag('a/b', 'c')",
            "there is no function 'matchTag'",
        ),
        (
            "destination.port == 443",
            "there is no variable 'destination'",
        ),
        ("api.getAttribute('x', [])", "there is no variable 'api'"),
        (
            "request.time < timestamp('tomorrow')",
            "a time is written as",
        ),
        (
            "request.time.getHours('Europe/Berlin') < 9",
            "names of places are not known",
        ),
        (
            "request.time < duration('1 day')",
            "a length of time is written as",
        ),
        ("request.time < 7", "have no order"),
    ] {
        let answer = house.bind_if(TARGET, expression).await;
        assert_eq!(told(&answer).1, "INVALID_ARGUMENT", "{expression}");
        assert_eq!(fields(&answer), [field], "{expression} {}", answer.body);
        assert!(answer.body.contains(why), "{expression}: {}", answer.body);
    }
}

#[tokio::test]
async fn google_wire_5_3_a_condition_is_seen_by_those_who_say_version_3() {
    let house = House::administered(Role::Owner).await;
    house.bind_if(TARGET, SOON).await;
    let whole = house
        .policy_of(TARGET, "options.requestedPolicyVersion=3")
        .await;
    assert_eq!(whole["version"], 3);
    let binding = &whole["bindings"][0];
    assert_eq!(binding["role"], CREATOR);
    assert_eq!(
        binding["condition"],
        json!({"title": "for a while", "expression": SOON})
    );
    for less in ["", "options.requestedPolicyVersion=1"] {
        let less = house.policy_of(TARGET, less).await;
        assert_eq!(less["version"], 1);
        let binding = &less["bindings"][0];
        let role = binding["role"].as_str().unwrap();
        assert!(role.starts_with(&format!("{CREATOR}_withcond_")), "{role}");
        assert!(binding.get("condition").is_none());
        assert_eq!(less["etag"], whole["etag"]);
        // Whoever writes that back is refused: it would hold always.
        let body = json!({"policy": less});
        let path = policy(TARGET, "setIamPolicy");
        let answer = house.iam("POST", &path, body).await;
        assert_eq!(told(&answer).1, "INVALID_ARGUMENT", "{}", answer.body);
    }
    for wrong in ["2", "4", "three"] {
        let path = policy(TARGET, "getIamPolicy");
        let path = format!("{path}?options.requestedPolicyVersion={wrong}");
        let answer = house.iam("POST", &path, json!({})).await;
        assert_eq!(told(&answer).1, "INVALID_ARGUMENT", "{wrong}");
    }
}

#[tokio::test]
async fn google_wire_5_3_a_policy_with_conditions_is_written_with_version_3() {
    let house = House::administered(Role::Owner).await;
    let member = format!("serviceAccount:{}", house.provider.world.email());
    let plain = json!({"role": CREATOR, "members": [member]});
    let mut conditional = plain.clone();
    conditional["condition"] = json!({"title": "t", "expression": "true"});
    let set = |body: Value| {
        let house = &house;
        async move {
            let path = policy(TARGET, "setIamPolicy");
            house.iam("POST", &path, json!({"policy": body})).await
        }
    };
    for version in [json!(0), json!(1), Value::Null] {
        let answer = set(json!({"version": version, "bindings": [conditional]})).await;
        assert_eq!(fields(&answer), ["policy.version"], "{}", answer.body);
    }
    let both = json!({"version": 3, "bindings": [conditional, plain]});
    let made = set(both).await.json();
    assert_eq!(made["bindings"].as_array().unwrap().len(), 2);
    let etag = &made["etag"];
    let less = set(json!({"version": 1, "etag": etag, "bindings": [plain]})).await;
    assert_eq!(fields(&less), ["policy.version"], "{}", less.body);
    let gone = set(json!({"version": 3, "etag": etag, "bindings": [plain]})).await;
    assert_eq!(gone.status, 200, "{}", gone.body);
    assert_eq!(gone.json()["version"], 1);
    // As Google has it: who names no state that they read overwrites whatever there is.
    house.bind_if(TARGET, SOON).await;
    let over = set(json!({"bindings": [plain]})).await.json();
    assert!(over["bindings"][0].get("condition").is_none());
}

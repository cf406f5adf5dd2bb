//! Delegations, policies and APIs.

use carnet_core::store::{Change, Store as _};
use serde_json::{Value, json};

use super::installation::{Installation, acme};

async fn calendar(carnet: &Installation, owner: &str) -> Value {
    let scopes = json!([
        {"name": "calendar.readonly", "title": "See calendars"},
        {"name": "calendar.write", "risk": "write"},
        {"name": "calendar.secret", "visibility": "private"}
    ]);
    let body = json!({"identifier": "https://api.acme.example/calendar", "scopes": scopes});
    carnet
        .post(owner, "projects/billing/apis", body)
        .await
        .expect(201)
}

#[tokio::test]
async fn ux_w7_a_client_is_entered_by_email_or_number_and_scopes_in_any_form() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    calendar(&carnet, &owner).await;
    let path = format!("organizations/{}/delegations", acme());
    let account = carnet.account("invoice-sync", "billing").await;
    let forms = [
        json!("calendar.readonly, calendar.write"),
        json!("calendar.write calendar.readonly"),
        json!("calendar.readonly\ncalendar.write\n"),
        json!(["calendar.readonly", "calendar.write"]),
    ];
    for (place, scopes) in forms.into_iter().enumerate() {
        let (client, entered) = match place % 2 {
            0 => (account.email.as_str(), "email"),
            _ => (account.unique_id.as_str(), "client_id"),
        };
        let body = json!({"client": client, "scopes": scopes, "whom": "everyone"});
        let made = carnet.post(&owner, &path, body).await.expect(201);
        assert_eq!(made["client_id"], account.unique_id.as_str());
        assert_eq!(made["client_email"], account.email.as_str());
        assert_eq!(made["entered_by"], entered);
        assert_eq!(
            made["scopes"],
            json!(["calendar.readonly", "calendar.write"])
        );
        assert_eq!(
            made["whom"],
            json!({"everyone": true, "groups": [], "users": []})
        );
        let one = format!("{path}/{}", made["id"].as_str().unwrap());
        assert_eq!(
            carnet.ask(&owner, "DELETE", &one, Value::Null).await.status,
            204
        );
    }
}

#[tokio::test]
async fn ux_w7_unknown_scopes_are_flagged_each_at_its_place_with_the_closest() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    calendar(&carnet, &owner).await;
    let account = carnet.account("robot", "solo").await;
    let path = format!("organizations/{}/delegations", acme());
    let scopes = [
        "calendar.readonly",
        "calender.readonly",
        "calendar.secret",
        "a\"b",
    ];
    let body = json!({"client": account.email.as_str(), "scopes": scopes, "whom": "everyone"});
    let problem = carnet
        .post(&owner, &path, body)
        .await
        .refused(400, "CRN-6007");
    let errors = problem["errors"].as_array().unwrap();
    let pointers: Vec<&str> = errors
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(
        pointers,
        ["/scopes/1", "/scopes/2", "/scopes/3"],
        "a private scope looks unknown"
    );
    let detail = errors[0]["detail"].as_str().unwrap();
    assert_eq!(
        detail,
        "unknown scope 'calender.readonly'. Closest: calendar.readonly"
    );
    let body = json!({"client": account.email.as_str(), "scopes": " , ", "whom": "everyone"});
    carnet
        .post(&owner, &path, body)
        .await
        .refused(400, "CRN-6007");
    let body = json!({"client": "nobody@solo.iam.gserviceaccount.com", "scopes": "calendar.readonly", "whom": "everyone"});
    let problem = carnet
        .post(&owner, &path, body)
        .await
        .refused(400, "CRN-6007");
    assert_eq!(problem["errors"][0]["pointer"], "/client");
}

#[tokio::test]
async fn ux_w7_whom_must_be_said_and_exist_in_the_organization() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    calendar(&carnet, &owner).await;
    let dana = carnet.user("dana@acme.example").await;
    let account = carnet.account("robot", "solo").await;
    let path = format!("organizations/{}/delegations", acme());
    let body = |whom: Value| json!({"client": account.email.as_str(), "scopes": "calendar.readonly", "whom": whom});
    for whom in [
        json!({}),
        json!({"groups": [], "users": []}),
        json!("nobody"),
        json!(7),
    ] {
        let problem = carnet
            .post(&owner, &path, body(whom))
            .await
            .refused(400, "CRN-6007");
        assert_eq!(problem["errors"][0]["pointer"], "/whom");
    }
    let whom = json!({"groups": ["none@acme.example"], "users": ["dana@acme.example"]});
    let problem = carnet
        .post(&owner, &path, body(whom))
        .await
        .refused(400, "CRN-6007");
    assert_eq!(problem["errors"][0]["pointer"], "/whom/groups/0");
    let whom = json!({"users": ["dana@acme.example", dana.id.as_str()]});
    let made = carnet.post(&owner, &path, body(whom)).await.expect(201);
    assert_eq!(made["whom"]["users"], json!([dana.id.as_str()]));
    let again = carnet.post(&owner, &path, body(json!("everyone"))).await;
    again.refused(409, "CRN-6005");
}

#[tokio::test]
async fn a_delegation_is_suspended_resumed_and_ends_by_itself() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    calendar(&carnet, &owner).await;
    let account = carnet.account("robot", "solo").await;
    let path = format!("organizations/{}/delegations", acme());
    let until = |seconds| json!(carnet_core::value::UnixTime(carnet.now().0 + seconds).rfc3339());
    let body = |until: Value| json!({"client": account.email.as_str(), "scopes": "calendar.readonly", "whom": "everyone", "until": until});
    carnet
        .post(&owner, &path, body(until(0)))
        .await
        .refused(400, "CRN-6007");
    carnet
        .post(&owner, &path, body(json!("tomorrow")))
        .await
        .refused(400, "CRN-6007");
    let made = carnet
        .post(&owner, &path, body(until(60)))
        .await
        .expect(201);
    let one = format!("{path}/{}", made["id"].as_str().unwrap());
    let now = carnet
        .post(&owner, &format!("{one}:suspend"), Value::Null)
        .await
        .expect(200);
    assert_eq!(now["state"]["state"], "suspended");
    let now = carnet
        .post(&owner, &format!("{one}:resume"), Value::Null)
        .await
        .expect(200);
    assert_eq!(now["state"], json!({"state": "active"}));
    carnet.wait(60);
    let now = carnet.get(&owner, &one).await.expect(200);
    assert_eq!(now["state"]["state"], "ended");
    let change = json!({"until": null, "scopes": "calendar.write", "note": "weekly report"});
    let now = carnet
        .ask_if(&owner, ("PATCH", &one), change, Some("*"))
        .await
        .expect(200);
    assert_eq!(
        (&now["until"], &now["state"]),
        (&Value::Null, &json!({"state": "active"}))
    );
    assert_eq!(
        (&now["scopes"], &now["note"]),
        (&json!(["calendar.write"]), &json!("weekly report"))
    );
}

#[tokio::test]
async fn a_policy_blocks_scopes_or_strange_clients() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    calendar(&carnet, &owner).await;
    let account = carnet.account("robot", "solo").await;
    let path = format!("organizations/{}/policies", acme());
    let body = json!({"title": "High risk", "kind": "block_scopes"});
    carnet
        .post(&owner, &path, body)
        .await
        .refused(400, "CRN-6007");
    let body = json!({"title": "x", "kind": "own_clients_only", "scopes": "calendar.write"});
    carnet
        .post(&owner, &path, body)
        .await
        .refused(400, "CRN-6007");
    let body = json!({"title": "High risk", "kind": "block_scopes", "scopes": "calendar.wriet"});
    let problem = carnet
        .post(&owner, &path, body)
        .await
        .refused(400, "CRN-6007");
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("Closest: calendar.write")
    );
    let body = json!({"title": "High risk", "kind": "block_scopes", "scopes": "calendar.write", "except": [account.email.as_str()]});
    let made = carnet.post(&owner, &path, body).await.expect(201);
    assert_eq!(
        (&made["enabled"], &made["except"]),
        (&json!(true), &json!([account.unique_id.as_str()]))
    );
    let one = format!("{path}/{}", made["id"].as_str().unwrap());
    let change = json!({"enabled": false, "except": []});
    let now = carnet
        .ask_if(&owner, ("PATCH", &one), change, Some("\"1\""))
        .await
        .expect(200);
    assert_eq!(
        (&now["enabled"], &now["except"]),
        (&json!(false), &json!([]))
    );
    assert_eq!(
        now["scopes"],
        json!(["calendar.write"]),
        "what is absent stays"
    );
    assert_eq!(
        carnet.ask(&owner, "DELETE", &one, Value::Null).await.status,
        204
    );
}

#[tokio::test]
async fn keycloak_cve_2026_15572_an_api_cannot_take_names_of_carnet_or_of_others() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let api = calendar(&carnet, &owner).await;
    assert_eq!(
        (&api["tokens"], &api["algorithm"]),
        (&json!("jwt"), &json!("ES256"))
    );
    assert_eq!(api["lifetime_seconds"], 3600);
    let path = "projects/billing/apis";
    let wrong = [
        json!({"identifier": "urn:carnet:admin"}),
        json!({"identifier": "urn:carnet:other"}),
        json!({"identifier": "https://a.example/", "scopes": [{"name": "carnet.admin"}]}),
        json!({"identifier": "https://a.example/", "scopes": [{"name": "openid"}]}),
        json!({"identifier": "https://a.example/", "scopes": [{"name": "a"}, {"name": "a"}]}),
        json!({"identifier": "https://a.example/", "lifetime_seconds": 59}),
        json!({"identifier": "https://a.example/", "algorithm": "ES384"}),
        json!({"identifier": "https://a.example/#b"}),
    ];
    for body in wrong {
        carnet
            .post(&owner, path, body.clone())
            .await
            .refused(400, "CRN-6007");
    }
    let body = json!({"identifier": "https://b.example/", "scopes": [{"name": "calendar.write"}]});
    carnet
        .post(&owner, path, body)
        .await
        .refused(409, "CRN-6005");
    let one = format!("{path}/{}", api["id"].as_str().unwrap());
    let change = json!({"scopes": [{"name": "carnet.admin"}]});
    carnet
        .ask_if(&owner, ("PATCH", &one), change, Some("*"))
        .await
        .refused(400, "CRN-6007");
    let change = json!({"tokens": "opaque", "lifetime_seconds": 300});
    let now = carnet
        .ask_if(&owner, ("PATCH", &one), change, Some("*"))
        .await
        .expect(200);
    assert_eq!(
        (&now["tokens"], &now["lifetime_seconds"]),
        (&json!("opaque"), &json!(300))
    );
    let own = carnet.get(&owner, "projects/carnet/apis").await.expect(200);
    let own = format!(
        "projects/carnet/apis/{}",
        own["items"][0]["id"].as_str().unwrap()
    );
    carnet
        .ask(&owner, "DELETE", &own, Value::Null)
        .await
        .refused(409, "CRN-6012");
}

#[tokio::test]
async fn an_internal_project_needs_an_organization() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let body = json!({"id": "lonely", "audience": "internal"});
    carnet
        .post(&owner, "projects", body)
        .await
        .refused(400, "CRN-6007");
    let body = json!({"id": "at-home", "organization": acme().to_string()});
    let made = carnet
        .post(&owner, "projects", body.clone())
        .await
        .expect(201);
    assert_eq!(made["audience"], "internal");
    carnet
        .post(&owner, "projects", body)
        .await
        .refused(409, "CRN-6005");
    let body = json!({"id": "nowhere", "organization": "org_00000000000000000000000000"});
    carnet
        .post(&owner, "projects", body)
        .await
        .refused(404, "CRN-6004");
    let change = json!({"assertions": {"strict": true}});
    let now = carnet
        .ask_if(&owner, ("PATCH", "projects/at-home"), change, Some("*"))
        .await
        .expect(200);
    assert_eq!(
        now["assertions"],
        json!({"strict": true, "google_audience_for_uploaded_keys": false})
    );
}

#[tokio::test]
async fn ux_3_2_7_a_list_of_accounts_says_what_each_is_used_for() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    calendar(&carnet, &owner).await;
    let account = carnet.account("invoice-sync", "billing").await;
    let list = "projects/billing/service-accounts";
    let one = format!("{list}/{}", account.unique_id);
    let usage = async |token: &str| {
        let path = format!("{list}?show_usage=true");
        let listed = carnet.get(token, &path).await.expect(200);
        let path = format!("{one}?show_usage=true");
        let shown = carnet.get(token, &path).await.expect(200);
        assert_eq!(listed["items"], json!([shown]));
        shown["usage"].clone()
    };
    let plain = carnet.get(&owner, list).await.expect(200);
    assert_eq!(plain["items"][0].get("usage"), None, "only where asked for");
    let before = usage(&owner).await;
    assert_eq!(before.get("last_token"), None, "never");
    assert_eq!(before.get("delegation"), None);
    let keys = before["keys"].as_u64().unwrap();
    let path = format!("{one}/keys");
    let made = carnet.post(&owner, &path, Value::Null).await.expect(201);
    assert_eq!(usage(&owner).await["keys"], keys + 1);
    let key = made["key"]["id"].as_str().unwrap();
    let path = format!("{path}/{key}:disable");
    carnet.post(&owner, &path, Value::Null).await.expect(200);
    assert_eq!(usage(&owner).await["keys"], keys, "those that work");

    let used = carnet_core::record::KeyUse {
        key: key.parse().unwrap(),
        account: account.unique_id.clone(),
        last: carnet.now(),
        address: String::new(),
        count: 1,
    };
    carnet
        .store()
        .commit(&[Change::KeyUsed(used)])
        .await
        .unwrap();
    assert_eq!(usage(&owner).await["last_token"], carnet.now().rfc3339());

    let path = format!("organizations/{}/delegations", acme());
    let scopes = "calendar.readonly calendar.write";
    let body = json!({"client": account.email.as_str(), "scopes": scopes, "whom": "everyone"});
    carnet.post(&owner, &path, body).await.expect(201);
    let delegated = json!({"scopes": 2, "everyone": true});
    assert_eq!(usage(&owner).await["delegation"], delegated);
}

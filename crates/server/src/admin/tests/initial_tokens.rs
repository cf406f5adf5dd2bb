//! Initial access tokens over HTTP, and a client that registers with one.

use axum::body::Body;
use axum::http::Request;
use carnet_core::record::{Role, Territory};
use serde_json::{Value, json};

use super::installation::{Installation, Said};

const LIST: &str = "projects/billing/initial-tokens";

async fn register(carnet: &Installation, token: &str) -> Said {
    let body = json!({"client_name": "Nightly", "grant_types": ["client_credentials"]});
    let request = Request::post("/register")
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {token}"));
    let request = request.body(Body::from(body.to_string())).unwrap();
    carnet.send(request).await
}

#[tokio::test]
async fn rfc7591_3_a_token_is_made_lets_clients_in_and_is_deleted() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let body = json!({"title": "A partner", "uses": 2, "expires_in_days": 30});
    let said = carnet.post(&owner, LIST, body).await;
    let location = said.header("location").to_owned();
    let made = said.expect(201);
    let text = made["initial_access_token"].as_str().unwrap().to_owned();
    assert!(text.starts_with("crn_ia_"));
    let one = format!("{LIST}/{}", made["id"].as_str().unwrap());
    assert_eq!(location, format!("/admin/v1/{one}"));

    let client = register(&carnet, &text).await.expect(201);
    let client = format!("clients/{}", client["client_id"].as_str().unwrap());
    let record = carnet.get(&owner, &client).await.expect(200);
    assert_eq!(record["project"], "billing", "it is the token's project");
    let listed = carnet.get(&owner, LIST).await.expect(200);
    let items = listed["items"].as_array().unwrap();
    assert_eq!(items.len(), 1);
    assert_eq!(
        (&items[0]["id"], &items[0]["uses"]),
        (&made["id"], &json!(1))
    );
    assert!(text.ends_with(items[0]["ends_in"].as_str().unwrap()));
    assert!(!listed.to_string().contains(&text), "it is shown once");

    let gone = carnet.ask(&owner, "DELETE", &one, Value::Null).await;
    assert_eq!(gone.status, 204);
    let late = register(&carnet, &text).await;
    assert_eq!(
        (late.status, &late.body["error"]),
        (401, &json!("invalid_token"))
    );
    carnet.get(&owner, &client).await.expect(200);
    let again = carnet.ask(&owner, "DELETE", &one, Value::Null).await;
    again.refused(404, "CRN-6004");
}

#[tokio::test]
async fn a_token_without_wishes_is_for_one_client_and_a_week() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let made = carnet.post(&owner, LIST, Value::Null).await.expect(201);
    assert_eq!((&made["uses"], &made["title"]), (&json!(1), &json!("")));
    let text = made["initial_access_token"].as_str().unwrap();
    carnet.wait(7 * 86_400 - 1);
    register(&carnet, text).await.expect(201);
    assert_eq!(register(&carnet, text).await.status, 401, "it is used up");
    let next = carnet.post(&owner, LIST, Value::Null).await.expect(201);
    carnet.wait(7 * 86_400);
    let text = next["initial_access_token"].as_str().unwrap();
    assert_eq!(register(&carnet, text).await.status, 401, "it has ended");
}

#[tokio::test]
async fn lesson_14_what_is_out_of_bounds_is_told_at_its_member() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    for (body, pointer) in [
        (json!({"uses": 0}), "/uses"),
        (json!({"uses": 10_001}), "/uses"),
        (json!({"expires_in_days": 0}), "/expires_in_days"),
        (json!({"expires_in_days": 366}), "/expires_in_days"),
        (json!({"expires_in_days": i64::MAX}), "/expires_in_days"),
        (json!({"title": "a\nb"}), "/title"),
    ] {
        let said = carnet.post(&owner, LIST, body).await;
        let problem = said.refused(400, "CRN-6007");
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
}

#[tokio::test]
async fn lesson_19_tokens_are_of_a_project_and_of_those_who_write_in_it() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let billing = Territory::Project("billing".parse().unwrap());
    let viewer = carnet.caller(Role::Viewer, billing).await;
    let solo = Territory::Project("solo".parse().unwrap());
    let stranger = carnet.caller(Role::Owner, solo).await;
    let made = carnet.post(&owner, LIST, Value::Null).await.expect(201);
    let one = format!("{LIST}/{}", made["id"].as_str().unwrap());
    carnet.get(&viewer, LIST).await.expect(200);
    let said = carnet.post(&viewer, LIST, Value::Null).await;
    assert_eq!(said.status, 403, "{}", said.body);
    let said = carnet.ask(&viewer, "DELETE", &one, Value::Null).await;
    assert_eq!(said.status, 403, "{}", said.body);
    for (method, path) in [("GET", LIST), ("POST", LIST), ("DELETE", &one)] {
        let said = carnet.ask(&stranger, method, path, Value::Null).await;
        assert_eq!(said.status, 404, "{method}: {}", said.body);
    }
    // Through another project's path it is not there either.
    let other = one.replace("billing", "solo");
    let said = carnet.ask(&stranger, "DELETE", &other, Value::Null).await;
    said.refused(404, "CRN-6004");
    let listed = carnet.get(&owner, LIST).await.expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
}

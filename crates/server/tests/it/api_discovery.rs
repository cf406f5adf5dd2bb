//! Google's discovery documents of APIs (google-wire 10.1, 10.2).

use axum::body::Body;
use axum::http::Request;
use axum::http::StatusCode;
use serde_json::Value;

use crate::code::actor::Actor;

async fn ask(actor: &Actor, path: &str) -> (StatusCode, Value) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let answer = actor.provider.send(request).await;
    (answer.status, serde_json::from_str(&answer.body).unwrap())
}

/// Each method of a document: its name, its path and what it answers.
fn methods(place: &Value, found: &mut Vec<Value>) {
    let members = |name: &str| place[name].as_object().cloned().unwrap_or_default();
    found.extend(members("methods").into_iter().map(|(_, method)| method));
    for (_, resource) in members("resources") {
        methods(&resource, found);
    }
}

#[tokio::test]
async fn google_wire_10_1_each_api_that_is_listed_has_a_document() {
    let actor = Actor::new().await;
    let (status, list) = ask(&actor, "/discovery/v1/apis").await;
    assert_eq!(status, StatusCode::OK);
    let items = list["items"].as_array().unwrap();
    let ids: Vec<_> = items
        .iter()
        .map(|item| item["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["iamcredentials:v1", "sts:v1", "oauth2:v2"]);
    for item in items {
        let url = item["discoveryRestUrl"].as_str().unwrap();
        let path = &url[url.find("/discovery/").unwrap()..];
        let (status, document) = ask(&actor, path).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert_eq!(document["id"], item["id"]);
        assert_eq!(document["kind"], "discovery#restDescription");
        let root = document["rootUrl"].as_str().unwrap();
        assert_eq!(url.strip_prefix(root), path.strip_prefix('/'));
    }
}

#[tokio::test]
async fn google_wire_10_2_what_a_document_names_is_there() {
    let actor = Actor::new().await;
    for path in ["iamcredentials/v1", "sts/v1", "oauth2/v2"] {
        let path = format!("/discovery/v1/apis/{path}/rest");
        let (_, document) = ask(&actor, &path).await;
        let mut found = Vec::new();
        methods(&document, &mut found);
        assert!(!found.is_empty(), "{path}");
        for method in found {
            for side in ["request", "response"] {
                if let Some(name) = method[side]["$ref"].as_str() {
                    assert!(document["schemas"][name].is_object(), "{name}");
                }
            }
            let name = "projects/-/serviceAccounts/x@demo.iam.gserviceaccount.com";
            let below = method["path"].as_str().unwrap().replace("{+name}", name);
            let verb = method["httpMethod"].as_str().unwrap();
            let request = Request::builder().method(verb).uri(format!("/{below}"));
            let answer = actor
                .provider
                .send(request.body(Body::empty()).unwrap())
                .await;
            assert_ne!(answer.status, StatusCode::NOT_FOUND, "{verb} {below}");
            assert_ne!(
                answer.status,
                StatusCode::METHOD_NOT_ALLOWED,
                "{verb} {below}"
            );
        }
    }
}

#[tokio::test]
async fn google_wire_10_1_another_api_is_not_here() {
    let actor = Actor::new().await;
    for path in ["drive/v3", "iamcredentials/v2", "%2e%2e/v1"] {
        let path = format!("/discovery/v1/apis/{path}/rest");
        let (status, body) = ask(&actor, &path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(body["error"]["status"], "NOT_FOUND");
    }
}

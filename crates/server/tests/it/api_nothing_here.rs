//! Paths of Google's APIs where nothing is.

use axum::body::Body;
use axum::http::Request;
use axum::http::StatusCode;
use carnet_server::http::host::Awaited;
use serde_json::Value;

use crate::code::actor::Actor;

async fn at(host: Option<&str>, path: &str) -> Value {
    let mut request = Request::get(path);
    if let Some(host) = host {
        request = request.header("host", host).extension(Awaited);
    }
    let actor = Actor::new().await;
    let answer = actor
        .provider
        .send(request.body(Body::empty()).unwrap())
        .await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    serde_json::from_str(&answer.body).unwrap()
}

/// Libraries look into `error` for an object here, and for a text where OAuth answers.
#[tokio::test]
async fn google_wire_0_11_a_path_of_an_api_where_nothing_is_has_the_envelope_of_an_api() {
    for (host, path) in [
        (None, "/v1/zz"),
        (None, "/v2/policies/x"),
        (Some("storage.googleapis.com"), "/storage/v1/b"),
        (Some("pubsub.googleapis.com"), "/v1/projects/x/topics"),
        (Some("iam.googleapis.com"), "/zz"),
    ] {
        let body = at(host, path).await;
        assert_eq!(body["error"]["code"], 404, "{path}");
        assert_eq!(body["error"]["status"], "NOT_FOUND", "{path}");
        let detail = &body["error"]["details"][0]["metadata"];
        assert_eq!(detail["crn"], "CRN-1011", "{path}");
    }
    for (host, path) in [
        (None, "/zz"),
        (None, "/vault"),
        (Some("oauth2.googleapis.com"), "/v1/zz"),
        (Some("sts.googleapis.com"), "/zz"),
    ] {
        assert!(at(host, path).await["error"].is_string(), "{path}");
    }
}

//! Google's discovery documents of APIs (google-wire 10.1, 10.2).

use axum::body::Body;
use axum::http::Request;
use axum::http::StatusCode;
use carnet_server::http::host::Awaited;
use carnet_testkit::provider::ISSUER;
use serde_json::Value;

use crate::code::actor::Actor;

async fn ask(actor: &Actor, path: &str) -> (StatusCode, Value) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let answer = actor.provider.send(request).await;
    (answer.status, serde_json::from_str(&answer.body).unwrap())
}

/// The path of a method, with a name of the pattern that it asks for.
pub(crate) fn path_of(method: &Value) -> String {
    let mut path = method["path"].as_str().unwrap().to_owned();
    for (name, parameter) in method["parameters"].as_object().unwrap() {
        if let Some(pattern) = parameter["pattern"].as_str() {
            let named = pattern
                .trim_matches(['^', '$'])
                .replace("locations/[^/]+", "locations/global");
            path = path.replace(&format!("{{+{name}}}"), &named.replace("[^/]+", "some"));
        }
    }
    path
}

/// Each method of a document: its name, its path and what it answers.
pub(crate) fn methods(place: &Value, found: &mut Vec<Value>) {
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
    assert_eq!(ids, ["iam:v1", "iamcredentials:v1", "sts:v1", "oauth2:v2"]);
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
    for path in ["iam/v1", "iamcredentials/v1", "sts/v1", "oauth2/v2"] {
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
            let below = path_of(&method);
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

#[tokio::test]
async fn google_wire_10_1_under_its_own_name_an_api_has_one_document() {
    let actor = Actor::new().await;
    let at = |host: &str, path: &str| {
        let mut request = Request::get(path).header("host", host);
        request = request.extension(Awaited);
        let request = request.body(Body::empty()).unwrap();
        let provider = &actor.provider;
        async move {
            let answer = provider.send(request).await;
            let body: Value = serde_json::from_str(&answer.body).unwrap();
            (answer.status, body)
        }
    };
    for (host, version, id) in [
        ("iam.googleapis.com", "v1", "iam:v1"),
        (
            "iamcredentials.googleapis.com:443",
            "v1",
            "iamcredentials:v1",
        ),
        ("sts.carnet.test", "v1", "sts:v1"),
        ("oauth2.googleapis.com", "v2", "oauth2:v2"),
    ] {
        let path = format!("/$discovery/rest?key=x&version={version}");
        let (status, document) = at(host, &path).await;
        assert_eq!(status, StatusCode::OK, "{host}");
        assert_eq!(document["id"], id);
        let host = host.trim_end_matches(":443");
        assert_eq!(document["rootUrl"], format!("https://{host}/"));
    }
    for (host, query) in [
        ("iam.googleapis.com", "version=v2"),
        ("iam.googleapis.com", ""),
        ("drive.googleapis.com", "version=v1"),
        ("accounts.google.com", "version=v1"),
        ("localhost", "version=v1"),
    ] {
        let (status, body) = at(host, &format!("/$discovery/rest?{query}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{host} {query}");
        assert_eq!(body["error"]["status"], "NOT_FOUND");
    }
    // The older place, under the name that all APIs have in common.
    let older = "/discovery/v1/apis/sts/v1/rest";
    let (_, document) = at("www.googleapis.com", older).await;
    assert_eq!(document["rootUrl"], "https://sts.googleapis.com/");
    let (_, list) = at("www.googleapis.com", "/discovery/v1/apis").await;
    let url = "https://www.googleapis.com/discovery/v1/apis/iam/v1/rest";
    assert_eq!(list["items"][0]["discoveryRestUrl"], url);
}

#[tokio::test]
async fn google_wire_10_1_a_name_that_nobody_holds_says_nothing() {
    let actor = Actor::new().await;
    for host in ["iam.googleapis.com", "iam.attacker.example"] {
        let request = Request::get("/$discovery/rest?version=v1").header("host", host);
        let answer = actor
            .provider
            .send(request.body(Body::empty()).unwrap())
            .await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{host}");
        let request = Request::get("/discovery/v1/apis/iam/v1/rest").header("host", host);
        let answer = actor
            .provider
            .send(request.body(Body::empty()).unwrap())
            .await;
        let document: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(document["rootUrl"], format!("{ISSUER}/"), "{host}");
    }
}

//! The metadata server, by the script and over a real socket.

use wiremock::Mock;
use wiremock::MockServer;
use wiremock::ResponseTemplate;
use wiremock::matchers::header;
use wiremock::matchers::method;
use wiremock::matchers::path;

use super::Credentials;
use super::Environment;
use super::Outside;
use super::Script;
use super::outside;
use crate::clock::Clock;
use crate::token::TokenKind;
use crate::transport::Transport;

const ROOT: &str = "/computeMetadata/v1";

async fn at(script: &Script) -> Credentials {
    let environment = Environment::of(&[("GCE_METADATA_HOST", "metadata.example:8091")]);
    Credentials::find_in(environment, outside(script))
        .await
        .unwrap()
}

#[tokio::test]
async fn google_wire_7_3_what_does_not_say_google_is_not_believed() {
    let token = r#"{"access_token":"a","expires_in":3599,"token_type":"Bearer"}"#;
    let script = Script::default().then(200, &[], token);
    let error = at(&script).await.token().await.unwrap_err();
    assert!(error.to_string().contains("Metadata-Flavor"), "{error}");
    let flavor = [("Metadata-Flavor", "Google")];
    let script = Script::default()
        .then(404, &flavor, "")
        .then(404, &flavor, "");
    let credentials = at(&script).await;
    let error = credentials.token().await.unwrap_err();
    assert!(error.to_string().contains("no service account"), "{error}");
    assert_eq!(
        credentials.universe_domain().await.unwrap(),
        "googleapis.com"
    );
    assert_eq!(
        script.asked(1).uri(),
        "http://metadata.example:8091/computeMetadata/v1/universe/universe-domain"
    );
}

/// A metadata server on this machine.
async fn machine() -> MockServer {
    let server = MockServer::start().await;
    let account = format!("{ROOT}/instance/service-accounts/default");
    let token = r#"{"access_token":"ya29.m","expires_in":3599,"token_type":"Bearer"}"#;
    let answers = [
        (
            format!("{account}/email"),
            "",
            "robot@p.iam.gserviceaccount.com\n",
        ),
        (format!("{ROOT}/project/project-id"), "", "p"),
        (
            format!("{ROOT}/universe/universe-domain"),
            "",
            "cloud.example",
        ),
        (format!("{account}/token"), "scopes=a%2Cb", token),
        (
            format!("{account}/identity"),
            "audience=https%3A%2F%2Fapi.example&format=full",
            "a.b.c\n",
        ),
    ];
    for (at, query, text) in answers {
        let answer = ResponseTemplate::new(200)
            .insert_header("Metadata-Flavor", "Google")
            .set_body_string(text);
        Mock::given(method("GET"))
            .and(path(at))
            .and(header("Metadata-Flavor", "Google"))
            .and(move |request: &wiremock::Request| {
                request.url.query().unwrap_or_default() == query
            })
            .respond_with(answer)
            .expect(1)
            .mount(&server)
            .await;
    }
    server
}

#[tokio::test]
async fn google_wire_7_1_tokens_and_facts_of_a_machine() {
    let server = machine().await;
    let outside = Outside {
        transport: Transport::new().unwrap(),
        clock: Clock::system(),
    };
    let host = server.address().to_string();
    let environment = Environment::of(&[("GCE_METADATA_HOST", &host)]);
    let credentials = Credentials::find_in(environment, outside).await.unwrap();
    let scoped = credentials.scoped(&["a", "b"]).unwrap();
    assert_eq!(scoped.token().await.unwrap().value().reveal(), "ya29.m");
    scoped.token().await.unwrap();
    let identity = credentials.id_token("https://api.example");
    let identity = identity.token().await.unwrap();
    assert_eq!(identity.value().reveal(), "a.b.c");
    assert_eq!(identity.kind(), TokenKind::Id);
    let email = credentials.email().await.unwrap();
    assert_eq!(email.as_deref(), Some("robot@p.iam.gserviceaccount.com"));
    let project = credentials.project_id().await.unwrap();
    assert_eq!(project.as_deref(), Some("p"));
    let universe = credentials.universe_domain().await.unwrap();
    assert_eq!(universe, "cloud.example");
}

#[test]
fn a_host_is_a_host() {
    for wrong in ["a/b", "a?b", "u@h", ""] {
        assert!(Credentials::from_metadata_server(wrong).is_err(), "{wrong}");
    }
    assert!(Credentials::from_metadata_server("http://127.0.0.1:8091/").is_ok());
}

//! Clients that register themselves (RFC 7591), change and delete themselves (RFC 7592), and those that may not.

use axum::body::Body;
use axum::http::Request;
use axum::http::StatusCode;
use carnet_core::record::ClientSource;
use carnet_core::record::InitialToken;
use carnet_core::record::Trust;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Record;
use carnet_core::value::InitialTokenId;
use carnet_core::value::Seconds;
use carnet_core::value::Secret;
use carnet_core::value::UnixTime;
use carnet_core::value::Version;
use carnet_server::config::registration::Dynamic;
use carnet_server::config::registration::Registration;
use carnet_server::purge;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::provider::Provider;
use carnet_testkit::provider::Ways;
use carnet_testkit::world::NOW;
use carnet_testkit::world::READ;
use serde_json::Value;

use crate::code::actor::Actor;
use crate::code::actor::BACK;
use crate::code::actor::VERIFIER;
use crate::code::actor::answered;
use crate::code::actor::authorize;
use crate::code::actor::member;

/// What a program on somebody's computer says of itself, as MCP clients do.
const NATIVE: &str = r#"{"client_name":"Inspector","redirect_uris":["http://127.0.0.1/cb"],"token_endpoint_auth_method":"none","grant_types":["authorization_code","refresh_token"],"response_types":["code"]}"#;

fn web(more: &str) -> String {
    format!(
        r#"{{"client_name":"Ledgerly","redirect_uris":["{BACK}"],"grant_types":["authorization_code","refresh_token"]{more}}}"#
    )
}

fn settings(dynamic: Dynamic) -> Registration {
    Registration {
        dynamic,
        project: Some("billing".parse().unwrap()),
        often: None,
        ..Registration::default()
    }
}

async fn actor(registration: Registration) -> Actor {
    Actor::with(Ways {
        registration,
        ..Ways::default()
    })
    .await
}

async fn open() -> Actor {
    actor(settings(Dynamic::Open)).await
}

async fn send(
    provider: &Provider,
    (method, path): (&str, &str),
    body: &str,
    token: Option<&str>,
) -> Answer {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/json");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let request = request.body(Body::from(body.to_owned())).unwrap();
    provider.send(request).await
}

async fn register(provider: &Provider, body: &str) -> Answer {
    send(provider, ("POST", "/register"), body, None).await
}

fn refused(answer: &Answer, status: u16, error: &str, why: &str) {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.body);
    assert_eq!(member(answer, "error"), error, "{}", answer.body);
    assert!(answer.body.contains(why), "{why}: {}", answer.body);
}

/// An initial access token with so many uses.
async fn invited(provider: &Provider, uses: u32) -> String {
    let text = format!("crn_ia_{uses}");
    let token = InitialToken {
        id: InitialTokenId::from_bytes([9; 16]),
        project: "billing".parse().unwrap(),
        title: "A partner".parse().unwrap(),
        digest: Secret::new(text.clone()).digest(),
        ends_in: String::new(),
        uses,
        created: UnixTime(NOW),
        expires: UnixTime(NOW) + Seconds::days(1),
        version: Version::FIRST,
    };
    let changes = [Change::Insert(Record::InitialToken(token))];
    let committed = provider.world.store().commit(&changes).await.unwrap();
    assert_eq!(committed, Committed::Yes);
    text
}

#[tokio::test]
async fn rfc7591_3_2_1_a_client_registers_and_signs_people_in() {
    let actor = open().await;
    let answer = register(&actor.provider, &web("")).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let kept = answer.headers["cache-control"].to_str().unwrap();
    assert!(kept.contains("no-store"), "{kept}");
    let (id, secret) = (
        member(&answer, "client_id"),
        member(&answer, "client_secret"),
    );
    assert!(secret.starts_with("crn_cs_"));
    let json = answer.json();
    assert_eq!(json["client_secret_expires_at"], 0);
    assert_eq!(json["client_id_issued_at"], NOW);
    assert_eq!(json["token_endpoint_auth_method"], "client_secret_basic");
    assert_eq!(
        json["registration_client_uri"],
        format!("{ISSUER}/register/{id}")
    );
    assert!(member(&answer, "registration_access_token").starts_with("crn_ra_"));
    let record = actor
        .provider
        .world
        .store()
        .client(&id.parse().unwrap())
        .await;
    let record = record.unwrap().expect("it is there");
    assert_eq!(
        (record.source, record.trust),
        (ClientSource::Registered, Trust::Unknown)
    );
    let path = authorize(&id, &[("scope", "openid")]);
    let back = actor.consent(&path, &[("decision", "allow")]).await;
    let code = answered(&back, "code").expect("a code");
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
    ];
    let tokens = actor
        .provider
        .post_basic("/token", &form, (&id, &secret))
        .await;
    assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.body);
}

#[tokio::test]
async fn oidc_registration_2_id_tokens_are_signed_as_the_client_registered() {
    let actor = open().await;
    let keys = actor.provider.get("/jwks").await.json();
    let document = actor
        .provider
        .get("/.well-known/openid-configuration")
        .await;
    let offered = &document.json()["id_token_signing_alg_values_supported"];
    assert_eq!(offered, &serde_json::json!(["RS256", "ES256"]));
    for (more, algorithm) in [
        ("", "RS256"),
        (r#","id_token_signed_response_alg":"RS256""#, "RS256"),
        (r#","id_token_signed_response_alg":"ES256""#, "ES256"),
    ] {
        let answer = register(&actor.provider, &web(more)).await;
        let (id, secret) = (
            member(&answer, "client_id"),
            member(&answer, "client_secret"),
        );
        assert_eq!(answer.json()["id_token_signed_response_alg"], algorithm);
        let path = authorize(&id, &[("scope", "openid")]);
        let back = actor.consent(&path, &[("decision", "allow")]).await;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", &answered(&back, "code").expect("a code")),
            ("redirect_uri", BACK),
            ("code_verifier", VERIFIER),
        ];
        let tokens = actor
            .provider
            .post_basic("/token", &form, (&id, &secret))
            .await;
        let token = member(&tokens, "id_token");
        let jwks = carnet_jose::JwkSet::parse(keys.to_string().as_bytes()).unwrap();
        let unverified =
            carnet_jose::Unverified::parse(&token, carnet_jose::Limits::STRICT).unwrap();
        assert_eq!(unverified.header().algorithm.name(), algorithm);
        let kid = unverified.header().key_id.clone();
        let key = jwks.keys.iter().find(|key| key.key_id == kid).unwrap();
        assert!(
            unverified.verify(&key.key).is_ok(),
            "with a key that is published"
        );
        // It is one of ours wherever it is shown.
        let told = actor
            .provider
            .get(&format!("/tokeninfo?id_token={token}"))
            .await;
        assert_eq!(told.json()["alg"], algorithm, "{}", told.body);
        let hinted = authorize(
            &id,
            &[
                ("scope", "openid"),
                ("prompt", "none"),
                ("id_token_hint", &token),
            ],
        );
        let back = actor.get(&hinted).await;
        assert!(answered(&back, "code").is_some());
    }
}

#[tokio::test]
async fn rfc8705_2_1_2_a_client_registers_the_one_name_in_its_certificate() {
    let actor = open().await;
    for (name, value) in [
        ("tls_client_auth_subject_dn", "CN=ledgerly,O=Acme"),
        ("tls_client_auth_san_dns", "client.ledgerly.example"),
        ("tls_client_auth_san_uri", "spiffe://acme/ledgerly"),
        ("tls_client_auth_san_ip", "192.0.2.7"),
        ("tls_client_auth_san_email", "ledgerly@acme.example"),
    ] {
        let method = r#""token_endpoint_auth_method":"tls_client_auth""#;
        let bound = r#""tls_client_certificate_bound_access_tokens":true"#;
        let more = format!(r#",{method},{bound},"{name}":"{value}""#);
        let answer = register(&actor.provider, &web(&more)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        let json = answer.json();
        assert_eq!(json["token_endpoint_auth_method"], "tls_client_auth");
        assert_eq!(json["tls_client_certificate_bound_access_tokens"], true);
        assert!(
            json.get("client_secret").is_none(),
            "its certificate proves it"
        );
        let id = member(&answer, "client_id").parse().unwrap();
        let record = actor
            .provider
            .world
            .store()
            .client(&id)
            .await
            .unwrap()
            .unwrap();
        let kept = record.credentials.certificate.unwrap();
        assert_eq!(kept.kind().as_str(), name);
        assert_eq!(json[name], kept.to_string());
    }
}

#[tokio::test]
async fn rfc8252_8_4_a_program_on_somebodys_computer_registers_without_a_secret() {
    let actor = open().await;
    let answer = register(&actor.provider, NATIVE).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let json = answer.json();
    assert_eq!(json.get("client_secret"), None);
    assert_eq!(json["application_type"], "native");
    assert!(json["scope"].as_str().unwrap().contains(READ));
    assert!(!json["scope"].as_str().unwrap().contains("carnet.admin"));
}

#[tokio::test]
async fn rfc7591_3_2_2_what_is_wrong_is_told_with_its_place() {
    let actor = open().await;
    let say = async |body: &str| register(&actor.provider, body).await;
    let address = "invalid_redirect_uri";
    for (body, error, why) in [
        (
            r#"{"redirect_uris":["https://a.example/#x"]}"#,
            address,
            "/redirect_uris/0",
        ),
        (
            r#"{"redirect_uris":["http://a.example/"]}"#,
            address,
            "/redirect_uris/0",
        ),
        (
            r#"{"redirect_uris":["com.example.app:/cb"]}"#,
            address,
            "/redirect_uris/0",
        ),
        ("{}", address, "/redirect_uris"),
        ("[]", "invalid_client_metadata", "not a JSON object"),
        (
            r#"{"grant_types":["implicit"],"redirect_uris":["https://a.example/"]}"#,
            "invalid_client_metadata",
            "/grant_types",
        ),
        (
            r#"{"grant_types":["client_credentials"]}"#,
            "invalid_client_metadata",
            "initial access token",
        ),
        (
            &web(r#","software_statement":"eyJ""#),
            "unapproved_software_statement",
            "/software_statement",
        ),
    ] {
        refused(&say(body).await, 400, error, why);
    }
}

#[tokio::test]
async fn rfc7591_3_2_2_a_member_that_is_wrong_is_told_with_its_place() {
    let actor = open().await;
    let say = async |body: &str| register(&actor.provider, body).await;
    for (member, why) in [
        (
            r#""token_endpoint_auth_method":"magic""#,
            "/token_endpoint_auth_method",
        ),
        (r#""token_endpoint_auth_method":"private_key_jwt""#, "/jwks"),
        (
            r#""jwks":{"keys":[]},"jwks_uri":"https://a.example/jwks""#,
            "/jwks_uri",
        ),
        (r#""response_types":["token"]"#, "/response_types"),
        (
            r#""id_token_signed_response_alg":"none""#,
            "/id_token_signed_response_alg",
        ),
        (
            r#""id_token_signed_response_alg":"HS256""#,
            "/id_token_signed_response_alg",
        ),
        (
            r#""token_endpoint_auth_signing_alg":"none""#,
            "/token_endpoint_auth_signing_alg",
        ),
        (
            r#""token_endpoint_auth_signing_alg":"ES256""#,
            "/token_endpoint_auth_signing_alg",
        ),
        (
            r#""tls_client_auth_san_dns":"a.example","tls_client_auth_san_ip":"192.0.2.1""#,
            "/tls_client_auth_san_ip",
        ),
        (
            r#""token_endpoint_auth_method":"tls_client_auth","tls_client_auth_san_dns":"*.example""#,
            "/tls_client_auth_san_dns",
        ),
        (
            r#""token_endpoint_auth_method":"tls_client_auth""#,
            "/token_endpoint_auth_method",
        ),
        (r#""scope":"carnet.admin""#, "/scope"),
        (r#""logo_uri":"javascript:alert(1)""#, "/logo_uri"),
    ] {
        let answer = say(&web(&format!(",{member}"))).await;
        refused(&answer, 400, "invalid_client_metadata", why);
    }
}

#[tokio::test]
async fn rfc7591_3_1_metadata_arrives_as_json_by_post() {
    let actor = open().await;
    let form = actor
        .provider
        .post("/register", &[("client_name", "x")])
        .await;
    refused(&form, 400, "invalid_client_metadata", "application/json");
    let get = actor.provider.get("/register").await;
    assert_eq!(get.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn lesson_11_nobody_registers_into_what_is_reserved() {
    let actor = open().await;
    let body =
        web(r#","client_id":"demo-web","trust":"own","project":"carnet","require_pkce":false"#);
    let answer = register(&actor.provider, &body).await;
    let id = member(&answer, "client_id");
    assert_ne!(id, "demo-web");
    let record = actor
        .provider
        .world
        .store()
        .client(&id.parse().unwrap())
        .await;
    let record = record.unwrap().expect("it is there");
    assert!(record.require_pkce && record.trust == Trust::Unknown);
    assert_eq!(record.project.as_str(), "billing");
}

#[tokio::test]
async fn rfc7591_3_without_an_invitation_nobody_registers_where_one_is_needed() {
    let actor = actor(settings(Dynamic::Invited)).await;
    let provider = &actor.provider;
    let answer = register(provider, NATIVE).await;
    refused(&answer, 401, "invalid_token", "initial access token");
    let challenge = answer.headers["www-authenticate"].to_str().unwrap();
    assert!(challenge.starts_with("Bearer ") && challenge.contains("invalid_token"));
    for wrong in ["crn_ia_x", "x"] {
        let answer = send(provider, ("POST", "/register"), NATIVE, Some(wrong)).await;
        refused(&answer, 401, "invalid_token", "not one of ours");
    }
    let token = invited(provider, 2).await;
    let daemon = r#"{"client_name":"Nightly","grant_types":["client_credentials"]}"#;
    let answer = send(provider, ("POST", "/register"), daemon, Some(&token)).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let (id, secret) = (
        member(&answer, "client_id"),
        member(&answer, "client_secret"),
    );
    let form = [("grant_type", "client_credentials"), ("scope", READ)];
    let got = provider.post_basic("/token", &form, (&id, &secret)).await;
    assert_eq!(got.status, StatusCode::OK, "{}", got.body);
    // What is refused uses nothing up.
    let answer = send(provider, ("POST", "/register"), "{}", Some(&token)).await;
    refused(&answer, 400, "invalid_redirect_uri", "/redirect_uris");
    let own = r#"{"redirect_uris":["com.example.app:/cb"],"token_endpoint_auth_method":"none"}"#;
    let answer = send(provider, ("POST", "/register"), own, Some(&token)).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let answer = send(provider, ("POST", "/register"), NATIVE, Some(&token)).await;
    refused(&answer, 401, "invalid_token", "used up");
}

#[tokio::test]
async fn an_invitation_ends() {
    let actor = actor(settings(Dynamic::Invited)).await;
    let token = invited(&actor.provider, 5).await;
    actor.provider.wait(86_400);
    let answer = send(&actor.provider, ("POST", "/register"), NATIVE, Some(&token)).await;
    refused(&answer, 401, "invalid_token", "expired");
}

#[tokio::test]
async fn rfc7592_2_a_client_reads_changes_and_deletes_itself() {
    let actor = open().await;
    let provider = &actor.provider;
    let made = register(provider, &web("")).await;
    let (id, first) = (
        member(&made, "client_id"),
        member(&made, "registration_access_token"),
    );
    let path = format!("/register/{id}");
    let read = send(provider, ("GET", &path), "", Some(&first)).await;
    assert_eq!(read.status, StatusCode::OK, "{}", read.body);
    assert_eq!(member(&read, "registration_access_token"), first);
    assert_eq!(
        read.json().get("client_secret"),
        None,
        "a secret is told once"
    );
    let body = format!(
        r#"{{"client_id":"{id}","client_name":"New","redirect_uris":["https://new.example/cb"]}}"#
    );
    let changed = send(provider, ("PUT", &path), &body, Some(&first)).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    let second = member(&changed, "registration_access_token");
    assert_ne!(first, second);
    assert_eq!(
        changed.json()["grant_types"],
        Value::from(vec!["authorization_code"])
    );
    let old = send(provider, ("GET", &path), "", Some(&first)).await;
    refused(&old, 401, "invalid_token", "not this client's");
    let public = format!(
        r#"{{"client_id":"{id}","redirect_uris":["https://new.example/cb"],"token_endpoint_auth_method":"none"}}"#
    );
    let changed = send(provider, ("PUT", &path), &public, Some(&second)).await;
    let third = member(&changed, "registration_access_token");
    let secrets = provider
        .world
        .store()
        .client_secrets(&id.parse().unwrap())
        .await;
    assert!(secrets.unwrap().is_empty(), "a public client has none");
    let changed = send(provider, ("PUT", &path), &body, Some(&third)).await;
    assert!(member(&changed, "client_secret").starts_with("crn_cs_"));
    let fourth = member(&changed, "registration_access_token");
    let gone = send(provider, ("DELETE", &path), "", Some(&fourth)).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    let read = send(provider, ("GET", &path), "", Some(&fourth)).await;
    refused(&read, 401, "invalid_token", "no such client");
}

#[tokio::test]
async fn rfc7592_2_2_an_update_is_of_the_client_itself() {
    let actor = open().await;
    let provider = &actor.provider;
    let made = register(provider, &web("")).await;
    let (id, token) = (
        member(&made, "client_id"),
        member(&made, "registration_access_token"),
    );
    let path = format!("/register/{id}");
    for (body, why) in [
        (web(""), "/client_id"),
        (web(r#","client_id":"other""#), "/client_id"),
        (
            web(&format!(r#","client_id":"{id}","client_secret":"guessed""#)),
            "/client_secret",
        ),
        (
            web(&format!(
                r#","client_id":"{id}","registration_access_token":"x""#
            )),
            "/registration_access_token",
        ),
        (
            web(&format!(r#","client_id":"{id}","client_id_issued_at":1"#)),
            "/client_id_issued_at",
        ),
    ] {
        let answer = send(provider, ("PUT", &path), &body, Some(&token)).await;
        refused(&answer, 400, "invalid_client_metadata", why);
    }
    let secret = member(&made, "client_secret");
    let body = web(&format!(
        r#","client_id":"{id}","client_secret":"{secret}""#
    ));
    let answer = send(provider, ("PUT", &path), &body, Some(&token)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.json().get("client_secret"), None, "it stays");
}

#[tokio::test]
async fn rfc7592_2_1_a_token_is_of_one_client() {
    let actor = open().await;
    let provider = &actor.provider;
    let one = register(provider, NATIVE).await;
    let other = register(provider, NATIVE).await;
    let token = member(&one, "registration_access_token");
    let ids = [
        member(&other, "client_id"),
        "ledgerly".to_owned(),
        "nobody".to_owned(),
    ];
    for id in ids {
        for method in ["GET", "PUT", "DELETE"] {
            let path = format!("/register/{id}");
            let answer = send(provider, (method, &path), NATIVE, Some(&token)).await;
            refused(&answer, 401, "invalid_token", "not this client's");
        }
    }
    let path = format!("/register/{}", member(&one, "client_id"));
    let answer = send(provider, ("GET", &path), "", None).await;
    refused(&answer, 401, "invalid_token", "not this client's");
}

#[tokio::test]
async fn lesson_19_a_client_that_an_administrator_vouches_for_does_not_change_itself() {
    let actor = open().await;
    let provider = &actor.provider;
    let made = register(provider, &web("")).await;
    let (id, token) = (
        member(&made, "client_id"),
        member(&made, "registration_access_token"),
    );
    let store = provider.world.store();
    let mut record = store.client(&id.parse().unwrap()).await.unwrap().unwrap();
    record.trust = Trust::Known;
    record.version = record.version.next();
    store
        .commit(&[Change::Replace(Record::Client(record))])
        .await
        .unwrap();
    let path = format!("/register/{id}");
    let body = web(&format!(r#","client_id":"{id}""#));
    for method in ["PUT", "DELETE"] {
        let answer = send(provider, (method, &path), &body, Some(&token)).await;
        refused(&answer, 403, "access_denied", "vouches for");
    }
    let answer = send(provider, ("GET", &path), "", Some(&token)).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn lesson_14_how_many_register_is_bounded() {
    let few = Registration {
        most: 2,
        ..settings(Dynamic::Open)
    };
    let actor = actor(few).await;
    for _ in 0..2 {
        let answer = register(&actor.provider, NATIVE).await;
        assert_eq!(answer.status, StatusCode::CREATED);
    }
    let answer = register(&actor.provider, NATIVE).await;
    refused(&answer, 503, "temporarily_unavailable", "CRN-1706");
}

#[tokio::test]
async fn a_client_that_nobody_uses_goes_and_one_that_somebody_let_in_stays() {
    let actor = open().await;
    let provider = &actor.provider;
    let unused = member(&register(provider, &web("")).await, "client_id");
    let used = member(&register(provider, &web("")).await, "client_id");
    let path = authorize(&used, &[("scope", "openid")]);
    actor.consent(&path, &[("decision", "allow")]).await;
    let store = provider.world.store();
    let later = UnixTime(NOW) + Seconds::days(30);
    let gone = purge::forget_unused(store.as_ref(), Seconds::days(30), later - Seconds(1)).await;
    assert_eq!(gone.unwrap(), 0);
    let gone = purge::forget_unused(store.as_ref(), Seconds::days(30), later).await;
    assert_eq!(gone.unwrap(), 1);
    let is = async |id: &str| store.client(&id.parse().unwrap()).await.unwrap().is_some();
    assert!(!is(&unused).await && is(&used).await && is("ledgerly").await);
}

#[tokio::test]
async fn discovery_says_where_clients_register() {
    let path = "/.well-known/oauth-authorization-server";
    let actor_open = open().await;
    let told = actor_open.provider.get(path).await.json();
    assert_eq!(told["registration_endpoint"], format!("{ISSUER}/register"));
    let off = actor(settings(Dynamic::Off)).await;
    let told = off.provider.get(path).await.json();
    assert_eq!(told.get("registration_endpoint"), None);
    let answer = register(&off.provider, NATIVE).await;
    refused(&answer, 403, "access_denied", "no client registers itself");
}

//! The device authorization endpoint (RFC 8628 section 3.1 and 3.2).

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use axum::http::StatusCode;
use carnet_core::record::ClientAuthentication;
use carnet_core::record::ClientState;
use carnet_core::record::GrantType;
use carnet_core::store::Change;
use carnet_core::store::Record;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::world::READ;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::WEB;
use carnet_wire::scope::Scope;
use serde_json::json;

use super::tv::TV;
use super::tv::Tv;
use super::tv::refused;
use super::tv::unkept;
use crate::code::actor::member;

#[tokio::test]
async fn rfc8628_3_2_a_device_gets_both_codes_and_where_to_type_one() {
    let tv = Tv::new().await;
    let answer = tv.ask(&[("scope", READ)]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    unkept(&answer);
    let code = member(&answer, "user_code");
    assert_eq!(code.len(), 9, "{code}");
    assert_eq!(
        member(&answer, "verification_uri"),
        format!("{ISSUER}/device")
    );
    let complete = format!("{ISSUER}/device?user_code={code}");
    assert_eq!(member(&answer, "verification_uri_complete"), complete);
    assert_eq!(answer.json()["expires_in"], json!(900));
    assert_eq!(answer.json()["interval"], json!(5));
    assert!(member(&answer, "device_code").starts_with("crn_dc_"));
}

#[tokio::test]
async fn google_wire_4_6_google_s_clients_find_the_endpoint_and_the_address() {
    let tv = Tv::new().await;
    for path in ["/device/code", "/o/oauth2/device/code"] {
        let form = [("client_id", TV), ("scope", READ)];
        let answer = tv.actor.provider.post(path, &form).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        let address = format!("{ISSUER}/device");
        assert_eq!(member(&answer, "verification_url"), address);
        let legacy = [
            ("client_id", TV),
            ("grant_type", "http://oauth.net/grant_type/device/1.0"),
            ("code", &member(&answer, "device_code")),
        ];
        let poll = tv.actor.provider.post("/token", &legacy).await;
        let pending = "authorization_pending";
        refused(&poll, StatusCode::BAD_REQUEST, pending, "CRN-1501");
    }
}

#[tokio::test]
async fn rfc8628_6_1_no_two_devices_have_one_code() {
    let tv = Tv::new().await;
    let mut codes = BTreeSet::new();
    for _ in 0..100 {
        let given = tv.codes(READ).await;
        assert!(codes.insert(given.user) & codes.insert(given.device));
    }
}

#[tokio::test]
async fn rfc8628_3_1_what_a_device_may_not_ask_for_is_refused() {
    let tv = Tv::new().await;
    let bad = StatusCode::BAD_REQUEST;
    for (name, value, error, crn) in [
        ("scope", "nothing", "invalid_scope", "CRN-2217"),
        ("scope", "\"", "invalid_scope", "CRN-"),
        (
            "resource",
            "https://nowhere.example",
            "invalid_target",
            "CRN-",
        ),
        ("resource", "relative", "invalid_target", "CRN-"),
    ] {
        let answer = tv.ask(&[(name, value)]).await;
        refused(&answer, bad, error, crn);
    }
    let twice = tv.ask(&[("scope", READ), ("scope", READ)]).await;
    refused(&twice, bad, "invalid_request", "CRN-1002");
    let get = Request::get("/device_authorization").body(Body::empty());
    let get = tv.actor.provider.send(get.unwrap()).await;
    assert_eq!(get.status, StatusCode::METHOD_NOT_ALLOWED);
    let json = Request::post("/device_authorization").header("content-type", "application/json");
    let json = json.body(Body::from("{}")).unwrap();
    let json = tv.actor.provider.send(json).await;
    assert_eq!(member(&json, "error"), "invalid_request");
}

#[tokio::test]
async fn rfc8707_2_a_device_asks_for_one_of_two_apis() {
    let tv = Tv::new().await;
    let api = tv.actor.provider.world.api_identifier().to_string();
    let answer = tv.ask(&[("scope", READ), ("resource", &api)]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}

/// Our own APIs are known by their addresses here as at `/authorize`.
#[tokio::test]
async fn rfc8707_2_a_device_asks_for_userinfo_by_its_address() {
    let tv = Tv::new().await;
    let admin = format!("{ISSUER}/admin/v1");
    change(&tv, TV, |client| {
        let scopes = format!("{} openid carnet.admin.read", client.scopes);
        client.scopes = Scope::parse(&scopes).unwrap();
    })
    .await;
    for (scope, resource) in [("openid", ISSUER), ("carnet.admin.read", admin.as_str())] {
        let answer = tv.ask(&[("scope", scope), ("resource", resource)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }
}

/// The client is written again.
async fn change(tv: &Tv, id: &str, with: impl Fn(&mut carnet_core::record::Client)) {
    let store = tv.actor.provider.world.store();
    let mut client = store.client(&id.parse().unwrap()).await.unwrap().unwrap();
    client.version = client.version.next();
    with(&mut client);
    let change = Change::Replace(Record::Client(client));
    store.commit(&[change]).await.unwrap();
}

#[tokio::test]
async fn rfc8628_3_1_a_client_with_a_secret_proves_itself_here_too() {
    let tv = Tv::new().await;
    change(&tv, WEB, |client| {
        assert_eq!(client.authentication, ClientAuthentication::SecretBasic);
        client.grants.insert(GrantType::DeviceCode);
    })
    .await;
    let path = "/device_authorization";
    let form = [("scope", READ)];
    let provider = &tv.actor.provider;
    let good = provider.post_basic(path, &form, (WEB, SECRET)).await;
    assert_eq!(good.status, StatusCode::OK, "{}", good.body);
    let wrong = provider.post_basic(path, &form, (WEB, "wrong")).await;
    refused(
        &wrong,
        StatusCode::UNAUTHORIZED,
        "invalid_client",
        "CRN-1401",
    );
    let only_named = provider.post(path, &[("client_id", WEB)]).await;
    let status = StatusCode::UNAUTHORIZED;
    refused(&only_named, status, "invalid_client", "CRN-1401");
    let nobody = provider.post(path, &form).await;
    assert_eq!(member(&nobody, "error"), "invalid_client");
}

#[tokio::test]
async fn rfc6749_5_2_a_client_out_of_service_or_without_the_grant_gets_no_code() {
    let tv = Tv::new().await;
    change(&tv, TV, |client| {
        client.grants = [GrantType::AuthorizationCode].into();
    })
    .await;
    let answer = tv.ask(&[]).await;
    assert_eq!(member(&answer, "error"), "unauthorized_client");
    change(&tv, TV, |client| {
        client.state = ClientState::Disabled {
            since: client.created,
            reason: "".parse().unwrap(),
        };
    })
    .await;
    assert_eq!(member(&tv.ask(&[]).await, "error"), "invalid_client");
    let unknown = [("client_id", "nobody")];
    let path = "/device_authorization";
    let answer = tv.actor.provider.post(path, &unknown).await;
    assert_eq!(member(&answer, "error"), "invalid_client");
}

#[tokio::test]
async fn rfc8414_2_discovery_names_the_endpoint_and_the_grant() {
    let tv = Tv::new().await;
    let found = tv
        .actor
        .provider
        .get("/.well-known/openid-configuration")
        .await
        .json();
    let endpoint = format!("{ISSUER}/device_authorization");
    assert_eq!(found["device_authorization_endpoint"], json!(endpoint));
    let grants = found["grant_types_supported"].as_array().unwrap();
    assert!(grants.contains(&json!(super::tv::DEVICE_CODE)));
}

#[tokio::test]
async fn rfc9396_3_a_device_that_asks_in_detail_is_told_no_and_not_ignored() {
    let tv = Tv::new().await;
    let details = ("authorization_details", r#"[{"type":"payment"}]"#);
    let answer = tv.ask(&[("scope", READ), details]).await;
    let error = "invalid_request";
    refused(&answer, StatusCode::BAD_REQUEST, error, "CRN-1507");
}

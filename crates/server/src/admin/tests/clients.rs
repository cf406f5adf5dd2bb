//! Apps and their secrets over HTTP.

use carnet_core::record::{ClientSecret, RefusedRedirect, Role, SecretUse, Territory};
use carnet_core::rule::authorize::near_miss;
use carnet_core::store::{Change, Clients as _, Store as _};
use carnet_core::value::{Seconds, UnixTime};
use serde_json::{Value, json};

use super::installation::{Installation, acme};

const LIST: &str = "projects/billing/clients";

async fn make(carnet: &Installation, token: &str, body: Value) -> (String, Value) {
    let made = carnet.post(token, LIST, body).await.expect(201);
    (format!("clients/{}", made["id"].as_str().unwrap()), made)
}

async fn web(carnet: &Installation, token: &str) -> (String, Value) {
    let body = json!({
        "title": "Ledgerly", "kind": "web", "redirect_uris": ["https://ledgerly.example/cb"]
    });
    make(carnet, token, body).await
}

#[tokio::test]
async fn an_app_is_made_shown_changed_and_deleted() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let body = json!({
        "title": "Ledgerly", "kind": "web", "id": "ledgerly-web",
        "redirect_uris": ["https://ledgerly.example/cb"], "scopes": ["openid", "email"],
        "lifetimes": {"access_token_seconds": 600}, "home": "https://ledgerly.example",
        "contacts": ["ops@ledgerly.example"]
    });
    let said = carnet.post(&owner, LIST, body.clone()).await;
    assert_eq!(said.header("location"), "/admin/v1/clients/ledgerly-web");
    let made = said.expect(201);
    assert_eq!(made["authentication"], "client_secret_basic");
    assert_eq!(
        made["grants"],
        json!(["authorization_code", "refresh_token"])
    );
    assert_eq!(made["lifetimes"]["access_token_seconds"], 600);
    assert_eq!(made["lifetimes"]["refresh_idle_seconds"], 30 * 86_400);
    assert_eq!(made["require_pkce"], true);
    carnet
        .post(&owner, LIST, body)
        .await
        .refused(409, "CRN-6005");
    let elsewhere = json!({"title": "X", "kind": "web", "id": "ledgerly-web"});
    let taken = carnet
        .post(&owner, "projects/solo/clients", elsewhere)
        .await;
    taken.refused(409, "CRN-6005");

    let one = "clients/ledgerly-web";
    assert_eq!(carnet.get(&owner, one).await.expect(200), made);
    let change = |body, tag| carnet.ask_if(&owner, ("PATCH", one), body, tag);
    let tag = made["etag"].as_str().unwrap();
    change(json!({"title": "L"}), None)
        .await
        .refused(428, "CRN-6015");
    let body = json!({"title": "L", "home": null});
    let now = change(body, Some(tag)).await.expect(200);
    assert_eq!((&now["title"], now.get("home")), (&json!("L"), None));
    assert_eq!(now["contacts"], made["contacts"], "what is absent stays");
    change(json!({"title": "M"}), Some(tag))
        .await
        .refused(412, "CRN-6006");

    let reason = json!({"reason": "leaked"});
    let path = format!("{one}:disable");
    let disabled = carnet.post(&owner, &path, reason).await.expect(200);
    assert_eq!(disabled["state"]["reason"], "leaked");
    let path = format!("{one}:enable");
    let enabled = carnet.post(&owner, &path, Value::Null).await.expect(200);
    assert_eq!(enabled["state"], json!({"state": "active"}));
    let gone = carnet.ask(&owner, "DELETE", one, Value::Null).await;
    assert_eq!(gone.status, 204);
    carnet.get(&owner, one).await.refused(404, "CRN-6004");
}

#[tokio::test]
async fn an_app_is_judged_and_nothing_is_written_where_only_that_is_asked() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let only = format!("{LIST}?validate_only=true");
    let body = json!({"title": "Ledgerly", "kind": "daemon", "id": "ledgerly"});
    let would = carnet.post(&owner, &only, body.clone()).await.expect(200);
    assert_eq!(would["authentication"], "client_secret_basic");
    let one = "clients/ledgerly";
    carnet.get(&owner, one).await.refused(404, "CRN-6004");
    let faulty = json!({"title": "Ledgerly", "kind": "web", "redirect_uris": ["x"]});
    carnet
        .post(&owner, &only, faulty)
        .await
        .refused(400, "CRN-6007");

    let made = carnet.post(&owner, LIST, body.clone()).await.expect(201);
    carnet
        .post(&owner, &only, body)
        .await
        .refused(409, "CRN-6005");
    let tag = made["etag"].as_str().unwrap();
    let path = format!("{one}?validate_only=true");
    let change = |body, tag| carnet.ask_if(&owner, ("PATCH", &path), body, tag);
    let would = change(json!({"title": "L"}), Some(tag)).await.expect(200);
    assert_eq!(would["title"], "L");
    change(json!({"title": "L"}), None)
        .await
        .refused(428, "CRN-6015");
    change(json!({"title": "L"}), Some("\"9\""))
        .await
        .refused(412, "CRN-6006");
    assert_eq!(carnet.get(&owner, one).await.expect(200), made);

    let acme = Territory::Organization(acme());
    let reader = carnet.caller(Role::Viewer, acme).await;
    let said = carnet.post(&reader, &only, json!({"title": "X", "kind": "web"}));
    assert!(
        [403, 404].contains(&said.await.status),
        "judging is for who may do it"
    );
}

#[tokio::test]
async fn lesson_11_and_15_every_fault_is_told_at_its_member() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let wrong = async |body: Value| {
        let problem = carnet
            .post(&owner, LIST, body)
            .await
            .refused(400, "CRN-6007");
        let errors = problem["errors"].as_array().unwrap().iter();
        let pointers = errors.map(|error| error["pointer"].as_str().unwrap().to_owned());
        pointers.collect::<Vec<_>>()
    };
    let body = json!({
        "title": "a\nb", "kind": "web", "id": "a b", "home": "https://a.example/\r\nSet-Cookie: x",
        "redirect_uris": ["https://a.example/cb", "javascript:alert(1)", "https://*.a.example/"],
        "origins": ["https://a.example/"], "contacts": ["nobody"], "scopes": ["a\tb"]
    });
    let pointers = wrong(body).await;
    for pointer in [
        "/title",
        "/id",
        "/home",
        "/redirect_uris/1",
        "/redirect_uris/2",
        "/origins/0",
        "/contacts/0",
        "/scopes",
    ] {
        assert!(
            pointers.iter().any(|told| told == pointer),
            "{pointer}: {pointers:?}"
        );
    }
    let body = json!({"title": "A", "kind": "native", "require_pkce": false, "scopes": ["nope"]});
    assert_eq!(wrong(body).await, ["/require_pkce", "/scopes"]);
    assert_eq!(wrong(json!({"title": "A", "kind": "tv"})).await, ["/kind"]);
    let body = json!({"title": "A", "kind": "web", "implicit": true});
    assert_eq!(wrong(body).await, ["/implicit"]);
}

#[tokio::test]
async fn rfc9700_2_4_passwords_are_for_ones_own_apps_and_the_app_says_so() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let (one, made) = web(&carnet, &owner).await;
    assert_eq!(made.get("legacy"), None, "off, and not spoken of");
    let tag = made["etag"].as_str().unwrap();
    let change = |body, tag| carnet.ask_if(&owner, ("PATCH", one.as_str()), body, Some(tag));
    let on = json!({"legacy": {"password": true}});
    let problem = change(on, tag).await.refused(400, "CRN-6007");
    assert_eq!(problem["errors"][0]["pointer"], "/legacy/password");
    let own = json!({"legacy": {"password": true}, "trust": "own"});
    let now = change(own, tag).await.expect(200);
    assert_eq!(now["legacy"]["password"], true);
    let warning = now["legacy"]["warning"].as_str().unwrap();
    assert!(warning.contains("RFC 9700"), "{warning}");
    let tag = now["etag"].as_str().unwrap();
    let strange = json!({"trust": "unknown"});
    let problem = change(strange, tag).await.refused(400, "CRN-6007");
    assert_eq!(problem["errors"][0]["pointer"], "/legacy/password");
    let off = json!({"legacy": {"password": false}});
    let now = change(off, tag).await.expect(200);
    assert_eq!(now.get("legacy"), None);
    let log = carnet.get(&owner, "audit?action=client.update").await;
    let log = log.expect(200).to_string();
    assert!(log.contains("legacy_password"), "{log}");
}

#[tokio::test]
async fn rfc9700_2_1_2_tokens_through_the_browser_are_off_and_a_warning_stands_with_them() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let (one, made) = web(&carnet, &owner).await;
    let tag = made["etag"].as_str().unwrap();
    let on = json!({"legacy": {"implicit": true}});
    let now = carnet
        .ask_if(&owner, ("PATCH", &one), on, Some(tag))
        .await
        .expect(200);
    assert_eq!(now["legacy"]["implicit"], true);
    assert_eq!(now["legacy"]["password"], false);
    let warning = now["legacy"]["warning"].as_str().unwrap();
    assert!(warning.contains("RFC 9700"), "{warning}");
    let tv = json!({"title": "TV", "kind": "native", "legacy": {"implicit": true}});
    let problem = carnet.post(&owner, LIST, tv).await.refused(400, "CRN-6007");
    assert_eq!(problem["errors"][0]["pointer"], "/legacy/implicit");
}

#[tokio::test]
async fn rfc8252_8_12_who_lets_people_sign_in_inside_apps_is_warned() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let (one, made) = web(&carnet, &owner).await;
    let tag = made["etag"].as_str().unwrap();
    let change = |body, tag| carnet.ask_if(&owner, ("PATCH", one.as_str()), body, Some(tag));
    let on = json!({"legacy": {"embedded_user_agents": true, "implicit": true}});
    let now = change(on, tag).await.expect(200);
    assert_eq!(now["legacy"]["embedded_user_agents"], true);
    let warning = now["legacy"]["warning"].as_str().unwrap();
    assert!(warning.contains("RFC 8252") && warning.contains("RFC 9700"));
    let tag = now["etag"].as_str().unwrap();
    let off = json!({"legacy": {"implicit": false}});
    let now = change(off, tag).await.expect(200);
    let warning = now["legacy"]["warning"].as_str().unwrap();
    assert!(warning.contains("RFC 8252") && !warning.contains("RFC 9700"));
    let tag = now["etag"].as_str().unwrap();
    let off = json!({"legacy": {"embedded_user_agents": false}});
    assert_eq!(change(off, tag).await.expect(200).get("legacy"), None);
    let log = carnet.get(&owner, "audit?action=client.update").await;
    let log = log.expect(200).to_string();
    assert!(log.contains("legacy_embedded_user_agents"), "{log}");
}

#[tokio::test]
async fn rfc9101_10_5_and_rfc9126_6_an_app_says_that_it_signs_and_pushes() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let (one, made) = web(&carnet, &owner).await;
    assert_eq!(made["require_signed_request_object"], false);
    assert_eq!(made["require_par"], false);
    let tag = made["etag"].as_str().unwrap();
    let change = |body| carnet.ask_if(&owner, ("PATCH", one.as_str()), body, Some(tag));
    let signs = json!({"require_signed_request_object": true});
    let problem = change(signs).await.refused(400, "CRN-6007");
    let pointer = &problem["errors"][0]["pointer"];
    assert_eq!(pointer, "/require_signed_request_object", "without a key");
    let signs = json!({
        "require_signed_request_object": true, "require_par": true,
        "jwks_uri": "https://ledgerly.example/keys"
    });
    let now = change(signs).await.expect(200);
    assert_eq!(now["require_signed_request_object"], true);
    assert_eq!(now["require_par"], true);
    assert_eq!(carnet.get(&owner, &one).await.expect(200), now);
}

#[tokio::test]
async fn a_secret_is_shown_once_rolled_with_an_overlap_and_deleted() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let (one, _) = web(&carnet, &owner).await;
    let secrets = format!("{one}/secrets");
    let made = carnet.post(&owner, &secrets, Value::Null).await.expect(201);
    let text = made["client_secret"].as_str().unwrap();
    assert!(text.starts_with("crn_cs_") && text.len() > 50);
    let list = carnet.get(&owner, &secrets).await.expect(200);
    assert_eq!(list["items"], json!([made["secret"]]));
    assert!(!list.to_string().contains(text), "shown once");

    let path = format!("{secrets}:roll");
    let rolled = carnet
        .post(&owner, &path, json!({"overlap_seconds": 600}))
        .await
        .expect(201);
    assert_ne!(rolled["client_secret"], made["client_secret"]);
    assert_eq!(rolled["old"]["id"], made["secret"]["id"]);
    let end = (carnet.now() + Seconds(600)).rfc3339();
    assert_eq!(rolled["old"]["expires"], end);
    carnet
        .post(&owner, &path, Value::Null)
        .await
        .refused(409, "CRN-6012");
    carnet
        .post(&owner, &secrets, Value::Null)
        .await
        .refused(409, "CRN-6012");
    carnet.wait(600);
    let list = carnet.get(&owner, &secrets).await.expect(200);
    let items = list["items"].as_array().unwrap();
    let old = items.iter().find(|item| item["id"] == rolled["old"]["id"]);
    assert_eq!(old.unwrap()["state"], "expired");
    let third = carnet
        .post(&owner, &secrets, json!({"expires_in_days": 90}))
        .await
        .expect(201);
    let list = carnet.get(&owner, &secrets).await.expect(200);
    assert_eq!(
        list["items"].as_array().unwrap().len(),
        2,
        "the expired one made room"
    );

    let path = format!("{secrets}/{}", third["secret"]["id"].as_str().unwrap());
    let gone = carnet.ask(&owner, "DELETE", &path, Value::Null).await;
    assert_eq!(gone.status, 204);
    carnet
        .ask(&owner, "DELETE", &path, Value::Null)
        .await
        .refused(404, "CRN-6004");
}

#[tokio::test]
async fn a_public_app_has_no_secret_and_one_with_secrets_does_not_become_public() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let (native, _) = make(&carnet, &owner, json!({"title": "N", "kind": "native"})).await;
    carnet
        .post(&owner, &format!("{native}/secrets"), Value::Null)
        .await
        .refused(409, "CRN-6012");
    let (one, _) = web(&carnet, &owner).await;
    let path = format!("{one}/secrets");
    carnet.post(&owner, &path, Value::Null).await.expect(201);
    let body = json!({"authentication": "none"});
    carnet
        .ask_if(&owner, ("PATCH", &one), body, Some("*"))
        .await
        .refused(400, "CRN-6007");
}

#[tokio::test]
async fn the_last_use_of_a_secret_is_shown() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let (one, made) = web(&carnet, &owner).await;
    let path = format!("{one}/secrets");
    carnet.post(&owner, &path, Value::Null).await.expect(201);
    let client = made["id"].as_str().unwrap().parse().unwrap();
    let secrets: Vec<ClientSecret> = carnet.store().client_secrets(&client).await.unwrap();
    let used = SecretUse {
        secret: secrets[0].id,
        client,
        last: UnixTime(1_775_121_060),
        address: "192.0.2.7".to_owned(),
        count: 3,
    };
    carnet
        .store()
        .commit(&[Change::SecretUsed(used)])
        .await
        .unwrap();
    let list = carnet.get(&owner, &path).await.expect(200);
    let used = &list["items"][0]["last_used"];
    assert_eq!(used["at"], "2026-04-02T09:11:00Z");
    assert_eq!(
        (&used["address"], &used["count"]),
        (&json!("192.0.2.7"), &json!(3))
    );
}

#[tokio::test]
async fn lesson_19_an_app_that_an_organization_trusts_is_changed_by_it_alone() {
    let carnet = Installation::new().await;
    let project = carnet
        .caller(Role::Owner, Territory::Project("billing".parse().unwrap()))
        .await;
    let organization = carnet
        .caller(Role::Admin, Territory::Organization(acme()))
        .await;
    let body = json!({"title": "T", "kind": "web", "trust": "own"});
    carnet
        .post(&project, LIST, body.clone())
        .await
        .refused(403, "CRN-6003");
    let (one, _) = make(&carnet, &organization, body).await;
    let evil = json!({"redirect_uris": ["https://attacker.example/cb"]});
    carnet
        .ask_if(&project, ("PATCH", &one), evil, Some("*"))
        .await
        .refused(403, "CRN-6003");
    for (method, path) in [
        ("POST", format!("{one}/secrets")),
        ("POST", format!("{one}/secrets:roll")),
        ("POST", format!("{one}:enable")),
        ("DELETE", one.clone()),
    ] {
        let said = carnet.ask(&project, method, &path, Value::Null).await;
        said.refused(403, "CRN-6003");
    }
    let path = format!("{one}:disable");
    carnet.post(&project, &path, Value::Null).await.expect(200);
}

#[tokio::test]
async fn who_has_no_role_in_the_project_learns_of_no_app() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let (one, _) = web(&carnet, &owner).await;
    let stranger = carnet
        .caller(Role::Owner, Territory::Project("solo".parse().unwrap()))
        .await;
    let viewer = carnet
        .caller(Role::Viewer, Territory::Project("billing".parse().unwrap()))
        .await;
    for (method, path) in [
        ("GET", one.clone()),
        ("PATCH", one.clone()),
        ("DELETE", one.clone()),
        ("POST", format!("{one}:disable")),
        ("POST", format!("{one}:enable")),
        ("GET", format!("{one}/secrets")),
        ("POST", format!("{one}/secrets")),
        ("POST", format!("{one}/secrets:roll")),
        (
            "DELETE",
            format!("{one}/secrets/sec_00000000000000000000000000"),
        ),
    ] {
        let ask = async |token: &str| {
            let tag = (method == "PATCH").then_some("*");
            carnet.ask_if(token, (method, &path), json!({}), tag).await
        };
        ask(&stranger).await.refused(404, "CRN-6004");
        if method != "GET" {
            ask(&viewer).await.refused(403, "CRN-6003");
        }
    }
}

#[tokio::test]
async fn an_auditor_reads_of_the_apps_of_the_project_and_of_nothing_by_their_names() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let auditor = carnet
        .caller(
            Role::Auditor,
            Territory::Project("billing".parse().unwrap()),
        )
        .await;
    // An app with the name of another project.
    let body = json!({"title": "S", "kind": "web", "id": "solo"});
    let (one, _) = make(&carnet, &owner, body).await;
    let secrets = format!("{one}/secrets");
    let made = carnet.post(&owner, &secrets, Value::Null).await.expect(201);
    let list = carnet
        .get(&auditor, "audit?target=client:solo")
        .await
        .expect(200);
    let told = list["items"][0]["sentence"].as_str().unwrap();
    assert!(told.ends_with(": client create solo"), "{told}");
    let path = format!("audit?target={}", made["secret"]["id"].as_str().unwrap());
    let list = carnet.get(&auditor, &path).await.expect(200);
    let told = list["items"][0]["sentence"].as_str().unwrap();
    assert!(told.ends_with(" of solo"), "{told}");
    carnet
        .get(&auditor, "audit?target=solo")
        .await
        .refused(404, "CRN-6004");
}

#[tokio::test]
async fn ux_w8_refused_redirects_are_told_to_who_may_read_the_app_until_they_are_registered() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let (one, made) = web(&carnet, &owner).await;
    let client = made["id"].as_str().unwrap().parse().unwrap();
    let sent = "https://ledgerly.example/cb/";
    let app = carnet.store().client(&client).await.unwrap().unwrap();
    let changes = [
        Change::RedirectRefused(RefusedRedirect {
            uri: sent.to_owned(),
            count: 118,
            ..near_miss::refused(&app, sent, UnixTime(1_000))
        }),
        Change::RedirectRefused(near_miss::refused(
            &app,
            "https://evil.test/",
            UnixTime(2_000),
        )),
    ];
    carnet.store().commit(&changes).await.unwrap();
    let path = format!("{one}/refused-redirects");
    let listed = carnet.get(&owner, &path).await.expect(200);
    let near = json!({
        "registered": "https://ledgerly.example/cb", "difference": "trailing_slash",
        "detail": "differs by a trailing slash"
    });
    assert_eq!(
        listed["items"],
        json!([
            {"uri": "https://evil.test/", "count": 1,
             "first": "1970-01-01T00:33:20Z", "last": "1970-01-01T00:33:20Z"},
            {"uri": sent, "count": 118, "near": near,
             "first": "1970-01-01T00:16:40Z", "last": "1970-01-01T00:16:40Z"},
        ])
    );
    let body = json!({"redirect_uris": ["https://ledgerly.example/cb", sent]});
    let tag = made["etag"].as_str();
    carnet
        .ask_if(&owner, ("PATCH", &one), body, tag)
        .await
        .expect(200);
    let listed = carnet.get(&owner, &path).await.expect(200);
    assert_eq!(
        listed["items"].as_array().unwrap().len(),
        1,
        "it is settled"
    );
    let elsewhere = Territory::Project("solo".parse().unwrap());
    let stranger = carnet.caller(Role::Owner, elsewhere).await;
    carnet.get(&stranger, &path).await.refused(404, "CRN-6004");
}

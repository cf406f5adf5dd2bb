//! What strangers send: without a token, with a broken body, along wrong paths.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_assert, prop_oneof, proptest};

use super::installation::{Installation, acme};
use crate::admin::table;
use crate::system::{ADMIN_API, SCOPE_ADMIN_READ};

#[tokio::test]
async fn rfc6750_3_nothing_answers_without_a_token_but_the_document() {
    let carnet = Installation::new().await;
    for path in [
        "projects",
        "no-such-thing",
        "projects/billing/service-accounts",
        "",
    ] {
        let request = Request::get(format!("/admin/v1/{path}"))
            .body(Body::empty())
            .unwrap();
        let said = carnet.send(request).await;
        let challenge = said.header("www-authenticate").to_owned();
        said.refused(401, "CRN-6001");
        assert!(challenge.starts_with("Bearer realm=") && !challenge.contains("error="));
    }
    let said = carnet.get("not.a.token", "projects").await;
    assert!(said.header("www-authenticate").contains("invalid_token"));
    said.refused(401, "CRN-6001");
    let request = Request::get("/admin/v1/openapi.json")
        .body(Body::empty())
        .unwrap();
    assert_eq!(carnet.send(request).await.expect(200)["openapi"], "3.1.0");
}

#[tokio::test]
async fn a_token_for_reading_does_not_write_and_one_for_another_api_does_nothing() {
    let carnet = Installation::new().await;
    let account = carnet.account("ci-runner", "billing").await;
    let holder = carnet_core::record::Holder::ServiceAccount(account.unique_id.clone());
    let installation = carnet_core::record::Territory::Installation;
    carnet
        .grant(holder, carnet_core::record::Role::Owner, installation)
        .await;
    let reader = carnet.token(&account, SCOPE_ADMIN_READ, ADMIN_API).await;
    carnet.get(&reader, "projects").await.expect(200);
    let body = json!({"id": "other", "title": ""});
    let said = carnet.post(&reader, "projects", body).await;
    assert!(
        said.header("www-authenticate")
            .contains("insufficient_scope")
    );
    said.refused(403, "CRN-6002");
    let stranger = carnet
        .token(&account, "carnet.admin", "https://api.acme.example/")
        .await;
    carnet
        .get(&stranger, "projects")
        .await
        .refused(401, "CRN-6001");
}

#[tokio::test]
async fn rfc9457_3_every_wrong_member_is_named_with_its_pointer() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let body = json!({"acount_id": "ci", "display_name": 7, "description": "line\nbreak"});
    let path = "projects/billing/service-accounts";
    let problem = carnet
        .post(&owner, path, body)
        .await
        .refused(400, "CRN-6007");
    let errors = problem["errors"].as_array().unwrap();
    let found: Vec<(&str, &str)> = errors
        .iter()
        .map(|error| {
            (
                error["pointer"].as_str().unwrap(),
                error["detail"].as_str().unwrap(),
            )
        })
        .collect();
    assert!(found.contains(&(
        "/acount_id",
        "There is no member acount_id. Did you mean account_id?"
    )));
    assert!(found.contains(&("/account_id", "account_id is missing.")));
    assert!(found.contains(&("/display_name", "display_name is a text.")));
    let body = json!({"account_id": "Ci", "description": "line\nbreak"});
    let problem = carnet
        .post(&owner, path, body)
        .await
        .refused(400, "CRN-6007");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 2, "{problem}");
}

#[tokio::test]
async fn a_body_is_bounded_json_of_the_right_type() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let send = |kind: &'static str, body: Vec<u8>| {
        let request = Request::post("/admin/v1/projects/billing/service-accounts")
            .header("authorization", format!("Bearer {owner}"))
            .header("content-type", kind)
            .body(Body::from(body))
            .unwrap();
        carnet.send(request)
    };
    let json = "application/json; charset=utf-8";
    send("text/plain", b"{}".to_vec())
        .await
        .refused(415, "CRN-6011");
    send(json, b"{\"account_id\":".to_vec())
        .await
        .refused(400, "CRN-6008");
    send(json, b"".to_vec()).await.refused(400, "CRN-6007");
    send(json, b"[]".to_vec()).await.refused(400, "CRN-6008");
    send(json, b"{\"a\":1,\"a\":1}".to_vec())
        .await
        .refused(400, "CRN-6008");
    send(json, vec![b' '; 256 * 1024 + 1])
        .await
        .refused(413, "CRN-6014");
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(100), "]".repeat(100));
    send(json, deep.into_bytes()).await.refused(400, "CRN-6008");
}

#[tokio::test]
async fn rfc9110_15_5_6_a_wrong_method_is_told_the_right_ones() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let said = carnet
        .ask(&owner, "PUT", "projects/billing", Value::Null)
        .await;
    assert_eq!(said.header("allow"), "GET, PATCH, HEAD");
    said.refused(405, "CRN-6013");
    carnet
        .get(&owner, "projects/billing/")
        .await
        .refused(404, "CRN-6004");
    carnet
        .get(&owner, "projects//service-accounts")
        .await
        .refused(404, "CRN-6004");
    carnet
        .get(&owner, "projects/%ff")
        .await
        .refused(404, "CRN-6004");
    carnet
        .get(&owner, "projects/billing%2Fservice-accounts")
        .await
        .refused(404, "CRN-6004");
    let said = carnet
        .get(&owner, "projects?pagesize=3")
        .await
        .refused(400, "CRN-6007");
    assert_eq!(said["errors"][0]["pointer"], "?pagesize");
    let head = carnet
        .ask(&owner, "HEAD", "projects/billing", Value::Null)
        .await;
    assert_eq!((head.status, head.body), (200, Value::Null));
}

#[tokio::test]
async fn hydra_cve_2026_33503_a_cursor_is_ours_or_refused() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let mut seen = Vec::new();
    let mut path = "projects?page_size=1".to_owned();
    let cursor = loop {
        let page = carnet.get(&owner, &path).await.expect(200);
        let items = page["items"].as_array().unwrap();
        seen.extend(
            items
                .iter()
                .map(|item| item["id"].as_str().unwrap().to_owned()),
        );
        match page["next_page_token"].as_str() {
            Some(next) => path = format!("projects?page_size=1&page_token={next}"),
            None => break path.split('=').next_back().unwrap().to_owned(),
        }
    };
    assert_eq!(seen, ["billing", "carnet", "solo"]);
    let elsewhere = format!("projects/billing/service-accounts?page_token={cursor}");
    carnet
        .get(&owner, &elsewhere)
        .await
        .refused(400, "CRN-6010");
    let forged = carnet_jose::base64url::encode(b"0123456789abcdefaaaa");
    for cursor in [forged.as_str(), "", "x", "%00"] {
        let path = format!("projects?page_token={cursor}");
        carnet.get(&owner, &path).await.refused(400, "CRN-6010");
    }
    for size in ["0", "1001", "-1", "x", "99999999999999999999"] {
        let path = format!("projects?page_size={size}");
        carnet.get(&owner, &path).await.refused(400, "CRN-6007");
    }
}

/// JSON of any shape, with members that the API knows more often than chance would have it.
fn any_json() -> impl Strategy<Value = Value> {
    let names = "id|title|email|name|scopes|whom|client|until|kind|except|account_id|public_key|\
                 holder|role|territory|usage|identifier|reason|expires_in_days|bits|assertions|x";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
        "[a-z]{4,12}@acme\\.example".prop_map(Value::from),
        Just(json!("everyone")),
        Just(json!("installation")),
    ];
    let deeper = leaf.prop_recursive(3, 24, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::hash_map(names, inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    });
    proptest::collection::hash_map(names, deeper, 0..8)
        .prop_map(|members| Value::Object(members.into_iter().collect()))
}

#[test]
fn no_body_makes_a_5xx() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (carnet, owner, account) = runtime.block_on(async {
        let carnet = Installation::new().await;
        let owner = carnet.owner().await;
        let account = carnet.account("ci-runner", "billing").await;
        (carnet, owner, account)
    });
    let paths: Vec<(String, String)> = table::routes()
        .iter()
        .filter(|route| route.body.is_some())
        .map(|route| {
            let path = route
                .path
                .replace("{organization}", &acme().to_string())
                .replace("{project}", "billing")
                .replace("{account}", account.email.as_str());
            (route.method.to_string(), path)
        })
        .collect();
    assert!(paths.len() > 15);
    proptest!(ProptestConfig::with_cases(40), |(body in any_json())| {
        for (method, path) in &paths {
            let asked = carnet.ask_if(&owner, (method, path), body.clone(), Some("*"));
            let said = runtime.block_on(asked);
            prop_assert!(said.status < 500, "{} {} {}: {}", method, path, body, said.body);
            if said.status >= 400 {
                prop_assert!(said.code().starts_with("CRN-60"), "{}", said.body);
            }
        }
    });
}

#[test]
fn no_path_and_no_query_makes_a_5xx() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let carnet = runtime.block_on(Installation::new());
    let owner = runtime.block_on(carnet.owner());
    let word = "(projects|service-accounts|keys|audit|traces|users|-|:|%00|%2F|%|\\.\\.|[a-z0-9]{1,9}|[!-~]{1,6})";
    let path = proptest::collection::vec(word, 0..7).prop_map(|words| words.join("/"));
    let query = "(\\?[!-~]{0,30})?";
    let methods = ["GET", "POST", "PATCH", "DELETE", "PUT", "OPTIONS", "TRACE"];
    proptest!(ProptestConfig::with_cases(300), |(path in path, query in query, method in 0..7_usize)| {
        let uri = format!("/admin/v1/{path}{query}").replace('#', "");
        let request = Request::builder()
            .method(methods[method])
            .uri(&uri)
            .header("authorization", format!("Bearer {owner}"))
            .body(Body::empty());
        if let Ok(request) = request {
            let said = runtime.block_on(carnet.send(request));
            prop_assert!(said.status < 500, "{} {}: {}", methods[method], uri, said.body);
        }
    });
}

#[tokio::test]
async fn of_two_changes_to_one_state_one_is_refused() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    for round in 1..20 {
        let tag = format!("\"{round}\"");
        let change = |title: String| {
            let body = json!({"title": title});
            carnet.ask_if(&owner, ("PATCH", "projects/billing"), body, Some(&tag))
        };
        let (one, other) = tokio::join!(change(format!("A{round}")), change(format!("B{round}")));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412]);
    }
}

/// Whatever is asked and whatever comes of it, no cache keeps it: what is written here is about people and keys.
#[tokio::test]
async fn rfc9111_5_2_2_5_no_answer_of_the_admin_api_is_kept_by_a_cache() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let account = carnet.account("ci-runner", "billing").await;
    let mut statuses = BTreeSet::new();
    for route in table::routes() {
        let path = route
            .path
            .replace("{organization}", &acme().to_string())
            .replace("{project}", "billing")
            .replace("{account}", account.email.as_str());
        let body = route.body.as_ref().map_or(Value::Null, |_| json!({}));
        for (who, path) in [
            (&*owner, path.clone()),
            ("nobody", path.clone()),
            (&*owner, format!("{path}/nothing")),
        ] {
            let asked = (route.method.as_str(), path.as_str());
            let said = carnet.ask_if(who, asked, body.clone(), Some("*")).await;
            let kept = said.header("cache-control").to_owned();
            assert_eq!(kept, "no-store", "{asked:?}: {}", said.status);
            statuses.insert(said.status);
        }
    }
    for status in [200, 401, 404] {
        assert!(statuses.contains(&status), "{statuses:?}");
    }
}

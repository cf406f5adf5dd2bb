//! The second listener's answers, through its router.

use std::sync::Arc;

use axum::body::Body;
use carnet_server::http::drain::Shutdown;
use carnet_server::http::metrics::Registry;
use carnet_server::ops;
use carnet_server::ops::Ops;
use carnet_server::ops::Readiness;
use carnet_server::ops::Version;
use http_body_util::BodyExt as _;
use hyper::Request;
use tower::ServiceExt as _;

fn ops(readiness: Readiness, shutdown: &Shutdown) -> axum::Router {
    let registry = Arc::new(Registry::default());
    registry.build_info("1.2.3", "abcdef");
    let version = Version {
        version: "1.2.3",
        commit: "abcdef",
    };
    ops::routes(Ops {
        registry,
        readiness,
        shutdown: shutdown.clone(),
        version,
    })
}

async fn get(router: &axum::Router, path: &str) -> (u16, String, String) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let kind = response.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, kind, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_server_in_order_is_alive_and_ready() {
    let shutdown = Shutdown::default();
    let router = ops(
        Readiness::default().with("store", async || Ok(())),
        &shutdown,
    );
    for path in ["/livez", "/readyz", "/healthz"] {
        assert_eq!(get(&router, path).await.2, "ok\n");
    }
    let (status, _, list) = get(&router, "/readyz?verbose").await;
    assert_eq!(
        (status, list.as_str()),
        (200, "[+]store ok\n[+]serving ok\nreadyz check passed\n")
    );
}

#[tokio::test]
async fn a_check_that_fails_says_so_and_the_server_stays_alive() {
    let readiness = Readiness::default()
        .with("store", async || Err("no answer\nfrom it".to_owned()))
        .with("keys", async || Ok(()));
    let router = ops(readiness, &Shutdown::default());
    let (status, _, list) = get(&router, "/readyz").await;
    assert_eq!(status, 503);
    assert_eq!(
        list,
        "[-]store failed: no answer\\nfrom it\n[+]keys ok\n[+]serving ok\nreadyz check failed\n"
    );
    assert_eq!(get(&router, "/livez").await.0, 200);
}

#[tokio::test(start_paused = true)]
async fn a_check_that_hangs_has_failed() {
    let readiness = Readiness::default().with("store", std::future::pending);
    let (status, _, list) = get(&ops(readiness, &Shutdown::default()), "/readyz").await;
    assert_eq!(status, 503);
    assert!(
        list.starts_with("[-]store failed: no answer within 2 s\n"),
        "{list}"
    );
}

#[tokio::test]
async fn a_server_that_stops_is_not_ready_but_alive() {
    let shutdown = Shutdown::default();
    let router = ops(Readiness::default(), &shutdown);
    assert_eq!(get(&router, "/readyz").await.0, 200);
    shutdown.begin();
    let (status, _, list) = get(&router, "/readyz").await;
    assert_eq!(
        (status, list.as_str()),
        (
            503,
            "[-]serving failed: the server stops\nreadyz check failed\n"
        )
    );
    assert_eq!(get(&router, "/livez").await.0, 200);
}

#[tokio::test]
async fn metrics_and_version_are_told() {
    let router = ops(Readiness::default(), &Shutdown::default());
    let (status, kind, text) = get(&router, "/metrics").await;
    assert_eq!(
        (status, kind.as_str()),
        (200, "text/plain; version=0.0.4; charset=utf-8")
    );
    assert!(
        text.contains("carnet_build_info{version=\"1.2.3\",commit=\"abcdef\"} 1\n"),
        "{text}"
    );
    let (_, kind, text) = get(&router, "/version").await;
    assert_eq!(kind, "application/json");
    let told: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        told,
        serde_json::json!({ "version": "1.2.3", "commit": "abcdef" })
    );
}

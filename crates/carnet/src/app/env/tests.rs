//! What Grafana is told; the other words are tested with a server.

use serde_json::json;

use super::{App, grafana};

#[test]
fn ux_6_2_grafana_gets_every_endpoint_as_discovery_has_it() {
    let mut app = App {
        issuer: "https://auth.example",
        id: "dashboards",
        public: false,
        secret: Some("crn_cs_x"),
    };
    let metadata = json!({
        "authorization_endpoint": "https://auth.example/authorize",
        "token_endpoint": "https://auth.example/token",
        "userinfo_endpoint": "https://auth.example/userinfo"
    });
    let lines = grafana(&app, &metadata).expect("all endpoints");
    for line in [
        "GF_AUTH_GENERIC_OAUTH_CLIENT_ID=dashboards",
        "GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET=crn_cs_x",
        "GF_AUTH_GENERIC_OAUTH_API_URL=https://auth.example/userinfo",
    ] {
        assert!(lines.iter().any(|told| told == line), "{line}: {lines:?}");
    }
    app.public = true;
    let lines = grafana(&app, &metadata).expect("all endpoints");
    assert!(
        lines.iter().all(|line| !line.contains("SECRET")),
        "{lines:?}"
    );
    assert!(grafana(&app, &json!({})).is_err(), "no endpoint is made up");
}

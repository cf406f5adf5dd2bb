//! Each thing that a profile forbids is found, and nothing else is.

use serde_json::Value;
use serde_json::json;

use super::of_app;
use super::of_apps;
use super::of_server;
use crate::checklist::Check;

fn failed(checks: &[Check]) -> Vec<String> {
    let failed = checks.iter().filter(|check| check.is_failed());
    failed
        .map(|check| json!(check)["about"].as_str().unwrap().to_owned())
        .collect()
}

fn metadata() -> Value {
    json!({
        "issuer": "https://auth.example",
        "code_challenge_methods_supported": ["S256"],
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "authorization_response_iss_parameter_supported": true,
        "request_object_signing_alg_values_supported": ["RS256"],
    })
}

#[test]
fn rfc9700_2_what_a_server_must_not_offer_is_found() {
    assert_eq!(failed(&of_server(&metadata())), Vec::<String>::new());
    for (member, value, about) in [
        ("issuer", json!("http://auth.example"), "issuer"),
        ("issuer", json!("auth.example"), "issuer"),
        (
            "code_challenge_methods_supported",
            json!(["S256", "plain"]),
            "pkce",
        ),
        ("code_challenge_methods_supported", json!([]), "pkce"),
        (
            "response_types_supported",
            json!(["code", "id_token token"]),
            "response types",
        ),
        ("grant_types_supported", json!(["password"]), "grants"),
        (
            "authorization_response_iss_parameter_supported",
            Value::Null,
            "mix-up",
        ),
        (
            "request_object_signing_alg_values_supported",
            json!(["none"]),
            "algorithms",
        ),
    ] {
        let mut metadata = metadata();
        metadata[member] = value;
        assert_eq!(failed(&of_server(&metadata)), [about], "{member}");
    }
}

fn app() -> Value {
    json!({
        "id": "spa",
        "authentication": "none",
        "grants": ["authorization_code", "refresh_token"],
        "redirect_uris": ["https://app.example/"],
        "require_pkce": true,
        "require_dpop": false,
        "tls_client_certificate_bound_access_tokens": false,
        "refresh_token_rotation": true,
        "state": {"state": "active"},
    })
}

#[test]
fn rfc9700_2_what_an_app_must_not_do_is_found_with_what_mends_it() {
    assert!(of_app(&app()).is_empty());
    for (member, value, fix) in [
        ("require_pkce", json!(false), "--require-pkce true"),
        (
            "legacy",
            json!({"implicit": true, "password": false}),
            "--allow-implicit-grant false",
        ),
        (
            "legacy",
            json!({"implicit": false, "password": true}),
            "--allow-password-grant false",
        ),
        (
            "legacy",
            json!({"implicit": false, "password": false, "embedded_user_agents": true}),
            "--allow-embedded-user-agents false",
        ),
        (
            "refresh_token_rotation",
            json!(false),
            "--refresh-token-rotation true",
        ),
    ] {
        let mut app = app();
        app[member] = value;
        let found = of_app(&app);
        assert_eq!(failed(&found), ["spa"], "{member}");
        let told = json!(found[0])["fix"].as_str().unwrap().to_owned();
        assert_eq!(told, format!("carnet app update spa {fix}"));
        // Whoever is out of service harms nobody.
        assert_eq!(failed(&of_apps(&[app.clone()])), ["spa", "apps"]);
        app["state"]["state"] = json!("disabled");
        assert_eq!(failed(&of_apps(&[app])), Vec::<String>::new());
    }
}

#[test]
fn rfc9700_2_2_2_a_refresh_token_that_is_bound_or_of_an_app_with_a_secret_may_stay() {
    for (member, value) in [
        ("require_dpop", json!(true)),
        ("authentication", json!("client_secret_basic")),
        ("grants", json!(["authorization_code"])),
    ] {
        let mut app = app();
        app["refresh_token_rotation"] = json!(false);
        app[member] = value;
        assert!(of_app(&app).is_empty(), "{member}");
    }
}

//! Application Default Credentials against a sandbox: what a program finds, and the tokens that it gets with it.

use std::path::Path;

use carnet_client::{Authentication, Secret};
use carnet_jose::jwt::TYP_JWT;
use carnet_jose::{
    Jwk, KeyPair, KeyType, Limits, LocalSigner, SigningHeader, Unverified, sign_compact,
};
use serde_json::{Value, json};

use crate::library::{client, signed_in};
use crate::login::Server;
use crate::support::{Ran, Sandbox, carnet, ran};

const READ: &str = "https://demo.carnet.dev/auth/invoices.read";
const ADC: [&str; 2] = ["auth", "application-default"];

/// Runs a command as a program that finds this file in its environment.
fn adc(sandbox: &Sandbox, file: &Path, words: &[&str]) -> Ran {
    let mut command = carnet(sandbox.folder.path(), &[&ADC[..], words].concat());
    command.env("GOOGLE_APPLICATION_CREDENTIALS", file);
    command.env("NO_GCE_CHECK", "true");
    ran(command.output().unwrap())
}

fn ok(ran: Ran) -> String {
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    ran.out
}

/// What a token says.
fn claims(token: &str) -> Value {
    let unverified = Unverified::parse(token.trim_end(), Limits::STRICT).unwrap();
    serde_json::from_slice(unverified.claims_unverified_for_lookup()).unwrap()
}

fn account(sandbox: &Sandbox, name: &str) -> String {
    let file = std::fs::read(sandbox.key(name)).unwrap();
    let file: Value = serde_json::from_slice(&file).unwrap();
    file["client_email"].as_str().unwrap().to_owned()
}

#[test]
fn google_wire_8_1_a_key_file_that_the_environment_names() {
    let sandbox = Sandbox::start();
    let key = sandbox.key("ci");
    let key = Path::new(&key);
    let ci = account(&sandbox, "ci");
    let access = ok(adc(
        &sandbox,
        key,
        &["print-access-token", "--scopes", READ],
    ));
    assert_eq!(access.lines().count(), 1);
    assert_eq!(claims(&access)["email"], json!(ci));
    let audience = "https://reports.example";
    let identity = ok(adc(
        &sandbox,
        key,
        &["print-identity-token", "--audiences", audience],
    ));
    assert_eq!(claims(&identity)["aud"], audience);
    let shown: Value =
        serde_json::from_str(&ok(adc(&sandbox, key, &["show", "-o", "json"]))).unwrap();
    assert_eq!(shown["type"], "service_account");
    assert_eq!(shown["account"], json!(ci));
    assert_eq!(shown["project_id"], "demo");

    let none = adc(&sandbox, key, &["print-identity-token"]);
    assert_eq!((none.code, none.out.as_str()), (Some(2), ""));
    let missing = adc(&sandbox, Path::new("nowhere.json"), &["show"]);
    assert!(
        missing.err.starts_with("error[CRN-7005]: "),
        "{}",
        missing.err
    );
    let nothing = adc(&sandbox, Path::new(""), &["show"]);
    assert_eq!(nothing.code, Some(4), "{}", nothing.err);
    assert!(
        nothing.err.contains("application_default_credentials.json"),
        "{}",
        nothing.err
    );
}

#[test]
fn google_wire_8_3_a_key_file_stands_in_for_another_account() {
    let sandbox = Sandbox::start();
    let issuer = sandbox.ready["issuer"].as_str().unwrap();
    let (ci, admin) = (account(&sandbox, "ci"), account(&sandbox, "admin"));
    let key = sandbox.key("admin");
    let asked = [
        "print-access-token",
        "--scopes",
        READ,
        "--url",
        issuer,
        "--impersonate-service-account",
        &ci,
    ];
    let no = adc(&sandbox, Path::new(&key), &asked);
    assert!(no.err.contains("PERMISSION_DENIED"), "{}", no.err);
    let member = format!("serviceAccount:{admin}");
    ok(sandbox.admin(&["sa", "policy", "add", &ci, "--member", &member]));
    let token = ok(adc(&sandbox, Path::new(&key), &asked));
    assert_eq!(claims(&token)["email"], json!(ci));

    let source: Value = serde_json::from_slice(&std::fs::read(&key).unwrap()).unwrap();
    let file = sandbox.path("impersonated.json");
    let text = json!({
        "type": "impersonated_service_account",
        "service_account_impersonation_url":
            format!("{issuer}/v1/projects/-/serviceAccounts/{ci}:generateAccessToken"),
        "delegates": [],
        "source_credentials": source,
    });
    std::fs::write(&file, text.to_string()).unwrap();
    let token = ok(adc(
        &sandbox,
        &file,
        &["print-access-token", "--scopes", READ],
    ));
    assert_eq!(claims(&token)["email"], json!(ci));
    let audience = "https://reports.example";
    let token = ok(adc(
        &sandbox,
        &file,
        &["print-identity-token", "--audiences", audience],
    ));
    assert_eq!(claims(&token)["aud"], audience);
    assert_eq!(claims(&token)["email"], json!(ci));
}

#[test]
fn google_wire_8_4_a_service_identity_made_here_gets_its_tokens_here() {
    const API: &str = "https://demo.carnet.dev";
    let sandbox = Sandbox::with(&["--google"]);
    let of_google = |name: &str| sandbox.ready["google"][name].as_str().unwrap().to_owned();
    let (ci, authority) = (account(&sandbox, "ci"), of_google("ca_file"));
    let file = sandbox.path("gdch.json");
    let path = file.to_str().unwrap();
    let of_file = ["--gdch", "--ca-cert-path", &authority, "--out", path];
    ok(sandbox.admin(&[&["sa", "key", "create", &ci][..], &of_file].concat()));
    let checked = sandbox.run(&["sa", "key", "check", path]);
    assert_eq!(checked.code, Some(0), "{}", checked.out);
    for part in [
        "system:serviceaccount:demo:ci",
        "ES256",
        "there are some in ca_cert_path",
    ] {
        assert!(checked.out.contains(part), "{part}: {}", checked.out);
    }

    let ask = |file: &Path, more: &[&str]| {
        let words = [&["print-access-token"], more].concat();
        adc(&sandbox, file, &words)
    };
    let token = ok(ask(&file, &["--audience", API]));
    assert_eq!(claims(&token)["email"], json!(ci));
    assert_eq!(claims(&token)["aud"], API);
    let shown = ok(adc(&sandbox, &file, &["show", "-o", "json"]));
    assert!(shown.contains("gdch_service_account"), "{shown}");

    let unknown = ask(&file, &["--audience", "https://nowhere.example"]);
    assert_ne!(unknown.code, Some(0));
    assert!(unknown.err.contains("CRN-1206"), "{}", unknown.err);
    let nothing = ask(&file, &[]);
    assert!(nothing.err.contains("audience"), "{}", nothing.err);
    let other = ask(Path::new(&sandbox.key("ci")), &["--audience", API]);
    assert!(other.err.contains("audience"), "{}", other.err);

    // At Google's own address, which the proxy leads here: by the authority of the file, and by no other.
    let mut text: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    text["token_uri"] = json!("https://oauth2.googleapis.com/token");
    let held = |text: &Value| {
        let file = sandbox.path("held.json");
        std::fs::write(&file, text.to_string()).unwrap();
        let words = [&ADC[..], &["print-access-token", "--audience", API]].concat();
        let mut command = carnet(sandbox.folder.path(), &words);
        command.env("GOOGLE_APPLICATION_CREDENTIALS", &file);
        command.env("HTTPS_PROXY", of_google("proxy"));
        ran(command.output().unwrap())
    };
    let token = ok(held(&text));
    assert_eq!(claims(&token)["email"], json!(ci));
    text.as_object_mut().unwrap().remove("ca_cert_path");
    let stranger = held(&text);
    assert_ne!(stranger.code, Some(0), "{}", stranger.out);
    assert!(
        stranger.err.contains("oauth2.googleapis.com"),
        "{}",
        stranger.err
    );

    let key = text["private_key_id"].as_str().unwrap();
    ok(sandbox.admin(&["sa", "key", "disable", &ci, key, "--yes"]));
    let off = ask(&file, &["--audience", API]);
    assert!(off.err.contains("CRN-2011"), "{}", off.err);
}

/// A CI system that the sandbox trusts: a pool, a provider with this key, and a token of its for the provider.
fn trusted(sandbox: &Sandbox, subject: &str) -> String {
    let key = KeyPair::generate(KeyType::P256).unwrap();
    let jwk = Jwk::new(key.public_key().clone(), "ci-1").to_json();
    std::fs::write(
        sandbox.path("jwks.json"),
        json!({"keys": [jwk]}).to_string(),
    )
    .unwrap();
    ok(sandbox.admin(&["federation", "pool", "create", "ci-runners"]));
    ok(sandbox.admin(&[
        "federation",
        "provider",
        "create",
        "ci-runners/forge",
        "--issuer",
        "https://forge.example",
        "--audience",
        "carnet",
        "--jwks",
        "jwks.json",
        "--map",
        "google.subject=assertion.sub",
    ]));
    let header = SigningHeader::new(key.algorithm(), Some("ci-1"), Some(TYP_JWT));
    let now = carnet_client::Clock::system().now();
    let claims = json!({
        "iss": "https://forge.example", "aud": "carnet", "sub": subject, "iat": now, "exp": now + 600,
    });
    sign_compact(
        &header,
        claims.to_string().as_bytes(),
        &LocalSigner::new(key, "ci-1"),
    )
    .unwrap()
}

#[test]
fn google_wire_6_3_a_token_of_a_ci_system_becomes_one_of_a_service_account() {
    let sandbox = Sandbox::start();
    let token = trusted(&sandbox, "repo:acme/app");
    std::fs::write(sandbox.path("token"), token).unwrap();
    let ci = account(&sandbox, "ci");
    let config = [
        "federation",
        "cred-config",
        "--provider",
        "ci-runners/forge",
        "--file",
        "token",
    ];
    let own = sandbox.path("own.json");
    std::fs::write(&own, ok(sandbox.admin(&config))).unwrap();
    let federated = ok(adc(&sandbox, &own, &["print-access-token"]));
    let principal = claims(&federated)["sub"].as_str().unwrap().to_owned();
    assert!(principal.starts_with("principal://"), "{principal}");
    assert!(principal.ends_with("/subject/repo:acme/app"), "{principal}");

    let behind = sandbox.path("behind.json");
    let config = [
        &config[..],
        &["--service-account", &ci, "--lifetime", "900"],
    ]
    .concat();
    std::fs::write(&behind, ok(sandbox.admin(&config))).unwrap();
    let asked = ["print-access-token", "--scopes", READ];
    let no = adc(&sandbox, &behind, &asked);
    assert!(no.err.contains("PERMISSION_DENIED"), "{}", no.err);
    let role = ["--role", "roles/iam.workloadIdentityUser"];
    let bind = [
        &["sa", "policy", "add", &ci, "--member", &principal],
        &role[..],
    ]
    .concat();
    ok(sandbox.admin(&bind));
    let token = claims(&ok(adc(&sandbox, &behind, &asked)));
    assert_eq!(token["email"], json!(ci));
    let life = token["exp"].as_i64().unwrap() - token["iat"].as_i64().unwrap();
    assert_eq!(life, 900);
    let audience = "https://reports.example";
    let token = ok(adc(
        &sandbox,
        &behind,
        &["print-identity-token", "--audiences", audience],
    ));
    assert_eq!(claims(&token)["email"], json!(ci));
}

#[tokio::test]
async fn google_wire_8_2_a_person_who_let_an_app_in() {
    let server = Server::start();
    let sandbox = &server.sandbox;
    let made = ok(sandbox.admin(&[
        "app",
        "create",
        "adc",
        "--kind",
        "web",
        "--redirect",
        "http://127.0.0.1/callback",
        "--scope",
        &format!("openid,email,offline_access,{READ}"),
        "--authentication",
        "client-secret-post",
        "--env",
        "app.env",
    ]));
    let env = std::fs::read_to_string(sandbox.path("app.env")).unwrap();
    let of = |name: &str| {
        let line = env.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_else(|| panic!("{name} in {env}{made}"))
            .to_owned()
    };
    let (id, secret) = (of("OIDC_CLIENT_ID="), of("OIDC_CLIENT_SECRET="));
    let app = client(
        &server,
        &id,
        Authentication::SecretPost(Secret::new(&secret)),
    )
    .await;
    let tokens = signed_in(&server, &app, "adc").await;
    let file = sandbox.path("user.json");
    let text = json!({
        "type": "authorized_user",
        "client_id": id,
        "client_secret": secret,
        "refresh_token": tokens.refresh_token().unwrap().reveal(),
        "token_uri": format!("{}/token", server.issuer),
    });
    std::fs::write(&file, text.to_string()).unwrap();
    let access = claims(&ok(adc(sandbox, &file, &["print-access-token"])));
    assert_eq!(access["client_id"], json!(id));
    // The server rotated the refresh token, and the file has the new one for the next program.
    let rotated: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_ne!(rotated["refresh_token"], text["refresh_token"]);
    assert_eq!(rotated["client_secret"], text["client_secret"]);
    let identity = claims(&ok(adc(sandbox, &file, &["print-identity-token"])));
    assert_eq!(identity["aud"], json!(id));
    assert_eq!(identity["sub"], access["sub"]);
    let other = adc(
        sandbox,
        &file,
        &["print-identity-token", "--audiences", "https://x.example"],
    );
    assert!(other.err.contains(&id), "{}", other.err);
}

#[test]
fn google_wire_7_1_a_machine_without_any_file() {
    let sandbox = Sandbox::start();
    let host = sandbox.ready["metadata"]["host"].as_str().unwrap();
    let machine = |words: &[&str]| {
        let mut command = carnet(sandbox.folder.path(), &[&ADC[..], words].concat());
        command.env("GCE_METADATA_HOST", host);
        ok(ran(command.output().unwrap()))
    };
    let shown: Value = serde_json::from_str(&machine(&["show", "-o", "json"])).unwrap();
    assert_eq!(shown["type"], "metadata");
    assert_eq!(shown["project_id"], "demo");
    let access = claims(&machine(&["print-access-token", "--scopes", READ]));
    assert_eq!(access["email"], shown["account"]);
    let audience = "https://reports.example";
    let identity = claims(&machine(&["print-identity-token", "--audiences", audience]));
    assert_eq!(identity["aud"], audience);
    assert_eq!(identity["email"], shown["account"]);
}

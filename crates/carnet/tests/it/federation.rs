//! `carnet federation`, as somebody sets up a provider and asks why a token does not come in (pains P3).

use std::fs;

use serde_json::Value;
use serde_json::json;

use crate::support::Ran;
use crate::support::Sandbox;

/// The public key of RFC 7517 appendix A.1.
const KEYS: &str = r#"{"keys":[{"kty":"EC","crv":"P-256","kid":"one","use":"sig",
    "x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}"#;

/// A token of the right form that another key than the provider's signed.
fn token(claims: &Value) -> String {
    let part = |value: &Value| base64(value.to_string().as_bytes());
    let header = json!({"alg": "ES256", "typ": "JWT", "kid": "one"});
    format!("{}.{}.{}", part(&header), part(claims), base64(&[7; 64]))
}

fn base64(bytes: &[u8]) -> String {
    carnet_jose::base64url::encode(bytes)
}

fn said(ran: &Ran, code: i32) -> String {
    assert_eq!(ran.code, Some(code), "{}{}", ran.out, ran.err);
    format!("{}{}", ran.out, ran.err)
}

fn set_up(sandbox: &Sandbox) {
    fs::write(sandbox.path("keys.json"), KEYS).unwrap();
    let federation = |words: &[&str]| {
        let words: Vec<_> = ["federation"].iter().chain(words).copied().collect();
        sandbox.admin(&words)
    };
    let made = federation(&["pool", "create", "ci-runners", "--display-name", "CI"]);
    assert_eq!(said(&made, 0), "ok ci-runners is made.\n");
    let made = federation(&[
        "provider",
        "create",
        "ci-runners/github",
        "--issuer",
        "https://issuer.example",
        "--audience",
        "carnet",
        "--jwks",
        "keys.json",
        "--map",
        "google.subject=assertion.sub",
        "--map",
        "attribute.repository=assertion.repository",
        "--condition",
        "assertion.ref == 'refs/heads/main'",
    ]);
    assert_eq!(said(&made, 0), "ok github is made.\n");
}

#[test]
fn pains_p3_a_provider_is_set_up_and_a_token_is_checked_step_by_step() {
    let sandbox = Sandbox::start();
    set_up(&sandbox);
    let claims = json!({
        "iss": "https://issuer.example", "aud": "carnet", "sub": "repo:acme/app", "iat": 1, "exp": 2,
        "repository": "acme/app", "ref": "refs/tags/v1"
    });
    fs::write(sandbox.path("token.jwt"), token(&claims)).unwrap();
    let check = |more: &[&str]| {
        let words = [
            "federation",
            "check",
            "--provider",
            "ci-runners/github",
            "token.jwt",
        ];
        let words: Vec<_> = words.iter().chain(more).copied().collect();
        sandbox.admin(&words)
    };
    let told = said(&check(&[]), 8);
    for line in [
        "PASS  issuer                https://issuer.example\n",
        "FAIL  signature             CRN-2516: ",
        "WARN  audience              the signature does not hold\n",
        "PASS  google.subject        'repo:acme/app'\n",
        "FAIL  attribute_condition   CRN-2520: assertion.ref == 'refs/heads/main' is not true; assertion.ref is 'refs/tags/v1'.\n      \
         why: the expression is assertion.ref == 'refs/heads/main'\n      fix: ",
    ] {
        assert!(told.contains(line), "{line} is not in\n{told}");
    }
    let json: Value = serde_json::from_str(&check(&["-o", "json"]).out).unwrap();
    let failed = json.as_array().unwrap().iter();
    let failed = failed.filter(|check| check["grade"] == "fail");
    let failed: Vec<_> = failed.map(|check| check["about"].clone()).collect();
    assert_eq!(failed, ["signature", "attribute_condition"]);
}

#[test]
fn pools_and_providers_are_listed_changed_switched_and_brought_back() {
    let sandbox = Sandbox::start();
    set_up(&sandbox);
    let federation = |words: &str| {
        let words: Vec<_> = ["federation"].into_iter().chain(words.split(' ')).collect();
        sandbox.admin(&words)
    };
    let listed = said(&federation("provider list --pool ci-runners"), 0);
    assert!(
        listed
            .contains("github\tactive\thttps://issuer.example\tassertion.ref == 'refs/heads/main'"),
        "{listed}"
    );
    let wrong = said(
        &federation("provider update ci-runners/github --condition assertion."),
        1,
    );
    assert!(
        wrong.contains("error[CRN-6007]")
            && wrong.contains("At character 11: a name is wanted here"),
        "{wrong}"
    );
    let changed = said(
        &federation("provider update ci-runners/github --audience other"),
        0,
    );
    assert_eq!(changed, "ok github is changed.\n");
    let shown: Value =
        serde_json::from_str(&federation("provider show ci-runners/github -o json").out).unwrap();
    assert_eq!(shown["oidc"]["allowed_audiences"], json!(["other"]));
    assert_eq!(
        shown["oidc"]["jwks"]["keys"][0]["kid"], "one",
        "what was not given stays"
    );
    assert_eq!(
        said(&federation("pool disable ci-runners --yes"), 0),
        "ok ci-runners is disabled.\n"
    );
    assert_eq!(
        said(&federation("pool enable ci-runners"), 0),
        "ok ci-runners is enabled.\n"
    );
    assert_eq!(
        said(&federation("provider delete ci-runners/github --yes"), 0),
        "ok ci-runners/github is deleted.\n"
    );
    assert_eq!(
        said(&federation("provider undelete ci-runners/github"), 0),
        "ok github is back.\n"
    );
    said(&federation("pool get nothing"), 3);
    let file = federation("cred-config --provider ci-runners/github --file /var/run/token");
    let file: Value = serde_json::from_str(&file.out).unwrap();
    assert_eq!(file["audience"], shown["audience"]);
    assert_eq!(file["type"], "external_account");
}

//! Everything that a form, a query or a path can be, at each public endpoint.

use carnet_testkit::served::JWT_BEARER;
use carnet_testkit::talk::percent;

use crate::ground::Ground;
use crate::ground::refused;

const FORM: &str = "application/x-www-form-urlencoded";
const METHODS: [&str; 9] = [
    "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "QUERY",
];
/// The endpoints that take parameters and answer in JSON of ours.
const OAUTH: [&str; 4] = [
    "/token",
    "/oauth2/v4/token",
    "/o/oauth2/token",
    "/introspect",
];
/// The others.
const PUBLIC: [&str; 17] = [
    "/revoke",
    "/o/oauth2/revoke",
    "/tokeninfo",
    "/oauth2/v3/tokeninfo",
    "/oauth2/v1/tokeninfo",
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
    "/jwks",
    "/oauth2/v1/certs",
    "/oauth2/v3/certs",
    "/service_accounts/v1/jwk/nobody@nowhere.iam.gserviceaccount.com",
    "/robot/v1/metadata/x509/nobody@nowhere.iam.gserviceaccount.com",
    "/service_accounts/v1/metadata/raw/nobody@nowhere.iam.gserviceaccount.com",
    "/",
    "/setup",
    "/e/CRN-9999",
    "/assets/nothing",
];

#[test]
fn rfc6749_3_2_each_endpoint_answers_each_method() {
    let ground = Ground::new();
    for path in OAUTH.iter().chain(&PUBLIC) {
        for method in METHODS {
            for (kind, body) in [("", ""), (FORM, "a=b"), ("application/json", "{}")] {
                let answer = ground.ask(method, path, kind, body.as_bytes());
                if answer.status == 405 {
                    refused(&format!("{method} {path}"), &answer);
                    assert!(answer.field("allow").is_some(), "{method} {path}");
                }
            }
        }
    }
    ground.stands();
}

#[test]
fn rfc6749_3_2_a_form_that_is_none_is_refused_with_its_cause() {
    let mut ground = Ground::new();
    for path in OAUTH {
        for body in forms(&mut ground) {
            let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
            refused(&shown, &ground.ask("POST", path, FORM, &body));
        }
        for kind in [
            "",
            "text/plain",
            "application/json",
            "multipart/form-data",
            "a/b/c;;;=",
            ";charset",
        ] {
            let body = format!("grant_type={}&assertion=a.b.c", percent(JWT_BEARER));
            refused(kind, &ground.ask("POST", path, kind, body.as_bytes()));
        }
    }
    ground.stands();
}

#[test]
fn what_is_sent_to_the_other_endpoints_does_no_harm() {
    let mut ground = Ground::new();
    for path in PUBLIC {
        for body in forms(&mut ground) {
            let answer = ground.ask("POST", path, FORM, &body);
            assert_ne!(answer.status, 201);
        }
    }
    ground.stands();
}

#[test]
fn rfc3986_2_1_paths_and_queries_with_broken_encodings_are_answered() {
    let mut ground = Ground::new();
    for base in OAUTH.iter().chain(&PUBLIC).chain(&["/admin/v1/projects"]) {
        for tail in [
            "?a=%",
            "?a=%zz",
            "?a=%00",
            "?%ff%fe=%c3%28",
            "?token=a&token=b",
            "?access_token=%ff",
            "?page_size=-1",
            "?page_token=%00",
            "/",
            "//",
            "/../token",
            "/%2e%2e/token",
            "/%00",
            "/%ff",
            ";a=b",
            "/%",
            "?t=%E2%98",
            "?????",
            "?&&&&===&",
        ] {
            let answer = ground.ask("GET", &format!("{base}{tail}"), "", b"");
            let kind = answer.field("content-type").unwrap_or_default();
            assert!(
                !kind.starts_with("text/plain"),
                "{base}{tail}: {}",
                answer.text()
            );
        }
        for _ in 0..10 {
            let count = 1 + ground.dice.below(40);
            let random = ground.dice.percents(count);
            ground.ask(
                "GET",
                &format!("{base}/{random}?{random}={random}"),
                "",
                b"",
            );
        }
    }
    ground.stands();
}

/// Bodies that no form has.
fn forms(ground: &mut Ground) -> Vec<Vec<u8>> {
    let grant = format!("grant_type={}", percent(JWT_BEARER));
    let mut bodies: Vec<Vec<u8>> = [
        String::new(),
        "&&&&".to_owned(),
        "=".to_owned(),
        "grant_type".to_owned(),
        "grant_type=%".to_owned(),
        "grant_type=%zz".to_owned(),
        "grant_type=%ff%fe".to_owned(),
        format!("{grant}&{grant}&assertion=a"),
        format!("{grant}&assertion=a&assertion=b"),
        format!("{grant}&assertion="),
        format!("{grant}&assertion={}", "a".repeat(200_000)),
        format!("{grant}&assertion={}", ".".repeat(30_000)),
        format!("{}={}", "n".repeat(30_000), "v".repeat(30_000)),
        "a=b&".repeat(50_000),
        (0..5_000).fold(String::new(), |text, number| {
            text + &format!("p{number}=1&")
        }),
        "grant_type=\u{1f600}%0d%0aX-Injected:%201".to_owned(),
        "[".repeat(100_000),
    ]
    .map(String::into_bytes)
    .to_vec();
    bodies.push(b"grant_type=\xff\xfe\x00".to_vec());
    bodies.push(vec![b'a'; 3_000_000]);
    for _ in 0..20 {
        let count = ground.dice.below(2_000);
        bodies.push(ground.dice.bytes(count));
    }
    bodies
}

//! The admin API under an administrator who sends anything but what the document says.

use std::io;

use carnet_testkit::talk::Answer;

use crate::ground::Ground;
use crate::ground::refused;

const JSON: &str = "application/json";
const WRITES: [(&str, &str); 9] = [
    ("POST", "/admin/v1/organizations"),
    ("POST", "/admin/v1/projects"),
    ("PATCH", "/admin/v1/projects/demo"),
    ("POST", "/admin/v1/projects/demo/apis"),
    ("POST", "/admin/v1/projects/demo/service-accounts"),
    (
        "POST",
        "/admin/v1/projects/demo/service-accounts/ci@demo.iam.gserviceaccount.com/keys",
    ),
    (
        "POST",
        "/admin/v1/projects/demo/service-accounts/ci@demo.iam.gserviceaccount.com/keys:upload",
    ),
    ("POST", "/admin/v1/role-bindings"),
    ("POST", "/admin/v1/signing-keys"),
];

#[test]
fn rfc9457_a_body_that_is_none_is_a_problem_with_its_cause() {
    let mut ground = Ground::new();
    let bodies = bodies(&mut ground);
    for (method, path) in WRITES {
        for body in &bodies {
            let about = format!(
                "{method} {path} {:?}",
                String::from_utf8_lossy(&body[..body.len().min(60)])
            );
            // A body that was too large to be read closes the connection: each has its own.
            let sent = ground.administrator().send(method, path, JSON, body);
            refused(&about, &answered(&about, sent));
        }
        for kind in [
            "",
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/jsonx",
            ";;",
        ] {
            let about = format!("{method} {path} as {kind:?}");
            let sent = ground
                .administrator()
                .send(method, path, kind, b"{\"zz\":1}");
            refused(&about, &answered(&about, sent));
        }
    }
    ground.stands();
}

#[test]
fn rfc9457_paths_and_questions_that_are_none_are_problems() {
    let mut ground = Ground::new();
    let mut caller = ground.administrator();
    let long = "a".repeat(4_000);
    let things = [
        "projects/%00",
        "projects/%ff",
        "projects/..%2f..",
        "projects/A",
        "organizations/org_",
        "organizations/%27--",
        "organizations/org_00000000000000000000000000/users/%F0%9F%98%80",
        "projects/demo/service-accounts/-1",
        "projects/demo/service-accounts/999999999999999999999",
        "projects/-/service-accounts/ci:explode",
        "projects/demo/service-accounts/x/keys/zz:disable",
        "signing-keys/0:activate",
        "role-bindings/%20",
        "audit?page_token=AAAA",
        "audit?page_size=0",
        "audit?page_size=99999999999999999999",
        "traces/zz",
        "projects?page_token=%00%ff",
        "projects?page_size=a",
        "audit:verify?page_token=x",
        "nothing",
        ":",
        "::",
        &long,
    ];
    for thing in things {
        for method in ["GET", "POST", "PATCH", "DELETE", "PUT", "TRACE"] {
            let about = format!("{method} {}", &thing[..thing.len().min(60)]);
            let sent = caller.send(method, &format!("/admin/v1/{thing}"), JSON, b"");
            refused(&about, &answered(&about, sent));
        }
    }
    for _ in 0..100 {
        let count = 1 + ground.dice.below(30);
        let random = ground.dice.percents(count);
        let sent = caller.send("GET", &format!("/admin/v1/projects/{random}"), "", b"");
        refused(&random, &answered(&random, sent));
    }
    ground.stands();
}

fn answered(about: &str, sent: io::Result<Answer>) -> Answer {
    sent.unwrap_or_else(|error| panic!("{about}: {error}"))
}

/// Bodies that no write takes.
fn bodies(ground: &mut Ground) -> Vec<Vec<u8>> {
    let deep = |count: usize| format!("{}1{}", "[".repeat(count), "]".repeat(count));
    let mut bodies: Vec<Vec<u8>> = [
        "{".to_owned(),
        "null".to_owned(),
        "[]".to_owned(),
        "\"text\"".to_owned(),
        "1e999999".to_owned(),
        "{\"id\":\"aaaa\",\"id\":\"bbbb\"}".to_owned(),
        "{\"zz\":1}".to_owned(),
        "{\"id\":{\"a\":[]},\"title\":7,\"account_id\":null,\"public_key\":false,\"expires_in_days\":-1}".to_owned(),
        "{\"\\ud800\":1}".to_owned(),
        format!("{{\"title\":{}}}", deep(200)),
        deep(100_000),
        "{\"a\":".repeat(50_000),
        format!("{{\"title\":\"{}\"}}", "a".repeat(2_000_000)),
        format!("{{\"public_key\":\"-----BEGIN PUBLIC KEY-----\\n{}\\n-----END PUBLIC KEY-----\"}}", "A".repeat(9_000)),
        "{\"public_key\":\"-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----\",\"zz\":\"\\u0000\"}".to_owned(),
    ]
    .map(String::into_bytes)
    .to_vec();
    bodies.push(b"{\"title\":\"\xff\xfe\"}".to_vec());
    bodies.push(b"\xef\xbb\xbf{}\x00".to_vec());
    for _ in 0..20 {
        let count = 1 + ground.dice.below(500);
        bodies.push(ground.dice.bytes(count));
    }
    bodies
}

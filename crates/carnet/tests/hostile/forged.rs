//! Tokens and assertions that nobody signed, or not so (RFC 7515, RFC 8725).

use carnet_jose::Jwk;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_jose::LocalSigner;
use carnet_jose::Signer;
use carnet_jose::SigningHeader;
use carnet_jose::base64url;
use carnet_jose::sign_compact;
use carnet_testkit::served::JWT_BEARER;
use carnet_testkit::talk::Caller;
use serde_json::json;

use crate::ground::Ground;
use crate::ground::refused;

#[test]
fn rfc8725_2_1_a_forged_assertion_buys_nothing() {
    let mut ground = Ground::new();
    for (name, assertion) in forgeries(&mut ground) {
        let mut caller = Caller::new(ground.address);
        let form = [
            ("grant_type", JWT_BEARER),
            ("assertion", assertion.as_str()),
        ];
        let answer = caller
            .form("/token", &form)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        refused(&name, &answer);
        ground.secrets.push(assertion);
    }
    ground.stands();
}

#[test]
fn rfc6750_2_1_a_forged_token_opens_nothing() {
    let mut ground = Ground::new();
    let mut tokens = forgeries(&mut ground);
    let genuine = ground.first.token.clone();
    let (signed, signature) = genuine.rsplit_once('.').unwrap();
    tokens.push(("cut".to_owned(), genuine[..genuine.len() - 1].to_owned()));
    tokens.push(("twice".to_owned(), format!("{genuine}{genuine}")));
    tokens.push((
        "signature of zeros".to_owned(),
        format!("{signed}.{}", "A".repeat(signature.len())),
    ));
    tokens.push(("no signature".to_owned(), format!("{signed}.")));
    tokens.push(("crn_at_".to_owned(), "crn_at_".to_owned()));
    for (name, token) in tokens {
        for path in ["/tokeninfo", "/revoke", "/introspect"] {
            let mut caller = Caller::new(ground.address);
            let answer = caller.form(path, &[("token", &token), ("access_token", &token)]);
            let answer = answer.unwrap_or_else(|error| panic!("{name} at {path}: {error}"));
            assert!(
                (400..500).contains(&answer.status),
                "{name} at {path}: {}",
                answer.head
            );
        }
        let answer = ground
            .administrator()
            .form("/introspect", &[("token", &token)]);
        let answer = answer.unwrap_or_else(|error| panic!("{name}: {error}"));
        let inactive = answer.status == 200 && answer.json() == json!({"active": false});
        assert!(
            inactive || answer.status == 400 || answer.status == 413,
            "{name}: {}",
            answer.text()
        );
        if token.len() < 8_000
            && !token.is_empty()
            && token.bytes().all(|byte| byte.is_ascii_graphic())
        {
            let answer = Caller::new(ground.address)
                .with_token(&token)
                .get("/admin/v1/projects")
                .unwrap();
            refused(&name, &answer);
            assert_eq!(answer.status, 401, "{name}");
        }
    }
    // A revocation of a forged token revoked nothing.
    assert_eq!(
        ground
            .administrator()
            .get("/admin/v1/projects")
            .unwrap()
            .status,
        200
    );
    ground.stands();
}

/// Assertions with a name each, none of which is good.
fn forgeries(ground: &mut Ground) -> Vec<(String, String)> {
    let claims = ground.claims().to_string();
    let good = ground.assertion();
    let kid = ground.first.signer.key_id().to_owned();
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let parts: Vec<&str> = good.split('.').collect();
    let with = |header: &str| format!("{}.{}.{signature}", encoded(header), parts[1]);
    // These are signed as they should be, so that what they say is looked at.
    let header = SigningHeader::of(&ground.first.signer, "JWT");
    let holding =
        |payload: &str| sign_compact(&header, payload.as_bytes(), &ground.first.signer).unwrap();
    let signed_with = |header: &str| {
        let input = format!("{}.{}", encoded(header), parts[1]);
        let signature = ground.first.signer.sign_now(input.as_bytes()).unwrap();
        format!("{input}.{}", base64url::encode(&signature))
    };
    let stranger = KeyPair::generate(KeyType::P256).unwrap();
    let embedded = Jwk::new(stranger.public_key().clone(), "stranger").to_json();
    let stranger = LocalSigner::new(stranger, kid.clone());
    let by_stranger = sign_compact(
        &SigningHeader::of(&stranger, "JWT"),
        claims.as_bytes(),
        &stranger,
    );
    let deep = format!("{}{}", "{\"a\":".repeat(20_000), "}".repeat(20_000));
    let mut forged: Vec<(String, String)> = [
        ("empty", String::new()),
        ("one segment", "a".to_owned()),
        ("dots", "..".to_owned()),
        ("four segments", format!("{good}.{signature}")),
        ("five segments", format!("{good}.{signature}.{signature}")),
        ("many dots", ".".repeat(10_000)),
        (
            "a megabyte",
            format!("{signed}{}.{signature}", "A".repeat(1_048_576)),
        ),
        (
            "none",
            format!("{}.{}.", encoded("{\"alg\":\"none\"}"), parts[1]),
        ),
        ("None with a signature", signed_with("{\"alg\":\"None\"}")),
        (
            "HS256",
            signed_with(&format!("{{\"alg\":\"HS256\",\"kid\":\"{kid}\"}}")),
        ),
        (
            "ES256 for RS256",
            signed_with(&format!("{{\"alg\":\"ES256\",\"kid\":\"{kid}\"}}")),
        ),
        (
            "crit",
            signed_with("{\"alg\":\"RS256\",\"crit\":[\"b64\"],\"b64\":false}"),
        ),
        (
            "two algorithms",
            signed_with("{\"alg\":\"none\",\"alg\":\"RS256\"}"),
        ),
        (
            "jku",
            with("{\"alg\":\"RS256\",\"jku\":\"http://169.254.169.254/\"}"),
        ),
        ("a deep header", signed_with(&deep)),
        ("a header that is no object", signed_with("[]")),
        (
            "a header with a BOM",
            signed_with("\u{feff}{\"alg\":\"RS256\"}"),
        ),
        (
            "a kid with a path",
            with("{\"alg\":\"RS256\",\"kid\":\"../../dev/null' OR 1=1 --\"}"),
        ),
        ("deep claims", holding(&deep)),
        ("claims that are no object", holding("[1]")),
        ("two issuers", holding("{\"iss\":\"a\",\"iss\":\"b\"}")),
        (
            "numbers without end",
            holding("{\"iss\":\"a\",\"exp\":1e400,\"iat\":-1e400}"),
        ),
        (
            "other claims",
            format!(
                "{}.{}.{signature}",
                parts[0],
                encoded(&claims.replace("read", "write"))
            ),
        ),
        (
            "signature of zeros",
            format!("{signed}.{}", "A".repeat(signature.len())),
        ),
        ("no base64url", format!("{signed}.++//==")),
        ("a line end inside", good.replace('.', ".\r\n")),
        (
            "embedded",
            signed_with(&json!({"alg": "ES256", "jwk": embedded}).to_string()),
        ),
        ("another's key", by_stranger.unwrap()),
    ]
    .map(|(name, text)| (name.to_owned(), text))
    .to_vec();
    for round in 0..60 {
        let mut bytes = good.clone().into_bytes();
        let at = ground.dice.below(bytes.len() - 2);
        bytes[at] = b"Aa0-_.="[ground.dice.below(7)];
        let changed = String::from_utf8(bytes).unwrap();
        if changed != good {
            forged.push((format!("changed {round}"), changed));
        }
    }
    forged
}

fn encoded(text: &str) -> String {
    base64url::encode(text.as_bytes())
}

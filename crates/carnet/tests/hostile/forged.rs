//! Tokens and assertions that nobody signed, or not so (RFC 7515, RFC 8725).

use carnet_jose::Jwk;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_jose::LocalSigner;
use carnet_jose::Signer;
use carnet_jose::SigningHeader;
use carnet_jose::base64url;
use carnet_jose::digest;
use carnet_jose::sign_compact;
use carnet_testkit::served;
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
        "a token with a signature of zeros".to_owned(),
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
    let good = ground.assertion();
    let named = |(name, text): (&str, String)| (name.to_owned(), text);
    let mut forged: Vec<(String, String)> = Vec::new();
    forged.extend(shapes(&good).map(named));
    forged.extend(headers(ground, &good).map(named));
    forged.extend(payloads(ground, &good).map(named));
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

/// No compact JWS, or a signature that is none (RFC 7515 section 5.2).
fn shapes(good: &str) -> [(&'static str, String); 11] {
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let zeros = "A".repeat(signature.len());
    [
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
        ("signature of zeros", format!("{signed}.{zeros}")),
        ("no signature", format!("{signed}.")),
        ("no base64url", format!("{signed}.++//==")),
        ("a line end inside", good.replace('.', ".\r\n")),
    ]
}

/// Headers that no verifier may follow, most of them signed as they should be (RFC 8725 section 3).
fn headers(ground: &Ground, good: &str) -> [(&'static str, String); 15] {
    let parts: Vec<&str> = good.split('.').collect();
    let kid = ground.first.signer.key_id();
    let with = |header: &str| format!("{}.{}.{}", encoded(header), parts[1], parts[2]);
    let signed = |header: &str| {
        let input = format!("{}.{}", encoded(header), parts[1]);
        let signature = ground.first.signer.sign_now(input.as_bytes()).unwrap();
        format!("{input}.{}", encoded(signature))
    };
    let public = ground.first.signer.key_pair().public_key().to_spki_pem();
    let stranger = KeyPair::generate(KeyType::P256).unwrap();
    let stranger = LocalSigner::new(stranger, kid);
    [
        (
            "none",
            format!("{}.{}.", encoded("{\"alg\":\"none\"}"), parts[1]),
        ),
        ("None with a signature", signed("{\"alg\":\"None\"}")),
        ("HS256 by the public key", hs256(parts[1], kid, &public)),
        (
            "HS256 by a signature",
            signed(&format!("{{\"alg\":\"HS256\",\"kid\":\"{kid}\"}}")),
        ),
        (
            "ES256 for RS256",
            signed(&format!("{{\"alg\":\"ES256\",\"kid\":\"{kid}\"}}")),
        ),
        (
            "crit",
            signed("{\"alg\":\"RS256\",\"crit\":[\"b64\"],\"b64\":false}"),
        ),
        (
            "two algorithms",
            signed("{\"alg\":\"none\",\"alg\":\"RS256\"}"),
        ),
        ("a deep header", signed(&deep())),
        ("a header that is no object", signed("[]")),
        ("a header with a BOM", signed("\u{feff}{\"alg\":\"RS256\"}")),
        (
            "another header",
            with("{\"alg\":\"RS256\",\"jku\":\"http://169.254.169.254/\"}"),
        ),
        (
            "a kid with a path",
            with("{\"alg\":\"RS256\",\"kid\":\"../../dev/null' OR 1=1 --\"}"),
        ),
        ("an embedded key", by_embedded_key(parts[1], &stranger)),
        (
            "another's key",
            served::signed(&stranger, &ground.claims()).unwrap(),
        ),
        (
            "an encrypted one",
            format!(
                "{}.a.b.c.d",
                encoded("{\"alg\":\"dir\",\"enc\":\"A256GCM\"}")
            ),
        ),
    ]
}

/// The header brings the key that verifies (CVE-2018-0114).
fn by_embedded_key(payload: &str, stranger: &LocalSigner) -> String {
    let key = stranger.key_pair().public_key().clone();
    let header = json!({ "alg": "ES256", "jwk": Jwk::new(key, "stranger").to_json() });
    let input = format!("{}.{payload}", encoded(header.to_string()));
    let signature = stranger.sign_now(input.as_bytes()).unwrap();
    format!("{input}.{}", encoded(signature))
}

/// Claims that are none, signed as they should be.
fn payloads(ground: &Ground, good: &str) -> [(&'static str, String); 6] {
    let header = SigningHeader::of(&ground.first.signer, "JWT");
    let signed =
        |claims: &str| sign_compact(&header, claims.as_bytes(), &ground.first.signer).unwrap();
    let claims = ground.claims().to_string();
    let parts: Vec<&str> = good.split('.').collect();
    let other = encoded(claims.replace(".read", ""));
    let twice = claims.replacen('{', "{\"iss\":\"somebody else\",", 1);
    [
        ("deep claims", signed(&deep())),
        ("claims that are no object", signed("[1]")),
        ("two issuers", signed(&twice)),
        (
            "numbers without end",
            signed("{\"iss\":\"a\",\"exp\":1e400,\"iat\":-1e400}"),
        ),
        ("no claims", signed("")),
        ("other claims", format!("{}.{other}.{}", parts[0], parts[2])),
    ]
}

/// The public key as the secret of an HMAC (CVE-2015-9235 and many after it).
fn hs256(payload: &str, kid: &str, public: &str) -> String {
    let input = format!(
        "{}.{payload}",
        encoded(format!("{{\"alg\":\"HS256\",\"kid\":\"{kid}\"}}"))
    );
    let pad = |with: u8| -> Vec<u8> {
        let mut key = digest::sha256(public.as_bytes()).to_vec();
        key.resize(64, 0);
        key.iter().map(|byte| byte ^ with).collect()
    };
    let inner = digest::sha256([pad(0x36), input.clone().into_bytes()].concat());
    let outer = digest::sha256([pad(0x5c), inner.to_vec()].concat());
    format!("{input}.{}", encoded(outer))
}

fn deep() -> String {
    format!("{}{}", "{\"a\":".repeat(10_000), "}".repeat(10_000))
}

fn encoded(bytes: impl AsRef<[u8]>) -> String {
    base64url::encode(bytes)
}

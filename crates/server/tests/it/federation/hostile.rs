//! Confused deputies, forged tokens, and what is no token at all.

use axum::body::Body;
use axum::http::Request;
use carnet_core::record::PoolOwner;
use carnet_core::record::Project;
use carnet_core::record::ProviderKeys;
use carnet_core::store::Record;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_jose::base64url;
use carnet_testkit::contract::workload_pool::pool_of;
use carnet_testkit::contract::workload_pool::provider_of;
use carnet_testkit::world::READ;
use serde_json::Value;
use serde_json::json;

use super::scene::EXCHANGE;
use super::scene::Issuer;
use super::scene::JWT;
use super::scene::Scene;
use super::scene::signed;
use super::scene::signed_text;
use super::scene::trusts;

#[tokio::test]
async fn google_wire_6_4_a_token_for_one_provider_is_none_for_another() {
    let scene = Scene::new().await;
    // Of the same issuer: in the same pool, in another pool, and in another project.
    let other = Project {
        id: "third-party".parse().unwrap(),
        number: "499999999999".parse().unwrap(),
        ..scene.project.clone()
    };
    let second = pool_of(&scene.project, "second");
    let theirs = pool_of(&other, "ci-pool");
    assert_eq!(theirs.owner, PoolOwner::Project(other.id.clone()));
    scene.insert(Record::Project(other)).await;
    scene.insert(Record::WorkloadPool(second.clone())).await;
    scene.insert(Record::WorkloadPool(theirs.clone())).await;
    let token = scene.issuer.sign(&scene.claims());
    for (pool, id) in [(&scene.pool, "next"), (&second, "main"), (&theirs, "main")] {
        let mut provider = provider_of(pool, id);
        trusts(
            &mut provider,
            &scene.issuer.url,
            &[],
            ProviderKeys::Discovery,
        );
        scene.add(&provider).await;
        let audience = provider.name.audience();
        let answer = scene.exchange_at(&audience, &token).await;
        let said = answer.json()["error_description"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(said.starts_with("The audience in ID Token"), "{said}");
        let story = scene.refused(&answer, "invalid_grant", 2_512).await;
        assert!(story.contains(&audience), "{story}");
        let own = scene.with(json!({ "aud": audience }));
        let answer = scene.exchange_at(&audience, &scene.issuer.sign(&own)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let answer = scene.exchange(&scene.issuer.sign(&own)).await;
        scene.refused(&answer, "invalid_grant", 2_512).await;
    }
}

#[tokio::test]
async fn google_wire_6_4_a_provider_is_named_with_https_or_without() {
    let scene = Scene::new().await;
    let own = scene.provider.name.audience();
    let with = format!("https:{own}");
    for aud in [json!(own), json!(with), json!([own, with]), json!([own])] {
        let answer = scene
            .exchange(&scene.issuer.sign(&scene.with(json!({ "aud": aud }))))
            .await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
}

#[tokio::test]
async fn lesson_44_every_name_in_aud_must_be_the_providers() {
    let mut scene = Scene::new().await;
    let own = scene.provider.name.audience();
    let wrong = [
        json!(null),
        json!(""),
        json!([]),
        json!([own, "https://vault.example"]),
        json!([own, 7]),
        json!({ "own": own }),
        json!(format!("http:{own}")),
        json!(format!("{own}/")),
        json!(own.to_uppercase()),
        json!(7),
    ];
    for aud in wrong {
        let claims = scene.with(json!({ "aud": aud }));
        let answer = scene.exchange(&scene.issuer.sign(&claims)).await;
        scene.refused(&answer, "invalid_grant", 2_512).await;
    }
    let mut none = scene.claims();
    none.as_object_mut().unwrap().remove("aud");
    let answer = scene.exchange(&scene.issuer.sign(&none)).await;
    scene.refused(&answer, "invalid_grant", 2_512).await;

    // A provider that lists names takes those instead of its own.
    let url = scene.issuer.url.clone();
    let keys = ProviderKeys::Discovery;
    scene
        .set(|provider| trusts(provider, &url, &["a", "b"], keys))
        .await;
    for (aud, good) in [
        (json!("a"), true),
        (json!(["b", "a"]), true),
        (json!(["a", "c"]), false),
        (json!(own), false),
    ] {
        let claims = scene.with(json!({ "aud": aud }));
        let answer = scene.exchange(&scene.issuer.sign(&claims)).await;
        assert_eq!(answer.status == 200, good, "{aud}: {}", answer.body);
    }
}

#[tokio::test]
async fn google_wire_6_4_another_issuer_cannot_sign_for_this_one() {
    let scene = Scene::new().await;
    let stranger = Issuer::new();
    // With the key of the same name, saying that it is the trusted one.
    let answer = scene.exchange(&stranger.sign(&scene.claims())).await;
    let story = scene.refused(&answer, "invalid_grant", 2_516).await;
    assert!(story.contains("another private key signed"), "{story}");
    for iss in [
        json!(format!("{}/", scene.issuer.url)),
        json!(scene.issuer.url.to_uppercase()),
        json!([scene.issuer.url]),
        json!(null),
        json!(""),
    ] {
        let claims = scene.with(json!({ "iss": iss }));
        let answer = scene.exchange(&scene.issuer.sign(&claims)).await;
        assert_eq!(answer.json()["error"], "invalid_grant", "{}", answer.body);
    }
}

#[tokio::test]
async fn lesson_2_a_header_chooses_neither_its_key_nor_its_algorithm() {
    let scene = Scene::new().await;
    let pair = &scene.issuer.pair;
    let claims = scene.claims();
    let jwk: Value =
        serde_json::to_value(carnet_jose::Jwk::new(pair.public_key().clone(), "x")).unwrap();
    let stranger = KeyPair::generate(KeyType::P256).unwrap();
    let own: Value =
        serde_json::to_value(carnet_jose::Jwk::new(stranger.public_key().clone(), "one")).unwrap();
    let headers = [
        json!({"alg": "none", "kid": "one"}),
        json!({"alg": "HS256", "kid": "one"}),
        json!({"alg": "RS256", "kid": "one"}),
        json!({"alg": "ES384", "kid": "one"}),
        json!({"alg": "PS256", "kid": "one"}),
        json!({"alg": "EdDSA", "kid": "one"}),
        json!({"alg": "ES256"}),
        json!({"alg": "ES256", "kid": ""}),
        json!({"alg": "ES256", "kid": 1}),
        json!({"alg": "ES256", "kid": "two"}),
        json!({"alg": "ES256", "kid": "two", "jwk": jwk}),
        json!({"alg": "ES256", "kid": "one", "crit": ["x"], "x": 1}),
        json!({"alg": "ES256", "kid": "one", "typ": "logout+jwt"}),
        json!({"alg": "ES256", "kid": "one", "typ": "dpop+jwt"}),
        json!({"kid": "one"}),
    ];
    for header in headers {
        let answer = scene.exchange(&signed(pair, &header, &claims)).await;
        assert_eq!(answer.status, 400, "{header}: {}", answer.body);
        assert_eq!(answer.json()["error"], "invalid_grant", "{header}");
    }
    let header = json!({"alg": "ES256", "kid": "one", "jwk": own});
    let answer = scene.exchange(&signed(&stranger, &header, &claims)).await;
    scene.refused(&answer, "invalid_grant", 2_516).await;
    for typ in ["JWT", "jwt", "at+jwt", "application/at+jwt"] {
        let header = json!({"alg": "ES256", "kid": "one", "typ": typ});
        let answer = scene.exchange(&signed(pair, &header, &claims)).await;
        assert_eq!(answer.status, 200, "{typ}: {}", answer.body);
    }
    let good = scene.issuer.sign(&claims);
    let (input, _) = good.rsplit_once('.').unwrap();
    let zeros = format!("{input}.{}", base64url::encode([0; 64]));
    for broken in [
        format!("{input}."),
        zeros,
        format!("{good}A"),
        format!("{good}="),
    ] {
        let answer = scene.exchange(&broken).await;
        assert_eq!(answer.json()["error"], "invalid_grant", "{broken}");
    }
}

#[tokio::test]
async fn google_wire_6_4_times_are_held_to() {
    let scene = Scene::new().await;
    let now = scene.now;
    let cases = [
        (json!({ "exp": now + 1 }), None),
        (json!({ "exp": now }), Some(2_513)),
        (json!({ "exp": now - 1, "iat": now - 100 }), Some(2_513)),
        (json!({ "iat": now + 60 }), None),
        (json!({ "iat": now + 61 }), Some(2_514)),
        (json!({ "nbf": now + 60 }), None),
        (json!({ "nbf": now + 61 }), Some(2_514)),
        (json!({ "iat": now, "exp": now + 86_400 }), None),
        (json!({ "iat": now, "exp": now + 86_401 }), Some(2_514)),
        (json!({ "iat": null }), Some(2_514)),
        (json!({ "exp": null }), Some(2_514)),
        (json!({ "exp": "1800000000" }), Some(2_514)),
        (json!({ "exp": 1e300 }), Some(2_514)),
        (json!({ "exp": i64::MAX, "iat": i64::MIN }), Some(2_514)),
        (json!({ "iat": -1 }), Some(2_514)),
        (json!({ "exp": (now + 60) * 1_000 }), Some(2_514)),
    ];
    for (changes, code) in cases {
        let answer = scene
            .exchange(&scene.issuer.sign(&scene.with(changes.clone())))
            .await;
        match code {
            None => assert_eq!(answer.status, 200, "{changes}: {}", answer.body),
            Some(code) => {
                scene.refused(&answer, "invalid_grant", code).await;
            }
        }
    }
    let old = scene.with(json!({ "exp": now - 1, "iat": now - 100 }));
    let answer = scene.exchange(&scene.issuer.sign(&old)).await;
    let said = answer.json()["error_description"]
        .as_str()
        .unwrap()
        .to_owned();
    let google = format!("ID Token issued at {} is stale to sign-in.", now - 100);
    assert!(said.starts_with(&google), "{said}");
}

#[tokio::test]
async fn whatever_is_sent_is_answered_and_never_with_a_fault_of_ours() {
    let scene = Scene::new().await;
    let pair = &scene.issuer.pair;
    let header = r#"{"alg":"ES256","kid":"one"}"#;
    let url = &scene.issuer.url;
    let deep = format!(
        r#"{{"iss":"{url}","x":{}1{}}}"#,
        "[".repeat(100),
        "]".repeat(100)
    );
    let twice = format!(r#"{{"iss":"{url}","aud":"a","aud":"b"}}"#);
    let payloads = [
        "",
        "{}",
        "[]",
        "null",
        "\"x\"",
        "{\"iss\":",
        deep.as_str(),
        twice.as_str(),
    ];
    let mut tokens: Vec<String> = payloads
        .iter()
        .map(|claims| signed_text(pair, header, claims))
        .collect();
    let texts = [
        "x",
        ".",
        "..",
        "...",
        "a.b.c",
        "{\"url\":\"x\"}",
        "<saml/>",
        "\u{0}",
        "é",
    ];
    tokens.extend(texts.map(str::to_owned));
    tokens.push(".".repeat(30_000));
    tokens.push("A".repeat(31_000));
    tokens.push(format!("{}.e30.AAAA", "A".repeat(10_000)));
    for token in tokens {
        let answer = scene.exchange(&token).await;
        let start: String = token.chars().take(20).collect();
        assert_eq!(answer.status, 400, "{start}: {}", answer.body);
        assert_eq!(answer.json()["error"], "invalid_grant", "{start}");
    }
}

#[tokio::test]
async fn google_wire_6_1_a_request_that_is_none_is_told_why() {
    let scene = Scene::new().await;
    let post = async |kind: &str, body: String| {
        let request = Request::post("/v1/token").header("content-type", kind);
        let request = request.body(Body::from(body)).unwrap();
        scene.server.send(request).await
    };
    let answer = scene.server.get("/v1/token").await;
    assert_eq!(answer.status, 405);
    assert_eq!(answer.headers["allow"], "POST");
    let huge = "x".repeat(70_000);
    for (kind, body) in [("text/plain", String::new()), ("application/json", huge)] {
        let answer = post(kind, body).await;
        assert!(answer.status.is_client_error(), "{}", answer.body);
        assert_eq!(answer.json()["error"], "invalid_request", "{}", answer.body);
    }
    for (kind, body) in [
        ("application/json", "{"),
        ("application/json", "[]"),
        ("application/json", r#"{"subjectToken":7}"#),
        ("application/x-www-form-urlencoded", "a=%"),
        ("application/x-www-form-urlencoded", ""),
    ] {
        let answer = post(kind, body.to_owned()).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.body);
    }
}

#[tokio::test]
async fn google_wire_6_1_audience_kind_and_options_are_held_to() {
    let scene = Scene::new().await;
    let token = scene.issuer.sign(&scene.claims());
    let own = scene.provider.name.audience();
    let ask = async |audience: &str, kind: &str, options: &str| {
        let form = [
            ("grant_type", EXCHANGE),
            ("audience", audience),
            ("scope", READ),
            ("subject_token_type", kind),
            ("subject_token", token.as_str()),
            ("options", options),
        ];
        scene.server.post("/v1/token", &form).await
    };
    let by_id = own.replace(scene.project.number.as_str(), "billing");
    let plain = own.trim_start_matches('/').to_owned();
    for audience in [
        "",
        "x",
        by_id.as_str(),
        plain.as_str(),
        scene.pool.name.as_str(),
    ] {
        let answer = ask(audience, JWT, "").await;
        let said = answer.json()["error_description"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(
            said.starts_with("Invalid value for &quot;audience&quot;."),
            "{said}"
        );
        scene.refused(&answer, "invalid_request", 2_501).await;
    }
    for kind in [
        "urn:ietf:params:oauth:token-type:saml2",
        "urn:ietf:params:oauth:token-type:mtls",
        "urn:ietf:params:oauth:token-type:access_token",
        "urn:ietf:params:aws:token-type:aws4_request",
        "jwt",
    ] {
        let answer = ask(&own, kind, "").await;
        scene.refused(&answer, "invalid_request", 2_505).await;
    }
    for options in [
        "[",
        r#"{"accessBoundary":{"accessBoundaryRules":[]}}"#,
        r#"{"bindCertFingerprint":"x"}"#,
    ] {
        let answer = ask(&own, JWT, options).await;
        scene.refused(&answer, "invalid_request", 2_504).await;
    }
    assert_eq!(ask(&own, JWT, "{}").await.status, 200);
}

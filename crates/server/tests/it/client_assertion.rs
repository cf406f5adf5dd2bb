//! Clients that prove themselves with a JWT (`private_key_jwt`: RFC 7521, RFC 7523, OpenID Connect Core 1.0
//! section 9), as whole answers.

use carnet_core::record::Client;
use carnet_core::record::ClientAuthentication;
use carnet_core::record::ClientKeys;
use carnet_core::record::ClientSecret;
use carnet_core::record::Credentials;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Record;
use carnet_core::value::Counting;
use carnet_core::value::Secret;
use carnet_core::value::SecretId;
use carnet_core::value::UnixTime;
use carnet_core::value::Version;
use carnet_jose::Algorithm;
use carnet_jose::Jwk;
use carnet_jose::JwkSet;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_jose::base64url;
use carnet_jose::digest;
use carnet_jose::mac::MacAlgorithm;
use carnet_jose::mac::sign_with_secret;
use carnet_server::client_secret;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::provider::Provider;
use carnet_testkit::world::DAEMON;
use carnet_testkit::world::NOW;
use carnet_testkit::world::READ;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::World;
use serde_json::Value;
use serde_json::json;

const ID: &str = "signer";
const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const GRANT: (&str, &str) = ("grant_type", "client_credentials");

/// A server with a client that signs, and the client's key.
async fn provider() -> (Provider, KeyPair) {
    let provider = Provider::over(World::new().await.with_clients().await).await;
    let signer = pair(KeyType::P256);
    with_client(&provider, ID, &[&signer]).await;
    (provider, signer)
}

fn pair(of: KeyType) -> KeyPair {
    KeyPair::generate(of).unwrap()
}

/// Adds a client like [`DAEMON`] with these keys.
async fn with_client(provider: &Provider, id: &str, keys: &[&KeyPair]) {
    let store = provider.world.store();
    let daemon = store.client(&DAEMON.parse().unwrap()).await.unwrap();
    let keys = keys.iter().enumerate().map(|(place, pair)| {
        let name = format!("key-{place}");
        Jwk::new(pair.public_key().clone(), name)
    });
    let keys = ClientKeys::Inline(JwkSet {
        keys: keys.collect(),
        skipped: Vec::new(),
    });
    let client = Client {
        id: id.parse().unwrap(),
        authentication: ClientAuthentication::PrivateKeyJwt,
        credentials: Credentials {
            keys: Some(keys),
            ..Credentials::default()
        },
        ..daemon.unwrap()
    };
    let change = Change::Insert(Record::Client(client));
    assert_eq!(store.commit(&[change]).await.unwrap(), Committed::Yes);
}

fn claims(jti: &str) -> Value {
    json!({"iss": ID, "sub": ID, "aud": ISSUER, "jti": jti, "iat": NOW, "exp": NOW + 60})
}

fn changed(jti: &str, with: Value) -> Value {
    let mut claims = claims(jti);
    if let Value::Object(with) = with {
        for (name, value) in with {
            claims[name] = value;
        }
    }
    claims
}

fn signed(claims: &Value, signer: &KeyPair) -> String {
    let algorithm = signer.public_key().algorithm().name();
    signed_as(&json!({ "alg": algorithm }), claims, signer)
}

fn signed_as(header: &Value, claims: &Value, signer: &KeyPair) -> String {
    let (header, claims) = (header.to_string(), claims.to_string());
    let input = format!(
        "{}.{}",
        base64url::encode(header),
        base64url::encode(claims)
    );
    let signature = signer.sign(input.as_bytes()).unwrap();
    format!("{input}.{}", base64url::encode(signature))
}

async fn ask_at(provider: &Provider, path: &str, more: &[(&str, &str)], text: &str) -> Answer {
    let proof = [("client_assertion_type", TYPE), ("client_assertion", text)];
    provider.post(path, &[&proof, more].concat()).await
}

async fn ask(provider: &Provider, text: &str) -> Answer {
    ask_at(provider, "/token", &[GRANT], text).await
}

/// The answer is the one for whoever does not prove themselves, and the owner reads why.
async fn is_refused(provider: &Provider, answer: &Answer, why: &str) {
    assert_eq!(answer.status, 401, "{why}: {}", answer.body);
    let body = answer.json();
    assert_eq!(body["error"], "invalid_client");
    let description = body["error_description"].as_str().unwrap();
    assert!(description.contains("CRN-1401"), "{description}");
    assert!(description.contains("client authentication failed."));
    provider.settle().await;
    let story = provider.story(body["trace_id"].as_str().unwrap()).await;
    assert!(story.contains(why), "{why}: {story}");
}

#[tokio::test]
async fn rfc7523_2_2_a_client_proves_itself_with_a_signed_jwt() {
    let (provider, signer) = provider().await;
    let answer = ask(&provider, &signed(&claims("a"), &signer)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.json()["scope"], READ);
    let named = [GRANT, ("client_id", ID)];
    let text = signed(&changed("b", json!({"aud": [ISSUER]})), &signer);
    let answer = ask_at(&provider, "/token", &named, &text).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    for (path, jti) in [("token", "c"), ("par", "d")] {
        let endpoint = format!("{ISSUER}/{path}");
        let text = signed(&changed(jti, json!({"aud": endpoint})), &signer);
        assert_eq!(ask(&provider, &text).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn rfc7523_2_2_every_endpoint_that_authenticates_clients_takes_it() {
    let (provider, signer) = provider().await;
    let answer = ask(&provider, &signed(&claims("a"), &signer)).await;
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    let form = [("token", token.as_str())];
    let text = signed(&claims("b"), &signer);
    let answer = ask_at(&provider, "/introspect", &form, &text).await;
    assert_eq!(answer.json()["active"], true, "{}", answer.body);
    let text = signed(&claims("c"), &signer);
    let answer = ask_at(&provider, "/revoke", &form, &text).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let text = signed(&claims("d"), &signer);
    let answer = ask_at(&provider, "/introspect", &form, &text).await;
    assert_eq!(answer.json()["active"], false, "{}", answer.body);
}

#[tokio::test]
async fn lesson_32_an_assertion_works_once_at_all_endpoints_together() {
    let (provider, signer) = provider().await;
    let text = signed(&claims("once"), &signer);
    assert_eq!(ask(&provider, &text).await.status, 200);
    let again = "the assertion was used before";
    is_refused(&provider, &ask(&provider, &text).await, again).await;
    let form = [("token", "x")];
    for path in ["/introspect", "/revoke"] {
        let answer = ask_at(&provider, path, &form, &text).await;
        is_refused(&provider, &answer, again).await;
    }
    let other = changed("once", json!({"exp": NOW + 61}));
    is_refused(
        &provider,
        &ask(&provider, &signed(&other, &signer)).await,
        again,
    )
    .await;
    let provider = provider.restart().await;
    is_refused(&provider, &ask(&provider, &text).await, again).await;
}

#[tokio::test]
async fn lesson_32_of_sixteen_at_a_time_one_assertion_works() {
    let (provider, signer) = provider().await;
    let text = signed(&claims("race"), &signer);
    let all = (0..16).map(|_| ask(&provider, &text));
    let all = futures_util::future::join_all(all).await;
    let good = all.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(good, 1);
}

#[tokio::test]
async fn rfc7523_3_one_clients_jti_is_not_anothers() {
    let (provider, signer) = provider().await;
    with_client(&provider, "other", &[&signer]).await;
    assert_eq!(
        ask(&provider, &signed(&claims("x"), &signer)).await.status,
        200
    );
    let theirs = changed("x", json!({"iss": "other", "sub": "other"}));
    assert_eq!(ask(&provider, &signed(&theirs, &signer)).await.status, 200);
}

#[tokio::test]
async fn rfc7523_3_what_must_be_said_is_said() {
    let (provider, signer) = provider().await;
    for (with, why) in [
        (json!({"iss": DAEMON}), "iss is"),
        (json!({"iss": null}), "iss is"),
        (json!({"jti": null}), "jti is missing"),
        (json!({"jti": ""}), "jti is missing"),
        (json!({"exp": null}), "exp is missing"),
        (json!({"exp": "soon"}), "exp is missing"),
        (json!({"exp": NOW - 61}), "exp passed 61 s ago"),
        (json!({"iat": NOW + 61}), "iat is 61 s in the future"),
        (json!({"nbf": NOW + 61}), "nbf is 61 s in the future"),
        (json!({"nbf": "x"}), "nbf is no number"),
    ] {
        let text = signed(&changed("a", with), &signer);
        is_refused(&provider, &ask(&provider, &text).await, why).await;
    }
    for with in [
        json!({"iat": null}),
        json!({"exp": NOW - 60, "jti": "b"}),
        json!({"iat": NOW + 60, "nbf": NOW + 60, "jti": "c"}),
    ] {
        let text = signed(&changed("a", with), &signer);
        assert_eq!(ask(&provider, &text).await.status, 200);
    }
}

#[tokio::test]
async fn rfc7521_4_2_the_client_id_beside_it_is_the_one_in_it() {
    let (provider, signer) = provider().await;
    let text = signed(&claims("a"), &signer);
    let named = [GRANT, ("client_id", DAEMON)];
    let answer = ask_at(&provider, "/token", &named, &text).await;
    is_refused(&provider, &answer, "another method").await;
    with_client(&provider, "other", &[&signer]).await;
    let named = [GRANT, ("client_id", "other")];
    let answer = ask_at(&provider, "/token", &named, &text).await;
    is_refused(&provider, &answer, "iss is").await;
    let nobody = signed(&changed("a", json!({"sub": "nobody"})), &signer);
    is_refused(&provider, &ask(&provider, &nobody).await, "unknown client").await;
}

/// What is made for another server, or for a name that an attacker chose, is worth nothing here.
#[tokio::test]
async fn rfc7523_3_the_audience_is_one_name_and_ours() {
    let (provider, signer) = provider().await;
    let attacker = "https://evil.example";
    for aud in [
        Value::Null,
        json!(""),
        json!([]),
        json!(7),
        json!(attacker),
        json!([ISSUER, attacker]),
        json!([ISSUER, ISSUER]),
        json!(format!("{ISSUER}/")),
        json!(format!("{ISSUER}.evil.example")),
        json!(format!("{ISSUER}/token/")),
        json!(format!("{ISSUER}/introspect")),
        json!(ISSUER.to_uppercase()),
        json!("https://oauth2.googleapis.com/token"),
    ] {
        let text = signed(&changed("a", json!({ "aud": aud })), &signer);
        is_refused(&provider, &ask(&provider, &text).await, "aud ").await;
    }
}

#[tokio::test]
async fn lesson_13_what_must_be_remembered_ends_within_the_hour() {
    let (provider, signer) = provider().await;
    let far = signed(&changed("a", json!({"exp": NOW + 3_661})), &signer);
    is_refused(&provider, &ask(&provider, &far).await, "away").await;
    let near = signed(&changed("a", json!({"exp": NOW + 3_660})), &signer);
    assert_eq!(ask(&provider, &near).await.status, 200);
}

#[tokio::test]
async fn lesson_2_the_algorithm_belongs_to_the_key() {
    let (provider, signer) = provider().await;
    let public = signer.public_key();
    let payload = base64url::encode(claims("a").to_string());
    let text = |header: &str, signature: &[u8]| {
        let input = format!("{}.{payload}", base64url::encode(header));
        format!("{input}.{}", base64url::encode(signature))
    };
    let named = [GRANT, ("client_id", ID)];
    let none = text(r#"{"alg":"none"}"#, b"");
    let answer = ask_at(&provider, "/token", &named, &none).await;
    is_refused(&provider, &answer, "'none' is not supported").await;
    let header = r#"{"alg":"HS256"}"#;
    let input = format!("{}.{payload}", base64url::encode(header));
    for key in [public.to_spki_der(), public.to_spki_pem().into_bytes()] {
        let forged = text(header, &digest::hmac_sha256(&key, input.as_bytes()));
        let answer = ask_at(&provider, "/token", &named, &forged).await;
        is_refused(&provider, &answer, "'HS256' is not supported").await;
    }
    let rsa = pair(KeyType::Rsa2048);
    with_client(&provider, "rsa", &[&rsa]).await;
    let theirs = changed("r", json!({"iss": "rsa", "sub": "rsa"}));
    let text = signed(&theirs, &rsa);
    assert_eq!(ask(&provider, &text).await.status, 200, "RS256");
    let bound = rsa.public_key().clone();
    assert_eq!(
        bound.algorithm(),
        Algorithm::RS256,
        "and PS256 is not its algorithm"
    );
}

#[tokio::test]
async fn lesson_46_a_key_in_the_header_is_no_key_of_the_client() {
    let (provider, _) = provider().await;
    let mine = pair(KeyType::P256);
    let jwk = Jwk::new(mine.public_key().clone(), "key-0").to_json();
    for header in [
        json!({"alg": "ES256", "jwk": jwk}),
        json!({"alg": "ES256", "kid": "key-0", "jku": "https://evil.example/jwks"}),
    ] {
        let text = signed_as(&header, &claims("a"), &mine);
        is_refused(
            &provider,
            &ask(&provider, &text).await,
            "none of the client's keys",
        )
        .await;
    }
}

#[tokio::test]
async fn rfc8725_3_11_another_kind_of_jwt_is_no_assertion() {
    let (provider, signer) = provider().await;
    let of = |typ: &str, jti: &str| {
        let header = json!({"alg": "ES256", "typ": typ});
        signed_as(&header, &claims(jti), &signer)
    };
    for typ in ["oauth-authz-req+jwt", "dpop+jwt", "at+jwt", "secevent+jwt"] {
        is_refused(
            &provider,
            &ask(&provider, &of(typ, "a")).await,
            "another kind",
        )
        .await;
    }
    for (typ, jti) in [("JWT", "a"), ("client-authentication+jwt", "b")] {
        assert_eq!(ask(&provider, &of(typ, jti)).await.status, 200, "{typ}");
    }
}

#[tokio::test]
async fn a_kid_is_a_hint_and_two_keys_live_while_one_is_rolled() {
    let (provider, old) = provider().await;
    let (first, second) = (pair(KeyType::P256), pair(KeyType::Ed25519));
    with_client(&provider, "two", &[&first, &second]).await;
    let theirs = |jti: &str| changed(jti, json!({"iss": "two", "sub": "two"}));
    for (jti, signer) in [("a", &first), ("b", &second)] {
        let text = signed(&theirs(jti), signer);
        assert_eq!(ask(&provider, &text).await.status, 200);
    }
    let header = json!({"alg": "ES256", "kid": "key-1"});
    let text = signed_as(&header, &theirs("c"), &first);
    assert_eq!(ask(&provider, &text).await.status, 200, "a wrong hint");
    let text = signed(&theirs("d"), &old);
    is_refused(
        &provider,
        &ask(&provider, &text).await,
        "none of the client's keys",
    )
    .await;
}

#[tokio::test]
async fn only_the_registered_method_works() {
    let (provider, signer) = provider().await;
    let answer = provider.post_basic("/token", &[GRANT], (ID, SECRET)).await;
    is_refused(&provider, &answer, "another method").await;
    let form = [GRANT, ("client_id", ID)];
    is_refused(
        &provider,
        &provider.post("/token", &form).await,
        "another method",
    )
    .await;
    let theirs = changed("a", json!({"iss": DAEMON, "sub": DAEMON}));
    let text = signed(&theirs, &signer);
    is_refused(&provider, &ask(&provider, &text).await, "another method").await;
    let twice = [GRANT, ("client_secret", SECRET), ("client_id", ID)];
    let text = signed(&claims("a"), &signer);
    let answer = ask_at(&provider, "/token", &twice, &text).await;
    assert_eq!(answer.json()["error"], "invalid_request", "{}", answer.body);
}

#[tokio::test]
async fn lesson_22_a_client_that_is_disabled_does_not_authenticate() {
    let (provider, signer) = provider().await;
    provider.world.client_is_disabled(ID).await;
    let text = signed(&claims("a"), &signer);
    let answer = ask(&provider, &text).await;
    assert_eq!(answer.status, 401, "{}", answer.body);
}

#[tokio::test]
async fn what_is_no_jwt_is_answered_as_every_failure_is() {
    let (provider, signer) = provider().await;
    let good = signed(&claims("a"), &signer);
    for text in [
        "x",
        "a.b.c",
        "..",
        &good.replace('.', ""),
        &format!("{good}="),
        &"a".repeat(20_000),
    ] {
        let named = [GRANT, ("client_id", ID)];
        let answer = ask_at(&provider, "/token", &named, text).await;
        assert_eq!(answer.status, 401, "{}", answer.body);
        let answer = ask(&provider, text).await;
        assert_eq!(answer.status, 401, "{}", answer.body);
    }
}

#[tokio::test]
async fn rfc8414_2_discovery_says_which_methods_and_algorithms() {
    let (provider, _) = provider().await;
    let metadata = provider
        .get("/.well-known/openid-configuration")
        .await
        .json();
    for of in ["token", "revocation", "introspection"] {
        let methods = &metadata[format!("{of}_endpoint_auth_methods_supported")];
        assert!(
            methods
                .as_array()
                .unwrap()
                .contains(&json!("private_key_jwt"))
        );
        let name = format!("{of}_endpoint_auth_signing_alg_values_supported");
        let known = [
            "RS256", "PS256", "ES256", "ES384", "EdDSA", "HS256", "HS384", "HS512",
        ];
        assert_eq!(metadata[name], json!(known));
    }
}

const HMAC: &str = "hmac";
/// Long enough for HS384, and for HS512 not.
const SHARED: &str = "crn_cs_a-secret-of-forty-eight-bytes-and-some-more";

/// A server with a client that shares a secret with us, beside one that is rolled.
async fn with_shared_secrets() -> Provider {
    let (provider, _) = provider().await;
    let store = provider.world.store();
    let daemon = store.client(&DAEMON.parse().unwrap()).await.unwrap();
    let client = Client {
        id: HMAC.parse().unwrap(),
        authentication: ClientAuthentication::SecretJwt,
        ..daemon.unwrap()
    };
    let secret = |text: &str, seed, expires| {
        let id = SecretId::mint(UnixTime(NOW), &mut Counting(seed));
        let text = Secret::new(text.to_owned());
        let sealed = client_secret::sealed(&text, id, &provider.parts().encryption);
        Change::Insert(Record::ClientSecret(ClientSecret {
            id,
            client: client.id.clone(),
            digest: text.digest(),
            sealed: Some(sealed.unwrap()),
            ends_in: String::new(),
            created: UnixTime(NOW),
            expires,
            version: Version::FIRST,
        }))
    };
    let changes = [
        Change::Insert(Record::Client(client.clone())),
        secret(SHARED, 50, None),
        secret(&"older".repeat(16), 51, Some(UnixTime(NOW + 60))),
    ];
    assert_eq!(store.commit(&changes).await.unwrap(), Committed::Yes);
    provider
}

fn shared(jti: &str, algorithm: MacAlgorithm, secret: &str) -> String {
    let claims = changed(jti, json!({"iss": HMAC, "sub": HMAC}));
    sign_with_secret(algorithm, claims.to_string().as_bytes(), secret.as_bytes())
}

#[tokio::test]
async fn oidc_core_9_a_client_proves_itself_with_a_jwt_under_its_secret() {
    let provider = with_shared_secrets().await;
    for (jti, algorithm) in [("a", MacAlgorithm::HS256), ("b", MacAlgorithm::HS384)] {
        let text = shared(jti, algorithm, SHARED);
        let answer = ask(&provider, &text).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let again = ask(&provider, &text).await;
        is_refused(&provider, &again, "the assertion was used before").await;
    }
    provider.settle().await;
    let id = HMAC.parse().unwrap();
    let uses = provider.world.store().secret_uses(&id).await.unwrap();
    assert_eq!(uses.len(), 1, "the secret that was used");
    assert_eq!(uses[0].count, 2);
}

#[tokio::test]
async fn oidc_registration_2_an_assertion_is_of_the_registered_algorithm_alone() {
    let only = async |provider: &Provider, id: &str, name: &str| {
        let store = provider.world.store();
        let found = store.client(&id.parse().unwrap()).await.unwrap();
        let mut client = found.unwrap();
        client.algorithms.assertion = Some(name.parse().unwrap());
        client.version = client.version.next();
        let changes = [Change::Replace(Record::Client(client))];
        assert_eq!(store.commit(&changes).await.unwrap(), Committed::Yes);
    };
    let provider = with_shared_secrets().await;
    only(&provider, HMAC, "HS384").await;
    let answer = ask(&provider, &shared("a", MacAlgorithm::HS256, SHARED)).await;
    is_refused(
        &provider,
        &answer,
        "alg is HS256, and the client is registered for HS384",
    )
    .await;
    let answer = ask(&provider, &shared("b", MacAlgorithm::HS384, SHARED)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);

    let (provider, signer) = self::provider().await;
    only(&provider, ID, "ES384").await;
    let answer = ask(&provider, &signed(&claims("a"), &signer)).await;
    is_refused(
        &provider,
        &answer,
        "alg is ES256, and the client is registered for ES384",
    )
    .await;
    only(&provider, ID, "ES256").await;
    let answer = ask(&provider, &signed(&claims("a"), &signer)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

#[tokio::test]
async fn oidc_core_10_1_a_secret_too_short_for_the_algorithm_proves_nothing() {
    let provider = with_shared_secrets().await;
    let text = shared("a", MacAlgorithm::HS512, SHARED);
    is_refused(
        &provider,
        &ask(&provider, &text).await,
        "takes a secret of 64 bytes",
    )
    .await;
    let text = shared("b", MacAlgorithm::HS512, &"older".repeat(16));
    assert_eq!(ask(&provider, &text).await.status, 200);
}

#[tokio::test]
async fn a_secret_that_expired_signs_nothing() {
    let provider = with_shared_secrets().await;
    provider.wait(60);
    let text = shared("a", MacAlgorithm::HS256, &"older".repeat(16));
    is_refused(&provider, &ask(&provider, &text).await, "secrets that live").await;
}

#[tokio::test]
async fn rfc8725_3_1_the_registered_method_says_which_algorithms_there_are() {
    let provider = with_shared_secrets().await;
    let mine = pair(KeyType::P256);
    let theirs = changed("a", json!({"iss": HMAC, "sub": HMAC}));
    let text = signed(&theirs, &mine);
    is_refused(
        &provider,
        &ask(&provider, &text).await,
        "'ES256' is not supported",
    )
    .await;
    for form in [
        [GRANT, ("client_id", HMAC), ("client_secret", SHARED)],
        [GRANT, ("client_id", HMAC), ("x", "y")],
    ] {
        let answer = provider.post("/token", &form).await;
        is_refused(&provider, &answer, "another method").await;
    }
    let answer = provider
        .post_basic("/token", &[GRANT], (HMAC, SHARED))
        .await;
    is_refused(&provider, &answer, "another method").await;
    let claims = changed("a", json!({"iss": DAEMON, "sub": DAEMON})).to_string();
    let text = sign_with_secret(MacAlgorithm::HS256, claims.as_bytes(), SECRET.as_bytes());
    is_refused(&provider, &ask(&provider, &text).await, "another method").await;
}

#[tokio::test]
async fn lesson_46_an_empty_or_unknown_secret_proves_nothing() {
    let provider = with_shared_secrets().await;
    for secret in ["", "0", &SHARED[1..], &SHARED.repeat(2)] {
        let text = shared("a", MacAlgorithm::HS256, secret);
        is_refused(
            &provider,
            &ask(&provider, &text).await,
            "none of the client's secrets",
        )
        .await;
    }
}

//! MUSTs of the RFCs that concern several endpoints, or small ones that nothing else holds.

use axum::body::Body;
use axum::http::Request;
use carnet_core::record::InitialToken;
use carnet_core::store::Change;
use carnet_core::store::Page;
use carnet_core::store::Record;
use carnet_core::value::InitialTokenId;
use carnet_core::value::Seconds;
use carnet_core::value::Secret;
use carnet_core::value::UnixTime;
use carnet_core::value::Version;
use carnet_jose::Algorithm;
use carnet_jose::base64url;
use carnet_jose::digest::sha256;
use carnet_server::http::client_certificate::ClientCertificate;
use carnet_testkit::provider::Answer;
use carnet_testkit::world::DAEMON;
use carnet_testkit::world::NOW;
use carnet_testkit::world::READ;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::WEB;

use super::scene::API;
use super::scene::OFFLINE;
use super::scene::Scene;
use super::scene::gives_a_code;
use crate::code::actor::VERIFIER;
use crate::code::actor::authorize;
use crate::code::actor::claims;
use crate::code::actor::encoded;
use crate::code::actor::member;
use crate::device::tv::TV;

const APP: (&str, &str) = (WEB, SECRET);

/// RFC 7009 section 2.1: if the token is not found by the hint, it is searched for among all kinds.
#[tokio::test]
async fn rfc7009_2_1_a_wrong_hint_misleads_nobody() {
    let scene = Scene::new().await;
    let held = scene.held().await;
    let provider = scene.provider();
    for (token, hint) in [
        (&held.access, "refresh_token"),
        (&held.refresh, "access_token"),
    ] {
        let form = [("token", token.as_str()), ("token_type_hint", hint)];
        let told = provider.post_basic("/introspect", &form, APP).await;
        if hint == "refresh_token" {
            assert_eq!(told.json()["active"], true, "RFC 7662 section 2.1: {hint}");
        }
        let done = provider.post_basic("/revoke", &form, APP).await;
        assert_eq!(done.status, 200, "{}", done.body);
    }
    assert_eq!(scene.actor().userinfo(&held.access).await.status, 401);
    assert_eq!(scene.actor().refresh(&held.refresh).await.status, 400);
}

/// RFC 8705 section 3.2.
#[tokio::test]
async fn rfc8705_3_2_introspection_tells_the_certificate() {
    let scene = Scene::new().await;
    scene
        .change(DAEMON, |client| client.certificate_bound = true)
        .await;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", DAEMON),
        ("scope", READ),
    ];
    let both = format!("{DAEMON}:{}", escaped(SECRET));
    let mut both = base64url::encode(both).replace('-', "+").replace('_', "/");
    while both.len() % 4 != 0 {
        both.push('=');
    }
    let request = Request::post("/token")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("authorization", format!("Basic {both}"))
        .extension(ClientCertificate::new(b"mine".to_vec(), false));
    let request = request.body(Body::from(encoded(&form))).unwrap();
    let answer = scene.provider().send(request).await;
    let token = member(&answer, "access_token");
    let asked = [("token", token.as_str())];
    let told = scene
        .provider()
        .post_basic("/introspect", &asked, APP)
        .await;
    let digest = base64url::encode(sha256(b"mine"));
    assert_eq!(told.json()["cnf"]["x5t#S256"], digest, "{}", told.body);
    assert_eq!(claims(&token)["cnf"]["x5t#S256"], digest);
}

fn escaped(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// RFC 7636 section 4.4: a code has its challenge in it, and nobody reads it there.
#[tokio::test]
async fn rfc7636_4_4_nobody_reads_the_challenge_out_of_a_code() {
    let scene = Scene::new().await;
    let codes = [
        scene.actor().code(READ).await,
        scene.actor().code(READ).await,
    ];
    assert_ne!(codes[0], codes[1]);
    let digest = sha256(VERIFIER);
    let challenge = base64url::encode(digest);
    for code in codes {
        assert!(!code.contains(&challenge));
        let sealed = code.trim_start_matches("crn_ac_");
        // Its end is a checksum of other letters.
        let sealed = &sealed[..sealed.len() / 4 * 4 - 8];
        let bytes = base64url::decode(sealed, base64url::Padding::Strict, 8_192).unwrap();
        let has = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
        for part in [
            &digest[..],
            challenge.as_bytes(),
            WEB.as_bytes(),
            READ.as_bytes(),
        ] {
            assert!(!has(part), "{code}");
        }
    }
}

/// OpenID Connect Core 1.0 section 12.2.
#[tokio::test]
async fn oidc_12_2_an_id_token_of_a_refresh_is_about_the_same_sign_in() {
    let scene = Scene::new().await;
    let actor = scene.actor();
    let path = authorize(WEB, &[("scope", OFFLINE), ("nonce", "n-0S6")]);
    let back = actor.get(&path).await;
    let code = crate::code::actor::answered(&back, "code").unwrap();
    let first = actor.redeem(&code).await;
    scene.provider().wait(60);
    let second = actor.refresh(&member(&first, "refresh_token")).await;
    let (old, new) = [&first, &second]
        .map(|it| claims(&member(it, "id_token")))
        .into();
    for same in ["iss", "sub", "aud", "azp", "auth_time"] {
        assert_eq!(old[same], new[same], "{same}");
    }
    assert_eq!(old["nonce"], "n-0S6");
    assert!(new.get("nonce").is_none_or(|nonce| *nonce == old["nonce"]));
    assert_eq!(new["iat"], NOW + 60);
    let half = base64url::encode(&sha256(member(&second, "access_token"))[..16]);
    assert_eq!(new["at_hash"], half);
}

/// OpenID Connect Core 1.0 section 15.1, and RFC 6749 section 3.1.
#[tokio::test]
async fn oidc_15_1_what_is_only_a_wish_is_no_error() {
    let scene = Scene::new().await;
    for (name, value) in [
        ("display", "popup"),
        ("display", "hologram"),
        ("ui_locales", "fr-CA fr en"),
        ("claims_locales", "fr"),
        ("acr_values", "urn:level:9"),
        ("login_hint", "somebody@else.example"),
        ("never_heard_of", "it"),
    ] {
        let path = authorize(WEB, &[("scope", "openid"), (name, value)]);
        let back = scene.actor().get(&path).await;
        assert!(gives_a_code(&back), "{name}={value}: {back:?}");
    }
}

#[tokio::test]
async fn rfc9449_5_2_a_client_that_must_prove_does_so_at_exchange_and_password_too() {
    let scene = Scene::new().await;
    let held = scene.held().await;
    scene.change(WEB, |app| app.require_dpop = true).await;
    for answer in [scene.exchange(&held.access).await, scene.password().await] {
        assert_eq!(answer.status, 400, "{}", answer.body);
        assert_eq!(member(&answer, "error"), "invalid_dpop_proof");
    }
}

#[tokio::test]
async fn rfc8707_2_2_a_refresh_may_be_for_one_of_its_apis_and_for_no_other() {
    let scene = Scene::new().await;
    let held = scene.held().await;
    let ask = async |token: &str, resource: &str| {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", token),
            ("resource", resource),
        ];
        scene.actor().token(&form).await
    };
    for wrong in [
        "https://other.example",
        "https://nowhere.example",
        "relative",
    ] {
        let answer = ask(&held.refresh, wrong).await;
        assert_eq!(member(&answer, "error"), "invalid_target", "{wrong}");
    }
    let good = ask(&held.refresh, API).await;
    assert_eq!(good.status, 200, "nothing was spent: {}", good.body);
    assert_eq!(claims(&member(&good, "access_token"))["aud"], API);
}

#[tokio::test]
async fn rfc8628_3_1_who_does_not_prove_a_client_reads_one_text() {
    let scene = Scene::new().await;
    let provider = scene.provider();
    let form = [("scope", READ)];
    let path = "/device_authorization";
    let mut told = Vec::new();
    for client in [("nobody", SECRET), (WEB, "wrong"), (TV, SECRET)] {
        let answer = provider.post_basic(path, &form, client).await;
        assert_eq!(answer.status, 401, "{}", answer.body);
        told.push(member(&answer, "error_description"));
    }
    let named = [("client_id", "nobody"), ("scope", READ)];
    told.push(member(
        &provider.post(path, &named).await,
        "error_description",
    ));
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
}

/// RFC 7591 section 3: an invitation for one is for one.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn rfc7591_3_of_sixteen_registrations_by_one_invitation_one_wins() {
    let scene = std::sync::Arc::new(Scene::new().await);
    let text = "crn_ia_once";
    let token = InitialToken {
        id: InitialTokenId::from_bytes([9; 16]),
        project: "billing".parse().unwrap(),
        title: "A partner".parse().unwrap(),
        digest: Secret::new(text.to_owned()).digest(),
        ends_in: String::new(),
        uses: 1,
        created: UnixTime(NOW),
        expires: UnixTime(NOW) + Seconds::days(1),
        version: Version::FIRST,
    };
    scene
        .commit(Change::Insert(Record::InitialToken(token)))
        .await;
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let scene = std::sync::Arc::clone(&scene);
        asking.spawn(async move {
            let body = r#"{"client_name":"Nightly","grant_types":["client_credentials"]}"#;
            let request = Request::post("/register")
                .header("content-type", "application/json")
                .header("authorization", format!("Bearer {text}"));
            let request = request.body(Body::from(body)).unwrap();
            scene.provider().send(request).await
        });
    }
    let answers = asking.join_all().await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 1);
    let lost = |answer: &&Answer| answer.status != 201;
    for answer in answers.iter().filter(lost) {
        assert_eq!(answer.status, 401, "{}", answer.body);
        assert!(!answer.body.contains("crn_cs_"), "{}", answer.body);
    }
}

/// OpenID Connect Core 1.0 section 3.1.2.1.
#[tokio::test]
async fn oidc_3_1_2_1_without_openid_nothing_of_a_person_comes() {
    let scene = Scene::new().await;
    let code = scene.actor().code(READ).await;
    let tokens = scene.actor().redeem(&code).await;
    assert_eq!(tokens.json().get("id_token"), None, "{}", tokens.body);
    let about = scene
        .actor()
        .userinfo(&member(&tokens, "access_token"))
        .await;
    assert_eq!(about.status, 403, "{}", about.body);
}

/// RFC 9068 section 2.1: RS256 is among the algorithms. Access tokens are ES256, and RS256 for the APIs that are
/// set so.
#[tokio::test]
async fn rfc9068_2_1_an_api_may_have_its_tokens_signed_with_rs256() {
    let scene = Scene::new().await;
    let store = scene.provider().world.store();
    let apis = store.apis(None, &Page::first(100)).await.unwrap().items;
    let found = apis.into_iter().find(|api| api.identifier.as_str() == API);
    let mut api = found.unwrap();
    for algorithm in [Algorithm::RS256, Algorithm::ES256] {
        api.algorithm = algorithm;
        api.version = api.version.next();
        let changed = Change::Replace(Record::Api(api.clone()));
        scene.commit(changed).await;
        let actor = scene.actor();
        let tokens = actor.redeem(&actor.code(READ).await).await;
        let token = member(&tokens, "access_token");
        let header = token.split('.').next().unwrap();
        let header = base64url::decode(header, base64url::Padding::Strict, 1_024).unwrap();
        let header: serde_json::Value = serde_json::from_slice(&header).unwrap();
        assert_eq!(header["alg"], algorithm.name());
        assert_eq!(header["typ"], "at+jwt");
        let keys = scene.provider().get("/jwks").await.json();
        let mut keys = keys["keys"].as_array().unwrap().iter();
        let key = keys.find(|key| key["kid"] == header["kid"]).unwrap();
        assert_eq!(
            key["alg"],
            algorithm.name(),
            "whoever verifies finds the key"
        );
        let form = [("token", token.as_str())];
        let told = scene.provider().post_basic("/introspect", &form, APP).await;
        assert_eq!(told.json()["active"], true, "the signature holds");
    }
}

//! Whoever brings something that is not theirs, and issuers that are not who they should be.

use axum::body::Body;
use axum::http::Request;
use axum::http::header;
use carnet_core::rule::federation::workforce::CODE_LIFETIME;
use serde_json::Value;
use serde_json::json;

use super::login::GCLOUD;
use super::login::HERE;
use super::login::Login;
use super::login::VERIFIER;
use super::login::page_says;
use super::login::parameter;
use super::login::says_no;

#[tokio::test]
async fn rfc6749_3_1_2_4_nobody_is_sent_to_an_address_that_is_not_the_programs() {
    let login = Login::new().await;
    for uri in [
        "https://evil.example/",
        "http://localhost:8085/callback",
        "http://localhost:8085@evil.example/",
        "http://evil.example:8085/",
        "//evil.example",
    ] {
        page_says(&login.begin(json!({ "redirect_uri": uri })).await, 1203);
    }
    page_says(&login.begin(json!({ "client_id": "another" })).await, 1201);
    for name in ["client_id", "redirect_uri"] {
        page_says(&login.begin(json!({ name: null })).await, 1211);
    }
    let twice = format!("{}&client_id={GCLOUD}", login.query(&json!({})));
    let twice = format!("/workforce/authorize?{twice}");
    page_says(&login.server.get(&twice).await, 1211);
}

#[tokio::test]
async fn rfc6749_4_1_2_1_what_is_wrong_with_the_rest_goes_back_to_the_program() {
    let login = Login::new().await;
    for (changes, error, code) in [
        (
            json!({ "response_type": "token" }),
            "unsupported_response_type",
            1204,
        ),
        (json!({ "response_type": null }), "invalid_request", 1211),
        (json!({ "code_challenge": null }), "invalid_request", 1205),
        (
            json!({ "code_challenge": "short" }),
            "invalid_request",
            1208,
        ),
        (
            json!({ "code_challenge_method": "plain" }),
            "invalid_request",
            1208,
        ),
        (
            json!({ "code_challenge_method": null }),
            "invalid_request",
            1208,
        ),
        (json!({ "provider_name": null }), "invalid_request", 1211),
        (
            json!({ "provider_name": "https://evil.example" }),
            "invalid_request",
            1211,
        ),
        (json!({ "scope": null }), "invalid_scope", 2214),
        (json!({ "scope": "nothing.of.this" }), "invalid_scope", 2217),
    ] {
        let answer = login.begin(changes.clone()).await;
        assert_eq!(answer.status, 303, "{changes}: {}", answer.body);
        assert_eq!(parameter(&answer, "error"), error, "{changes}");
        let said = parameter(&answer, "error_description");
        assert!(said.contains(&format!("CRN-{code}:")), "{changes}: {said}");
        assert!(answer.headers.get("set-cookie").is_none(), "{changes}");
    }
}

#[tokio::test]
async fn lesson_22_who_is_switched_off_signs_nobody_in_and_that_has_one_answer() {
    let mut login = Login::new().await;
    let other = format!("{}/providers/nobody", login.pool.name);
    says_no(
        &login.begin(json!({ "provider_name": other })).await,
        "invalid_target",
        2502,
    );
    let sent = login.sent(json!({})).await;
    login.gives(&login.claims(&sent));
    login.set(|provider| provider.disabled = true).await;
    says_no(&login.begin(json!({})).await, "invalid_target", 2502);
    // Nor does it those who are on their way.
    let query = format!("code=theirs&state={}", sent.word("state"));
    says_no(
        &login.back(&query, &sent.cookie).await,
        "invalid_target",
        2502,
    );
    login.set(|provider| provider.disabled = false).await;
    login.set_pool(|pool| pool.disabled = true).await;
    says_no(&login.begin(json!({})).await, "invalid_target", 2502);
}

#[tokio::test]
async fn rfc9700_4_7_a_browser_that_took_nothing_along_brings_nothing() {
    let mut login = Login::new().await;
    let sent = login.sent(json!({})).await;
    login.gives(&login.claims(&sent));
    let query = format!("code=theirs&state={}", sent.word("state"));
    let other = login.sent(json!({})).await;
    for cookie in [
        "",
        "__Host-carnet-workforce=",
        "__Host-carnet-workforce=AAAA",
        &other.cookie,
    ] {
        page_says(&login.back(&query, cookie).await, 2523);
    }
    for query in [
        "code=theirs",
        "code=theirs&state=",
        "code=theirs&state=theirs",
    ] {
        page_says(&login.back(query, &sent.cookie).await, 2523);
    }
    assert!(
        login.shown.redeemed.lock().unwrap().is_empty(),
        "nothing was asked for"
    );
    login.wait(601);
    page_says(&login.back(&query, &sent.cookie).await, 2523);
}

#[tokio::test]
async fn rfc9700_4_4_no_issuer_takes_what_another_one_gave() {
    let login = Login::new().await;
    let sent = login.sent(json!({})).await;
    login.gives(&login.claims(&sent));
    let query = format!("code=theirs&state={}", sent.word("state"));
    let elsewhere = login.callback().replace("/login", "/evil");
    page_says(&login.back_to(&elsewhere, &query, &sent.cookie).await, 2523);
    let named = format!("{query}&iss=https%3A%2F%2Fevil.example");
    says_no(
        &login.back(&named, &sent.cookie).await,
        "invalid_request",
        2523,
    );
    assert!(login.shown.redeemed.lock().unwrap().is_empty());
    let mut own = url::form_urlencoded::Serializer::new(query.clone());
    own.append_pair("iss", &login.url);
    let back = login.back(&own.finish(), &sent.cookie).await;
    assert!(!parameter(&back, "code").is_empty());
}

#[tokio::test]
async fn rfc9207_2_4_an_issuer_that_names_itself_does_so_each_time() {
    let login = Login::new().await;
    login.document(
        "authorization_response_iss_parameter_supported",
        json!(true),
    );
    let answer = login.signs_in(json!({})).await;
    says_no(&answer, "invalid_request", 2523);
}

#[tokio::test]
async fn oidc_3_1_3_7_an_id_token_is_for_us_of_this_issuer_and_for_this_request() {
    let login = Login::new().await;
    let cases: [(&str, Value, &str, u16); 9] = [
        ("nonce", json!("another"), "invalid_request", 2523),
        ("nonce", Value::Null, "invalid_request", 2523),
        ("azp", json!("another"), "invalid_request", 2523),
        ("aud", json!("another"), "invalid_request", 2512),
        (
            "aud",
            json!(["carnet at login", "another"]),
            "invalid_request",
            2512,
        ),
        (
            "aud",
            json!(login.provider.name.audience()),
            "invalid_request",
            2512,
        ),
        (
            "iss",
            json!("https://evil.example"),
            "invalid_request",
            2511,
        ),
        ("exp", json!(login.now - 1), "invalid_request", 2513),
        ("iat", json!(login.now + 600), "invalid_request", 2514),
    ];
    for (name, value, error, code) in cases {
        let sent = login.sent(json!({})).await;
        let mut claims = login.claims(&sent);
        claims[name] = value;
        login.gives(&claims);
        let query = format!("code=theirs&state={}", sent.word("state"));
        let answer = login.back(&query, &sent.cookie).await;
        assert_eq!(answer.status, 303, "{name}: {}", answer.body);
        let said = parameter(&answer, "error_description");
        assert!(said.contains(&format!("CRN-{code}:")), "{name}: {said}");
        assert_eq!(parameter(&answer, "error"), error, "{name}");
    }
    let sent = login.sent(json!({})).await;
    let stranger = Login::new().await;
    let mut claims = login.claims(&sent);
    claims["iss"] = json!(login.url);
    let forged = json!({ "id_token": stranger.sign(&claims) });
    *login.shown.tokens.lock().unwrap() = forged;
    let query = format!("code=theirs&state={}", sent.word("state"));
    says_no(
        &login.back(&query, &sent.cookie).await,
        "invalid_request",
        2516,
    );
}

#[tokio::test]
async fn google_wire_6_4_the_condition_decides_who_signs_in() {
    let mut login = Login::new().await;
    let condition = "assertion.team == 'red'".to_owned();
    login
        .set(|provider| provider.condition = Some(condition))
        .await;
    says_no(
        &login.signs_in(json!({})).await,
        "unauthorized_client",
        2520,
    );
}

#[tokio::test]
async fn an_issuer_that_says_no_or_fails_is_told_to_the_program() {
    let login = Login::new().await;
    let sent = login.sent(json!({})).await;
    let state = sent.word("state");
    let denied = format!("error=access_denied&state={state}");
    says_no(
        &login.back(&denied, &sent.cookie).await,
        "access_denied",
        1220,
    );
    for query in [
        format!("error=server_error&error_description=%3Cb%3E&state={state}"),
        format!("code=theirs&state={state}"),
        format!("state={state}"),
    ] {
        // Nothing is at its token endpoint yet.
        says_no(
            &login.back(&query, &sent.cookie).await,
            "server_error",
            2522,
        );
    }
    let fresh = Login::new().await;
    fresh.document("authorization_endpoint", json!("http://evil.example/"));
    says_no(&fresh.begin(json!({})).await, "server_error", 2522);
    let other = Login::new().await;
    other.document("issuer", json!("https://evil.example"));
    says_no(&other.begin(json!({})).await, "server_error", 2522);
}

#[tokio::test]
async fn lesson_28_an_issuers_endpoints_are_reached_through_the_guarded_client_alone() {
    let login = Login::new().await;
    for inside in [
        "http://10.0.0.1/token",
        "http://169.254.169.254/token",
        "file:///etc/passwd",
    ] {
        login.document("token_endpoint", json!(inside));
        let fresh = Login::new().await;
        fresh.document("token_endpoint", json!(inside));
        says_no(&fresh.signs_in(json!({})).await, "server_error", 2522);
    }
}

#[tokio::test]
async fn google_wire_6_4_who_is_mapped_to_nobody_gets_no_row() {
    let mut login = Login::new().await;
    let long =
        "assertion.sub + ' ' + assertion.nonce + assertion.nonce + assertion.nonce".to_owned();
    login
        .set(|provider| {
            provider.mapping.insert("google.subject".to_owned(), long);
        })
        .await;
    says_no(&login.signs_in(json!({})).await, "invalid_request", 2521);
}

#[tokio::test]
async fn lesson_20_a_code_is_of_its_program_its_verifier_and_its_redirect_uri() {
    let login = Login::new().await;
    let code = login.code().await;
    let good = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", HERE),
        ("code_verifier", VERIFIER),
    ];
    let with = |name: &str, value: Option<&'static str>| {
        let fields = good.iter().filter(|(known, _)| *known != name);
        let mut form: Vec<(&str, &str)> = fields.copied().collect();
        form.extend(value.map(|value| match name {
            "redirect_uri" => ("redirect_uri", value),
            _ => ("code_verifier", value),
        }));
        form
    };
    let another = "another-verifier-that-is-as-long-as-it-must-be-";
    for (name, value, error, crn) in [
        ("code_verifier", None, "invalid_grant", 1301),
        ("code_verifier", Some(another), "invalid_grant", 1301),
        ("redirect_uri", None, "invalid_grant", 1304),
        (
            "redirect_uri",
            Some("http://localhost:8086/"),
            "invalid_grant",
            1304,
        ),
    ] {
        let answer = login.oauth_token(&with(name, value)).await;
        login.refused(&answer, error, crn).await;
    }
    let other = "764086051850-6qr4p6gpi6hn506pt8ejuq83di341hur.apps.googleusercontent.com";
    let answer = login
        .server
        .post_basic("/v1/oauthtoken", &good, (other, "x"))
        .await;
    login.refused(&answer, "invalid_grant", 1305).await;
    let answer = login.server.post("/v1/oauthtoken", &good).await;
    assert_eq!(answer.json()["error"], "invalid_client", "{}", answer.body);
    // Nobody who failed has spent it.
    assert_eq!(login.redeem(&code).await.status, 200);
}

#[tokio::test]
async fn lesson_3_a_code_a_refresh_token_and_those_of_apps_are_not_each_other() {
    let login = Login::new().await;
    let code = login.code().await;
    let answer = login.refresh(&code).await;
    login.refused(&answer, "invalid_grant", 1310).await;
    let (access, refresh) = login.tokens().await;
    for text in [access.as_str(), refresh.as_str(), "", "crn_ac_AAAA"] {
        let answer = login.redeem(text).await;
        assert_eq!(answer.status, 400, "{}", answer.body);
    }
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", HERE),
        ("code_verifier", VERIFIER),
        ("client_id", "demo-web"),
    ];
    let elsewhere = login.server.post("/token", &form).await;
    assert_ne!(elsewhere.status, 200, "{}", elsewhere.body);
}

#[tokio::test]
async fn rfc6749_4_1_2_a_code_that_comes_again_ends_what_it_gave() {
    let login = Login::new().await;
    let code = login.code().await;
    let answer = login.redeem(&code).await;
    let body = answer.json();
    let access = body["access_token"].as_str().unwrap();
    assert_eq!(login.introspect(access).await["active"], true);
    let again = login.redeem(&code).await;
    login.refused(&again, "invalid_grant", 1303).await;
    assert_eq!(login.introspect(access).await["active"], false);
    let refresh = login.refresh(body["refresh_token"].as_str().unwrap()).await;
    login.refused(&refresh, "invalid_grant", 1310).await;
}

#[tokio::test]
async fn rfc6749_4_1_2_a_code_is_good_for_five_minutes() {
    let mut login = Login::new().await;
    let code = login.code().await;
    login.wait(CODE_LIFETIME.0);
    let answer = login.redeem(&code).await;
    login.refused(&answer, "invalid_grant", 1302).await;
}

#[tokio::test]
async fn d3_one_of_sixteen_redemptions_of_a_code_wins() {
    let login = Login::new().await;
    let code = login.code().await;
    let mut all = tokio::task::JoinSet::new();
    let login = std::sync::Arc::new(login);
    for _ in 0..16 {
        let (login, code) = (std::sync::Arc::clone(&login), code.clone());
        all.spawn(async move { login.redeem(&code).await });
    }
    let answers = all.join_all().await;
    let won = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(won, 1);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(answer.json()["error"], "invalid_grant", "{}", answer.body);
    }
}

#[tokio::test]
async fn every_odd_request_to_the_token_service_has_an_answer_of_its_own() {
    let login = Login::new().await;
    for form in [
        vec![],
        vec![("grant_type", "password")],
        vec![("grant_type", "authorization_code")],
        vec![("grant_type", "refresh_token")],
        vec![
            ("grant_type", "refresh_token"),
            ("grant_type", "refresh_token"),
        ],
    ] {
        let answer = login.oauth_token(&form).await;
        assert_eq!(answer.status, 400, "{form:?}: {}", answer.body);
    }
    let get = login.server.get("/v1/oauthtoken").await;
    assert_eq!(get.status, 405);
    let json = Request::post("/v1/oauthtoken").header(header::CONTENT_TYPE, "application/json");
    let json = login
        .server
        .send(json.body(Body::from("{}")).unwrap())
        .await;
    assert_eq!(json.status, 400, "{}", json.body);
}

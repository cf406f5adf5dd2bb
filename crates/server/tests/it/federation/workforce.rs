//! People of a workforce sign in in their browsers, and Google's command line gets tokens in their name (google-wire 6.2).

mod hostile;
mod login;
mod refresh;

use axum::body::Body;
use axum::http::Request;
use axum::http::header;
use carnet_core::record::WebClaims;
use carnet_core::record::WebResponse;
use carnet_server::http::host::Awaited;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::world::READ;
use serde_json::json;

use self::login::Login;
use self::login::Sent;
use self::login::parameter;
use self::login::says_no;
use super::scene::payload;

#[tokio::test]
async fn google_wire_6_2_a_person_signs_in_at_their_issuer_and_the_program_gets_tokens() {
    let login = Login::new().await;
    let sent = login.sent(json!({})).await;
    assert!(
        sent.to
            .as_str()
            .starts_with(&format!("{}/authorize?theme=dark&", login.url))
    );
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "carnet at login"),
        ("scope", "openid email groups"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(sent.word(name), value);
    }
    let callback = format!("{ISSUER}{}", login.callback());
    assert_eq!(sent.word("redirect_uri"), callback);
    assert_ne!(
        sent.word("state"),
        "theirs",
        "our own word goes to the issuer"
    );
    login.gives(&login.claims(&sent));
    let query = format!("code=theirs%2B1&state={}", sent.word("state"));
    let back = login.back(&query, &sent.cookie).await;
    assert_eq!(back.status, 303, "{}", back.body);
    assert_eq!(parameter(&back, "state"), "theirs");
    assert_eq!(parameter(&back, "iss"), ISSUER);
    let cleared = back.headers["set-cookie"].to_str().unwrap();
    assert!(
        cleared.starts_with("__Host-carnet-workforce=;"),
        "{cleared}"
    );

    redeemed_with_the_secret(&login, &sent, &callback);
    let answer = login.redeem(&parameter(&back, "code")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let body = answer.json();
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["expires_in"], 3_600);
    assert_eq!(body["scope"], READ);
    let claims = payload(body["access_token"].as_str().unwrap());
    let sub = format!(
        "principal://iam.googleapis.com/{}/subject/alice",
        login.pool.name
    );
    assert_eq!(claims["sub"], sub.as_str());
    assert_eq!(claims["client_id"], login.provider.name.as_str());
    let said = login
        .introspect(body["access_token"].as_str().unwrap())
        .await;
    assert_eq!(said["username"], sub.as_str());
}

/// One code was redeemed at the issuer, with PKCE and the secret.
fn redeemed_with_the_secret(login: &Login, sent: &Sent, callback: &str) {
    let redeemed = login.shown.redeemed.lock().unwrap().clone();
    let [(form, said)] = redeemed.as_slice() else {
        unreachable!("one code was redeemed: {redeemed:?}")
    };
    assert_eq!(form["grant_type"], "authorization_code");
    assert_eq!(form["code"], "theirs+1");
    assert_eq!(form["redirect_uri"], callback);
    let verifier = carnet_jose::digest::sha256(&form["code_verifier"]);
    let challenge = carnet_jose::base64url::encode(verifier);
    assert_eq!(challenge, sent.word("code_challenge"));
    // RFC 6749 section 2.3.1: form-encoded, then in base64.
    assert_eq!(said, "Basic Y2FybmV0K2F0K2xvZ2luOmElM0FiK2M=");
}

#[tokio::test]
async fn google_wire_0_2_googles_name_for_the_sign_in_leads_to_ours() {
    let login = Login::new().await;
    let query = login.query(&json!({}));
    let ask = |host: &str, awaited: bool| {
        let request = Request::builder()
            .uri(format!("/authorize?{query}"))
            .header(header::HOST, host);
        let mut request = request.body(Body::empty()).unwrap();
        if awaited {
            request.extensions_mut().insert(Awaited);
        }
        login.server.send(request)
    };
    let google = ask("auth.cloud.google", true).await;
    assert_eq!(google.status, 303);
    let location = google.headers["location"].to_str().unwrap();
    assert_eq!(location, format!("{ISSUER}/workforce/authorize?{query}"));
    for (host, awaited) in [("auth.cloud.google", false), ("accounts.google.com", true)] {
        let other = ask(host, awaited).await;
        assert_ne!(other.status, 303, "{host}: no app of ours has this id");
    }
}

#[tokio::test]
async fn google_wire_8_6_a_person_who_copies_the_code_sees_it_on_a_page_of_ours() {
    let login = Login::new().await;
    let uri = "https://sdk.cloud.google/authcode.html";
    let back = login.signs_in(json!({ "redirect_uri": uri })).await;
    assert_eq!(back.status, 200, "{}", back.body);
    assert!(
        back.headers["cache-control"]
            .to_str()
            .unwrap()
            .contains("no-store")
    );
    let start = back.body.find("crn_ac_").expect("the code");
    let code: String = back.body[start..]
        .chars()
        .take_while(|letter| letter.is_ascii_alphanumeric() || "_-".contains(*letter))
        .collect();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", uri),
        ("code_verifier", login::VERIFIER),
    ];
    let answer = login.oauth_token(&form).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let refused = login.begin(json!({ "redirect_uri": uri, "scope": "nothing.of.this" }));
    login::page_says(&refused.await, 2217);
}

#[tokio::test]
async fn oidc_5_3_2_what_userinfo_says_counts_where_it_is_about_the_same_person() {
    let mut login = Login::new().await;
    login.set_web(|web| web.claims = WebClaims::UserInfo).await;
    login
        .set(|provider| {
            let groups = "assertion.groups".to_owned();
            provider.mapping.insert("google.groups".to_owned(), groups);
        })
        .await;
    *login.shown.userinfo.lock().unwrap() =
        json!({ "sub": "alice", "groups": ["ops"], "exp": 1, "iss": "https://evil.example" });
    let (access, _) = login.tokens().await;
    assert_eq!(payload(&access)["federated"]["groups"], json!(["ops"]));
    *login.shown.userinfo.lock().unwrap() = json!({ "sub": "bob", "groups": ["ops"] });
    says_no(&login.signs_in(json!({})).await, "server_error", 2522);
}

#[tokio::test]
async fn oidc_3_2_2_an_issuer_may_send_the_id_token_in_a_form() {
    let mut login = Login::new().await;
    login
        .set_web(|web| web.response = WebResponse::IdToken)
        .await;
    let sent = login.sent(json!({})).await;
    assert_eq!(sent.word("response_type"), "id_token");
    assert_eq!(sent.word("response_mode"), "form_post");
    assert_eq!(sent.word("code_challenge"), "");
    let answer = login.begin(json!({})).await;
    let cookie = answer.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.contains("; SameSite=None; Secure;"), "{cookie}");
    let token = login.sign(&login.claims(&sent));
    let form = format!("id_token={token}&state={}", sent.word("state"));
    let request = Request::post(login.callback())
        .header(header::COOKIE, &sent.cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let back = login
        .server
        .send(request.body(Body::from(form)).unwrap())
        .await;
    assert_eq!(back.status, 303, "{}", back.body);
    let answer = login.redeem(&parameter(&back, "code")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(login.shown.redeemed.lock().unwrap().is_empty());
}

#[tokio::test]
async fn rfc6749_2_3_1_an_issuer_that_takes_no_header_gets_the_secret_in_the_form() {
    let login = Login::new().await;
    login.document(
        "token_endpoint_auth_methods_supported",
        json!(["client_secret_post"]),
    );
    login.code().await;
    let redeemed = login.shown.redeemed.lock().unwrap().clone();
    let (form, said) = redeemed.last().unwrap();
    assert_eq!(said, "");
    assert_eq!(
        (form["client_id"].as_str(), form["client_secret"].as_str()),
        ("carnet at login", "a:b c")
    );
}

#[tokio::test]
async fn the_audit_log_tells_who_signed_in_and_never_what_was_secret() {
    let login = Login::new().await;
    let back = login.signs_in(json!({})).await;
    let code = parameter(&back, "code");
    login.redeem(&code).await;
    login.server.settle().await;
    let store = login.server.world.store();
    let filter = carnet_core::store::AuditFilter::default();
    let page = carnet_core::store::Page::first(1_000);
    let log = store.audit(&filter, &page).await.unwrap().items;
    let entry = |action: &str| {
        log.iter()
            .find(|entry| entry.draft.action == action)
            .unwrap()
    };
    let who = format!(
        "principal://iam.googleapis.com/{}/subject/alice",
        login.pool.name
    );
    assert_eq!(entry("workforce.sign_in").draft.actor, who);
    assert_eq!(entry("sts.redeem").draft.actor, who);
    let all = format!("{log:?}");
    for secret in [code.as_str(), "a:b c", login::VERIFIER, "theirs"] {
        assert!(!all.contains(secret), "{secret}");
    }
}

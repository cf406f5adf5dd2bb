//! The way of a request that is good.

use axum::http::StatusCode;
use carnet_jose::base64url;
use carnet_jose::digest::sha256;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::world::ALICE;
use carnet_testkit::world::NOW;
use carnet_testkit::world::READ;
use carnet_testkit::world::WEB;
use carnet_testkit::world::WRITE;
use carnet_wire::scope::Scope;

use super::actor::Actor;
use super::actor::answered;
use super::actor::authorize;
use super::actor::claims;
use super::actor::field;
use super::actor::member;

#[tokio::test]
async fn rfc6749_4_1_a_person_agrees_and_the_app_gets_tokens() {
    let actor = Actor::new().await;
    let scope = format!("openid email {READ}");
    let path = authorize(WEB, &[("scope", &scope), ("nonce", "n-0S6")]);
    let back = actor.consent(&path, &[("decision", "allow")]).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
    let code = answered(&back, "code").unwrap();
    assert!(code.starts_with("crn_ac_"));
    let answer = actor.redeem(&code).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let kept = answer.headers["cache-control"].to_str().unwrap();
    assert!(kept.contains("no-store"), "{kept}");
    assert_eq!(answer.json()["expires_in"], 600);
    assert_eq!(answer.json()["token_type"], "Bearer");
    let told = Scope::parse(&member(&answer, "scope")).unwrap();
    assert_eq!(told, Scope::parse(&scope).unwrap());

    let access = member(&answer, "access_token");
    let says = claims(&access);
    let alice = actor.session.user.to_string();
    assert_eq!(says["sub"], alice.as_str());
    assert_eq!(says["client_id"], WEB);
    assert_eq!(says["aud"], "https://billing.example");
    let id = claims(&member(&answer, "id_token"));
    assert_eq!(id["iss"], ISSUER);
    assert_eq!((&id["aud"], &id["sub"]), (&WEB.into(), &says["sub"]));
    assert_eq!(
        (&id["nonce"], &id["auth_time"]),
        (&"n-0S6".into(), &NOW.into())
    );
    let half = base64url::encode(&sha256(&access)[..16]);
    assert_eq!(id["at_hash"], half);

    let who = actor.userinfo(&access).await.json();
    assert_eq!((&who["sub"], &who["email"]), (&says["sub"], &ALICE.into()));
    assert_eq!(who.get("name"), None, "profile was not asked for");
}

#[tokio::test]
async fn a_yes_is_remembered_and_what_is_new_is_asked_for() {
    let actor = Actor::new().await;
    actor.code(READ).await;
    let path = authorize(WEB, &[("scope", READ), ("prompt", "none")]);
    assert!(answered(&actor.get(&path).await, "code").is_some());
    let more = format!("{READ} email");
    let path = authorize(WEB, &[("scope", &more), ("prompt", "none")]);
    let back = actor.get(&path).await;
    assert_eq!(answered(&back, "error").unwrap(), "consent_required");
    let description = answered(&back, "error_description").unwrap();
    assert!(description.contains("new scopes: email"), "{description}");
}

#[tokio::test]
async fn what_a_person_does_not_tick_is_not_granted() {
    let actor = Actor::new().await;
    let scope = format!("openid offline_access {READ} {WRITE}");
    let path = authorize(WEB, &[("scope", &scope)]);
    let answer = [("decision", "allow"), ("scope", "email"), ("scope", WRITE)];
    let back = actor.consent(&path, &answer).await;
    let answer = actor.redeem(&answered(&back, "code").unwrap()).await;
    let granted = Scope::parse(&member(&answer, "scope")).unwrap();
    assert!(!granted.contains("offline_access") && !granted.contains("email"));
    assert!(granted.contains(WRITE) && granted.contains("openid"));
}

#[tokio::test]
async fn rfc6749_4_1_2_1_a_no_goes_back_to_the_app() {
    let actor = Actor::new().await;
    let path = authorize(WEB, &[("scope", READ)]);
    let back = actor.consent(&path, &[("decision", "deny")]).await;
    assert_eq!(answered(&back, "error").unwrap(), "access_denied");
    assert_eq!(answered(&back, "code"), None);
    let page = actor.get(&path).await;
    assert_eq!(page.status, StatusCode::OK, "a no is not remembered");
}

#[tokio::test]
async fn who_is_not_signed_in_signs_in_and_comes_back() {
    let mut actor = Actor::new().await;
    let signed_in = std::mem::take(&mut actor.cookie);
    let path = authorize(WEB, &[("scope", READ)]);
    let away = actor.get(&path).await;
    let location = away.headers["location"].to_str().unwrap().to_owned();
    assert!(location.starts_with("/login?r="), "{location}");
    let quiet = authorize(WEB, &[("prompt", "none")]);
    let back = actor.get(&quiet).await;
    assert_eq!(answered(&back, "error").unwrap(), "login_required");

    // The way back that was sealed for the sign-in answers nothing without a sign-in.
    actor.cookie = signed_in;
    let sealed = location.split_once("r=").unwrap().1;
    let page = actor.get(&format!("/authorize?r={sealed}")).await;
    assert_eq!(page.status, StatusCode::OK);
    let again = authorize(WEB, &[("scope", READ), ("prompt", "login")]);
    let away = actor.get(&again).await;
    let location = away.headers["location"].to_str().unwrap().to_owned();
    let sealed = location.split_once("r=").unwrap().1;
    let once_more = actor.get(&format!("/authorize?r={sealed}")).await;
    let location = once_more.headers["location"].to_str().unwrap();
    assert!(location.starts_with("/login?r="), "{location}");
}

#[tokio::test]
async fn oidc_3_1_2_1_a_request_may_come_by_post() {
    let actor = Actor::new().await;
    let path = authorize(WEB, &[("scope", READ)]);
    let (_, query) = path.split_once('?').unwrap();
    let fields: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (&**a, &**b)).collect();
    let on = actor.post("/authorize", &fields).await;
    assert_eq!(on.status, StatusCode::SEE_OTHER);
    let page = actor.get(on.headers["location"].to_str().unwrap()).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!field(&page, "request").is_empty());
}

#[tokio::test]
async fn form_post_and_fragment_carry_the_answer() {
    let actor = Actor::new().await;
    actor.code(READ).await;
    let asked = |mode| authorize(WEB, &[("scope", READ), ("response_mode", mode)]);
    let page = actor.get(&asked("form_post")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(field(&page, "code").starts_with("crn_ac_"));
    assert_eq!(field(&page, "iss"), ISSUER);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("form-action"), "{policy}");
    assert!(policy.contains("https://ledgerly.example"), "{policy}");
    let back = actor.get(&asked("fragment")).await;
    let location = back.headers["location"].to_str().unwrap();
    assert!(location.contains("#code=crn_ac_"), "{location}");
}

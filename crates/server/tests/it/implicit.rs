//! The implicit grant (RFC 6749 section 4.2, OpenID Connect Core 1.0 section 3.2): off, and what it gives where an
//! administrator has switched it on for an app.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use carnet_core::record::Client;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Record;
use carnet_jose::base64url;
use carnet_jose::digest::sha256;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::world::READ;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::WEB;

use crate::code::actor::Actor;
use crate::code::actor::BACK;
use crate::code::actor::authorize;
use crate::code::actor::claims;
use crate::code::actor::encoded;
use crate::code::actor::field;
use crate::code::actor::member;

const ALLOW: [(&str, &str); 1] = [("decision", "allow")];

/// In front of an app of which this is so.
async fn actor(change: impl FnOnce(&mut Client)) -> Actor {
    let actor = Actor::new().await;
    let store = &actor.provider.parts().store;
    let mut client = store.client(&WEB.parse().unwrap()).await.unwrap().unwrap();
    change(&mut client);
    client.version = client.version.next();
    let changes = [Change::Replace(Record::Client(client))];
    assert_eq!(store.commit(&changes).await.unwrap(), Committed::Yes);
    actor
}

/// In front of an app that gets tokens through the browser.
async fn switched_on() -> Actor {
    actor(|client| client.legacy.implicit = true).await
}

fn path(kind: &str, scope: &str, more: &[(&str, &str)]) -> String {
    let usual = [("response_type", kind), ("scope", scope), ("nonce", "n-1")];
    authorize(WEB, &[&usual, more].concat())
}

/// What stands in the fragment of the app's address; and nothing was added to the query.
fn fragment(answer: &Answer) -> BTreeMap<String, String> {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let location = answer.headers["location"].to_str().unwrap();
    let (address, fragment) = location.split_once('#').unwrap();
    assert_eq!(address, BACK, "{location}");
    assert_eq!(answer.headers["cache-control"], "no-store");
    let pairs = url::form_urlencoded::parse(fragment.as_bytes());
    let told: BTreeMap<_, _> = pairs.into_owned().collect();
    assert_eq!(told["state"], "st&te");
    assert_eq!(told["iss"], ISSUER);
    told
}

fn names(told: &BTreeMap<String, String>) -> Vec<&str> {
    told.keys().map(String::as_str).collect()
}

#[tokio::test]
async fn rfc9700_2_1_2_it_is_off_and_discovery_does_not_speak_of_it() {
    let actor = actor(|_| {}).await;
    for kind in ["token", "id_token", "id_token token", "code id_token"] {
        let told = fragment(&actor.get(&path(kind, "openid", &[])).await);
        assert_eq!(told["error"], "unsupported_response_type", "{kind}");
    }
    let on = switched_on().await;
    for kind in ["code token", "code id_token", "code id_token token"] {
        let told = fragment(&on.get(&path(kind, "openid", &[])).await);
        assert_eq!(told["error"], "unsupported_response_type", "{kind}");
    }
    let says = on.provider.get("/.well-known/openid-configuration").await;
    let says = says.json();
    assert_eq!(
        says["response_types_supported"],
        serde_json::json!(["code"])
    );
    assert!(
        !says["grant_types_supported"]
            .to_string()
            .contains("implicit")
    );
}

#[tokio::test]
async fn rfc6749_4_2_2_a_token_comes_in_the_fragment_after_a_yes_and_none_to_go_on_with() {
    let actor = switched_on().await;
    let path = path("token", READ, &[]);
    let told = fragment(&actor.consent(&path, &ALLOW).await);
    let members = [
        "access_token",
        "expires_in",
        "iss",
        "scope",
        "state",
        "token_type",
    ];
    assert_eq!(names(&told), members);
    assert_eq!(told["token_type"], "Bearer");
    assert_eq!(told["expires_in"], "600");
    assert_eq!(told["scope"], READ);
    let says = claims(&told["access_token"]);
    assert_eq!(says["sub"], actor.session.user.to_string());
    assert_eq!(says["client_id"], WEB);
    assert_eq!(says.get("cnf"), None);
    // The yes is remembered, as it is for a code.
    let again = fragment(&actor.get(&path).await);
    assert_ne!(again["access_token"], told["access_token"]);
    let quiet = format!("{path}&prompt=none");
    assert!(fragment(&actor.get(&quiet).await).contains_key("access_token"));
}

#[tokio::test]
async fn oidc_3_2_2_5_an_id_token_is_tied_to_the_token_beside_it() {
    let actor = switched_on().await;
    let both = path("id_token token", "openid email", &[]);
    let told = fragment(&actor.consent(&both, &ALLOW).await);
    let id = claims(&told["id_token"]);
    assert_eq!((&id["aud"], &id["nonce"]), (&WEB.into(), &"n-1".into()));
    let half = base64url::encode(&sha256(&told["access_token"])[..16]);
    assert_eq!(id["at_hash"], half);
    let who = actor.userinfo(&told["access_token"]).await;
    assert_eq!(who.status, StatusCode::OK, "{}", who.body);
    assert_eq!(who.json()["sub"], id["sub"]);

    let alone = path("id_token", "openid", &[]);
    let told = fragment(&actor.get(&alone).await);
    assert_eq!(names(&told), ["id_token", "iss", "state"]);
    assert_eq!(claims(&told["id_token"]).get("at_hash"), None);
    // Without it, who somebody is is not told, whatever the scope.
    let token = path("token", "openid", &[]);
    assert!(!fragment(&actor.get(&token).await).contains_key("id_token"));
}

#[tokio::test]
async fn oidc_3_2_2_1_what_a_request_needs_and_what_it_cannot_have() {
    let actor = switched_on().await;
    for (kind, scope, more) in [
        ("id_token", "openid", ("nonce", "")),
        ("id_token token", "openid", ("nonce", "")),
        ("id_token", READ, ("state", "st&te")),
        (
            "token",
            READ,
            ("dpop_jkt", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"),
        ),
    ] {
        let path = path(kind, scope, &[more]);
        let told = fragment(&actor.get(&path).await);
        assert_eq!(told["error"], "invalid_request", "{kind} {scope} {more:?}");
        assert!(told["error_description"].contains("CRN-1211"), "{told:?}");
    }
    let alone = path("token", "offline_access", &[]);
    assert_eq!(fragment(&actor.get(&alone).await)["error"], "invalid_scope");
    let asked = format!("{READ} offline_access");
    let told = fragment(&actor.consent(&path("token", &asked, &[]), &ALLOW).await);
    assert_eq!(told["scope"], READ, "nothing goes on without the person");
}

#[tokio::test]
async fn multiple_response_types_3_tokens_never_come_in_the_query() {
    let actor = switched_on().await;
    let mode = |mode| path("token", READ, &[("response_mode", mode)]);
    let back = actor.get(&mode("query")).await;
    let location = back.headers["location"].to_str().unwrap();
    assert!(location.contains("error=invalid_request"), "{location}");
    assert!(!location.contains("access_token"), "{location}");
    let page = actor.consent(&mode("form_post"), &ALLOW).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert_eq!(page.headers["cache-control"], "no-store");
    assert_eq!(field(&page, "token_type"), "Bearer");
    assert_eq!(claims(&field(&page, "access_token"))["client_id"], WEB);
}

#[tokio::test]
async fn rfc9449_5_an_app_whose_tokens_are_bound_gets_none_through_the_browser() {
    let bound = |client: &mut Client| {
        client.legacy.implicit = true;
        client.require_dpop = true;
    };
    let actor = actor(bound).await;
    let told = fragment(&actor.get(&path("token", READ, &[])).await);
    assert_eq!(told["error"], "unsupported_response_type");
}

#[tokio::test]
async fn rfc6749_4_2_2_1_a_no_comes_in_the_fragment_too() {
    let actor = switched_on().await;
    let path = path("token", READ, &[]);
    let deny = [("decision", "deny")];
    let told = fragment(&actor.consent(&path, &deny).await);
    assert_eq!(told["error"], "access_denied");
    assert!(!told.contains_key("access_token"));
}

#[tokio::test]
async fn rfc9126_4_what_was_pushed_gives_tokens_once() {
    let actor = switched_on().await;
    let path = path("token", READ, &[]);
    let query = path.split_once('?').unwrap().1.as_bytes();
    let pairs: Vec<_> = url::form_urlencoded::parse(query).collect();
    let form: Vec<_> = pairs
        .iter()
        .map(|(a, b)| (&**a, &**b))
        .filter(|(name, _)| *name != "client_id")
        .collect();
    let pushed = actor
        .provider
        .post_basic("/par", &form, (WEB, SECRET))
        .await;
    let reference = member(&pushed, "request_uri");
    let fields = [("client_id", WEB), ("request_uri", &reference)];
    let brought = format!("/authorize?{}", encoded(&fields));
    let told = fragment(&actor.consent(&brought, &ALLOW).await);
    assert!(told.contains_key("access_token"));
    let told = fragment(&actor.get(&brought).await);
    assert_eq!(told["error"], "invalid_request_uri");
}

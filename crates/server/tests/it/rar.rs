//! What an app asks for in detail (RFC 9396): from the request to the token, and never more than was granted.

use axum::http::StatusCode;
use carnet_core::record::DetailField;
use carnet_core::record::DetailType;
use carnet_core::record::FieldKind;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Page;
use carnet_core::store::Record;
use carnet_core::store::Store;
use carnet_testkit::provider::Answer;
use carnet_testkit::world::DAEMON;
use carnet_testkit::world::READ;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::WEB;
use serde_json::Value;
use serde_json::json;

use crate::code::actor::Actor;
use crate::code::actor::BACK;
use crate::code::actor::VERIFIER;
use crate::code::actor::answered;
use crate::code::actor::authorize;
use crate::code::actor::claims;
use crate::code::actor::member;

/// The API of the world.
const API: &str = "https://billing.example";

/// What is asked for.
const PAYMENT: &str = r#"[{"type":"payment","actions":["initiate","status"],
    "amount":{"currency":"EUR","amount":"123.50"},"creditor":"Merchant <A>"}]"#;

fn field(name: &str, kind: FieldKind, values: &[&str]) -> DetailField {
    DetailField {
        name: name.parse().unwrap(),
        kind,
        required: name == "actions",
        values: values.iter().map(|text| text.parse().unwrap()).collect(),
    }
}

/// The API declares these types.
async fn declare(store: &dyn Store, types: Vec<DetailType>) {
    let apis = store.apis(None, &Page::first(10)).await.unwrap().items;
    let found = apis.into_iter().find(|api| api.identifier.as_str() == API);
    let mut api = found.unwrap();
    api.detail_types = types;
    api.version = api.version.next();
    let committed = store.commit(&[Change::Replace(Record::Api(api))]).await;
    assert_eq!(committed.unwrap(), Committed::Yes);
}

fn payment() -> DetailType {
    DetailType {
        name: "payment".parse().unwrap(),
        title: "Start a payment".parse().unwrap(),
        detail: "Only this one.".parse().unwrap(),
        fields: Some(vec![
            field(
                "actions",
                FieldKind::Texts,
                &["initiate", "status", "cancel"],
            ),
            field("amount", FieldKind::Object, &[]),
            field("creditor", FieldKind::Text, &[]),
        ]),
    }
}

async fn actor() -> Actor {
    let actor = Actor::new().await;
    declare(actor.provider.parts().store.as_ref(), vec![payment()]).await;
    actor
}

fn asked(details: &str, scope: &str) -> String {
    authorize(WEB, &[("authorization_details", details), ("scope", scope)])
}

impl Actor {
    /// The answer to a code for which this was asked.
    async fn detailed(&self, details: &str, scope: &str) -> Answer {
        let path = asked(details, scope);
        let back = self.consent(&path, &[("decision", "allow")]).await;
        let code = answered(&back, "code");
        assert!(code.is_some(), "{back:?}");
        self.redeem(&code.unwrap_or_default()).await
    }
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[tokio::test]
async fn rfc9396_a_person_sees_the_details_and_the_app_gets_them() {
    let actor = actor().await;
    let page = actor.get(&asked(PAYMENT, READ)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    for shown in [
        "Start a payment",
        "Only this one.",
        "amount.currency",
        "EUR",
        "initiate, status",
        "Merchant &lt;A&gt;",
    ] {
        assert!(page.body.contains(shown), "{shown}: {}", page.body);
    }
    let answer = actor.detailed(PAYMENT, READ).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    // RFC 9396 section 7: the response, and 9.1: the token.
    assert_eq!(answer.json()["authorization_details"], value(PAYMENT));
    let token = member(&answer, "access_token");
    let says = claims(&token);
    assert_eq!(says["authorization_details"], value(PAYMENT));
    assert_eq!(says["aud"], API);
    // Section 9.2: introspection.
    let told = actor
        .provider
        .post_basic("/introspect", &[("token", &token)], (WEB, SECRET))
        .await;
    assert_eq!(told.json()["authorization_details"], value(PAYMENT));
    let refreshed = actor.refresh(&member(&answer, "refresh_token")).await;
    assert_eq!(refreshed.json()["authorization_details"], value(PAYMENT));
}

#[tokio::test]
async fn rfc9396_3_who_asks_in_detail_need_not_ask_for_a_scope() {
    let actor = actor().await;
    let answer = actor.detailed(PAYMENT, "").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(
        answer.json().get("scope"),
        None,
        "no scope is empty (RFC 6749 3.3)"
    );
    assert_eq!(answer.json()["authorization_details"], value(PAYMENT));
    assert_eq!(claims(&member(&answer, "access_token"))["aud"], API);
}

#[tokio::test]
async fn rfc9396_5_what_no_api_declares_is_refused() {
    let actor = actor().await;
    for details in [
        "x",
        "{}",
        "[]",
        r#"[{"type":"other"}]"#,
        r#"[{"type":"payment"}]"#,
        r#"[{"type":"payment","actions":["steal"]}]"#,
        r#"[{"type":"payment","actions":["status"],"more":1}]"#,
        r#"[{"type":"payment","actions":["status"],"locations":["https://evil.example"]}]"#,
        r#"[{"type":"payment","actions":["status"]},{"type":"other"}]"#,
    ] {
        let back = actor.get(&asked(details, READ)).await;
        let error = answered(&back, "error");
        assert_eq!(
            error.as_deref(),
            Some("invalid_authorization_details"),
            "{details}"
        );
        let path = asked(details, READ);
        let (_, query) = path.split_once('?').unwrap();
        let form: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).collect();
        let form: Vec<(&str, &str)> = form.iter().map(|(a, b)| (&**a, &**b)).collect();
        let pushed = actor
            .provider
            .post_basic("/par", &form, (WEB, SECRET))
            .await;
        assert_eq!(pushed.status, StatusCode::BAD_REQUEST);
        assert_eq!(member(&pushed, "error"), "invalid_authorization_details");
    }
}

#[tokio::test]
async fn rfc9396_details_are_agreed_to_each_time() {
    let actor = actor().await;
    actor.detailed(PAYMENT, READ).await;
    let again = actor.get(&asked(PAYMENT, READ)).await;
    assert_eq!(again.status, StatusCode::OK, "it is asked again");
    let quiet = format!("{}&prompt=none", asked(PAYMENT, READ));
    let back = actor.get(&quiet).await;
    assert_eq!(
        answered(&back, "error").as_deref(),
        Some("consent_required")
    );
}

#[tokio::test]
async fn rfc9396_6_a_token_may_say_less_and_never_more() {
    let actor = actor().await;
    let answer = actor.detailed(PAYMENT, READ).await;
    let refresh = member(&answer, "refresh_token");
    let less = PAYMENT.replace(r#""initiate","status""#, r#""status""#);
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh.as_str()),
        ("authorization_details", less.as_str()),
    ];
    let narrowed = actor.token(&form).await;
    assert_eq!(narrowed.json()["authorization_details"], value(&less));
    let refresh = member(&narrowed, "refresh_token");
    let more = PAYMENT.replace("status", "cancel");
    let other = PAYMENT.replace("123.50", "999.00");
    for more in [more.as_str(), other.as_str(), "x"] {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh.as_str()),
            ("authorization_details", more),
        ];
        let refused = actor.token(&form).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert_eq!(member(&refused, "error"), "invalid_authorization_details");
    }
    let whole = actor.refresh(&refresh).await;
    assert_eq!(whole.json()["authorization_details"], value(PAYMENT));
    // The same at the redemption of a code.
    let back = actor
        .consent(&asked(PAYMENT, READ), &[("decision", "allow")])
        .await;
    let code = answered(&back, "code").unwrap();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
        ("authorization_details", less.as_str()),
    ];
    let answer = actor.token(&form).await;
    assert_eq!(answer.json()["authorization_details"], value(&less));
}

#[tokio::test]
async fn lesson_39_what_an_api_no_longer_declares_falls_away() {
    let actor = actor().await;
    let answer = actor.detailed(PAYMENT, READ).await;
    declare(actor.provider.parts().store.as_ref(), Vec::new()).await;
    let refreshed = actor.refresh(&member(&answer, "refresh_token")).await;
    assert_eq!(refreshed.status, StatusCode::OK, "{}", refreshed.body);
    assert_eq!(refreshed.json().get("authorization_details"), None);
    let says = claims(&member(&refreshed, "access_token"));
    assert_eq!(says.get("authorization_details"), None);
}

#[tokio::test]
async fn rfc9396_a_client_asks_for_itself_in_detail() {
    let actor = actor().await;
    let form = [
        ("grant_type", "client_credentials"),
        ("authorization_details", PAYMENT),
    ];
    let provider = &actor.provider;
    let answer = provider.post_basic("/token", &form, (DAEMON, SECRET)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.json()["authorization_details"], value(PAYMENT));
    let says = claims(&member(&answer, "access_token"));
    assert_eq!(says["authorization_details"], value(PAYMENT));
    assert_eq!((&says["aud"], &says["scope"]), (&json!(API), &json!("")));
    for wrong in [r#"[{"type":"other"}]"#, "x"] {
        let form = [
            ("grant_type", "client_credentials"),
            ("authorization_details", wrong),
        ];
        let refused = provider.post_basic("/token", &form, (DAEMON, SECRET)).await;
        assert_eq!(member(&refused, "error"), "invalid_authorization_details");
    }
}

#[tokio::test]
async fn rfc9396_10_discovery_names_the_types() {
    let actor = actor().await;
    actor.provider.parts().refresh().await.unwrap();
    let answer = actor
        .provider
        .get("/.well-known/oauth-authorization-server")
        .await;
    let types = &answer.json()["authorization_details_types_supported"];
    assert_eq!(*types, json!(["payment"]));
}

//! What clients may know of tokens, and which they may revoke (RFC 7662 section 2.1, RFC 7009 section 2.1).

use carnet_testkit::provider::Answer;
use carnet_testkit::provider::Provider;
use carnet_testkit::world::DAEMON;
use carnet_testkit::world::POSTER;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::SPA;
use carnet_testkit::world::World;
use serde_json::json;

use crate::golden::golden;

const INACTIVE: &str = r#"{"active":false}"#;

async fn provider() -> Provider {
    Provider::over(World::new().await.with_clients().await).await
}

/// A token of the daemon's own.
async fn of_daemon(provider: &Provider) -> String {
    let form = [("grant_type", "client_credentials")];
    let answer = provider.post_basic("/token", &form, (DAEMON, SECRET)).await;
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

/// Asks about a token, with a client in the header.
async fn about(provider: &Provider, token: &str, client: (&str, &str)) -> Answer {
    let form = [("token", token)];
    provider.post_basic("/introspect", &form, client).await
}

#[tokio::test]
async fn rfc7662_2_1_a_client_hears_of_its_own_tokens_and_of_those_for_its_own_apis() {
    let provider = provider().await;
    let own = of_daemon(&provider).await;
    let told = about(&provider, &own, (DAEMON, SECRET)).await.json();
    assert_eq!(
        (&told["active"], &told["client_id"]),
        (&json!(true), &json!(DAEMON))
    );
    let of_account = provider.token(&provider.world.claims()).await;
    let told = about(&provider, &of_account, (DAEMON, SECRET)).await.json();
    assert_eq!(told["active"], true, "for an API of the same project");

    let claims = provider.world.with(json!({"scope": "carnet.introspect"}));
    let elsewhere = provider.token(&claims).await;
    for strange in [elsewhere.as_str(), "x", "crn_at_AAAA"] {
        let told = about(&provider, strange, (DAEMON, SECRET)).await;
        assert_eq!(
            (told.status.as_u16(), told.body.as_str()),
            (200, INACTIVE),
            "{strange}"
        );
    }
    let form = [
        ("token", own.as_str()),
        ("client_id", POSTER),
        ("client_secret", SECRET),
    ];
    let told = provider.post("/introspect", &form).await;
    assert_eq!(told.json()["active"], true, "in the form too");
}

#[tokio::test]
async fn rfc7662_2_1_who_proves_nothing_hears_nothing() {
    let provider = provider().await;
    let token = of_daemon(&provider).await;
    let public = [("token", token.as_str()), ("client_id", SPA)];
    for (name, answer) in [
        (
            "introspect_absent",
            provider.post("/introspect", &public[..1]).await,
        ),
        (
            "introspect_public",
            provider.post("/introspect", &public).await,
        ),
        (
            "introspect_wrong",
            about(&provider, &token, (DAEMON, "wrong")).await,
        ),
        (
            "introspect_no_token",
            provider
                .post_basic("/introspect", &[], (DAEMON, SECRET))
                .await,
        ),
    ] {
        golden(name, &answer);
    }
    provider.world.client_is_disabled(DAEMON).await;
    let off = about(&provider, &token, (DAEMON, SECRET)).await;
    assert_eq!(off.status, 401);
}

#[tokio::test]
async fn rfc7009_2_1_a_client_revokes_its_own_tokens_only() {
    let provider = provider().await;
    let token = of_daemon(&provider).await;
    let form = [
        ("token", token.as_str()),
        ("token_type_hint", "access_token"),
    ];
    let in_form = |id| [form[0], ("client_id", id), ("client_secret", SECRET)];
    golden(
        "revoke_of_another",
        &provider.post("/revoke", &in_form(POSTER)).await,
    );
    let public = provider
        .post("/revoke", &[form[0], ("client_id", SPA)])
        .await;
    assert_eq!(public.json()["error"], "unauthorized_client");
    golden(
        "revoke_wrong",
        &provider
            .post_basic("/revoke", &form, (DAEMON, "wrong"))
            .await,
    );
    let told = about(&provider, &token, (DAEMON, SECRET)).await.json();
    assert_eq!(told["active"], true, "it still stands");

    let done = provider
        .post_basic("/revoke", &form, (DAEMON, SECRET))
        .await;
    assert_eq!((done.status.as_u16(), done.body.as_str()), (200, "{}"));
    assert_eq!(
        about(&provider, &token, (DAEMON, SECRET)).await.body,
        INACTIVE
    );
}

#[tokio::test]
async fn rfc7009_2_2_what_is_no_token_is_revoked_already() {
    let provider = provider().await;
    let token = of_daemon(&provider).await;
    let form = [("token", token.as_str())];
    for time in 1..=2 {
        let done = provider
            .post_basic("/revoke", &form, (DAEMON, SECRET))
            .await;
        assert_eq!(done.status, 200, "time {time}");
    }
    let strange = [("token", "x")];
    let done = provider
        .post_basic("/revoke", &strange, (DAEMON, SECRET))
        .await;
    assert_eq!(done.status, 200);
    let alone = provider.post("/revoke", &strange).await;
    assert_eq!(alone.json()["error"], "invalid_token", "google-wire 4.3");
}

#[tokio::test]
async fn google_wire_4_3_whoever_holds_a_clients_token_may_end_it() {
    let provider = provider().await;
    let token = of_daemon(&provider).await;
    let path = format!("/o/oauth2/revoke?token={token}");
    assert_eq!(provider.post(&path, &[]).await.body, "{}");
    assert_eq!(
        about(&provider, &token, (DAEMON, SECRET)).await.body,
        INACTIVE
    );
    let secrets = format!("/revoke?token=x&client_id={DAEMON}&client_secret=wrong");
    let read = provider.post(&secrets, &[]).await;
    assert_eq!(
        read.json()["error"],
        "invalid_token",
        "credentials in a URL are not read"
    );
}

#[tokio::test]
async fn google_wire_4_3_a_service_account_may_say_its_number_beside_its_token() {
    let provider = provider().await;
    let token = provider.token(&provider.world.claims()).await;
    let number = provider.world.client_id();
    let form = [("token", token.as_str()), ("client_id", number.as_str())];
    assert_eq!(provider.post("/revoke", &form).await.body, "{}");
    assert_eq!(
        about(&provider, &token, (DAEMON, SECRET)).await.body,
        INACTIVE
    );
}

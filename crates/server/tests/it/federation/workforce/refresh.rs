//! What hangs on a sign-in, and when it ends.

use carnet_core::record::OidcProvider;
use serde_json::json;

use super::login::Login;
use crate::federation::scene::payload;

#[tokio::test]
async fn google_wire_6_2_a_refresh_token_of_a_shared_file_does_not_rotate() {
    let mut login = Login::new().await;
    let (access, refresh) = login.tokens().await;
    for _ in 0..3 {
        login.wait(60);
        let answer = login.refresh(&refresh).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let body = answer.json();
        assert!(body.get("refresh_token").is_none(), "{body}");
        let again = payload(body["access_token"].as_str().unwrap());
        let first = payload(&access);
        assert_eq!(
            (&again["sub"], &again["azn"]),
            (&first["sub"], &first["azn"])
        );
        assert_ne!(again["jti"], first["jti"]);
    }
}

#[tokio::test]
async fn google_wire_6_4_the_session_of_the_pool_is_the_absolute_end() {
    let mut login = Login::new().await;
    let (_, refresh) = login.tokens().await;
    login.wait(7_000);
    let answer = login.refresh(&refresh).await;
    assert_eq!(
        answer.json()["expires_in"],
        200,
        "no longer than the session: {}",
        answer.body
    );
    login.wait(200);
    let answer = login.refresh(&refresh).await;
    login.refused(&answer, "invalid_grant", 1312).await;
}

#[tokio::test]
async fn google_wire_6_4_a_session_that_became_shorter_is_shorter_at_once() {
    let mut login = Login::new().await;
    let (_, refresh) = login.tokens().await;
    login.wait(1_000);
    login
        .set_pool(|pool| pool.session = carnet_core::value::Seconds(900))
        .await;
    let answer = login.refresh(&refresh).await;
    login.refused(&answer, "invalid_grant", 1312).await;
}

#[tokio::test]
async fn lesson_22_who_is_switched_off_refreshes_nothing() {
    let mut login = Login::new().await;
    let (access, refresh) = login.tokens().await;
    login.set(|provider| provider.disabled = true).await;
    assert_eq!(login.introspect(&access).await["active"], false);
    let answer = login.refresh(&refresh).await;
    login.refused(&answer, "invalid_target", 2502).await;
    login.set(|provider| provider.disabled = false).await;
    assert_eq!(login.refresh(&refresh).await.status, 200, "it is back");
    login.set_pool(|pool| pool.disabled = true).await;
    let answer = login.refresh(&refresh).await;
    login.refused(&answer, "invalid_target", 2502).await;
}

#[tokio::test]
async fn lesson_39_condition_and_mapping_are_asked_anew_at_each_refresh() {
    let mut login = Login::new().await;
    let (_, refresh) = login.tokens().await;
    let team = ("attribute.team".to_owned(), "assertion.team".to_owned());
    login
        .set(|provider| {
            provider.mapping.extend([team]);
            provider.condition = Some("attribute.team == 'blue'".to_owned());
        })
        .await;
    let answer = login.refresh(&refresh).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let claims = payload(answer.json()["access_token"].as_str().unwrap());
    assert_eq!(claims["federated"]["attributes"], json!({ "team": "blue" }));
    let red = Some("attribute.team == 'red'".to_owned());
    login.set(|provider| provider.condition = red).await;
    let answer = login.refresh(&refresh).await;
    login.refused(&answer, "unauthorized_client", 2520).await;
}

#[tokio::test]
async fn lesson_29_a_mapping_that_makes_somebody_else_of_a_person_gives_nothing() {
    let mut login = Login::new().await;
    let (_, refresh) = login.tokens().await;
    let other = "assertion.team".to_owned();
    login
        .set(|provider| {
            provider.mapping.insert("google.subject".to_owned(), other);
        })
        .await;
    let answer = login.refresh(&refresh).await;
    login.refused(&answer, "invalid_grant", 2521).await;
}

/// Whoever leaves an issuer, or a registration there, leaves its people behind: at the next refresh, not at the end of
/// their sessions.
#[tokio::test]
async fn lesson_39_another_issuer_or_client_of_the_provider_refreshes_nothing() {
    for (change, code) in [
        (
            (|oidc| oidc.issuer = "https://other.example".parse().unwrap())
                as fn(&mut OidcProvider),
            2_511,
        ),
        (
            |oidc| oidc.web.as_mut().unwrap().client_id = "other".parse().unwrap(),
            2_512,
        ),
    ] {
        let mut login = Login::new().await;
        let (_, refresh) = login.tokens().await;
        login
            .set(|provider| match &mut provider.kind {
                carnet_core::record::ProviderKind::Oidc(oidc) => change(oidc),
                _ => unreachable!("it is an issuer"),
            })
            .await;
        let answer = login.refresh(&refresh).await;
        login.refused(&answer, "invalid_grant", code).await;
    }
}

#[tokio::test]
async fn an_issuer_by_which_nobody_signs_in_any_more_refreshes_nothing() {
    let mut login = Login::new().await;
    let (_, refresh) = login.tokens().await;
    login
        .set(|provider| match &mut provider.kind {
            carnet_core::record::ProviderKind::Oidc(oidc) => oidc.web = None,
            _ => unreachable!("it is an issuer"),
        })
        .await;
    let answer = login.refresh(&refresh).await;
    login.refused(&answer, "invalid_target", 2502).await;
}

#[tokio::test]
async fn rfc7009_2_1_a_refresh_token_that_is_revoked_takes_its_tokens_along() {
    let login = Login::new().await;
    let (access, refresh) = login.tokens().await;
    let (other, _) = login.tokens().await;
    let form = [("token", refresh.as_str())];
    let revoke = || login.server.post("/revoke", &form);
    assert_eq!(revoke().await.status, 200);
    assert_eq!(login.introspect(&access).await["active"], false);
    assert_eq!(
        login.introspect(&other).await["active"],
        true,
        "of another sign-in"
    );
    let answer = login.refresh(&refresh).await;
    login.refused(&answer, "invalid_grant", 1310).await;
    assert_eq!(revoke().await.json()["error"], "invalid_token");
}

#[tokio::test]
async fn lesson_5_what_was_revoked_stays_so_across_a_restart() {
    let login = Login::new().await;
    let (access, refresh) = login.tokens().await;
    let (_, kept) = login.tokens().await;
    let form = [("token", refresh.as_str())];
    assert_eq!(login.server.post("/revoke", &form).await.status, 200);
    let login = login.restarted().await;
    assert_eq!(login.introspect(&access).await["active"], false);
    assert_eq!(login.refresh(&refresh).await.status, 400);
    assert_eq!(
        login.refresh(&kept).await.status,
        200,
        "D4: what was issued can be used"
    );
}

//! yup-oauth2 (R1, and the seed's table as its `AuthError` holds it).

use carnet_interop::SERVER;
use carnet_interop::admin;
use carnet_interop::admin::Organization;
use carnet_interop::claims;
use carnet_interop::expect;
use carnet_interop::expect::Expected;
use carnet_interop::forged;
use carnet_interop::insert;
use carnet_interop::list;
use carnet_interop::nobody;
use carnet_interop::stands;
use carnet_interop::tap::Tap;
use carnet_interop::token_info;
use serde_json::Value;
use serde_json::json;
use time::OffsetDateTime;
use yup_oauth2::AccessToken;
use yup_oauth2::Error;
use yup_oauth2::ServiceAccountAuthenticator;
use yup_oauth2::ServiceAccountKey;
use yup_oauth2::error::AuthError;

async fn ask(key: &Value, scopes: &[&str], subject: Option<&str>) -> Result<AccessToken, Error> {
    let key: ServiceAccountKey = serde_json::from_value(key.clone()).expect("a key file");
    let mut builder = ServiceAccountAuthenticator::builder(key);
    if let Some(subject) = subject {
        builder = builder.subject(subject);
    }
    builder
        .build()
        .await
        .expect("a usable key")
        .token(scopes)
        .await
}

async fn refused(key: &Value, scopes: &[&str], subject: Option<&str>) -> AuthError {
    match ask(key, scopes, subject).await {
        Err(Error::AuthError(error)) => error,
        Err(other) => panic!("no answer of OAuth's: {other}"),
        Ok(_) => panic!("a token was given"),
    }
}

fn hold(error: &AuthError, expected: &Expected) {
    expected.hold(
        error.error.as_str(),
        error.error_description.as_deref().expect("a description"),
    );
    let page = error.error_uri.as_deref().expect("error_uri");
    assert!(
        page.ends_with(&format!("/e/CRN-{}", expected.crn)),
        "{page}"
    );
}

#[tokio::test]
async fn r1_a_service_account_gets_a_token() {
    let key = yup_oauth2::read_service_account_key(&SERVER.ci_file)
        .await
        .expect("the key file");
    let authenticator = ServiceAccountAuthenticator::builder(key)
        .build()
        .await
        .expect("an authenticator");
    let scopes = [SERVER.read.as_str()];

    let token = authenticator.token(&scopes).await.expect("a token");

    let text = token.token().expect("an access token");
    let life = token.expiration_time().expect("an end") - OffsetDateTime::now_utc();
    assert!(
        (3580..=3601).contains(&life.whole_seconds()),
        "it lives {life}"
    );
    let told = token_info(text).await;
    assert_eq!(told["azp"], SERVER.ci_client_id);
    assert_eq!(told["sub"], SERVER.ci_client_id);
    assert_eq!(told["scope"], SERVER.read);
    assert_eq!(list(text).await.0, 200);
    let again = authenticator.token(&scopes).await.expect("a token");
    assert_eq!(again.token(), token.token(), "it is kept");
}

#[tokio::test]
async fn r1_the_scopes_are_those_that_were_asked_for() {
    let reader = ask(&SERVER.ci_key, &[&SERVER.read], None)
        .await
        .expect("a token");
    let both = ask(&SERVER.ci_key, &[&SERVER.read, &SERVER.write], None)
        .await
        .expect("a token");

    let (status, challenge) = insert(reader.token().expect("text")).await;
    assert_eq!(status, 403);
    assert!(
        challenge.contains(r#"error="insufficient_scope""#),
        "{challenge}"
    );
    assert_eq!(insert(both.token().expect("text")).await.0 / 100, 2);
}

#[tokio::test]
async fn r1_subject_acts_for_the_user() {
    let token = ask(&SERVER.ci_key, &[&SERVER.read], Some("alice@example.com"))
        .await
        .expect("a token");

    let told = token_info(token.token().expect("text")).await;
    assert_eq!(told["email"], "alice@example.com");
    assert_eq!(told["azp"], SERVER.ci_client_id);
    assert_ne!(told["sub"], SERVER.ci_client_id);
}

#[tokio::test]
async fn t1_bad_signature() {
    let stranger = admin::account("stranger").await;
    hold(
        &refused(&forged(&stranger), &[&SERVER.read], None).await,
        &expect::BAD_SIGNATURE,
    );
}

#[tokio::test]
async fn t1_an_unknown_account_looks_like_a_bad_signature() {
    let forged = forged(&admin::account("stranger").await);
    let one = refused(&forged, &[&SERVER.read], None).await;
    let other = refused(&nobody(&forged), &[&SERVER.read], None).await;
    assert_eq!(one, other);
}

#[tokio::test]
async fn t9_disabled_account() {
    let key = admin::account("disabled").await;
    ask(&key, &[&SERVER.read], None).await.expect("a token");
    admin::disable_account(&key).await;
    hold(
        &refused(&key, &[&SERVER.read], None).await,
        &expect::DISABLED_ACCOUNT,
    );
}

#[tokio::test]
async fn t9_disabled_key() {
    let key = admin::account("disabledkey").await;
    admin::disable_key(&key).await;
    hold(
        &refused(&key, &[&SERVER.read], None).await,
        &expect::DISABLED_KEY,
    );
}

#[tokio::test]
async fn t9_deleted_key() {
    let key = admin::account("deletedkey").await;
    let other = admin::key(key["client_email"].as_str().expect("e-mail")).await;
    admin::delete_key(&key).await;
    hold(
        &refused(&key, &[&SERVER.read], None).await,
        &expect::BAD_SIGNATURE,
    );
    ask(&other, &[&SERVER.read], None)
        .await
        .expect("the other key is good");
}

#[tokio::test]
async fn t1_unknown_scope() {
    let asked = ["https://demo.carnet.dev/auth/invoices.raed"];
    hold(
        &refused(&SERVER.ci_key, &asked, None).await,
        &expect::UNKNOWN_SCOPE,
    );
}

#[tokio::test]
async fn t1_empty_scope() {
    hold(
        &refused(&SERVER.ci_key, &[], None).await,
        &expect::EMPTY_SCOPE,
    );
}

#[tokio::test]
async fn t1_scopes_with_commas() {
    let asked = format!("{},{}", SERVER.read, SERVER.write);
    hold(
        &refused(&SERVER.ci_key, &[&asked], None).await,
        &expect::COMMAS,
    );
}

#[tokio::test]
async fn t1_delegation_not_granted() {
    let key = admin::account("undelegated").await;
    let error = refused(&key, &[&SERVER.read], Some("alice@example.com")).await;
    hold(&error, &expect::NO_DELEGATION);
}

#[tokio::test]
async fn t1_delegation_for_none_or_some_of_the_scopes() {
    let none = refused(&SERVER.ci_key, &[&SERVER.write], Some("alice@example.com")).await;
    hold(&none, &expect::DELEGATION_FOR_NONE);
    let some = refused(
        &SERVER.ci_key,
        &[&SERVER.read, &SERVER.write],
        Some("alice@example.com"),
    )
    .await;
    hold(&some, &expect::DELEGATION_FOR_SOME);
}

#[tokio::test]
async fn t1_unknown_and_suspended_user() {
    let unknown = refused(&SERVER.ci_key, &[&SERVER.read], Some("dana@example.com")).await;
    hold(&unknown, &expect::UNKNOWN_USER);
    let suspended = refused(&SERVER.ci_key, &[&SERVER.read], Some("carol@example.com")).await;
    hold(&suspended, &expect::SUSPENDED_USER);
}

#[tokio::test]
async fn t4_wrong_audience() {
    let mut key = SERVER.ci_key.clone();
    let tap = Tap::open();
    key["token_uri"] = tap.token_uri.as_str().into();
    // The library signs for the door that it knocks at, and that is not a name of the server.
    hold(
        &refused(&key, &[&SERVER.read], None).await,
        &expect::WRONG_AUDIENCE,
    );
    let sent = tap.assertion();
    assert!(sent.ends_with("=="), "the segments are padded: {sent}");
    assert_eq!(claims(&sent)["sub"], Value::Null);
}

#[tokio::test]
async fn t1_delegations_that_are_elsewhere_or_suspended() {
    let key = admin::account("narrowed").await;
    let (here, elsewhere) = (Organization::new().await, Organization::new().await);
    let delegation = elsewhere.delegate(&key, json!("everyone"), None).await;
    ask(&key, &[&SERVER.read], Some(&elsewhere.ann))
        .await
        .expect("a token");
    let missing = refused(&key, &[&SERVER.read], Some(&here.ann)).await;
    hold(&missing, &expect::DELEGATED_ELSEWHERE);

    elsewhere.suspend(&delegation).await;
    let suspended = refused(&key, &[&SERVER.read], Some(&elsewhere.ann)).await;
    hold(&suspended, &expect::DELEGATION_SUSPENDED);
}

#[tokio::test]
async fn t1_a_user_outside_the_delegation() {
    let key = admin::account("outside").await;
    let organization = Organization::new().await;
    let whom = json!({"users": [organization.ben]});
    organization.delegate(&key, whom, None).await;
    ask(&key, &[&SERVER.read], Some(&organization.ben))
        .await
        .expect("a token");
    let outside = refused(&key, &[&SERVER.read], Some(&organization.ann)).await;
    hold(&outside, &expect::USER_OUTSIDE);
}

#[tokio::test]
async fn t1_what_an_organization_forbids() {
    let key = admin::account("forbidden").await;
    let organization = Organization::new().await;
    organization.delegate(&key, json!("everyone"), None).await;
    ask(&key, &[&SERVER.read], Some(&organization.ann))
        .await
        .expect("a token");
    organization.block_reading().await;
    let blocked = refused(&key, &[&SERVER.read], Some(&organization.ann)).await;
    hold(&blocked, &expect::POLICY);
    organization.close().await;
    let internal = refused(&key, &[&SERVER.read], Some(&organization.ann)).await;
    hold(&internal, &expect::ORG_INTERNAL);
}

#[tokio::test]
async fn r1_a_key_disabled_in_the_middle_gets_no_other_token() {
    let key = admin::account("midway").await;
    let file: ServiceAccountKey = serde_json::from_value(key.clone()).expect("a key file");
    let authenticator = ServiceAccountAuthenticator::builder(file)
        .build()
        .await
        .expect("an authenticator");
    let scopes = [SERVER.read.as_str()];
    let first = authenticator.token(&scopes).await.expect("a token");
    let first = first.token().expect("text").to_owned();

    let another = authenticator.force_refreshed_token(&scopes).await;
    let another = another.expect("the key is good");
    assert_ne!(another.token(), Some(first.as_str()));

    admin::disable_key(&key).await;
    let kept = authenticator.token(&scopes).await.expect("what is kept");
    assert_eq!(list(kept.token().expect("text")).await.0, 200);
    match authenticator.force_refreshed_token(&scopes).await {
        Err(Error::AuthError(error)) => hold(&error, &expect::DISABLED_KEY),
        Err(other) => panic!("no answer of OAuth's: {other}"),
        Ok(_) => panic!("a token was given"),
    }
}

#[tokio::test]
async fn r1_a_revoked_token_stands_no_more() {
    let token = ask(&SERVER.ci_key, &[&SERVER.read], None)
        .await
        .expect("a token");
    let text = token.token().expect("text");
    assert!(stands(text).await);
    admin::revoke(text).await;
    assert!(!stands(text).await);
}

#[tokio::test]
async fn r1_many_at_once_all_get_tokens() {
    let key: ServiceAccountKey = serde_json::from_value(SERVER.ci_key.clone()).expect("a key file");
    let authenticator = ServiceAccountAuthenticator::builder(key)
        .build()
        .await
        .expect("an authenticator");
    let mut asked = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let authenticator = authenticator.clone();
        asked.spawn(async move { authenticator.token(&[&SERVER.read]).await });
    }
    for token in asked.join_all().await {
        let token = token.expect("a token");
        assert_eq!(list(token.token().expect("text")).await.0, 200);
    }
}

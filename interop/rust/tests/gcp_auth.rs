//! gcp_auth (R2). Its error says "token request failed" and no more; the answer of the server goes to the log, which is
//! where a user of the library finds it. It asks five times, whatever the answer was.

use std::process::Command;

use carnet_interop::SERVER;
use carnet_interop::admin;
use carnet_interop::admin::Organization;
use carnet_interop::claims;
use carnet_interop::expect;
use carnet_interop::expect::Expected;
use carnet_interop::forged;
use carnet_interop::list;
use carnet_interop::nobody;
use carnet_interop::said::Said;
use carnet_interop::tap::Tap;
use carnet_interop::token_info;
use gcp_auth::CustomServiceAccount;
use gcp_auth::TokenProvider as _;
use serde_json::Value;
use serde_json::json;

fn account(key: &Value) -> CustomServiceAccount {
    CustomServiceAccount::from_json(&key.to_string()).expect("a key file")
}

/// The answer that the library logged.
async fn refused(account: &CustomServiceAccount, scopes: &[&str], status: u16) -> Value {
    let said = Said::listen();
    let Err(error) = account.token(scopes).await else {
        panic!("a token was given")
    };
    assert_eq!(error.to_string(), "token request failed");
    let answers = said.warnings("token request failed");
    assert_eq!(
        answers.len(),
        5,
        "the library does not know a final refusal"
    );
    for answer in &answers {
        assert_eq!(answer.status, status.to_string());
    }
    serde_json::from_str(&answers[0].body).expect("JSON")
}

fn hold(body: &Value, expected: &Expected) {
    let text = |name: &str| {
        body[name]
            .as_str()
            .unwrap_or_else(|| panic!("no {name} in {body}"))
    };
    expected.hold(text("error"), text("error_description"));
    assert!(text("error_uri").ends_with(&format!("/e/CRN-{}", expected.crn)));
}

#[tokio::test]
async fn r2_a_service_account_gets_a_token() {
    let account = CustomServiceAccount::from_file(&SERVER.ci_file).expect("the key file");
    let scopes = [SERVER.read.as_str()];

    let token = account.token(&scopes).await.expect("a token");

    assert!(!token.has_expired());
    let told = token_info(token.as_str()).await;
    assert_eq!(told["azp"], SERVER.ci_client_id);
    assert_eq!(told["sub"], SERVER.ci_client_id);
    assert_eq!(told["scope"], SERVER.read);
    assert_eq!(list(token.as_str()).await.0, 200);
    let again = account.token(&scopes).await.expect("a token");
    assert_eq!(again.as_str(), token.as_str(), "it is kept");
    assert_eq!(account.project_id(), Some(SERVER.project.as_str()));
}

#[tokio::test]
async fn r2_padding_and_a_null_subject_are_accepted() {
    let tap = Tap::open();
    let mut key = SERVER.ci_key.clone();
    key["token_uri"] = tap.token_uri.as_str().into();
    let account = account(&key).with_audience(format!("{}/token", SERVER.issuer));

    account.token(&[&SERVER.read]).await.expect("a token");

    let sent = tap.assertion();
    assert!(sent.ends_with("=="), "the segments are padded: {sent}");
    let sent = claims(&sent);
    assert!(sent.as_object().expect("claims").contains_key("sub"));
    assert_eq!(sent["sub"], Value::Null);
    assert_eq!(
        sent["exp"].as_i64().expect("exp") - sent["iat"].as_i64().expect("iat"),
        3595
    );
}

#[test]
fn r2_application_default_credentials() {
    let mut adc = Command::new(env!("CARGO_BIN_EXE_adc"));
    adc.arg(&SERVER.read)
        .env("GOOGLE_APPLICATION_CREDENTIALS", &SERVER.ci_file)
        .env("HOME", "/nonexistent");

    let said = adc.output().expect("it runs");

    assert!(
        said.status.success(),
        "{}",
        String::from_utf8_lossy(&said.stderr)
    );
    let text = String::from_utf8(said.stdout).expect("text");
    let (project, token) = text.trim_end().split_once('\n').expect("two lines");
    assert_eq!(project, SERVER.project);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    assert_eq!(runtime.block_on(list(token)).0, 200);
}

#[tokio::test]
async fn r2_subject_acts_for_the_user() {
    let account = account(&SERVER.ci_key).with_subject("bob@example.com".to_owned());

    let token = account.token(&[&SERVER.read]).await.expect("a token");

    let told = token_info(token.as_str()).await;
    assert_eq!(told["email"], "bob@example.com");
    assert_eq!(told["azp"], SERVER.ci_client_id);
}

#[tokio::test]
async fn t1_bad_signature_and_unknown_account() {
    let forged = forged(&admin::account("stranger").await);
    let mut one = refused(&account(&forged), &[&SERVER.read], 400).await;
    hold(&one, &expect::BAD_SIGNATURE);
    let mut other = refused(&account(&nobody(&forged)), &[&SERVER.read], 400).await;
    for body in [&mut one, &mut other] {
        let body = body.as_object_mut().expect("an object");
        body.remove("trace_id").expect("a trace id");
        body.remove("timestamp").expect("a time");
    }
    assert_eq!(one, other);
}

#[tokio::test]
async fn t9_disabled_account() {
    let key = admin::account("disabled").await;
    admin::disable_account(&key).await;
    hold(
        &refused(&account(&key), &[&SERVER.read], 401).await,
        &expect::DISABLED_ACCOUNT,
    );
}

#[tokio::test]
async fn t9_disabled_key() {
    let key = admin::account("disabledkey").await;
    admin::disable_key(&key).await;
    hold(
        &refused(&account(&key), &[&SERVER.read], 400).await,
        &expect::DISABLED_KEY,
    );
}

#[tokio::test]
async fn t9_deleted_key() {
    let key = admin::account("deletedkey").await;
    admin::key(key["client_email"].as_str().expect("e-mail")).await;
    admin::delete_key(&key).await;
    hold(
        &refused(&account(&key), &[&SERVER.read], 400).await,
        &expect::BAD_SIGNATURE,
    );
}

#[tokio::test]
async fn t1_unknown_empty_and_comma_scopes() {
    let ci = account(&SERVER.ci_key);
    let unknown = refused(&ci, &["https://demo.carnet.dev/auth/invoices.raed"], 400).await;
    hold(&unknown, &expect::UNKNOWN_SCOPE);
    hold(&refused(&ci, &[], 400).await, &expect::EMPTY_SCOPE);
    let commas = format!("{},{}", SERVER.read, SERVER.write);
    hold(&refused(&ci, &[&commas], 400).await, &expect::COMMAS);
}

#[tokio::test]
async fn t1_delegation_not_granted() {
    let key = admin::account("undelegated").await;
    let account = account(&key).with_subject("alice@example.com".to_owned());
    hold(
        &refused(&account, &[&SERVER.read], 401).await,
        &expect::NO_DELEGATION,
    );
}

#[tokio::test]
async fn t1_delegation_for_none_or_some_of_the_scopes() {
    let ci = account(&SERVER.ci_key).with_subject("alice@example.com".to_owned());
    hold(
        &refused(&ci, &[&SERVER.write], 401).await,
        &expect::DELEGATION_FOR_NONE,
    );
    hold(
        &refused(&ci, &[&SERVER.read, &SERVER.write], 400).await,
        &expect::DELEGATION_FOR_SOME,
    );
}

#[tokio::test]
async fn t1_unknown_and_suspended_user() {
    for (user, expected) in [
        ("dana", &expect::UNKNOWN_USER),
        ("carol", &expect::SUSPENDED_USER),
    ] {
        let ci = account(&SERVER.ci_key).with_subject(format!("{user}@example.com"));
        hold(&refused(&ci, &[&SERVER.read], 400).await, expected);
    }
}

#[tokio::test]
async fn t4_wrong_audience() {
    let ci = account(&SERVER.ci_key).with_audience("https://other.example.com/token".to_owned());
    hold(
        &refused(&ci, &[&SERVER.read], 400).await,
        &expect::WRONG_AUDIENCE,
    );
}

fn acting(key: &Value, person: &str) -> CustomServiceAccount {
    account(key).with_subject(person.to_owned())
}

#[tokio::test]
async fn t1_delegations_that_are_elsewhere_or_suspended() {
    let key = admin::account("narrowed").await;
    let (here, elsewhere) = (Organization::new().await, Organization::new().await);
    let delegation = elsewhere.delegate(&key, json!("everyone"), None).await;
    acting(&key, &elsewhere.ann)
        .token(&[&SERVER.read])
        .await
        .expect("a token");
    let missing = refused(&acting(&key, &here.ann), &[&SERVER.read], 401).await;
    hold(&missing, &expect::DELEGATED_ELSEWHERE);

    elsewhere.suspend(&delegation).await;
    let suspended = refused(&acting(&key, &elsewhere.ann), &[&SERVER.read], 401).await;
    hold(&suspended, &expect::DELEGATION_SUSPENDED);
}

#[tokio::test]
async fn t1_a_user_outside_the_delegation() {
    let key = admin::account("outside").await;
    let organization = Organization::new().await;
    let whom = json!({"users": [organization.ben]});
    organization.delegate(&key, whom, None).await;
    acting(&key, &organization.ben)
        .token(&[&SERVER.read])
        .await
        .expect("a token");
    let outside = refused(&acting(&key, &organization.ann), &[&SERVER.read], 400).await;
    hold(&outside, &expect::USER_OUTSIDE);
}

#[tokio::test]
async fn t1_what_an_organization_forbids() {
    let key = admin::account("forbidden").await;
    let organization = Organization::new().await;
    organization.delegate(&key, json!("everyone"), None).await;
    acting(&key, &organization.ann)
        .token(&[&SERVER.read])
        .await
        .expect("a token");
    organization.block_reading().await;
    let blocked = refused(&acting(&key, &organization.ann), &[&SERVER.read], 400).await;
    hold(&blocked, &expect::POLICY);
    organization.close().await;
    let internal = refused(&acting(&key, &organization.ann), &[&SERVER.read], 403).await;
    hold(&internal, &expect::ORG_INTERNAL);
}

#[tokio::test]
async fn r2_many_at_once_all_get_tokens() {
    let account = std::sync::Arc::new(account(&SERVER.ci_key));
    let mut asked = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let account = std::sync::Arc::clone(&account);
        asked.spawn(async move { account.token(&[&SERVER.read]).await });
    }
    for token in asked.join_all().await {
        assert_eq!(list(token.expect("a token").as_str()).await.0, 200);
    }
}

//! A delegation that ended, as yup-oauth2 and gcp_auth tell it, with the clock of the server moved: alone in its program,
//! since all tests of one program share the server.

use carnet_interop::SERVER;
use carnet_interop::admin;
use carnet_interop::admin::Organization;
use carnet_interop::expect;
use carnet_interop::said::Said;
use gcp_auth::CustomServiceAccount;
use gcp_auth::TokenProvider as _;
use serde_json::Value;
use serde_json::json;
use time::Duration;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use yup_oauth2::Error;
use yup_oauth2::ServiceAccountAuthenticator;
use yup_oauth2::ServiceAccountKey;

#[tokio::test]
async fn t1_a_delegation_that_ended() {
    let key = admin::account("ended").await;
    let organization = Organization::new().await;
    let until = (OffsetDateTime::now_utc() + Duration::minutes(1))
        .replace_nanosecond(0)
        .expect("a time")
        .format(&Rfc3339)
        .expect("text");
    organization
        .delegate(&key, json!("everyone"), Some(&until))
        .await;
    let account = CustomServiceAccount::from_json(&key.to_string())
        .expect("a key file")
        .with_subject(organization.ann.clone());
    let said = Said::listen();

    admin::move_clock("+120s").await;
    let logged = account.token(&[&SERVER.read]).await;
    let told = by_yup(&key, &organization.ann).await;
    admin::move_clock("0").await;

    let expected = &expect::DELEGATION_ENDED;
    assert!(logged.is_err());
    let answers = said.warnings("token request failed");
    let body: Value = serde_json::from_str(&answers[0].body).expect("JSON");
    let text = |name: &str| body[name].as_str().expect("a string").to_owned();
    expected.hold(&text("error"), &text("error_description"));
    match told {
        Err(Error::AuthError(error)) => expected.hold(
            error.error.as_str(),
            error.error_description.as_deref().expect("a description"),
        ),
        Err(other) => panic!("no answer of OAuth's: {other}"),
        Ok(_) => panic!("a token was given"),
    }
}

async fn by_yup(key: &Value, person: &str) -> Result<yup_oauth2::AccessToken, Error> {
    let key: ServiceAccountKey = serde_json::from_value(key.clone()).expect("a key file");
    let authenticator = ServiceAccountAuthenticator::builder(key)
        .subject(person)
        .build()
        .await
        .expect("an authenticator");
    authenticator.token(&[&SERVER.read]).await
}

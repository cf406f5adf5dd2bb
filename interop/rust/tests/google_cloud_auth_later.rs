//! google-cloud-auth (R3), with the clock of the server moved: alone in its program, since all tests of one program share
//! the server.

use carnet_interop::SERVER;
use carnet_interop::admin;
use carnet_interop::list;
use google_cloud_auth::credentials::service_account::AccessSpecifier;
use google_cloud_auth::credentials::service_account::Builder;

#[tokio::test]
async fn r3_a_disabled_account_is_refused() {
    let key = admin::account("disabled").await;
    let builder = Builder::new(key.clone())
        .with_access_specifier(AccessSpecifier::from_scopes([&SERVER.read]));
    let credentials = builder
        .build_access_token_credentials()
        .expect("a key file");
    let token = credentials.access_token().await.expect("a token").token;
    assert_eq!(list(&token).await.0, 200);

    admin::disable_account(&key).await;

    // The API keeps the document of an account's keys for five minutes, as its Cache-Control says.
    admin::move_clock("+301s").await;
    let (status, challenge) = list(&token).await;
    admin::move_clock("0").await;
    assert_eq!(status, 401);
    assert!(
        challenge.contains(r#"error="invalid_token""#),
        "{challenge}"
    );
}

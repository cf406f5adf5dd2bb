//! An issuer that vouches for people: a client gets a token of a user of the organization that trusts it.

use axum::http::StatusCode;
use carnet_core::record::IssuerOwner;
use carnet_core::record::TrustedSubject;
use carnet_core::record::UserClaim;
use carnet_testkit::provider::Answer;
use carnet_testkit::world::ALICE;
use carnet_testkit::world::BOB;
use carnet_testkit::world::CAROL;
use carnet_testkit::world::DAEMON;
use carnet_testkit::world::READ;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::SPA;
use carnet_wire::scope::Scope;
use serde_json::Value;
use serde_json::json;

use super::scene::Scene;
use super::scene::active;
use super::scene::form;
use super::scene::refused;
use crate::federation::scene::payload;

async fn scene(claim: UserClaim) -> Scene {
    let mut scene = Scene::new().await;
    scene
        .set(|trust| {
            trust.subject = TrustedSubject::User(claim);
            trust.subjects = Vec::new();
            trust.clients = vec![DAEMON.parse().unwrap()];
            trust.scopes = Scope::parse(READ).unwrap();
        })
        .await;
    scene
}

async fn bring(scene: &Scene, claims: &Value) -> Answer {
    let assertion = scene.issuer.sign(claims);
    let by = (DAEMON, SECRET);
    scene
        .server
        .post_basic("/token", &form(&assertion), by)
        .await
}

async fn id_of(scene: &Scene, email: &str) -> String {
    let store = scene.server.world.store();
    let found = store.user_by_email(&email.parse().unwrap()).await.unwrap();
    found.unwrap().id.to_string()
}

fn verified(email: &str) -> Value {
    json!({ "email": email, "email_verified": true })
}

#[tokio::test]
async fn rfc7523_3_a_user_is_named_by_a_verified_address_or_by_the_subject() {
    let by_email = scene(UserClaim::Email).await;
    let alice = id_of(&by_email, ALICE).await;
    let cases = [
        (UserClaim::Email, verified(ALICE)),
        (UserClaim::SubjectEmail, json!({ "sub": ALICE })),
        (UserClaim::SubjectId, json!({ "sub": alice })),
    ];
    for (claim, says) in cases {
        let scene = scene(claim).await;
        let answer = bring(&scene, &scene.with(says)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let body = answer.json();
        assert!(body.get("refresh_token").is_none(), "{body}");
        assert!(body.get("id_token").is_none(), "{body}");
        let token = body["access_token"].as_str().unwrap();
        let claims = payload(token);
        assert_eq!(claims["sub"], alice.as_str());
        assert_eq!(claims["client_id"], DAEMON);
        assert_eq!(claims["scope"], READ);
        assert_eq!(claims["trust"], scene.trust.id.to_string());
        assert_eq!(body["expires_in"], 600, "as long as the client's");
        assert!(active(&scene, token).await);
    }
}

#[tokio::test]
async fn whom_the_assertion_does_not_name_gets_nothing_and_all_read_alike() {
    let scene = scene(UserClaim::Email).await;
    let mut texts = Vec::new();
    for says in [
        json!({}),
        json!({ "email": ALICE }),
        json!({ "email": ALICE, "email_verified": false }),
        json!({ "email": ALICE, "email_verified": "true" }),
        verified("nobody@acme.example"),
        verified("no address"),
        verified(CAROL),
    ] {
        let answer = bring(&scene, &scene.with(says)).await;
        refused(&answer, "invalid_grant", 2_606);
        let description = answer.json()["error_description"].clone();
        let description = description.as_str().unwrap().to_owned();
        texts.push(description);
    }
    texts.dedup();
    assert_eq!(texts.len(), 1, "{texts:#?}");
}

/// An issuer of another organization names our user.
#[tokio::test]
async fn confused_deputy_an_issuer_of_others_gets_no_token_of_our_user() {
    let mut scene = scene(UserClaim::Email).await;
    let acme = scene.trust.owner.clone();
    let other = organization(&scene).await;
    scene.set(|trust| trust.owner = other.clone()).await;
    let answer = bring(&scene, &scene.with(verified(ALICE))).await;
    // The client is not theirs either.
    assert_eq!(
        answer.json()["error"],
        "unauthorized_client",
        "{}",
        answer.body
    );
    scene.set(|trust| trust.owner = acme).await;
    let answer = bring(&scene, &scene.with(verified(ALICE))).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    // A user of the other organization, by ours.
    let IssuerOwner::Organization(other) = other else {
        panic!("an organization")
    };
    moved(&scene, BOB, other).await;
    let answer = bring(&scene, &scene.with(verified(BOB))).await;
    refused(&answer, "invalid_grant", 2_606);
    let story = scene.story(&answer).await;
    assert!(
        story.contains("the organization has no such user"),
        "{story}"
    );
}

async fn organization(scene: &Scene) -> IssuerOwner {
    use carnet_core::record::Organization;
    use carnet_core::store::Change;
    use carnet_core::store::Record;
    use carnet_core::value::OrganizationId;
    use carnet_core::value::UnixTime;
    use carnet_core::value::Version;
    let at = UnixTime(carnet_testkit::world::NOW);
    let other = Organization {
        id: OrganizationId::from_bytes([5; 16]),
        title: "Globex".parse().unwrap(),
        created: at,
        changed: at,
        version: Version::FIRST,
    };
    let id = other.id;
    scene
        .commit(Change::Insert(Record::Organization(other)))
        .await;
    IssuerOwner::Organization(id)
}

async fn moved(scene: &Scene, email: &str, to: carnet_core::value::OrganizationId) {
    use carnet_core::store::Change;
    use carnet_core::store::Record;
    let store = scene.server.world.store();
    let found = store.user_by_email(&email.parse().unwrap()).await.unwrap();
    let mut user = found.unwrap();
    user.organization = to;
    user.version = user.version.next();
    scene.commit(Change::Replace(Record::User(user))).await;
}

#[tokio::test]
async fn rfc7521_4_1_a_users_token_is_a_clients_that_proves_itself() {
    let mut scene = scene(UserClaim::Email).await;
    let claims = scene.with(verified(ALICE));
    let nobody = scene.redeem(&claims, &[]).await;
    refused(&nobody, "invalid_client", 1_404);
    scene
        .set(|trust| trust.clients.push(SPA.parse().unwrap()))
        .await;
    let public = scene.redeem(&claims, &[("client_id", SPA)]).await;
    refused(&public, "invalid_client", 1_404);
    // What was refused did not spend the assertion.
    assert_eq!(bring(&scene, &claims).await.status, StatusCode::OK);
    scene
        .set(|trust| trust.clients = vec![SPA.parse().unwrap()])
        .await;
    let other = bring(&scene, &scene.with(verified(ALICE))).await;
    assert_eq!(
        other.json()["error"],
        "unauthorized_client",
        "{}",
        other.body
    );
}

#[tokio::test]
async fn lesson_22_user_client_and_trust_stop_it_at_once() {
    let mut scene = scene(UserClaim::Email).await;
    let token = async |scene: &Scene| {
        let answer = bring(scene, &scene.with(verified(ALICE))).await;
        let token = answer.json()["access_token"].clone();
        token.as_str().map(str::to_owned)
    };
    let first = token(&scene).await.unwrap();
    scene.server.suspend(ALICE, true).await;
    assert!(!active(&scene, &first).await);
    assert!(token(&scene).await.is_none());
    scene.server.suspend(ALICE, false).await;
    assert!(active(&scene, &first).await);
    scene.set(|trust| trust.disabled = true).await;
    assert!(!active(&scene, &first).await);
    assert!(token(&scene).await.is_none());
    scene.set(|trust| trust.disabled = false).await;
    assert!(active(&scene, &first).await);
    let second = token(&scene).await.unwrap();
    // The user sees what there is, and ends it.
    let gone = [("token", second.as_str())];
    let by = (DAEMON, SECRET);
    let answer = scene.server.post_basic("/revoke", &gone, by).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(!active(&scene, &second).await);
    scene.remove().await;
    assert!(!active(&scene, &first).await);
}

/// RFC 9068 section 2.2.1: it is when the user authenticated, and nobody here knows that where the issuer does not say it.
#[tokio::test]
async fn rfc9068_2_2_1_auth_time_is_what_the_issuer_says_of_the_user_or_nothing() {
    let scene = scene(UserClaim::Email).await;
    let iat = scene.now - 5;
    let cases = [
        (json!(iat - 600), json!(iat - 600)),
        (json!(iat), json!(iat)),
        (Value::Null, Value::Null),
        (json!(iat + 1), Value::Null),
        (json!(0), Value::Null),
        (json!(-7), Value::Null),
        (json!(1.5), Value::Null),
        (json!("1775121058"), Value::Null),
    ];
    for (said, told) in cases {
        let mut says = verified(ALICE);
        says["auth_time"] = said.clone();
        says["acr"] = json!("urn:mace:incommon:iap:silver");
        says["amr"] = json!(["mfa"]);
        let answer = bring(&scene, &scene.with(says)).await;
        assert_eq!(answer.status, StatusCode::OK, "{said}: {}", answer.body);
        let token = answer.json()["access_token"].clone();
        let claims = payload(token.as_str().unwrap());
        assert_eq!(claims["auth_time"], told, "{said}");
        assert!(claims.get("acr").is_none() && claims.get("amr").is_none());
    }
}

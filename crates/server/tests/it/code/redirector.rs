//! Errors send nobody to the page of an app for which nobody vouches (RFC 9700 section 4.11.2).

use axum::http::StatusCode;
use carnet_core::record::Client;
use carnet_core::record::ClientSource;
use carnet_core::record::Trust;
use carnet_core::store::Change;
use carnet_core::store::Record;
use carnet_testkit::provider::Answer;
use carnet_testkit::world::READ;
use carnet_testkit::world::WEB;

use super::actor::Actor;
use super::actor::BACK;
use super::actor::answered;
use super::actor::authorize;

async fn change(actor: &Actor, change: impl FnOnce(&mut Client)) {
    let store = actor.provider.world.store();
    let found = store.client(&WEB.parse().unwrap()).await.unwrap();
    let mut client = found.unwrap();
    change(&mut client);
    client.version = client.version.next();
    let changes = [Change::Replace(Record::Client(client))];
    store.commit(&changes).await.unwrap();
}

/// What is wrong, or cannot be done without a page.
const WRONG: &[&[(&str, &str)]] = &[
    &[("response_type", "magic")],
    &[("scope", "nothing")],
    &[("request", "eyJ")],
    &[("request_uri", "https://a.example")],
    &[("prompt", "none login")],
    &[("code_challenge_method", "plain")],
    &[("prompt", "none")],
    &[("response_mode", "form_post"), ("scope", "nothing")],
];

fn stays_here(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
    assert_eq!(answer.headers.get("location"), None);
    assert_eq!(answer.headers.get("refresh"), None);
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert!(!answer.body.contains("name=\"password\""), "no sign-in");
    assert!(
        !answer.body.contains("<form method=\"post\" action=\"https"),
        "no form goes there"
    );
}

#[tokio::test]
async fn rfc9700_4_11_2_an_error_sends_nobody_to_an_app_that_nobody_vouches_for() {
    for source in [ClientSource::Registered, ClientSource::Document] {
        let mut actor = Actor::new().await;
        change(&actor, |client| {
            client.source = source;
            client.trust = Trust::Unknown;
        })
        .await;
        for signed_in in [true, false] {
            if !signed_in {
                actor.cookie.clear();
            }
            for wrong in WRONG {
                let answer = actor.get(&authorize(WEB, wrong)).await;
                stays_here(&answer);
                let by_link = !wrong.contains(&("response_mode", "form_post"));
                let link = "href=\"https://ledgerly.example/callback?kept=1&amp;error=";
                let body = answer.body.replace("&#x2f;", "/");
                assert_eq!(body.contains(link), by_link, "{wrong:?}: {body}");
                let says_where = body.contains("Go to") && body.contains("ledgerly.example");
                assert_eq!(
                    says_where, by_link,
                    "{wrong:?}: where the link leads is said"
                );
            }
        }
        actor.provider.settle().await;
    }
}

#[tokio::test]
async fn rfc9700_4_11_2_who_is_vouched_for_hears_of_its_errors_and_a_person_who_answers_is_sent_on()
{
    for (source, trust) in [
        (ClientSource::Admin, Trust::Unknown),
        (ClientSource::Registered, Trust::Known),
    ] {
        let mut actor = Actor::new().await;
        change(&actor, |client| {
            client.source = source;
            client.trust = trust;
        })
        .await;
        actor.cookie.clear();
        let back = actor.get(&authorize(WEB, &[("scope", "nothing")])).await;
        assert_eq!(answered(&back, "error").as_deref(), Some("invalid_scope"));
        let back = actor.get(&authorize(WEB, &[("prompt", "none")])).await;
        assert_eq!(answered(&back, "error").as_deref(), Some("login_required"));
    }
    let actor = Actor::new().await;
    change(&actor, |client| {
        client.source = ClientSource::Registered;
        client.trust = Trust::Unknown;
    })
    .await;
    let path = authorize(WEB, &[("scope", READ)]);
    let denied = actor.consent(&path, &[("decision", "deny")]).await;
    assert_eq!(answered(&denied, "error").as_deref(), Some("access_denied"));
    let given = actor.consent(&path, &[("decision", "allow")]).await;
    assert!(answered(&given, "code").is_some(), "a yes is as before");
    let quiet = authorize(WEB, &[("scope", READ), ("prompt", "none")]);
    let back = actor.get(&quiet).await;
    assert!(
        answered(&back, "code").is_some(),
        "whom the person let in needs no page"
    );
}

#[tokio::test]
async fn rfc8252_7_3_a_program_on_the_persons_own_computer_hears_of_its_errors() {
    let actor = Actor::new().await;
    let local = "http://127.0.0.1:7777/cb";
    change(&actor, |client| {
        client.source = ClientSource::Registered;
        client.trust = Trust::Unknown;
        client.redirect_uris = vec![
            "http://127.0.0.1/cb".parse().unwrap(),
            BACK.parse().unwrap(),
        ];
    })
    .await;
    let path = authorize(WEB, &[("redirect_uri", local), ("scope", "nothing")]);
    let back = actor.get(&path).await;
    let location = back.headers["location"].to_str().unwrap();
    assert!(
        location.starts_with(&format!("{local}?error=invalid_scope")),
        "{location}"
    );
}

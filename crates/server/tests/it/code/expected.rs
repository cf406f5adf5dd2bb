//! Whom the app expects: `id_token_hint` (OpenID Connect Core 1.0 section 3.1.2.1).

use axum::http::StatusCode;
use carnet_core::record::Trust;
use carnet_core::store::Change;
use carnet_core::store::Record;
use carnet_server::password::Hashing;
use carnet_testkit::browser::Browser;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::provider::Provider;
use carnet_testkit::provider::Ways;
use carnet_testkit::world::ALICE;
use carnet_testkit::world::BOB;
use carnet_testkit::world::WEB;

use super::actor::Actor;
use super::actor::answered;
use super::actor::authorize;
use super::actor::claims;
use super::actor::member;
use crate::house::House;
use crate::house::config;
use crate::people::PASSWORD;

/// The app is one's own, so that nobody is asked and each answer is about whoever is signed in.
async fn own(provider: &Provider) {
    let store = provider.world.store();
    let found = store.client(&WEB.parse().unwrap()).await.unwrap();
    let mut client = found.unwrap();
    client.trust = Trust::Own;
    client.version = client.version.next();
    let changes = [Change::Replace(Record::Client(client))];
    store.commit(&changes).await.unwrap();
}

async fn actor() -> Actor {
    let actor = Actor::new().await;
    own(&actor.provider).await;
    actor
}

async fn id_token(actor: &Actor) -> String {
    let code = actor.code("openid email").await;
    member(&actor.redeem(&code).await, "id_token")
}

fn asking(hint: &str, more: &[(&str, &str)]) -> String {
    let mut fields = vec![("scope", "openid"), ("id_token_hint", hint)];
    fields.extend(more);
    authorize(WEB, &fields)
}

const QUIET: &[(&str, &str)] = &[("prompt", "none")];

#[tokio::test]
async fn oidc_3_1_2_1_an_answer_is_about_the_person_of_the_hint_or_there_is_none() {
    let mut actor = actor().await;
    let token = id_token(&actor).await;
    let code = answered(&actor.get(&asking(&token, QUIET)).await, "code").unwrap();
    let again = member(&actor.redeem(&code).await, "id_token");
    assert_eq!(claims(&again)["sub"], claims(&token)["sub"]);

    actor.cookie = actor.cookie_of(BOB).await;
    let without = authorize(WEB, &[("scope", "openid"), ("prompt", "none")]);
    let of_bob = answered(&actor.get(&without).await, "code");
    assert!(
        of_bob.is_some(),
        "Bob is signed in, and without a hint it is about him"
    );
    let back = actor.get(&asking(&token, QUIET)).await;
    assert_eq!(answered(&back, "error").as_deref(), Some("login_required"));
    assert_eq!(answered(&back, "code"), None, "nothing of Bob");

    let away = actor.get(&asking(&token, &[])).await;
    assert_eq!(away.status, StatusCode::SEE_OTHER);
    let way = away.headers["location"].to_str().unwrap();
    assert!(way.starts_with("/login?r="), "{way}");
    let page = actor.get(way).await;
    assert!(
        page.body.contains(&format!("value=\"{ALICE}\"")),
        "{}",
        page.body
    );
    assert!(!page.body.contains(BOB), "who is here already is not asked");
}

#[tokio::test]
async fn oidc_3_1_2_1_a_hint_is_good_however_old_and_for_its_own_app_alone() {
    let actor = actor().await;
    let token = id_token(&actor).await;
    let mut claims = actor.provider.world.claims();
    claims["target_audience"] = WEB.into();
    let account = member(&actor.provider.redeem(&claims).await, "id_token");
    actor.provider.wait(7_200);
    let back = actor.get(&asking(&token, QUIET)).await;
    assert!(
        answered(&back, "code").is_some(),
        "it expired an hour ago: {back:?}"
    );

    let (signed, _) = token.rsplit_once('.').unwrap();
    let forged = format!("{signed}.{}", "A".repeat(342));
    let code = actor.code("openid").await;
    let access = member(&actor.redeem(&code).await, "access_token");
    for unknown in [forged.as_str(), &access, &account, "x", "a.b.c"] {
        let back = actor.get(&asking(unknown, QUIET)).await;
        let error = answered(&back, "error");
        assert_eq!(error.as_deref(), Some("login_required"), "{unknown}");
        let away = actor.get(&asking(unknown, &[])).await;
        let way = away.headers["location"].to_str().unwrap();
        assert!(way.starts_with("/login?r="), "{unknown}: {way}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn oidc_3_1_2_1_who_signs_in_instead_is_not_told_about() {
    let ways = Ways {
        hashing: Hashing::cheapest(),
        ..Ways::default()
    };
    let actor = Actor::with(ways).await;
    own(&actor.provider).await;
    actor.provider.give_password(ALICE, PASSWORD).await;
    actor.provider.give_password(BOB, PASSWORD).await;
    let token = id_token(&actor).await;
    let house = House::of(actor.provider.front(), config());
    let fresh = || Browser::new(house.address, ISSUER);
    for (who, answer) in [(BOB, "error=login_required"), (ALICE, "code=crn_ac_")] {
        let mut browser = fresh();
        let page = browser.open(&asking(&token, &[])).unwrap();
        let page = browser.sign_in(&page, who, PASSWORD).unwrap();
        let back = browser.arrive(page).unwrap();
        let location = back.location().unwrap();
        assert!(location.contains(answer), "{who}: {location}");
    }
    let mut browser = fresh();
    let page = browser.open(&asking("none.of.ours", &[])).unwrap();
    let page = browser.sign_in(&page, BOB, PASSWORD).unwrap();
    let back = browser.arrive(page).unwrap();
    let location = back.location().unwrap();
    assert!(
        location.contains("code=crn_ac_"),
        "whoever it was about signed in: {location}"
    );
}

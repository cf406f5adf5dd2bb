//! The whole way in a browser: from the app to the sign-in page, to the consent page, and back.

use carnet_server::config::rate::Rate;
use carnet_server::password::Hashing;
use carnet_testkit::provider::Provider;
use carnet_testkit::world::ALICE;
use carnet_testkit::world::READ;
use carnet_testkit::world::WEB;

use super::actor::BACK;
use super::actor::authorize;
use super::actor::world;
use crate::house::House;
use crate::house::config;
use crate::people::PASSWORD;
use crate::people::Stage;

async fn stage() -> Stage {
    let provider = Provider::hashing(world().await, Rate::off(), Hashing::cheapest()).await;
    provider.give_password(ALICE, PASSWORD).await;
    let house = House::of(provider.front(), config());
    Stage { provider, house }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_signs_in_agrees_and_goes_straight_through_the_next_time() {
    let stage = stage().await;
    let mut browser = stage.browser();
    let path = authorize(WEB, &[("scope", READ)]);
    let page = browser.follow_foreign_link(&path).unwrap();
    let page = browser.arrive(page).unwrap();
    assert!(page.says("An app"), "the app that waits is named");
    let page = browser.sign_in(&page, ALICE, PASSWORD).unwrap();
    let page = browser.arrive(page).unwrap();
    assert_eq!(page.answer.field("cache-control"), Some("no-store"));
    assert!(page.says(ALICE) && page.says("ledgerly.example"));
    let form = page.form("/consent").unwrap();
    let back = browser.submit(&form, &[("decision", "allow")]).unwrap();
    let location = back.location().unwrap();
    assert!(location.starts_with(BACK), "{location}");
    assert!(location.contains("code=crn_ac_"), "{location}");

    let straight = browser.follow_foreign_link(&path).unwrap();
    let location = straight.location().unwrap();
    assert!(location.contains("code=crn_ac_"), "{location}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn oidc_3_1_2_1_who_must_sign_in_again_does_so_once() {
    let stage = stage().await;
    let mut browser = stage.alice();
    for more in [("prompt", "login"), ("max_age", "0")] {
        stage.provider.wait(5);
        let path = authorize(WEB, &[("scope", READ), more]);
        let page = browser.open(&path).unwrap();
        assert!(page.form("/login").is_ok(), "{more:?}: {}", page.path);
        let page = browser.sign_in(&page, ALICE, PASSWORD).unwrap();
        let mut page = browser.arrive(page).unwrap();
        if let Ok(form) = page.form("/consent") {
            page = browser.submit(&form, &[("decision", "allow")]).unwrap();
        }
        let location = page.location().unwrap();
        assert!(location.contains("code=crn_ac_"), "{more:?}: {location}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lesson_7_the_consent_form_of_one_session_is_worth_nothing_in_another() {
    let stage = stage().await;
    let mut alice = stage.alice();
    let path = authorize(WEB, &[("scope", READ)]);
    let page = alice.open(&path).unwrap();
    let form = page.form("/consent").unwrap();
    let mut stranger = stage.browser();
    let again = stranger.submit(&form, &[("decision", "allow")]).unwrap();
    let location = again.location().unwrap();
    assert!(location.starts_with("/authorize?client_id="), "{location}");
    let mut later = stage.alice();
    let again = later.submit(&form, &[("decision", "allow")]).unwrap();
    let location = again.location().unwrap();
    assert!(location.starts_with("/authorize?client_id="), "{location}");
}

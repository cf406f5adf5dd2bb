//! How long a session lasts, and what ends it.

use carnet_testkit::world::ALICE;

use crate::people::PASSWORD;
use crate::people::SESSION;
use crate::people::Stage;
use crate::people::is_in;
use crate::people::secret;

const DAY: i64 = 86_400;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_is_not_used_ends_after_two_weeks() {
    let stage = Stage::new().await;
    let mut browser = stage.alice();
    stage.provider.wait(14 * DAY - 1);
    assert!(is_in(&mut browser));
    stage.provider.settle().await;
    stage.provider.wait(14 * DAY - 1);
    assert!(is_in(&mut browser), "its use was written");
    stage.provider.settle().await;
    stage.provider.wait(14 * DAY);
    assert!(!is_in(&mut browser));
    assert!(
        browser.jar.find(SESSION).is_some(),
        "the browser does not know yet"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_is_used_every_day_ends_after_ninety() {
    let stage = Stage::new().await;
    let mut browser = stage.alice();
    for day in 1..90 {
        stage.provider.wait(DAY);
        assert!(is_in(&mut browser), "day {day}");
        stage.provider.settle().await;
    }
    stage.provider.wait(DAY);
    assert!(!is_in(&mut browser));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_keeps_sessions_and_what_their_forms_were_given() {
    let stage = Stage::new().await;
    let mut browser = stage.alice();
    let page = browser.get("/logout").unwrap();
    let form = page.form("/logout").unwrap();
    let stage = stage.restart().await;
    let mut browser = stage.move_on(&browser);
    assert!(is_in(&mut browser));
    browser.submit(&form, &[("decision", "sign_out")]).unwrap();
    assert!(!is_in(&mut browser));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lesson_22_a_suspension_ends_what_a_person_had() {
    let stage = Stage::new().await;
    let mut browser = stage.alice();
    stage.provider.suspend(ALICE, true).await;
    assert!(!is_in(&mut browser));
    let page = browser.get("/logout").unwrap();
    assert!(!page.says(ALICE));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lesson_23_a_secret_that_is_not_whole_is_none() {
    let stage = Stage::new().await;
    let mut browser = stage.alice();
    let whole = secret(&browser);
    let upper = whole.to_uppercase();
    let doubled = format!("{whole}; {SESSION}={whole}");
    for other in [
        "",
        "crn_se_",
        &whole[..whole.len() - 1],
        &whole[1..],
        upper.as_str(),
        PASSWORD,
        &"a".repeat(5_000),
        doubled.as_str(),
    ] {
        browser.jar.plant(SESSION, other);
        assert!(!is_in(&mut browser), "{other}");
    }
    browser.jar.plant(SESSION, &whole);
    assert!(is_in(&mut browser));
}

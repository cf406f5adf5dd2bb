//! A person's own pages.

use carnet_core::record::Authorization;
use carnet_core::record::Consent;
use carnet_core::record::Obtained;
use carnet_core::record::WhyEnded;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Record;
use carnet_core::value::AuthorizationId;
use carnet_core::value::Counting;
use carnet_core::value::Seconds;
use carnet_core::value::UnixTime;
use carnet_core::value::Version;
use carnet_testkit::browser::Browser;
use carnet_testkit::browser::Page;
use carnet_testkit::world::ALICE;
use carnet_testkit::world::BOB;
use carnet_testkit::world::NOW;
use carnet_testkit::world::READ;
use carnet_testkit::world::SPA;
use carnet_testkit::world::WEB;
use carnet_testkit::world::World;

use crate::people::PASSWORD;
use crate::people::Stage;
use crate::people::is_in;
use crate::people::sign_in;

const NEW: &str = "an even better horse";

fn change(browser: &mut Browser, current: &str, new: &str) -> Page {
    let page = browser.get("/account/password").unwrap();
    let form = page.form("/account/password").unwrap();
    let filled = [("current_password", current), ("new_password", new)];
    browser.submit(&form, &filled).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_not_signed_in_comes_back_to_the_page() {
    let stage = Stage::new().await;
    for path in [
        "/account",
        "/account/devices",
        "/account/activity",
        "/account/password",
    ] {
        let mut browser = stage.browser();
        let page = browser.get(path).unwrap();
        assert_eq!(page.status(), 303, "{path}");
        let page = browser.arrive(page).unwrap();
        let page = browser.sign_in(&page, ALICE, PASSWORD).unwrap();
        assert_eq!(page.location(), Some(path));
        let page = browser.arrive(page).unwrap();
        assert_eq!(page.status(), 200, "{}", page.text());
        assert_eq!(page.answer.field("cache-control"), Some("no-store"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_page_tells_what_there_is() {
    let stage = Stage::new().await;
    let mut browser = stage.alice();
    sign_in(&mut stage.browser(), ALICE, "wrong");
    stage.provider.settle().await;
    let page = browser.get("/account").unwrap();
    assert!(page.says(ALICE), "{}", page.text());
    let page = browser.get("/account/activity").unwrap();
    assert!(page.says("127.0.0.1"));
    assert_eq!(
        page.text().matches("<li>").count(),
        2,
        "a sign-in, and one that failed"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_ends_one_session_or_all_others() {
    let stage = Stage::new().await;
    let mut here = stage.alice();
    let mut phone = stage.alice();
    let mut laptop = stage.alice();
    let mut desktop = stage.alice();
    let page = here.get("/account/devices").unwrap();
    assert_eq!(
        page.text().matches("name=\"session\"").count(),
        3,
        "not the own one"
    );
    let form = page.form("/account/devices/end").unwrap();
    let page = here.submit(&form, &[]).unwrap();
    assert_eq!(page.location(), Some("/account/devices?ended=1"));
    let left = [&mut phone, &mut laptop, &mut desktop].map(is_in);
    assert_eq!(left.iter().filter(|is_in| **is_in).count(), 2, "{left:?}");
    let page = here.arrive(page).unwrap();
    let form = page.form("/account/devices/end-others").unwrap();
    let page = here.submit(&form, &[]).unwrap();
    assert_eq!(page.location(), Some("/account/devices?ended=2"));
    assert_eq!(
        [&mut phone, &mut laptop, &mut desktop].map(is_in),
        [false; 3]
    );
    assert!(is_in(&mut here));
    let page = here.arrive(page).unwrap();
    assert!(
        page.form("/account/devices/end-others").is_err(),
        "there is none left"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn security_nobody_ends_the_session_of_somebody_else() {
    let stage = Stage::new().await;
    stage.provider.give_password(BOB, NEW).await;
    let mut alice = stage.alice();
    let mut second = stage.alice();
    let page = alice.get("/account/devices").unwrap();
    let form = page.form("/account/devices/end").unwrap();
    let of_alice = form.field("session").unwrap().to_owned();
    let mut bob = stage.browser();
    sign_in(&mut bob, BOB, NEW);
    let page = bob.get("/logout").unwrap();
    assert_eq!(page.status(), 200);
    let mut own = stage.browser();
    sign_in(&mut own, BOB, NEW);
    let page = bob.get("/account/devices").unwrap();
    let form_of_bob = page.form("/account/devices/end").unwrap();
    let page = bob.submit(&form_of_bob, &[("session", &of_alice)]).unwrap();
    assert_eq!(page.location(), Some("/account/devices?ended=0"));
    let page = bob.submit(&form, &[]).unwrap();
    assert_eq!(page.status(), 400, "a token of Alice is none of Bob");
    let page = alice.post("/account/devices/end-others", &[]).unwrap();
    assert_eq!(page.status(), 400);
    let page = alice
        .post_from_elsewhere("/account/devices/end-others", &[])
        .unwrap();
    assert_eq!(page.status(), 403);
    assert!(is_in(&mut alice) && is_in(&mut second) && is_in(&mut own));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_password_ends_every_other_session_and_the_old_one_opens_nothing() {
    let stage = Stage::new().await;
    let mut here = stage.alice();
    let mut other = stage.alice();
    let page = change(&mut here, PASSWORD, NEW);
    assert_eq!(page.location(), Some("/account/password?changed=1"));
    assert!(is_in(&mut here));
    assert!(!is_in(&mut other));
    let mut fresh = stage.browser();
    assert_eq!(sign_in(&mut fresh, ALICE, PASSWORD).status(), 401);
    assert_eq!(sign_in(&mut fresh, ALICE, NEW).status(), 303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn security_a_password_is_changed_by_who_knows_the_present_one() {
    let stage = Stage::new().await;
    let mut browser = stage.alice();
    for (current, new) in [
        ("", NEW),
        ("wrong", NEW),
        (PASSWORD, ""),
        (PASSWORD, "short"),
        (PASSWORD, PASSWORD),
        (PASSWORD, ALICE),
        (PASSWORD, "12345678"),
        (PASSWORD, &"x".repeat(1_025)),
    ] {
        let page = change(&mut browser, current, new);
        assert_eq!(page.status(), 400, "{current} {new}");
        assert!(!page.text().contains(PASSWORD) && !page.text().contains(NEW));
    }
    for _ in 0..5 {
        change(&mut browser, "wrong", NEW);
    }
    let page = change(&mut browser, PASSWORD, NEW);
    assert_eq!(page.status(), 429, "whoever guesses here waits, too");
    let old = [
        ("current_password", PASSWORD),
        ("new_password", NEW),
        ("csrf", "x"),
    ];
    let page = browser.post("/account/password", &old).unwrap();
    assert_eq!(page.status(), 400);
    stage.provider.wait(3_600);
    let mut fresh = stage.browser();
    let page = sign_in(&mut fresh, ALICE, PASSWORD);
    assert_eq!(page.status(), 303, "it is still the one");
}

/// Each of these people has said yes to an app, and it holds something of them.
async fn connect(stage: &Stage, email: &str, client: &str, seed: u64) -> AuthorizationId {
    let store = stage.provider.world.store();
    let user = store.user_by_email(&email.parse().unwrap()).await.unwrap();
    let (user, at) = (user.unwrap().id, UnixTime(NOW));
    let consent = Consent {
        user: user.clone(),
        client: client.parse().unwrap(),
        scopes: [(READ.parse().unwrap(), at)].into(),
        created: at,
        changed: at,
        version: Version::FIRST,
    };
    let held = Authorization {
        id: AuthorizationId::mint(at, &mut Counting(seed)),
        client: client.parse().unwrap(),
        user,
        scope: carnet_wire::scope::Scope::parse(READ).unwrap(),
        details: None,
        audience: Vec::new(),
        obtained: Obtained::Code,
        authenticated: at,
        session: None,
        binding: None,
        created: at,
        ends: at + Seconds::days(90),
        idle: Seconds::days(14),
        generation: 1,
        rotated: at,
        ended: None,
    };
    let id = held.id;
    let changes = [Record::Consent(consent), Record::Authorization(held)].map(Change::Insert);
    assert_eq!(store.commit(&changes).await.unwrap(), Committed::Yes);
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_takes_back_what_they_let_an_app_do() {
    let stage = Stage::over(World::new().await.with_clients().await).await;
    let gone = connect(&stage, ALICE, WEB, 60).await;
    let other = connect(&stage, ALICE, SPA, 61).await;
    let of_bob = connect(&stage, BOB, WEB, 62).await;
    let mut browser = stage.alice();
    let page = browser.get("/account").unwrap();
    assert_eq!(page.text().matches("name=\"client\"").count(), 2);
    let page = browser.get("/account/apps").unwrap();
    let form = page.form("/account/apps/remove").unwrap();
    let page = browser
        .post("/account/apps/remove", &[("client", WEB)])
        .unwrap();
    assert_eq!(page.status(), 400, "not without the token");
    let unknown = browser.submit(&form, &[("client", "nobody")]).unwrap();
    assert_eq!(unknown.status(), 303);
    let page = browser.submit(&form, &[("client", WEB)]).unwrap();
    let page = browser.arrive(page).unwrap();
    assert_eq!(page.text().matches("name=\"client\"").count(), 1);

    let store = stage.provider.world.store();
    let held = async |id| store.authorization(id).await.unwrap().unwrap().ended;
    assert_eq!(
        held(gone).await.map(|ended| ended.why),
        Some(WhyEnded::Removed)
    );
    assert_eq!(held(other).await, None);
    assert_eq!(held(of_bob).await, None, "Bob has not said so");
    let alice = store
        .user_by_email(&ALICE.parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        store
            .consent(&alice.id, &WEB.parse().unwrap())
            .await
            .unwrap(),
        None
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ux_w4_a_removed_app_stops_at_once_and_comes_back_within_the_minute() {
    let stage = Stage::over(World::new().await.with_clients().await).await;
    let id = connect(&stage, ALICE, WEB, 60).await;
    let store = stage.provider.world.store();
    let alice = store.user_by_email(&ALICE.parse().unwrap()).await.unwrap();
    let alice = alice.unwrap().id;
    let standing = async || {
        let held = store.authorization(id).await.unwrap().unwrap();
        let consent = store.consent(&alice, &WEB.parse().unwrap()).await.unwrap();
        let revoked = stage.provider.parts().revoked.has(&id.as_token());
        (held.ended.is_none(), consent.is_some(), !revoked)
    };
    let mut browser = stage.alice();
    let remove = |browser: &mut Browser| {
        let page = browser.get("/account/apps").unwrap();
        let form = page.form("/account/apps/remove").unwrap();
        let page = browser.submit(&form, &[("client", WEB)]).unwrap();
        browser.arrive(page).unwrap()
    };
    assert_eq!(standing().await, (true, true, true));
    let page = remove(&mut browser);
    assert_eq!(
        standing().await,
        (false, false, false),
        "all of it, at once"
    );
    assert!(page.text().contains("Undo (60)"), "{}", page.text());
    let undo = page.form("/account/apps/undo").unwrap();
    let mut later = stage.alice();
    let again = later.submit(&undo, &[]).unwrap();
    assert_eq!(again.status(), 400, "the form is of another session");
    let without = browser.post("/account/apps/undo", &[("removed", "x")]);
    assert_eq!(without.unwrap().status(), 400, "not without the token");
    let nonsense = browser
        .submit(&undo, &[("removed", "bm90IG91cnM")])
        .unwrap();
    assert_eq!(nonsense.location().unwrap(), "/account/apps");
    assert_eq!(standing().await, (false, false, false));

    stage.provider.wait(59);
    let page = browser.submit(&undo, &[]).unwrap();
    let page = browser.arrive(page).unwrap();
    assert!(
        page.text().contains("is connected again"),
        "{}",
        page.text()
    );
    assert_eq!(standing().await, (true, true, true));

    let page = remove(&mut browser);
    let undo = page.form("/account/apps/undo").unwrap();
    stage.provider.wait(60);
    let page = browser.submit(&undo, &[]).unwrap();
    let page = browser.arrive(page).unwrap();
    assert!(page.text().contains("is gone already"), "{}", page.text());
    assert_eq!(standing().await, (false, false, false), "it is too late");
}

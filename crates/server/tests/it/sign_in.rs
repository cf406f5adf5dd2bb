//! `/login` and `/logout`, with a browser.

use std::time::Duration;

use carnet_core::store::AuditFilter;
use carnet_core::store::Page as Part;
use carnet_core::value::UnixTime;
use carnet_server::config::rate::Rate;
use carnet_server::password::Cost;
use carnet_server::password::Hashing;
use carnet_server::web::onward::Onward;
use carnet_server::web::onward::Opened;
use carnet_server::web::onward::Waiting;
use carnet_testkit::browser::Page;
use carnet_testkit::browser::jar::From;
use carnet_testkit::provider::Provider;
use carnet_testkit::world::ALICE;
use carnet_testkit::world::BOB;
use carnet_testkit::world::CAROL;
use carnet_testkit::world::NOW;
use carnet_testkit::world::World;

use crate::house::House;
use crate::house::config;
use crate::people::FORM;
use crate::people::PASSWORD;
use crate::people::SESSION;
use crate::people::Stage;
use crate::people::is_in;
use crate::people::secret;
use crate::people::sign_in;

const AUTHORIZE: &str = "/authorize?client_id=ledgerly&scope=openid&state=a%26b";

fn onward(path: &str) -> Onward {
    Onward::to(path, UnixTime(NOW)).unwrap()
}

fn login(stage: &Stage, onward: &Onward) -> String {
    onward.sign_in(&stage.provider.parts().encryption).unwrap()
}

/// An answer without what differs in every one.
fn alike(page: &Page, email: &str) -> (u16, Vec<String>, String) {
    let varies = [
        "date:",
        "traceparent:",
        "x-trace-id:",
        "trace-id:",
        "content-length:",
    ];
    let fields = page
        .answer
        .head
        .lines()
        .skip(1)
        .map(str::to_ascii_lowercase);
    let fields = fields
        .filter(|line| !varies.iter().any(|name| line.starts_with(name)))
        .collect();
    (page.status(), fields, page.text().replace(email, "EMAIL"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_signs_in_and_out() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    let page = browser.get("/login").unwrap();
    assert_eq!(
        (page.status(), page.answer.field("cache-control")),
        (200, Some("no-store"))
    );
    let form = page.form("/login").unwrap();
    assert!(form.has("csrf") && form.has("email") && form.has("password") && !form.has("request"));
    let page = browser.sign_in(&page, ALICE, PASSWORD).unwrap();
    assert_eq!(
        (page.status(), page.answer.field("cache-control")),
        (303, Some("no-store"))
    );
    assert!(page.location().unwrap().starts_with('/'));
    assert!(browser.jar.find(FORM).is_none(), "its work is done");
    assert!(is_in(&mut browser), "who is signed in goes on");

    let page = browser.get("/logout").unwrap();
    assert!(page.says(ALICE));
    let form = page.form("/logout").unwrap();
    let stays = browser.submit(&form, &[("decision", "stay")]).unwrap();
    assert_eq!(stays.status(), 303);
    assert!(is_in(&mut browser));
    let before = secret(&browser);
    let page = browser.submit(&form, &[("decision", "sign_out")]).unwrap();
    assert_eq!(page.status(), 200);
    assert!(browser.jar.find(SESSION).is_none());
    browser.jar.plant(SESSION, &before);
    assert!(!is_in(&mut browser), "the secret is worth nothing any more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn security_a_link_signs_nobody_out() {
    let stage = Stage::new().await;
    let mut browser = stage.alice();
    for path in [
        "/logout",
        "/logout?decision=sign_out",
        "/logout?csrf=x&decision=sign_out",
    ] {
        assert_eq!(browser.follow_foreign_link(path).unwrap().status(), 200);
    }
    let elsewhere = [("decision", "sign_out")];
    browser.post_from_elsewhere("/logout", &elsewhere).unwrap();
    browser.post("/logout", &elsewhere).unwrap();
    assert!(is_in(&mut browser));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lesson_45_the_cookies_are_for_this_host_over_tls_and_no_script() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    let page = browser.get("/login").unwrap();
    let form = browser.jar.find(FORM).unwrap().clone();
    assert!(form.secure && form.http_only && form.expires.is_none());
    browser.sign_in(&page, ALICE, PASSWORD).unwrap();
    let session = browser.jar.find(SESSION).unwrap().clone();
    assert!(session.secure && session.http_only);
    assert_eq!(
        (session.path.as_str(), session.same_site.as_str()),
        ("/", "Lax")
    );
    assert_eq!(session.expires, Some(90 * 86_400));
    assert!(session.value.starts_with("crn_se_") && session.value.len() > 50);
    assert_eq!(browser.jar.refused(), Vec::<String>::new());
    browser.jar.close();
    assert!(is_in(&mut browser), "a session outlives the window");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn security_nobody_and_a_wrong_password_are_one_answer() {
    let stage = Stage::new().await;
    let answer = |email: &str| {
        let mut browser = stage.browser();
        let page = browser.get("/login").unwrap();
        browser
            .jar
            .plant(FORM, &browser.jar.find(FORM).unwrap().value.clone());
        let page = browser.sign_in(&page, email, "wrong").unwrap();
        assert!(browser.jar.find(SESSION).is_none());
        let csrf = page
            .form("/login")
            .unwrap()
            .field("csrf")
            .unwrap()
            .to_owned();
        let (status, fields, text) = alike(&page, email);
        (status, fields, text.replace(&csrf, "CSRF"))
    };
    let wrong = answer(ALICE);
    assert_eq!(wrong.0, 401);
    assert_eq!(answer("nobody@acme.example"), wrong);
    assert_eq!(answer(BOB), wrong, "Bob has no password");
    assert_eq!(
        answer(CAROL),
        wrong,
        "Carol is suspended, and has none either"
    );
    assert_eq!(answer("no address"), wrong);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ux_w1_a_suspension_is_told_after_the_right_password_only() {
    let stage = Stage::new().await;
    stage.provider.give_password(CAROL, PASSWORD).await;
    let mut browser = stage.browser();
    assert_eq!(sign_in(&mut browser, CAROL, "wrong").status(), 401);
    let page = sign_in(&mut browser, CAROL, PASSWORD);
    assert_eq!(page.status(), 403);
    assert!(browser.jar.find(SESSION).is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn security_a_form_without_the_token_of_this_browser_does_nothing() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    let page = browser.get("/login").unwrap();
    let own = page
        .form("/login")
        .unwrap()
        .field("csrf")
        .unwrap()
        .to_owned();
    let mut other = stage.browser();
    let page = other.get("/login").unwrap();
    let foreign = page
        .form("/login")
        .unwrap()
        .field("csrf")
        .unwrap()
        .to_owned();
    let logout = stage.alice().get("/logout").unwrap();
    let logout = logout
        .form("/logout")
        .unwrap()
        .field("csrf")
        .unwrap()
        .to_owned();
    let credentials = [("email", ALICE), ("password", PASSWORD)];
    for csrf in ["", "x", foreign.as_str(), logout.as_str(), &own[1..]] {
        let mut fields = credentials.to_vec();
        fields.push(("csrf", csrf));
        let page = browser.post("/login", &fields).unwrap();
        assert_eq!(page.status(), 400, "{csrf:?}");
        assert!(browser.jar.find(SESSION).is_none());
    }
    let mut fields = credentials.to_vec();
    assert_eq!(browser.post("/login", &fields).unwrap().status(), 400);
    fields.push(("csrf", &own));
    let page = browser.post_from_elsewhere("/login", &fields).unwrap();
    assert_eq!(
        (page.status(), page.answer.field("set-cookie")),
        (403, None)
    );
    assert!(browser.jar.find(SESSION).is_none());
    let page = browser.post("/login", &fields).unwrap();
    assert_eq!(
        page.status(),
        303,
        "the browser's own token is good all the time"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lesson_26_nobody_keeps_a_secret_that_somebody_planted() {
    let stage = Stage::new().await;
    stage
        .provider
        .give_password(BOB, "bob's own password")
        .await;
    let mut mallory = stage.browser();
    sign_in(&mut mallory, BOB, "bob's own password");
    let planted = secret(&mallory);
    let mut victim = stage.browser();
    let page = victim.get("/login").unwrap();
    victim.jar.plant(SESSION, &planted);
    victim.sign_in(&page, ALICE, PASSWORD).unwrap();
    assert_ne!(secret(&victim), planted);
    assert!(is_in(&mut victim));
    assert!(!is_in(&mut mallory), "what was planted is over");

    let first = secret(&victim);
    let again = login(&stage, &onward(AUTHORIZE).anew());
    let page = victim.get(&again).unwrap();
    victim.sign_in(&page, ALICE, PASSWORD).unwrap();
    assert_ne!(
        secret(&victim),
        first,
        "each sign-in has a secret of its own"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_goes_on_to_where_they_were_going() {
    let stage = Stage::new().await;
    for path in ["/device?user_code=BCDF-GHJK", "/account/devices"] {
        let mut browser = stage.browser();
        let page = browser.get(&login(&stage, &onward(path))).unwrap();
        assert!(page.form("/login").unwrap().has("request"));
        let page = browser.sign_in(&page, ALICE, PASSWORD).unwrap();
        assert_eq!((page.status(), page.location()), (303, Some(path)));
        let page = browser.get(&login(&stage, &onward(path))).unwrap();
        assert_eq!(
            (page.status(), page.location()),
            (303, Some(path)),
            "at once"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_authorization_request_learns_that_it_was_answered() {
    let stage = Stage::new().await;
    let key = &stage.provider.parts().encryption;
    let asked = onward(AUTHORIZE).for_app(Waiting {
        name: "Ledgerly".to_owned(),
        host: Some("ledgerly.app".to_owned()),
        destination: "https://ledgerly.app".to_owned(),
    });
    let mut browser = stage.browser();
    let page = browser.get(&login(&stage, &asked)).unwrap();
    assert!(page.says("Ledgerly") && page.says("ledgerly.app"));
    let policy = page.answer.field("content-security-policy").unwrap();
    assert!(
        policy.contains("form-action 'self' https://ledgerly.app;"),
        "{policy}"
    );
    let wrong = browser.sign_in(&page, ALICE, "wrong").unwrap();
    assert!(wrong.says("Ledgerly"), "a wrong password loses nothing");
    let page = browser.sign_in(&wrong, ALICE, PASSWORD).unwrap();
    let sealed = page
        .location()
        .unwrap()
        .strip_prefix("/authorize?r=")
        .unwrap();
    let Ok(Opened::Good(answered)) = Onward::open(key, sealed, UnixTime(NOW)) else {
        panic!("not ours: {sealed}");
    };
    assert_eq!(answered.path(), AUTHORIZE);
    let digest = carnet_core::value::Secret::new(secret(&browser)).digest();
    let store = stage.provider.world.store();
    let session = store.session_by_digest(digest).await.unwrap().unwrap();
    assert!(answered.is_answered_by(&session));
    assert!(!asked.is_answered_by(&session));
    let mut other = stage.alice();
    assert!(is_in(&mut other));
    let digest = carnet_core::value::Secret::new(secret(&other)).digest();
    let session = store.session_by_digest(digest).await.unwrap().unwrap();
    assert!(!answered.is_answered_by(&session), "not by another session");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_must_show_again_who_they_are_is_asked_for_the_password_only() {
    let stage = Stage::new().await;
    let mut browser = stage.alice();
    let again = login(&stage, &onward(AUTHORIZE).anew());
    let page = browser.get(&again).unwrap();
    assert_eq!(page.status(), 200);
    let form = page.form("/login").unwrap();
    assert_eq!(form.field("email"), Some(ALICE));
    let switch = page
        .links()
        .into_iter()
        .find(|link| link.contains("switch=1"));
    let other = browser.get(&switch.unwrap()).unwrap();
    assert_eq!(other.form("/login").unwrap().field("email"), Some(""));
    let page = browser.submit(&form, &[("password", PASSWORD)]).unwrap();
    assert!(page.location().unwrap().starts_with("/authorize?r="));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ux_w1_a_request_that_is_too_old_is_one_click_away() {
    let stage = Stage::new().await;
    let path = login(&stage, &onward(AUTHORIZE));
    let mut browser = stage.browser();
    let page = browser.get(&path).unwrap();
    stage.provider.wait(3_600);
    let late = browser.get(&path).unwrap();
    assert_eq!(late.status(), 400);
    assert!(
        late.links().contains(&AUTHORIZE.to_owned()),
        "{:?}",
        late.links()
    );
    let late = browser.sign_in(&page, ALICE, PASSWORD).unwrap();
    assert_eq!(late.status(), 400, "nothing was done with the password");
    assert!(late.links().contains(&AUTHORIZE.to_owned()));
    assert!(browser.jar.find(SESSION).is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lesson_3_a_way_onward_that_is_none_of_ours_leads_nowhere() {
    let stage = Stage::new().await;
    let mut browser = stage.alice();
    let known = browser
        .jar
        .find("__Host-carnet-known")
        .unwrap()
        .value
        .clone();
    let good = login(&stage, &onward(AUTHORIZE));
    let good = good.strip_prefix("/login?r=").unwrap();
    let key = &stage.provider.parts().encryption;
    let sealed = |place: &str| {
        let text = br#"{"p":"https://evil.test/","t":1775121058}"#;
        carnet_jose::base64url::encode(key.seal(text, place).unwrap())
    };
    browser.jar.forget(SESSION);
    for forged in [
        "https%3A%2F%2Fevil.test%2F",
        "%2F%2Fevil.test",
        "/account",
        known.as_str(),
        sealed("authorization code").as_str(),
        sealed("").as_str(),
        &good[..good.len() - 1],
        &good[1..],
        &"A".repeat(32_000),
    ] {
        let page = browser.get(&format!("/login?r={forged}")).unwrap();
        assert_eq!((page.status(), page.location()), (400, None), "{forged}");
        assert!(!page.text().contains("evil"), "{forged}");
        let page = browser.get("/login").unwrap();
        let form = page.form("/login").unwrap();
        let filled = [
            ("email", ALICE),
            ("password", PASSWORD),
            ("request", forged),
        ];
        let page = browser.submit(&form, &filled).unwrap();
        assert_eq!((page.status(), page.location()), (400, None), "{forged}");
        assert!(browser.jar.find(SESSION).is_none());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ux_w1_a_stale_tab_goes_on_when_its_person_is_signed_in() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    let first = browser.get(&login(&stage, &onward("/device"))).unwrap();
    let second = browser.get("/login").unwrap();
    browser.sign_in(&second, ALICE, PASSWORD).unwrap();
    let page = browser.sign_in(&first, ALICE, PASSWORD).unwrap();
    assert_eq!((page.status(), page.location()), (303, Some("/device")));

    let mut browser = stage.browser();
    let old = browser.get(&login(&stage, &onward("/device"))).unwrap();
    browser.jar.forget(FORM);
    let page = browser.sign_in(&old, ALICE, PASSWORD).unwrap();
    assert_eq!(page.status(), 400);
    assert!(!page.text().contains(PASSWORD));
    let page = browser.sign_in(&page, ALICE, PASSWORD).unwrap();
    assert_eq!(
        page.location(),
        Some("/device"),
        "the form that comes back is good"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lesson_43_who_guesses_waits_whatever_they_type() {
    let stage = Stage::new().await;
    let mut guesser = stage.browser();
    for email in [
        ALICE,
        "Alice@Acme.Example",
        " alice@acme.example ",
        ALICE,
        ALICE,
    ] {
        assert_eq!(sign_in(&mut guesser, email, "wrong").status(), 401);
    }
    let page = sign_in(&mut guesser, ALICE, PASSWORD);
    assert_eq!(
        (page.status(), page.answer.field("retry-after")),
        (429, Some("1"))
    );
    assert!(
        guesser.jar.find(SESSION).is_none(),
        "the right one is not looked at"
    );
    stage.provider.wait(1);
    assert_eq!(sign_in(&mut guesser, ALICE, "wrong").status(), 401);
    let page = sign_in(&mut guesser, ALICE, PASSWORD);
    assert_eq!(
        (page.status(), page.answer.field("retry-after")),
        (429, Some("2"))
    );
    stage.provider.wait(2);
    assert_eq!(sign_in(&mut guesser, ALICE, PASSWORD).status(), 303);
    assert_eq!(
        sign_in(&mut stage.browser(), ALICE, "wrong").status(),
        401,
        "all is forgotten"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lesson_43_a_browser_that_is_known_has_a_counter_of_its_own() {
    let stage = Stage::new().await;
    let mut known = stage.alice();
    known.jar.forget(SESSION);
    let mut guesser = stage.browser();
    for _ in 0..6 {
        sign_in(&mut guesser, ALICE, "wrong");
    }
    assert_eq!(sign_in(&mut stage.browser(), ALICE, PASSWORD).status(), 429);
    assert_eq!(sign_in(&mut known, ALICE, PASSWORD).status(), 303);
    let mut nobody = stage.browser();
    for _ in 0..5 {
        assert_eq!(
            sign_in(&mut nobody, "nobody@acme.example", "wrong").status(),
            401
        );
    }
    let page = sign_in(&mut nobody, "nobody@acme.example", "wrong");
    assert_eq!(page.status(), 429, "who is not there waits as well");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn security_too_many_at_a_time_are_told_to_come_back() {
    let busy = Hashing {
        cost: Cost::new(131_072, 10).unwrap(),
        threads: 1,
        queue: 1,
        wait: Duration::from_millis(1),
    };
    let provider = Provider::hashing(World::new().await, Rate::off(), busy).await;
    let house = House::of(provider.front(), config());
    let stage = Stage { provider, house };
    let mut browser = stage.browser();
    let page = sign_in(&mut browser, "nobody@acme.example", "wrong");
    assert_eq!(
        (page.status(), page.answer.field("retry-after")),
        (503, Some("2"))
    );
    for _ in 0..10 {
        sign_in(&mut browser, "nobody@acme.example", "wrong");
    }
    let page = sign_in(&mut browser, "nobody@acme.example", "wrong");
    assert_eq!(page.status(), 503, "what was not looked at does not count");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn security_what_is_no_form_is_answered_and_nothing_breaks() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    let mut ask = |method: &str, body: &[u8]| {
        let page = browser.request(method, "/login", From::Here, body).unwrap();
        (page.status(), page.answer.body.len())
    };
    assert_eq!(ask("HEAD", b""), (200, 0));
    for method in ["PUT", "DELETE", "PATCH"] {
        assert_eq!(ask(method, b"").0, 405, "{method}");
    }
    assert_eq!(ask("POST", &vec![b'a'; 70_000]).0, 413);
    assert_eq!(ask("POST", b"email=a&email=b").0, 400);
    assert_eq!(ask("POST", b"email=%FF").0, 400);
    assert_eq!(ask("POST", b"email=%").0, 400);
    assert_eq!(ask("POST", "a=b&".repeat(100).as_bytes()).0, 400);
    assert_eq!(ask("POST", b"").0, 400);
    let page = browser.get("/login").unwrap();
    let long = "x".repeat(30_000);
    let page = browser.sign_in(&page, &long, &long).unwrap();
    assert_eq!(page.status(), 401);
    assert!(
        page.answer.body.len() < 20_000,
        "it is not repeated at length"
    );
    let page = browser
        .sign_in(&page, "<script>alert(1)</script>", "x")
        .unwrap();
    assert!(!page.text().contains("<script>alert"));
    let page = browser.sign_in(&page, ALICE, "").unwrap();
    assert_eq!(page.status(), 400, "nothing was typed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn security_the_log_tells_who_came_who_did_not_and_who_left() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    sign_in(&mut browser, ALICE, "wrong, and secret");
    sign_in(&mut browser, "typed-by-mistake", "wrong, and secret");
    sign_in(&mut browser, ALICE, PASSWORD);
    let page = browser.get("/logout").unwrap();
    let form = page.form("/logout").unwrap();
    let value = secret(&browser);
    browser.submit(&form, &[("decision", "sign_out")]).unwrap();
    stage.provider.settle().await;
    let store = stage.provider.world.store();
    let entries = store
        .audit(&AuditFilter::default(), &Part::first(20))
        .await
        .unwrap();
    let told: Vec<_> = entries
        .items
        .iter()
        .map(|entry| entry.draft.action.as_str())
        .filter(|action| action.starts_with("session."))
        .collect();
    let mut sorted = told.clone();
    sorted.sort_unstable();
    assert_eq!(
        sorted,
        [
            "session.begin",
            "session.end",
            "session.refuse",
            "session.refuse"
        ],
        "{told:?}"
    );
    let text = format!("{:?}", entries.items);
    for kept_back in ["wrong, and secret", "typed-by-mistake", PASSWORD, &value] {
        assert!(!text.contains(kept_back), "{kept_back} is in the log");
    }
    let begin = entries
        .items
        .iter()
        .find(|entry| entry.draft.action == "session.begin");
    let begin = &begin.unwrap().draft;
    assert_eq!(begin.actor, format!("user:{}", begin.target));
    assert_eq!(begin.address, "127.0.0.1");
}

//! The person's pages (RFC 8628 section 3.3, 5.1 and 5.4).

use axum::http::StatusCode;
use carnet_server::config::rate::Rate;
use carnet_server::password::Hashing;
use carnet_testkit::provider::Provider;
use carnet_testkit::world::ALICE;
use carnet_testkit::world::READ;

use super::tv::TV;
use super::tv::Tv;
use super::tv::refused;
use super::tv::world_with_tv;
use crate::code::actor::field;
use crate::code::actor::member;
use crate::house::House;
use crate::house::config;
use crate::people::PASSWORD;
use crate::people::Stage;

const WRONG: &str = "That code is not right or has expired.";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rfc8628_3_3_1_a_link_with_the_code_leads_through_the_sign_in_and_only_fills_the_field() {
    let provider = Provider::hashing(world_with_tv().await, Rate::off(), Hashing::cheapest()).await;
    provider.give_password(ALICE, PASSWORD).await;
    let house = House::of(provider.front(), config());
    let stage = Stage { provider, house };
    let form = [("client_id", TV), ("scope", READ)];
    let asked = stage.provider.post("/device_authorization", &form).await;
    let link = member(&asked, "verification_uri_complete");
    let code = member(&asked, "user_code");
    let mut browser = stage.browser();
    let path = link.split_once(".example").unwrap().1;
    let page = browser.follow_foreign_link(path).unwrap();
    let page = browser.arrive(page).unwrap();
    assert!(!page.says(&code), "nothing is told of the code");
    let page = browser.sign_in(&page, ALICE, PASSWORD).unwrap();
    let page = browser.arrive(page).unwrap();
    let form = page.form("/device").unwrap();
    let page = browser.submit(&form, &[]).unwrap();
    assert!(page.says(&code) && page.says("Runboard TV") && page.says(ALICE));
    let form = page.form("/device/confirm").unwrap();
    let done = browser.submit(&form, &[("decision", "allow")]).unwrap();
    assert_eq!(done.status(), 200, "{}", done.text());
    assert!(done.says("Your device is connected"));
    let token = [
        ("grant_type", super::tv::DEVICE_CODE),
        ("device_code", &member(&asked, "device_code")),
        ("client_id", TV),
    ];
    let tokens = stage.provider.post("/token", &token).await;
    assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.body);
}

#[tokio::test]
async fn rfc8628_6_1_a_code_is_taken_however_it_is_typed() {
    let tv = Tv::new().await;
    let codes = tv.codes(READ).await;
    let plain = codes.user.replace('-', "");
    for typed in [
        plain.to_lowercase(),
        format!(" {} ", codes.user),
        plain.split("").collect::<Vec<_>>().join("-"),
    ] {
        let page = tv.enter(&typed).await;
        assert_eq!(page.status, StatusCode::OK, "{typed}: {}", page.body);
        assert!(page.body.contains(&codes.user), "as the device shows it");
    }
}

#[tokio::test]
async fn rfc8628_5_4_the_page_between_tells_the_story_each_time() {
    let tv = Tv::new().await;
    for _ in 0..2 {
        let codes = tv.codes(&format!("{READ} offline_access")).await;
        tv.actor.provider.wait(120);
        let page = tv.enter(&codes.user).await;
        for told in [
            codes.user.as_str(),
            "Runboard TV",
            "2 min ago",
            "Only continue if you started this on a device in front of you",
            "If somebody else sent you this code",
            ALICE,
            "Keep access when you are away",
        ] {
            assert!(page.body.contains(told), "{told}: {}", page.body);
        }
        assert_eq!(page.headers["cache-control"], "no-store");
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        tv.allow(&codes).await;
    }
}

#[tokio::test]
async fn rfc8628_3_3_wrong_expired_and_answered_codes_are_one_page() {
    let tv = Tv::new().await;
    let (answered, expired) = (tv.codes(READ).await, tv.codes(READ).await);
    tv.allow(&answered).await;
    tv.actor.provider.wait(900);
    for typed in ["BBBB-BBBB", "what?", &answered.user, &expired.user] {
        let page = tv.enter(typed).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{typed}");
        assert!(page.body.contains(WRONG), "{typed}: {}", page.body);
    }
    let empty = tv.enter("  ").await;
    assert_eq!(empty.status, StatusCode::BAD_REQUEST);
    assert!(!empty.body.contains(WRONG));
}

#[tokio::test]
async fn rfc8628_5_1_who_guesses_waits_longer_and_longer() {
    let tv = Tv::new().await;
    let codes = tv.codes(READ).await;
    for _ in 0..5 {
        let page = tv.enter("BBBB-BBBB").await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
    }
    let slow = tv.enter(&codes.user).await;
    assert_eq!(
        slow.status,
        StatusCode::TOO_MANY_REQUESTS,
        "even a right one"
    );
    assert_eq!(slow.headers["retry-after"], "1");
    tv.actor.provider.wait(1);
    assert_eq!(tv.enter("BBBB-BBBB").await.status, StatusCode::BAD_REQUEST);
    let slow = tv.enter("BBBB-BBBB").await;
    assert_eq!(slow.headers["retry-after"], "2");
    tv.actor.provider.wait(2);
    let right = tv.enter(&codes.user).await;
    assert_eq!(right.status, StatusCode::OK, "{}", right.body);
    let wrong = tv.enter("BBBB-BBBB").await;
    let waits = StatusCode::TOO_MANY_REQUESTS;
    assert_eq!(wrong.status, waits, "a right one makes nobody forget");
    // The page with the answer is no way around.
    let csrf = field(&right, "csrf");
    let guess = [
        ("csrf", csrf.as_str()),
        ("user_code", "CCCC-CCCC"),
        ("decision", "deny"),
    ];
    let guessed = tv.actor.post("/device/confirm", &guess).await;
    assert_eq!(guessed.status, waits);
    tv.actor.provider.wait(3_600);
    assert_eq!(tv.enter("BBBB-BBBB").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn lesson_7_a_form_of_another_session_answers_nothing() {
    let tv = Tv::new().await;
    let codes = tv.codes(READ).await;
    for (path, decision) in [("/device", ""), ("/device/confirm", "allow")] {
        let fields = [
            ("csrf", "rubbish"),
            ("user_code", codes.user.as_str()),
            ("decision", decision),
        ];
        let page = tv.actor.post(path, &fields).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{}", page.body);
        let csrf = field(&page, "csrf");
        assert_ne!(csrf, "rubbish", "the page can be sent again");
    }
    let pending = "authorization_pending";
    refused(&tv.poll(&codes).await, StatusCode::BAD_REQUEST, pending, "");
}

#[tokio::test]
async fn rfc8628_3_3_the_first_answer_stands() {
    let tv = Tv::new().await;
    let codes = tv.codes(READ).await;
    let page = tv.enter(&codes.user).await;
    let csrf = field(&page, "csrf");
    let answer = |decision| {
        [
            ("csrf", csrf.as_str()),
            ("user_code", codes.user.as_str()),
            ("decision", decision),
        ]
    };
    let odd = tv.actor.post("/device/confirm", &answer("maybe")).await;
    assert_eq!(odd.status, StatusCode::SEE_OTHER);
    let denied = tv.actor.post("/device/confirm", &answer("deny")).await;
    assert_eq!(denied.status, StatusCode::OK);
    let late = tv.actor.post("/device/confirm", &answer("allow")).await;
    assert!(late.body.contains(WRONG), "{}", late.body);
    let poll = tv.poll(&codes).await;
    refused(&poll, StatusCode::BAD_REQUEST, "access_denied", "CRN-1505");
}

#[tokio::test]
async fn who_is_not_signed_in_is_sent_to_do_that_first() {
    let mut tv = Tv::new().await;
    tv.actor.cookie.clear();
    for path in ["/device", "/device?user_code=BBBB-BBBB"] {
        let answer = tv.actor.get(path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let to = answer.headers["location"].to_str().unwrap();
        assert!(to.starts_with("/login?r="), "{to}");
    }
    for path in ["/device", "/device/confirm"] {
        let answer = tv.actor.post(path, &[("user_code", "BBBB-BBBB")]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
    }
}

//! Who is refused too often, over sockets: 429, and nobody else notices.

use carnet_core::store::AuditFilter;
use carnet_core::store::Page;
use carnet_jose::base64url;
use carnet_server::config::rate::Quota;
use carnet_server::config::rate::Rate;
use carnet_testkit::provider::Provider;
use carnet_testkit::world::World;

use crate::device::tv::world_with_tv;
use crate::house::House;
use crate::house::config;

/// One more in a minute, so that no test is slow enough to get it.
#[expect(
    clippy::unnecessary_wraps,
    reason = "every field of the limits wants it so"
)]
fn quota(burst: u32) -> Option<Quota> {
    Some(Quota {
        per_minute: 1,
        burst,
    })
}

/// A server behind a proxy on this machine, which says who asks.
struct Served {
    provider: Provider,
    house: House,
}

impl Served {
    async fn with(rate: Rate) -> Self {
        Self::over(World::new().await, rate).await
    }

    async fn over(world: World, rate: Rate) -> Self {
        let provider = Provider::limited(world, rate).await;
        let mut config = config();
        config.trusted_proxies = carnet_server::http::client_address::TrustedProxies::new(vec![
            "127.0.0.1".parse().unwrap(),
        ]);
        let house = House::of(provider.front(), config);
        Self { provider, house }
    }

    async fn ask(&self, from: &str, method: &str, path: &str, form: &str) -> String {
        let kind = "Content-Type: application/x-www-form-urlencoded";
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Forwarded-For: {from}\r\n\
             {kind}\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        );
        self.house.say(request).await
    }

    async fn redeem(&self, from: &str, assertion: &str) -> String {
        let grant = "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer";
        let form = format!("grant_type={grant}&assertion={assertion}");
        self.ask(from, "POST", "/token", &form).await
    }

    fn good(&self) -> String {
        self.provider.world.sign(&self.provider.world.claims())
    }
}

#[track_caller]
fn status(answer: &str, wanted: u16) {
    assert!(
        answer.starts_with(&format!("HTTP/1.1 {wanted} ")),
        "{wanted}: {answer}"
    );
}

#[tokio::test]
async fn rfc6585_4_an_address_that_is_refused_too_often_is_turned_away_and_others_are_not() {
    let rate = Rate {
        refusals: quota(3),
        ..Rate::off()
    };
    let served = Served::with(rate).await;
    for path in ["/token", "/introspect", "/revoke"] {
        let answer = served.ask("192.0.2.1", "POST", path, "a=b").await;
        assert!(answer.starts_with("HTTP/1.1 40"), "{answer}");
    }
    let answer = served.redeem("192.0.2.1", &served.good()).await;
    status(&answer, 429);
    assert!(answer.contains("\r\nretry-after: 60\r\n"), "{answer}");
    assert!(
        answer.contains("\r\nratelimit: \"refusals\";r=0;t=60\r\n"),
        "{answer}"
    );
    assert!(answer.contains("CRN-5003: Try again in 60 s."), "{answer}");
    for path in [
        "/introspect",
        "/revoke",
        "/oauth2/v4/token",
        "/admin/v1/whoami",
    ] {
        status(&served.ask("192.0.2.1", "POST", path, "").await, 429);
    }
    let problem = served.ask("192.0.2.1", "GET", "/admin/v1/whoami", "").await;
    status(&problem, 429);
    assert!(problem.contains("application/problem+json"), "{problem}");
    assert!(problem.contains("\r\nretry-after: 60\r\n"), "{problem}");
    status(
        &served.ask("192.0.2.1", "GET", "/e/CRN-5003", "").await,
        200,
    );
    status(&served.ask("192.0.2.1", "GET", "/jwks", "").await, 200);
    status(&served.redeem("192.0.2.2", &served.good()).await, 200);
}

#[tokio::test]
async fn who_does_everything_right_is_never_limited() {
    let rate = Rate {
        refusals: quota(1),
        named: quota(1),
        ..Rate::off()
    };
    let served = Served::with(rate).await;
    for _ in 0..20 {
        status(&served.redeem("192.0.2.1", &served.good()).await, 200);
    }
}

#[tokio::test]
async fn an_ipv6_network_shares_what_its_addresses_did() {
    let rate = Rate {
        refusals: quota(2),
        ..Rate::off()
    };
    let served = Served::with(rate).await;
    for host in 1..=2 {
        let from = format!("2001:db8:1:2::{host}");
        status(&served.ask(&from, "POST", "/token", "a=b").await, 400);
    }
    status(
        &served.ask("2001:db8:1:2::9", "POST", "/token", "").await,
        429,
    );
    status(
        &served.ask("2001:db8:1:3::9", "POST", "/token", "").await,
        400,
    );
}

#[tokio::test]
async fn refusals_in_the_name_of_an_account_do_not_lock_it_out() {
    let rate = Rate {
        named: quota(3),
        ..Rate::off()
    };
    let served = Served::with(rate).await;
    let good = served.good();
    let (signed, _) = good.rsplit_once('.').unwrap();
    let forged = format!("{signed}.{}", "A".repeat(342));
    for _ in 0..3 {
        status(&served.redeem("192.0.2.1", &forged).await, 400);
    }
    let answer = served.redeem("192.0.2.1", &forged).await;
    status(&answer, 429);
    assert!(
        answer.contains("\r\nratelimit: \"named\";r=0;t=60\r\n"),
        "{answer}"
    );
    status(&served.redeem("192.0.2.2", &good).await, 200);
    // Another name from the same address is another matter.
    let mut claims = served.provider.world.claims();
    claims["iss"] = "somebody@else.iam.gserviceaccount.com".into();
    let other = served.provider.world.sign(&claims);
    status(&served.redeem("192.0.2.1", &other).await, 400);
}

/// A service identity is the account: who guesses under one name guesses under both.
#[tokio::test]
async fn google_wire_8_4_refusals_count_for_the_account_under_either_of_its_names() {
    let rate = Rate {
        named: quota(3),
        ..Rate::off()
    };
    let served = Served::with(rate).await;
    let identity = "system:serviceaccount:billing:invoice-sync";
    let claims = format!(r#"{{"iss":"{identity}","sub":"{identity}"}}"#);
    let parts = [r#"{"alg":"ES256"}"#, claims.as_str(), &"x".repeat(64)];
    let forged = parts.map(base64url::encode).join(".");
    let form = format!(
        "grant_type=urn:ietf:params:oauth:token-type:token-exchange&audience=x:y&subject_token={forged}\
         &subject_token_type=urn:k8s:params:oauth:token-type:serviceaccount"
    );
    for _ in 0..3 {
        status(&served.ask("192.0.2.1", "POST", "/token", &form).await, 400);
    }
    status(&served.ask("192.0.2.1", "POST", "/token", &form).await, 429);
    status(&served.redeem("192.0.2.1", &served.good()).await, 429);
    status(&served.redeem("192.0.2.2", &served.good()).await, 200);
}

#[tokio::test]
async fn an_operator_may_limit_all_requests_of_an_address() {
    let rate = Rate {
        requests: quota(3),
        ..Rate::off()
    };
    let served = Served::with(rate).await;
    for path in ["/jwks", "/", "/jwks"] {
        status(&served.ask("192.0.2.1", "GET", path, "").await, 200);
    }
    let answer = served.ask("192.0.2.1", "GET", "/jwks", "").await;
    status(&answer, 429);
    assert!(answer.contains("\"requests\";r=0;t=60"), "{answer}");
    status(&served.ask("192.0.2.2", "GET", "/jwks", "").await, 200);
}

#[tokio::test]
async fn a_flood_that_is_turned_away_is_one_entry_in_the_audit_log() {
    let rate = Rate {
        refusals: quota(2),
        ..Rate::off()
    };
    let served = Served::with(rate).await;
    for _ in 0..30 {
        served.ask("192.0.2.1", "POST", "/token", "a=b").await;
    }
    served.provider.settle().await;
    let store = served.provider.world.store();
    let entries = store
        .audit(&AuditFilter::default(), &Page::first(100))
        .await;
    let entries = entries.unwrap().items;
    let of = |action: &str| {
        let found = entries.iter().filter(|entry| entry.draft.action == action);
        found.map(|entry| entry.draft.clone()).collect::<Vec<_>>()
    };
    assert_eq!(of("token.refuse").len(), 2, "each refusal has its own");
    let [turned] = &of("request.turn_away")[..] else {
        panic!("one entry: {entries:?}")
    };
    assert_eq!(turned.detail, r#"{"count":28}"#);
    assert_eq!(
        (turned.target.as_str(), turned.address.as_str()),
        ("refusals", "192.0.2.1")
    );
}

#[tokio::test]
async fn who_tries_tokens_or_setup_links_is_turned_away_too() {
    for path in [
        "/tokeninfo?access_token=x",
        "/oauth2/v2/tokeninfo",
        "/setup?t=x",
    ] {
        let rate = Rate {
            refusals: quota(2),
            ..Rate::off()
        };
        let served = Served::with(rate).await;
        for _ in 0..2 {
            let answer = served.ask("192.0.2.1", "GET", path, "").await;
            assert!(answer.starts_with("HTTP/1.1 40"), "{answer}");
        }
        status(&served.ask("192.0.2.1", "GET", path, "").await, 429);
        status(&served.ask("192.0.2.1", "POST", "/token", "").await, 429);
    }
}

#[tokio::test]
async fn a_person_who_is_turned_away_sees_a_page_and_a_program_does_not() {
    let rate = Rate {
        refusals: quota(1),
        ..Rate::off()
    };
    let served = Served::with(rate).await;
    status(&served.ask("192.0.2.1", "POST", "/token", "").await, 400);
    let look = |path: &str| {
        format!(
            "GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Forwarded-For: 192.0.2.1\r\n\
             Accept: text/html, image/gif, */*; q=.2\r\n\r\n"
        )
    };
    let page = served.house.say(look("/setup?t=x")).await;
    status(&page, 429);
    for line in [
        "content-type: text/html; charset=utf-8",
        "retry-after: 60",
        "ratelimit: \"refusals\";r=0;t=60",
        "cache-control: no-store",
    ] {
        assert!(page.contains(&format!("\r\n{line}\r\n")), "{line}: {page}");
    }
    assert!(page.contains("CRN-5003"), "{page}");
    // Java says that it accepts HTML wherever it is not told otherwise.
    for path in ["/token", "/tokeninfo"] {
        let answer = served.house.say(look(path)).await;
        status(&answer, 429);
        assert!(answer.contains("application/json"), "{answer}");
    }
}

#[tokio::test]
async fn rfc8628_5_1_an_address_gets_so_many_codes_for_devices() {
    let rate = Rate {
        devices: quota(3),
        ..Rate::off()
    };
    let served = Served::over(world_with_tv().await, rate).await;
    let ask = |from| served.ask(from, "POST", "/device_authorization", "client_id=tv");
    for _ in 0..3 {
        status(&ask("192.0.2.1").await, 200);
    }
    let often = ask("192.0.2.1").await;
    status(&often, 429);
    assert!(
        often.contains("\r\nratelimit: \"devices\";r=0;t=60\r\n"),
        "{often}"
    );
    assert!(often.contains("\r\nretry-after: 60\r\n"), "{often}");
    status(&ask("192.0.2.2").await, 200);
}

#[tokio::test]
async fn rfc8628_3_5_a_device_that_waits_as_it_was_told_uses_up_nothing() {
    let rate = Rate {
        refusals: quota(1),
        ..Rate::off()
    };
    let served = Served::over(world_with_tv().await, rate).await;
    let served = &served;
    let ask =
        |path, form: String| async move { served.ask("192.0.2.1", "POST", path, &form).await };
    let asked = ask("/device_authorization", "client_id=tv".to_owned()).await;
    let (_, code) = asked.split_once("device_code\":\"").unwrap();
    let (code, _) = code.split_once('"').unwrap();
    let grant = "urn:ietf:params:oauth:grant-type:device_code";
    let form = format!("grant_type={grant}&client_id=tv&device_code={code}");
    for _ in 0..3 {
        let poll = ask("/token", form.clone()).await;
        assert!(poll.contains("authorization_pending"), "{poll}");
        served.provider.wait(5);
    }
}

/// capabilities.md 63: each refusal counts somewhere, and says when to come again.
#[tokio::test]
async fn rfc6585_4_pages_on_which_requests_end_count_by_themselves() {
    let rate = Rate {
        refusals: quota(3),
        ..Rate::off()
    };
    let served = Served::with(rate).await;
    let wrong = "/authorize?client_id=nobody&response_type=code";
    for _ in 0..3 {
        status(&served.ask("192.0.2.1", "GET", wrong, "").await, 400);
    }
    let turned = served.ask("192.0.2.1", "GET", wrong, "").await;
    status(&turned, 429);
    assert!(turned.contains("\r\nretry-after: 60\r\n"), "{turned}");
    assert!(
        turned.contains("\r\nratelimit: \"pages\";r=0;t=60\r\n"),
        "{turned}"
    );
    // Programs and people do not keep each other away, and nobody keeps others away.
    status(&served.redeem("192.0.2.1", &served.good()).await, 200);
    status(&served.ask("192.0.2.1", "GET", "/login", "").await, 200);
    status(&served.ask("192.0.2.2", "GET", wrong, "").await, 400);
}

#[tokio::test]
async fn rfc6585_4_each_endpoint_for_programs_turns_away() {
    let rate = Rate {
        refusals: quota(3),
        ..Rate::off()
    };
    let served = Served::with(rate).await;
    for path in ["/par", "/par", "/par"] {
        let answer = served.ask("192.0.2.1", "POST", path, "a=b").await;
        assert!(answer.starts_with("HTTP/1.1 40"), "{answer}");
    }
    for path in [
        "/par",
        "/token",
        "/device_authorization",
        "/userinfo",
        "/register",
        "/register/one",
        "/revoke",
    ] {
        let answer = served.ask("192.0.2.1", "POST", path, "a=b").await;
        status(&answer, 429);
        assert!(answer.contains("\r\nretry-after: 60\r\n"), "{answer}");
        assert!(answer.contains("CRN-5003"), "{answer}");
    }
    status(&served.ask("192.0.2.1", "GET", "/login", "").await, 200);
}

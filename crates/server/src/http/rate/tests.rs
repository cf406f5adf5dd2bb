//! Buckets that fill, empty, and are forgotten.

use std::net::IpAddr;
use std::time::Duration;

use http::HeaderMap;
use tokio::time::Instant;

use super::Key;
use super::Rate;
use super::TooMany;
use crate::config::rate::Quota;

const QUOTA: Option<Quota> = Some(Quota {
    per_minute: 60,
    burst: 3,
});

fn address(text: &str) -> Key {
    Key::address(text.parse::<IpAddr>().unwrap())
}

fn named(name: &str, from: &str) -> Key {
    Key::name_from(name, from.parse().unwrap())
}

#[test]
fn a_burst_is_allowed_and_then_one_per_step() {
    let start = Instant::now();
    let rate = Rate::new(QUOTA, 100, start);
    let at = |millis: u64| rate.take(address("192.0.2.1"), start + Duration::from_millis(millis));
    assert_eq!([at(0), at(0), at(0)], [Ok(()); 3]);
    assert_eq!(
        at(0),
        Err(TooMany {
            wait: Duration::from_secs(1)
        })
    );
    assert_eq!(
        at(400),
        Err(TooMany {
            wait: Duration::from_millis(600)
        }),
        "a no costs nothing"
    );
    assert_eq!(at(1_000), Ok(()));
    assert_eq!(
        at(1_000),
        Err(TooMany {
            wait: Duration::from_secs(1)
        })
    );
    // After a while the whole burst is back, and no more than that.
    assert_eq!([at(60_000), at(60_000), at(60_000)], [Ok(()); 3]);
    assert!(at(60_000).is_err());
}

#[test]
fn an_hourly_allowance_comes_back_in_an_hour_and_not_sooner() {
    let start = Instant::now();
    for (count, step) in [(1, 3_600), (3, 1_200), (60, 60)] {
        let rate = Rate::hourly(Some(count), 100, start);
        let at = |second: u64| rate.take(address("192.0.2.1"), start + Duration::from_secs(second));
        assert!((0..count).all(|_| at(0).is_ok()), "{count} at once");
        let wait = Duration::from_secs(step);
        assert_eq!(at(0), Err(TooMany { wait }));
        assert!(at(step - 1).is_err());
        let hour = (1..=3_600).filter(|second| at(*second).is_ok());
        assert_eq!(hour.count(), count as usize, "as many again in an hour");
    }
    let none = Rate::hourly(None, 100, start);
    assert!((0..1_000).all(|_| none.take(address("192.0.2.1"), start).is_ok()));
}

#[test]
fn each_key_has_its_own_allowance() {
    let start = Instant::now();
    let rate = Rate::new(QUOTA, 100, start);
    while rate.take(address("192.0.2.1"), start).is_ok() {}
    assert_eq!(rate.take(address("192.0.2.2"), start), Ok(()));
    assert_eq!(rate.take(named("alice", "192.0.2.1"), start), Ok(()));
    assert_ne!(named("alice", "192.0.2.1"), named("bob", "192.0.2.1"));
    assert_ne!(named("alice", "192.0.2.1"), named("alice", "192.0.2.2"));
}

#[test]
fn an_ipv6_network_is_one_key() {
    assert_eq!(address("2001:db8:1:2::1"), address("2001:db8:1:2:ffff::9"));
    assert_ne!(address("2001:db8:1:2::1"), address("2001:db8:1:3::1"));
    assert_eq!(address("::ffff:192.0.2.1"), address("192.0.2.1"));
    assert_ne!(address("192.0.2.1"), address("192.0.2.2"));
}

#[test]
fn nobody_can_fill_the_memory_and_who_is_known_goes_on() {
    let start = Instant::now();
    let rate = Rate::new(QUOTA, 1_000, start);
    let known = address("192.0.2.1");
    assert_eq!(rate.take(known, start), Ok(()));
    let mut refused = 0;
    for number in 0..100_000_u32 {
        let flood = named(&number.to_string(), "192.0.2.1");
        refused += u32::from(rate.take(flood, start).is_err());
    }
    assert!(rate.remembered() <= 1_008, "{}", rate.remembered());
    assert!(refused > 98_000, "newcomers share one allowance: {refused}");
    assert_eq!(rate.take(known, start), Ok(()));
}

#[test]
fn who_has_been_quiet_is_forgotten_when_room_is_needed() {
    let start = Instant::now();
    let rate = Rate::new(QUOTA, 16, start);
    for number in 0..1_000_u32 {
        let later = start + Duration::from_secs(u64::from(number) * 5);
        assert_eq!(
            rate.take(named(&number.to_string(), "192.0.2.1"), later),
            Ok(())
        );
    }
    assert!(rate.remembered() <= 16);
}

#[test]
fn without_a_quota_everything_is_allowed_and_nothing_remembered() {
    let start = Instant::now();
    let rate = Rate::new(None, 100, start);
    assert!((0..10_000).all(|_| rate.take(address("192.0.2.1"), start).is_ok()));
    assert_eq!(rate.remembered(), 0);
}

#[test]
fn rfc6585_4_the_answer_says_how_long_to_wait_and_not_how_much_is_allowed() {
    for (wait, seconds) in [(1, "1"), (999, "1"), (1_000, "1"), (1_001, "2"), (0, "1")] {
        let mut headers = HeaderMap::new();
        TooMany {
            wait: Duration::from_millis(wait),
        }
        .tell(&mut headers, "address");
        assert_eq!(headers["retry-after"], seconds);
        assert_eq!(headers["ratelimit"], format!("\"address\";r=0;t={seconds}"));
        assert_eq!(headers.len(), 2);
    }
}

#[test]
fn who_was_refused_too_often_is_told_to_wait_and_nobody_else_is() {
    let start = Instant::now();
    let rate = Rate::new(QUOTA, 100, start);
    let at =
        |who: &str, millis: u64| rate.check(|| address(who), start + Duration::from_millis(millis));
    assert_eq!(rate.take(address("192.0.2.1"), start), Ok(()));
    assert!(!rate.is_spent());
    while rate.take(address("192.0.2.1"), start).is_ok() {}
    assert!(rate.is_spent());
    let wait = Duration::from_millis(600);
    assert_eq!(at("192.0.2.1", 400), Err(TooMany { wait }));
    assert_eq!(
        at("192.0.2.1", 400),
        Err(TooMany { wait }),
        "asking is free"
    );
    assert_eq!(at("192.0.2.2", 400), Ok(()));
    assert_eq!(at("192.0.2.1", 1_000), Ok(()));
    assert!(!rate.is_spent(), "nobody is limited any more");
    assert_eq!(
        rate.take(address("192.0.2.1"), start + Duration::from_secs(1)),
        Ok(())
    );
    assert!(rate.is_spent(), "the allowance grows step by step");
}

#[test]
fn a_crowd_that_fills_the_memory_does_not_lock_out_who_was_never_refused() {
    let start = Instant::now();
    let rate = Rate::new(QUOTA, 16, start);
    for number in 0..1_000_u32 {
        let _spent = rate.take(named(&number.to_string(), "192.0.2.1"), start);
    }
    assert!(rate.is_spent());
    assert_eq!(rate.check(|| address("192.0.2.9"), start), Ok(()));
}

//! Who slows down whom.

use std::net::IpAddr;

use carnet_core::rule::sign_in::slow_down::ATTACKED;
use carnet_core::rule::sign_in::slow_down::FREE;
use carnet_core::value::Seconds;
use carnet_core::value::UnixTime;

use super::Attempts;
use super::Claimed;
use super::Place;

const NOW: UnixTime = UnixTime(1_775_121_058);

fn dana() -> Claimed {
    Claimed::user(&"2".repeat(21).parse().unwrap())
}

fn from(address: &str) -> Place {
    Place::Network(Some(address.parse::<IpAddr>().unwrap()))
}

fn fail(attempts: &Attempts, who: Claimed, place: Place, times: u32) {
    for _ in 0..times {
        attempts.failed(who, place, NOW);
    }
}

#[test]
fn a_guesser_slows_down_their_own_network_and_nobody_elses() {
    let attempts = Attempts::default();
    fail(&attempts, dana(), from("192.0.2.7"), FREE + 2);
    assert_eq!(
        attempts.wait(dana(), from("192.0.2.7"), NOW),
        Some(Seconds(4))
    );
    let neighbour = attempts.wait(dana(), from("192.0.2.200"), NOW);
    assert_eq!(neighbour, Some(Seconds(4)), "the same /24");
    let mapped = attempts.wait(dana(), from("::ffff:192.0.2.7"), NOW);
    assert_eq!(
        mapped,
        Some(Seconds(4)),
        "the same address in other clothes"
    );
    assert_eq!(attempts.wait(dana(), from("198.51.100.1"), NOW), None);
    let other = Claimed::user(&"3".repeat(21).parse().unwrap());
    assert_eq!(attempts.wait(other, from("192.0.2.7"), NOW), None);
}

#[test]
fn an_ipv6_guesser_has_one_network() {
    let attempts = Attempts::default();
    for host in 1..=FREE {
        let address = format!("2001:db8::{host:x}");
        fail(&attempts, dana(), from(&address), 1);
    }
    assert!(attempts.wait(dana(), from("2001:db8::ffff"), NOW).is_some());
    assert_eq!(attempts.wait(dana(), from("2001:db8:0:1::1"), NOW), None);
}

#[test]
fn many_networks_slow_down_new_browsers_but_not_a_known_one() {
    let attempts = Attempts::default();
    for network in 0..ATTACKED {
        fail(&attempts, dana(), from(&format!("10.0.{network}.1")), 1);
    }
    let fresh = from("198.51.100.1");
    assert_eq!(attempts.wait(dana(), fresh, NOW), Some(Seconds(30)));
    let known = Place::Known([7; 32]);
    assert_eq!(attempts.wait(dana(), known, NOW), None);
    fail(&attempts, dana(), known, FREE);
    assert_eq!(
        attempts.wait(dana(), known, NOW),
        Some(Seconds(1)),
        "it has a counter of its own"
    );
}

#[test]
fn a_success_forgets_what_was_counted_there() {
    let attempts = Attempts::default();
    let place = from("192.0.2.7");
    fail(&attempts, dana(), place, FREE);
    attempts.succeeded(dana(), place);
    assert_eq!(attempts.wait(dana(), place, NOW), None);
}

#[test]
fn who_signs_in_often_is_not_attacked() {
    let attempts = Attempts::default();
    for network in 0..=255 {
        let place = from(&format!("10.0.{network}.1"));
        fail(&attempts, dana(), place, 1);
        attempts.succeeded(dana(), place);
    }
    for _ in 0..2 * FREE {
        fail(&attempts, dana(), from("10.1.0.1"), 1);
        attempts.undone(dana(), from("10.1.0.1"));
    }
    assert_eq!(attempts.wait(dana(), from("10.1.0.1"), NOW), None);
}

#[test]
fn an_address_that_nobody_has_counts_in_the_same_way() {
    let attempts = Attempts::default();
    let nobody = Claimed::nobody("nobody@acme.example");
    fail(&attempts, nobody, from("192.0.2.7"), FREE);
    assert_eq!(
        attempts.wait(nobody, from("192.0.2.7"), NOW),
        Some(Seconds(1))
    );
}

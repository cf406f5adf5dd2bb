//! Decision 0008 as an attacker meets it: guesses that are made as soon as they may be, and what is left
//! for the owner.

use std::net::Ipv4Addr;

use carnet_core::rule::sign_in::slow_down::ATTACKED;
use carnet_core::value::Seconds;
use carnet_core::value::UnixTime;

use super::Attempts;
use super::Claimed;
use super::MOST;
use super::Place;

const NOW: UnixTime = UnixTime(1_775_121_058);
const DAY: i64 = 86_400;

fn dana() -> Claimed {
    Claimed::user(&"2".repeat(21).parse().unwrap())
}

/// One of 16 million networks.
fn network(number: u32) -> Place {
    Place::Network(Some(Ipv4Addr::from_bits(number << 8 | 1).into()))
}

/// Tries once, and says whether the password was looked at.
fn guess(attempts: &Attempts, place: Place, now: UnixTime) -> bool {
    let may = attempts.wait(dana(), place, now).is_none();
    if may {
        attempts.failed(dana(), place, now);
    }
    may
}

#[test]
fn ten_thousand_guesses_from_one_network_are_three_hundred_in_a_day() {
    let attempts = Attempts::default();
    let asked = (0..10_000).filter(|number| {
        let now = NOW + Seconds(number * DAY / 10_000);
        guess(&attempts, network(1), now)
    });
    let looked_at = asked.count();
    assert!((200..=310).contains(&looked_at), "{looked_at}");
    let owner = attempts.wait(dana(), network(2), NOW + Seconds(DAY));
    assert!(owner.is_none_or(|wait| wait <= Seconds(30)), "{owner:?}");
}

#[test]
fn ten_thousand_guesses_at_once_from_one_network_are_five() {
    let attempts = Attempts::default();
    let looked_at = (0..10_000).filter(|_| guess(&attempts, network(1), NOW));
    assert_eq!(looked_at.count(), 5);
    assert_eq!(attempts.wait(dana(), network(2), NOW), None, "the owner");
}

#[test]
fn ten_thousand_networks_at_once_make_fifty_guesses() {
    let attempts = Attempts::default();
    let looked_at = (0..10_000).filter(|number| guess(&attempts, network(*number), NOW));
    assert_eq!(u32::try_from(looked_at.count()), Ok(ATTACKED));
}

/// Each second of a day a network that was never seen before.
#[test]
fn many_networks_make_one_guess_in_thirty_seconds_and_the_known_browser_signs_in_meanwhile() {
    let attempts = Attempts::default();
    let known = Place::Known([7; 32]);
    let mut looked_at = 0;
    for second in 0..DAY {
        let now = NOW + Seconds(second);
        let from = network(u32::try_from(second).unwrap());
        looked_at += i64::from(guess(&attempts, from, now));
        if second % 3_600 == 1_800 {
            assert_eq!(attempts.wait(dana(), known, now), None, "the owner");
            attempts.failed(dana(), known, now);
            attempts.succeeded(dana(), known);
            let stranger = attempts.wait(dana(), network(9_000_000), now);
            assert!(stranger.is_some_and(|wait| wait <= Seconds(30)));
        }
    }
    let most = DAY / 30 + i64::from(ATTACKED);
    assert!((most - 100..=most).contains(&looked_at), "{looked_at}");
}

/// A flood of names and networks takes no more room than is there, and does not wash away what is known of
/// somebody who is being guessed at.
#[test]
fn a_flood_takes_bounded_room_and_frees_nobody() {
    let attempts = Attempts::default();
    while guess(&attempts, network(1), NOW) {}
    for number in 0..60_000_u32 {
        let nobody = Claimed::nobody(&format!("{number}@acme.example"));
        attempts.failed(nobody, network(number), NOW);
        if number % 1_000 == 0 {
            assert!(!guess(&attempts, network(1), NOW), "after {number}");
        }
    }
    attempts.0.run_pending_tasks();
    assert!(attempts.0.entry_count() <= MOST);
    assert!(!guess(&attempts, network(1), NOW));
}

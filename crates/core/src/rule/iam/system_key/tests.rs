//! The life of a system key, day by day.

use super::AFTER;
use super::AHEAD;
use super::FRESH;
use super::LONGEST;
use super::Next;
use super::choose;
use crate::record::SystemKey;
use crate::value::Counting;
use crate::value::KeyId;
use crate::value::Seconds;
use crate::value::UniqueId;
use crate::value::UnixTime;

const NOW: UnixTime = UnixTime(1_775_121_058);

fn made(next: Next) -> SystemKey {
    SystemKey {
        id: KeyId::mint(&mut Counting(next.generation.unsigned_abs())),
        account: UniqueId::mint(&mut Counting(1)),
        generation: next.generation,
        public_key: vec![],
        certificate: vec![],
        sealed: vec![],
        created: next.created,
        signs_from: next.signs_from,
        signs_until: next.signs_until,
        published_until: next.published_until,
    }
}

fn first() -> SystemKey {
    made(choose(&[], NOW).next.unwrap())
}

#[test]
fn google_wire_5_1_the_first_key_is_made_when_it_is_needed_and_signs_at_once() {
    let chosen = choose(&[], NOW);
    assert_eq!(chosen.key, None);
    let key = made(chosen.next.unwrap());
    assert_eq!((key.generation, key.signs_from), (1, NOW));
    let keys = [key];
    let chosen = choose(&keys, NOW);
    assert_eq!((chosen.key, chosen.next), (keys.first(), None));
}

#[test]
fn google_wire_3_3_a_key_signs_two_weeks_at_most_and_is_published_longer() {
    let keys = [first()];
    let last = NOW + LONGEST - Seconds(1);
    assert_eq!(choose(&keys, last).key, keys.first());
    let over = choose(&keys, NOW + LONGEST);
    assert_eq!(over.key, None);
    assert_eq!(over.next.unwrap().generation, 2);
    // What it signs in its last second lives 12 h at most.
    assert!(keys[0].published_until >= last + Seconds(12 * 3_600) + AHEAD);
    assert_eq!(keys[0].published_until, NOW + LONGEST + AFTER);
}

#[test]
fn google_wire_3_3_the_next_key_is_published_six_hours_before_it_signs() {
    let mut keys = vec![first()];
    let early = NOW + FRESH - Seconds::days(1);
    assert_eq!(choose(&keys, early - Seconds(1)).next, None);
    let next = choose(&keys, early).next.unwrap();
    assert_eq!(next.signs_from, NOW + FRESH);
    keys.push(made(next));
    let before = choose(&keys, NOW + FRESH - Seconds(1));
    assert_eq!((before.key, before.next), (keys.first(), None), "made once");
    assert_eq!(choose(&keys, NOW + FRESH).key, keys.last());
}

#[test]
fn a_key_that_is_late_is_still_published_first() {
    let mut keys = vec![first()];
    let late = NOW + FRESH + Seconds(60);
    let chosen = choose(&keys, late);
    assert_eq!(chosen.key, keys.first(), "the old one signs meanwhile");
    let next = chosen.next.unwrap();
    assert_eq!(next.signs_from, late + AHEAD);
    assert!(next.signs_from < keys[0].signs_until);
    keys.push(made(next));
    assert_eq!(choose(&keys, late).key, keys.first());
    assert_eq!(choose(&keys, late + AHEAD).key, keys.last());
}

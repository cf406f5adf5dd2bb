//! Which names get certificates, and how many are kept.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering;

use carnet_core::value::UnixTime;

use super::Leaves;
use super::MOST;
use crate::captive::authority::Authority;
use crate::captive::names::Names;

const NOW: u64 = 1_795_000_000;

fn leaves() -> (Leaves, Arc<AtomicI64>) {
    let time = Arc::new(AtomicI64::new(i64::try_from(NOW).unwrap()));
    let hand = Arc::clone(&time);
    let names = Arc::new(Names::default());
    let authority = Authority::new(&names, NOW).unwrap();
    let clock = Arc::new(move || UnixTime(hand.load(Ordering::Relaxed)));
    (Leaves::new(authority, names, clock).unwrap(), time)
}

#[test]
fn a_name_is_certified_once_until_that_nearly_ends() {
    let (leaves, time) = leaves();
    let first = leaves.of("oauth2.googleapis.com").unwrap();
    let again = leaves.of("OAUTH2.googleapis.com").unwrap();
    assert!(Arc::ptr_eq(&first, &again));
    time.fetch_add(84 * 24 * 3_600, Ordering::Relaxed);
    let later = leaves.of("oauth2.googleapis.com").unwrap();
    assert!(!Arc::ptr_eq(&first, &later));
    assert_eq!(leaves.made.lock().unwrap().len(), 1);
}

#[test]
fn names_that_are_not_held_get_none_and_those_that_are_fill_no_memory() {
    let (leaves, _) = leaves();
    for other in ["example.com", "googleapis.com", "", "a.b.c.googleapis.com"] {
        assert!(leaves.of(other).is_none(), "{other}");
    }
    assert!(leaves.made.lock().unwrap().is_empty());
    for number in 0..MOST + 5 {
        assert!(leaves.of(&format!("a{number}.googleapis.com")).is_some());
    }
    assert_eq!(leaves.made.lock().unwrap().len(), MOST);
    assert!(leaves.of("a0.googleapis.com").is_some(), "it is made anew");
}

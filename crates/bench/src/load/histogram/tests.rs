//! The steps of the histogram, and percentiles.

use std::time::Duration;

use super::Histogram;
use super::end_of;
use super::step;

#[test]
fn a_step_is_at_most_three_per_cent_wide() {
    for nanoseconds in [0, 1, 31, 32, 33, 1_000, 65_535, 65_536, 99_999_999, 1 << 37] {
        let end = end_of(step(nanoseconds));
        assert!(end >= nanoseconds, "{nanoseconds} is in its step");
        assert!(end - nanoseconds <= nanoseconds / 32, "{nanoseconds} {end}");
    }
}

#[test]
fn steps_follow_each_other() {
    for nanoseconds in 0..200_000_u64 {
        let (here, next) = (step(nanoseconds), step(nanoseconds + 1));
        assert!(next == here || next == here + 1, "{nanoseconds}");
        assert_eq!(next > here, end_of(here) == nanoseconds, "{nanoseconds}");
    }
}

#[test]
fn percentiles_are_those_of_what_was_noted() {
    let mut histogram = Histogram::default();
    for micros in 1..=1_000 {
        histogram.note(Duration::from_micros(micros));
    }
    assert_eq!(histogram.count(), 1_000);
    let near = |percent, micros: u128| {
        let found = histogram.at(percent).as_micros();
        assert!(
            found >= micros && found <= micros * 104 / 100,
            "{percent}: {found}"
        );
    };
    near(50, 500);
    near(99, 990);
    near(100, 1_000);
}

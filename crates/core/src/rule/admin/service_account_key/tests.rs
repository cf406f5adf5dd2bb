//! Tests of the rule: see the file beside this directory.

use super::{LONGEST, bounded_by_certificate, expiry};
use crate::value::{Seconds, UnixTime};

const NOW: UnixTime = UnixTime(1_775_121_058);

fn day(count: i64) -> UnixTime {
    NOW + Seconds::days(count)
}

#[test]
fn a_key_lives_for_1_to_3650_days_or_for_ever() {
    assert_eq!(expiry(None, NOW), Ok(None));
    assert_eq!(expiry(Some(1), NOW), Ok(Some(day(1))));
    assert_eq!(expiry(Some(3_650), NOW), Ok(Some(NOW + LONGEST)));
    for wrong in [0, -1, 3_651, i64::MAX, i64::MIN] {
        assert!(expiry(Some(wrong), NOW).is_err(), "{wrong}");
    }
}

#[test]
fn an_uploaded_certificate_bounds_the_life_of_its_key() {
    let bounded = |asked, from, until| bounded_by_certificate(asked, from, until, NOW);
    assert_eq!(bounded(None, day(-1), day(9)), Ok(Some(day(9))));
    assert_eq!(bounded(Some(day(3)), day(-1), day(9)), Ok(Some(day(3))));
    assert_eq!(bounded(Some(day(30)), day(-1), day(9)), Ok(Some(day(9))));
    assert!(bounded(None, day(-9), NOW).is_err(), "expired");
    assert!(bounded(None, day(1), day(9)).is_err(), "not valid yet");
    assert!(
        bounded(None, NOW + Seconds(300), day(9)).is_ok(),
        "clocks differ"
    );
}

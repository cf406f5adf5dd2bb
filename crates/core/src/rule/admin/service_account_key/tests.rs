//! Tests of the rule: see the file beside this directory.

use carnet_jose::Algorithm;

use super::{LONGEST, bounded_by_certificate, end_at, expiry};
use crate::record::{KeyOrigin, KeyState, ServiceAccountKey};
use crate::rule::admin::Context;
use crate::value::{Counting, KeyId, Seconds, UniqueId, UnixTime, Version};

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

fn key(expires: Option<UnixTime>) -> ServiceAccountKey {
    ServiceAccountKey {
        id: KeyId::mint(&mut Counting(1)),
        account: UniqueId::mint(&mut Counting(2)),
        algorithm: Algorithm::RS256,
        public_key: vec![1],
        certificate: vec![2],
        origin: KeyOrigin::Made,
        created: NOW,
        expires,
        state: KeyState::Active,
        version: Version::FIRST,
    }
}

#[test]
fn the_end_of_a_key_is_brought_forward_and_never_put_off() {
    let context = Context {
        now: NOW,
        actor: "user:2",
        address: "",
        trace: "T",
    };
    let ended = |expires, end| end_at(key(expires), end, &context);
    for expires in [None, Some(day(90))] {
        let done = ended(expires, day(1)).expect("brought forward");
        assert_eq!(done.record.expires, Some(day(1)));
        assert_eq!(done.record.version, Version::FIRST.next());
        assert_eq!(done.changes.len(), 2, "the record and its audit entry");
    }
    let same = ended(Some(day(9)), day(9)).expect("as it is");
    assert!(same.changes.is_empty());
    assert!(ended(Some(day(9)), day(9) + Seconds(1)).is_err(), "put off");
    assert!(ended(Some(NOW), day(1)).is_err(), "revived");
    assert!(ended(None, NOW).is_err(), "at once");
    assert!(ended(None, day(1) - Seconds::days(9)).is_err(), "past");
    assert!(ended(None, NOW + LONGEST + Seconds(1)).is_err(), "too late");
}

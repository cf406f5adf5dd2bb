//! Days that are known.

use super::basic;
use super::rfc3339;

#[test]
fn a_time_is_written_as_amazon_does() {
    assert_eq!(basic(1_440_938_160), "20150830T123600Z");
    assert_eq!(basic(951_782_400), "20000229T000000Z");
    assert_eq!(basic(0), "19700101T000000Z");
}

#[test]
fn google_wire_0_12_a_time_is_read() {
    assert_eq!(rfc3339("2015-08-30T12:36:00Z"), Some(1_440_938_160));
    assert_eq!(
        rfc3339("2015-08-30T12:36:00.123456789Z"),
        Some(1_440_938_160)
    );
    assert_eq!(rfc3339("2000-02-29T00:00:00Z"), Some(951_782_400));
    for wrong in [
        "",
        "Z",
        "2015-08-30",
        "2015-08-30T12:36:00",
        "2015-08-30T12:36:00+02:00",
        "2015-13-30T12:36:00Z",
        "2015-08-30T24:36:00Z",
        "2015-08-30T12:36Z",
        "1969-08-30T12:36:00Z",
        "2015--8-30T12:36:00Z",
        "2015-08-30T12:36:00:00Z",
    ] {
        assert_eq!(rfc3339(wrong), None, "{wrong}");
    }
}

#[test]
fn every_day_of_four_centuries_comes_back() {
    for day in 0..146_097 {
        let text = basic(day * 86_400);
        let (date, _) = text.split_once('T').unwrap();
        let dashed = format!("{}-{}-{}T00:00:00Z", &date[..4], &date[4..6], &date[6..]);
        assert_eq!(rfc3339(&dashed), Some(day * 86_400));
    }
}

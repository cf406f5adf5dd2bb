//! Days that are easy to get wrong.

use super::day;

#[test]
fn the_epoch_leap_days_and_centuries() {
    assert_eq!(day(0), "1970-01-01");
    assert_eq!(day(59), "1970-03-01");
    assert_eq!(day(789), "1972-02-29");
    assert_eq!(day(11_016), "2000-02-29");
    assert_eq!(day(20_782), "2026-11-25");
    assert_eq!(day(47_540), "2100-02-28");
    assert_eq!(day(47_541), "2100-03-01");
}

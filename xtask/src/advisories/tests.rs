//! Ranges, pre-releases and waivers.

use super::{Advisory, Waiver, judge};
use crate::supply::Locked;

fn advisory(patched: &[&str], unaffected: &[&str]) -> Advisory {
    let owned = |ranges: &[&str]| ranges.iter().map(ToString::to_string).collect();
    Advisory {
        id: "RUSTSEC-2026-0001".to_owned(),
        package: "leaky".to_owned(),
        informational: None,
        patched: owned(patched),
        unaffected: owned(unaffected),
    }
}

fn package(name: &str, version: &str) -> Locked {
    Locked {
        name: name.to_owned(),
        version: version.to_owned(),
        source: Some("registry+x".to_owned()),
    }
}

const WAIVER: Waiver = Waiver {
    id: "RUSTSEC-2026-0001",
    package: "leaky",
    reason: "we do not call it",
    until: "2026-12-31",
};

#[test]
fn a_version_is_touched_outside_all_ranges() {
    let advisory = advisory(&[">= 1.2.3, < 2", ">= 2.0.1"], &["< 1.0"]);
    let touched = |version: &str| advisory.touches(version).unwrap();
    assert!(touched("1.2.2") && touched("2.0.0") && touched("1.0.0"));
    assert!(!touched("1.2.3") && !touched("1.9.0") && !touched("2.0.1") && !touched("0.9.9"));
    assert!(super::tests::advisory(&[], &[]).touches("9.9.9").unwrap());
}

#[test]
fn a_pre_release_is_ordered_and_not_passed_over() {
    let advisory = advisory(&[">= 1.2.3", "^0.9.4"], &[]);
    let touched = |version: &str| advisory.touches(version).unwrap();
    assert!(!touched("1.3.0-rc.1"));
    assert!(touched("1.2.3-rc.1"));
    assert!(touched("0.9.4-rc.1"));
    assert!(!touched("0.9.5-rc.1"));
}

#[test]
fn only_the_touched_package_is_named() {
    let packages = [package("leaky", "1.0.0"), package("sound", "1.0.0")];
    assert_eq!(
        judge(
            &packages,
            &[advisory(&[">= 1.0.1"], &[])],
            &[],
            "2026-11-25"
        )
        .unwrap(),
        ["leaky 1.0.0 is vulnerable: RUSTSEC-2026-0001"]
    );
    let patched = [package("leaky", "1.0.1")];
    assert_eq!(
        judge(&patched, &[advisory(&[">= 1.0.1"], &[])], &[], "2026-11-25").unwrap(),
        [""; 0]
    );
}

#[test]
fn a_waiver_holds_through_its_last_day_and_not_longer() {
    let packages = [package("leaky", "1.0.0")];
    let judged = |today: &str| judge(&packages, &[advisory(&[], &[])], &[WAIVER], today).unwrap();
    assert_eq!(judged("2026-12-31"), [""; 0]);
    assert_eq!(
        judged("2027-01-01"),
        [
            "leaky 1.0.0 is vulnerable: RUSTSEC-2026-0001 (waived until 2026-12-31: we do not call it)"
        ]
    );
}

#[test]
fn a_waiver_for_nothing_is_noticed() {
    assert_eq!(
        judge(&[], &[], &[WAIVER], "2026-11-25").unwrap(),
        ["the waiver of RUSTSEC-2026-0001 for leaky is not needed"]
    );
}

#[test]
fn a_range_that_cannot_be_read_is_an_error_and_no_pass() {
    assert!(
        judge(
            &[package("leaky", "1.0.0")],
            &[advisory(&["soon"], &[])],
            &[],
            "2026-11-25"
        )
        .is_err()
    );
}

//! Moments, and what only looks like one.

use super::seconds;

#[test]
fn a_moment_is_in_utc() {
    assert_eq!(seconds("x", "2026-11-26T03:00:00Z"), Ok(1_795_662_000));
    assert_eq!(seconds("x", "2026-11-26T03:00:00.999Z"), Ok(1_795_662_000));
    let texts = [
        "",
        "2026-11-26",
        "2026-11-26T03:00:00",
        "2026-11-26T03:00:00+01:00",
        "2026-11-26 03:00:00Z",
        "1900-01-01T00:00:00Z",
        "2026-11-26T25:00:00Z",
        "20261126T030000Z",
        " 2026-11-26T03:00:00Z",
        "2026-11-26T03:00:00[UTC]Z",
        "+002026-11-26T03:00:00Z",
        "2026-11-26T03:00:00.00000000000000000000001Z",
    ];
    for text in texts {
        assert!(seconds("x", text).is_err(), "{text}");
    }
}

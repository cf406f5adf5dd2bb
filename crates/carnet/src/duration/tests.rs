//! Spans of time as people write and read them.

use super::{NotASpan, Span, from_now, words};

#[test]
fn a_span_is_a_number_with_a_unit() {
    assert_eq!("90d".parse(), Ok(Span(7_776_000)));
    assert_eq!("24h".parse(), Ok(Span(86_400)));
    assert_eq!("1y".parse::<Span>().map(Span::days), Ok(365));
    assert_eq!("90s".parse::<Span>().map(Span::days), Ok(1));
    for wrong in [
        "",
        "d",
        "90",
        "-1d",
        "1.5h",
        "90 d",
        "99999999999999999y",
        "1M",
    ] {
        assert_eq!(wrong.parse::<Span>(), Err(NotASpan), "{wrong}");
    }
}

#[test]
fn a_length_is_told_in_one_unit() {
    assert_eq!(words(45), "45 s");
    assert_eq!(words(3_600), "60 min");
    assert_eq!(words(7_200), "2 h");
    assert_eq!(words(604_800), "7 days");
    assert_eq!(from_now(100, 340), "4 min ago");
    assert_eq!(from_now(340, 100), "in 4 min");
}

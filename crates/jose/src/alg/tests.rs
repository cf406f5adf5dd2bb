//! Tests of `alg` and `printable`.

use proptest::prelude::{prop_assert, proptest};

use super::Algorithm;
use crate::printable::Printable;

#[test]
fn names_go_round() {
    for algorithm in Algorithm::ALL {
        assert_eq!(algorithm.name().parse(), Ok(algorithm));
        assert_eq!(algorithm.to_string(), algorithm.name());
    }
}

#[test]
fn rfc9864_2_2_the_fully_specified_name_is_read_too() {
    assert_eq!("Ed25519".parse(), Ok(Algorithm::EdDSA));
    assert!("Ed448".parse::<Algorithm>().is_err());
}

#[test]
fn an_unknown_name_is_kept_short_and_fit_for_an_error_description() {
    let unknown = "x\"\\\r\n\u{e9}".parse::<Algorithm>().unwrap_err();
    assert_eq!(unknown.0.as_str(), "x?????");
    assert_eq!(
        unknown.to_string(),
        "the algorithm 'x?????' is not supported"
    );
    let unknown = "y".repeat(10_000).parse::<Algorithm>().unwrap_err();
    assert_eq!(unknown.0.as_str(), format!("{}...", "y".repeat(64)));
}

proptest! {
    #[test]
    fn rfc6749_5_2_printable_text_fits_an_error_description(text: String) {
        let printable = Printable::new(&text);
        let fits = |byte| matches!(byte, 0x20..=0x21 | 0x23..=0x5B | 0x5D..=0x7E);
        prop_assert!(printable.as_str().bytes().all(fits));
        prop_assert!(printable.as_str().len() <= 67);
    }
}

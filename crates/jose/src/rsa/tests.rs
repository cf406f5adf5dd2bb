//! Tests of `rsa`.

use super::{bit_length, check, has_roca_fingerprint};
use crate::{
    base64url::{self, Padding},
    key_refused::KeyRefused,
};

/// The modulus of Project Wycheproof's key with the ROCA weakness.
const ROCA: &str = "AanFpofbj7KjD4Lf-N2hVMKR7yewSyXhhbirIMTGpfYEhZ_lnt5UoK98DnKIgArXGTu3MaW_HhFw16HGaTDUHqPrId7fe4r11CqRw09yBFuW79V8sYIwHdzCaWflUI6auImYbVfoN9_nD5n8N8SY9DwXw7mwZM9wREPXoDPgOoIWl6q_MPsp7n0zs3Z5ZaiQWOOzl1S9OhwAfSiiOwz6efnXEaxuTEtPd7BjSx7NaFka8Dx9U7YqXy2RFj1O9PjyaDGuRh7YXsX3iMUSP_wSyHQg_c_qHRtKUsNSGCT7OZg0hzm2KphtjnayKJvC64vAbROBR4Ubg6Bxg9IQVZ-QYyE";

/// An odd number of that many bits, without small structure.
fn modulus(bits: usize) -> Vec<u8> {
    let mut number = vec![0xA7; bits.div_ceil(8)];
    number[0] = 1 << ((bits - 1) % 8);
    number
}

const F4: &[u8] = &[1, 0, 1];

#[test]
fn rfc7518_3_3_at_least_2048_bits_and_at_most_4096() {
    assert_eq!(check(&modulus(2048), F4), Ok(()));
    assert_eq!(check(&modulus(4096), F4), Ok(()));
    assert_eq!(check(&modulus(2047), F4), Err(KeyRefused::RsaSize(2047)));
    assert_eq!(check(&modulus(1024), F4), Err(KeyRefused::RsaSize(1024)));
    assert_eq!(check(&modulus(4097), F4), Err(KeyRefused::RsaSize(4097)));
    assert_eq!(check(&[], F4), Err(KeyRefused::RsaSize(0)));
}

#[test]
fn the_exponent_is_odd_and_three_or_more_and_short() {
    for right in [&[3][..], &[17], F4, &[0xFF, 0xFF, 0xFF, 0xFF]] {
        assert_eq!(check(&modulus(2048), right), Ok(()), "{right:?}");
    }
    for wrong in [
        &[][..],
        &[0],
        &[1],
        &[2],
        &[4],
        &[1, 0, 0],
        &[1, 0, 0, 0, 1],
    ] {
        assert_eq!(
            check(&modulus(2048), wrong),
            Err(KeyRefused::RsaExponent),
            "{wrong:?}"
        );
    }
}

#[test]
fn an_even_modulus_is_none() {
    let mut even = modulus(2048);
    even[255] = 0xA6;
    assert_eq!(
        check(&even, F4),
        Err(KeyRefused::Malformed("the modulus is even"))
    );
}

#[test]
fn cve_2017_15361_is_recognised() {
    let roca = base64url::decode(ROCA, Padding::Strict, 600).unwrap();
    assert!(has_roca_fingerprint(&roca));
    assert_eq!(check(&roca, F4), Err(KeyRefused::Roca));
    assert!(!has_roca_fingerprint(&modulus(2048)));
}

#[test]
fn bits_are_counted_from_the_highest_one() {
    assert_eq!(bit_length(&[]), 0);
    assert_eq!(bit_length(&[0]), 0);
    assert_eq!(bit_length(&[1]), 1);
    assert_eq!(bit_length(&[0, 0x80]), 8);
    assert_eq!(bit_length(&[1, 0]), 9);
}

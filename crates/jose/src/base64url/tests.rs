//! Tests of `base64url`.

use proptest::prelude::{prop_assert_eq, proptest};

use super::{NotBase64Url, Padding, decode, decode_array, encode, encoded_len};

#[test]
fn rfc7515_2_no_padding_no_plus_no_slash_no_white_space() {
    assert_eq!(decode("Zm9v", Padding::Strict, 3).unwrap(), b"foo");
    for wrong in [
        "Zg==", "Zm8=", "Zm+v", "Zm/v", "Zm9v\n", " Zm9v", "Zm 9v", "Zm9v====", "Z", "Zmé",
    ] {
        assert_eq!(
            decode(wrong, Padding::Strict, 64),
            Err(NotBase64Url),
            "{wrong:?}"
        );
    }
}

#[test]
fn rfc4648_3_5_unused_bits_are_zero() {
    assert_eq!(decode("Zg", Padding::Strict, 64).unwrap(), b"f");
    assert_eq!(decode("Zh", Padding::Strict, 64), Err(NotBase64Url));
    assert_eq!(decode("Zh==", Padding::Lenient, 64), Err(NotBase64Url));
}

#[test]
fn google_wire_rule_5_lenient_takes_canonical_padding_and_nothing_else() {
    for right in ["Zg", "Zg==", "Zm8", "Zm8=", "Zm9v", ""] {
        assert!(decode(right, Padding::Lenient, 64).is_ok(), "{right:?}");
    }
    for wrong in [
        "Zg=", "Zg===", "Zm8==", "Zm9v=", "Zm9v==", "=", "==", "====", "Z===", "Zg==Zg", "Zm+v",
    ] {
        assert_eq!(
            decode(wrong, Padding::Lenient, 64),
            Err(NotBase64Url),
            "{wrong:?}"
        );
    }
}

#[test]
fn nothing_longer_than_the_limit_is_decoded() {
    assert!(decode("Zm9v", Padding::Strict, 3).is_ok());
    assert_eq!(decode("Zm9v", Padding::Strict, 2), Err(NotBase64Url));
    assert_eq!(decode_array::<2>("Zm9v"), Err(NotBase64Url));
    assert_eq!(decode_array::<4>("Zm9v"), Err(NotBase64Url));
    assert_eq!(decode_array::<3>("Zm9v"), Ok(*b"foo"));
}

proptest! {
    #[test]
    fn anything_goes_round(bytes: Vec<u8>) {
        let text = encode(&bytes);
        prop_assert_eq!(text.len(), encoded_len(bytes.len()));
        prop_assert_eq!(decode(&text, Padding::Strict, bytes.len()), Ok(bytes));
    }

    #[test]
    fn one_value_has_one_strict_spelling(text: String) {
        if let Ok(bytes) = decode(&text, Padding::Strict, 1024) {
            prop_assert_eq!(encode(bytes), text);
        }
    }
}

//! Tests of `prefixed`.

use proptest::prelude::{prop_assert_eq, proptest};

use super::{NotAToken, Prefixed, base62};

#[test]
fn the_form_is_prefix_base64url_and_checksum() {
    let text = Prefixed::AccessToken.encode(b"hello");
    assert!(text.starts_with("crn_at_aGVsbG8"));
    assert_eq!(text.len(), "crn_at_aGVsbG8".len() + 6);
    assert_eq!(Prefixed::AccessToken.decode(&text).unwrap(), b"hello");
}

/// Written with Python's `zlib.crc32` and `base64`: a scanner elsewhere can check our tokens.
#[test]
fn others_can_compute_the_checksum() {
    assert_eq!(Prefixed::PersonalAccessToken.encode(&[]), "crn_pat_1eu06B");
    assert_eq!(
        Prefixed::RefreshToken.encode(&[0; 32]),
        "crn_rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA2o1BkD"
    );
}

#[test]
fn base_62_is_padded_and_in_order() {
    let text = |number| base62(number).iter().collect::<String>();
    assert_eq!(text(0), "000000");
    assert_eq!(text(61), "00000z");
    assert_eq!(text(62), "000010");
    assert_eq!(text(u32::MAX), "4gfFC3");
}

#[test]
fn lesson_3_one_kind_is_not_taken_for_another() {
    for one in Prefixed::ALL {
        let text = one.encode(b"same bytes");
        assert_eq!(Prefixed::of(&text), Some(one));
        for other in Prefixed::ALL.into_iter().filter(|other| *other != one) {
            assert_eq!(other.decode(&text), Err(NotAToken));
            let renamed = text.replacen(one.prefix(), other.prefix(), 1);
            assert_eq!(
                other.decode(&renamed),
                Err(NotAToken),
                "the checksum covers the prefix"
            );
        }
    }
}

#[test]
fn lesson_23_a_truncated_token_is_not_a_token() {
    let text = Prefixed::RefreshToken.encode(&[7; 32]);
    for cut in 0..text.len() {
        assert_eq!(Prefixed::RefreshToken.decode(&text[..cut]), Err(NotAToken));
    }
    assert_eq!(
        Prefixed::RefreshToken.decode(&format!("{text}0")),
        Err(NotAToken)
    );
    assert_eq!(
        Prefixed::RefreshToken.decode(&format!(" {text}")),
        Err(NotAToken)
    );
    assert_eq!(
        Prefixed::RefreshToken.decode(&format!("{text}\n")),
        Err(NotAToken)
    );
}

#[test]
fn no_character_can_be_exchanged() {
    let text = Prefixed::ClientSecret.encode(&[1; 32]);
    for at in 0..text.len() {
        let mut changed = text.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert_eq!(Prefixed::ClientSecret.decode(&changed), Err(NotAToken));
    }
}

proptest! {
    #[test]
    fn anything_goes_round(bytes: Vec<u8>) {
        let text = Prefixed::AccessToken.encode(&bytes);
        prop_assert_eq!(Prefixed::AccessToken.decode(&text), Ok(bytes));
    }

    #[test]
    fn nothing_panics(text: String) {
        for kind in Prefixed::ALL {
            prop_assert_eq!(kind.decode(&text), Err(NotAToken));
            let _ = kind.decode(&format!("{}{text}", kind.prefix()));
        }
    }
}

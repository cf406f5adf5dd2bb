//! Tests of `digest`, with the vectors of the documents that define the functions.

use super::{
    MacKey, TooMuchKeyMaterial, constant_time_eq, crc32, hex, hkdf_sha256, hmac_sha256, sha256,
};

#[test]
fn fips180_4_sha256_of_abc() {
    assert_eq!(
        hex(&sha256("abc")),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
}

#[test]
fn rfc4231_4_3_hmac_sha256() {
    let tag = hmac_sha256(b"Jefe", b"what do ya want for nothing?");
    assert_eq!(
        hex(&tag),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
    let key = MacKey::new(b"Jefe");
    assert!(key.holds(b"what do ya want for nothing?", &tag));
    assert!(!key.holds(b"what do ya want for nothing!", &tag));
    assert!(!key.holds(b"what do ya want for nothing?", &tag[..31]));
    assert_eq!(format!("{key:?}"), "MacKey(..)");
}

#[test]
fn rfc5869_a_1_hkdf_sha256() {
    let mut output = [0; 42];
    let salt: Vec<u8> = (0..=0x0C).collect();
    let info: Vec<u8> = (0xF0..=0xF9).collect();
    hkdf_sha256(&[0x0B; 22], &salt, &info, &mut output).unwrap();
    assert_eq!(
        hex(&output),
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    );
    assert_eq!(
        hkdf_sha256(&[1], &[], &[], &mut [0; 8161]),
        Err(TooMuchKeyMaterial)
    );
    assert_eq!(hkdf_sha256(&[1], &[], &[], &mut [0; 8160]), Ok(()));
}

#[test]
fn crc_32_has_its_check_value() {
    assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    assert_eq!(crc32(b""), 0);
}

#[test]
fn equality_is_equality() {
    assert!(constant_time_eq(b"same", b"same"));
    assert!(!constant_time_eq(b"same", b"sane"));
    assert!(!constant_time_eq(b"same", b"sam"));
    assert!(constant_time_eq(b"", b""));
}

#[test]
fn crc_32_is_the_same_at_every_length() {
    let bytes: Vec<u8> = (0..100_u32)
        .map(|n| (n * 37 + 11).to_le_bytes()[0])
        .collect();
    for length in 0..bytes.len() {
        let bytes = bytes.get(..length).expect("within");
        let by_bits = bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                (crc >> 1) ^ (0xEDB8_8320 & 0_u32.wrapping_sub(crc & 1))
            })
        });
        assert_eq!(crc32(bytes), !by_bits, "{length} bytes");
    }
}

//! Vectors of the standards.

use std::num::NonZeroU32;

use super::OldHash;
use super::aes_256_ctr_from_zero;

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect()
}

/// FIPS 180-4, example "abc", in pieces.
#[test]
fn fips_180_4_digests() {
    let known = [
        (OldHash::Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (
            OldHash::Sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
        (
            OldHash::Sha512,
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
             2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        ),
    ];
    for (hash, digest) in known {
        assert_eq!(hash.digest(&[b"a", b"", b"bc"]), bytes(digest));
        assert_eq!(hash.length(), bytes(digest).len());
    }
}

/// RFC 6070 (SHA-1) and RFC 7914 §11 (SHA-256).
#[test]
fn rfc6070_and_rfc7914_11_pbkdf2() {
    let rounds = |rounds| NonZeroU32::new(rounds).unwrap();
    let derived = bytes("4b007901b765489abead49d926f721d065a429c1");
    assert!(OldHash::Sha1.pbkdf2_holds(rounds(4_096), b"salt", b"password", &derived));
    assert!(!OldHash::Sha1.pbkdf2_holds(rounds(4_095), b"salt", b"password", &derived));
    let derived = bytes(
        "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc\
         49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783",
    );
    assert!(OldHash::Sha256.pbkdf2_holds(rounds(1), b"salt", b"passwd", &derived));
    assert!(!OldHash::Sha512.pbkdf2_holds(rounds(1), b"salt", b"passwd", &derived));
    assert!(!OldHash::Sha256.pbkdf2_holds(rounds(1), b"salt", b"passwd", &[]));
}

/// The first block of a key stream is AES of zero: FIPS 197 has none for a zero block, NIST's AESAVS
/// (`KeySbox`, 256 bits, first case) does.
#[test]
fn aesavs_the_key_stream_from_counter_zero() {
    let key = bytes("c47b0294dbbbee0fec4757f22ffeee3587ca4730c3d33b691df38bab076bc558");
    let mut text = [0; 16];
    aes_256_ctr_from_zero(&key.try_into().unwrap(), &mut text).unwrap();
    assert_eq!(text.to_vec(), bytes("46f2fb342d6f0ab477476fc501242c5f"));
}

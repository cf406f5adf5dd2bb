//! Tests of `public_key` and `spki`.

use proptest::prelude::{prop_assert, proptest};

use super::{KeyRefused, Numbers, PublicKey};
use crate::numbers::Curve;
use crate::{
    alg::Algorithm,
    der,
    key_pair::{KeyPair, KeyType},
    pem::{self, NotPem},
    spki,
};

fn key(kind: KeyType) -> PublicKey {
    KeyPair::generate(kind).unwrap().public_key().clone()
}

#[test]
fn spki_goes_round_in_der_and_pem() {
    for kind in [
        KeyType::Rsa2048,
        KeyType::P256,
        KeyType::P384,
        KeyType::Ed25519,
    ] {
        let key = key(kind);
        assert_eq!(PublicKey::from_spki_der(&key.to_spki_der()).unwrap(), key);
        let pem = key.to_spki_pem();
        assert!(pem.starts_with("-----BEGIN PUBLIC KEY-----\n"));
        assert_eq!(PublicKey::from_pem(&pem).unwrap(), key);
    }
}

#[test]
fn the_sizes_are_those_of_the_kind() {
    for (kind, bits, signature) in [
        (KeyType::Rsa2048, 2048, 256),
        (KeyType::P256, 256, 64),
        (KeyType::P384, 384, 96),
        (KeyType::Ed25519, 256, 64),
    ] {
        let key = key(kind);
        assert_eq!((key.bits(), key.signature_len()), (bits, signature));
    }
}

#[test]
fn rfc8017_a_1_1_the_pkcs1_form_is_read() {
    let key = key(KeyType::Rsa2048);
    let pem = pem::encode("RSA PUBLIC KEY", &spki::key_bits(key.numbers()));
    assert_eq!(PublicKey::from_pem(&pem).unwrap(), key);
}

#[test]
fn a_private_key_is_refused_by_name() {
    for label in [
        "PRIVATE KEY",
        "RSA PRIVATE KEY",
        "ENCRYPTED PRIVATE KEY",
        "EC PRIVATE KEY",
    ] {
        let refused = PublicKey::from_pem(&pem::encode(label, &[0x30, 0])).unwrap_err();
        assert_eq!(refused, KeyRefused::PrivateKey);
    }
    let refused = PublicKey::from_pem("ssh-rsa AAAA").unwrap_err();
    assert_eq!(refused, KeyRefused::Pem(NotPem::NoBlock));
    let refused = PublicKey::from_pem(&pem::encode("DH PARAMETERS", &[])).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the key is of a kind that is not supported: 'DH PARAMETERS'"
    );
}

#[test]
fn sec1_3_2_2_a_point_that_is_not_on_the_curve_is_refused() {
    for curve in [Curve::P256, Curve::P384] {
        let coordinate = || vec![5; curve.size()].into_boxed_slice();
        let numbers = Numbers::Ec {
            curve,
            x: coordinate(),
            y: coordinate(),
        };
        assert!(matches!(
            PublicKey::from_numbers(numbers, None),
            Err(KeyRefused::Malformed(_))
        ));
    }
}

#[test]
fn rfc5480_2_2_compressed_points_are_refused() {
    let Numbers::Ec { x, .. } = key(KeyType::P256).numbers().clone() else {
        panic!("an EC key")
    };
    let compressed = [&[2], x.as_ref()].concat();
    assert!(spki::from_point(Curve::P256, &compressed).is_err());
    assert!(spki::from_point(Curve::P256, &[]).is_err());
    assert!(spki::from_point(Curve::P256, &[0]).is_err());
}

#[test]
fn rfc8725_3_1_a_key_has_one_algorithm_and_it_must_fit() {
    assert_eq!(key(KeyType::Rsa2048).algorithm(), Algorithm::RS256);
    for (kind, wrong) in [
        (KeyType::Rsa2048, Algorithm::ES256),
        (KeyType::P256, Algorithm::ES384),
        (KeyType::P384, Algorithm::ES256),
        (KeyType::P256, Algorithm::RS256),
        (KeyType::Ed25519, Algorithm::PS256),
    ] {
        let refused = key(kind).with_algorithm(wrong).unwrap_err();
        assert!(matches!(refused, KeyRefused::WrongAlgorithm { .. }));
    }
}

#[test]
fn rfc7518_3_4_an_ecdsa_signature_has_exactly_its_length() {
    let pair = KeyPair::generate(KeyType::P256).unwrap();
    let signature = pair.sign(b"input").unwrap();
    let key = pair.public_key();
    assert!(key.verify(b"input", &signature).is_ok());
    assert!(key.verify(b"inpux", &signature).is_err());
    assert!(key.verify(b"input", &signature[..63]).is_err());
    assert!(
        key.verify(b"input", &[&signature[..], &[0]].concat())
            .is_err()
    );
    assert!(key.verify(b"input", &[]).is_err());
    // CVE-2022-21449: r = s = 0 verifies everything in a careless implementation.
    assert!(key.verify(b"input", &[0; 64]).is_err());
}

#[test]
fn a_bit_string_of_a_key_ends_on_a_byte() {
    let mut der = key(KeyType::Ed25519).to_spki_der();
    let unused_bits = der.len() - 33;
    assert_eq!(der[unused_bits], 0);
    der[unused_bits] = 1;
    *der.last_mut().unwrap() &= 0xFE;
    let refused = KeyRefused::Malformed("its bit string does not end on a byte");
    assert_eq!(PublicKey::from_spki_der(&der), Err(refused));
}

#[test]
fn x690_8_3_a_negative_modulus_is_refused() {
    let Numbers::Rsa { n, e } = key(KeyType::Rsa2048).numbers().clone() else {
        panic!("an RSA key")
    };
    // Without its leading zero the modulus, whose highest bit is set, is a negative number.
    let negative = [&[0x02, 0x82, 0x01, 0x00], n.as_ref()].concat();
    let der = der::sequence(&[&negative, &der::unsigned(&e)]);
    let refused = KeyRefused::Malformed("it has a negative number");
    assert_eq!(spki::from_pkcs1(&der).err(), Some(refused));
}

#[test]
fn trailing_bytes_are_not_part_of_a_key() {
    let mut der = key(KeyType::P256).to_spki_der();
    der.push(0);
    assert!(PublicKey::from_spki_der(&der).is_err());
}

#[test]
fn debug_shows_the_algorithm_and_the_thumbprint() {
    let key = key(KeyType::Ed25519);
    assert_eq!(
        format!("{key:?}"),
        format!("PublicKey(EdDSA, {})", key.thumbprint_text())
    );
}

proptest! {
    #[test]
    fn nothing_panics(der: Vec<u8>) {
        prop_assert!(PublicKey::from_spki_der(&der).is_err());
    }

    #[test]
    fn a_changed_byte_does_not_panic(at in 0_usize..294, byte: u8) {
        // Made once: generation is the slow part.
        static DER: std::sync::LazyLock<Vec<u8>> =
            std::sync::LazyLock::new(|| key(KeyType::Rsa2048).to_spki_der());
        let mut der = DER.clone();
        der[at] = byte;
        if let Ok(key) = PublicKey::from_spki_der(&der) {
            prop_assert!((2048..=4096).contains(&key.bits()));
        }
    }
}

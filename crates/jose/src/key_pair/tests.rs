//! Tests of `key_pair`.

use std::process::Command;

use super::{KeyPair, KeyType};
use crate::{
    alg::Algorithm,
    key_refused::KeyRefused,
    pem::{self, NotPem},
};

const KINDS: [KeyType; 4] = [
    KeyType::Rsa2048,
    KeyType::P256,
    KeyType::P384,
    KeyType::Ed25519,
];

#[test]
fn google_wire_1_1_pkcs8_pem_goes_round_and_ends_with_a_line_break() {
    for kind in KINDS {
        let pair = KeyPair::generate(kind).unwrap();
        let pem = pair.to_pkcs8_pem().unwrap();
        assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"));
        assert!(pem.ends_with("\n-----END PRIVATE KEY-----\n"));
        let read = KeyPair::from_pem(&pem).unwrap();
        assert_eq!(read.public_key(), pair.public_key());
        let signature = read.sign(b"input").unwrap();
        assert!(pair.public_key().verify(b"input", &signature).is_ok());
    }
}

#[test]
fn every_rsa_size_is_made() {
    for (kind, bits) in [(KeyType::Rsa2048, 2048), (KeyType::Rsa3072, 3072)] {
        assert_eq!(KeyPair::generate(kind).unwrap().public_key().bits(), bits);
    }
}

#[test]
fn google_wire_1_1_openssl_reads_what_is_written() {
    for kind in KINDS {
        let pair = KeyPair::generate(kind).unwrap();
        let name = format!("carnet-key-{}-{kind:?}.pem", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, pair.to_pkcs8_pem().unwrap().as_bytes()).unwrap();
        let output = Command::new("openssl")
            .args(["pkey", "-pubout", "-in"])
            .arg(&path)
            .output();
        std::fs::remove_file(&path).unwrap();
        match output {
            Ok(output) => {
                assert_eq!(
                    String::from_utf8_lossy(&output.stdout),
                    pair.public_key().to_spki_pem()
                );
            }
            Err(error) => println!("SKIPPED: openssl cannot be run here ({error})"),
        }
    }
}

#[test]
fn the_classical_accident_is_named() {
    let pem = KeyPair::generate(KeyType::P256)
        .unwrap()
        .to_pkcs8_pem()
        .unwrap();
    let refused = KeyPair::from_pem(&pem.replace('\n', "\\n")).unwrap_err();
    assert_eq!(refused, KeyRefused::Pem(NotPem::EscapedLineBreaks));
    assert!(KeyPair::from_pem(&pem.replace('\n', "\r\n")).is_ok());
}

#[test]
fn other_labels_and_other_contents_are_refused() {
    let refused = |label| KeyPair::from_pem(&pem::encode(label, &[0x30, 0])).unwrap_err();
    assert!(matches!(refused("PRIVATE KEY"), KeyRefused::Malformed(_)));
    assert!(matches!(
        refused("RSA PRIVATE KEY"),
        KeyRefused::Malformed(_)
    ));
    assert!(matches!(refused("PUBLIC KEY"), KeyRefused::Unsupported(_)));
    assert_eq!(
        refused("ENCRYPTED PRIVATE KEY"),
        KeyRefused::Pem(NotPem::Encrypted)
    );
}

#[test]
fn nothing_secret_is_printed() {
    for kind in KINDS {
        let pair = KeyPair::generate(kind).unwrap();
        assert_eq!(
            format!("{pair:?}"),
            format!("KeyPair({:?}, ..)", pair.public_key())
        );
    }
}

/// A key that OpenSSL made with `ecparam -genkey`; files of the type `gdch_service_account` have such keys.
#[test]
fn rfc5915_3_a_private_key_of_a_curve() {
    let pem = "-----BEGIN EC PRIVATE KEY-----\n\
               MHcCAQEEIMuFCje5ehzrdRFqidORGVnwUdEFeGZO3m5xfBX/km8roAoGCCqGSM49\n\
               AwEHoUQDQgAEYisye7/bFNOXpFEZzUlQLau0vhkb3CuFuJHR3oNfurcXZ2kJr2aq\n\
               8LUTGC++94uuGFSB0zQ9u50Fq0TSIqI+1w==\n-----END EC PRIVATE KEY-----\n";
    let pair = KeyPair::from_pem(pem).unwrap();
    assert_eq!(pair.algorithm(), Algorithm::ES256);
    let again = pair.to_pkcs8_pem().unwrap();
    let again = KeyPair::from_pem(&again).unwrap();
    assert_eq!(
        again.public_key().to_spki_der(),
        pair.public_key().to_spki_der()
    );
    let cut = pem.replace(
        "8LUTGC++94uuGFSB0zQ9u50Fq0TSIqI+1w==",
        "8LUTGC++94uuGFSB0zQ9u50=",
    );
    assert!(KeyPair::from_pem(&cut).is_err());
    let other = pem.replace("EC PRIVATE", "DSA PRIVATE");
    assert!(matches!(
        KeyPair::from_pem(&other),
        Err(KeyRefused::Unsupported(_))
    ));
}

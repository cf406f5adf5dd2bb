//! Tests of `key_pair`.

use std::process::Command;

use super::{KeyPair, KeyType};
use crate::{
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

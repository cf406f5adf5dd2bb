//! A public key that an administrator uploads for a service account or a client: a certificate, a bare key, a JWK.
//!
//! 1. What is taken is strong enough, and is the same key in every form in which we print it.
//! 2. The life of a key ends with its certificate, and not before now.
//! 3. The certificate that we make for it holds this key.

#![no_main]

use std::sync::OnceLock;

use carnet_core::rule::admin::service_account_key::bounded_by_certificate;
use carnet_core::value::UnixTime;
use carnet_jose::x509::{Certificate, CertificateTemplate, UploadedCertificate};
use carnet_jose::{Algorithm, Jwk, KeyPair, KeyType, PublicKey};
use libfuzzer_sys::fuzz_target;

const NOW: UnixTime = UnixTime(1_775_121_058);

fuzz_target!(|text: &str| {
    if let Ok(read) = UploadedCertificate::from_pem(text) {
        let (from, until) = (UnixTime(read.not_before), UnixTime(read.not_after));
        for asked in [None, Some(UnixTime(NOW.0 + 86_400))] {
            if let Ok(Some(end)) = bounded_by_certificate(asked, from, until, NOW) {
                assert!(NOW < end && end <= until);
                assert!(asked.is_none_or(|asked| end <= asked));
            }
        }
        if let Some(name) = &read.common_name {
            assert!(!name.to_string().chars().any(char::is_control));
        }
        taken(&read.public_key);
    }
    if let Ok(key) = PublicKey::from_pem(text) {
        taken(&key);
    }
    if let Ok(jwk) = Jwk::parse(text.as_bytes()) {
        taken(&jwk.key);
    }
});

fn taken(key: &PublicKey) {
    let rsa = matches!(key.algorithm(), Algorithm::RS256 | Algorithm::PS256);
    assert!(if rsa {
        (2_048..=8_192).contains(&key.bits())
    } else {
        key.bits() >= 255
    });
    assert_eq!(key.clone().with_algorithm(Algorithm::PS256).is_ok(), rsa);
    let again = PublicKey::from_spki_der(&key.to_spki_der()).expect("what we print is a key");
    assert_eq!(again.thumbprint(), key.thumbprint());
    let template = CertificateTemplate {
        common_name: "104857291830027466113".to_owned(),
        serial: [7; 16],
        not_before: NOW.0.unsigned_abs(),
        not_after: NOW.0.unsigned_abs() + 315_360_000,
    };
    let made = Certificate::issued(key, &template, issuer(), "carnet").expect("a certificate");
    let read = UploadedCertificate::from_pem(&made.to_pem()).expect("what we print is one");
    assert_eq!(read.public_key.thumbprint(), key.thumbprint());
}

fn issuer() -> &'static KeyPair {
    static ISSUER: OnceLock<KeyPair> = OnceLock::new();
    ISSUER.get_or_init(|| KeyPair::generate(KeyType::Ed25519).expect("a key"))
}

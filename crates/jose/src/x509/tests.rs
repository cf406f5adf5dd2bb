//! Tests of `x509`.

use std::process::Command;

use proptest::prelude::{prop_assert, proptest};
use x509_parser::{certificate::X509Certificate, prelude::FromDer, x509::X509Version};

use super::{Certificate, CertificateTemplate, NotACertificate, UploadedCertificate};
use crate::{
    alg::Algorithm,
    key_pair::{KeyPair, KeyType},
    key_refused::KeyRefused,
    pem,
    public_key::PublicKey,
};

fn template() -> CertificateTemplate {
    CertificateTemplate {
        common_name: "112233445566778899001".to_owned(),
        serial: [0xFF; 16],
        not_before: 1_700_000_000,
        not_after: 2_015_360_000,
    }
}

/// Verifies a certificate with openssl; `None` where that cannot be run.
fn openssl_verifies(certificate: &Certificate, issuer: &str) -> Option<bool> {
    let place = std::env::temp_dir();
    let name = format!("carnet-x509-{}-{:p}", std::process::id(), certificate);
    let (one, two) = (
        place.join(format!("{name}.pem")),
        place.join(format!("{name}-ca.pem")),
    );
    std::fs::write(&one, certificate.to_pem()).unwrap();
    std::fs::write(&two, issuer).unwrap();
    let output = Command::new("openssl")
        .args([
            "verify",
            "-check_ss_sig",
            "-partial_chain",
            "-attime",
            "1800000000",
            "-trusted",
        ])
        .args([&two, &one])
        .output();
    std::fs::remove_file(one).unwrap();
    std::fs::remove_file(two).unwrap();
    match output {
        Ok(output) => Some(output.status.success()),
        Err(error) => {
            println!("SKIPPED: openssl cannot be run here ({error})");
            None
        }
    }
}

#[test]
fn google_wire_1_3_a_self_signed_certificate_has_the_numeric_id_and_ten_years() {
    for kind in [
        KeyType::Rsa2048,
        KeyType::P256,
        KeyType::P384,
        KeyType::Ed25519,
    ] {
        let pair = KeyPair::generate(kind).unwrap();
        let certificate = Certificate::self_signed(&pair, &template()).unwrap();
        let read = UploadedCertificate::from_pem(&certificate.to_pem()).unwrap();
        assert_eq!(read.public_key, *pair.public_key());
        assert_eq!(read.common_name.unwrap().as_str(), "112233445566778899001");
        assert_eq!(
            (read.not_before, read.not_after),
            (1_700_000_000, 2_015_360_000)
        );
        let (_, parsed) = X509Certificate::from_der(certificate.der()).unwrap();
        assert_eq!(parsed.version(), X509Version::V3);
        assert_eq!(parsed.subject(), parsed.issuer());
        assert_ne!(
            openssl_verifies(&certificate, &certificate.to_pem()),
            Some(false)
        );
    }
}

#[test]
fn a_ps256_key_has_an_ordinary_rsa_certificate() {
    let pair = KeyPair::generate(KeyType::Rsa2048).unwrap();
    let pair = pair.with_algorithm(Algorithm::PS256).unwrap();
    let certificate = Certificate::self_signed(&pair, &template()).unwrap();
    assert_ne!(
        openssl_verifies(&certificate, &certificate.to_pem()),
        Some(false)
    );
}

#[test]
fn a_bare_public_key_is_certified_by_another_key() {
    let issuer = KeyPair::generate(KeyType::Rsa2048).unwrap();
    let subject = KeyPair::generate(KeyType::P256).unwrap();
    let certificate =
        Certificate::issued(subject.public_key(), &template(), &issuer, "Carnet").unwrap();
    let (_, parsed) = X509Certificate::from_der(certificate.der()).unwrap();
    assert_eq!(parsed.issuer().to_string(), "CN=Carnet");
    assert_eq!(parsed.subject().to_string(), "CN=112233445566778899001");
    let (signed, signature) = (
        parsed.tbs_certificate.as_ref(),
        &parsed.signature_value.data,
    );
    assert!(issuer.public_key().verify(signed, signature).is_ok());
    let read = UploadedCertificate::from_der(certificate.der()).unwrap();
    assert_eq!(read.public_key, *subject.public_key());
    assert_eq!(
        PublicKey::from_pem(&certificate.to_pem()).unwrap(),
        read.public_key
    );
}

#[test]
fn the_end_of_time_is_the_year_9999() {
    let pair = KeyPair::generate(KeyType::Ed25519).unwrap();
    let until = |not_after| {
        let template = CertificateTemplate {
            not_after,
            ..template()
        };
        Certificate::self_signed(&pair, &template)
    };
    let certificate = until(253_402_300_799).unwrap();
    let read = UploadedCertificate::from_der(certificate.der()).unwrap();
    assert_eq!(read.not_after, 253_402_300_799);
    assert!(until(253_402_300_800).is_err());
    assert!(until(u64::MAX).is_err());
}

#[test]
fn rfc5280_4_1_2_2_a_serial_number_is_positive_and_not_long() {
    let pair = KeyPair::generate(KeyType::Ed25519).unwrap();
    for serial in [[0; 16], [0xFF; 16], [0x80; 16]] {
        let template = CertificateTemplate {
            serial,
            ..template()
        };
        let certificate = Certificate::self_signed(&pair, &template).unwrap();
        let (_, parsed) = X509Certificate::from_der(certificate.der()).unwrap();
        assert_eq!(parsed.raw_serial().len(), 16);
        assert!((0x40..0x80).contains(&parsed.raw_serial()[0]));
    }
}

#[test]
fn what_is_no_certificate_is_refused() {
    let pair = KeyPair::generate(KeyType::P256).unwrap();
    let refused = UploadedCertificate::from_pem(&pair.public_key().to_spki_pem());
    assert_eq!(refused, Err(NotACertificate::Malformed));
    let certificate = Certificate::self_signed(&pair, &template()).unwrap();
    let trailing = [certificate.der(), &[0]].concat();
    assert_eq!(
        UploadedCertificate::from_der(&trailing),
        Err(NotACertificate::Malformed)
    );
    let cut = pem::encode("CERTIFICATE", &certificate.der()[..100]);
    assert_eq!(
        PublicKey::from_pem(&cut),
        Err(KeyRefused::Malformed("it is not an X.509 certificate"))
    );
}

proptest! {
    #[test]
    fn a_changed_byte_does_not_panic(at: proptest::sample::Index, byte: u8) {
        static DER: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| {
            let pair = KeyPair::generate(KeyType::P256).unwrap();
            Certificate::self_signed(&pair, &template()).unwrap().der().to_vec()
        });
        let mut der = DER.clone();
        let at = at.index(der.len());
        der[at] = byte;
        if let Ok(read) = UploadedCertificate::from_der(&der) {
            prop_assert!(read.public_key.algorithm() == Algorithm::ES256);
        }
    }
}

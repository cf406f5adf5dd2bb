//! What the authority certifies, as the verifier of rustls and the parser see it.

use std::sync::Arc;
use std::time::Duration;

use rcgen::KeyPair;
use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier as _;
use rustls::crypto::aws_lc_rs;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::ServerName;
use rustls_pki_types::UnixTime;
use rustls_pki_types::pem::PemObject as _;
use x509_parser::prelude::FromDer as _;
use x509_parser::prelude::X509Certificate;

use super::Authority;
use super::DAY;
use super::LIFETIME;
use crate::captive::names::Names;

const NOW: u64 = 1_795_000_000;

fn believes(ca: &str, leaf: &CertificateDer<'_>, name: &str, at: u64) -> bool {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(ca.as_bytes()).unwrap())
        .unwrap();
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
        .build()
        .unwrap();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let at = UnixTime::since_unix_epoch(Duration::from_secs(at));
    verifier
        .verify_server_cert(leaf, &[], &name, &[], at)
        .is_ok()
}

fn leaf(authority: &Authority, name: &str, now: u64) -> CertificateDer<'static> {
    let key = KeyPair::generate().unwrap();
    authority.certify(name, &key, [9; 16], now).unwrap().0
}

#[test]
fn google_wire_13_a_leaf_is_believed_for_its_name_and_this_machine() {
    let authority = Authority::new(&Names::default(), NOW).unwrap();
    let leaf = leaf(&authority, "oauth2.googleapis.com", NOW);
    for name in ["oauth2.googleapis.com", "localhost", "127.0.0.1", "::1"] {
        assert!(believes(authority.pem(), &leaf, name, NOW), "{name}");
    }
    assert!(!believes(authority.pem(), &leaf, "iam.googleapis.com", NOW));
    let another = Authority::new(&Names::default(), NOW).unwrap();
    assert!(!believes(another.pem(), &leaf, "localhost", NOW));
    let (_, read) = X509Certificate::from_der(&leaf).unwrap();
    assert!(read.version().0 == 2 && !read.is_ca());
    let usage = read.extended_key_usage().unwrap().unwrap().value;
    assert!(usage.server_auth && !usage.client_auth && !usage.any);
    let days = (read.validity().not_after.timestamp() - read.validity().not_before.timestamp())
        / i64::try_from(DAY).unwrap();
    assert!(days <= 398, "{days}");
    assert!(read.raw_serial().len() <= 20 && read.raw_serial()[0] & 0x80 == 0);
}

#[test]
fn rfc5280_4_2_1_10_a_name_outside_the_list_is_not_believed_even_if_it_were_certified() {
    let authority = Authority::new(&Names::default(), NOW).unwrap();
    for name in [
        "bank.example",
        "google.com",
        "mail.google.com",
        "sts.carnet.test",
    ] {
        let leaf = leaf(&authority, name, NOW);
        assert!(!believes(authority.pem(), &leaf, name, NOW), "{name}");
    }
    let wider = Names::new(Some("carnet.test".parse().unwrap()));
    let authority = Authority::new(&wider, NOW).unwrap();
    let leaf = leaf(&authority, "sts.carnet.test", NOW);
    assert!(believes(authority.pem(), &leaf, "sts.carnet.test", NOW));
}

#[test]
fn an_authority_is_kept_while_it_is_good_and_renewed_with_its_key() {
    let names = Names::default();
    let first = Authority::new(&names, NOW).unwrap();
    let key = first.key_pem();
    let open = |names: &Names, now| Authority::open(&key, Some(first.pem()), names, now).unwrap();
    assert_eq!(open(&names, NOW + LIFETIME / 2 - DAY).pem(), first.pem());
    // Less than half is left: a new certificate, which those who trust the old one do not notice.
    let later = NOW + LIFETIME / 2 + DAY;
    let renewed = open(&names, later);
    assert_ne!(renewed.pem(), first.pem());
    let leaf = leaf(&renewed, "sts.googleapis.com", later);
    assert!(believes(first.pem(), &leaf, "sts.googleapis.com", later));
    assert!(believes(renewed.pem(), &leaf, "sts.googleapis.com", later));
    // Other names are to be held.
    let wider = Names::new(Some("carnet.test".parse().unwrap()));
    assert_ne!(open(&wider, NOW).pem(), first.pem());
    // The certificate is another key's, or is gone, or is none.
    let other = Authority::new(&names, NOW).unwrap();
    for certificate in [Some(other.pem()), None, Some("nothing")] {
        let opened = Authority::open(&key, certificate, &names, NOW).unwrap();
        assert_eq!(*opened.key_pem(), *key);
        assert_ne!(Some(opened.pem()), certificate);
    }
}

#[test]
fn a_leaf_never_outlives_its_authority_and_secrets_are_not_shown() {
    let authority = Authority::new(&Names::default(), NOW).unwrap();
    let late = NOW + LIFETIME - DAY;
    let (_, ends) = authority
        .certify("localhost", &KeyPair::generate().unwrap(), [1; 16], late)
        .unwrap();
    assert_eq!(ends, NOW + LIFETIME);
    let shown = format!("{authority:?}");
    assert!(
        !shown.contains("PRIVATE") && !shown.contains("key"),
        "{shown}"
    );
    for bad in ["", "x", authority.pem()] {
        assert!(Authority::open(bad, None, &Names::default(), NOW).is_err());
    }
}

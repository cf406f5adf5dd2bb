//! Chains of certificates, to the anchors of a provider.

use super::*;

#[test]
fn a_certificate_comes_and_goes_as_pem() {
    let key = rcgen::KeyPair::generate().unwrap();
    let made = rcgen::CertificateParams::default()
        .self_signed(&key)
        .unwrap();
    let pem = made.pem();
    let der = from_pem(&pem).unwrap();
    assert_eq!(der, made.der().to_vec());
    assert_eq!(from_pem(&to_pem(&der)).unwrap(), der);
    let label = "CERTIFICATE";
    let broken = carnet_jose::pem::encode(label, b"no certificate").to_string();
    let long = carnet_jose::pem::encode(label, &vec![0; LONGEST + 1]).to_string();
    for text in [
        "",
        "nonsense",
        &format!("{pem}{pem}"),
        &broken,
        &long,
        &key.serialize_pem(),
    ] {
        assert!(from_pem(text).is_err(), "{text}");
    }
}

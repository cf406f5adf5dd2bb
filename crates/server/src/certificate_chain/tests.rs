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

#[test]
fn google_wire_6_4_an_authority_is_trusted_while_it_is_valid() {
    let at = |seconds: u64| rcgen::date_time_ymd(1970, 1, 1) + Duration::from_secs(seconds);
    let mut params = rcgen::CertificateParams::default();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    (params.not_before, params.not_after) = (at(1_000_000), at(2_000_000));
    let key = rcgen::KeyPair::generate().unwrap();
    let anchor = params.self_signed(&key).unwrap().der().to_vec();
    let issuer = rcgen::Issuer::new(params, key);
    let mut workload = rcgen::CertificateParams::default();
    (workload.not_before, workload.not_after) = (at(0), at(9_000_000));
    let key = rcgen::KeyPair::generate().unwrap();
    let leaf = workload.signed_by(&key, &issuer).unwrap().der().to_vec();
    let chain = Chain {
        leaf,
        rest: Vec::new(),
    };
    let provider = X509Provider {
        anchors: vec![anchor],
        intermediates: Vec::new(),
    };
    for (now, trusted) in [
        (999_999, false),
        (1_000_000, true),
        (2_000_000, true),
        (2_000_001, false),
    ] {
        let led = leads(&chain, &provider, UnixTime(now));
        assert_eq!(led.is_ok(), trusted, "{now}: {led:?}");
    }
}

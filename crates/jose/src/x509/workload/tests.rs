//! Names of workloads that look like one and are several.

use rcgen::{CertificateParams, DistinguishedName, DnType, DnValue, KeyPair, string::BmpString};

use super::*;

const COMMON_NAME: [u64; 4] = [2, 5, 4, 3];

fn certified(names: Vec<(DnType, DnValue)>) -> Vec<u8> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    for (kind, value) in names {
        params.distinguished_name.push(kind, value);
    }
    let key = KeyPair::generate().unwrap();
    params.self_signed(&key).unwrap().der().to_vec()
}

fn text(text: &str) -> DnValue {
    DnValue::Utf8String(text.to_owned())
}

#[test]
fn google_wire_6_4_a_name_beside_one_that_is_no_text_is_not_the_only_one() {
    let cn = |names| WorkloadNames::from_der(&certified(names)).unwrap().subject;
    let one = vec![(DnType::CommonName, text("build-7"))];
    assert_eq!(cn(one.clone()), [("cn".to_owned(), "build-7".to_owned())]);
    let wide = DnValue::BmpString(BmpString::try_from("deploy").unwrap());
    let hidden = (DnType::CustomDnType(COMMON_NAME.to_vec()), wide);
    let mut two = one;
    two.push(hidden);
    two.push((DnType::OrganizationName, text("Acme")));
    assert_eq!(cn(two), [("o".to_owned(), "Acme".to_owned())]);
}

#[test]
fn more_attributes_than_are_looked_at_are_refused() {
    let many = |count: u64| {
        let all = 0..count;
        let all = all.map(|at| (DnType::CustomDnType(vec![2, 5, 4, 100 + at]), text("x")));
        WorkloadNames::from_der(&certified(all.collect()))
    };
    assert_eq!(many(50).unwrap().subject.len(), MOST);
    assert_eq!(many(51), Err(NotACertificate::Malformed));
    let alternative = |count: usize| {
        let hosts = (0..count).map(|at| format!("h{at}.example"));
        let params = CertificateParams::new(hosts.collect::<Vec<_>>()).unwrap();
        let key = KeyPair::generate().unwrap();
        WorkloadNames::from_der(params.self_signed(&key).unwrap().der())
    };
    assert_eq!(alternative(100).unwrap().names.dns.len(), MOST_NAMES);
    assert_eq!(alternative(101), Err(NotACertificate::Malformed));
}

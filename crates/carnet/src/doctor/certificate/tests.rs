//! A certificate is judged by the days that it has left.

use carnet_jose::x509::{Certificate, CertificateTemplate};
use carnet_jose::{KeyPair, KeyType};

use super::{DAY, dates};

#[test]
fn a_certificate_is_judged_by_its_days() {
    let key = KeyPair::generate(KeyType::P256).unwrap();
    let day = u64::try_from(DAY).unwrap();
    let template = CertificateTemplate {
        common_name: "auth.example.com".to_owned(),
        serial: [1; 16],
        not_before: 1_000 * day,
        not_after: 1_100 * day,
    };
    let made = Certificate::self_signed(&key, &template).unwrap();
    let grade = |day: i64| {
        let check = dates("tls", made.der(), day * DAY);
        serde_json::to_value(check).unwrap()["grade"].clone()
    };
    assert_eq!(grade(999), "fail");
    assert_eq!(grade(1_000), "pass");
    assert_eq!(grade(1_090), "warn");
    assert_eq!(grade(1_101), "fail");
}

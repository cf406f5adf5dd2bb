//! A chain of certificates as a subject token, and certificates of workloads, from anybody.
//!
//! 1. A chain has its bounds, and written again it is the same chain.
//! 2. What a certificate says is told as one thing where it is there once; it ends within an hour.
//! 3. What is refused is told in characters that an answer may carry.

#![no_main]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use carnet_core::rule::Refusal;
use carnet_core::rule::federation::x509;
use carnet_core::rule::federation::x509::Chain;
use carnet_core::value::UnixTime;
use carnet_jose::x509::LONGEST;
use carnet_jose::x509::UploadedCertificate;
use carnet_jose::x509::validity;
use carnet_wire::legal::is_legal;
use libfuzzer_sys::fuzz_target;

const NOW: UnixTime = UnixTime(1_795_662_000);

fuzz_target!(|bytes: &[u8]| {
    // As a text, and as the certificate itself.
    if let Ok(text) = str::from_utf8(bytes) {
        match x509::read(text) {
            Ok(chain) => held(&chain),
            Err(why) => told(&why),
        }
    }
    let _ = (UploadedCertificate::from_der(bytes), validity(bytes));
    let alone = serde_json::json!([STANDARD.encode(bytes)]).to_string();
    if let Ok(chain) = x509::read(&alone) {
        assert_eq!(chain.leaf, bytes);
        held(&chain);
    }
});

fn held(chain: &Chain) {
    assert!(chain.rest.len() < x509::MOST);
    let all: Vec<&Vec<u8>> = [&chain.leaf].into_iter().chain(&chain.rest).collect();
    assert!(all.iter().all(|der| der.len() <= LONGEST));
    let written: Vec<String> = all.iter().map(|der| STANDARD.encode(der)).collect();
    let again = x509::read(&serde_json::json!(written).to_string()).expect("it is read again");
    assert_eq!((&again.leaf, &again.rest), (&chain.leaf, &chain.rest));
    assert!(chain.is_shown(Some(&chain.leaf)).is_ok());
    match chain.vouched(NOW) {
        Ok(vouched) => {
            assert!((NOW.0 + 1..=NOW.0 + 3_600).contains(&vouched.expires().0));
            let san = &vouched.claims()["san"];
            for kind in ["dns", "uri", "email", "ip"] {
                let several = san["all"][kind].as_array().expect("a list");
                let one = (several.len() == 1).then(|| &several[0]);
                assert_eq!(san.get(kind), one);
            }
        }
        Err(why) => told(&why),
    }
}

fn told(why: &Refusal) {
    let told = why.description();
    assert!(told.bytes().all(is_legal), "{told}");
}

//! A PEM text from anybody: a private key, a public key, a certificate. What is read is printed and read again as
//! the same.

#![no_main]

use carnet_jose::x509::UploadedCertificate;
use carnet_jose::{KeyPair, PublicKey};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(key) = PublicKey::from_pem(text) {
        let again = PublicKey::from_pem(&key.to_spki_pem()).expect("what was printed can be read");
        assert_eq!(again.thumbprint(), key.thumbprint());
    }
    if let Ok(pair) = KeyPair::from_pem(text) {
        let printed = pair.to_pkcs8_pem().expect("a key of ours can be printed");
        let again = KeyPair::from_pem(&printed).expect("what was printed can be read");
        assert_eq!(
            again.public_key().thumbprint(),
            pair.public_key().thumbprint()
        );
    }
    let _certificate = UploadedCertificate::from_pem(text);
});

//! SAML from anybody: a document, a subject token, an identity provider's metadata. What was written canonically is read
//! as the same, and nothing is vouched for without a key.

#![no_main]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use carnet_saml::Metadata;
use carnet_saml::Trust;
use carnet_saml::canonical::canonical;
use carnet_saml::document::Bounds;
use carnet_saml::document::Element;
use libfuzzer_sys::fuzz_target;

const NOW: i64 = 1_795_662_000;

fuzz_target!(|text: &str| {
    if let Ok(document) = Element::parse(text, Bounds::METADATA) {
        let written = canonical(&document, &[], None);
        // A canonical text may be too long to be read again, or declare too much.
        if let Ok(again) = Element::parse(&written, Bounds::METADATA) {
            assert_eq!(canonical(&again, &[], None), written);
        }
    }
    let trust = Trust {
        issuer: "https://idp.test/saml",
        keys: &[],
        audiences: &[],
        recipients: &[],
    };
    assert!(carnet_saml::vouch(text, trust, NOW).is_err());
    assert!(carnet_saml::vouch(&STANDARD.encode(text), trust, NOW).is_err());
    let _metadata = Metadata::parse(text, NOW);
});

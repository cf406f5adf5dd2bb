//! A token from anybody: it is refused or taken apart, and no key of ours vouches for it.
//!
//! 1. What is read strictly is also read leniently, and says the same.
//! 2. A signature by a key that never signed anything does not hold.

#![no_main]

use std::sync::OnceLock;

use carnet_jose::{KeyPair, KeyType, Limits, PublicKey, Unverified};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let lenient = Unverified::parse(text, Limits::LENIENT);
    if let Ok(strict) = Unverified::parse(text, Limits::STRICT) {
        let lenient = lenient.as_ref().expect("what is strict is lenient");
        assert_eq!(strict.header(), lenient.header());
        assert_eq!(
            strict.claims_unverified_for_lookup(),
            lenient.claims_unverified_for_lookup()
        );
    }
    if let Ok(token) = lenient {
        for key in strangers() {
            assert!(token.verify(key).is_err());
        }
    }
});

/// Keys that have signed nothing.
fn strangers() -> &'static [PublicKey] {
    static KEYS: OnceLock<Vec<PublicKey>> = OnceLock::new();
    KEYS.get_or_init(|| {
        [
            KeyType::P256,
            KeyType::P384,
            KeyType::Ed25519,
            KeyType::Rsa2048,
        ]
        .into_iter()
        .map(|kind| KeyPair::generate(kind).expect("a key").public_key().clone())
        .collect()
    })
}

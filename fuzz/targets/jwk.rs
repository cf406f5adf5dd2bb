//! A key, or a set of keys, as JSON from anybody. A key that is read is printed and read again as the same key.

#![no_main]

use carnet_jose::{Jwk, JwkSet};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    if let Ok(key) = Jwk::parse(text) {
        let printed = key.to_json().to_string();
        let again = Jwk::parse(printed.as_bytes()).expect("what was printed can be read");
        assert_eq!(again.key_id, key.key_id);
        assert_eq!(again.key.thumbprint(), key.key.thumbprint());
        assert_eq!(again.key.algorithm(), key.key.algorithm());
    }
    if let Ok(set) = JwkSet::parse(text) {
        JwkSet::parse(set.to_json().as_bytes()).expect("what was printed can be read");
    }
});

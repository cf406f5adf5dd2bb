//! Files with the keys of an app.

use std::fs;

use carnet_jose::{KeyPair, KeyType};
use serde_json::{Value, json};

use super::read;
use crate::failure::Failure;

fn of(text: &str) -> Result<Value, Failure> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys");
    fs::write(&file, text).unwrap();
    read(&file)
}

#[test]
fn a_set_is_taken_as_it_is_and_one_key_becomes_a_set() {
    let set = json!({"keys": [{"kty": "EC"}]});
    assert_eq!(of(&set.to_string()).unwrap(), set);
    assert_eq!(of(r#" {"kty":"EC"} "#).unwrap(), set);
}

#[test]
fn a_public_key_in_pem_becomes_a_set_with_its_thumbprint_as_kid() {
    let pair = KeyPair::generate(KeyType::P256).unwrap();
    let set = of(&pair.public_key().to_spki_pem()).unwrap();
    assert_eq!(set["keys"][0]["kid"], pair.public_key().thumbprint_text());
    assert_eq!(set["keys"][0]["alg"], "ES256");
}

#[test]
fn what_is_neither_is_refused() {
    for text in [
        "",
        "[]",
        "keys",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
    ] {
        assert!(of(text).is_err(), "{text}");
    }
}

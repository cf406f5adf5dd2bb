//! The claims of an assertion, and the key file of a service account, as JSON from anybody.

#![no_main]

use carnet_jose::json;
use carnet_wire::assertion::AssertionClaims;
use carnet_wire::google::KeyFile;
use carnet_wire::legal::is_legal;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    match AssertionClaims::parse(text) {
        Ok(claims) => {
            if let Ok(Some(user)) = claims.delegated_user() {
                assert_ne!(Some(user), claims.iss.text());
            }
            let _seconds = (claims.iat.seconds(), claims.exp.seconds());
        }
        Err(error) => assert!(error.to_string().bytes().all(is_legal), "{error}"),
    }
    let _object = json::object(text, json::CLAIMS_DEPTH);
    let _key_file = KeyFile::parse(text);
});

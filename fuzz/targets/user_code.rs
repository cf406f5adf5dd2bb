//! The code of a device as a person types it, and a code made of bytes.
//!
//! What is read is eight letters of the alphabet, and it is the same code in either case, with its hyphen and without.

#![no_main]

use carnet_wire::device::{DeviceAuthorizationResponse, USER_CODE_ALPHABET, UserCode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some(made) = UserCode::of_random(bytes) {
        same(&made);
    }
    if let Some(answer) = DeviceAuthorizationResponse::parse(bytes) {
        let printed = answer.to_bytes();
        let again = DeviceAuthorizationResponse::parse(&printed);
        assert_eq!(again.as_ref(), Some(&answer));
    }
    let Ok(typed) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Some(code) = UserCode::parse(typed) {
        same(&code);
        assert_eq!(
            UserCode::parse(&typed.to_ascii_lowercase()).as_ref(),
            Some(&code)
        );
        assert_eq!(
            UserCode::parse(&typed.to_ascii_uppercase()).as_ref(),
            Some(&code)
        );
    }
});

fn same(code: &UserCode) {
    assert_eq!(code.as_str().len(), 8);
    assert!(
        code.as_str()
            .bytes()
            .all(|letter| USER_CODE_ALPHABET.contains(&letter))
    );
    let shown = code.to_string();
    assert_eq!(shown.len(), 9);
    for text in [&shown, &shown.to_lowercase(), code.as_str()] {
        assert_eq!(UserCode::parse(text).as_ref(), Some(code));
    }
    assert!(!format!("{code:?}").contains(code.as_str()));
}

//! `authorization_details` of anybody's request.
//!
//! 1. It is refused in words that may stand in an `error_description`, or lies within its bounds.
//! 2. What is printed is read as the same, and each detail covers itself.
//! 3. Logs see no more of one than its type.

#![no_main]

use carnet_wire::authorization_details::{
    AuthorizationDetails, MAX_BYTES, MAX_DETAILS, MAX_TYPE_BYTES,
};
use carnet_wire::legal::is_legal;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match AuthorizationDetails::parse(text) {
        Ok(details) => judge(&details),
        Err(error) => {
            let told = error.to_string();
            assert!(told.bytes().all(is_legal), "{told}");
        }
    }
});

fn judge(details: &AuthorizationDetails) {
    let count = details.iter().count();
    assert!((1..=MAX_DETAILS).contains(&count));
    let printed = details.to_json();
    assert!(printed.len() <= MAX_BYTES);
    assert_eq!(AuthorizationDetails::parse(&printed).as_ref(), Ok(details));
    assert!(details.cover(details));
    for detail in details.iter() {
        assert!((1..=MAX_TYPE_BYTES).contains(&detail.kind().len()));
        assert!(detail.members().all(|(name, _)| name != "type"));
    }
    assert_eq!(details.filter(|_| true).as_ref(), Some(details));
    assert_eq!(details.filter(|_| false), None);
}

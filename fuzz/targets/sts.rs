//! A request for an exchange of tokens, as a form and as JSON, with its options and their access boundary, from anybody.
//!
//! 1. A boundary keeps its bounds, and printed and read again it is the same.
//! 2. It permits what one of its rules names, and nothing that walks up from there.
//! 3. What is not read is told in characters that an answer may carry.

#![no_main]

use carnet_core::rule::federation::downscoping;
use carnet_wire::google::access_boundary::AccessBoundary;
use carnet_wire::google::access_boundary::MAX_BYTES;
use carnet_wire::google::access_boundary::MAX_RULES;
use carnet_wire::google::sts::NotSts;
use carnet_wire::google::sts::Options;
use carnet_wire::google::sts::StsRequest;
use carnet_wire::legal::is_legal;
use carnet_wire::params::Params;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    asked(StsRequest::parse_json(bytes));
    if let Ok(mut params) = Params::parse(bytes) {
        asked(StsRequest::parse(&mut params));
    }
    // As the options alone too: a fuzzer seldom writes JSON in JSON.
    if let Ok(sent) = serde_json::from_slice::<Value>(bytes) {
        bounded(&Options {
            access_boundary: Some(sent),
            ..Options::default()
        });
    }
});

fn asked(read: Result<StsRequest<'_>, NotSts>) {
    match read {
        Ok(request) => {
            assert!(!request.subject_token.is_empty());
            bounded(&request.options);
        }
        Err(why) => assert!(why.to_string().bytes().all(is_legal), "{why}"),
    }
}

fn bounded(options: &Options) {
    let boundary = match downscoping::asked(options) {
        Ok(boundary) => boundary,
        Err(why) => {
            let told = why.description();
            assert!(told.bytes().all(is_legal), "{told}");
            return;
        }
    };
    assert!((1..=MAX_RULES).contains(&boundary.rules().len()));
    let printed = serde_json::to_value(&boundary).expect("it is printed");
    assert!(printed.to_string().len() <= MAX_BYTES);
    assert_eq!(AccessBoundary::of(&printed).as_ref(), Ok(&boundary));
    for rule in boundary.rules() {
        let own = &rule.available_resource;
        assert_eq!(rule.roles().count(), rule.available_permissions.len());
        assert!(boundary.permits(own, |_| true, |_| true));
        assert!(!boundary.permits(own, |_| false, |_| true));
        for up in ["/..", "/../x", "/./x", "/x/../../y"] {
            assert!(!boundary.permits(&format!("{own}{up}"), |_| true, |_| true));
        }
    }
}

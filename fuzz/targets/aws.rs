//! A signed request to Amazon's cloud as a subject token, and what AWS answers to it, from anybody.
//!
//! 1. What is read is for AWS STS, signs what it must, and has no header that is not of the list.
//! 2. What is signed has a line for each signed header and no line more: no value makes another line.
//! 3. The same request with each byte percent-encoded is the same request.
//! 4. Who an answer names fits together; what is not read is told in characters that an answer may carry.

#![no_main]

use carnet_wire::google::aws::Caller;
use carnet_wire::google::aws::DATE;
use carnet_wire::google::aws::SESSION;
use carnet_wire::google::aws::SignedRequest;
use carnet_wire::google::aws::is_sts;
use carnet_wire::legal::is_legal;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Some(caller) = Caller::parse(text.as_bytes()) {
        let again = Caller::of(&caller.account, &caller.arn, &caller.user);
        assert_eq!(again.as_ref(), Some(&caller));
        assert!(caller.arn.contains(&caller.account));
    }
    let read = SignedRequest::parse(text);
    let encoded: Vec<String> = text
        .trim()
        .bytes()
        .map(|byte| format!("%{byte:02X}"))
        .collect();
    let encoded = SignedRequest::parse(&encoded.concat());
    match read {
        Ok(request) => {
            sound(&request);
            // Three times as long may be too long.
            if !text.trim().starts_with('%') && text.len() <= 5_000 {
                assert_eq!(encoded.as_ref(), Ok(&request));
            }
        }
        Err(why) => assert!(why.to_string().bytes().all(is_legal), "{why}"),
    }
});

fn sound(request: &SignedRequest) {
    assert!(is_sts(&request.host));
    assert_eq!(request.header("host"), Some(request.host.as_str()));
    assert!(request.is_signed("host") && request.is_signed(DATE));
    assert_eq!(
        request.header(SESSION).is_some(),
        request.is_signed(SESSION)
    );
    let signed = &request.signature.signed;
    assert!(signed.is_sorted() && signed.len() <= request.headers.len());
    // Method, path, query; a line for each header, and an empty one; their names, and the digest.
    let canonical = request.canonical("digest");
    assert_eq!(canonical.split('\n').count(), 3 + signed.len() + 3);
    assert!(!format!("{request:?}").contains(&request.signature.hex));
}

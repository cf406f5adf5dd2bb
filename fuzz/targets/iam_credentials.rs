//! A request to IAM Credentials, as JSON and as a form, from anybody: what is read lies within its bounds, and what is
//! wrong is told of a member.

#![no_main]

use carnet_wire::google::iam_credentials::MOST_ITEMS;
use carnet_wire::google::iam_credentials::NotARequest;
use carnet_wire::google::iam_credentials::Request;
use carnet_wire::google::iam_credentials::SignedBlob;
use carnet_wire::google::iam_credentials::seconds;
use carnet_wire::google::iam_credentials::to_bytes;
use carnet_wire::legal::is_legal;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some(seconds) = str::from_utf8(bytes).ok().and_then(seconds) {
        assert!((0..1_000_000_000).contains(&seconds));
    }
    for read in [Request::from_json(bytes), Request::from_form(bytes)] {
        match read {
            Ok(request) => judged(&request),
            Err(why) => told(&why),
        }
    }
});

fn judged(request: &Request) {
    let lists = [
        request.delegates().map(|all| all.len()),
        request.scope().map(<[String]>::len),
    ];
    for length in lists {
        match length {
            Ok(length) => assert!(length <= MOST_ITEMS),
            Err(why) => told(&why),
        }
    }
    match request.lifetime() {
        Ok(seconds) => assert!((1..1_000_000_000).contains(&seconds)),
        Err(why) => told(&why),
    }
    match request.audience() {
        Ok(audience) => assert!(!audience.is_empty()),
        Err(why) => told(&why),
    }
    let truths = [request.include_email(), request.organization_number()];
    truths
        .iter()
        .filter_map(|truth| truth.as_ref().err())
        .for_each(told);
    match request.blob() {
        // What we answer is in the same form.
        Ok(blob) => {
            let answer = to_bytes(&SignedBlob::new("key", &blob));
            assert!(serde_json::from_slice::<serde_json::Value>(&answer).is_ok());
        }
        Err(why) => told(&why),
    }
    if let Err(why) = request.claims() {
        told(&why);
    }
}

fn told(why: &NotARequest) {
    assert!(why.to_string().bytes().all(is_legal), "{why}");
}

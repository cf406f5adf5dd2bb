//! What a client reads from a server that it does not know: bodies and challenges.
//!
//! What is read is printed again and reads the same.

#![no_main]

use carnet_wire::bearer::Challenge;
use carnet_wire::discovery::Metadata;
use carnet_wire::google::ApiError;
use carnet_wire::introspection::IntrospectionResponse;
use carnet_wire::problem::Problem;
use carnet_wire::protected_resource::{ProtectedResource, well_known};
use carnet_wire::token::{ErrorResponse, TokenResponse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    if let Ok(response) = TokenResponse::parse(body) {
        let bytes = response.to_bytes();
        assert_eq!(TokenResponse::parse(&bytes).as_ref(), Ok(&response));
    }
    if let Some(response) = IntrospectionResponse::parse(body) {
        let bytes = response.to_bytes();
        assert_eq!(
            IntrospectionResponse::parse(&bytes).as_ref(),
            Some(&response)
        );
    }
    if let Some(problem) = Problem::parse(body) {
        let bytes = problem.to_bytes();
        assert_eq!(Problem::parse(&bytes).as_ref(), Some(&problem));
    }
    if let Some(refusal) = ErrorResponse::parse(body) {
        assert!(ErrorResponse::parse(&refusal.to_bytes()).is_some());
    }
    let _metadata = Metadata::parse(body, "https://auth.example");
    let resource = "https://api.example/v1";
    if let Ok(described) = ProtectedResource::parse(body, resource) {
        let bytes = described.to_bytes();
        assert_eq!(
            ProtectedResource::parse(&bytes, resource).as_ref(),
            Ok(&described)
        );
    }
    let _api_error = ApiError::message_of(body);
    if let Ok(header) = std::str::from_utf8(body) {
        challenge(header);
        if let Some(address) = well_known(header) {
            assert!(address.contains("/.well-known/oauth-protected-resource"));
        }
    }
});

fn challenge(header: &str) {
    if let Some(challenge) = Challenge::find(header) {
        let printed = challenge.to_string();
        let again = Challenge::find(&printed).expect("what we print is a challenge");
        // Printing makes the values harmless, and only once. Of long headers the end is not read.
        assert!(printed.len() > 8_000 || again.to_string() == printed);
    }
}

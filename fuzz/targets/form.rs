//! The body of a token request from anybody.
//!
//! 1. It is refused, or it becomes parameters, each name once.
//! 2. They become a request, or a refusal whose words may stand in an `error_description` (RFC 6749 §5.2).
//! 3. Each value, taken as a scope or as an `Authorization` header, does no harm either.

#![no_main]

use carnet_wire::bearer::parse_authorization;
use carnet_wire::client_authentication::ClientAuthentication;
use carnet_wire::legal::is_legal;
use carnet_wire::params::Params;
use carnet_wire::scope::Scope;
use carnet_wire::token::{GrantType, TokenRequest};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let mut params = match Params::parse(body) {
        Ok(params) => params,
        Err(error) => return speakable(&error.to_string()),
    };
    let names: Vec<String> = params.names().map(str::to_owned).collect();
    let mut again = params.clone();
    for name in names {
        for value in again.take_all(&name) {
            header_and_scope(&value);
        }
        assert!(!again.sent(&name), "what is taken is gone");
    }
    if let Err(error) = ClientAuthentication::parse(None, &mut params) {
        speakable(&error.to_string());
    }
    if let Err(error) = TokenRequest::parse(&mut params, &GrantType::ALL) {
        speakable(&error.to_string());
    }
});

fn header_and_scope(value: &str) {
    if let Ok(scope) = Scope::parse_list(value) {
        assert_eq!(Scope::parse(scope.as_str()).as_ref(), Ok(&scope));
        assert!(scope.within(&scope));
    }
    if let Err(error) = ClientAuthentication::parse(Some(value), &mut Params::default()) {
        speakable(&error.to_string());
    }
    if let Ok(token) = parse_authorization(value) {
        assert!(!token.is_empty());
    }
}

fn speakable(text: &str) {
    assert!(text.bytes().all(is_legal), "{text}");
}

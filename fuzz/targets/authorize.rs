//! An authorization request from anybody's link, and the answer that the browser carries back.
//!
//! 1. It is refused in words that may stand in an `error_description`, or every part of it lies within its bounds.
//! 2. A token never travels in a query. A challenge holds for its verifier and for no other.
//! 3. The answer goes to the redirect URI, with its query and the client's `state` as they were.

#![no_main]

use carnet_jose::digest;
use carnet_wire::authorize::{
    Addressee, AuthorizationRequest, AuthorizationResponse, Delivery, MAX_STATE_BYTES, ResponseMode,
};
use carnet_wire::legal::is_legal;
use carnet_wire::params::Params;
use carnet_wire::pkce::{ChallengeMethod, CodeChallenge, CodeVerifier};
use carnet_wire::scope::Scope;
use libfuzzer_sys::fuzz_target;
use url::Url;

const OTHER: &str = "another-verifier-of-more-than-43-characters";

fuzz_target!(|query: &[u8]| {
    let Ok(mut params) = Params::parse(query) else {
        return;
    };
    let addressee = match Addressee::parse(&mut params) {
        Ok(addressee) => addressee,
        Err(missing) => return speakable(&missing.to_string()),
    };
    assert!(!addressee.client_id.is_empty());
    answer(&addressee);
    match AuthorizationRequest::parse(&mut params) {
        Ok(request) => bounded(&request),
        Err(error) => {
            speakable(&error.to_string());
            speakable(error.code().as_str());
        }
    }
});

fn bounded(request: &AuthorizationRequest<'_>) {
    let kind = request.response_type;
    let in_query = request.response_mode == ResponseMode::Query;
    assert!(!in_query || !(kind.has_token() || kind.has_id_token()));
    if let Some(scope) = &request.scope {
        assert_eq!(Scope::parse(scope.as_str()).as_ref(), Ok(scope));
    }
    assert!(request.resource.len() <= 8);
    for resource in &request.resource {
        assert!(!resource.contains('#') && Url::parse(resource).is_ok());
    }
    if let Some(thumbprint) = &request.dpop_jkt {
        assert_eq!(thumbprint.len(), 43);
    }
    if let Some(challenge) = &request.code_challenge {
        proof(challenge);
    }
}

fn proof(challenge: &CodeChallenge<'_>) {
    let other = CodeVerifier::parse(OTHER).expect("a verifier");
    assert!(challenge.as_str() == OTHER || !challenge.holds(&other, sha256));
    // What the browser has seen proves nothing by itself, unless it was sent in plain.
    if let Ok(seen) = CodeVerifier::parse(challenge.as_str()) {
        let plain = challenge.method() == ChallengeMethod::Plain;
        assert_eq!(challenge.holds(&seen, sha256), plain);
        let made = CodeChallenge::parse(seen.s256(sha256), Some("S256")).expect("a challenge");
        assert!(made.holds(&seen, sha256));
    }
    assert!(!format!("{challenge:?}").contains(challenge.as_str()));
}

fn answer(addressee: &Addressee<'_>) {
    let state = addressee.state.clone();
    assert!(
        state
            .as_ref()
            .is_none_or(|state| state.len() <= MAX_STATE_BYTES)
    );
    let response = AuthorizationResponse::code("crn_ac_1", state.clone(), "https://auth.example");
    let (location, sent): (_, Vec<(String, String)>) =
        match response.deliver("https://app.example/cb?tenant=7", addressee.error_mode) {
            Delivery::Form(fields) => {
                let fields = fields.into_iter();
                let owned = fields.map(|(name, value)| (name.to_owned(), value.into_owned()));
                (
                    "https://app.example/cb?tenant=7".to_owned(),
                    owned.collect(),
                )
            }
            Delivery::Location(location) => {
                let url = Url::parse(&location).expect("a location is a URL");
                let query = url.query().unwrap_or_default();
                let carried = url.fragment().unwrap_or(query).to_owned();
                let pairs = url::form_urlencoded::parse(carried.as_bytes());
                (location, pairs.into_owned().collect())
            }
        };
    assert!(
        location.bytes().all(|byte| byte.is_ascii_graphic()),
        "{location}"
    );
    assert!(location.starts_with("https://app.example/cb?tenant=7"));
    let of = |name: &str| {
        let mut found = sent.iter().filter(|(known, _)| known == name);
        let first = found.next().map(|(_, value)| value.as_str());
        assert!(found.next().is_none(), "{name} comes twice");
        first
    };
    assert_eq!(of("state"), state.as_deref());
    assert_eq!(of("code"), Some("crn_ac_1"));
    assert_eq!(of("iss"), Some("https://auth.example"));
}

fn sha256(message: &[u8]) -> [u8; 32] {
    digest::sha256(message)
}

fn speakable(text: &str) {
    assert!(text.bytes().all(is_legal), "{text}");
}

//! What a proof of possession claims, as JSON from anybody.
//!
//! 1. What is read lies within its bounds.
//! 2. A proof is about the address that it names, with any query and fragment, and about no other method.
//! 3. One that is about our token endpoint names our host and path, however it is written.

#![no_main]

use carnet_wire::dpop::{DpopClaims, DpopClaimsError};
use libfuzzer_sys::fuzz_target;
use url::Url;
use url::form_urlencoded;

const ENDPOINT: &str = "https://auth.example/token";

fuzz_target!(|payload: &[u8]| {
    let Ok(claims) = DpopClaims::parse(payload) else {
        return;
    };
    assert!((1..=256).contains(&claims.jti.len()));
    assert!(
        claims
            .nonce
            .as_ref()
            .is_none_or(|nonce| (1..=256).contains(&nonce.len()))
    );
    assert!(claims.htu.len() <= 4_096);
    let own = claims.is_about(&claims.htm, &claims.htu);
    if !claims.htu.contains(['?', '#']) {
        let longer = format!("{}?a=b#c", claims.htu);
        assert_eq!(claims.is_about(&claims.htm, &longer), own);
    }
    let method = format!("{}X", claims.htm);
    assert_eq!(
        claims.is_about(&method, &claims.htu),
        Err(DpopClaimsError::OtherMethod)
    );
    if claims.is_about(&claims.htm, ENDPOINT).is_ok() {
        let url = Url::parse(&claims.htu).expect("it is an address");
        assert_eq!(
            (url.scheme(), url.host_str()),
            ("https", Some("auth.example"))
        );
        // What needs no percent sign may have one (RFC 3986 6.2.2.2).
        let mut path = form_urlencoded::parse(url.path().as_bytes());
        let path = path.next().map(|(path, _)| path.into_owned());
        assert_eq!((path.as_deref(), url.port()), (Some("/token"), None));
        assert!(url.username().is_empty() && url.password().is_none());
        assert_eq!(
            claims.is_about(&claims.htm, "https://auth.example/revoke"),
            Err(DpopClaimsError::OtherAddress)
        );
    }
});

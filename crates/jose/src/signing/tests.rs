//! Tests of `signing`.

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use super::{SigningHeader, SigningInput, sign_compact};
use crate::{
    alg::Algorithm,
    base64url::{self, Padding},
    jws::{Limits, Unverified},
    key_pair::{KeyPair, KeyType},
    signer::{LocalSigner, Signer},
};

#[test]
fn rfc7515_4_1_the_header_has_alg_and_what_was_given() {
    let text = |header: SigningHeader| {
        let encoded = header.prefix.strip_suffix('.').unwrap();
        String::from_utf8(base64url::decode(encoded, Padding::Strict, 1000).unwrap()).unwrap()
    };
    let header = SigningHeader::new(Algorithm::RS256, None, None);
    assert_eq!(text(header), r#"{"alg":"RS256"}"#);
    let header = SigningHeader::new(Algorithm::ES256, Some("a\"b"), Some("at+jwt"));
    assert_eq!(
        text(header),
        r#"{"alg":"ES256","kid":"a\"b","typ":"at+jwt"}"#
    );
}

#[test]
fn a_header_and_a_signer_of_different_algorithms_make_no_token() {
    let signer = LocalSigner::new(KeyPair::generate(KeyType::Ed25519).unwrap(), "k");
    let header = SigningHeader::new(Algorithm::ES256, None, None);
    let fault = sign_compact(&header, b"{}", &signer).unwrap_err();
    assert_eq!(
        fault.to_string(),
        "signing: a header for ES256 and a signer for EdDSA"
    );
}

#[test]
fn the_token_fits_the_string_that_was_made_for_it() {
    for kind in [
        KeyType::Rsa2048,
        KeyType::P256,
        KeyType::P384,
        KeyType::Ed25519,
    ] {
        let signer = LocalSigner::new(KeyPair::generate(kind).unwrap(), "k");
        let input = SigningInput::new(&SigningHeader::of(&signer, "JWT"), &[b'x'; 500]);
        let (at, room) = (input.as_bytes().as_ptr(), input.text.capacity());
        let token = input.sign_now(&signer).unwrap();
        assert_eq!(
            (token.as_ptr(), token.capacity()),
            (at, room),
            "it was not moved"
        );
    }
}

#[test]
fn the_asynchronous_way_gives_the_same_kind_of_token() {
    let signer = LocalSigner::new(KeyPair::generate(KeyType::P256).unwrap(), "k");
    let signer: &dyn Signer = &signer;
    let header = SigningHeader::of(signer, "JWT");
    let signing = pin!(SigningInput::new(&header, b"{}").sign(signer));
    let Poll::Ready(token) = signing.poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("a local signer does not wait");
    };
    let token = token.unwrap();
    let unverified = Unverified::parse(&token, Limits::STRICT).unwrap();
    assert_eq!(unverified.header().key_id.as_deref(), Some(signer.key_id()));
    assert!(unverified.verify(signer.public_key()).is_ok());
}

//! How a client says who it is: a header on the first line of the input, the form behind it.
//!
//! 1. It is refused in words that may stand in an `error_description`, or it is one way and within its bounds.
//! 2. A Basic header that is written from what was read says the same.
//! 3. What is printed for logs does not depend on the secret.

#![no_main]

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use carnet_wire::client_authentication::{
    ClientAuthentication, MAX_CLIENT_ID_BYTES, MAX_SECRET_BYTES,
};
use carnet_wire::legal::is_legal;
use carnet_wire::params::Params;
use libfuzzer_sys::fuzz_target;
use url::form_urlencoded::byte_serialize;

fuzz_target!(|text: &str| {
    let (header, form) = text.split_once('\n').unwrap_or((text, ""));
    let Ok(mut params) = Params::parse(form.as_bytes()) else {
        return;
    };
    let header = Some(header).filter(|header| !header.is_empty());
    match ClientAuthentication::parse(header, &mut params) {
        Ok(Some(read)) => judge(&read),
        Ok(None) => {
            for name in ["client_id", "client_secret", "client_assertion"] {
                assert!(params.take(name).is_none(), "{name} says nothing");
            }
        }
        Err(error) => {
            let told = error.to_string();
            assert!(told.bytes().all(is_legal), "{told}");
        }
    }
});

fn judge(read: &ClientAuthentication<'_>) {
    let bound = MAX_CLIENT_ID_BYTES;
    assert!(
        read.client_id()
            .is_none_or(|id| !id.is_empty() && id.len() <= bound)
    );
    let mut other = read.clone();
    match &mut other {
        ClientAuthentication::None { .. } => {}
        ClientAuthentication::SecretBasic { secret, .. }
        | ClientAuthentication::SecretPost { secret, .. } => {
            assert!(!secret.is_empty() && secret.len() <= MAX_SECRET_BYTES);
            *secret = Cow::Borrowed("another secret");
        }
        ClientAuthentication::Assertion { assertion, .. } => {
            assert!(!assertion.is_empty());
            *assertion = Cow::Borrowed("another.asser.tion");
        }
    }
    assert_eq!(format!("{read:?}"), format!("{other:?}"));
    if let ClientAuthentication::SecretBasic { client_id, secret } = read {
        let half = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
        let joined = format!("{}:{}", half(client_id), half(secret));
        let header = format!("Basic {}", STANDARD.encode(joined));
        let again = ClientAuthentication::parse(Some(&header), &mut Params::default());
        assert_eq!(again.ok().flatten().as_ref(), Some(read));
    }
}

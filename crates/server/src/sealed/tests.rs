//! Lesson 3: what was sealed for one use opens for no other. Lesson 23: what was cut is nothing.

use carnet_core::rule::grant::refresh_token::RefreshToken;
use carnet_core::value::AuthorizationId;
use carnet_core::value::UnixTime;
use carnet_jose::Prefixed;

use super::CODE;
use super::REFRESH_TOKEN;
use super::open;
use super::open_code;
use super::open_refresh_token;
use super::seal;
use super::seal_refresh_token;
use crate::entropy::SystemEntropy;
use crate::keyring::KeyEncryptionKey;
use crate::keyring::Keyring;
use crate::keyring::first_keys;

fn keyring() -> Keyring {
    let key = KeyEncryptionKey::new([7; 32]).unwrap();
    let keys = first_keys(UnixTime(1_775_121_058), &mut SystemEntropy, &key).unwrap();
    Keyring::open(&keys, &key).unwrap()
}

#[test]
fn lesson_3_and_23_a_text_opens_for_its_own_use_and_whole() {
    let keyring = keyring();
    let token = RefreshToken {
        authorization: AuthorizationId::from_bytes([9; 16]),
        generation: 3,
    };
    let text = seal_refresh_token(token, &keyring).unwrap();
    assert_eq!(open_refresh_token(&text, &keyring), Some(token));
    assert_eq!(open_code(&text, &keyring), None);
    for end in 0..text.len() {
        let cut = text.get(..end).unwrap();
        assert_eq!(open_refresh_token(cut, &keyring), None, "{end}");
    }

    // The same bytes under the other prefix: the seal tells them apart, not the text.
    let sealed = Prefixed::RefreshToken.decode(&text).unwrap();
    let as_code = Prefixed::AuthorizationCode.encode(&sealed);
    assert_eq!(open_code(&as_code, &keyring), None);
    let kind = Prefixed::AuthorizationCode;
    assert_eq!(open(kind, &as_code, CODE, &keyring), None);
    assert!(open(kind, &as_code, REFRESH_TOKEN, &keyring).is_some());
    let code = seal(kind, &token.to_bytes(), CODE, &keyring).unwrap();
    assert_eq!(open_refresh_token(&code, &keyring), None);
}

#[test]
fn lesson_3_a_text_of_another_installation_is_nothing() {
    let token = RefreshToken {
        authorization: AuthorizationId::from_bytes([9; 16]),
        generation: 3,
    };
    let text = seal_refresh_token(token, &keyring()).unwrap();
    assert_eq!(open_refresh_token(&text, &keyring()), None);
}

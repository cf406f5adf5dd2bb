//! Which sets of keys a client may have.

use carnet_jose::KeyRefused;

use super::ClientKeys;
use super::NotClientKeys;

const P256: &str = r#"{"kty":"EC","crv":"P-256","kid":"a","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0""#;

fn read(keys: &[String]) -> Result<ClientKeys, NotClientKeys> {
    format!(r#"{{"keys":[{}]}}"#, keys.join(",")).parse()
}

#[test]
fn rfc7517_5_the_public_keys_of_a_set_are_taken() {
    let keys = read(&[format!("{P256}}}")]).unwrap();
    let set = keys.inline().unwrap();
    assert_eq!(set.keys.len(), 1);
    assert_eq!(set.keys[0].key_id.as_deref(), Some("a"));
}

#[test]
fn rfc7517_4_2_a_key_for_encryption_is_left_out_and_is_not_enough() {
    let (sig, enc) = (format!("{P256}}}"), format!(r#"{P256},"use":"enc"}}"#));
    let both = read(&[sig, enc.clone()]).unwrap();
    assert_eq!(both.inline().unwrap().keys.len(), 1);
    assert!(both.inline().unwrap().skipped.is_empty());
    assert_eq!(read(&[enc]), Err(NotClientKeys::None));
}

#[test]
fn a_private_key_a_shared_secret_and_an_unknown_key_are_named_and_refused() {
    let private = read(&[format!(r#"{P256},"d":"AAAA"}}"#)]);
    assert_eq!(
        private,
        Err(NotClientKeys::Key("'a'".to_owned(), KeyRefused::PrivateKey))
    );
    for key in [
        r#"{"kty":"oct","k":"AAAA"}"#.to_owned(),
        format!(r#"{P256},"alg":"none"}}"#),
        format!(r#"{P256},"alg":"HS256"}}"#),
    ] {
        assert!(matches!(read(&[key]), Err(NotClientKeys::Key(..))));
    }
}

#[test]
fn the_set_is_bounded() {
    let many = |count| read(&vec![format!("{P256}}}"); count]);
    assert!(many(10).is_ok());
    assert_eq!(many(11), Err(NotClientKeys::TooMany));
    assert!(matches!(many(101), Err(NotClientKeys::Set(_))));
    assert!(matches!(
        "[]".parse::<ClientKeys>(),
        Err(NotClientKeys::Set(_))
    ));
}

//! The request on its way.

use carnet_core::value::SessionId;
use carnet_core::value::UnixTime;
use carnet_jose::base64url;
use carnet_wire::params::Params;

use super::Pending;
use super::path;
use super::plain;
use crate::keyring::KeyEncryptionKey;

const NOW: UnixTime = UnixTime(1_775_121_058);

#[test]
fn parameters_mean_the_same_in_plain_characters() {
    let query = "a=\"<b>\\\u{fc} c#&b=%22+x";
    let text = plain(query.as_bytes());
    assert_eq!(text, "a=%22%3Cb%3E%5C%C3%BC%20c%23&b=%22+x");
    let mut read = Params::parse(text.as_bytes()).unwrap();
    assert_eq!(read.take("a").as_deref(), Some("\"<b>\\\u{fc} c#"));
    assert_eq!(read.take("b").as_deref(), Some("\" x"));
    assert_eq!(path(b"a=b\r\nx"), "/authorize?a=b%0D%0Ax");
}

#[test]
fn lesson_3_a_pending_request_is_sealed_for_this_and_for_an_hour() {
    let key = KeyEncryptionKey::new([7; 32]).unwrap();
    let pending = Pending {
        query: "client_id=a".to_owned(),
        session: SessionId::from_bytes([1; 16]),
        answered: true,
        opened: false,
        since: NOW,
    };
    let text = pending.seal(&key).unwrap();
    let late = UnixTime(NOW.0 + 3_600);
    let opened = |now| Pending::open(&key, &text, now);
    assert_eq!(opened(UnixTime(late.0 - 1)), Some((pending.clone(), true)));
    assert_eq!(opened(late), Some((pending.clone(), false)));
    let plain = serde_json::to_vec(&pending).unwrap();
    let foreign = key.seal(&plain, "onward 1").unwrap();
    let foreign = base64url::encode(foreign);
    assert_eq!(Pending::open(&key, &foreign, NOW), None);
    assert_eq!(Pending::open(&key, &text[..text.len() - 2], NOW), None);
}

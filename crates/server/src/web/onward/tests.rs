//! Where somebody may be sent, and what does not open.

use carnet_core::value::Seconds;
use carnet_core::value::UnixTime;
use carnet_jose::base64url;

use super::HOLDS;
use super::NotOurs;
use super::Onward;
use super::Opened;
use crate::keyring::KeyEncryptionKey;

const NOW: UnixTime = UnixTime(1_775_121_058);

fn key() -> KeyEncryptionKey {
    KeyEncryptionKey::new([7; 32]).unwrap()
}

#[test]
fn security_nobody_is_sent_to_a_foreign_place() {
    for path in [
        "https://evil.test/authorize",
        "//evil.test/authorize",
        "/\\evil.test",
        "/authorize/../../evil",
        "/authorizeevil",
        "/account.evil.test",
        "/accountevil",
        "/account/../token",
        "/account/%2e%2e/token",
        "/account\r\nSet-Cookie: a=b",
        "/authorize?a=\r\nSet-Cookie: a=b",
        "/authorize?a=ü",
        "/authorize?a#b",
        "/token",
        "/admin/v1/users",
        "/login",
        "javascript:alert(1)",
        "authorize",
        "",
        "/",
    ] {
        assert_eq!(Onward::to(path, NOW), None, "{path:?}");
    }
    let long = format!("/authorize?a={}", "a".repeat(super::LONGEST));
    assert_eq!(Onward::to(&long, NOW), None);
}

#[test]
fn the_steps_of_ours_are_places() {
    for path in [
        "/authorize?client_id=a&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&scope=openid+email",
        "/device",
        "/device?user_code=BCDF-GHJK",
        "/account",
        "/account/devices",
        "/account/devices/end-others",
    ] {
        let onward = Onward::to(path, NOW).unwrap();
        let text = onward.seal(&key()).unwrap();
        let Ok(Opened::Good(opened)) = Onward::open(&key(), &text, NOW) else {
            panic!("{path} does not come back");
        };
        assert_eq!(opened.path(), path);
    }
}

#[test]
fn it_holds_for_an_hour_and_is_still_known_afterwards() {
    let onward = Onward::to("/device", NOW).unwrap();
    let text = onward.seal(&key()).unwrap();
    let last = NOW + HOLDS - Seconds(1);
    assert_eq!(
        Onward::open(&key(), &text, last),
        Ok(Opened::Good(onward.clone()))
    );
    let over = Onward::open(&key(), &text, NOW + HOLDS);
    assert_eq!(over, Ok(Opened::Expired(onward)));
}

#[test]
fn lesson_3_what_was_sealed_for_another_purpose_does_not_open() {
    let plain = br#"{"p":"/device","t":1775121058}"#;
    let ours = key().seal(plain, super::PLACE).unwrap();
    assert!(Onward::open(&key(), &base64url::encode(&ours), NOW).is_ok());
    for place in [
        "authorization code",
        "known browser",
        "onward",
        "onward 2",
        "",
    ] {
        let foreign = base64url::encode(key().seal(plain, place).unwrap());
        assert_eq!(Onward::open(&key(), &foreign, NOW), Err(NotOurs), "{place}");
    }
    let other = KeyEncryptionKey::new([8; 32]).unwrap();
    let foreign = base64url::encode(other.seal(plain, super::PLACE).unwrap());
    assert_eq!(Onward::open(&key(), &foreign, NOW), Err(NotOurs));
}

#[test]
fn not_one_letter_of_it_may_be_changed() {
    let text = Onward::to("/device", NOW).unwrap().seal(&key()).unwrap();
    for place in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(bytes).unwrap();
        assert_eq!(
            Onward::open(&key(), &forged, NOW),
            Err(NotOurs),
            "letter {place}"
        );
    }
    for cut in 0..text.len() {
        assert_eq!(
            Onward::open(&key(), &text[..cut], NOW),
            Err(NotOurs),
            "{cut}"
        );
    }
}

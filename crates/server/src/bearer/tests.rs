//! A token that was verified once, and the key that verified it.

use carnet_core::record::SigningKey;
use carnet_core::record::SigningKeyState;
use carnet_core::record::SigningUse;
use carnet_core::value::Counting;
use carnet_core::value::UnixTime;
use carnet_jose::Algorithm;

use super::BOUNDED_AS;
use super::SEALED_AS;
use super::TokenReader;
use crate::keyring::KeyEncryptionKey;
use crate::keyring::Keyring;
use crate::keyring::make_key;

const NOW: UnixTime = UnixTime(1_775_121_058);
const ISSUER: &str = "https://auth.example";

fn key(usage: SigningUse, chance: u64, encryption: &KeyEncryptionKey) -> SigningKey {
    let made = make_key(usage, NOW, &mut Counting(chance), encryption).unwrap();
    SigningKey {
        state: SigningKeyState::Active { since: NOW },
        ..made
    }
}

#[test]
fn a_token_remembered_by_a_request_that_began_before_its_key_was_withdrawn_is_refused() {
    let encryption = KeyEncryptionKey::new([7; 32]).unwrap();
    let mut records = vec![
        key(SigningUse::Sign(Algorithm::ES256), 1, &encryption),
        key(SigningUse::Sign(Algorithm::RS256), 2, &encryption),
        key(SigningUse::Seal, 3, &encryption),
    ];
    let before = Keyring::open(&records, &encryption).unwrap();
    let claims = serde_json::json!({
        "iss": ISSUER, "sub": "1", "aud": "https://api.example", "client_id": "1", "scope": "",
        "email": "", "iat": NOW.0, "exp": NOW.0 + 3_600, "jti": "",
    });
    let sealed = before
        .sealing()
        .seal(claims.to_string().as_bytes(), SEALED_AS)
        .unwrap();
    let token = carnet_jose::Prefixed::AccessToken.encode(&sealed);
    records[2] = key(SigningUse::Seal, 4, &encryption);
    let after = Keyring::open(&records, &encryption).unwrap();

    let reader = TokenReader::new(ISSUER.to_owned());
    reader.forget();
    // The keyring was exchanged and the memory given back; a request that holds the old one is late.
    assert!(reader.read(&token, &before, NOW).is_some());
    assert!(reader.read(&token, &after, NOW).is_none());
    assert!(reader.read(&token, &before, NOW).is_some());
}

#[test]
fn google_wire_6_5_a_token_with_a_boundary_is_sealed_as_one_and_no_other_is() {
    let encryption = KeyEncryptionKey::new([7; 32]).unwrap();
    let records = [
        key(SigningUse::Sign(Algorithm::ES256), 1, &encryption),
        key(SigningUse::Sign(Algorithm::RS256), 2, &encryption),
        key(SigningUse::Seal, 3, &encryption),
    ];
    let keyring = Keyring::open(&records, &encryption).unwrap();
    let whole = serde_json::json!({
        "iss": ISSUER, "sub": "1", "aud": "https://api.example", "client_id": "1", "scope": "",
        "email": "", "iat": NOW.0, "exp": NOW.0 + 3_600, "jti": "",
    });
    let mut bounded = whole.clone();
    bounded["narrowed"] = serde_json::json!({
        "of": "1", "boundary": {"accessBoundaryRules": [{
            "availableResource": "//storage.googleapis.com/projects/_/buckets/b",
            "availablePermissions": ["inRole:roles/storage.objectViewer"],
        }]},
    });
    let reader = TokenReader::new(ISSUER.to_owned());
    for (claims, sealed_as, read) in [
        (&whole, SEALED_AS, true),
        (&whole, BOUNDED_AS, false),
        (&bounded, SEALED_AS, false),
        (&bounded, BOUNDED_AS, true),
    ] {
        let sealed = keyring
            .sealing()
            .seal(claims.to_string().as_bytes(), sealed_as);
        let token = carnet_jose::Prefixed::AccessToken.encode(&sealed.unwrap());
        assert_eq!(
            reader.read(&token, &keyring, NOW).is_some(),
            read,
            "{claims}"
        );
    }
}

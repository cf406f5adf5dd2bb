//! Tests of `seal`.

use proptest::prelude::{any, prop_assert_eq, proptest};

use super::{NotSealed, OVERHEAD, SealingKey, SealingKeys};

fn key(id: u8) -> SealingKey {
    SealingKey::new([0, 0, 0, id], &[id; 32]).unwrap()
}

#[test]
fn what_was_sealed_opens_for_the_same_use_only() {
    let sealed = key(1).seal(b"a code", b"code").unwrap();
    assert_eq!(sealed.len(), b"a code".len() + OVERHEAD);
    assert_eq!(key(1).open(&sealed, b"code").unwrap(), b"a code");
    assert_eq!(key(1).open(&sealed, b"token"), Err(NotSealed));
    assert_eq!(key(2).open(&sealed, b"code"), Err(NotSealed));
}

#[test]
fn the_key_id_belongs_to_the_key() {
    let sealed = key(1).seal(b"a", b"").unwrap();
    let renamed = SealingKey::new([0, 0, 0, 2], &[1; 32]).unwrap();
    assert_eq!(renamed.open(&sealed, b""), Err(NotSealed));
}

#[test]
fn the_same_text_is_never_sealed_the_same_way() {
    assert_ne!(
        key(1).seal(b"a", b"").unwrap(),
        key(1).seal(b"a", b"").unwrap()
    );
}

#[test]
fn every_bit_and_every_byte_counts() {
    let sealed = key(1).seal(b"a token", b"token").unwrap();
    for cut in 0..sealed.len() {
        assert_eq!(key(1).open(&sealed[..cut], b"token"), Err(NotSealed));
    }
    for bit in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(key(1).open(&changed, b"token"), Err(NotSealed));
    }
}

#[test]
fn an_older_key_still_opens_and_the_current_one_seals() {
    let old = key(1).seal(b"old", b"").unwrap();
    let keys = SealingKeys::new(key(2), vec![key(1)]);
    assert_eq!(keys.open(&old, b"").unwrap(), b"old");
    let new = keys.seal(b"new", b"").unwrap();
    assert_eq!(key(2).open(&new, b"").unwrap(), b"new");
    assert_eq!(
        SealingKeys::new(key(3), vec![]).open(&new, b""),
        Err(NotSealed)
    );
}

/// Test case 14 of the GCM specification, which checks that the cipher is the one it says it is:
/// key and nonce zero, sixteen zero bytes of plaintext. Our associated data differ, so only the
/// ciphertext is compared.
#[test]
fn the_cipher_is_aes_256_gcm() {
    let zero = SealingKey::new([0; 4], &[0; 32]).unwrap();
    let sealed = zero.seal_with_nonce(&[0; 16], b"", [0; 12]).unwrap();
    let expected = 0xcea7_403d_4d60_6b6e_074e_c5d3_baf3_9d18_u128.to_be_bytes();
    assert_eq!(&sealed[17..33], expected);
}

proptest! {
    #[test]
    fn anything_goes_round(plaintext: Vec<u8>, aad: Vec<u8>) {
        let sealed = key(9).seal(&plaintext, &aad).unwrap();
        prop_assert_eq!(key(9).open(&sealed, &aad), Ok(plaintext));
    }

    #[test]
    fn nothing_panics(sealed: Vec<u8>, id in any::<u8>()) {
        prop_assert_eq!(key(id).open(&sealed, b""), Err(NotSealed));
    }
}

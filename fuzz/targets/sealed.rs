//! Tokens, codes and login state that only we can open.
//!
//! 1. What somebody made up does not open, whatever it is said to be for.
//! 2. What we sealed opens for the use that it was sealed for, with the current key and with one of before, and for no
//!    other; with any one bit changed, or cut, it does not open.

#![no_main]

use std::sync::OnceLock;

use carnet_jose::{Prefixed, SealingKey, SealingKeys};
use libfuzzer_sys::fuzz_target;

const USES: [&[u8]; 3] = [b"access token", b"authorization code", b""];

fuzz_target!(|bytes: &[u8]| {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    for kind in Prefixed::ALL {
        if let Ok(body) = kind.decode(text) {
            nobody_made(&body);
        }
    }
    nobody_made(bytes);
    let (keys, before) = keys();
    let Some((place, plaintext)) = bytes.split_first() else {
        return;
    };
    for key in [keys, before] {
        let sealed = key.seal(plaintext, USES[0]).expect("it is sealed");
        assert_eq!(keys.open(&sealed, USES[0]).as_deref(), Ok(plaintext));
        assert!(keys.open(&sealed, USES[1]).is_err());
        let at = usize::from(*place) % sealed.len();
        let mut changed = sealed.clone();
        changed[at] ^= 1 << (place % 8);
        assert!(keys.open(&changed, USES[0]).is_err());
        assert!(keys.open(&sealed[..at], USES[0]).is_err());
    }
});

fn nobody_made(bytes: &[u8]) {
    for purpose in USES {
        assert!(keys().0.open(bytes, purpose).is_err());
    }
}

/// Ours, and those of which the current one is among ours as the older one.
fn keys() -> &'static (SealingKeys, SealingKeys) {
    static KEYS: OnceLock<(SealingKeys, SealingKeys)> = OnceLock::new();
    KEYS.get_or_init(|| {
        let old = || SealingKey::new([0, 0, 0, 1], &[1; 32]).expect("a key");
        let new = SealingKey::new([0, 0, 0, 2], &[2; 32]).expect("a key");
        (
            SealingKeys::new(new, vec![old()]),
            SealingKeys::new(old(), Vec::new()),
        )
    })
}

//! The cursor of a list in the admin API, and the size of its page, from anybody.
//!
//! 1. What somebody made up opens nothing.
//! 2. A cursor of ours opens in its own list to the key that it was made of, and in no other list.
//! 3. A page has 1 to 1000 items.

#![no_main]

use std::sync::OnceLock;

use carnet_core::store::Page;
use libfuzzer_sys::fuzz_target;

use crate::cursors::Cursors;

/// The server keeps these two to itself.
#[path = "../../crates/server/src/cursors.rs"]
#[expect(
    dead_code,
    reason = "what a server makes its key of is not needed here"
)]
mod cursors;
#[path = "../../crates/server/src/admin/paging.rs"]
mod paging;

/// What they use of the server.
mod keyring {
    pub(crate) use carnet_server::keyring::KeyEncryptionKey;
}
mod entropy {
    pub(crate) use carnet_server::entropy::SystemEntropy;
}

fuzz_target!(|text: &str| {
    let (list, key) = text.split_once('\n').unwrap_or(("projects?", text));
    assert_eq!(cursors().open(list, key), None);
    if key.len() <= 512 {
        let cursor = cursors().seal(list, key);
        assert!(
            cursor
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        );
        assert_eq!(cursors().open(list, &cursor).as_deref(), Some(key));
        assert_eq!(cursors().open(&format!("{list}&"), &cursor), None);
        // The border between list and key does not move.
        if let Some((first, rest)) = key.char_indices().nth(1).map(|(at, _)| key.split_at(at)) {
            let moved = cursors().seal(&format!("{list}{first}"), rest);
            assert_eq!(cursors().open(list, &moved), None);
        }
    }
    if let Some(size) = paging::size(Some(key)) {
        assert!((1..=Page::MOST).contains(&size));
        assert!(size.to_string().len() <= key.len());
    }
});

fn cursors() -> &'static Cursors {
    static CURSORS: OnceLock<Cursors> = OnceLock::new();
    CURSORS.get_or_init(|| Cursors::new(&[7; 32]))
}

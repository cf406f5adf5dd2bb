//! The cursors between pages of lists.
//!
//! A cursor is the key after which the next page begins, with a MAC over that key and the list that it
//! belongs to (path and filters). It says nothing that the page did not show, and it cannot be made,
//! changed, or carried to another list (Hydra CVE-2026-33503). Who may see what is asked again for
//! every page.

use carnet_core::value::Entropy as _;
use carnet_jose::Padding;
use carnet_jose::base64url;
use carnet_jose::digest::MacKey;
use zeroize::Zeroizing;

use crate::entropy::SystemEntropy;
use crate::keyring::KeyEncryptionKey;

/// How many bytes of the MAC a cursor carries.
const TAG: usize = 16;

/// The longest cursor that is looked at.
const LONGEST: usize = 1_024;

/// Makes and checks cursors.
#[derive(Debug)]
pub(crate) struct Cursors(MacKey);

impl Cursors {
    /// For one API, with a key that is derived from the key-encryption key: the same on every node.
    #[must_use]
    pub(crate) fn derived(encryption: &KeyEncryptionKey, api: &str) -> Self {
        // Deriving 32 bytes does not fail. If it did, cursors would hold on this node only.
        let key = encryption.derive(api).unwrap_or_else(|_| {
            let mut key = Zeroizing::new([0; 32]);
            SystemEntropy.fill(key.as_mut_slice());
            key
        });
        Self::new(&key)
    }

    /// With a key that is the same on every node.
    #[must_use]
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(MacKey::new(key))
    }

    /// The cursor to what follows `key` in this list.
    pub(crate) fn seal(&self, list: &str, key: &str) -> String {
        let mut bytes = self.tag(list, key);
        bytes.extend(key.as_bytes());
        base64url::encode(bytes)
    }

    /// The key in a cursor of this list, if we made it.
    pub(crate) fn open(&self, list: &str, cursor: &str) -> Option<String> {
        let bytes = base64url::decode(cursor, Padding::Strict, LONGEST).ok()?;
        let (tag, key) = bytes.split_at_checked(TAG)?;
        let key = std::str::from_utf8(key).ok()?;
        carnet_jose::digest::constant_time_eq(&self.tag(list, key), tag).then(|| key.to_owned())
    }

    fn tag(&self, list: &str, key: &str) -> Vec<u8> {
        let mut message = Vec::with_capacity(list.len() + key.len() + 8);
        message.extend((list.len() as u64).to_be_bytes());
        message.extend(list.as_bytes());
        message.extend(key.as_bytes());
        let mut tag = self.0.digest(&message).to_vec();
        tag.truncate(TAG);
        tag
    }
}

#[cfg(test)]
mod tests {
    use super::Cursors;

    #[test]
    fn a_cursor_belongs_to_its_list() {
        let cursors = Cursors::new(&[7; 32]);
        let cursor = cursors.seal("projects?", "billing");
        assert_eq!(
            cursors.open("projects?", &cursor).as_deref(),
            Some("billing")
        );
        assert_eq!(cursors.open("projects?organization=x", &cursor), None);
        assert_eq!(Cursors::new(&[8; 32]).open("projects?", &cursor), None);
    }

    #[test]
    fn a_cursor_that_was_changed_or_cut_is_not_ours() {
        let cursors = Cursors::new(&[7; 32]);
        let cursor = cursors.seal("projects?", "billing");
        for place in 0..cursor.len() {
            let mut changed = cursor.clone().into_bytes();
            if let Some(byte) = changed.get_mut(place) {
                *byte = if *byte == b'A' { b'B' } else { b'A' };
            }
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(cursors.open("projects?", &changed), None, "{place}");
            assert_eq!(cursors.open("projects?", &cursor[..place]), None, "{place}");
        }
    }
}

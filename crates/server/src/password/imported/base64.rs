//! Base64 as password hashes have it: with padding or without, and passlib's with a dot for the plus.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// The bytes; none where it is not base64.
pub(super) fn decoded(text: &str) -> Option<Vec<u8>> {
    let bare = text.trim_end_matches('=').replace('.', "+");
    STANDARD_NO_PAD.decode(bare).ok()
}

/// As PHC strings have it.
pub(super) fn encoded(bytes: &[u8]) -> String {
    STANDARD_NO_PAD.encode(bytes)
}

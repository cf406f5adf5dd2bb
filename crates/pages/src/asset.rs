//! The files that pages link to: one style sheet, one script, one icon.
//!
//! Each carries a hash of its content in its name, so it may be cached for a year, and a page
//! always finds the version it was written for. The hash (FNV-1a, 64 bits) only tells versions
//! apart; it proves nothing.

use std::sync::OnceLock;

/// The `Content-Security-Policy` under which every page works: nothing inline, nothing foreign.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
    img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

pub(crate) const STYLE: &str = concat!(
    include_str!("../assets/tokens.css"),
    include_str!("../assets/base.css"),
    include_str!("../assets/parts.css"),
);
const COPY: &str = include_str!("../assets/copy.js");
const MARK: &str = include_str!("../assets/mark.svg");

/// A static file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// What it is: `style`, `copy` or `mark`.
    pub(crate) role: &'static str,
    /// The path it is served at: `/assets/style.0123456789abcdef.css`.
    pub path: String,
    /// The content.
    pub bytes: &'static [u8],
    /// The value of the header `Content-Type`.
    pub content_type: &'static str,
    /// The value of the header `ETag`, with its quotes.
    pub etag: String,
}

impl Asset {
    /// The value of the header `Cache-Control`: the name changes with the content.
    pub const CACHE_CONTROL: &'static str = "public, max-age=31536000, immutable";

    fn new(
        role: &'static str,
        extension: &str,
        content_type: &'static str,
        text: &'static str,
    ) -> Self {
        let hash = fnv1a(text.as_bytes());
        Self {
            role,
            path: format!("/assets/{role}.{hash:016x}.{extension}"),
            bytes: text.as_bytes(),
            content_type,
            etag: format!("\"{hash:016x}\""),
        }
    }
}

/// All static files. The server routes each path to its bytes.
pub fn assets() -> &'static [Asset] {
    static ASSETS: OnceLock<[Asset; 3]> = OnceLock::new();
    ASSETS.get_or_init(|| {
        [
            Asset::new("style", "css", "text/css; charset=utf-8", STYLE),
            Asset::new("copy", "js", "text/javascript; charset=utf-8", COPY),
            Asset::new("mark", "svg", "image/svg+xml", MARK),
        ]
    })
}

fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests;

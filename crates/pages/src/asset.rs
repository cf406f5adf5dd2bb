//! The files that pages link to: one style sheet, two scripts, one icon.
//!
//! Each carries a hash of its content in its name, so it may be cached for a year, and a page
//! always finds the version it was written for. The hash (FNV-1a, 64 bits) only tells versions
//! apart; it proves nothing.

use std::sync::OnceLock;

/// The `Content-Security-Policy` under which every page works: nothing inline, nothing foreign.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
    img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The policy of a page whose form ends at an app: the same, and the form may also go there.
///
/// Browsers hold `form-action` against the redirect after a form, too. So the pages before an
/// authorization answer (sign-in, choice of an account, consent, sign-out with an address back) and
/// the page of [`form_post`](crate::form_post) need the origin of the redirect address, or its scheme
/// for a native app: `https://ledgerly.app`, `http://127.0.0.1:4711`, `com.example.app:`. What is none
/// of these, or could say more than one thing in a policy, is left out.
pub fn content_security_policy(destination: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "+-._:/[]".contains(c);
    let known = match destination.split_once(':') {
        Some(("https" | "http", host)) => host
            .strip_prefix("//")
            .is_some_and(|host| !host.is_empty() && !host.contains('/')),
        Some((scheme, "")) => scheme.starts_with(|c: char| c.is_ascii_alphabetic()),
        _ => false,
    };
    // A page of the scheme `javascript:` or `data:` would run in our name.
    let harmless = !["javascript:", "data:", "blob:", "filesystem:"]
        .iter()
        .any(|scheme| destination.eq_ignore_ascii_case(scheme));
    if known && harmless && destination.len() <= 300 && destination.chars().all(plain) {
        CONTENT_SECURITY_POLICY.replace(
            "form-action 'self'",
            &format!("form-action 'self' {destination}"),
        )
    } else {
        CONTENT_SECURITY_POLICY.to_owned()
    }
}

pub(crate) const STYLE: &str = concat!(
    include_str!("../assets/tokens.css"),
    include_str!("../assets/base.css"),
    include_str!("../assets/parts.css"),
    include_str!("../assets/people.css"),
);
const COPY: &str = include_str!("../assets/copy.js");
const LIVE: &str = include_str!("../assets/live.js");
const MARK: &str = include_str!("../assets/mark.svg");

/// A static file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// What it is: `style`, `copy`, `live` or `mark`.
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
    static ASSETS: OnceLock<[Asset; 4]> = OnceLock::new();
    ASSETS.get_or_init(|| {
        [
            Asset::new("style", "css", "text/css; charset=utf-8", STYLE),
            Asset::new("copy", "js", "text/javascript; charset=utf-8", COPY),
            Asset::new("live", "js", "text/javascript; charset=utf-8", LIVE),
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

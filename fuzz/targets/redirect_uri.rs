//! A redirect URI that somebody wants to register, and one that a request presents; the input has them on two lines.
//!
//! 1. What is registered is read by a browser as it is written: the same scheme, host and path.
//! 2. What is accepted is a URI that could be registered, and a browser takes it to the same place, but for the port
//!    of this machine.
//! 3. What differs is told in one word, and what is accepted differs in nothing.

#![no_main]

use carnet_wire::origin::Origin;
use carnet_wire::redirect_uri::{RedirectUri, RedirectUriKind};
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|text: &str| {
    let (registered, presented) = text.split_once('\n').unwrap_or((text, text));
    let Ok(uri) = RedirectUri::parse(registered) else {
        return;
    };
    assert_eq!(uri.as_str(), registered);
    let read = as_written(&uri);
    assert!(uri.accepts(registered) && uri.difference(registered).is_none());
    if let Some(origin) = Origin::of(&uri) {
        assert_eq!(Origin::parse(origin.as_str()).as_ref(), Ok(&origin));
        assert_eq!(read.origin().ascii_serialization(), origin.as_str());
    }
    if uri.accepts(presented) {
        let other = RedirectUri::parse(presented).expect("what is accepted could be registered");
        assert_eq!(other.kind(), uri.kind());
        assert!(uri.difference(presented).is_none());
        let there = as_written(&other);
        assert_eq!((there.scheme(), there.host()), (read.scheme(), read.host()));
        assert_eq!((there.path(), there.query()), (read.path(), read.query()));
        let loopback = uri.kind() == RedirectUriKind::Loopback;
        assert!(loopback || there.port() == read.port());
    } else if let Some(difference) = uri.difference(presented) {
        assert_ne!(registered, presented);
        assert!(!difference.as_str().is_empty());
    }
});

/// Reads the URI as a browser does.
fn as_written(uri: &RedirectUri) -> Url {
    let text = uri.as_str();
    assert!(text.bytes().all(|byte| byte.is_ascii_graphic()), "{text}");
    assert!(!text.contains(['\\', '*', '#', '"', '<', '>']), "{text}");
    let url = Url::parse(text).expect("a browser can read it");
    assert!(url.username().is_empty() && url.password().is_none());
    let (scheme, rest) = text.split_once(':').expect("a scheme");
    assert!(url.scheme().eq_ignore_ascii_case(scheme));
    if let Some(rest) = rest.strip_prefix("//") {
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (place, behind) = rest.split_at(end);
        let host = url.host_str().unwrap_or_default();
        assert!(
            place
                .to_ascii_lowercase()
                .starts_with(&host.to_ascii_lowercase()),
            "{text}: a browser goes to {host}"
        );
        let path = behind.split('?').next().unwrap_or_default();
        let read = url.path();
        assert!(
            read == path || (path.is_empty() && read == "/"),
            "{text}: {read}"
        );
    }
    url
}

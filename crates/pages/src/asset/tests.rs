//! The static files: names, headers, and what they may not contain.

use super::{
    CONTENT_SECURITY_POLICY, COPY, LIVE, MARK, STYLE, assets, content_security_policy, fnv1a,
};

#[test]
fn a_name_changes_with_the_content() {
    assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
    assert_eq!(fnv1a(b"a"), 0xaf63_dc4c_8601_ec8c);
    for asset in assets() {
        let hash = format!("{:016x}", fnv1a(asset.bytes));
        assert!(asset.path.contains(&hash) && asset.etag == format!("\"{hash}\""));
        assert!(asset.path.starts_with("/assets/"));
    }
}

#[test]
fn no_asset_asks_anything_of_a_third_party() {
    for text in [STYLE, COPY, LIVE, MARK] {
        for foreign in ["url(http", "@import", "//cdn", "fetch(", "eval("] {
            assert!(!text.contains(foreign), "{foreign}");
        }
    }
    assert!(STYLE.len() < 24_000 && COPY.len() < 3_000 && LIVE.len() < 3_000 && MARK.len() < 1_000);
}

#[test]
fn csp_3_form_action_the_policy_lets_a_form_out_to_one_origin_or_scheme() {
    for destination in [
        "https://ledgerly.app",
        "http://127.0.0.1:4711",
        "http://[::1]:4711",
        "com.example.app:",
    ] {
        let policy = content_security_policy(destination);
        let expected = format!("form-action 'self' {destination};");
        assert!(policy.contains(&expected), "{policy}");
        assert_eq!(
            policy.replace(&format!(" {destination}"), ""),
            CONTENT_SECURITY_POLICY
        );
    }
    for wrong in [
        "",
        "*",
        "https:",
        "https://",
        "https://a b",
        "https://a;script-src *",
        "https://a,b",
        "https://*.example",
        "https://a/path",
        "javascript:",
        "DATA:",
        "com.example.app:/callback",
        "'unsafe-inline'",
    ] {
        assert_eq!(
            content_security_policy(wrong),
            CONTENT_SECURITY_POLICY,
            "{wrong}"
        );
    }
}

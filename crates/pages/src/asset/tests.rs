//! The static files: names, headers, and what they may not contain.

use super::{COPY, MARK, STYLE, assets, fnv1a};

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
    for text in [STYLE, COPY, MARK] {
        for foreign in ["url(http", "@import", "//cdn", "fetch(", "eval("] {
            assert!(!text.contains(foreign), "{foreign}");
        }
    }
    assert!(STYLE.len() < 16_000 && COPY.len() < 3_000 && MARK.len() < 1_000);
}

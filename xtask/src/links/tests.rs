//! Links, anchors, and what only looks like one.

use std::path::{Path, PathBuf};

use super::{anchors, resolve, targets};

#[test]
fn links_are_found_and_code_is_not() {
    let text = "See [a](docs/a.md), ![b](b.png \"title\") and [c](<c.md>).\n```\n[no](no.md)\n```\n\
                `[no](no.md)` but [`code`](d.rs)\n[ref]: e.md\n[web](https://x.example/y) [m](mailto:a@b.example)\n";
    assert_eq!(
        targets(text),
        ["docs/a.md", "b.png", "c.md", "d.rs", "e.md"]
    );
}

#[test]
fn a_link_is_resolved_from_its_page() {
    let from = |path: &str| resolve(Path::new("docs/flows/token.md"), path);
    assert_eq!(
        from("../../crates/x.rs"),
        Some(PathBuf::from("crates/x.rs"))
    );
    assert_eq!(
        from("./other.md"),
        Some(PathBuf::from("docs/flows/other.md"))
    );
    assert_eq!(from("/README.md"), Some(PathBuf::from("README.md")));
    assert_eq!(from(""), Some(PathBuf::from("docs/flows/token.md")));
    assert_eq!(from("../../../etc/passwd"), None);
}

#[test]
fn headings_become_anchors() {
    let text = "# Carnet: an *authority*\n## Use it\n```\n# no heading\n```\n## Use it\n#nothing\n";
    assert_eq!(anchors(text), ["carnet-an-authority", "use-it", "use-it-1"]);
}

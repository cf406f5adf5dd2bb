//! Headers and names.

use std::path::Path;

use super::{drawer, has_header};

#[test]
fn a_header_comes_first_and_says_something() {
    assert!(has_header("//! The story.\nuse a;"));
    assert!(has_header("\n//! The story.\n"));
    assert!(!has_header("use a;\n//! Too late.\n"));
    assert!(!has_header("//!\nuse a;"));
    assert!(!has_header("// No doc comment.\n"));
    assert!(!has_header(""));
}

#[test]
fn drawers_are_found_as_files_and_as_folders() {
    assert_eq!(drawer(Path::new("crates/core/src/utils.rs")), Some("utils"));
    assert_eq!(
        drawer(Path::new("crates/core/src/common/mod.rs")),
        Some("common")
    );
    assert_eq!(drawer(Path::new("crates/core/src/commonwealth.rs")), None);
}

//! Versions as PostgreSQL prints them.

use super::is_version;

#[test]
fn only_the_version_that_the_tests_are_written_for() {
    assert!(is_version(
        "initdb (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"
    ));
    assert!(is_version("initdb (PostgreSQL) 15.0"));
    assert!(!is_version("initdb (PostgreSQL) 16.1"));
    assert!(!is_version("initdb (PostgreSQL) 150"));
    assert!(!is_version(""));
}

//! Database addresses: TLS, authorities, and errors that keep the password.

use std::path::Path;

use tokio_postgres::config::SslMode;

use super::Parsed;

#[test]
fn tls_is_used_when_asked_for_and_then_always_verified() {
    for (query, encrypted) in [
        ("", false),
        ("?sslmode=disable", false),
        ("?sslmode=prefer", false),
        ("?sslmode=require", true),
        ("?sslmode=verify-full&application_name=x", true),
        ("?application_name=x&sslmode=verify-ca", true),
    ] {
        let parsed = Parsed::of(&format!("postgres://u:p@db.example/carnet{query}")).unwrap();
        assert_eq!(parsed.encrypted, encrypted, "{query}");
        let mode = if encrypted {
            SslMode::Require
        } else {
            SslMode::Disable
        };
        assert_eq!(parsed.config.get_ssl_mode(), mode);
        assert_eq!(parsed.config.get_dbname(), Some("carnet"));
    }
}

#[test]
fn authorities_may_come_from_a_file() {
    let url = "postgres://db.example/carnet?sslmode=require&sslrootcert=%2Fetc%2Fmy%20ca.pem";
    let parsed = Parsed::of(url).unwrap();
    assert_eq!(parsed.roots.as_deref(), Some(Path::new("/etc/my ca.pem")));
}

#[test]
fn what_is_wrong_is_said_without_the_password() {
    for url in [
        "postgres://u:hunter2@db.example/carnet?sslmode=perhaps",
        "postgres://u:hunter2@db.example/carnet?sslrootcert=%zz",
        "postgres://u:hunter2@db.example/carnet?weather=fine",
        "postgres://u:hunter2@db.example:99999/carnet",
    ] {
        let error = Parsed::of(url).err().unwrap();
        assert!(
            !format!("{error} {error:?}").contains("hunter2"),
            "{error:?}"
        );
    }
}

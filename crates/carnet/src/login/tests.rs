//! A context is named after its server.

use super::after;

#[test]
fn a_context_is_named_after_its_server() {
    for (url, name) in [
        ("https://auth.example.com", "auth-example-com"),
        ("http://127.0.0.1:8080", "127-0-0-1-8080"),
        ("https://Auth.Example.com/tenant", "auth-example-com-tenant"),
    ] {
        assert_eq!(after(url), name);
    }
    assert!(after(&"x".repeat(200)).len() <= 64);
}

//! Where the document is, and whose it is.

use super::{NotAResource, ProtectedResource, well_known, well_known_path};

#[test]
fn rfc9728_3_1_the_address_is_made_of_the_identifier() {
    for (resource, address) in [
        (
            "https://resource.example.com",
            "https://resource.example.com/.well-known/oauth-protected-resource",
        ),
        (
            "https://resource.example.com/",
            "https://resource.example.com/.well-known/oauth-protected-resource",
        ),
        (
            "https://resource.example.com/resource1",
            "https://resource.example.com/.well-known/oauth-protected-resource/resource1",
        ),
        (
            "http://127.0.0.1:8080/a/b/?k=v",
            "http://127.0.0.1:8080/.well-known/oauth-protected-resource/a/b/?k=v",
        ),
    ] {
        assert_eq!(well_known(resource).as_deref(), Some(address), "{resource}");
        let path = well_known_path(resource);
        assert!(path.is_some_and(|path| address.ends_with(&path)));
    }
}

#[test]
fn rfc9728_1_2_an_identifier_is_an_address_without_a_fragment() {
    for resource in [
        "",
        "resource",
        "urn:carnet:admin",
        "ftp://a.example",
        "https://a.example/#x",
        "https://user@a.example",
        "https://",
    ] {
        assert_eq!(well_known(resource), None, "{resource}");
    }
}

#[test]
fn rfc9728_3_2_what_is_empty_is_left_out_and_what_is_printed_is_read() {
    let api = ProtectedResource {
        resource: "https://api.example/v1".to_owned(),
        authorization_servers: vec!["https://as.example".to_owned()],
        bearer_methods_supported: vec!["header".to_owned()],
        ..ProtectedResource::default()
    };
    let bytes = api.to_bytes();
    let text = String::from_utf8_lossy(&bytes);
    assert!(
        !text.contains("scopes_supported") && !text.contains("null"),
        "{text}"
    );
    assert_eq!(
        ProtectedResource::parse(&bytes, "https://api.example/v1"),
        Ok(api)
    );
}

#[test]
fn rfc9728_3_3_the_document_of_another_resource_is_not_used() {
    let read = |body: &[u8]| ProtectedResource::parse(body, "https://api.example/v1");
    for other in [
        &br#"{"resource":"https://api.example"}"#[..],
        br#"{"resource":"https://api.example/v1/"}"#,
        br#"{"resource":"https://API.example/v1"}"#,
        br#"{"authorization_servers":["https://as.example"]}"#,
        b"{}",
    ] {
        assert_eq!(read(other), Err(NotAResource::OtherResource));
    }
    for nonsense in [&b""[..], b"[]", b"{\"resource\":1}", b"\"x\""] {
        assert_eq!(read(nonsense), Err(NotAResource::NotJson));
    }
    let many = format!(
        r#"{{"resource":"https://api.example/v1","scopes_supported":[{}"a"]}}"#,
        r#""a","#.repeat(300)
    );
    assert_eq!(read(many.as_bytes()), Err(NotAResource::TooLarge));
    assert_eq!(read(&vec![b' '; 70_000]), Err(NotAResource::TooLarge));
}

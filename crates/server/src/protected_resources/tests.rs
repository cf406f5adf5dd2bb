//! What is called how, and where that is said.

use std::borrow::Cow;

use super::Own;
use super::rename;

const ISSUER: &str = "https://auth.example";

#[test]
fn rfc9728_3_1_the_documents_are_where_the_names_lead() {
    let root = "/.well-known/oauth-protected-resource";
    assert_eq!(Own::Userinfo.path(ISSUER).as_deref(), Some(root));
    let admin = "https://auth.example/.well-known/oauth-protected-resource/admin/v1";
    assert_eq!(Own::Admin.document(ISSUER).as_deref(), Some(admin));
    for own in [Own::Userinfo, Own::Admin] {
        let said = own.described(ISSUER);
        assert_eq!(said.resource, own.resource(ISSUER));
        assert_eq!(said.authorization_servers, [ISSUER]);
    }
}

#[test]
fn rfc8707_2_the_addresses_of_our_apis_are_their_names_and_nothing_near_them_is() {
    let mut sent = [
        Cow::Borrowed("https://auth.example/admin/v1"),
        Cow::Borrowed("https://auth.example/admin/v1/"),
        Cow::Borrowed("https://other.example/admin/v1"),
        Cow::Borrowed("https://auth.example"),
        Cow::Borrowed("https://auth.example/"),
        Cow::Borrowed("https://auth.example//"),
    ];
    rename(&mut sent, ISSUER);
    assert_eq!(sent[0], "urn:carnet:admin");
    assert_eq!(sent[1], "https://auth.example/admin/v1/");
    assert_eq!(sent[2], "https://other.example/admin/v1");
    assert_eq!(sent[3], "urn:carnet:userinfo");
    assert_eq!(sent[4], "urn:carnet:userinfo");
    assert_eq!(sent[5], "https://auth.example//");
}

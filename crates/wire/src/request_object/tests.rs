//! Claims that are a request, and those that are none.

use super::RequestObject;
use super::RequestObjectError as Error;

#[test]
fn rfc9101_4_claims_are_parameters() {
    let claims =
        br#"{"iss":"a","aud":"b","exp":1,"iat":1,"nbf":1,"jti":"j","client_id":"a","max_age":60,
        "scope":"openid read","authorization_details":[{"type":"t"}],"resource":["urn:a","urn:b"],
        "state":null}"#;
    let object = RequestObject::parse(claims).unwrap();
    assert_eq!(object.client_id, "a");
    assert_eq!(
        object.form,
        "authorization_details=%5B%7B%22type%22%3A%22t%22%7D%5D&client_id=a&max_age=60\
         &resource=urn%3Aa&resource=urn%3Ab&scope=openid%20read"
    );
    assert!(!format!("{object:?}").contains("openid"));
}

#[test]
fn rfc9101_4_what_must_not_be_in_it_is_refused() {
    for (claims, error) in [
        ("[]", Error::NotAnObject),
        ("{", Error::NotAnObject),
        (r#"{"client_id":"a","client_id":"b"}"#, Error::NotAnObject),
        (r#"{"client_id":"a","request":"x"}"#, Error::Nested),
        (r#"{"client_id":"a","request_uri":"x"}"#, Error::Nested),
        ("{}", Error::ClientId),
        (r#"{"client_id":7}"#, Error::ClientId),
        (r#"{"client_id":"a","sub":"a"}"#, Error::Authentication),
        (r#"{"client_id":"a","resource":[7]}"#, Error::Resource),
    ] {
        assert_eq!(
            RequestObject::parse(claims.as_bytes()),
            Err(error),
            "{claims}"
        );
    }
    let many: Vec<_> = (0..65).map(|number| format!(r#""a{number}":1"#)).collect();
    let many = format!(r#"{{"client_id":"a",{}}}"#, many.join(","));
    assert_eq!(RequestObject::parse(many.as_bytes()), Err(Error::TooMany));
}

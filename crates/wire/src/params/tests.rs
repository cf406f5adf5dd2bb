//! Forms, good and bad.

use std::borrow::Cow;

use proptest::prelude::{any, proptest};

use super::{
    MAX_BYTES, MAX_NAME_BYTES, MAX_PARAMS, MAX_VALUE_BYTES, MissingParameter, Params, ParamsError,
};
use crate::crn::Crn;
use crate::legal::Echo;

#[test]
fn rfc6749_appendix_b_names_and_values_are_decoded() {
    let mut params = Params::parse(b"grant_type=urn%3Aietf&a+b=1%2B1%3d2&%63=%C3%A9").unwrap();
    assert_eq!(params.take("grant_type").as_deref(), Some("urn:ietf"));
    assert_eq!(params.take("a b").as_deref(), Some("1+1=2"));
    assert_eq!(params.take("c").as_deref(), Some("\u{e9}"));
    assert_eq!(params.take("c"), None);
    assert_eq!(params.names().count(), 0);
}

#[test]
fn plain_values_are_borrowed() {
    let mut params = Params::parse(b"assertion=e30.e30.AA&scope=a+b").unwrap();
    assert!(matches!(
        params.take("assertion"),
        Some(Cow::Borrowed("e30.e30.AA"))
    ));
    assert!(matches!(params.take("scope"), Some(Cow::Owned(_))));
}

#[test]
fn rfc6749_3_1_a_parameter_without_a_value_counts_as_absent() {
    let mut params = Params::parse(b"scope=&state&code=x").unwrap();
    assert!(params.sent("scope") && params.sent("state"));
    assert_eq!(params.take("scope"), None);
    assert_eq!(params.take("state"), None);
    assert_eq!(params.require("code").as_deref(), Ok("x"));
    assert_eq!(params.require("code"), Err(MissingParameter("code")));
}

#[test]
fn rfc6749_3_2_a_repeated_parameter_is_refused_and_named() {
    let repeated = |form: &[u8]| Params::parse(form).unwrap_err();
    let scope = ParamsError::Repeated(Echo::of("scope"));
    assert_eq!(repeated(b"scope=a&x=1&scope=b"), scope);
    assert_eq!(repeated(b"scope=a&scope=a"), scope);
    assert_eq!(repeated(b"scope=&scope"), scope);
    // It is the decoded name that counts.
    assert_eq!(repeated(b"scope=a&sc%6Fpe=b"), scope);
    let script = ParamsError::Repeated(Echo::of("\"<script>\n"));
    assert_eq!(
        repeated(b"%22%3Cscript%3E%0A&%22%3Cscript%3E%0A").to_string(),
        script.to_string()
    );
    assert_eq!(script.to_string(), "'<script>  appears more than once");
}

#[test]
fn rfc8707_2_a_resource_may_come_again_and_again_but_not_for_ever() {
    let mut params = Params::parse(b"resource=a&x=1&resource=&resource=b&audience=c").unwrap();
    assert_eq!(params.take_all("resource"), ["a", "b"]);
    assert!(!params.sent("resource") && params.sent("x"));
    assert_eq!(params.take_all("audience"), ["c"]);
    let form = |count: usize| vec!["resource=a"; count].join("&");
    assert!(Params::parse(form(super::MAX_REPEATS).as_bytes()).is_ok());
    assert_eq!(
        Params::parse(form(super::MAX_REPEATS + 1).as_bytes()).unwrap_err(),
        ParamsError::Repeated(Echo::of("resource"))
    );
}

#[test]
fn empty_pieces_do_not_count() {
    let params = Params::parse(b"&&a=1&&&b=2&").unwrap();
    assert_eq!(params.names().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(Params::parse(b"").unwrap().names().count(), 0);
}

#[test]
fn everything_after_the_first_equals_sign_is_the_value() {
    assert_eq!(
        Params::parse(b"a=b=c==").unwrap().take("a").as_deref(),
        Some("b=c==")
    );
}

#[test]
fn broken_encodings_are_errors() {
    for form in ["a=%", "a=%4", "a=%zz", "a=%+1", "%=a", "a=%%41"] {
        assert_eq!(
            Params::parse(form.as_bytes()).unwrap_err(),
            ParamsError::BrokenPercentCode,
            "{form}"
        );
    }
    assert_eq!(Params::parse(b"a=\xFF").unwrap_err(), ParamsError::NotUtf8);
    assert_eq!(Params::parse(b"a=%FF").unwrap_err(), ParamsError::NotUtf8);
    // Half of a character in each of two pieces is no character.
    assert_eq!(
        Params::parse(b"a=%C3&b=%A9").unwrap_err(),
        ParamsError::NotUtf8
    );
}

#[test]
fn the_bounds_hold_to_the_byte() {
    let form = |count: usize| {
        (0..count)
            .map(|n| format!("p{n}=1"))
            .collect::<Vec<_>>()
            .join("&")
    };
    assert!(Params::parse(form(MAX_PARAMS).as_bytes()).is_ok());
    assert_eq!(
        Params::parse(form(MAX_PARAMS + 1).as_bytes()).unwrap_err(),
        ParamsError::TooMany
    );

    let named = |length: usize| format!("{}=1", "n".repeat(length));
    assert!(Params::parse(named(MAX_NAME_BYTES).as_bytes()).is_ok());
    let error = Params::parse(named(MAX_NAME_BYTES + 1).as_bytes()).unwrap_err();
    assert_eq!(
        error,
        ParamsError::NameTooLong(Echo::of(&"n".repeat(MAX_NAME_BYTES + 1)))
    );

    let valued = |length: usize| format!("assertion={}", "v".repeat(length));
    assert!(Params::parse(valued(MAX_VALUE_BYTES).as_bytes()).is_ok());
    let error = Params::parse(valued(MAX_VALUE_BYTES + 1).as_bytes()).unwrap_err();
    assert_eq!(error, ParamsError::ValueTooLong(Echo::of("assertion")));

    assert!(Params::parse(&vec![b'&'; MAX_BYTES]).is_ok());
    assert_eq!(
        Params::parse(&vec![b'&'; MAX_BYTES + 1]).unwrap_err(),
        ParamsError::TooLarge
    );
}

#[test]
fn every_fault_has_a_code() {
    let crn = |form: &[u8]| Params::parse(form).unwrap_err().crn();
    assert_eq!(crn(b"a=1&a=2"), Crn::PARAMETER_REPEATED);
    assert_eq!(crn(b"a=%"), Crn::FORM_ENCODING);
    assert_eq!(crn(&[b'n'; MAX_NAME_BYTES + 1]), Crn::FORM_OUT_OF_BOUNDS);
    assert_eq!(crn(&vec![b'n'; MAX_BYTES + 1]), Crn::BODY_TOO_LARGE);
    assert_eq!(MissingParameter("token").crn(), Crn::PARAMETER_MISSING);
}

#[test]
fn no_value_shows_in_debug() {
    let params = Params::parse(b"client_secret=hunter2").unwrap();
    assert_eq!(format!("{params:?}"), "[\"client_secret\"]");
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in any::<Vec<u8>>()) {
        let _ = Params::parse(&bytes);
    }

    /// What another encoder wrote comes back.
    #[test]
    fn what_was_encoded_is_decoded(pairs in proptest::collection::btree_map("\\PC{1,20}", "\\PC{1,40}", 0..8)) {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
        let mut params = Params::parse(form.as_bytes()).unwrap();
        for (name, value) in &pairs {
            assert_eq!(params.take(name).as_deref(), Some(value.as_str()));
        }
        assert_eq!(params.names().count(), 0);
    }
}

#[test]
fn the_boxes_of_a_page_come_once_for_each_that_is_ticked() {
    let form = b"scope=a&scope=b&decision=allow";
    let mut params = Params::parse_boxes(form, "scope").unwrap();
    assert_eq!(params.take_all("scope"), ["a", "b"]);
    assert!(Params::parse(form).is_err());
    let twice = b"decision=allow&decision=deny";
    assert!(Params::parse_boxes(twice, "scope").is_err());
    let many = "scope=a&".repeat(super::MAX_PARAMS + 1);
    assert!(Params::parse_boxes(many.as_bytes(), "scope").is_err());
}

#[test]
fn what_was_not_taken_can_be_written_again() {
    let sent = b"a=%C3%BC+%26&client_secret=hidden&resource=urn:a&resource=urn:b&empty=";
    let mut params = Params::parse(sent).unwrap();
    params.take("client_secret");
    let form = params.to_form();
    assert_eq!(
        form,
        "a=%C3%BC%20%26&resource=urn%3Aa&resource=urn%3Ab&empty="
    );
    let mut again = Params::parse(form.as_bytes()).unwrap();
    assert_eq!(again.take("a").as_deref(), Some("\u{fc} &"));
    assert_eq!(again.take_all("resource"), ["urn:a", "urn:b"]);
    assert!(again.sent("empty"));
}

#[test]
fn google_wire_4_7_json_says_what_a_form_says() {
    let sent = br#"{"grant_type":"refresh_token","scopes":["a","b"],"resource":["urn:a","urn:b"],
        "lifetime":1,"nothing":null,"empty":"","options":{"k":[1]}}"#;
    let mut params = Params::parse_json(sent).unwrap();
    assert_eq!(params.take("grant_type").as_deref(), Some("refresh_token"));
    assert_eq!(params.take("scope").as_deref(), Some("a b"));
    assert_eq!(params.take_all("resource"), ["urn:a", "urn:b"]);
    assert_eq!(params.take("lifetime").as_deref(), Some("1"));
    assert!(!params.sent("nothing"));
    assert_eq!(params.take("options").as_deref(), Some(r#"{"k":[1]}"#));
}

#[test]
fn json_has_the_bounds_of_a_form() {
    let refused = |body: &str| Params::parse_json(body.as_bytes()).unwrap_err();
    assert_eq!(refused("[]"), ParamsError::NotJson);
    assert_eq!(refused("{\"a\":"), ParamsError::NotJson);
    assert_eq!(refused(&"[".repeat(1_000)), ParamsError::NotJson);
    let twice = refused(r#"{"scope":"a","scopes":["b"]}"#);
    assert!(matches!(twice, ParamsError::Repeated(_)), "{twice}");
    let again = refused(r#"{"code":"a","code":"b"}"#);
    assert!(matches!(again, ParamsError::Repeated(_)), "{again}");
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(super::MAX_VALUE_BYTES + 1));
    assert!(matches!(refused(&long), ParamsError::ValueTooLong(_)));
    let many: Vec<_> = (0..=super::MAX_PARAMS)
        .map(|n| format!("\"p{n}\":\"v\""))
        .collect();
    assert_eq!(
        refused(&format!("{{{}}}", many.join(","))),
        ParamsError::TooMany
    );
    assert_eq!(
        refused(&" ".repeat(super::MAX_BYTES + 1)),
        ParamsError::TooLarge
    );
}

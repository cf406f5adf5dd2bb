//! The ways to say who one is, alone and together.

use proptest::prelude::{any, proptest};

use super::{
    ClientAuthentication, ClientAuthenticationError, ClientAuthenticationMethod, JWT_BEARER,
    MAX_CLIENT_ID_BYTES, MAX_SECRET_BYTES,
};
use crate::crn::Crn;
use crate::legal::is_legal;
use crate::params::Params;

type Parsed = Result<Option<ClientAuthentication<'static>>, ClientAuthenticationError>;

fn parse(header: Option<&str>, form: &str) -> Parsed {
    let form: &'static str = Box::leak(form.to_owned().into_boxed_str());
    ClientAuthentication::parse(header, &mut Params::parse(form.as_bytes()).unwrap())
}

fn basic(client_id: &'static str, secret: &'static str) -> ClientAuthentication<'static> {
    ClientAuthentication::SecretBasic {
        client_id: client_id.into(),
        secret: secret.into(),
    }
}

#[test]
fn rfc6749_2_3_1_basic() {
    // s6BhdRkqt3:gX1fBat3bV, the example of the RFC.
    for header in [
        "Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW",
        "basic  czZCaGRSa3F0MzpnWDFmQmF0M2JW",
    ] {
        assert_eq!(
            parse(Some(header), ""),
            Ok(Some(basic("s6BhdRkqt3", "gX1fBat3bV")))
        );
    }
    let same = parse(
        Some("Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW"),
        "client_id=s6BhdRkqt3",
    );
    assert_eq!(same, Ok(Some(basic("s6BhdRkqt3", "gX1fBat3bV"))));
}

#[test]
fn rfc6749_2_3_1_both_halves_are_form_decoded() {
    // https%3A%2F%2Fa.example:p%2B+w:x
    let header = "Basic aHR0cHMlM0ElMkYlMkZhLmV4YW1wbGU6cCUyQit3Ong=";
    assert_eq!(
        parse(Some(header), ""),
        Ok(Some(basic("https://a.example", "p+ w:x")))
    );
    // a:100%
    let error = parse(Some("Basic YToxMDAl"), "").unwrap_err();
    assert_eq!(error, ClientAuthenticationError::BasicEncoding);
}

#[test]
fn rfc7617_2_a_broken_header_is_no_anonymous_request() {
    // Nothing, no base64, no colon, no name, no secret, no UTF-8.
    for header in [
        "Basic",
        "Basic !",
        "Basic YWI=",
        "Basic Ong=",
        "Basic eDo=",
        "Basic /zp4",
    ] {
        let error = parse(Some(header), "client_id=x").unwrap_err();
        assert_eq!(error, ClientAuthenticationError::BasicMalformed, "{header}");
        assert_eq!(error.crn(), Crn::CLIENT_AUTHENTICATION_BASIC);
    }
}

#[test]
fn rfc6749_2_3_1_parameters_of_the_body() {
    let (client_id, secret) = ("a".into(), "b c".into());
    assert_eq!(
        parse(None, "client_secret=b+c&client_id=a"),
        Ok(Some(ClientAuthentication::SecretPost { client_id, secret }))
    );
    let none = ClientAuthentication::None {
        client_id: "a".into(),
    };
    assert_eq!(parse(None, "client_id=a"), Ok(Some(none.clone())));
    // An empty parameter counts as absent.
    assert_eq!(parse(None, "client_id=a&client_secret="), Ok(Some(none)));
    assert_eq!(parse(None, "scope=x"), Ok(None));
    assert_eq!(parse(Some("Bearer abc"), "scope=x"), Ok(None));
    let error = parse(None, "client_secret=b").unwrap_err();
    assert_eq!(error, ClientAuthenticationError::ClientIdMissing);
}

#[test]
fn rfc7523_2_2_an_assertion() {
    let kind =
        "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
    let Ok(Some(sent)) = parse(None, &format!("{kind}&client_assertion=a.b.c")) else {
        panic!("no authentication")
    };
    let assertion = ClientAuthentication::Assertion {
        client_id: None,
        assertion: "a.b.c".into(),
    };
    assert_eq!(sent, assertion);
    assert!(kind.ends_with(&JWT_BEARER.replace(':', "%3A")));
    for (form, crn) in [
        (kind.to_owned(), Crn::PARAMETER_MISSING),
        ("client_assertion=a.b.c".to_owned(), Crn::PARAMETER_MISSING),
        (
            "client_assertion=a&client_assertion_type=saml".to_owned(),
            Crn::CLIENT_ASSERTION_TYPE,
        ),
    ] {
        assert_eq!(parse(None, &form).unwrap_err().crn(), crn, "{form}");
    }
}

#[test]
fn rfc6749_2_3_more_than_one_way_is_refused() {
    let kind = format!("client_assertion_type={JWT_BEARER}&client_assertion=a.b.c");
    for (header, form) in [
        (Some("Basic eDp5"), "client_id=x&client_secret=y".to_owned()),
        (Some("Basic eDp5"), kind.clone()),
        (None, format!("client_id=x&client_secret=y&{kind}")),
    ] {
        let error = parse(header, &form).unwrap_err();
        assert_eq!(error, ClientAuthenticationError::MoreThanOne, "{form}");
        assert_eq!(error.crn(), Crn::CLIENT_AUTHENTICATION_TWICE);
        assert_eq!(error.crn().status(), Some(400));
    }
    let differs = parse(Some("Basic eDp5"), "client_id=z").unwrap_err();
    assert_eq!(differs, ClientAuthenticationError::ClientIdDiffers);
}

#[test]
fn the_bounds_hold_to_the_byte() {
    let form = |id: usize, secret: usize| {
        format!(
            "client_id={}&client_secret={}",
            "i".repeat(id),
            "s".repeat(secret)
        )
    };
    assert!(parse(None, &form(MAX_CLIENT_ID_BYTES, MAX_SECRET_BYTES)).is_ok());
    for form in [
        form(MAX_CLIENT_ID_BYTES + 1, 1),
        form(1, MAX_SECRET_BYTES + 1),
    ] {
        assert_eq!(
            parse(None, &form).unwrap_err().crn(),
            Crn::FORM_OUT_OF_BOUNDS
        );
    }
    let header = format!("Basic {}", "A".repeat(100_000));
    assert_eq!(
        parse(Some(&header), ""),
        Err(ClientAuthenticationError::TooLong("Authorization"))
    );
}

#[test]
fn rfc7591_2_the_methods_are_a_closed_list() {
    for method in ClientAuthenticationMethod::ALL {
        assert_eq!(
            ClientAuthenticationMethod::parse(method.as_str()),
            Some(method)
        );
    }
    assert_eq!(
        ClientAuthenticationMethod::parse("Client_Secret_Basic"),
        None
    );
    assert_eq!(ClientAuthenticationMethod::parse(""), None);
}

#[test]
fn no_secret_shows_in_debug() {
    let sent = [
        parse(Some("Basic eDpodW50ZXIy"), ""),
        parse(None, "client_id=x&client_secret=hunter2"),
        parse(
            None,
            &format!("client_assertion_type={JWT_BEARER}&client_assertion=hunter2"),
        ),
    ];
    assert!(!format!("{sent:?}").contains("hunter2"));
}

proptest! {
    #[test]
    fn no_header_makes_it_panic(header in any::<String>(), tail in "[A-Za-z0-9+/=]{0,60}") {
        for header in [header, format!("Basic {tail}")] {
            if let Err(error) = parse(Some(&header), "client_id=x") {
                assert!(error.to_string().bytes().all(is_legal));
            }
        }
    }
}

//! Tokens in headers, challenges in answers.

use std::borrow::Cow;

use proptest::prelude::{any, proptest};

use super::{
    BearerErrorCode, Challenge, MAX_TOKEN_BYTES, NotBearer, Scheme, is_b64token,
    parse_authorization, parse_shown,
};
use crate::google;

#[test]
fn rfc6750_2_1_the_token_behind_the_scheme() {
    for header in [
        "Bearer mF_9.B5f-4.1JqM",
        "bearer mF_9.B5f-4.1JqM",
        "BEARER   mF_9.B5f-4.1JqM ",
        " Bearer mF_9.B5f-4.1JqM",
    ] {
        assert_eq!(
            parse_authorization(header),
            Ok("mF_9.B5f-4.1JqM"),
            "{header}"
        );
    }
}

#[test]
fn rfc9449_7_1_a_bound_token_is_shown_under_another_scheme() {
    for (header, shown) in [
        ("DPoP a.b", (Scheme::Dpop, "a.b")),
        ("dpop  a.b", (Scheme::Dpop, "a.b")),
        ("Bearer a.b", (Scheme::Bearer, "a.b")),
    ] {
        assert_eq!(parse_shown(header), Ok(shown), "{header}");
    }
    assert_eq!(parse_shown("Basic a"), Err(NotBearer::OtherScheme));
    assert_eq!(parse_shown("DPoP"), Err(NotBearer::NotAToken));
    let challenge = Challenge {
        scheme: Scheme::Dpop,
        error: Some("invalid_token".into()),
        algs: Some("ES256 PS256".into()),
        ..Challenge::default()
    };
    let printed = r#"DPoP error="invalid_token", algs="ES256 PS256""#;
    assert_eq!(challenge.to_string(), printed);
}

#[test]
fn rfc6750_2_1_b64token() {
    for token in ["a", "a==", "A-._~+/9", "ya29.c.b0...."] {
        assert!(is_b64token(token), "{token}");
    }
    for token in ["", "=", "a=b", "a b", "a,b", "\"a\"", "a\n", "\u{e9}"] {
        assert!(!is_b64token(token), "{token}");
    }
}

#[test]
fn rfc6750_2_1_what_is_not_a_token_is_refused() {
    for header in [
        "Bearer",
        "Bearer ",
        "Bearer a b",
        "Bearer a, b",
        "Bearer \"a\"",
        "Bearer a\r\nX: y",
    ] {
        assert_eq!(
            parse_authorization(header),
            Err(NotBearer::NotAToken),
            "{header}"
        );
    }
    for header in [
        "",
        "Basic YTpi",
        "Bearertoken",
        "Bearer\tx",
        "DPoP x",
        "DPoPx y",
    ] {
        assert_eq!(
            parse_authorization(header),
            Err(NotBearer::OtherScheme),
            "{header}"
        );
    }
}

#[test]
fn a_token_is_bounded() {
    let header = |length: usize| format!("Bearer {}", "a".repeat(length));
    assert!(parse_authorization(&header(MAX_TOKEN_BYTES)).is_ok());
    assert_eq!(
        parse_authorization(&header(MAX_TOKEN_BYTES + 1)),
        Err(NotBearer::TooLong)
    );
}

#[test]
fn rfc6750_3_1_codes_and_their_statuses() {
    let codes = BearerErrorCode::ALL.map(|code| (code.as_str(), code.status()));
    assert_eq!(
        codes,
        [
            ("invalid_request", 400),
            ("invalid_token", 401),
            ("insufficient_scope", 403)
        ]
    );
    assert_eq!(
        BearerErrorCode::parse("invalid_token"),
        Some(BearerErrorCode::InvalidToken)
    );
}

#[test]
fn google_wire_3_4_challenges_to_the_byte() {
    let missing = Challenge {
        realm: Some(Cow::Borrowed(google::REALM)),
        ..Challenge::default()
    };
    assert_eq!(
        missing.to_string(),
        r#"Bearer realm="https://accounts.google.com/""#
    );

    let bad = Challenge {
        error: Some(Cow::Borrowed("invalid_token")),
        ..missing.clone()
    };
    assert_eq!(
        bad.to_string(),
        r#"Bearer realm="https://accounts.google.com/", error="invalid_token""#
    );

    let small = Challenge {
        error: Some(Cow::Borrowed("insufficient_scope")),
        scope: Some(Cow::Borrowed("invoices.write")),
        ..missing
    };
    assert_eq!(
        small.to_string(),
        r#"Bearer realm="https://accounts.google.com/", error="insufficient_scope", scope="invoices.write""#
    );
    assert_eq!(Challenge::default().to_string(), "Bearer");
}

#[test]
fn rfc9728_5_1_resource_metadata_comes_last() {
    let challenge = Challenge {
        error: Some(Cow::Borrowed("invalid_token")),
        error_description: Some(Cow::Borrowed("the \"token\" is over")),
        resource_metadata: Some(Cow::Borrowed(
            "https://api.example/.well-known/oauth-protected-resource",
        )),
        ..Challenge::default()
    };
    let printed = challenge.to_string();
    assert_eq!(
        printed,
        "Bearer error=\"invalid_token\", error_description=\"the \\\"token\\\" is over\", \
         resource_metadata=\"https://api.example/.well-known/oauth-protected-resource\""
    );
    assert_eq!(Challenge::find(&printed), Some(challenge));
}

#[test]
fn rfc9110_11_6_1_the_bearer_challenge_is_found_among_others() {
    let header = r#"Negotiate YWJj==, Basic realm="a, b", charset="UTF-8", bearer REALM = "r" , error=invalid_token, Digest qop="auth", error="x""#;
    let challenge = Challenge::find(header).unwrap();
    assert_eq!(challenge.realm.as_deref(), Some("r"));
    assert_eq!(challenge.error.as_deref(), Some("invalid_token"));
    assert_eq!(challenge.scope, None);
}

#[test]
fn rfc9110_11_6_1_a_challenge_without_parameters() {
    assert_eq!(Challenge::find("Bearer"), Some(Challenge::default()));
    assert_eq!(Challenge::find("Basic, Bearer"), Some(Challenge::default()));
    assert_eq!(Challenge::find("Basic realm=\"Bearer\""), None);
    assert_eq!(Challenge::find(""), None);
    assert_eq!(Challenge::find("error=\"invalid_token\""), None);
}

#[test]
fn a_challenge_that_breaks_keeps_what_came_before() {
    let challenge = Challenge::find("Bearer realm=\"r\", error=\"invalid_tok").unwrap();
    assert_eq!(
        (challenge.realm.as_deref(), challenge.error),
        (Some("r"), None)
    );
    let challenge = Challenge::find("Bearer error=\"a\", error=\"b\"").unwrap();
    assert_eq!(challenge.error.as_deref(), Some("a"));
    // Some servers forget the comma.
    let challenge = Challenge::find("Bearer realm=\"r\" error=\"a\"").unwrap();
    assert_eq!(challenge.error.as_deref(), Some("a"));
}

#[test]
fn a_header_is_read_so_far_and_no_further() {
    let long = format!("Basic realm=\"{}\", Bearer", "\u{e9}".repeat(5_000));
    assert_eq!(Challenge::find(&long), None);
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let _ = parse_authorization(&text);
        let _ = Challenge::find(&text);
        let _ = Challenge::find(&format!("Bearer {text}"));
    }

    #[test]
    fn what_is_printed_is_one_header_and_comes_back(realm in any::<String>(), error in "[ -~]{0,40}") {
        let challenge = Challenge {
            realm: Some(Cow::Owned(realm)),
            error: Some(Cow::Borrowed(&error)),
            ..Challenge::default()
        };
        let printed = challenge.to_string();
        assert!(printed.bytes().all(|byte| matches!(byte, b' '..=b'~')));
        let found = Challenge::find(&printed).unwrap();
        assert_eq!(found.error.as_deref(), Some(error.as_str()));
    }
}

//! Proofs about this request, and about others.

use super::{DpopClaims, DpopClaimsError};

fn proof(htm: &str, htu: &str) -> String {
    format!(r#"{{"jti":"j","htm":"{htm}","htu":"{htu}","iat":1562262616,"new":1}}"#)
}

#[test]
fn rfc9449_4_3_the_proof_is_about_this_request() {
    for (htu, address) in [
        ("https://a.example/token", "https://a.example/token"),
        ("HTTPS://A.example:443/token", "https://a.example/token?x=1"),
        ("https://a.example/x/../token", "https://a.example/token"),
        ("https://a.example", "https://a.example/"),
        ("https://a.example/token?x=1#y", "https://a.example/token"),
        (
            "https://a.example/%74oken/%7e%2f",
            "https://a.example/token/~%2F",
        ),
    ] {
        let payload = proof("POST", htu);
        let claims = DpopClaims::parse(payload.as_bytes()).unwrap();
        assert_eq!(claims.is_about("POST", address), Ok(()), "{htu}");
        assert_eq!(
            claims.is_about("post", address),
            Err(DpopClaimsError::OtherMethod)
        );
    }
    for htu in [
        "http://a.example/token",
        "https://a.example/token/",
        "https://a.example:8443/token",
        "https://b.example/token",
        "https://a.example@b.example/token",
        "https://u@a.example/token",
        "https://a.example/TOKEN",
        "/token",
        "",
        "urn:x",
    ] {
        let payload = proof("POST", htu);
        let claims = DpopClaims::parse(payload.as_bytes()).unwrap();
        let error = claims.is_about("POST", "https://a.example/token");
        assert_eq!(error, Err(DpopClaimsError::OtherAddress), "{htu}");
    }
}

#[test]
fn rfc9449_4_2_the_claims_must_be_there() {
    let whole = proof("GET", "https://a.example/");
    assert_eq!(
        DpopClaims::parse(whole.as_bytes()).unwrap().iat,
        1_562_262_616
    );
    for name in ["jti", "htm", "htu", "iat"] {
        let broken = whole.replace(&format!("\"{name}\""), "\"x\"");
        assert_eq!(
            DpopClaims::parse(broken.as_bytes()),
            Err(DpopClaimsError::NotJson),
            "{name}"
        );
    }
    for broken in [
        "[]",
        "",
        "null",
        &whole.replace("1562262616", "1.5"),
        &whole.replace("\"j\"", "7"),
    ] {
        assert_eq!(
            DpopClaims::parse(broken.as_bytes()),
            Err(DpopClaimsError::NotJson),
            "{broken}"
        );
    }
    for jti in [String::new(), "j".repeat(257)] {
        let broken = whole.replace("\"j\"", &format!("\"{jti}\""));
        assert_eq!(
            DpopClaims::parse(broken.as_bytes()),
            Err(DpopClaimsError::OutOfBounds("jti"))
        );
    }
}

#[test]
fn rfc9449_4_3_what_only_a_browser_forgives_is_no_address() {
    for htu in [
        "https://auth.example/token ",
        " https://auth.example/token",
        "https://auth.example/to\\tken",
        "https:\\\\\\\\auth.example/token",
        "https://auth.example/token\u{e9}",
    ] {
        let payload = format!("{{\"jti\":\"a\",\"htm\":\"POST\",\"htu\":\"{htu}\",\"iat\":1}}");
        let claims = DpopClaims::parse(payload.as_bytes()).unwrap();
        assert_eq!(
            claims.is_about("POST", "https://auth.example/token"),
            Err(DpopClaimsError::OtherAddress),
            "{htu}"
        );
    }
}

#[test]
fn rfc9449_4_3_the_proof_was_made_a_moment_ago() {
    let payload = proof("GET", "https://a.example/");
    let claims = DpopClaims::parse(payload.as_bytes()).unwrap();
    let made = claims.iat;
    for now in [made - 60, made, made + 60] {
        assert_eq!(claims.is_fresh(now), Ok(()));
    }
    assert_eq!(claims.is_fresh(made + 61), Err(DpopClaimsError::Old(61)));
    assert_eq!(claims.is_fresh(made - 61), Err(DpopClaimsError::Future(61)));
    let extreme = payload.replace("1562262616", &i64::MIN.to_string());
    let claims = DpopClaims::parse(extreme.as_bytes()).unwrap();
    assert!(claims.is_fresh(made).is_err());
}

#[test]
fn rfc9449_4_3_the_proof_is_about_the_token_beside_it() {
    let plain = proof("GET", "https://a.example/");
    let claims = DpopClaims::parse(plain.as_bytes()).unwrap();
    assert_eq!(claims.is_beside("h"), Err(DpopClaimsError::NoToken));
    let payload = plain.replace("\"new\":1", "\"ath\":\"h\"");
    let claims = DpopClaims::parse(payload.as_bytes()).unwrap();
    assert_eq!(claims.is_beside("h"), Ok(()));
    assert_eq!(claims.is_beside("H"), Err(DpopClaimsError::OtherToken));
}

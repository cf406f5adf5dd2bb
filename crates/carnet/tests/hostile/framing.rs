//! HTTP that is none: RFC 9112 broken in every part.

use crate::ground::Ground;

#[test]
fn rfc9112_random_bytes_are_answered_or_cut_off() {
    let mut ground = Ground::new();
    for round in 0..200 {
        let count = 1 + ground.dice.below(600);
        let mut bytes = ground.dice.bytes(count);
        if round % 2 == 0 {
            bytes.splice(0..0, *b"POST /token HTTP/1.1\r\nHost: a\r\n");
        }
        bytes.extend_from_slice(b"\r\n\r\n");
        ground.shoot(&bytes);
    }
    ground.stands();
}

#[test]
fn rfc9112_requests_with_a_fault_are_answered_or_cut_off() {
    let ground = Ground::new();
    let long = "a".repeat(70_000);
    let many = "X-Flood: 1\r\n".repeat(1_000);
    let faults = [
        "GET /token\r\n\r\n".to_owned(),
        "GET /jwks HTTP/9.9\r\nHost: a\r\n\r\n".to_owned(),
        "GET /jwks HTTP/1.1\r\n\r\n".to_owned(),
        "GET /jwks HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n".to_owned(),
        "get /jwks HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(),
        "G\0T /jwks HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(),
        "GET  /jwks  HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(),
        "GET jwks HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(),
        "GET * HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(),
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(),
        "CONNECT evil.test:443 HTTP/1.1\r\nHost: evil.test\r\n\r\n".to_owned(),
        "GET http://evil.test/jwks HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(),
        "GET /jwks HTTP/1.1\r\nHost: a\r\nBad Name: 1\r\n\r\n".to_owned(),
        "GET /jwks HTTP/1.1\r\nHost: a\r\nNoColon\r\n\r\n".to_owned(),
        "GET /jwks HTTP/1.1\r\nHost: a\r\nX: 1\r\n folded\r\n\r\n".to_owned(),
        "GET /jwks HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n".to_owned(),
        "GET /jwks HTTP/1.1\r\nHost: \u{fc}\r\nX: \u{1f600}\r\n\r\n".to_owned(),
        "POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n".to_owned(),
        "POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n".to_owned(),
        "POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab".to_owned(),
        "POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            .to_owned(),
        "POST /token HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n".to_owned(),
        "POST /token HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".to_owned(),
        "POST /token HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n".to_owned(),
        format!("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\u{7f}{}", "garbage ".repeat(100)),
        format!("GET /{long} HTTP/1.1\r\nHost: a\r\n\r\n"),
        format!("GET /tokeninfo?access_token={long} HTTP/1.1\r\nHost: a\r\n\r\n"),
        format!("GET /jwks HTTP/1.1\r\nHost: a\r\nX: {long}\r\n\r\n"),
        format!("GET /jwks HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {long}\r\n\r\n"),
        format!("GET /jwks HTTP/1.1\r\nHost: a\r\n{many}\r\n"),
        format!("{long} /jwks HTTP/1.1\r\nHost: a\r\n\r\n"),
        format!("GET /jwks HTTP/1.1\r\nHost: {long}\r\n\r\n"),
    ];
    for fault in &faults {
        ground.shoot(fault.as_bytes());
    }
    ground.stands();
}

#[test]
fn rfc9112_unusual_but_right_requests_are_served() {
    let ground = Ground::new();
    let served = [
        "GET /jwks HTTP/1.0\r\n\r\n".to_owned(),
        "HEAD /jwks HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(),
        format!(
            "GET {}/jwks HTTP/1.1\r\nHost: {}\r\n\r\n",
            ground.issuer, ground.address
        ),
        "GET /jwks HTTP/1.1\nHost: a\n\n".to_owned(),
    ];
    for request in &served {
        let answer = ground.shoot(request.as_bytes()).expect("an answer");
        assert_eq!(answer.status, 200, "{request}");
    }
    let kind = "Content-Type: application/x-www-form-urlencoded";
    let refused = [
        format!("POST /token HTTP/1.0\r\n{kind}\r\nContent-Length: 12\r\n\r\ngrant_type=x"),
        format!(
            "POST /token HTTP/1.1\r\nHost: a\r\n{kind}\r\nTransfer-Encoding: chunked\r\n\r\n\
                 6;ext=1\r\ngrant_\r\n6\r\ntype=x\r\n0\r\nTrailer: 1\r\n\r\n"
        ),
        format!(
            "POST /token HTTP/1.1\r\nHost: a\r\n{kind}\r\nExpect: 100-continue\r\n\
                 Content-Length: 12\r\n\r\ngrant_type=x"
        ),
    ];
    for request in &refused {
        let answer = ground.shoot(request.as_bytes()).expect("an answer");
        assert_eq!(
            answer.json()["error"],
            "unsupported_grant_type",
            "{request}"
        );
    }
    ground.stands();
}

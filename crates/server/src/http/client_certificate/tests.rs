//! Certificates that proxies tell.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::HeaderName;
use http::HeaderValue;

use super::Certificates;
use super::ClientCertificate;
use crate::config::http::ClientCertificates;

const X: HeaderName = HeaderName::from_static("x-client-cert");
const RFC: HeaderName = HeaderName::from_static("client-cert");

fn made() -> rcgen::CertifiedKey<rcgen::KeyPair> {
    rcgen::generate_simple_self_signed(["client.example".to_owned()]).unwrap()
}

fn reader(header: HeaderName) -> Certificates {
    Certificates::new(&ClientCertificates {
        header: Some(header),
        ..ClientCertificates::default()
    })
    .unwrap()
}

/// What is taken out of these lines.
fn take(header: &HeaderName, lines: &[&str], trusted: bool) -> Option<ClientCertificate> {
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(header, HeaderValue::from_str(line).unwrap());
    }
    let taken = reader(header.clone()).take(&mut headers, trusted);
    assert!(headers.is_empty(), "no endpoint sees it");
    taken
}

fn escaped(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}

#[test]
fn rfc9440_2_2_a_trusted_proxy_tells_the_certificate() {
    let made = made();
    let line = format!(":{}:", STANDARD.encode(made.cert.der()));
    let taken = take(&RFC, &[&line], true).unwrap();
    assert_eq!(taken.der(), made.cert.der().as_ref());
    assert_eq!(taken.x5t_s256().len(), 43, "RFC 8705 section 3.1");
    assert!(!taken.is_certified(), "nobody's word counts here");
}

#[test]
fn nginx_haproxy_and_traefik_are_understood() {
    let made = made();
    let pem = made.cert.pem();
    let bare = STANDARD.encode(made.cert.der());
    let tabs = pem.trim().replace('\n', "\t");
    for line in [escaped(&pem), bare.clone(), escaped(&bare), tabs] {
        let taken = take(&X, &[&line], true).unwrap();
        assert_eq!(taken.der(), made.cert.der().as_ref(), "{line}");
    }
}

#[test]
fn lesson_42_from_anybody_else_the_header_is_nothing_and_goes_away() {
    let line = STANDARD.encode(made().cert.der());
    assert_eq!(take(&X, &[&line], false), None);
}

#[test]
fn two_lines_or_what_is_no_certificate_tell_nothing() {
    let line = STANDARD.encode(made().cert.der());
    assert_eq!(take(&X, &[&line, &line], true), None);
    let long = "A".repeat(24 * 1024);
    for line in [
        "",
        ":",
        "::",
        "%",
        "%4",
        "%zz",
        "x y!",
        &long,
        "-----BEGIN CERTIFICATE-----",
    ] {
        assert_eq!(take(&X, &[line], true), None, "{line}");
    }
}

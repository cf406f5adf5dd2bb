//! Whose address a request comes from, with and without proxies.

use std::net::IpAddr;

use http::HeaderMap;
use http::HeaderValue;

use super::Peer;
use super::Scheme;
use super::TrustedProxies;
use super::forwarded_scheme;

fn trusted() -> TrustedProxies {
    TrustedProxies::new(
        ["10.0.0.0/8", "fd00::/8"]
            .map(|range| range.parse().unwrap())
            .to_vec(),
    )
}

fn headers(name: &'static str, lines: &[&str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(name, HeaderValue::from_bytes(line.as_bytes()).unwrap());
    }
    headers
}

#[test]
fn the_rightmost_address_that_is_no_proxy_is_the_client() {
    let table: [(&[&str], &str); 17] = [
        // The peer is 10.0.0.1 throughout.
        (&[], "10.0.0.1"),
        (&["192.0.2.1"], "192.0.2.1"),
        (&["203.0.113.9, 192.0.2.1"], "192.0.2.1"),
        (&["192.0.2.1, 10.0.0.2"], "192.0.2.1"),
        (&["192.0.2.1,10.0.0.2,10.0.0.3"], "192.0.2.1"),
        // Several lines are one list (RFC 9110 section 5.3).
        (&["203.0.113.9", "192.0.2.1"], "192.0.2.1"),
        (&["192.0.2.1", "10.0.0.2"], "192.0.2.1"),
        // Only proxies: the first of them.
        (&["10.0.0.9, 10.0.0.2"], "10.0.0.9"),
        // What is no literal ends the walk; the last that was believed stays.
        (&["192.0.2.1, unknown"], "10.0.0.1"),
        (&["192.0.2.1, unknown, 10.0.0.2"], "10.0.0.2"),
        (&["192.0.2.1, localhost"], "10.0.0.1"),
        (&["192.0.2.1, "], "10.0.0.1"),
        // The forms that proxies write.
        (&["192.0.2.1:4711"], "192.0.2.1"),
        (&["[2001:db8::1]:4711"], "2001:db8::1"),
        (&["[2001:db8::1]"], "2001:db8::1"),
        (&["2001:db8::1, fd00::2"], "2001:db8::1"),
        (&["::ffff:192.0.2.1"], "192.0.2.1"),
    ];
    let peer = Peer::Address("10.0.0.1".parse().unwrap());
    for (lines, client) in table {
        let found = trusted().client(peer, &headers("x-forwarded-for", lines));
        assert_eq!(found, Some(client.parse::<IpAddr>().unwrap()), "{lines:?}");
    }
}

#[test]
fn a_walk_is_bounded() {
    let long = format!("192.0.2.1{}", ",10.0.0.2".repeat(10_000));
    let peer = Peer::Address("10.0.0.1".parse().unwrap());
    let found = trusted().client(peer, &headers("x-forwarded-for", &[&long]));
    assert_eq!(found, Some("10.0.0.2".parse().unwrap()));
}

#[test]
fn whom_we_trust() {
    let trust = |address: &str| trusted().trust(Peer::Address(address.parse().unwrap()));
    assert!(trust("10.9.9.9") && trust("::ffff:10.9.9.9") && trust("fd00::1"));
    assert!(!trust("11.0.0.1") && !trust("2001:db8::1") && !trust("127.0.0.1"));
    assert!(trusted().trust(Peer::Local));
    assert!(!TrustedProxies::default().trust(Peer::Address("127.0.0.1".parse().unwrap())));
}

#[test]
fn the_scheme_is_that_of_the_last_value() {
    for (lines, scheme) in [
        (&["https"][..], Some(Scheme::Https)),
        (&["HTTPS"], Some(Scheme::Https)),
        (&["http"], Some(Scheme::Http)),
        (&["https, http"], Some(Scheme::Http)),
        (&["https", "http"], Some(Scheme::Http)),
        (&["http,https"], Some(Scheme::Https)),
        (&["https,"], None),
        (&["wss"], None),
        (&[], None),
    ] {
        assert_eq!(
            forwarded_scheme(&headers("x-forwarded-proto", lines)),
            scheme,
            "{lines:?}"
        );
    }
}

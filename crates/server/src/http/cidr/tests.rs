//! Networks as operators write them.

use std::net::IpAddr;

use super::Cidr;
use super::NotACidr;

#[test]
fn an_address_is_in_a_range_or_not() {
    for (range, address, inside) in [
        ("10.0.0.0/8", "10.255.255.255", true),
        ("10.0.0.0/8", "11.0.0.0", false),
        ("192.0.2.0/25", "192.0.2.127", true),
        ("192.0.2.0/25", "192.0.2.128", false),
        ("192.0.2.7", "192.0.2.7", true),
        ("192.0.2.7", "192.0.2.6", false),
        ("0.0.0.0/0", "203.0.113.1", true),
        ("0.0.0.0/0", "2001:db8::1", false),
        ("10.0.0.0/8", "::ffff:10.1.2.3", true),
        ("::/0", "2001:db8::1", true),
        ("::/0", "10.0.0.1", false),
        ("2001:db8::/32", "2001:db8:ffff::1", true),
        ("2001:db8::/32", "2001:db9::", false),
        ("2001:db8::1", "2001:db8::1", true),
        ("2001:db8::1", "2001:db8::2", false),
    ] {
        let net: Cidr = range.parse().unwrap();
        let address: IpAddr = address.parse().unwrap();
        assert_eq!(net.has(address), inside, "{address} in {range}");
    }
}

#[test]
fn what_is_no_range_is_refused() {
    for text in [
        "",
        "/8",
        "10.0.0.0/",
        "10.0.0.0/33",
        "::/129",
        "10.0.0/8",
        "a.example",
        "10.0.0.0/+8",
        "10.0.0.0/8/8",
        "10.0.0.0/256",
        " 10.0.0.0/8",
    ] {
        assert_eq!(text.parse::<Cidr>(), Err(NotACidr::Form), "{text}");
    }
    for text in ["10.0.0.1/8", "2001:db8::1/32", "128.0.0.0/0"] {
        assert_eq!(text.parse::<Cidr>(), Err(NotACidr::HostBits), "{text}");
    }
}

#[test]
fn a_range_is_printed_as_it_is_read() {
    for text in ["10.0.0.0/8", "2001:db8::/32", "192.0.2.7/32"] {
        assert_eq!(text.parse::<Cidr>().unwrap().to_string(), text);
    }
}

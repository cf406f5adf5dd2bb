//! Which addresses belong to the public internet, and may be reached on a stranger's word.
//!
//! IPv4: everything but the special-purpose registry of RFC 6890, multicast and what is reserved. IPv6
//! the other way round: nothing but global unicast (`2000::/3`), and of that no documentation, no
//! protocol assignments and no tunnel (Teredo, 6to4), since a tunnel's address hides an IPv4 address.
//! An IPv4 address that was mapped or translated into IPv6 (`::ffff:0:0/96`, `64:ff9b::/96`) is outside
//! `2000::/3`, and is refused for the same reason.

use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::net::Ipv6Addr;

/// First address and length of the prefix.
const NOT_PUBLIC_V4: [([u8; 4], u32); 15] = [
    // this network, private use, shared by carriers, loopback
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    // link-local, and with it the metadata servers of clouds
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    // protocol assignments, documentation, the relay of 6to4
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    // benchmarks, documentation
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    // multicast; reserved, and the broadcast
    ([224, 0, 0, 0], 4),
    ([240, 0, 0, 0], 4),
];

/// What is not public of `2000::/3`.
const NOT_PUBLIC_V6: [([u16; 8], u32); 4] = [
    // protocol assignments, Teredo among them
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 23),
    // documentation
    ([0x2001, 0x0db8, 0, 0, 0, 0, 0, 0], 32),
    ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20),
    // 6to4
    ([0x2002, 0, 0, 0, 0, 0, 0, 0], 16),
];

/// Whether it is an address of the public internet.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !NOT_PUBLIC_V4.iter().any(|(first, prefix)| {
            let first = Ipv4Addr::from(*first).to_bits();
            (first ^ address.to_bits()).leading_zeros() >= *prefix
        }),
        IpAddr::V6(address) => {
            address.to_bits() >> 125 == 0b001
                && !NOT_PUBLIC_V6.iter().any(|(first, prefix)| {
                    let first = Ipv6Addr::from(*first).to_bits();
                    (first ^ address.to_bits()).leading_zeros() >= *prefix
                })
        }
    }
}

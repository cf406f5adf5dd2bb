//! Ranges of addresses (RFC 4632, RFC 4291 section 2.3): `10.0.0.0/8`, `fd00::/8`, `192.0.2.7`.
//!
//! IP literals only. A name would have to be looked up, and whoever answers for DNS would decide whom
//! we believe.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// A range of addresses.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Cidr {
    address: IpAddr,
    prefix: u8,
}

/// The text is not a range of addresses.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NotACidr {
    /// It cannot be read.
    #[error("write an IP address or a range like 10.0.0.0/8; names are not looked up")]
    Form,
    /// There are bits behind the prefix: most likely a typing mistake, and a dangerous one.
    #[error("the address has bits beyond its prefix; write the first address of the range")]
    HostBits,
}

impl Cidr {
    /// Whether the address lies in the range. An IPv4 address that was mapped into IPv6 counts as the
    /// IPv4 address that it is.
    #[must_use]
    pub fn has(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(net), IpAddr::V4(asked)) => {
                (net.to_bits() ^ asked.to_bits()).leading_zeros() >= u32::from(self.prefix)
            }
            (IpAddr::V6(net), IpAddr::V6(asked)) => {
                (net.to_bits() ^ asked.to_bits()).leading_zeros() >= u32::from(self.prefix)
            }
            _ => false,
        }
    }

    fn host_bits_are_zero(&self) -> bool {
        let (trailing, width) = match self.address {
            IpAddr::V4(net) => (net.to_bits().trailing_zeros(), 32),
            IpAddr::V6(net) => (net.to_bits().trailing_zeros(), 128),
        };
        trailing >= width - u32::from(self.prefix)
    }
}

impl FromStr for Cidr {
    type Err = NotACidr;

    fn from_str(text: &str) -> Result<Self, NotACidr> {
        let (address, prefix) = text
            .split_once('/')
            .map_or((text, None), |(a, p)| (a, Some(p)));
        let address: IpAddr = address.parse().map_err(|_| NotACidr::Form)?;
        let widest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            None => widest,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                digits.parse().map_err(|_| NotACidr::Form)?
            }
            Some(_) => return Err(NotACidr::Form),
        };
        if prefix > widest {
            return Err(NotACidr::Form);
        }
        let range = Self { address, prefix };
        if range.host_bits_are_zero() {
            Ok(range)
        } else {
            Err(NotACidr::HostBits)
        }
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

#[cfg(test)]
mod tests;

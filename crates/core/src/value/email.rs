//! E-mail addresses and domain names, in the normal form in which they are compared.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;

/// The text is not an e-mail address.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct NotAnEmail;

/// The text is not a domain name.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a domain name")]
pub struct NotADomain;

/// A domain name in lower case, ASCII (`xn--` forms for others), at least two labels, at most 253
/// characters.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct DomainName(Box<str>);

impl DomainName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DomainName {
    type Err = NotADomain;

    fn from_str(text: &str) -> Result<Self, NotADomain> {
        let label = |label: &str| {
            (1..=63).contains(&label.len())
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        if text.len() <= 253 && text.contains('.') && text.split('.').all(label) {
            Ok(Self(text.to_ascii_lowercase().into()))
        } else {
            Err(NotADomain)
        }
    }
}

/// An e-mail address, at most 254 characters. Both halves are kept in lower case, since no mail
/// system in use tells two people apart by capitals, and a directory that does invites mistakes.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Email {
    text: Box<str>,
    domain: DomainName,
}

impl Email {
    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The part after the `@`.
    #[must_use]
    pub const fn domain(&self) -> &DomainName {
        &self.domain
    }
}

impl FromStr for Email {
    type Err = NotAnEmail;

    fn from_str(text: &str) -> Result<Self, NotAnEmail> {
        let (local, domain) = text.rsplit_once('@').ok_or(NotAnEmail)?;
        let atom =
            |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte);
        let sound = text.len() <= 254
            && (1..=64).contains(&local.len())
            && local.bytes().all(atom)
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..");
        let domain: DomainName = domain.parse().map_err(|_| NotAnEmail)?;
        if sound {
            Ok(Self {
                text: text.to_ascii_lowercase().into(),
                domain,
            })
        } else {
            Err(NotAnEmail)
        }
    }
}

macro_rules! as_text {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?
                    .parse()
                    .map_err(serde::de::Error::custom)
            }
        }
    };
}

as_text!(DomainName);
as_text!(Email);

#[cfg(test)]
mod tests {
    use super::DomainName;
    use super::Email;

    #[test]
    fn an_address_is_compared_in_lower_case() {
        let email: Email = "Dana.Kim@Acme.Example".parse().expect("an address");
        assert_eq!(email.as_str(), "dana.kim@acme.example");
        assert_eq!(email.domain().as_str(), "acme.example");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@acme.example", "a".repeat(65));
        for text in [
            "",
            "dana",
            "dana@",
            "@acme.example",
            "a b@acme.example",
            "a..b@acme.example",
            "dana@acme",
            "dana@-acme.example",
            "dana@acme.example\n",
            "<x>@acme.example",
            &long,
        ] {
            assert!(text.parse::<Email>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_domain_has_two_labels() {
        assert!("localhost".parse::<DomainName>().is_err());
        assert!("acme..example".parse::<DomainName>().is_err());
        assert!("acme.example".parse::<DomainName>().is_ok());
    }
}

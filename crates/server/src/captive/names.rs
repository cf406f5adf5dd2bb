//! The host names that are held (google-wire 0.2).
//!
//! 1. Google's APIs are one label under `googleapis.com`, or two where the second is `mtls`. Any such label is
//!    held, as each API is asked under its own name for its discovery document.
//! 2. A universe domain has the same names under a domain of its own.
//! 3. This machine's own names are answered to, so that the listener can be tried; no proxy leads to them.

use crate::http::host::Hosts;

/// The domain of Google's APIs.
const APIS: &str = "googleapis.com";

/// Google's names that stand for themselves.
const ALONE: [&str; 4] = [
    "accounts.google.com",
    "auth.cloud.google",
    "metadata.google.internal",
    "www.gstatic.com",
];

/// This machine's names.
pub(super) const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// The APIs that take a JWT that an account signed itself.
const SELF_SIGNED: [&str; 3] = ["iamcredentials", "iam", "cloudresourcemanager"];

/// The longest name of a universe domain, in bytes.
const LONGEST: usize = 100;

/// A domain of one's own in which Google's libraries find everything, instead of `googleapis.com`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Universe(String);

/// The text is no universe domain.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "a domain of at least two labels and at most 100 characters is wanted, like carnet.test, and none of Google's"
)]
pub struct NotAUniverse;

impl Universe {
    /// The domain.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Universe {
    type Err = NotAUniverse;

    fn from_str(text: &str) -> Result<Self, NotAUniverse> {
        let domain = text.to_ascii_lowercase();
        let labels = || domain.split('.');
        let is_number = labels().next_back().is_some_and(|last| {
            last.bytes()
                .next()
                .is_some_and(|first| first.is_ascii_digit())
        });
        let sound = domain.len() <= LONGEST
            && labels().count() >= 2
            && labels().all(is_label)
            && !is_number
            && !["google.com", APIS]
                .iter()
                .any(|google| domain == *google || below(&domain, google).is_some());
        if sound {
            Ok(Self(domain))
        } else {
            Err(NotAUniverse)
        }
    }
}

/// The addresses of the APIs that take a JWT that an account signed itself (google-wire 3.3): Google's, and the same in
/// a universe domain.
#[must_use]
pub fn cloud_roots(universe: Option<&Universe>) -> Vec<String> {
    let domains = [Some(APIS), universe.map(Universe::as_str)];
    let of = |domain: &str| SELF_SIGNED.map(|api| format!("https://{api}.{domain}"));
    domains.into_iter().flatten().flat_map(of).collect()
}

/// Which names are held.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Names {
    universe: Option<Universe>,
}

impl Names {
    /// Google's, and those of a universe domain.
    #[must_use]
    pub const fn new(universe: Option<Universe>) -> Self {
        Self { universe }
    }

    /// Whether the name is one of Google's, or of the universe domain. Letters count without their case.
    #[must_use]
    pub fn hold(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let universe = self.universe.as_ref().map(Universe::as_str);
        ALONE.contains(&name.as_str())
            || [Some(APIS), universe]
                .into_iter()
                .flatten()
                .any(|domain| below(&name, domain).is_some_and(is_api))
    }

    /// The domains that may be certified. A domain stands for all names below it.
    pub fn domains(&self) -> impl Iterator<Item = &str> {
        let universe = self.universe.as_ref().map(Universe::as_str);
        let google = ALONE.into_iter().chain([APIS, "localhost"]);
        google.chain(universe)
    }
}

impl Hosts for Names {
    fn answer_to(&self, host: &str) -> bool {
        LOCAL.iter().any(|own| own.eq_ignore_ascii_case(host)) || self.hold(host)
    }
}

/// The first label of a held name and the domain behind it, where that domain has one name for each API:
/// `iam` and `googleapis.com`.
#[must_use]
pub fn of_an_api(held: &str) -> Option<(&str, &str)> {
    let alone = ALONE.iter().chain(&LOCAL);
    let is_alone = alone
        .into_iter()
        .any(|name| name.eq_ignore_ascii_case(held));
    (!is_alone).then(|| held.split_once('.')).flatten()
}

/// What stands before a domain.
fn below<'n>(name: &'n str, domain: &str) -> Option<&'n str> {
    name.strip_suffix(domain)?.strip_suffix('.')
}

/// One label, or one before `mtls`.
fn is_api(labels: &str) -> bool {
    is_label(labels.strip_suffix(".mtls").unwrap_or(labels))
}

/// Letters, digits, and hyphens inside (RFC 1123 section 2.1).
fn is_label(label: &str) -> bool {
    let sound = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=63).contains(&label.len())
        && label.bytes().all(sound)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests;

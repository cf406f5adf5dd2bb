//! The names of pools and providers of workload identity, as Google writes them (google-wire 6.1, 6.4).
//!
//! A pool of a project is `projects/NUMBER/locations/global/workloadIdentityPools/ID`; one of an organization
//! is `locations/global/workforcePools/ID`. A provider's name is its pool's and `/providers/ID`. The name is the
//! key of the record: it stands in the principals of bindings and in tokens, so it never changes.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;

use crate::value::ProjectNumber;

/// Before the name of a provider, where a token request says for what it asks.
const AUDIENCE: &str = "//iam.googleapis.com/";

const PROJECTS: &str = "projects/";
const WORKLOAD: &str = "/locations/global/workloadIdentityPools/";
const WORKFORCE: &str = "locations/global/workforcePools/";
const PROVIDERS: &str = "/providers/";

/// The text names no pool or provider.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not the name of a {0}")]
pub struct NotAResourceName(&'static str);

/// What a pool belongs to, by its name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum PoolKind {
    /// The project with this number: programs that run elsewhere.
    Workload(ProjectNumber),
    /// An organization: people who sign in elsewhere.
    Workforce,
}

/// The name of a pool.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct PoolName(Box<str>);

/// The name of a provider.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ProviderName(Box<str>);

impl PoolName {
    /// The pool with this id in this project, if that can be an id: 4 to 32 of `[a-z0-9-]`.
    pub fn workload(project: &ProjectNumber, id: &str) -> Result<Self, NotAResourceName> {
        format!("{PROJECTS}{project}{WORKLOAD}{id}").parse()
    }

    /// The pool of an organization with this id, if that can be an id: 6 to 63 of `[a-z0-9-]`, first a
    /// letter, last not a hyphen.
    pub fn workforce(id: &str) -> Result<Self, NotAResourceName> {
        format!("{WORKFORCE}{id}").parse()
    }

    /// The whole name.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        &self.0
    }

    /// Its last part.
    #[must_use]
    pub fn id(&self) -> &str {
        last_part(&self.0)
    }

    /// What it belongs to.
    #[must_use]
    pub fn kind(&self) -> PoolKind {
        self.project()
            .map_or(PoolKind::Workforce, PoolKind::Workload)
    }

    /// The number of the project that it belongs to, if it is a project's.
    #[must_use]
    pub fn project(&self) -> Option<ProjectNumber> {
        let (number, _) = self.0.strip_prefix(PROJECTS)?.split_once('/')?;
        number.parse().ok()
    }
}

impl ProviderName {
    /// The provider with this id in this pool, if that can be an id: 4 to 32 of `[a-z0-9-]`.
    pub fn of(pool: &PoolName, id: &str) -> Result<Self, NotAResourceName> {
        format!("{pool}{PROVIDERS}{id}").parse()
    }

    /// Reads the `audience` of a token request: the name behind `//iam.googleapis.com/`.
    pub fn from_audience(audience: &str) -> Result<Self, NotAResourceName> {
        let name = audience.strip_prefix(AUDIENCE);
        name.ok_or(NotAResourceName("provider"))?.parse()
    }

    /// The whole name.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        &self.0
    }

    /// Its last part.
    #[must_use]
    pub fn id(&self) -> &str {
        last_part(&self.0)
    }

    /// The pool that it is in.
    #[must_use]
    pub fn pool(&self) -> PoolName {
        let pool = self.0.split_once(PROVIDERS).map(|(pool, _)| pool);
        PoolName(pool.unwrap_or(&self.0).into())
    }

    /// What a token request names it by, and what the `aud` of an assertion for it is unless the provider
    /// says otherwise; there it may begin with `https:` too.
    #[must_use]
    pub fn audience(&self) -> String {
        format!("{AUDIENCE}{self}")
    }
}

impl FromStr for PoolName {
    type Err = NotAResourceName;

    fn from_str(text: &str) -> Result<Self, NotAResourceName> {
        if is_pool(text) {
            Ok(Self(text.into()))
        } else {
            Err(NotAResourceName("pool"))
        }
    }
}

impl FromStr for ProviderName {
    type Err = NotAResourceName;

    fn from_str(text: &str) -> Result<Self, NotAResourceName> {
        match text.split_once(PROVIDERS) {
            Some((pool, id)) if is_pool(pool) && is_id(id, 32) => Ok(Self(text.into())),
            _ => Err(NotAResourceName("provider")),
        }
    }
}

fn is_pool(text: &str) -> bool {
    if let Some(id) = text.strip_prefix(WORKFORCE) {
        return id.len() >= 6
            && is_id(id, 63)
            && id.starts_with(|first: char| first.is_ascii_lowercase())
            && !id.ends_with('-');
    }
    let parts = text.strip_prefix(PROJECTS).and_then(|rest| {
        let (number, id) = rest.split_once(WORKLOAD)?;
        Some((number.parse::<ProjectNumber>(), id))
    });
    parts.is_some_and(|(number, id)| number.is_ok() && is_id(id, 32))
}

/// `gcp-` is Google's own.
fn is_id(text: &str, most: usize) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (4..=most).contains(&text.len()) && text.bytes().all(plain) && !text.starts_with("gcp-")
}

fn last_part(text: &str) -> &str {
    text.rsplit_once('/').map_or(text, |(_, last)| last)
}

macro_rules! as_text {
    ($($name:ident),+) => {
        $(
            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(&self.0)
                }
            }

            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(&self.0)
                }
            }

            impl Serialize for $name {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.serialize_str(&self.0)
                }
            }

            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
                }
            }
        )+
    };
}

as_text!(PoolName, ProviderName);

#[cfg(test)]
mod tests {
    use super::PoolKind;
    use super::PoolName;
    use super::ProviderName;

    const POOL: &str = "projects/412345678901/locations/global/workloadIdentityPools/ci-pool";

    #[test]
    fn google_wire_6_1_a_provider_is_named_by_its_whole_name() {
        let name = format!("//iam.googleapis.com/{POOL}/providers/github");
        let provider = ProviderName::from_audience(&name).unwrap();
        assert_eq!(provider.audience(), name);
        assert_eq!(provider.id(), "github");
        assert_eq!(provider.pool(), POOL.parse().unwrap());
        assert_eq!(provider.pool().id(), "ci-pool");
        let number = "412345678901".parse().unwrap();
        assert_eq!(PoolName::workload(&number, "ci-pool"), Ok(provider.pool()));
        assert_eq!(provider.pool().kind(), PoolKind::Workload(number));
        assert_eq!(ProviderName::of(&provider.pool(), "github"), Ok(provider));
    }

    #[test]
    fn google_wire_6_1_a_workforce_pool_is_of_no_project() {
        let pool = PoolName::workforce("acme-staff").unwrap();
        assert_eq!(pool.as_str(), "locations/global/workforcePools/acme-staff");
        assert_eq!((pool.kind(), pool.project()), (PoolKind::Workforce, None));
    }

    #[test]
    fn what_names_no_provider_is_refused() {
        for name in [
            "",
            POOL,
            &format!("{POOL}/providers/"),
            &format!("{POOL}/providers/abc"),
            &format!("{POOL}/providers/gcp-x"),
            &format!("{POOL}/providers/GitHub"),
            &format!("{POOL}/providers/abcd/providers/abcd"),
            &format!("{POOL}/providers/{}", "a".repeat(33)),
            "projects/demo/locations/global/workloadIdentityPools/ci-pool/providers/abcd",
            "projects/412345678901/locations/eu/workloadIdentityPools/ci-pool/providers/abcd",
            "locations/global/workforcePools/staff/providers/abcd",
            "locations/global/workforcePools/1staff/providers/abcd",
        ] {
            assert!(name.parse::<ProviderName>().is_err(), "{name}");
        }
        assert!(ProviderName::from_audience(POOL).is_err());
    }
}

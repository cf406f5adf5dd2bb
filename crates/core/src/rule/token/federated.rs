//! The token of somebody whom a pool of workload identity let in (google-wire 6.1, 6.4).
//!
//! 1. `sub` is `principal://iam.googleapis.com/POOL/subject/SUBJECT`, as bindings write it. No other token has a
//!    `sub` that looks so.
//! 2. `client_id` is the name of the provider that vouched. The token hangs on it, on its pool and on what
//!    the pool belongs to.
//! 3. `azn` is the id of the sign-in in the browser ([`crate::record::WorkforceSignIn`]) where it came by one: when that
//!    ends, it is worth nothing.
//! 4. `federated` is a claim of ours: the groups and attributes that the provider's mapping gave, since bindings
//!    name those too. It is there even where there are none, and in no other token.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde::Serialize;

use crate::value::AuthorizationId;
use crate::value::PoolName;
use crate::value::ProviderName;

/// What a principal's name begins with.
const PRINCIPAL: &str = "principal://iam.googleapis.com/";

/// Somebody whom a pool let in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FederatedSubject {
    /// Who vouched.
    pub provider: ProviderName,
    /// The whole `principal://`.
    pub principal: String,
    /// `google.groups`.
    pub groups: Vec<String>,
    /// `attribute.NAME` by NAME.
    pub attributes: BTreeMap<String, String>,
    /// The sign-in in the browser that the token hangs on, where it came by one.
    pub sign_in: Option<AuthorizationId>,
}

impl FederatedSubject {
    /// The principal of this subject in the provider's pool.
    #[must_use]
    pub fn new(
        provider: ProviderName,
        subject: &str,
        groups: Vec<String>,
        attributes: BTreeMap<String, String>,
    ) -> Self {
        Self {
            principal: principal(&provider.pool(), subject),
            provider,
            groups,
            attributes,
            sign_in: None,
        }
    }

    /// What the claims say of it beside its name.
    pub(super) fn claims(&self) -> FederatedClaims<'_> {
        let attributes = self.attributes.iter();
        FederatedClaims {
            groups: self.groups.iter().map(Cow::from).collect(),
            attributes: attributes
                .map(|(name, value)| (Cow::from(name), Cow::from(value)))
                .collect(),
        }
    }
}

/// What bindings may name a principal by, beside its subject.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct FederatedClaims<'a> {
    /// `google.groups`.
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Cow<'a, str>>,
    /// `attribute.NAME` by NAME.
    #[serde(borrow, default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
}

impl FederatedClaims<'_> {
    /// The same, owning its texts.
    #[must_use]
    pub fn into_owned(self) -> FederatedClaims<'static> {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        let pair = |(name, value)| (own(name), own(value));
        FederatedClaims {
            groups: self.groups.into_iter().map(own).collect(),
            attributes: self.attributes.into_iter().map(pair).collect(),
        }
    }
}

/// The whole name of somebody in a pool.
fn principal(pool: &PoolName, subject: &str) -> String {
    format!("{PRINCIPAL}{pool}/subject/{subject}")
}

/// The subject in the name of somebody in this pool.
pub(super) fn subject_in<'n>(name: &'n str, pool: &PoolName) -> Option<&'n str> {
    let rest = name.strip_prefix(PRINCIPAL)?.strip_prefix(pool.as_str())?;
    let subject = rest.strip_prefix("/subject/")?;
    (!subject.is_empty()).then_some(subject)
}

#[cfg(test)]
mod tests;

//! A provider of a pool: who vouches for its principals, how that is verified, and what of it is believed
//! (google-wire 6.4).

use std::collections::BTreeMap;

use carnet_jose::JwkSet;

use super::aws_provider::{AwsProvider, X509Provider};
use super::saml_provider::SamlProvider;
use super::web_sign_in::WebSignIn;
use crate::value::AllowedAudience;
use crate::value::Description;
use crate::value::IssuerUri;
use crate::value::ProviderName;
use crate::value::Title;
use crate::value::UnixTime;
use crate::value::Version;

/// A provider.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WorkloadProvider {
    /// Its whole name, which says in which pool it is.
    pub name: ProviderName,
    /// What people call it.
    pub title: Title,
    /// What it is for.
    pub description: Description,
    /// How what it vouches for is verified.
    pub kind: ProviderKind,
    /// What of it becomes the principal: from `google.subject`, `google.groups` or `attribute.NAME` to an
    /// expression.
    pub mapping: BTreeMap<String, String>,
    /// The expression that must be true, if there is one.
    pub condition: Option<String>,
    /// Whether it gets nobody a token, and those it got are refused.
    pub disabled: bool,
    /// Since when it is deleted, if it is. For 30 days it can be brought back.
    pub deleted: Option<UnixTime>,
    /// When it was made.
    pub created: UnixTime,
    /// When it was last written.
    pub changed: UnixTime,
    /// How often it was written.
    pub version: Version,
}

/// How what a provider vouches for is verified.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ProviderKind {
    /// It signs JWTs, as an OpenID provider, a Kubernetes cluster or a CI system does.
    Oidc(OidcProvider),
    /// It signs SAML 2.0 assertions.
    Saml(SamlProvider),
    /// AWS says who signed a request to it.
    Aws(AwsProvider),
    /// Authorities certify the keys of workloads.
    X509(X509Provider),
}

/// An issuer of JWTs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OidcProvider {
    /// Its `iss`, compared byte for byte.
    pub issuer: IssuerUri,
    /// Which `aud` is taken, [`OidcProvider::MOST_AUDIENCES`] at most. None: only the provider's own name. Where people
    /// sign in in their browsers, the client id too.
    pub audiences: Vec<AllowedAudience>,
    /// Where its keys are.
    pub keys: ProviderKeys,
    /// How people sign in there in their browsers, if they may. Only in a pool of a workforce.
    pub web: Option<Box<WebSignIn>>,
}

/// Where the keys of an issuer are.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ProviderKeys {
    /// Where its discovery document says (OpenID Connect Discovery 1.0 section 4): fetched when needed.
    Discovery,
    /// Here, for an issuer that cannot be reached. What of the set can be used, and nothing was left out
    /// silently.
    Inline(JwkSet),
}

impl WorkloadProvider {
    /// The most providers of a pool, deleted ones too.
    pub const MOST: usize = 50;

    /// Whether it is in use; its pool must be too.
    #[must_use]
    pub const fn is_on(&self) -> bool {
        !self.disabled && self.deleted.is_none()
    }
}

impl ProviderKind {
    /// Whom it trusts, by the name under which they vouch.
    #[must_use]
    pub fn issuer(&self) -> &str {
        match self {
            Self::Oidc(oidc) => oidc.issuer.as_str(),
            Self::Saml(saml) => &saml.entity,
            Self::Aws(aws) => &aws.account,
            Self::X509(_) => "the certificates of the provider",
        }
    }

    /// Whether the other is of the same kind.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

impl OidcProvider {
    /// The most audiences.
    pub const MOST_AUDIENCES: usize = 10;
}

//! Pools of workload identity, their providers, and the operation that every change of one is.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::Serialize;

use super::is_false;

/// A change, which is done when it is answered.
#[derive(Clone, Debug, Serialize)]
pub struct Operation<T> {
    /// The name of its resource and `/operations/ID`.
    pub name: String,
    /// What is told of its course: no more than a type.
    pub metadata: OperationMetadata,
    /// Always.
    pub done: bool,
    /// The resource, with its type.
    pub response: T,
}

/// The metadata of an operation on a pool or provider.
#[derive(Clone, Debug, Serialize)]
pub struct OperationMetadata {
    #[serde(rename = "@type")]
    kind: &'static str,
}

impl Default for OperationMetadata {
    fn default() -> Self {
        Self {
            kind: "type.googleapis.com/google.iam.v1.WorkloadIdentityPoolOperationMetadata",
        }
    }
}

/// A pool, as it is shown.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pool {
    /// Its type, within an operation.
    #[serde(rename = "@type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// Its name.
    pub name: String,
    /// What people call it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub display_name: String,
    /// What it is for.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// `ACTIVE` or `DELETED`.
    pub state: &'static str,
    /// Whether it lets nobody in.
    #[serde(skip_serializing_if = "is_false")]
    pub disabled: bool,
    /// `FEDERATION_ONLY`.
    pub mode: &'static str,
    /// When it is gone for good, if it is deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expire_time: Option<String>,
}

/// What a request says of a pool.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PoolGiven {
    /// What people call it.
    #[serde(alias = "display_name")]
    pub display_name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it lets nobody in.
    pub disabled: Option<bool>,
    /// How its subjects are named.
    pub mode: Option<String>,
}

/// A page of pools.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PoolList {
    /// Them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub workload_identity_pools: Vec<Pool>,
    /// Where the next page begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_page_token: Option<String>,
}

/// A provider, as it is shown.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Provider {
    /// Its type, within an operation.
    #[serde(rename = "@type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// Its name.
    pub name: String,
    /// What people call it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub display_name: String,
    /// What it is for.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// `ACTIVE` or `DELETED`.
    pub state: &'static str,
    /// Whether it lets nobody in.
    #[serde(skip_serializing_if = "is_false")]
    pub disabled: bool,
    /// What becomes of claims.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub attribute_mapping: BTreeMap<String, String>,
    /// What must be true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribute_condition: Option<String>,
    /// An issuer of JWTs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oidc: Option<Oidc>,
    /// An issuer of SAML assertions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saml: Option<Saml>,
    /// An account of Amazon's cloud.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aws: Option<Aws>,
    /// Authorities of certificates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x509: Option<X509>,
    /// When it is gone for good, if it is deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expire_time: Option<String>,
}

/// An issuer of JWTs.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Oidc {
    /// Its `iss`.
    #[serde(alias = "issuer_uri", skip_serializing_if = "Option::is_none")]
    pub issuer_uri: Option<String>,
    /// Which `aud` is taken.
    #[serde(alias = "allowed_audiences", skip_serializing_if = "Option::is_none")]
    pub allowed_audiences: Option<Vec<String>>,
    /// Its keys as the text of a JWK set.
    #[serde(alias = "jwks_json", skip_serializing_if = "Option::is_none")]
    pub jwks_json: Option<String>,
    /// Where its discovery document is, if elsewhere. It is read to be refused, and never shown.
    #[serde(alias = "discovery_uri", skip_serializing)]
    pub discovery_uri: Option<String>,
}

/// An issuer of SAML assertions.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Saml {
    /// Its metadata.
    #[serde(alias = "idp_metadata_xml", skip_serializing_if = "Option::is_none")]
    pub idp_metadata_xml: Option<String>,
}

/// An account of Amazon's cloud.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Aws {
    /// Its number.
    #[serde(alias = "account_id", skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
}

/// Authorities of certificates.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct X509 {
    /// Them.
    #[serde(alias = "trust_store", skip_serializing_if = "Option::is_none")]
    pub trust_store: Option<TrustStore>,
}

/// Certificates that are believed.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TrustStore {
    /// Of the authorities.
    #[serde(alias = "trust_anchors", skip_serializing_if = "Vec::is_empty")]
    pub trust_anchors: Vec<PemCertificate>,
    /// Of those in between.
    #[serde(alias = "intermediate_cas", skip_serializing_if = "Vec::is_empty")]
    pub intermediate_cas: Vec<PemCertificate>,
}

/// A certificate.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PemCertificate {
    /// In PEM.
    #[serde(alias = "pem_certificate")]
    pub pem_certificate: String,
}

/// What a request says of a provider.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ProviderGiven {
    /// What people call it.
    #[serde(alias = "display_name")]
    pub display_name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it lets nobody in.
    pub disabled: Option<bool>,
    /// What becomes of claims.
    #[serde(alias = "attribute_mapping")]
    pub attribute_mapping: Option<BTreeMap<String, String>>,
    /// What must be true.
    #[serde(alias = "attribute_condition")]
    pub attribute_condition: Option<String>,
    /// An issuer of JWTs.
    pub oidc: Option<Oidc>,
    /// An account of Amazon's cloud.
    pub aws: Option<Aws>,
    /// An issuer of SAML assertions.
    pub saml: Option<Saml>,
    /// Authorities of certificates.
    pub x509: Option<X509>,
}

/// A page of providers.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProviderList {
    /// Them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub workload_identity_pool_providers: Vec<Provider>,
    /// Where the next page begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_page_token: Option<String>,
}
